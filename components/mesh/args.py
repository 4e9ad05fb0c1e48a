"""What a `Mesh` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class MeshInboundPolicy(str, Enum):
    """What becomes of a request to a meshed pod that no policy speaks of."""

    DENY = "deny"
    """It is refused."""
    AUDIT = "audit"
    """It is let through and logged: for finding out who calls whom before denying the rest."""
    AUTHENTICATED = "cluster-authenticated"
    """It is let through when it comes from a meshed pod of this cluster."""


class MeshProxyArgs(TypedDict):
    """What the proxy beside each meshed container gets."""

    cpu_millis: NotRequired[int]
    """Thousandths of a core that it is sure to get, 1 to 4000. Default: 100."""
    memory_mib: NotRequired[int]
    """MiB of memory that it is sure to get, 16 to 4096. Default: 64."""
    memory_limit_mib: NotRequired[int]
    """MiB of memory at which it is killed, 64 to 8192. Default: 250."""


class MeshVizArgs(TypedDict):
    """Linkerd's dashboard, and tap, which shows live requests."""

    prometheus_url: str
    """Prometheus with the mesh's metrics, e.g. `http://prometheus-operated.observability:9090`."""
    replicas: NotRequired[int]
    """Pods of each of its services but the dashboard, 1 to 5. Default: 2."""


class MeshTracingArgs(TypedDict):
    """Where the proxies send their spans."""

    collector: str
    """OpenTelemetry collector with OTLP over gRPC, e.g. `otel-gateway.observability:4317`."""
    service_account: str
    """The collector's service account, by which the proxies know it."""
    namespace: str
    """The service account's namespace."""


class MeshArgs(TypedDict):
    """Inputs of `Mesh`."""

    cert_manager_namespace: pulumi.Input[str]
    """Namespace of cert-manager and trust-manager, from which both read the trust anchors. The mesh
    waits for this value, so give an output that is known once both of them run."""
    probe_networks: NotRequired[Sequence[pulumi.Input[str]]]
    """CIDRs from which kubelets probe pods: those of the VPC. Default: from anywhere."""
    replicas: NotRequired[int]
    """Pods of each part of the control plane, on a node each, 1 to 9. Default: 3."""
    inbound_policy: NotRequired[MeshInboundPolicy]
    """What becomes of a request that no policy speaks of. Default: deny."""
    trust_anchors: NotRequired[Sequence[str]]
    """Names of the trust anchors, one to three: all are trusted, the first one issues. See
    docs/mesh.md for how they are rotated. Default: `a`."""
    trust_anchor_years: NotRequired[int]
    """Years that a trust anchor is good for, 2 to 30. Default: 10."""
    gateway_api: NotRequired[bool]
    """Install the definitions of the Gateway API; false: somebody else does, in version 1.2.1 to
    1.5.1. Default: true."""
    metrics_namespaces: NotRequired[Sequence[str]]
    """Namespaces whose pods may read the control plane's metrics. Default: `observability`."""
    proxy: NotRequired[MeshProxyArgs]
    """What each proxy gets. Default: 100 thousandths of a core and 64 MiB."""
    viz: NotRequired[MeshVizArgs]
    """Linkerd's dashboard and tap. Default: none."""
    tracing: NotRequired[MeshTracingArgs]
    """Where proxies send their spans. Default: nowhere."""
    pod_monitors: NotRequired[bool]
    """Create PodMonitors of control plane and proxies; their definition has to be there before.
    Default: false."""
    mirror: NotRequired[str]
    """Registry with the charts and images, see docs/private-registry.md. Default: the public
    ones."""
    protect: NotRequired[bool]
    """Refuse to delete trust anchors and the Gateway API's definitions. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS, of which there is none: all is in the cluster."""
