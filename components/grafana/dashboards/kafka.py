"""Kafka on MSK: brokers by open monitoring, storage and CPU by CloudWatch.

Metrics: https://docs.aws.amazon.com/msk/latest/developerguide/prometheus-metrics.html, Kafka's own
MBeans, https://kafka.apache.org/documentation/#monitoring, written as MSK's JMX exporter does, and
https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html (2026-11).
"""

from components.grafana.dashboards.cloudwatch import dimension, exported
from components.grafana.dashboards.dependencies import LAG
from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.promql import total
from components.grafana.dashboards.shapes import (
    ANY_IS_BAD,
    DATA,
    Around,
    bad_above,
    chosen,
    series,
    stat,
)

UID = "kafka"
NAMESPACE = "AWS/Kafka"
BROKER = dimension("Broker_ID")
TOPICS = 'topic=~"$topic"'


def kafka(around: Around) -> Dashboard:
    """Return the dashboard of Kafka."""
    records = f'kafka_records_total{{namespace="{around.namespace}", {TOPICS}}}'
    ours = series(
        "Records of our services",
        "Sent and received in a second; dead and failed ones had better be none.",
        Unit.OPERATIONS,
        Query(
            total(records, "topic", "direction", "outcome"), "{{direction}} {{topic}} {{outcome}}"
        ),
    )
    return Dashboard(
        UID,
        "Kafka",
        "MSK: what waits for consumers, whether copies are complete, and room on the brokers.",
        DATA,
        (
            _now(),
            Row("Topics", (ours, *_topics())),
            Row("Brokers", _brokers()),
        ),
        tags=("data",),
        variables=(chosen("topic", "Topic", f'{LAG}{{name="SumOffsetLag"}}', "topic"),),
    )


def _now() -> Row:
    health = {
        "Brokers that answer": (
            "Read by Prometheus.",
            'sum(up{job="msk"})',
            (),
        ),
        "Partitions without a leader": (
            "They take no records, and give none.",
            'sum(kafka_controller_KafkaController_Value{name="OfflinePartitionsCount"})',
            ANY_IS_BAD,
        ),
        "Partitions that lack copies": (
            "A broker is away or behind; expected while one is patched.",
            'sum(kafka_server_ReplicaManager_Value{name="UnderReplicatedPartitions"})',
            bad_above(1, 50),
        ),
        "Below the least copies": (
            "Their producers with `acks=all` are refused.",
            'sum(kafka_server_ReplicaManager_Value{name="UnderMinIsrPartitionCount"})',
            ANY_IS_BAD,
        ),
        "Records that wait": (
            "For all consumer groups.",
            f'sum({LAG}{{name="SumOffsetLag"}})',
            (),
        ),
    }
    return Row(
        "Now",
        tuple(
            stat(title, text, Unit.COUNT, expr, thresholds=thresholds)
            for title, (text, expr, thresholds) in health.items()
        ),
    )


def _topics() -> tuple[Panel, ...]:
    rates = "kafka_server_BrokerTopicMetrics_OneMinuteRate"
    return (
        series(
            "Records that wait, by group",
            "In all partitions: if that grows, consumers are too slow or stand.",
            Unit.COUNT,
            Query(
                f'sum by (groupId, topic) ({LAG}{{name="SumOffsetLag", {TOPICS}}})',
                "{{groupId}} {{topic}}",
            ),
        ),
        series(
            "Age of the oldest, by group",
            "Seconds that a group is behind, as MSK estimates it.",
            Unit.SECONDS,
            Query(
                f'max by (groupId, topic) ({LAG}{{name="EstimatedMaxTimeLag", {TOPICS}}})',
                "{{groupId}} {{topic}}",
            ),
        ),
        series(
            "Records by topic",
            "Written in a second.",
            Unit.OPERATIONS,
            Query(f'sum by (topic) ({rates}{{name="MessagesInPerSec", {TOPICS}}})', "{{topic}}"),
        ),
        series(
            "Bytes by topic",
            "Written and read in a second.",
            Unit.BYTES_PER_SECOND,
            Query(
                f'sum by (topic) ({rates}{{name="BytesInPerSec", {TOPICS}}})', "written {{topic}}"
            ),
            Query(f'sum by (topic) ({rates}{{name="BytesOutPerSec", {TOPICS}}})', "read {{topic}}"),
        ),
    )


def _brokers() -> tuple[Panel, ...]:
    def each(metric: str, statistic: str = "Average") -> Query:
        return Query(f"max by ({BROKER}) ({exported(NAMESPACE, metric, statistic)})", named)

    named = f"broker {{{{{BROKER}}}}}"
    user, system = (exported(NAMESPACE, name, "Average") for name in ("CpuUser", "CpuSystem"))
    time_spent = 'kafka_network_RequestMetrics_99thPercentile{name="TotalTimeMs", request=~'
    return (
        series(
            "Disk for data",
            "Part that is used. At 100 % the broker stops.",
            Unit.PERCENT,
            each("KafkaDataLogsDiskUsed", "Maximum"),
            thresholds=bad_above(70, 85),
            maximum=100,
        ),
        series(
            "CPU",
            "Above 60 % there is no room to do without a broker, says AWS.",
            Unit.PERCENT,
            Query(f"max by ({BROKER}) ({user} + {system})", named),
            thresholds=bad_above(60, 80),
            maximum=100,
        ),
        series(
            "Requests, 99 %",
            "Milliseconds that 99 % stay below: records written, and read by consumers.",
            Unit.MILLISECONDS,
            Query(f'max by (request) ({time_spent}"Produce|FetchConsumer"}})', "{{request}}"),
        ),
        series(
            "Free memory",
            "Bytes on each broker that nobody uses; the page cache takes the rest.",
            Unit.BYTES,
            each("MemoryFree", "Minimum"),
        ),
        series(
            "Controllers",
            "One there must be: two or none is a cluster that does not agree with itself.",
            Unit.COUNT,
            Query(f"sum({exported(NAMESPACE, 'ActiveControllerCount', 'Maximum')})", "active"),
        ),
    )
