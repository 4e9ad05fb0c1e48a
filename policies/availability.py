"""Availability: what survives the loss of a zone."""

from collections.abc import Mapping, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, at_least, on, one_of, several, table
from policies.rule import CONTROLS, resource_policy

_BROKER_MODES = ("CLUSTER_MULTI_AZ", "ACTIVE_STANDBY_MULTI_AZ")


def _anywhere(zone: object) -> str | None:
    return None if zone is None else "keeps the files in one zone"


_SEARCH = (
    on("clusterConfig.zoneAwarenessEnabled"),
    Need(
        "clusterConfig.instanceCount",
        at_least(2),
        "set clusterConfig.instanceCount to two or more, one for each zone",
        default=1,
    ),
)

NEEDS: Mapping[str, Sequence[Need]] = {
    "aws:efs/fileSystem:FileSystem": (
        Need("availabilityZoneName", _anywhere, "leave availabilityZoneName out"),
    ),
    "aws:elasticache/cluster:Cluster": (
        Need("azMode", one_of("cross-az"), "set azMode to cross-az, with numCacheNodes over 1"),
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        on("automaticFailoverEnabled"),
        on("multiAzEnabled"),
    ),
    "aws:elasticsearch/domain:Domain": _SEARCH,
    "aws:memorydb/cluster:Cluster": (
        Need("numReplicasPerShard", at_least(1), "set numReplicasPerShard to 1", default=1),
    ),
    "aws:mq/broker:Broker": (
        Need(
            "deploymentMode",
            one_of(*_BROKER_MODES),
            f"set deploymentMode to {_BROKER_MODES[0]} (RabbitMQ) or {_BROKER_MODES[1]}",
        ),
    ),
    "aws:msk/cluster:Cluster": (
        Need(
            "brokerNodeGroupInfo.clientSubnets",
            several,
            "give the brokers subnets in two or more zones",
        ),
        Need("numberOfBrokerNodes", at_least(2), "set numberOfBrokerNodes to two or more"),
    ),
    "aws:opensearch/domain:Domain": _SEARCH,
    "aws:rds/instance:Instance": (on("multiAz"),),
}
"""By type. Serverless caches, serverless Kafka, DynamoDB and S3 span zones by themselves."""

POLICIES: Sequence[Policy] = (
    resource_policy(
        table(NEEDS),
        name="multi-az",
        display_name="Data stores survive the loss of a zone",
        description="Data stores run in two zones or more, and fail over by themselves.",
        types=NEEDS,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Give the store nodes in several zones and turn automatic failover on. Where losing "
            "the store with its zone is acceptable, as in development, make this policy advisory "
            "in the pack's configuration."
        ),
        tags=("resilience",),
        url=f"{CONTROLS}elasticache-controls.html#elasticache-3",
    ),
)
