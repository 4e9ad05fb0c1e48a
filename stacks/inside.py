"""What a stack has in its cluster before services: add-ons, mesh and gateway."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.addons import Addons, AddonsArgs
from components.cache import CacheSpec
from components.cache.args import CacheAuth, CacheClusterMode
from components.cluster import Cluster, in_cluster
from components.edge import Edge
from components.gateway import Gateway, GatewayArgs
from components.gateway.args import GatewayCountersArgs
from components.identity import Identity
from components.mesh import Mesh, MeshArgs
from components.network import Network
from components.observability import Observability, ObservabilityArgs
from stacks.data import DataServices
from stacks.settings import Settings
from stacks.telemetry import gateway_tracing, mesh_tracing


@dataclass(frozen=True)
class InCluster:
    """What there is of it; None where the stack file has no section."""

    addons: Addons | None = None
    mesh: Mesh | None = None
    gateway: Gateway | None = None
    observability: Observability | None = None


def make_in_cluster(
    settings: Settings,
    network: Network,
    cluster: Cluster,
    provider: kubernetes.Provider,
    *,
    data: DataServices,
    edge: Edge | None,
    identity: Identity | None,
    discovery: str,
) -> InCluster:
    """Create add-ons, then the mesh, then the gateway: a destroy takes them the other way round.

    :param discovery: as `Network` has it.
    """
    s, common = settings, {**settings.common, "mirror": settings.mirror}
    inside = in_cluster(cluster, provider)
    if not s.addons:
        return InCluster()
    addons = Addons(
        "addons",
        s.addons.to_args(
            AddonsArgs,
            **common,
            cluster_name=cluster.cluster_name,
            cluster_endpoint=cluster.endpoint,
            vpc_id=network.vpc_id,
            node_security_group_id=cluster.security_group_id,
            node_role_name=cluster.karpenter_node_role_name,
            interruption_queue_name=cluster.karpenter_queue_name,
            discovery=discovery,
            zones=s.dns_zones,
            secret_key_arns=[*data.secret_key_arns, *_client_keys(settings, identity)],
            target_group_arns=[edge.target_group_arn] if edge else [],
            kafka_cluster_arns={"kafka": data.kafka.cluster_arn} if data.kafka else {},
        ),
        inside,
    )
    observability = None
    if s.watched:
        base: ObservabilityArgs = {
            "tags": s.tags.as_tags(),
            "protect": s.protect,
            "mirror": s.mirror,
            "shown": bool(s.grafana and s.grafana.host),
            "requires": [addons.storage_class],
        }
        observability = Observability("observability", base, inside)
    if not s.mesh:
        return InCluster(addons, observability=observability)
    mesh = Mesh(
        "mesh",
        s.mesh.to_args(
            MeshArgs,
            **common,
            cert_manager_namespace=addons.cert_manager_namespace,
            probe_networks=[network.cidr_block],
            **mesh_tracing(s),
        ),
        inside,
    )
    gateway = _gateway(settings, network, data, edge, addons=addons, mesh=mesh, inside=inside)
    return InCluster(addons, mesh, gateway, observability)


def _client_keys(settings: Settings, identity: Identity | None) -> list[pulumi.Output[str]]:
    """Return the key of the clients' secrets, if one of them is used in the cluster."""
    scans, grafana = settings.scans, settings.grafana
    used = (scans and scans.client) or (grafana and grafana.roles)
    return [identity.secret_key_arn] if identity and used else []


def _gateway(
    settings: Settings,
    network: Network,
    data: DataServices,
    edge: Edge | None,
    *,
    addons: Addons,
    mesh: Mesh,
    inside: pulumi.ResourceOptions,
) -> Gateway | None:
    if not settings.gateway:
        return None
    wiring: dict[str, object] = {"vpc_cidr": network.cidr_block}
    if edge:
        wiring["target_group_arn"] = edge.target_group_arn
    wiring |= counters(settings, data, addons) | gateway_tracing(settings)
    args = settings.gateway.to_args(
        GatewayArgs,
        **settings.common,
        mirror=settings.mirror,
        trust_version=mesh.trust_version,
        # Not all add-ons: KEDA waits for Kafka.
        requires=[
            *(addons.cert_manager_namespace, addons.target_group_bindings),
            *(mesh.gateway_api, mesh.trust_domain),
        ],
        **wiring,
    )
    return Gateway("gateway", args, inside)


def counters(
    settings: Settings, data: DataServices, addons: Addons | None
) -> dict[str, GatewayCountersArgs]:
    """Return where the gateway counts requests, as `counters`; nothing if each pod does."""
    if not (addons and data.cache and settings.cache and counts_requests(settings.cache)):
        return {}
    return {
        "counters": {
            "host": data.cache.primary_endpoint,
            "user_name": data.cache.user_name,
            "secret_arn": data.cache.secret_arn,
            "secret_store": addons.secret_store_name,
        }
    }


def counts_requests(cache: CacheSpec) -> bool:
    """Tell whether the gateway can count requests there: Kong logs in by password, to one shard."""
    nodes = cache.nodes
    sharded = nodes is not None and nodes.cluster_mode is CacheClusterMode.ENABLED
    return cache.auth is CacheAuth.PASSWORD and not cache.serverless and not sharded
