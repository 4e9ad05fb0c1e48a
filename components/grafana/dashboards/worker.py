"""The dashboard of one worker: what waits, what it gets done, how many pods there are for it.

Metrics: KEDA's, https://keda.sh/docs/latest/integrations/prometheus/ (2026-11); Amazon MQ's by
CloudWatch, https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-logging-monitoring.html
(2026-11).
"""

from components.grafana.dashboards.cloudwatch import dimension, exported
from components.grafana.dashboards.declared import Declared
from components.grafana.dashboards.dependencies import dependencies
from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.pods import deployments, saturation
from components.grafana.dashboards.promql import matching
from components.grafana.dashboards.service import signals, uid_of
from components.grafana.dashboards.shapes import SERVICES, Around, series

MQ = "AWS/AmazonMQ"
QUEUE = dimension("Queue")


def worker_dashboard(declared: Declared, around: Around) -> Dashboard:
    """Return the dashboard of a worker."""
    name = declared.name
    rows = [
        Row("Load", (*_scaling(name), *(_queue(declared) if declared.queue else []))),
        *dependencies(declared, around),
        saturation(name, around.namespace),
        *signals(declared, around),
    ]
    return Dashboard(
        uid_of(name),
        f"Worker {name}",
        f"How {name} keeps up: what waits for it, and what it gets done.",
        SERVICES,
        tuple(rows),
        tags=("worker",),
        annotations=(deployments(name, around.namespace),),
    )


def _scaling(name: str) -> list[Panel]:
    own = matching(scaledObject=name)
    return [
        series(
            "What KEDA counts",
            "Tasks or records that wait for all pods together; pods are started for them.",
            Unit.COUNT,
            Query(f"max by (metric) (keda_scaler_metrics_value{{{own}}})", "{{metric}}"),
        ),
        series(
            "Errors of scaling",
            "In the last ten minutes. While KEDA can't count, the number of pods stays.",
            Unit.COUNT,
            Query(f"sum(increase(keda_scaled_object_errors_total{{{own}}}[10m]))", "errors"),
        ),
    ]


def _queue(declared: Declared) -> list[Panel]:
    if not declared.rabbitmq:
        return []
    names = {declared.queue: "waiting", f"{declared.queue}.dlq": "put aside"}
    ready = exported(MQ, "MessageReadyCount", "Average")
    held = exported(MQ, "MessageUnacknowledgedCount", "Average")
    return [
        series(
            "Queue",
            f"Tasks in {declared.queue}: those that wait, those that are worked on, and those put "
            f"aside in {declared.queue}.dlq as they kept failing.",
            Unit.COUNT,
            *(Query(f'max({ready}{{{QUEUE}="{queue}"}})', title) for queue, title in names.items()),
            Query(f'max({held}{{{QUEUE}="{declared.queue}"}})', "in work"),
        )
    ]
