"""The platform at a glance: do callers get answers, is anything on fire, is there room.

Metrics: our runtime's (examples/services/runtime/src/platform_runtime/metrics.py); Kong's and
Karpenter's as in `gateway.py` and `cost.py`; kube-state-metrics as in `pods.py`; Prometheus' own
`ALERTS`, https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ (2026-11).
"""

from components.grafana.dashboards.model import Dashboard, Link, Query, Row, Unit
from components.grafana.dashboards.promql import matching, quantile, ratio, total
from components.grafana.dashboards.served import DURATION, FAILED, UNCOUNTED
from components.grafana.dashboards.shapes import (
    ANY_IS_BAD,
    PLATFORM,
    Around,
    bad_above,
    bad_below,
    link,
    series,
    stat,
    table,
)

UID = "overview"


def overview(around: Around) -> Dashboard:
    """Return the dashboard to look at first."""
    return Dashboard(
        UID,
        "Platform overview",
        "Do callers get answers, does anything fail, is there room for more.",
        PLATFORM,
        (_now(around), _services(around), _alerts(), _cluster(around)),
        tags=("platform",),
    )


def _requests(around: Around, **more: str) -> str:
    own = matching(namespace=around.namespace, http_route=UNCOUNTED, **more)
    return f"{DURATION}_count{{{own}}}"


def _now(around: Around) -> Row:
    every = total(_requests(around))
    failed = total(_requests(around, http_response_status_code=FAILED))
    firing = 'count(ALERTS{{alertstate="firing", severity="{}"}}) or vector(0)'
    pods = 'kube_pod_status_phase{phase="Pending"}'
    return Row(
        "Now",
        (
            stat("Requests", "Requests to all services, in a second.", Unit.REQUESTS, every),
            stat(
                "Errors",
                "Part of the requests to services that fail.",
                Unit.RATIO,
                ratio(failed, every),
                thresholds=bad_above(0.001, 0.01),
                decimals=2,
            ),
            stat(
                "Alerts that page",
                "Firing, of severity critical.",
                Unit.COUNT,
                firing.format("critical"),
                thresholds=ANY_IS_BAD,
            ),
            stat(
                "Alerts for working hours",
                "Firing, of severity warning.",
                Unit.COUNT,
                firing.format("warning"),
                thresholds=bad_above(1, 10),
            ),
            stat(
                "Pods that wait",
                "For a node, an image or a volume.",
                Unit.COUNT,
                f"sum({pods}) or vector(0)",
                thresholds=bad_above(1, 10),
            ),
            stat(
                "Nodes ready",
                "Part of the nodes.",
                Unit.RATIO,
                'avg(kube_node_status_condition{condition="Ready", status="true"})',
                thresholds=bad_below(0.8, 1),
            ),
        ),
    )


def _services(around: Around) -> Row:
    buckets = f"{DURATION}_bucket{{{matching(namespace=around.namespace, http_route=UNCOUNTED)}}}"
    failed = total(_requests(around, http_response_status_code=FAILED), "job")
    gateway = (link("Gateway", "kong"),) if "kong" in around.parts else ()
    return Row(
        "Services",
        (
            series(
                "Requests by service",
                "Requests in a second.",
                Unit.REQUESTS,
                Query(total(_requests(around), "job"), "{{job}}"),
                stacked=True,
                links=gateway,
            ),
            series(
                "Errors by service",
                "Part of a service's requests that fail.",
                Unit.RATIO,
                Query(ratio(failed, total(_requests(around), "job")), "{{job}}"),
                thresholds=bad_above(0.001, 0.01),
            ),
            series(
                "Duration by service",
                "Seconds that 99 % of the requests stay below.",
                Unit.SECONDS,
                Query(quantile(0.99, buckets, "job"), "{{job}}"),
            ),
        ),
    )


def _alerts() -> Row:
    firing = 'ALERTS{alertstate="firing", alertname!="Watchdog"}'
    return Row(
        "Alerts",
        (
            table(
                "Firing alerts",
                "What fires now, and how often.",
                Unit.COUNT,
                Query(f"count by (severity, alertname, namespace) ({firing})", "series"),
            ),
            series(
                "Alerts over time",
                "Firing alerts, by name.",
                Unit.COUNT,
                Query(f"count by (alertname) ({firing})", "{{alertname}}"),
                stacked=True,
                width=12,
            ),
        ),
    )


def _cluster(around: Around) -> Row:
    requested = 'sum(kube_pod_container_resource_requests{{resource="{0}"}})'
    available = 'sum(kube_node_status_allocatable{{resource="{0}"}})'
    cost = (Link("Cost", "/d/cost"),) if "cost" in around.parts else ()
    used = {
        "cpu": 'sum(rate(container_cpu_usage_seconds_total{container!=""}[$__rate_interval]))',
        "memory": 'sum(container_memory_working_set_bytes{container!=""})',
    }
    rooms = (
        series(
            f"{title} of the nodes",
            "What pods asked for and what they use, of what nodes have. Karpenter starts nodes for "
            "what is asked for, so room that is asked for and not used costs money.",
            Unit.RATIO,
            Query(f"{requested.format(kind)} / {available.format(kind)}", "asked for"),
            Query(f"{used[kind]} / {available.format(kind)}", "used"),
            maximum=1,
            links=cost,
        )
        for kind, title in (("cpu", "CPU"), ("memory", "Memory"))
    )
    return Row(
        "Cluster",
        (
            *rooms,
            series(
                "Deployments that lack pods",
                "Pods that are wanted and not ready.",
                Unit.COUNT,
                Query(
                    "sum by (namespace, deployment) (kube_deployment_spec_replicas"
                    " - kube_deployment_status_replicas_ready) > 0",
                    "{{namespace}}/{{deployment}}",
                ),
            ),
        ),
    )
