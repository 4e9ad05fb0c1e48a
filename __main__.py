"""The platform of one stack, top to bottom: network, cluster, data services, and what they need."""

import pulumi

from components.backup import Backup, BackupArgs
from components.cache import Cache, CacheArgs
from components.cluster import Cluster, ClusterArgs, in_cluster, in_cluster_provider
from components.kafka import Kafka, KafkaArgs
from components.memcached import Memcached, MemcachedArgs
from components.network import Network, NetworkArgs
from components.notifications import AlarmTopic, AlarmTopicArgs
from components.rabbitmq import RabbitMq, RabbitMqArgs
from components.registry import Registry, RegistryArgs
from components.search import (
    ElasticsearchArgs,
    ElasticsearchCluster,
    OpenSearchArgs,
    OpenSearchDomain,
    SearchEngine,
)
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
if settings.rabbitmq:
    rabbitmq = RabbitMq("rabbitmq", settings.rabbitmq.to_args(RabbitMqArgs, **reached))
    pulumi.export("rabbitmqEndpoint", rabbitmq.endpoint)
if settings.memcached:
    memcached = Memcached("memcached", settings.memcached.to_args(MemcachedArgs, **reached))
    pulumi.export("memcachedEndpoint", memcached.configuration_endpoint)
if settings.search and settings.search.engine is SearchEngine.OPENSEARCH:
    domain = settings.search.chosen.to_args(OpenSearchArgs, **reached)
    pulumi.export("searchEndpoint", OpenSearchDomain("search", domain).endpoint)
elif settings.search:
    inside = {
        "cluster_name": cluster.cluster_name,
        "availability_zones": network.availability_zones,
    }
    nodes = settings.search.chosen.to_args(ElasticsearchArgs, **common, **inside)
    search = ElasticsearchCluster("search", nodes, in_cluster(cluster, provider))
    pulumi.export("searchEndpoint", search.endpoint)

# What is in the backup plan says so by a tag.
kept = {**settings.tags.as_tags(), **settings.backup_tags}
if settings.tables:
    Tables("tables", settings.tables.to_args(TablesArgs, **{**watched, "tags": kept}))
if settings.storage:
    Storage("storage", settings.storage.to_args(StorageArgs, **{**common, "tags": kept}))
if settings.backup:
    Backup("backup", settings.backup.to_args(BackupArgs, **watched))
if settings.registry:
    registry = Registry("registry", settings.registry.to_args(RegistryArgs, **common))
    pulumi.export("repositories", registry.repository_urls)

pulumi.export("region", settings.region)
pulumi.export("vpcId", network.vpc_id)
pulumi.export("clusterName", cluster.cluster_name)
pulumi.export("clusterEndpoint", cluster.endpoint)
pulumi.export("kubeconfig", cluster.kubeconfig)
