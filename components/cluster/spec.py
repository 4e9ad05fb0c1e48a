"""The structural inputs of a `Cluster`, checked."""

import re
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from components._base.cidr import Cidr
from components._base.logs import RetentionDays
from components._base.names import checked_namespaces
from components._base.spec import Spec
from components.cluster.args import AccessLevel, NodeOs
from components.cluster.versions import DEFAULT_VERSION, RELEASES

PRINCIPAL = re.compile(r"(arn:aws[a-z-]*:iam::\d{12}:)?(role|user)/[\w+=,.@/-]+", re.ASCII)
SESSION = re.compile(r"arn:aws[a-z-]*:sts::\d{12}:assumed-role/([^/]+)/.*")

SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9*-]{0,61}[a-z0-9*])?")

WIDEST_PUBLIC_PREFIX = 8
"""As the policy pack's `eks-endpoint-allow-list` has it."""

PRIVATE_RANGES = tuple(
    map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
"""Addresses that the internet does not route: RFC 1918 and RFC 6598."""

GRAVITON = re.compile(
    r"(?!g5g)[a-z]{1,3}\d+g[a-z]*\.(medium|large|\d*xlarge|metal(-\d+xl)?)", re.ASCII
)
"""Families whose generation is followed by a `g`: m7g, c8gd, r6g, t4g, im4gn, ...; g5g needs
another image.

https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html (2026-11)
"""

MOST_NODES = 450
"""Nodes per managed node group, https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
(2026-11)."""


def _quoted(value: object) -> object:
    if isinstance(value, float):
        raise ValueError('a version is text: write it in quotes, "1.36"')  # noqa: TRY004 - pydantic's
    return value


def _known(version: str) -> str:
    if version not in RELEASES:
        raise ValueError(f"not known here; known versions: {', '.join(RELEASES)}")
    return version


Version = Annotated[str, BeforeValidator(_quoted), AfterValidator(_known)]


class ClusterAccessSpec(Spec):
    """Who may use the Kubernetes API."""

    principal: str
    """`role/NAME` or `user/NAME` of the cluster's own account, or a whole ARN."""
    level: AccessLevel = AccessLevel.VIEW
    """What it may do."""
    namespaces: tuple[str, ...] = ()
    """Only in these namespaces; default: in all."""

    @field_validator("principal")
    @classmethod
    def _lasting(cls, principal: str) -> str:
        session = SESSION.fullmatch(principal)
        if session:
            raise ValueError(f"a session ends; name the role: 'role/{session[1]}'")
        if not PRINCIPAL.fullmatch(principal):
            raise ValueError("role/NAME, user/NAME or the ARN of an IAM role or user is needed")
        return principal

    @field_validator("namespaces")
    @classmethod
    def _named(cls, namespaces: tuple[str, ...]) -> tuple[str, ...]:
        return checked_namespaces(namespaces, NAMESPACE)

    @model_validator(mode="after")
    def _admin_everywhere(self) -> "ClusterAccessSpec":
        if self.level is AccessLevel.ADMIN and self.namespaces:
            raise ValueError("level admin is for the whole cluster; use edit, or no namespaces")
        return self


class ClusterEndpointSpec(Spec):
    """From where the Kubernetes API can be called; always from the nodes."""

    private_cidrs: tuple[Cidr, ...] = ()
    """Private IPv4 ranges that may call the private endpoint."""
    public_cidrs: tuple[Cidr, ...] = ()
    """Public IPv4 ranges that may call the public endpoint; none: there is no public endpoint."""

    @field_validator("private_cidrs")
    @classmethod
    def _private(cls, cidrs: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
        for cidr in cidrs:
            if not any(cidr.subnet_of(allowed) for allowed in PRIVATE_RANGES):
                raise ValueError(f"{cidr} must lie within {', '.join(map(str, PRIVATE_RANGES))}")
        return _once_each(cidrs)

    @field_validator("public_cidrs")
    @classmethod
    def _narrow(cls, cidrs: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
        for cidr in cidrs:
            if cidr.prefixlen < WIDEST_PUBLIC_PREFIX:
                whole = "the whole internet" if cidr.prefixlen == 0 else "too wide"
                raise ValueError(
                    f"{cidr} is {whole}; list your own networks, /{WIDEST_PUBLIC_PREFIX} or "
                    "narrower, or none for a private endpoint only"
                )
            if any(cidr.overlaps(private) for private in PRIVATE_RANGES):
                raise ValueError(f"{cidr} is private and never seen there; use private_cidrs")
        return _once_each(cidrs)


def _once_each(cidrs: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
    twice = sorted({str(cidr) for cidr in cidrs if cidrs.count(cidr) > 1})
    if twice:
        raise ValueError(f"listed twice: {', '.join(twice)}")
    return cidrs


class SystemNodesSpec(Spec):
    """The managed node group on which the cluster's own workloads run."""

    instance_types: tuple[str, ...] = ("m7g.large", "m6g.large")
    """Graviton instance types, the preferred one first."""
    os: NodeOs = NodeOs.BOTTLEROCKET
    """Operating system."""
    min_size: int = Field(3, ge=1, le=MOST_NODES)
    """Least number of nodes; three: one for each zone."""
    max_size: int | None = Field(None, ge=1, le=MOST_NODES)
    """Greatest number of nodes; default: twice `min_size`."""
    desired_size: int | None = None
    """Number of nodes at first; default: `min_size`."""
    disk_gib: int = Field(50, ge=20, le=1000)
    """GiB of encrypted gp3 for images, logs and scratch space of each node."""
    max_unavailable: int = Field(1, ge=1, le=100)
    """Nodes that an update may replace at once."""

    @field_validator("instance_types")
    @classmethod
    def _graviton(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [kind for kind in types if not GRAVITON.fullmatch(kind)]
        if wrong:
            raise ValueError(
                f"no Graviton types of medium size or more, such as m7g.large: {', '.join(wrong)}"
            )
        if not types or len(set(types)) < len(types):
            raise ValueError("one or more different instance types are needed")
        return types

    @model_validator(mode="after")
    def _in_order(self) -> "SystemNodesSpec":
        most, first = self.largest, self.first
        if most < self.min_size:
            raise ValueError(f"max_size {most} is less than min_size {self.min_size}")
        if not self.min_size <= first <= most:
            raise ValueError(f"desired_size {first} is not within {self.min_size} to {most}")
        if self.max_unavailable > most:
            raise ValueError(f"max_unavailable {self.max_unavailable} is more than {most} nodes")
        return self

    @property
    def largest(self) -> int:
        """The greatest number of nodes."""
        return self.max_size or min(2 * self.min_size, MOST_NODES)

    @property
    def first(self) -> int:
        """The number of nodes at first."""
        return self.min_size if self.desired_size is None else self.desired_size


class ClusterSpec(Spec):
    """An EKS cluster: control plane, add-ons, system nodes, and Karpenter's AWS half."""

    version: Version = DEFAULT_VERSION
    """Kubernetes version in standard support."""
    access: dict[str, ClusterAccessSpec] = Field(default_factory=dict[str, ClusterAccessSpec])
    """Who may use the Kubernetes API, by a short name for each; default: nobody."""
    api_endpoint: ClusterEndpointSpec = ClusterEndpointSpec()
    """From where the Kubernetes API can be called; default: from the nodes only."""
    log_retention_days: RetentionDays = 365
    """Days until a control-plane log record is deleted."""
    system_nodes: SystemNodesSpec = SystemNodesSpec()  # pyright: ignore[reportCallIssue]
    """The managed node group on which the cluster's own workloads run."""
    protect: bool = False
    """Refuse to delete the cluster, its keys and its logs."""

    @field_validator("access")
    @classmethod
    def _once_each(cls, access: dict[str, ClusterAccessSpec]) -> dict[str, ClusterAccessSpec]:
        wrong = [name for name in access if not SHORT_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no short names of small letters, digits and hyphens: {', '.join(wrong)}"
            )
        named: dict[str, list[str]] = {}
        for name, entry in access.items():
            named.setdefault(entry.principal, []).append(name)
        for principal, names in named.items():
            if len(names) > 1:
                raise ValueError(f"{principal} is both {' and '.join(names)}; EKS takes it once")
        return access
