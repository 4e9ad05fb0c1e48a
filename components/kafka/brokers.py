"""The cluster itself: brokers, standard or express, or none to see."""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components._base.kms import domain_key, log_delivery
from components._base.logs import log_group
from components._base.scope import Scope
from components.kafka.args import KafkaMonitoringLevel
from components.kafka.layout import TopicPlan
from components.kafka.plan import BrokersPlan
from components.kafka.spec import KafkaStorageSpec

VOLUME_SIZE = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"

LEVELS = {
    KafkaMonitoringLevel.DEFAULT: "DEFAULT",
    KafkaMonitoringLevel.PER_BROKER: "PER_BROKER",
    KafkaMonitoringLevel.PER_TOPIC_PER_BROKER: "PER_TOPIC_PER_BROKER",
    KafkaMonitoringLevel.PER_TOPIC_PER_PARTITION: "PER_TOPIC_PER_PARTITION",
}


def make_brokers(
    scope: Scope,
    plan: BrokersPlan,
    *,
    subnet_ids: pulumi.Input[Sequence[str]],
    security_group_id: pulumi.Input[str],
) -> aws.msk.Cluster:
    """Create the cluster with its key, its log group and its configuration."""
    key = domain_key(
        f"{scope.name}-key",
        parent=scope.parent,
        description=f"Data and broker logs of Kafka {scope.name}",
        statements=[log_delivery(scope.parent)],
        tags=scope.tags,
        protect=scope.protect,
    )
    logs = log_group(
        f"{scope.name}-broker-logs",
        parent=scope.parent,
        key=key,
        retention_days=plan.log_retention_days,
        tags=scope.tags,
        protect=scope.protect,
    )
    configuration = aws.msk.Configuration(
        f"{scope.name}-configuration",
        # Without `kafka_versions`: the pin can't be changed, and would hold up every upgrade with a
        # configuration that is in use. A constant description: the provider foresees a new revision
        # of changed properties only.
        description=f"Server properties of Kafka {scope.name}",
        server_properties=plan.server_properties,
        opts=scope.own,
    )
    cluster = aws.msk.Cluster(
        f"{scope.name}-cluster",
        kafka_version=plan.version,
        number_of_broker_nodes=plan.layout.brokers,
        broker_node_group_info=_nodes(plan, subnet_ids, security_group_id),
        configuration_info={
            "arn": configuration.arn,
            "revision": configuration.latest_revision,
        },
        client_authentication={
            "sasl": {"iam": True, "scram": False},
            "unauthenticated": False,
        },
        encryption_info={
            "encryption_at_rest_kms_key_arn": key.arn,
            "encryption_in_transit": {"client_broker": "TLS", "in_cluster": True},
        },
        enhanced_monitoring=LEVELS[plan.monitoring_level],
        open_monitoring={
            "prometheus": {
                "jmx_exporter": {"enabled_in_broker": plan.open_monitoring},
                "node_exporter": {"enabled_in_broker": plan.open_monitoring},
            }
        },
        logging_info={
            "broker_logs": {"cloudwatch_logs": {"enabled": True, "log_group": logs.name}}
        },
        rebalancing={"status": "ACTIVE"} if plan.express else None,
        storage_mode="TIERED" if plan.storage and plan.storage.tiered else None,
        tags=scope.tagged(f"{scope.name}-cluster"),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # what is in the topics is nowhere else
            protect=scope.protect,
            # MSK grows the disks by itself, and none can shrink to what is written here
            ignore_changes=[VOLUME_SIZE] if plan.storage and plan.storage.grows else None,
        ),
    )
    if plan.storage and plan.storage.grows:
        _make_growth(scope, plan.storage, cluster)
    return cluster


def make_serverless(
    scope: Scope,
    *,
    subnet_ids: pulumi.Input[Sequence[str]],
    security_group_id: pulumi.Input[str],
) -> aws.msk.ServerlessCluster:
    """Create the cluster; AWS encrypts it with a key of its own, and takes no other."""
    return aws.msk.ServerlessCluster(
        f"{scope.name}-cluster",
        vpc_configs=[{"subnet_ids": subnet_ids, "security_group_ids": [security_group_id]}],
        client_authentication={"sasl": {"iam": {"enabled": True}}},
        tags=scope.tagged(f"{scope.name}-cluster"),
        # what is in the topics is nowhere else
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )


def make_topics(
    scope: Scope, topics: Mapping[str, TopicPlan], cluster_arn: pulumi.Input[str]
) -> Sequence[aws.msk.Topic]:
    """Create the topics; a topic that is no longer named is deleted with what is in it."""
    return [
        aws.msk.Topic(
            f"{scope.name}-topic-{name}",
            # the name that services know it by
            name=name,
            cluster_arn=cluster_arn,
            partition_count=topic.partitions,
            replication_factor=topic.replication_factor,
            # MSK gives the values back as text, in any order
            configs=json.dumps(dict(topic.config), sort_keys=True) if topic.config else None,
            # what is in the topic is nowhere else
            opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
        )
        for name, topic in sorted(topics.items())
    ]


def _nodes(
    plan: BrokersPlan, subnet_ids: pulumi.Input[Sequence[str]], security_group_id: pulumi.Input[str]
) -> aws.msk.ClusterBrokerNodeGroupInfoArgsDict:
    nodes: aws.msk.ClusterBrokerNodeGroupInfoArgsDict = {
        "instance_type": plan.layout.instance_type,
        "client_subnets": subnet_ids,
        "security_groups": [security_group_id],
    }
    if plan.storage:
        nodes["storage_info"] = {"ebs_storage_info": {"volume_size": plan.storage.volume_gib}}
    return nodes


def _make_growth(scope: Scope, storage: KafkaStorageSpec, cluster: aws.msk.Cluster) -> None:
    """Let MSK grow the disks, once in six hours at most.

    https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html (2026-11)
    """
    name = f"{scope.name}-storage"
    target = aws.appautoscaling.Target(
        name,
        service_namespace="kafka",
        scalable_dimension="kafka:broker-storage:VolumeSize",
        resource_id=cluster.arn,
        min_capacity=storage.volume_gib,
        max_capacity=storage.largest,
        tags=scope.tagged(name),
        opts=scope.own,
    )
    aws.appautoscaling.Policy(
        f"{name}-policy",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration={
            "predefined_metric_specification": {
                "predefined_metric_type": "KafkaBrokerStorageUtilization"
            },
            "target_value": storage.target_percent,
            # a disk can't shrink
            "disable_scale_in": True,
        },
        opts=scope.own,
    )
