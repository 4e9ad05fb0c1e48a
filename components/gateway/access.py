"""Who may connect to the gateway's pods and the controller's, and to whom these may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components._base.namespaces import Namespace
from components.gateway import names
from components.gateway.plan import GatewayPlan
from components.gateway.values import pod_labels
from components.mesh.network import PROXY_PORT as MESH_PORT
from components.mesh.plan import NAMESPACE as MESH_NAMESPACE

HTTPS, OTLP, MESH_METRICS = 443, 4318, 4191

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Kubernetes itself puts it on every namespace."""

Json = Mapping[str, object]


@dataclass(frozen=True)
class Networks:
    """Where what is not a pod is."""

    vpc: pulumi.Input[str]
    trusted: pulumi.Output[Sequence[str]]


def make_network_policies(
    inside: Inside, plan: GatewayPlan, namespace: Namespace, networks: Networks
) -> list[pulumi.Resource]:
    """Create the policies: nobody but whom they name gets in or out."""
    telemetry = [_namespace(name) for name in plan.spec.telemetry_namespaces]
    proxy, controller = _pods("gateway"), _pods("controller")
    calls = [
        _rule("to", [{"namespaceSelector": {"matchLabels": names.ROUTES_ALLOWED}}]),
        _rule("to", [_namespace(MESH_NAMESPACE)]),
    ]
    if plan.counters_port is not None:
        calls.append(_rule("to", [_network(networks.vpc)], plan.counters_port))
    if telemetry:
        # A collector in the mesh takes spans on its proxy's port.
        calls.append(_rule("to", telemetry, OTLP, MESH_PORT))
    return [
        _policy(
            inside,
            namespace,
            "gateway",
            ingress=[
                {
                    "from": networks.trusted.apply(lambda cidrs: [_network(c) for c in cidrs]),
                    "ports": _ports(names.PROXY_PORT, names.STATUS_PORT),
                },
                _rule("from", [controller], names.ADMIN_PORT),
                *([_rule("from", telemetry, names.STATUS_PORT, MESH_METRICS)] if telemetry else []),
            ],
            egress=calls,
        ),
        _policy(
            inside,
            namespace,
            "controller",
            ingress=[
                # The control plane calls from its interfaces in the VPC.
                _rule("from", [_network(networks.vpc)], names.WEBHOOK_PORT),
                *([_rule("from", telemetry, names.CONTROLLER_METRICS_PORT)] if telemetry else []),
            ],
            egress=[
                # The Kubernetes API, whose own address is in no range that is known here.
                {"ports": _ports(HTTPS)},
                _rule("to", [proxy], names.ADMIN_PORT),
            ],
        ),
    ]


def _policy(
    inside: Inside,
    namespace: Namespace,
    pods: str,
    *,
    ingress: Sequence[Json],
    egress: Sequence[Json],
) -> pulumi.Resource:
    spec = {
        "podSelector": {"matchLabels": pod_labels(pods)},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": list(ingress),
        "egress": list(egress),
    }
    return kubernetes.networking.v1.NetworkPolicy(
        f"{inside.scope.name}-{pods}-access",
        metadata={"name": pods, "namespace": namespace.name},
        spec=cast("kubernetes.networking.v1.NetworkPolicySpecArgsDict", spec),
        opts=inside.own,
    )


def _rule(side: str, peers: Sequence[Json], *ports: int) -> Json:
    return {side: list(peers), **({"ports": _ports(*ports)} if ports else {})}


def _pods(name: str) -> Json:
    return {"podSelector": {"matchLabels": pod_labels(name)}}


def _namespace(name: str) -> Json:
    return {"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: name}}}


def _network(cidr: pulumi.Input[str]) -> Json:
    return {"ipBlock": {"cidr": cidr}}


def _ports(*numbers: int) -> list[Json]:
    return [{"port": number, "protocol": "TCP"} for number in numbers]
