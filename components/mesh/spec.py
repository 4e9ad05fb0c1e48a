"""The section `mesh` of a stack file, and the structural inputs of a `Mesh`."""

import re

from pydantic import Field, field_validator, model_validator

from components._base.names import checked_namespaces
from components._base.spec import Spec
from components.mesh.args import MeshInboundPolicy

MOST_ANCHORS = 3
"""The one that goes, the one that comes, and one for a change of mind in between."""

ANCHOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")
IN_CLUSTER_URL = re.compile(
    r"https?://(?P<service>[a-z][-a-z0-9]*)\.(?P<namespace>[a-z0-9][-a-z0-9]*)"
    r"(\.svc(\.cluster\.local)?)?:(?P<port>\d{2,5})(/[-\w/.]*)?"
)
IN_CLUSTER_HOST = re.compile(r"[a-z][-a-z0-9]*\.[a-z0-9][-a-z0-9]*(\.svc(\.cluster\.local)?)?:\d+")


class MeshProxySpec(Spec):
    """What the proxy beside each meshed container gets."""

    cpu_millis: int = Field(100, ge=1, le=4000)
    """Thousandths of a core that it is sure to get."""
    memory_mib: int = Field(64, ge=16, le=4096)
    """MiB of memory that it is sure to get."""
    memory_limit_mib: int = Field(250, ge=64, le=8192)
    """MiB of memory at which it is killed."""

    @model_validator(mode="after")
    def _limit_above_request(self) -> "MeshProxySpec":
        if self.memory_limit_mib < self.memory_mib:
            raise ValueError(
                f"memory_limit_mib: {self.memory_limit_mib} is less than memory_mib, "
                f"{self.memory_mib}"
            )
        return self


class MeshVizSpec(Spec):
    """Linkerd's dashboard, and tap, which shows live requests."""

    prometheus_url: str
    """Prometheus with the mesh's metrics, e.g. `http://prometheus-operated.observability:9090`."""
    replicas: int = Field(2, ge=1, le=5)
    """Pods of each of its services but the dashboard."""

    @field_validator("prometheus_url")
    @classmethod
    def _in_the_cluster(cls, url: str) -> str:
        if not IN_CLUSTER_URL.fullmatch(url):
            raise ValueError(
                "a URL of a service in the cluster is needed, such as http://SERVICE.NAMESPACE:9090"
            )
        return url

    @property
    def prometheus_namespace(self) -> str:
        """Namespace of Prometheus."""
        match = IN_CLUSTER_URL.fullmatch(self.prometheus_url)
        return match["namespace"] if match else ""

    @property
    def prometheus_port(self) -> int:
        """Port of Prometheus."""
        match = IN_CLUSTER_URL.fullmatch(self.prometheus_url)
        return int(match["port"]) if match else 0


class MeshTracingSpec(Spec):
    """Where the proxies send their spans."""

    collector: str
    """OpenTelemetry collector with OTLP over gRPC, e.g. `otel-gateway.observability:4317`."""
    service_account: str
    """The collector's service account, by which the proxies know it."""
    namespace: str
    """The service account's namespace."""

    @field_validator("collector")
    @classmethod
    def _names_a_port(cls, collector: str) -> str:
        if not IN_CLUSTER_HOST.fullmatch(collector):
            raise ValueError("SERVICE.NAMESPACE:PORT is needed, without http://")
        return collector


class MeshSpec(Spec):
    """Linkerd: mutual TLS between services, and who may call whom."""

    replicas: int = Field(3, ge=1, le=9)
    """Pods of each part of the control plane, each on a system node of its own."""
    inbound_policy: MeshInboundPolicy = MeshInboundPolicy.DENY
    """What becomes of a request that no policy speaks of."""
    trust_anchors: tuple[str, ...] = ("a",)
    """Names of the trust anchors: all are trusted, the first one issues. See docs/mesh.md for how
    they are rotated."""
    trust_anchor_years: int = Field(10, ge=2, le=30)
    """Years that a trust anchor is good for."""
    gateway_api: bool = True
    """Install the definitions of the Gateway API; false: somebody else does."""
    metrics_namespaces: tuple[str, ...] = ("observability",)
    """Namespaces whose pods may read the control plane's metrics."""
    proxy: MeshProxySpec = MeshProxySpec()  # pyright: ignore[reportCallIssue]
    """What each proxy gets."""
    viz: MeshVizSpec | None = None
    """Linkerd's dashboard and tap; left out: none."""
    tracing: MeshTracingSpec | None = None
    """Where proxies send their spans; left out: nowhere."""
    pod_monitors: bool = False
    """Create PodMonitors of control plane and proxies; their definition has to be there before."""
    protect: bool = False
    """Refuse to delete trust anchors and the Gateway API's definitions."""

    @field_validator("trust_anchors")
    @classmethod
    def _anchors(cls, anchors: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [name for name in anchors if not ANCHOR.fullmatch(name)]
        if wrong or not anchors or len(anchors) > MOST_ANCHORS:
            raise ValueError(
                f"one to {MOST_ANCHORS} names are needed, of up to 20 small letters, digits and "
                f"hyphens: {', '.join(wrong) or len(anchors)}"
            )
        if len(set(anchors)) < len(anchors):
            raise ValueError("an anchor is named twice")
        return anchors

    @field_validator("metrics_namespaces")
    @classmethod
    def _namespaces(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return checked_namespaces(names)


def node_problems(mesh: MeshSpec, system_nodes: int) -> list[str]:
    """Return what does not go together: each replica needs a system node of its own.

    :param system_nodes: the least number of system nodes.
    """
    if mesh.replicas <= system_nodes:
        return []
    return [f"replicas: {mesh.replicas} need a system node each, but there may be {system_nodes}"]
