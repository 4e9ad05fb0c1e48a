"""The dashboard of one service: rate, errors, duration, budget, dependencies, saturation.

Metrics: those of our runtime, examples/services/runtime/src/platform_runtime/metrics.py; Linkerd's
proxies, https://linkerd.io/2-edge/reference/proxy-metrics/ (2026-11); Kong's,
https://github.com/Kong/kong/blob/3.9.3/kong/plugins/prometheus/exporter.lua (2026-11).
"""

from components._base.names import short_name
from components.grafana.dashboards.declared import Declared
from components.grafana.dashboards.dependencies import dependencies
from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.objective import budget
from components.grafana.dashboards.pods import deployments, saturation
from components.grafana.dashboards.promql import matching, quantile, total
from components.grafana.dashboards.served import (
    DURATION,
    FAILED,
    buckets,
    failing,
    rate_of,
    requests,
)
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

LONGEST_UID = 40


def uid_of(name: str) -> str:
    """Return the uid of a service's dashboard, or a worker's; Grafana takes 40 letters."""
    return short_name(f"service-{name}", LONGEST_UID)


def service_dashboard(declared: Declared, around: Around) -> Dashboard:
    """Return the dashboard of a service, with what it declares and no more."""
    name = declared.name
    rows = [
        _summary(declared, around),
        _traffic(declared, around),
        *([budget(declared, around, declared.objective)] if declared.objective else []),
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
            stat(
                "Requests", "Requests served in a second.", Unit.REQUESTS, rate_of(declared, around)
            ),
            stat(
                "Errors",
                "Part of the requests that failed (5xx, or the answer broke off).",
                Unit.RATIO,
                failing(declared, around),
                thresholds=bad_above(0.001, 0.01),
                links=links,
                decimals=2,
            ),
            stat(
                "Median",
                "Half of the requests took less.",
                Unit.SECONDS,
                quantile(0.5, buckets(declared, around)),
            ),
            stat(
                "99 %",
                "All but one of a hundred requests took less.",
                Unit.SECONDS,
                quantile(0.99, buckets(declared, around)),
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
    spread = buckets(declared, around)
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
                *(Query(quantile(q, spread), f"{q * 100:g} %") for q in (0.5, 0.9, 0.99)),
            ),
            series(
                "Duration by route",
                "Seconds that 99 % of a route's requests stay below.",
                Unit.SECONDS,
                Query(quantile(0.99, spread, "http_route"), "{{http_route}}"),
            ),
            heatmap(
                "How durations spread",
                "Requests by how long they took.",
                Unit.SECONDS,
                total(spread, "le"),
                width=8,
            ),
        ),
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
