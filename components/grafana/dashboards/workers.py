"""All workers together: queues in RabbitMQ, and what KEDA scales by.

Metrics: https://keda.sh/docs/latest/integrations/prometheus/ and
https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-logging-monitoring.html
(2026-11).
"""

from components.grafana.dashboards.cloudwatch import dimension, exported
from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.shapes import (
    PLATFORM,
    Around,
    bad_above,
    series,
    stat,
)
from components.grafana.dashboards.worker import MQ, QUEUE

UID = "workers"
BROKER = dimension("Broker")


def workers(around: Around) -> Dashboard:
    """Return the dashboard of workers, queues and their scaling."""
    rows = [Row("Scaling", _scaling(around))]
    if "rabbitmq" in around.parts:
        rows.append(Row("RabbitMQ", (*_queues(), *_brokers())))
    return Dashboard(
        UID,
        "Workers and queues",
        "What waits to be done, who does it, and whether the broker has room.",
        PLATFORM,
        tuple(rows),
        tags=("platform",),
    )


def _scaling(around: Around) -> tuple[Panel, ...]:
    own = f'namespace="{around.namespace}"'
    return (
        stat(
            "Scalers that fail",
            "Errors in the last ten minutes: the number of pods stays as it is.",
            Unit.COUNT,
            "sum(increase(keda_scaled_object_errors_total[10m])) or vector(0)",
            thresholds=bad_above(1, 10),
        ),
        series(
            "What waits",
            "Tasks or records, as KEDA counts them.",
            Unit.COUNT,
            Query(
                "max by (scaledObject, metric) (keda_scaler_metrics_value)",
                "{{scaledObject}} {{metric}}",
            ),
            width=10,
        ),
        series(
            "Pods of scaled workloads",
            "That are ready.",
            Unit.COUNT,
            Query(
                "max by (horizontalpodautoscaler) "
                f"(kube_horizontalpodautoscaler_status_current_replicas{{{own}}})",
                "{{horizontalpodautoscaler}}",
            ),
            width=10,
        ),
    )


def _queues() -> tuple[Panel, ...]:
    ready = exported(MQ, "MessageReadyCount", "Average")
    held = exported(MQ, "MessageUnacknowledgedCount", "Average")
    each = f"{{{{{QUEUE}}}}}"
    return (
        series(
            "Tasks that wait",
            "In each queue.",
            Unit.COUNT,
            Query(f'max by ({QUEUE}) ({ready}{{{QUEUE}!="", {QUEUE}!~".*[.]dlq"}})', each),
        ),
        series(
            "Tasks in work",
            "Given to a worker, and not done yet.",
            Unit.COUNT,
            Query(f'max by ({QUEUE}) ({held}{{{QUEUE}!=""}})', each),
        ),
        series(
            "Tasks put aside",
            "They kept failing, and wait in the dead-letter queue for somebody to look.",
            Unit.COUNT,
            Query(f'max by ({QUEUE}) ({ready}{{{QUEUE}=~".*[.]dlq"}})', each),
            thresholds=bad_above(1, 100),
        ),
    )


def _brokers() -> tuple[Panel, ...]:
    def each(metric: str, statistic: str) -> str:
        return f"max by ({BROKER}) ({exported(MQ, metric, statistic)})"

    used, limit = (each(metric, "Maximum") for metric in ("RabbitMQMemUsed", "RabbitMQMemLimit"))
    free, least = (
        each("RabbitMQDiskFree", "Minimum"),
        each("RabbitMQDiskFreeLimit", "Maximum"),
    )
    named = f"{{{{{BROKER}}}}}"
    return (
        series(
            "Memory",
            "Part of what the broker may use: at 100 % it takes no more messages.",
            Unit.RATIO,
            Query(f"{used} / {limit}", named),
            thresholds=bad_above(0.7, 0.9),
            maximum=1,
        ),
        series(
            "Free disk",
            "Bytes: below the least, the broker takes no more messages.",
            Unit.BYTES,
            Query(free, f"{named} free"),
            Query(least, f"{named} least"),
        ),
        series(
            "CPU",
            "Of the broker.",
            Unit.PERCENT,
            Query(each("SystemCpuUtilization", "Maximum"), named),
            thresholds=bad_above(70, 90),
            maximum=100,
        ),
    )
