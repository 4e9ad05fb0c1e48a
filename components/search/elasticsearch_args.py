"""What an `ElasticsearchCluster` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class ElasticsearchNodesArgs(TypedDict):
    """The nodes of Elasticsearch: each holds data and can lead."""

    per_zone: NotRequired[int]
    """Number of nodes in each zone, 1 to 20. Default: 1."""
    cpu: NotRequired[float]
    """Cores that a node is sure to get, 0.25 to 64. Default: 1."""
    memory_gib: NotRequired[int]
    """GiB of memory of a node, half of it heap, 2 to 64. Default: 4."""
    disk_gib: NotRequired[int]
    """GiB of encrypted gp3 of a node, 10 to 16384. It can grow, and never shrinks. Default: 100."""


class ElasticsearchSnapshotsArgs(TypedDict):
    """Snapshots of all indices in S3."""

    schedule: NotRequired[str]
    """When, as Elasticsearch's cron with seconds, UTC. Default: `0 30 1 * * ?`, daily at 01:30."""
    keep_days: NotRequired[int]
    """Days until a snapshot is deleted, 1 to 3650. Default: 30."""
    keep_least: NotRequired[int]
    """Snapshots that are kept however old they are, 1 to 1000. Default: 5."""


class IndexLifecycleArgs(TypedDict):
    """What becomes of an index that names this policy in `index.lifecycle.name`."""

    rollover_gib: NotRequired[int]
    """GiB of a primary shard at which a new index is begun, 1 to 100. Default: 50."""
    rollover_days: NotRequired[int]
    """Days after which a new index is begun all the same, 1 to 365. Default: 1."""
    delete_days: NotRequired[int]
    """Days after that until the index is deleted, 1 to 3650. Default: 30."""


class ElasticsearchArgs(TypedDict):
    """Inputs of `ElasticsearchCluster`."""

    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster, on which the role for the snapshots is given to the pods."""
    availability_zones: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Names of the zones in which the EKS cluster has nodes; the first `zones` of them are used."""
    node_class: NotRequired[pulumi.Input[str]]
    """An output that is known once nodes are started for pods that need them, such as `Addons`
    has: Elasticsearch comes after it, and goes before. Default: there are nodes enough."""
    client_namespaces: NotRequired[Sequence[str]]
    """Namespaces whose pods may connect. Default: none but its own."""
    version: NotRequired[str]
    """Version of Elasticsearch and Kibana, e.g. `9.5.6`. Default: the newest pinned one."""
    namespace: NotRequired[str]
    """Kubernetes namespace, which is created. Default: `search`."""
    zones: NotRequired[int]
    """1 or 3: of two zones, the loss of one may leave no majority. Default: 3."""
    nodes: NotRequired[ElasticsearchNodesArgs]
    """The nodes. Default: one in each zone with 4 GiB of memory and 100 GiB of disk."""
    kibana_replicas: NotRequired[int]
    """Number of Kibana's pods, 0 to 5. Default: 2."""
    index_patterns: NotRequired[Sequence[str]]
    """Indices that the user `application` may create, read and write. Default: `app-*`."""
    readers: NotRequired[Mapping[str, Sequence[str]]]
    """Users who may read and no more, each with patterns of indices. Default: none."""
    password_version: NotRequired[int]
    """Another number makes other passwords of these users. Default: 1."""
    snapshots: NotRequired[ElasticsearchSnapshotsArgs]
    """Snapshots of all indices in S3. Default: daily, kept for 30 days."""
    lifecycles: NotRequired[Mapping[str, IndexLifecycleArgs]]
    """Index lifecycle policies by name. Default: `logs`, which deletes after 30 days."""
    mirror: NotRequired[str]
    """A registry with all charts and images; see `docs/private-registry.md`. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete Elasticsearch, its namespace, its snapshots, its key and its secret; keep
    its volumes. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS."""
