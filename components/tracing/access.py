"""Who may connect to collectors and Tempo, and to whom these may: policies of network and mesh.

Within the namespace all pods may connect (`Observability`); what is here is for the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.mesh.network import (
    ANYWHERE,
    API_SERVER_PORT,
    PROXY_PORT,
    Egress,
    Ingress,
    in_namespace,
    meshed_rules,
    ports,
)
from components.mesh.policy import (
    EVERYWHERE,
    Caller,
    MeshProtocol,
    Network,
    PortAccess,
    WorkloadAccess,
    make_policies,
    workload_policies,
)
from components.mesh.resources import Resource
from components.observability.names import COLLECTOR, COLLECTOR_ACCOUNT, NAMESPACE
from components.tracing.instrumentation import OPERATOR, WEBHOOK_PORT
from components.tracing.plan import (
    OTLP_GRPC,
    OTLP_HTTP,
    SAMPLER,
    TEMPO,
    TEMPO_HTTP,
    TracingPlan,
)
from components.tracing.values import collector_labels, tempo_labels

POD_IDENTITY, POD_IDENTITY_PORT = "169.254.170.23/32", 80
"""Where pods get their role's credentials.

https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (2026-11)
"""


@dataclass(frozen=True)
class Doors:
    """What may connect to pods from outside of the namespace, and to what there they may."""

    pods: Mapping[str, str]
    """Their labels."""
    ingress: Sequence[Ingress] = ()
    egress: Sequence[Egress] = ()
    meshed: bool = True


def make_access(
    inside: Inside, plan: TracingPlan, *, namespace: pulumi.Input[str]
) -> list[pulumi.Resource]:
    """Create the network policies: nobody but whom they name gets in or out."""
    into, out = meshed_rules(()) if plan.meshed else ([], [])
    made: list[pulumi.Resource] = []
    for name, doors in all_doors(plan).items():
        ingress = [*doors.ingress, *(into if doors.meshed else [])]
        egress = [*doors.egress, *(out if doors.meshed else [])]
        if ingress or egress:
            policy = kubernetes.networking.v1.NetworkPolicy(
                f"{inside.scope.name}-{name}-access",
                metadata={"name": name, "namespace": namespace},
                spec={
                    "pod_selector": {"match_labels": dict(doors.pods)},
                    "policy_types": ["Ingress", "Egress"],
                    "ingress": ingress,
                    "egress": egress,
                },
                opts=inside.own,
            )
            made.append(policy)
    return made


def all_doors(plan: TracingPlan) -> dict[str, Doors]:
    """Return the doors of each workload, by its name."""
    # Kubernetes, S3 and X-Ray: their addresses are many, and change.
    outside = _to(ANYWHERE, API_SERVER_PORT)
    aws = [outside, _to(POD_IDENTITY, POD_IDENTITY_PORT)]
    clients = [in_namespace(name) for name in sorted(set(plan.spec.client_namespaces))]
    spans: list[Ingress] = [
        {"from_": clients, "ports": ports(OTLP_GRPC, OTLP_HTTP, PROXY_PORT)},
    ]
    # From nobody would be from anybody.
    entry = Doors(collector_labels(COLLECTOR), spans if clients else (), [outside])
    found = {COLLECTOR: entry}
    if plan.layered:
        found[SAMPLER] = Doors(collector_labels(SAMPLER))
    if plan.tempo:
        found[TEMPO] = Doors(tempo_labels(), egress=aws)
    else:
        found[plan.exporter] = replace(found[plan.exporter], egress=aws)
    if plan.spec.auto_instrumentation:
        # The webhook is called by the API server, which is outside the cluster.
        webhook: list[Ingress] = [{"ports": ports(WEBHOOK_PORT)}]
        pods = {"app.kubernetes.io/name": OPERATOR}
        found[OPERATOR] = Doors(pods, webhook, [outside], meshed=False)
    return found


def mesh_policies(plan: TracingPlan) -> list[Resource]:
    """Return who of the mesh may connect to what is behind the collectors that take spans.

    To those themselves any pod of the mesh may: the proxies of all pods send spans, under the
    account of their pod. That is said by an annotation (`mesh_annotations`).
    """
    if not plan.meshed:
        return []
    found: list[Resource] = []
    if plan.layered:
        found += _reached(SAMPLER, collector_labels(SAMPLER), _otlp(COLLECTOR_ACCOUNT))
    if plan.tempo:
        # Grafana and Prometheus, in the mesh or not: the network policy lets in their namespace's.
        queries = PortAccess(
            TEMPO_HTTP,
            "http",
            MeshProtocol.HTTP1,
            networks=(Network("namespace", EVERYWHERE),),
        )
        found += _reached(TEMPO, tempo_labels(), _otlp(plan.exporter), queries)
    return found


def make_mesh_access(
    inside: Inside, plan: TracingPlan, *, namespace: pulumi.Input[str]
) -> list[pulumi.Resource]:
    """Create the policies of the mesh."""
    return make_policies(inside, mesh_policies(plan), namespace=namespace)


def _otlp(account: str) -> PortAccess:
    return PortAccess(OTLP_GRPC, "otlp", MeshProtocol.GRPC, callers=(Caller(account, NAMESPACE),))


def _reached(name: str, labels: dict[str, str], *open_to: PortAccess) -> list[Resource]:
    return workload_policies(WorkloadAccess(name, labels, open_to))


def _to(cidr: str, port: int) -> Egress:
    return {"to": [{"ip_block": {"cidr": cidr}}], "ports": ports(port)}
