"""What a `Cluster` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class AccessLevel(str, Enum):
    """What a principal may do in the cluster, by EKS's own access policies.

    https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html (2026-11)
    """

    ADMIN = "admin"
    """Everything, everywhere."""
    EDIT = "edit"
    """Change workloads and read secrets, but no roles or quotas."""
    VIEW = "view"
    """Read workloads, but no secrets and no custom resources."""
    ADMIN_VIEW = "adminView"
    """Read everything, secrets too: what a look for drift needs."""


class NodeOs(str, Enum):
    """Operating system of the nodes, for arm64."""

    BOTTLEROCKET = "bottlerocket"
    """Read-only, without a shell, updated as a whole."""
    AL2023 = "al2023"
    """Amazon Linux 2023."""


class ClusterAccessArgs(TypedDict):
    """Who may use the Kubernetes API."""

    principal: str
    """An IAM role or user: `role/platform-deployer` or `user/NAME` of the cluster's own account,
    or a whole ARN. Never a session."""
    level: NotRequired[AccessLevel]
    """What the principal may do. Default: view."""
    namespaces: NotRequired[Sequence[str]]
    """Only in these namespaces. Default: in all. Not for admin."""


class ClusterEndpointArgs(TypedDict):
    """From where the Kubernetes API can be called; always from the nodes."""

    private_cidrs: NotRequired[Sequence[str]]
    """Private IPv4 ranges that may call the private endpoint: the VPC itself for runners and
    jump hosts in it, networks behind a VPN or a peering. Default: none."""
    public_cidrs: NotRequired[Sequence[str]]
    """Public IPv4 ranges that may call the public endpoint, /8 or narrower. Default: none, and
    there is no public endpoint."""


class SystemNodesArgs(TypedDict):
    """The managed node group on which the cluster's own workloads run."""

    instance_types: NotRequired[Sequence[str]]
    """Graviton instance types. Default: m7g.large, m6g.large."""
    os: NotRequired[NodeOs]
    """Operating system of the nodes. Default: bottlerocket."""
    min_size: NotRequired[int]
    """Least number of nodes, 1 or more. Default: 3."""
    max_size: NotRequired[int]
    """Greatest number of nodes. Default: twice `min_size`."""
    desired_size: NotRequired[int]
    """Number of nodes at first; later changes are left to whatever scales them. Default:
    `min_size`."""
    disk_gib: NotRequired[int]
    """GiB of encrypted gp3 for images, logs and scratch space of each node, 20 to 1000.
    Default: 50."""
    max_unavailable: NotRequired[int]
    """Nodes that an update may replace at once. Default: 1."""


class ClusterArgs(TypedDict):
    """Inputs of `Cluster`."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets for the control plane's interfaces and the nodes, in two or more zones."""
    pod_subnet_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Subnets in which the VPC CNI finds addresses for pods, by their `kubernetes.io/role/cni`
    tag: nodes are gone before these are. Default: none, pods take addresses from `subnet_ids`."""
    version: NotRequired[str]
    """Kubernetes version in standard support, e.g. `1.36`. Default: the newest with pinned add-ons.
    EKS upgrades one minor version at a time, and never goes back."""
    access: NotRequired[Mapping[str, ClusterAccessArgs]]
    """Who may use the Kubernetes API, by a short name for each, e.g. `deployer`. Default: nobody;
    whoever creates the cluster gets no access by that."""
    api_endpoint: NotRequired[ClusterEndpointArgs]
    """From where the Kubernetes API can be called. Default: from the nodes only."""
    log_retention_days: NotRequired[int]
    """Days until a control-plane log record is deleted, one of those that CloudWatch Logs takes.
    Default: 365."""
    system_nodes: NotRequired[SystemNodesArgs]
    """The managed node group on which the cluster's own workloads run; Karpenter makes the others.
    Default: three m7g.large with Bottlerocket."""
    protect: NotRequired[bool]
    """Refuse to delete the cluster, its keys and its logs. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
