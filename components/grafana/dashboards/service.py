"""The dashboard of one service: rate, errors, duration, budget, dependencies, saturation.

Metrics: those of our runtime, examples/services/runtime/src/platform_runtime/metrics.py; Linkerd's
proxies, https://linkerd.io/2-edge/reference/proxy-metrics/ (2026-11); Kong's,
https://github.com/Kong/kong/blob/3.9.3/kong/plugins/prometheus/exporter.lua (2026-11).
"""

from components._base.names import short_name
from components.grafana.dashboards import promql
from components.grafana.dashboards.declared import Declared, Objective
from components.grafana.dashboards.dependencies import dependencies
from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.pods import deployments, saturation
from components.grafana.dashboards.promql import matching, quantile, ratio, total
from components.grafana.dashboards.shapes import (
    SERVICES,
    Around,
    bad_above,
    bad_below,
    heatmap,
    link,
    log_lines,
    series,
    stat,
    trace_list,
)
from components.service.slo import hour_burn

UNCOUNTED = '!~"/health/.*|/metrics"'
"""Routes that the platform itself asks every few seconds."""

FAILED = '=~"5..|0"'
"""Statuses of failures; 0: the answer broke off."""

DURATION = "http_server_request_duration_seconds"

LONGEST_UID = 40


def uid_of(name: str) -> str:
    """Return the uid of a service's dashboard, or a worker's; Grafana takes 40 letters."""
    return short_name(f"service-{name}", LONGEST_UID)


def requests(declared: Declared, around: Around, **more: str) -> str:
    """Return the matchers of a service's requests, without the platform's own."""
    return matching(namespace=around.namespace, job=declared.name, http_route=UNCOUNTED, **more)


def service_dashboard(declared: Declared, around: Around) -> Dashboard:
    """Return the dashboard of a service, with what it declares and no more."""
    name = declared.name
    rows = [
        _summary(declared, around),
        _traffic(declared, around),
        *([_budget(declared, around, declared.objective)] if declared.objective else []),
        *dependencies(declared, around),
        *([_gateway(declared, around)] if declared.public else []),
        _callers(declared, around),
        saturation(name, around.namespace, more=(_active(declared, around),)),
        *signals(declared, around),
    ]
    return Dashboard(
        uid_of(name),
        f"Service {name}",
        f"How {name} does: what it is asked, how it answers, and what it depends on.",
        SERVICES,
        tuple(rows),
        tags=("service",),
        annotations=(deployments(name, around.namespace),),
    )


def signals(declared: Declared, around: Around) -> list[Row]:
    """Return the rows of logs and traces, as far as there are any."""
    name, rows = declared.name, list[Row]()
    if around.traces:
        slow = f'{{resource.service.name="{name}" && (status=error || duration>1s)}}'
        panel = trace_list("Traces", "Requests that failed or took longer than a second.", slow)
        rows.append(Row("Traces that failed, or were slow", (panel,)))
    if around.logs:
        query = f'service:"{name}" AND level:(error OR warning OR critical)'
        panel = log_lines(
            "Warnings and errors", "Lines of its log; `trace_id` leads to the request.", query
        )
        rows.append(Row("Log", (panel,)))
    return rows


def _summary(declared: Declared, around: Around) -> Row:
    links = (link("Log", "logs", service=declared.name),) if around.logs else ()
    up = matching(namespace=around.namespace, job=declared.name)
    return Row(
        "Now",
        (
            stat("Requests", "Requests served in a second.", Unit.REQUESTS, _all(declared, around)),
            stat(
                "Errors",
                "Part of the requests that failed (5xx, or the answer broke off).",
                Unit.RATIO,
                _failing(declared, around),
                thresholds=bad_above(0.001, 0.01),
                links=links,
                decimals=2,
            ),
            stat(
                "Median",
                "Half of the requests took less.",
                Unit.SECONDS,
                quantile(0.5, _buckets(declared, around)),
            ),
            stat(
                "99 %",
                "All but one of a hundred requests took less.",
                Unit.SECONDS,
                quantile(0.99, _buckets(declared, around)),
            ),
            stat(
                "Pods that answer",
                "Part of the pods that Prometheus can read.",
                Unit.RATIO,
                f"avg(up{{{up}}})",
                thresholds=bad_below(0.5, 1),
            ),
            stat(
                "Breakers open",
                "Dependencies that are not called, as they did not answer.",
                Unit.COUNT,
                f"count(max by (dependency) (circuit_breaker_open{{{up}}}) > 0) or vector(0)",
                thresholds=bad_above(1, 2),
            ),
        ),
    )


