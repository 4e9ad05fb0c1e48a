"""The data services of a stack: those that have a section in its file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.spec import Spec
from components.addons import Addons
from components.backup import Backup, BackupArgs
from components.cache import Cache, CacheArgs
from components.cluster import Cluster, in_cluster
from components.kafka import Kafka, KafkaArgs
from components.memcached import Memcached, MemcachedArgs
from components.network import Network
from components.observability.names import AGENTS_NAMESPACE
from components.observability.names import NAMESPACE as TELEMETRY
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

GRAFANA, LOGS = "grafana", "logs-*"
"""The user of Elasticsearch as which Grafana reads, and what."""

ArgsT = TypeVar("ArgsT")
ComponentT = TypeVar("ComponentT")


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
    zoned: dict[str, object] = {**reached, "zone_count": s.network.zones}
    if s.metrics:
        zoned["scrapers"] = {"cluster": cluster.security_group_id}
    # What is in the backup plan says so by a tag.
    kept = {**watched, "tags": {**s.tags.as_tags(), **s.backup_tags}}
    stored = {key: value for key, value in kept.items() if key != "alarm_topic_arn"}
    _made(Backup, BackupArgs, "backup", s.backup, watched)
    managed = s.search if s.search and s.search.engine is SearchEngine.OPENSEARCH else None
    domain = managed.chosen if managed else None
    return DataServices(
        cache=_made(Cache, CacheArgs, "cache", s.cache, reached),
        memcached=_made(Memcached, MemcachedArgs, "memcached", s.memcached, reached),
        kafka=_made(Kafka, KafkaArgs, "kafka", s.kafka, zoned),
        rabbitmq=_made(RabbitMq, RabbitMqArgs, "rabbitmq", s.rabbitmq, reached),
        tables=_made(Tables, TablesArgs, "tables", s.tables, kept),
        storage=_made(Storage, StorageArgs, "storage", s.storage, stored),
        registry=_made(Registry, RegistryArgs, "registry", s.registry, common),
        domain=_made(OpenSearchDomain, OpenSearchArgs, "search", domain, reached),
    )


def _made(
    component: Callable[[str, ArgsT], ComponentT],
    args_type: type[ArgsT],
    name: str,
    section: Spec | None,
    wiring: Mapping[str, object],
) -> ComponentT | None:
    """Create the component that a section configures, if the stack file has that section."""
    return component(name, section.to_args(args_type, **wiring)) if section else None


def named(values: pulumi.Output[Mapping[str, str]], name: str) -> pulumi.Output[str]:
    """Return one of a component's outputs by name."""
    return values.apply(lambda found: found[name])


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
    own = settings.elasticsearch
    if own is None:
        return data.domain
    wiring: dict[str, object] = {
        "cluster_name": cluster.cluster_name,
        "availability_zones": network.availability_zones,
        **({"node_class": addons.node_class} if addons else {}),
    }
    if settings.logging and settings.logging.elasticsearch:
        senders, readers = [AGENTS_NAMESPACE], dict[str, object](own.readers)
        if settings.grafana:
            senders.append(TELEMETRY)
            readers[GRAFANA] = [LOGS]
        wiring |= {"client_namespaces": [*own.client_namespaces, *senders], "readers": readers}
    args = own.to_args(ElasticsearchArgs, **settings.common, mirror=settings.mirror, **wiring)
    return ElasticsearchCluster("search", args, in_cluster(cluster, provider))
