"""When somebody has to look at the broker.

https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-logging-monitoring.html
(2026-11). Of a cluster, each metric is that of its three nodes together.
"""

import pulumi

from components._base.alarms import (
    AlarmRule,
    Compare,
    Metric,
    MissingData,
    make_alarms,
    make_combined_alarm,
)
from components._base.scope import Scope
from components.rabbitmq.plan import RabbitMqPlan

NAMESPACE = "AWS/AmazonMQ"

CPU = AlarmRule(
    suffix="cpu",
    metric="SystemCpuUtilization",
    threshold=80,
    periods=15,
    missing=MissingData.TROUBLE,
    description="CPU above 80 %, or the broker reports nothing: is it up? Larger nodes help.",
)

MEMORY = AlarmRule(
    suffix="memory",
    metric="memory used of its limit, percent",
    threshold=80,
    description=(
        "At its memory limit the broker stops all publishers. Are consumers behind? "
        "Larger nodes help."
    ),
)

DISK = AlarmRule(
    suffix="disk",
    metric="free disk as a multiple of its limit",
    compare=Compare.BELOW,
    threshold=2,
    description=(
        "Below its limit of free disk the broker stops all publishers. Are consumers behind?"
    ),
)
"""RabbitMQ blocks at the limit itself:
https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/troubleshooting-action-required-codes-rabbitmq-memory-alarm.html
and the page on the disk alarm beside it (2026-11)."""


def make_broker_alarms(
    scope: Scope,
    plan: RabbitMqPlan,
    broker_name: pulumi.Input[str],
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Create the broker's alarms."""
    dimensions = {"Broker": broker_name}
    make_alarms(
        scope,
        [CPU, *_count_rules(plan)],
        namespace=NAMESPACE,
        dimensions=dimensions,
        topic_arn=topic_arn,
    )
    make_combined_alarm(
        scope,
        MEMORY,
        expression="100 * used / limit",
        metrics={
            "used": Metric("RabbitMQMemUsed", dimensions, "Maximum"),
            "limit": Metric("RabbitMQMemLimit", dimensions, "Maximum"),
        },
        namespace=NAMESPACE,
        topic_arn=topic_arn,
    )
    make_combined_alarm(
        scope,
        DISK,
        expression="free / limit",
        metrics={
            "free": Metric("RabbitMQDiskFree", dimensions, "Minimum"),
            "limit": Metric("RabbitMQDiskFreeLimit", dimensions, "Maximum"),
        },
        namespace=NAMESPACE,
        topic_arn=topic_arn,
    )


def _count_rules(plan: RabbitMqPlan) -> list[AlarmRule]:
    return [
        AlarmRule(
            suffix="messages",
            metric="MessageCount",
            statistic="Maximum",
            threshold=plan.max_messages,
            description="Messages pile up: are consumers alive, fast and many enough?",
        ),
        AlarmRule(
            suffix="connections",
            metric="ConnectionCount",
            statistic="Maximum",
            threshold=plan.max_connections,
            description="Connections near what the nodes take: does a client leak them?",
        ),
        AlarmRule(
            suffix="channels",
            metric="ChannelCount",
            statistic="Maximum",
            threshold=plan.max_channels,
            description="Channels near what the nodes take: does a client leak them?",
        ),
    ]
