"""The services, workers and jobs of a stack: each gets what it names in `uses`, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_kubernetes as kubernetes

from components._base.images import split_image
from components._base.order import all_registered
from components.addons import PriorityClass
from components.cluster import Cluster, in_cluster
from components.identity import Identity
from components.network import Network
from components.registry import Registry
from components.scans.plan import NAMESPACE as SCANS
from components.search import SearchService
from components.service import (
    FastApiService,
    FastApiServiceArgs,
    ScheduledJob,
    ScheduledJobArgs,
    ServiceNamespace,
    ServiceNamespaceArgs,
    Worker,
    WorkerArgs,
    callees,
)
from components.tracing import Tracing
from stacks.data import DataServices, named
from stacks.inside import InCluster, counters
from stacks.settings import NAMESPACE, Settings
from stacks.telemetry import workload_telemetry


@dataclass(frozen=True)
class Surroundings:
    """What services may use, and what they stand on."""

    network: Network
    cluster: Cluster
    provider: kubernetes.Provider
    inside: InCluster
    data: DataServices
    search: SearchService | None
    identity: Identity | None


def make_workloads(
    settings: Settings, around: Surroundings, tracing: Tracing | None
) -> Mapping[str, FastApiService]:
    """Create the namespace of services, workers and jobs, and all of them."""
    if not (settings.services or settings.workers or settings.jobs):
        return {}
    inside = in_cluster(around.cluster, around.provider)
    mesh = around.inside.mesh
    args: ServiceNamespaceArgs = {"requires": [mesh.trust_domain] if mesh else []}
    if around.search and settings.elasticsearch:
        args["search_ca"] = around.search.ca_secret
    namespace = ServiceNamespace(NAMESPACE, args, inside)
    common = all_registered(_common(settings, around, namespace))
    automatic = tracing is not None and settings.tracing and settings.tracing.auto_instrumentation
    instrumented = {"instrumentation": tracing.instrumentation} if tracing and automatic else {}
    public = {
        "hosts": settings.hosts,
        **instrumented,
        **all_registered(counters(settings, around.data, around.inside.addons)),
        **({"scanner_namespace": SCANS} if settings.scans else {}),
    }
    calls = callees(settings.services)

    def own(name: str, image: str) -> dict[str, object]:
        found = _image(settings, around, name, image)
        return {**common, "calls": calls.get(name, ()), **found}

    later = {"priority_class": PriorityClass.WORKER.value}
    for name, spec in settings.workers.items():
        wiring = {**own(name, spec.image), **later}
        Worker(name, spec.to_args(WorkerArgs, **wiring), inside)
    for name, spec in settings.jobs.items():
        wiring = {**own(name, spec.image), **later}
        ScheduledJob(name, spec.to_args(ScheduledJobArgs, **wiring), inside)
    return {
        name: FastApiService(
            name, spec.to_args(FastApiServiceArgs, **own(name, spec.image), **public), inside
        )
        for name, spec in settings.services.items()
    }


def _common(
    settings: Settings, around: Surroundings, namespace: ServiceNamespace
) -> dict[str, object]:
    """Return what services and workers are given alike."""
    addons, mesh, gateway = around.inside.addons, around.inside.mesh, around.inside.gateway
    identity = around.identity
    observability = around.inside.observability
    requires = [
        namespace.ready,
        *([gateway.gateway_name] if gateway else []),
        *([observability.ready] if observability else []),
    ]
    return {
        **workload_telemetry(settings),
        "tags": settings.tags.as_tags(),
        "namespace": NAMESPACE,
        "requires": requires,
        "cluster_name": around.cluster.cluster_name,
        "environment": settings.tags.environment,
        "stores": stores(settings, around, namespace),
        "data_cidrs": [around.network.cidr_block],
        **({"trust_version": mesh.trust_version} if mesh else {}),
        **(
            {
                "secret_store": addons.secret_store_name,
                "scaled_objects": addons.scaled_objects,
            }
            if addons
            else {}
        ),
        **(
            {
                "identity": {
                    "issuer": identity.issuer,
                    "audience": identity.audiences.apply(",".join),
                    "jwks_uri": identity.jwks_uri,
                }
            }
            if identity
            else {}
        ),
    }


def stores(
    settings: Settings, around: Surroundings, namespace: ServiceNamespace
) -> dict[str, object]:
    """Return the data services that there are, as workloads take them."""
    data, found = around.data, dict[str, object]()
    if data.cache:
        found["cache"] = {
            "endpoint": data.cache.primary_endpoint,
            "secret_arn": data.cache.secret_arn,
        }
    if data.kafka:
        found["kafka"] = {
            "brokers": data.kafka.bootstrap_brokers,
            "cluster_arn": data.kafka.cluster_arn,
        }
    if data.rabbitmq:
        found["rabbitmq"] = {"secret_arn": data.rabbitmq.secret_arn}
    if data.tables and settings.tables:
        found["tables"] = {
            name: {
                "name": named(data.tables.table_names, name),
                "arn": named(data.tables.table_arns, name),
                "indexes": sorted(table.indexes),
            }
            for name, table in settings.tables.tables.items()
        }
    if data.storage and settings.storage:
        found["buckets"] = {
            name: {
                "name": named(data.storage.bucket_names, name),
                "arn": named(data.storage.bucket_arns, name),
                "key_arn": data.storage.key_arn,
            }
            for name in settings.storage.buckets
        }
    if around.search and settings.search:
        own = settings.elasticsearch
        found["search"] = {
            "endpoint": around.search.endpoint,
            "secret_arn": around.search.secret,
            **(
                {"namespace": own.namespace, "ca_secret": namespace.search_ca_secret} if own else {}
            ),
        }
    return found


def _image(settings: Settings, around: Surroundings, name: str, image: str) -> dict[str, object]:
    """Return where a workload's image is, if it is in the stack's registry.

    `1.4.2` is in the repository of the workload's name, `orders:1.4.2` in that of orders.
    """
    registry: Registry | None = around.data.registry
    repository, version = split_image(image)
    chosen = repository or name
    if not registry or not settings.registry or chosen not in settings.registry.repositories:
        return {}
    return {"image": version, "repository_url": registry.repository_url(chosen)}
