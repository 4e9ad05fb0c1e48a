"""Where each component stands in the picture; one line here for one whose default is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    key: str
    title: str
    about: str


LAYERS: tuple[Layer, ...] = (
    Layer("edge", "Edge", "where requests come in"),
    Layer("workloads", "Workloads", "the services"),
    Layer("platform", "Platform", "what runs in the cluster for all services"),
    Layer("cluster", "Cluster", "EKS and its nodes"),
    Layer("data", "Data", "stores and brokers"),
    Layer("network", "Network", "the ground everything stands on"),
    Layer("operations", "Operations", "alarms, backups, images"),
)
"""From top to bottom; each stands on those below it."""

_BY_COMPONENT = {
    "Edge": "edge",
    "Identity": "edge",
    "ServerlessApi": "edge",
    "FastApiService": "workloads",
    "ScheduledJob": "workloads",
    "ServiceNamespace": "workloads",
    "Worker": "workloads",
    "Addons": "platform",
    "Gateway": "platform",
    "Mesh": "platform",
    "Observability": "platform",
    "Cluster": "cluster",
    "Cache": "data",
    "ElasticsearchCluster": "data",
    "Kafka": "data",
    "Memcached": "data",
    "OpenSearchDomain": "data",
    "RabbitMq": "data",
    "Storage": "data",
    "Tables": "data",
    "Network": "network",
    "AlarmTopic": "operations",
    "Backup": "operations",
    "Registry": "operations",
}


def layer_of(kind: str, resource_types: Iterable[str]) -> str:
    """Return the layer of a component; an unknown one stands where its resources do.

    :param kind: the last part of the component's type, e.g. `Kafka`.
    """
    known = _BY_COMPONENT.get(kind)
    if known:
        return known
    inside = any(type_.startswith("kubernetes:") for type_ in resource_types)
    return "platform" if inside else "operations"
