"""The data services of a stack: those that have a section in its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components.addons import Addons
from components.backup import Backup, BackupArgs
from components.cache import Cache, CacheArgs
from components.cluster import Cluster, in_cluster
from components.kafka import Kafka, KafkaArgs
from components.memcached import Memcached, MemcachedArgs
from components.network import Network
from components.rabbitmq import RabbitMq, RabbitMqArgs
from components.registry import Registry, RegistryArgs
from components.search import (
    ElasticsearchArgs,
    ElasticsearchCluster,
    OpenSearchArgs,
    OpenSearchDomain,
    SearchEngine,
    SearchService,
)
from components.storage import Storage, StorageArgs
from components.tables import Tables, TablesArgs
from stacks.settings import Settings


@dataclass(frozen=True)
class DataServices:
    """What there is of them; None where the stack file has no section."""

    cache: Cache | None
    memcached: Memcached | None
    kafka: Kafka | None
    rabbitmq: RabbitMq | None
    tables: Tables | None
    storage: Storage | None
    registry: Registry | None
    domain: OpenSearchDomain | None

    @property
    def secret_key_arns(self) -> list[pulumi.Output[str]]:
        """Keys of the secrets that services are given."""
        stores = (self.cache, self.rabbitmq, self.domain)
        return [store.key_arn for store in stores if store]

    @property
    def outputs(self) -> Mapping[str, pulumi.Output[object]]:
        """What the stack exports of them."""
        found = {
            "cacheEndpoint": self.cache and self.cache.primary_endpoint,
            "memcachedEndpoint": self.memcached and self.memcached.configuration_endpoint,
            "kafkaBrokers": self.kafka and self.kafka.bootstrap_brokers,
            "rabbitmqEndpoint": self.rabbitmq and self.rabbitmq.endpoint,
            "repositories": self.registry and self.registry.repository_urls,
        }
        return {
            name: cast("pulumi.Output[object]", output) for name, output in found.items() if output
        }


def make_data_services(
    settings: Settings,
    network: Network,
    cluster: Cluster,
    alarm_topic_arn: pulumi.Output[str],
) -> DataServices:
    """Create what depends on the network only; just the rule for the cluster waits for it."""
    s = settings
    common = s.common
    watched = {**common, "alarm_topic_arn": alarm_topic_arn}
    reached = {
        **watched,
        "vpc_id": network.vpc_id,
        "subnet_ids": network.data_subnet_ids,
        "clients": {"cluster": cluster.security_group_id},
    }
    zoned = {**reached, "zone_count": s.network.zones}
    # What is in the backup plan says so by a tag.
    kept = {**watched, "tags": {**s.tags.as_tags(), **s.backup_tags}}
    stored = {key: value for key, value in kept.items() if key != "alarm_topic_arn"}
    if s.backup:
        Backup("backup", s.backup.to_args(BackupArgs, **watched))
    managed = s.search if s.search and s.search.engine is SearchEngine.OPENSEARCH else None
    return DataServices(
        cache=Cache("cache", s.cache.to_args(CacheArgs, **reached)) if s.cache else None,
        memcached=(
            Memcached("memcached", s.memcached.to_args(MemcachedArgs, **reached))
            if s.memcached
            else None
        ),
        kafka=Kafka("kafka", s.kafka.to_args(KafkaArgs, **zoned)) if s.kafka else None,
        rabbitmq=(
            RabbitMq("rabbitmq", s.rabbitmq.to_args(RabbitMqArgs, **reached))
            if s.rabbitmq
            else None
        ),
        tables=Tables("tables", s.tables.to_args(TablesArgs, **kept)) if s.tables else None,
        storage=Storage("storage", s.storage.to_args(StorageArgs, **stored)) if s.storage else None,
        registry=(
            Registry("registry", s.registry.to_args(RegistryArgs, **common)) if s.registry else None
        ),
        domain=(
            OpenSearchDomain("search", managed.chosen.to_args(OpenSearchArgs, **reached))
            if managed
            else None
        ),
    )


def make_search(
    settings: Settings,
    network: Network,
    cluster: Cluster,
    provider: kubernetes.Provider,
    *,
    data: DataServices,
    addons: Addons | None,
) -> SearchService | None:
    """Return the stack's search: the domain that there is, or Elasticsearch on the cluster."""
    search = settings.search
    if search is None or search.engine is SearchEngine.OPENSEARCH:
        return data.domain
    wiring = {
        "cluster_name": cluster.cluster_name,
        "availability_zones": network.availability_zones,
        **({"node_class": addons.node_class} if addons else {}),
    }
    args = search.chosen.to_args(
        ElasticsearchArgs, **settings.common, mirror=settings.mirror, **wiring
    )
    return ElasticsearchCluster("search", args, in_cluster(cluster, provider))