def _traffic(declared: Declared, around: Around) -> Row:
    count = f"{DURATION}_count{{{requests(declared, around)}}}"
    failures = requests(declared, around, http_response_status_code=FAILED)
    buckets = _buckets(declared, around)
    routes = total(count, "http_route", "http_request_method")
    return Row(
        "Rate, errors, duration",
        (
            series(
                "Requests by route",
                "Requests in a second.",
                Unit.REQUESTS,
                Query(routes, "{{http_request_method}} {{http_route}}"),
                stacked=True,
            ),
            series(
                "Answers by status",
                "Answers in a second; 0 is an answer that broke off.",
                Unit.REQUESTS,
                Query(total(count, "http_response_status_code"), "{{http_response_status_code}}"),
                stacked=True,
            ),
            series(
                "Errors by route",
                "Failures in a second.",
                Unit.REQUESTS,
                Query(total(f"{DURATION}_count{{{failures}}}", "http_route"), "{{http_route}}"),
            ),
            series(
                "Duration",
                "Seconds that 50, 90 and 99 % of the requests stay below.",
                Unit.SECONDS,
                *(Query(quantile(q, buckets), f"{q * 100:g} %") for q in (0.5, 0.9, 0.99)),
            ),
            series(
                "Duration by route",
                "Seconds that 99 % of a route's requests stay below.",
                Unit.SECONDS,
                Query(quantile(0.99, buckets, "http_route"), "{{http_route}}"),
            ),
            heatmap(
                "How durations spread",
                "Requests by how long they took.",
                Unit.SECONDS,
                total(buckets, "le"),
                width=8,
            ),
        ),
    )


def _budget(declared: Declared, around: Around, objective: Objective) -> Row:
    """Return how much of what may fail is left: Google's SRE Workbook, chapter 5."""
    allowed, days = 1 - objective.availability, objective.days
    failing = _failing(declared, around, f"{days}d")
    panels = [
        stat(
            f"Availability, {days} days",
            f"Objective: {objective.availability * 100:g} % of the requests do not fail.",
            Unit.RATIO,
            f"1 - {failing}",
            thresholds=bad_below(objective.availability, objective.availability),
            decimals=3,
        ),
        stat(
            "Budget left",
            f"Part of the failures that the objective allows in {days} days, and that did not "
            "happen. Below 0 the objective is missed.",
            Unit.RATIO,
            f"1 - {failing} / {allowed:.6g}",
            thresholds=bad_below(0, 0.25),
            minimum=None,
        ),
        _burn(declared, around, objective),
    ]
    if objective.latency_seconds:
        panels.insert(2, _latency(declared, around, objective))
    return Row("Service level objective", tuple(panels))


def _burn(declared: Declared, around: Around, objective: Objective) -> Panel:
    allowed, page = 1 - objective.availability, hour_burn(objective.days)
    return series(
        "How fast the budget burns",
        f"1: it lasts for exactly {objective.days} days. {page:g} for an hour uses up 2 % of it, "
        "and pages.",
        Unit.COUNT,
        *(
            Query(f"{_failing(declared, around, window)} / {allowed:.6g}", window)
            for window in ("5m", "1h", "6h")
        ),
        thresholds=bad_above(1, page),
        width=12,
    )


