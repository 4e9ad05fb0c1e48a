"""When somebody has to look at the cluster."""

from collections.abc import Mapping

import pulumi

from components._base.alarms import AlarmRule, Compare, make_alarms
from components._base.scope import Scope
from components.kafka.plan import BrokersPlan
from components.kafka.spec import KafkaLagAlarmSpec

NAMESPACE = "AWS/Kafka"

CLUSTER_RULES = (
    AlarmRule(
        suffix="controller",
        metric="ActiveControllerCount",
        statistic="Maximum",
        compare=Compare.BELOW,
        threshold=1,
        description="No controller is active: no leader can be elected. See the broker logs.",
    ),
    AlarmRule(
        suffix="offline-partitions",
        metric="OfflinePartitionsCount",
        statistic="Maximum",
        threshold=0,
        periods=3,
        description="Partitions have no leader: nobody can read or write them. Are brokers down?",
    ),
)
"""https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html (2026-11), all at the
level that is free."""

BROKER_RULES = (
    AlarmRule(
        suffix="cpu",
        metric="CpuIdle",
        compare=Compare.BELOW,
        threshold=40,
        periods=15,
        description="CPU above 60 %: no reserve for the loss of a broker. Add brokers, or larger.",
    ),
)
"""60 %: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html (2026-11)"""

STANDARD_RULES = (
    AlarmRule(
        suffix="under-replicated",
        metric="UnderReplicatedPartitions",
        statistic="Maximum",
        threshold=0,
        periods=15,
        description="Replicas lag behind: the next loss of a broker may lose data or stop writes.",
    ),
    AlarmRule(
        suffix="disk",
        metric="KafkaDataLogsDiskUsed",
        statistic="Maximum",
        threshold=85,
        description="A data disk is nearly full. Raise storage.maxVolumeGib, or keep less.",
    ),
)
"""What express brokers have no metric for. 85 %: the same page."""


def make_broker_alarms(
    scope: Scope,
    plan: BrokersPlan,
    cluster_name: pulumi.Input[str],
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Create the alarms of the cluster and of each broker."""
    of_cluster = {"Cluster Name": cluster_name}
    make_alarms(
        scope, CLUSTER_RULES, namespace=NAMESPACE, dimensions=of_cluster, topic_arn=topic_arn
    )
    rules = BROKER_RULES if plan.express else (*BROKER_RULES, *STANDARD_RULES)
    for broker in range(1, plan.layout.brokers + 1):
        make_alarms(
            scope,
            rules,
            namespace=NAMESPACE,
            dimensions={**of_cluster, "Broker ID": str(broker)},
            topic_arn=topic_arn,
            of=f"broker-{broker}",
        )


def make_lag_alarms(
    scope: Scope,
    alarms: Mapping[str, KafkaLagAlarmSpec],
    cluster_name: pulumi.Input[str],
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Create the alarms of consumer groups that are too far behind."""
    for name, lag in sorted(alarms.items()):
        rule = AlarmRule(
            suffix=f"lag-{name}",
            metric="SumOffsetLag",
            statistic="Maximum",
            threshold=lag.max_records,
            description=(
                f"More than {lag.max_records} records of {lag.topic} wait for {lag.group}: "
                "are its consumers alive, fast and many enough?"
            ),
        )
        make_alarms(
            scope,
            [rule],
            namespace=NAMESPACE,
            dimensions={
                "Cluster Name": cluster_name,
                "Consumer Group": lag.group,
                "Topic": lag.topic,
            },
            topic_arn=topic_arn,
        )
