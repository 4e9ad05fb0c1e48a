"""Kong and its ingress controller.

Metrics: https://github.com/Kong/kong/blob/3.9.3/kong/plugins/prometheus/exporter.lua and
https://github.com/Kong/kubernetes-ingress-controller/blob/main/internal/metrics/prometheus.go
(2026-11).
"""

from components.grafana.dashboards.model import Dashboard, Query, Row, Unit
from components.grafana.dashboards.promql import quantile, ratio, total
from components.grafana.dashboards.shapes import (
    ANY_IS_BAD,
    PLATFORM,
    Around,
    bad_above,
    bad_below,
    chosen,
    heatmap,
    series,
    stat,
)

UID = "kong"
REQUESTS = "kong_http_requests_total"
ROUTE = 'route=~"$route"'


def gateway(around: Around) -> Dashboard:
    """Return the dashboard of the gateway."""
    del around
    return Dashboard(
        UID,
        "Kong",
        "What comes in from outside, what the gateway answers itself, and whether its "
        "configuration is the one that was asked for.",
        PLATFORM,
        (_now(), _traffic(), _configuration(), _resources()),
        tags=("platform",),
        variables=(chosen("route", "Route", REQUESTS, "route"),),
    )


def _now() -> Row:
    every = total(f"{REQUESTS}{{{ROUTE}}}")
    failed = total(f'{REQUESTS}{{{ROUTE}, code=~"5.."}}')
    return Row(
        "Now",
        (
            stat("Requests", "Answers in a second.", Unit.REQUESTS, every),
            stat(
                "Errors",
                "Part of the answers that are 5xx, from services or the gateway.",
                Unit.RATIO,
                ratio(failed, every),
                thresholds=bad_above(0.001, 0.01),
                decimals=2,
            ),
            stat(
                "Added by the gateway, 99 %",
                "Milliseconds that 99 % stay below.",
                Unit.MILLISECONDS,
                quantile(0.99, f"kong_kong_latency_ms_bucket{{{ROUTE}}}"),
                thresholds=bad_above(20, 100),
            ),
            stat(
                "Turned away",
                "429 in a second: callers beyond their rate limit.",
                Unit.REQUESTS,
                f'{total(f"""{REQUESTS}{{{ROUTE}, code="429"}}""")} or vector(0)',
                thresholds=bad_above(1, 50),
            ),
            stat(
                "Unhealthy targets",
                "Pods that the gateway has stopped sending to.",
                Unit.COUNT,
                'count(kong_upstream_target_health{state=~"unhealthy|dns_error"} == 1) '
                "or vector(0)",
                thresholds=ANY_IS_BAD,
            ),
            stat(
                "Gateways",
                "Part of the gateway's pods that are ready.",
                Unit.RATIO,
                'sum(kube_deployment_status_replicas_ready{namespace="kong"}) '
                '/ sum(kube_deployment_spec_replicas{namespace="kong"})',
                thresholds=bad_below(0.5, 1),
            ),
        ),
    )


def _traffic() -> Row:
    own = f'{REQUESTS}{{{ROUTE}, source="kong"}}'
    buckets = {
        "whole": "kong_request_latency_ms_bucket",
        "service": "kong_upstream_latency_ms_bucket",
        "gateway": "kong_kong_latency_ms_bucket",
    }
    return Row(
        "Traffic",
        (
            series(
                "Answers by status",
                "Answers in a second.",
                Unit.REQUESTS,
                Query(total(f"{REQUESTS}{{{ROUTE}}}", "code"), "{{code}}"),
                stacked=True,
            ),
            series(
                "Requests by route",
                "Requests in a second.",
                Unit.REQUESTS,
                Query(total(f"{REQUESTS}{{{ROUTE}}}", "route"), "{{route}}"),
                stacked=True,
            ),
            series(
                "Answered without asking a service",
                "401 no token, 404 no route, 413 body too long, 429 too many requests, 503 no pod.",
                Unit.REQUESTS,
                Query(total(own, "code"), "{{code}}"),
            ),
            series(
                "Duration, 99 %",
                "Milliseconds that 99 % stay below: the whole request, the service's part, and the "
                "gateway's own.",
                Unit.MILLISECONDS,
                *(
                    Query(quantile(0.99, f"{name}{{{ROUTE}}}"), title)
                    for title, name in buckets.items()
                ),
            ),
            heatmap(
                "How durations spread",
                "Requests by how many milliseconds they took.",
                Unit.MILLISECONDS,
                total(f"kong_request_latency_ms_bucket{{{ROUTE}}}", "le"),
                width=8,
            ),
            series(
                "Bytes",
                "In a second: ingress is what callers send, egress what they get.",
                Unit.BYTES_PER_SECOND,
                Query(total(f"kong_bandwidth_bytes{{{ROUTE}}}", "direction"), "{{direction}}"),
            ),
        ),
    )


def _configuration() -> Row:
    pushes = 'ingress_controller_configuration_push_count{{success="{}"}}'
    return Row(
        "Configuration",
        (
            series(
                "Pushed to the gateway",
                "In ten minutes. Failed: the gateway goes on with the configuration it has.",
                Unit.COUNT,
                Query(f"sum(increase({pushes.format('true')}[10m]))", "done"),
                Query(f"sum(increase({pushes.format('false')}[10m]))", "failed"),
                width=12,
            ),
            series(
                "Broken objects",
                "Routes and plugins that the controller left out of the configuration.",
                Unit.COUNT,
                Query("max(ingress_controller_translation_broken_resource_count)", "can't be used"),
                Query(
                    "max(ingress_controller_configuration_push_broken_resource_count)",
                    "refused by the gateway",
                ),
                Query(
                    "max(ingress_controller_fallback_translation_broken_resource_count)",
                    "left out by the fallback",
                ),
                thresholds=ANY_IS_BAD,
                width=12,
            ),
        ),
    )


def _resources() -> Row:
    shared = (
        "max by (shared_dict) (kong_memory_lua_shared_dict_bytes"
        " / kong_memory_lua_shared_dict_total_bytes)"
    )
    return Row(
        "Resources",
        (
            series(
                "Connections",
                "Of all pods, by state.",
                Unit.COUNT,
                Query("sum by (state) (kong_nginx_connections_total)", "{{state}}"),
            ),
            series(
                "Shared memory",
                "Part of each area that is used, in the fullest pod.",
                Unit.RATIO,
                Query(shared, "{{shared_dict}}"),
                thresholds=bad_above(0.8, 0.95),
            ),
            series(
                "CPU",
                "Cores that each pod uses.",
                Unit.CORES,
                Query(
                    "sum by (pod) (rate(container_cpu_usage_seconds_total"
                    '{namespace="kong", container="proxy"}[$__rate_interval]))',
                    "{{pod}}",
                ),
            ),
        ),
    )
