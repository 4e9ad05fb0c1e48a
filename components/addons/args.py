"""What `Addons` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from components.cluster.args import NodeOs


class CapacityType(str, Enum):
    """How instances are bought."""

    ON_DEMAND = "on-demand"
    """They stay until we end them."""
    SPOT = "spot"
    """Up to 90 % cheaper; AWS takes them back with two minutes' notice. The account needs a role
    for it, once: `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com`."""


class Consolidation(str, Enum):
    """When Karpenter replaces nodes by fewer or cheaper ones."""

    UNDERUTILIZED = "WhenEmptyOrUnderutilized"
    """Whenever their pods fit elsewhere, or on something cheaper."""
    EMPTY = "WhenEmpty"
    """Only when nothing but daemons runs on them."""


class DnsPolicy(str, Enum):
    """What external-dns may do to records that carry its mark; others it never touches."""

    SYNC = "sync"
    """Create, change and delete: no record is left that points to nothing."""
    UPSERT_ONLY = "upsert-only"
    """Create and change."""
    CREATE_ONLY = "create-only"
    """Create."""


class DnsSource(str, Enum):
    """Kinds of objects from which external-dns takes names."""

    SERVICE = "service"
    INGRESS = "ingress"
    HTTP_ROUTE = "gateway-httproute"
    """Of the Gateway API, whose definitions have to be there before: see `gateway_api`."""
    GRPC_ROUTE = "gateway-grpcroute"
    """Likewise."""


class ExternalDnsArgs(TypedDict):
    """Records in Route 53 for what runs in the cluster."""

    policy: NotRequired[DnsPolicy]
    """What may be done to its own records. Default: sync."""
    sources: NotRequired[Sequence[DnsSource]]
    """Where names come from. Default: services and ingresses."""


class KarpenterNodesArgs(TypedDict):
    """What all nodes have in common that Karpenter starts."""

    os: NotRequired[NodeOs]
    """Operating system. Default: bottlerocket."""
    image_version: NotRequired[str]
    """Release of its image, e.g. `v1.67.0` of Bottlerocket or `v20260903` of Amazon Linux 2023;
    another one replaces all nodes, within the disruption budgets. Default: the pinned one."""
    disk_gib: NotRequired[int]
    """GiB of encrypted gp3 for images, logs and scratch space, 20 to 1000. Default: 50."""


class QuietHoursArgs(TypedDict):
    """Hours in which Karpenter disrupts no node of its own accord."""

    schedule: str
    """When they begin, as cron with five fields, UTC, e.g. `0 7 * * mon-fri`."""
    hours: int
    """How long they last, 1 to 167."""


class NodePoolArgs(TypedDict):
    """A kind of nodes: what Karpenter may start, how much of it, and when it replaces them."""

    capacity: NotRequired[CapacityType]
    """How instances are bought. Default: on-demand."""
    categories: NotRequired[Sequence[str]]
    """Families of Graviton instances by letter. Default: c, m, r."""
    min_generation: NotRequired[int]
    """Oldest generation, 6 to 20. Default: 6, Graviton2."""
    min_cpus: NotRequired[int]
    """Least vCPUs of a node, 2 to 192. Default: 2."""
    max_cpus: NotRequired[int]
    """Most vCPUs of a node, 2 to 192: what is lost when one is. Default: 16."""
    cpu_limit: NotRequired[int]
    """vCPUs of all its nodes together, 2 to 10000: a bound on the bill. Default: 100."""
    dedicated: NotRequired[bool]
    """Only pods that tolerate `fastapi-platform/pool=NAME` run here. Default: false."""
    weight: NotRequired[int]
    """The pool with the highest is asked first, 1 to 100. Default: 10."""
    consolidation: NotRequired[Consolidation]
    """When nodes are replaced by fewer or cheaper ones. Default: whenever their pods fit."""
    consolidate_after_minutes: NotRequired[int]
    """Minutes without a pod coming or going until then, 0 to 1440. Default: 5."""
    expire_days: NotRequired[int]
    """Days after which a node is replaced, 1 to 90. Default: 30."""
    drain_minutes: NotRequired[int]
    """Minutes that a node's pods get to leave it, 2 to 1440; then it goes all the same, whatever
    their disruption budgets say. It bounds a destroy, too. Default: 30."""
    max_disrupted_percent: NotRequired[int]
    """Percent of the nodes that may be replaced at once, but always one, 1 to 100. Default: 10."""
    quiet_hours: NotRequired[QuietHoursArgs]
    """When none is replaced but for expiry and interruption. Default: never."""


class SecretStoreArgs(TypedDict):
    """What services may be given of Secrets Manager."""

    name_prefixes: NotRequired[Sequence[str]]
    """Names of secrets begin with one of these. Default: none, and secrets that carry the
    platform's own tags `project` and `environment` are meant."""


class AddonsArgs(TypedDict):
    """Inputs of `Addons`."""

    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster."""
    cluster_endpoint: pulumi.Input[str]
    """URL of its Kubernetes API."""
    vpc_id: pulumi.Input[str]
    """Its VPC."""
    node_security_group_id: pulumi.Input[str]
    """The security group of its nodes."""
    node_role_name: pulumi.Input[str]
    """Name of the role of nodes that Karpenter starts."""
    interruption_queue_name: pulumi.Input[str]
    """The queue that tells Karpenter of interruptions."""
    discovery: pulumi.Input[str]
    """Value of the `karpenter.sh/discovery` tag of the nodes' subnets; unique in the account. It
    is also the owner's name in the marks of external-dns."""
    zones: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Ids of public Route 53 zones by domain, e.g. `{"example.com": "Z0123456789ABCDEFGHIJ"}`, for
    external-dns and for certificates of Let's Encrypt. Default: none, and neither is there."""
    secret_key_arns: NotRequired[Sequence[pulumi.Input[str]]]
    """Keys by which secrets are encrypted that services may be given. Default: none but the key
    that Secrets Manager itself has."""
    target_group_arns: NotRequired[Sequence[pulumi.Input[str]]]
    """Target groups in which pods may be registered. Default: those that carry the platform's own
    tags `project` and `environment`."""
    kafka_cluster_arns: NotRequired[Mapping[str, pulumi.Input[str]]]
    """MSK clusters by name, whose consumers' lag KEDA may read. Default: none."""
    gateway_api: NotRequired[pulumi.Input[str]]
    """An output of what installs the definitions of the Gateway API, e.g. their version:
    external-dns comes after them. Needed for sources of the Gateway API only."""
    replicas: NotRequired[int]
    """Pods of each controller: 1, or 2 with a disruption budget. Default: 2."""
    acme_email: NotRequired[str]
    """Address that Let's Encrypt may write to. Default: none."""
    external_dns: NotRequired[ExternalDnsArgs]
    """Records in Route 53; only with `zones`."""
    secret_store: NotRequired[SecretStoreArgs]
    """What services may be given of Secrets Manager."""
    keda: NotRequired[bool]
    """Whether KEDA is there, which scales workers by their queues. Default: true."""
    nodes: NotRequired[KarpenterNodesArgs]
    """What all nodes have in common that Karpenter starts."""
    node_pools: NotRequired[Mapping[str, NodePoolArgs]]
    """Kinds of nodes by name. Default: `on-demand` for all, and `spot` for pods that tolerate
    it."""
    metrics_namespaces: NotRequired[Sequence[str]]
    """Namespaces whose pods may read the metrics of the add-ons. Default: observability."""
    mirror: NotRequired[str]
    """A registry with all charts and images; see `docs/private-registry.md`. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete what all else in the cluster depends on. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS, and of the nodes that Karpenter starts."""