def _latency(declared: Declared, around: Around, objective: Objective) -> Panel:
    le = f"{objective.latency_seconds:g}"  # the runtime's library writes 1.0 for 1
    bound = requests(declared, around, le=le if "." in le else f'=~"{le}([.]0)?"')
    fast = total(f"{DURATION}_bucket{{{bound}}}", window=f"{objective.days}d")
    return stat(
        f"Within {objective.latency_seconds:g} s, {objective.days} days",
        f"Objective: {objective.latency_share * 100:g} % of the requests.",
        Unit.RATIO,
        ratio(fast, _all(declared, around, f"{objective.days}d")),
        thresholds=bad_below(objective.latency_share, objective.latency_share),
        decimals=3,
    )


def _gateway(declared: Declared, around: Around) -> Row:
    route = matching(route=f'=~"httproute[.]{around.namespace}[.]{declared.name}[.].*"')
    refused = f'kong_http_requests_total{{{route}, source="kong"}}'
    return Row(
        "At the gateway",
        (
            series(
                "Requests from outside",
                "Answers in a second, by status, as callers outside get them.",
                Unit.REQUESTS,
                Query(total(f"kong_http_requests_total{{{route}}}", "code"), "{{code}}"),
                stacked=True,
            ),
            series(
                "Answered by the gateway itself",
                "Without asking the service: 401 no token, 413 body too long, 429 too many "
                "requests, 503 no pod.",
                Unit.REQUESTS,
                Query(total(refused, "code"), "{{code}}"),
            ),
            series(
                "Duration outside and inside",
                "99 % stay below: the whole request, and the part that the service takes.",
                Unit.MILLISECONDS,
                Query(quantile(0.99, f"kong_request_latency_ms_bucket{{{route}}}"), "whole"),
                Query(quantile(0.99, f"kong_upstream_latency_ms_bucket{{{route}}}"), "service"),
            ),
        ),
        collapsed=True,
    )


def _callers(declared: Declared, around: Around) -> Row:
    to_it = matching(
        direction="outbound", dst_deployment=declared.name, dst_namespace=around.namespace
    )
    failed = f'{to_it}, classification="failure"'
    latency = f"response_latency_ms_bucket{{{to_it}}}"
    return Row(
        "Callers, as the mesh sees them",
        (
            series(
                "Calls by caller",
                "Calls in a second.",
                Unit.REQUESTS,
                Query(total(f"request_total{{{to_it}}}", "deployment"), "{{deployment}}"),
            ),
            series(
                "Failed calls by caller",
                "Calls in a second that failed, tries that were repeated among them.",
                Unit.REQUESTS,
                Query(total(f"response_total{{{failed}}}", "deployment"), "{{deployment}}"),
            ),
            series(
                "Duration by caller",
                "99 % of a caller's calls stay below.",
                Unit.MILLISECONDS,
                Query(quantile(0.99, latency, "deployment"), "{{deployment}}"),
            ),
        ),
        collapsed=True,
    )


def _active(declared: Declared, around: Around) -> Panel:
    own = matching(namespace=around.namespace, job=declared.name)
    return series(
        "Requests being served",
        "At the same time, in each pod.",
        Unit.COUNT,
        Query(f"sum by (pod) (http_server_active_requests{{{own}}})", "{{pod}}"),
    )


def _buckets(declared: Declared, around: Around) -> str:
    return f"{DURATION}_bucket{{{requests(declared, around)}}}"


def _all(declared: Declared, around: Around, window: str = promql.WINDOW) -> str:
    """Return the rate of all requests."""
    return total(f"{DURATION}_count{{{requests(declared, around)}}}", window=window)


def _failing(declared: Declared, around: Around, window: str = promql.WINDOW) -> str:
    """Return which part of the requests fails."""
    failures = requests(declared, around, http_response_status_code=FAILED)
    failed = total(f"{DURATION}_count{{{failures}}}", window=window)
    return ratio(failed, _all(declared, around, window))
