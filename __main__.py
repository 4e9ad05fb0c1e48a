"""The platform of one stack, top to bottom: network, cluster, data services, and what they need."""

import pulumi

from components.cache import Cache, CacheArgs
from components.cluster import Cluster, ClusterArgs, in_cluster_provider
from components.kafka import Kafka, KafkaArgs
from components.network import Network, NetworkArgs
from components.notifications import AlarmTopic, AlarmTopicArgs
from components.storage import Storage, StorageArgs
from components.tables import Tables, TablesArgs
from stacks import current_settings

settings = current_settings()
common = {"tags": settings.tags.as_tags(), "protect": settings.protect}

# Karpenter looks for subnets by this tag in the whole account, so each stack has its own value.
discovery = f"{pulumi.get_project()}-{pulumi.get_stack()}"

network = Network("network", settings.network.to_args(NetworkArgs, **common, discovery=discovery))
cluster = Cluster(
    "cluster",
    settings.cluster.to_args(
        ClusterArgs,
        **common,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        pod_subnet_ids=network.pod_subnet_ids,
    ),
)
provider = in_cluster_provider("cluster", cluster)

# Data services need the network only, and are created while the cluster is.
alarms = AlarmTopic("alarms", settings.alarms.to_args(AlarmTopicArgs, **common))
watched = {**common, "alarm_topic_arn": alarms.topic_arn}
reached = {
    **watched,
    "vpc_id": network.vpc_id,
    "subnet_ids": network.data_subnet_ids,
    "clients": {"cluster": cluster.security_group_id},
}
if settings.cache:
    cache = Cache("cache", settings.cache.to_args(CacheArgs, **reached))
    pulumi.export("cacheEndpoint", cache.primary_endpoint)
if settings.kafka:
    zones = settings.network.zones
    kafka = Kafka("kafka", settings.kafka.to_args(KafkaArgs, **reached, zone_count=zones))
    pulumi.export("kafkaBrokers", kafka.bootstrap_brokers)
if settings.tables:
    tables = Tables("tables", settings.tables.to_args(TablesArgs, **watched))
if settings.storage:
    storage = Storage("storage", settings.storage.to_args(StorageArgs, **common))

pulumi.export("region", settings.region)
pulumi.export("vpcId", network.vpc_id)
pulumi.export("clusterName", cluster.cluster_name)
pulumi.export("clusterEndpoint", cluster.endpoint)
pulumi.export("kubeconfig", cluster.kubeconfig)
