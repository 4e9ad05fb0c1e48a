"""Network policies: the namespaces of the mesh are closed, and this is what they need.

Between meshed pods all traffic goes to the proxy's own port, whatever port it was meant for, so a
network policy can say which namespaces may talk, and the mesh's policies who may talk to which
port: https://linkerd.io/2-edge/common-errors/network-policy/ (2026-08).
"""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components.mesh.plan import NAMESPACE, VIZ_NAMESPACE
from components.mesh.spec import MeshTracingSpec, MeshVizSpec

PROXY_PORT = 4143
"""On which a proxy takes the traffic of other proxies."""
ADMIN_PORT, TAP_PORT = 4191, 4190
"""A proxy's metrics, and its live requests."""

IDENTITY_PORT, DESTINATION_PORT, POLICY_PORT = 8080, 8086, 8090
CONTROL_PORTS = (IDENTITY_PORT, DESTINATION_PORT, POLICY_PORT)
"""Of the control plane, for proxies."""

WEBHOOK_PORTS = (8443, 9443)
"""Of the control plane, for the API server."""

CONTROL_PLANE_ADMIN_PORTS = (9990, 9995, 9996, 9997)
"""Metrics of the control plane's own processes."""

VIZ_WEBHOOK_PORTS = (8089, 8443)
"""Tap, which is an API of the API server, and its injector."""

API_SERVER_PORT = 443
"""All ports: charts of edge-26.8.3, `containerPort` (2026-08)."""

ANYWHERE = "0.0.0.0/0"
NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Kubernetes itself puts it on every namespace."""

Ingress = kubernetes.networking.v1.NetworkPolicyIngressRuleArgsDict
Egress = kubernetes.networking.v1.NetworkPolicyEgressRuleArgsDict
Peer = kubernetes.networking.v1.NetworkPolicyPeerArgsDict
Port = kubernetes.networking.v1.NetworkPolicyPortArgsDict

EVERY_POD: Peer = {"namespace_selector": {}}
"""Of the cluster, but nothing from outside of it."""


def in_namespace(name: str) -> Peer:
    """Return all pods of a namespace."""
    return {"namespace_selector": {"match_labels": {NAMESPACE_LABEL: name}}}


def ports(*numbers: int) -> list[Port]:
    """Return TCP ports."""
    return [{"port": number, "protocol": "TCP"} for number in numbers]


def control_plane_rules(
    metrics_namespaces: Sequence[str], tracing: MeshTracingSpec | None = None
) -> tuple[list[Ingress], list[Egress]]:
    """Return what the control plane needs: proxies and the API server come to it."""
    return [
        {"from_": [EVERY_POD], "ports": ports(PROXY_PORT, *CONTROL_PORTS)},
        # From the API server, which is outside the cluster: its requests come from the VPC.
        {"ports": ports(*WEBHOOK_PORTS)},
        *_read_by(metrics_namespaces, ADMIN_PORT, *CONTROL_PLANE_ADMIN_PORTS),
    ], [{"to": [{"pod_selector": {}}]}, _api_server(), *_spans(tracing)]


def cni_rules() -> tuple[list[Ingress], list[Egress]]:
    """Return what the repair controller of the CNI plugin needs."""
    return [], [_api_server()]


def viz_rules(
    viz: MeshVizSpec, tracing: MeshTracingSpec | None = None
) -> tuple[list[Ingress], list[Egress]]:
    """Return what the dashboard and tap need: Prometheus, and every proxy's tap."""
    return [
        {"from_": [in_namespace(VIZ_NAMESPACE)], "ports": ports(PROXY_PORT)},
        {"ports": ports(*VIZ_WEBHOOK_PORTS)},
    ], [
        {"to": [EVERY_POD], "ports": ports(PROXY_PORT, TAP_PORT)},
        {
            "to": [in_namespace(viz.prometheus_namespace)],
            "ports": ports(viz.prometheus_port),
        },
        *meshed_rules((), tracing)[1],
        _api_server(),
    ]


def meshed_rules(
    metrics_namespaces: Sequence[str], tracing: MeshTracingSpec | None = None
) -> tuple[list[Ingress], list[Egress]]:
    """Return what the pods of any meshed namespace need besides what their services say.

    :param metrics_namespaces: whose pods read the proxies' metrics.
    """
    ingress: list[Ingress] = [
        {"from_": [in_namespace(VIZ_NAMESPACE)], "ports": ports(TAP_PORT)},
        *_read_by(metrics_namespaces, ADMIN_PORT),
    ]
    control: Egress = {"to": [in_namespace(NAMESPACE)], "ports": ports(*CONTROL_PORTS)}
    return ingress, [control, *_spans(tracing)]


def make_access(
    inside: Inside,
    label: str,
    namespace: pulumi.Input[str],
    rules: tuple[Sequence[Ingress], Sequence[Egress]],
) -> pulumi.Resource:
    """Create a policy, named `mesh`, for all pods of a namespace.

    :param label: what the resource is called after the component's name.
    """
    ingress, egress = rules
    return kubernetes.networking.v1.NetworkPolicy(
        f"{inside.scope.name}-{label}-mesh",
        metadata={"name": "mesh", "namespace": namespace},
        spec={
            "pod_selector": {},
            "policy_types": ["Ingress", "Egress"],
            "ingress": list(ingress),
            "egress": list(egress),
        },
        opts=inside.own,
    )


def _read_by(namespaces: Sequence[str], *numbers: int) -> list[Ingress]:
    if not namespaces:  # from nobody would be from anybody
        return []
    return [{"from_": [in_namespace(name) for name in namespaces], "ports": ports(*numbers)}]


def _spans(tracing: MeshTracingSpec | None) -> list[Egress]:
    if not tracing:
        return []
    # A meshed collector takes them on its proxy's port.
    port = int(tracing.collector.rsplit(":", 1)[1])
    return [{"to": [in_namespace(tracing.namespace)], "ports": ports(port, PROXY_PORT)}]


def _api_server() -> Egress:
    # Its addresses are EKS's to choose, and the VPC's security groups say who gets there.
    return {"to": [{"ip_block": {"cidr": ANYWHERE}}], "ports": ports(API_SERVER_PORT)}
