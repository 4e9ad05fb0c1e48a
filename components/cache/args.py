"""What a `Cache` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class CacheEngine(str, Enum):
    """What the cache runs."""

    VALKEY = "valkey"
    """The open continuation of Redis, cheaper on ElastiCache."""
    REDIS = "redis"
    """Redis OSS, for those who must; it can be turned into Valkey in place, and never back."""


class CacheAuth(str, Enum):
    """How the application's user proves who it is."""

    PASSWORD = "password"  # noqa: S105 - the name of the method
    """By a generated password, kept in Secrets Manager."""
    IAM = "iam"
    """By a token signed with the pod's own role: no password anywhere."""


class CacheClusterMode(str, Enum):
    """Whether keys are spread over shards, and clients speak the cluster protocol."""

    DISABLED = "disabled"
    """One shard, any client."""
    COMPATIBLE = "compatible"
    """One shard, both kinds of clients: the way from disabled to enabled."""
    ENABLED = "enabled"
    """Any number of shards, clients of the cluster protocol only."""


class EvictionPolicy(str, Enum):
    """What goes when memory is full.

    https://valkey.io/topics/lru-cache (2026-11)
    """

    VOLATILE_LRU = "volatile-lru"
    """The least recently used of the keys that expire."""
    VOLATILE_LFU = "volatile-lfu"
    """The least frequently used of the keys that expire."""
    VOLATILE_TTL = "volatile-ttl"
    """The keys that expire soonest."""
    VOLATILE_RANDOM = "volatile-random"
    """Any of the keys that expire."""
    ALLKEYS_LRU = "allkeys-lru"
    """The least recently used of all keys."""
    ALLKEYS_LFU = "allkeys-lfu"
    """The least frequently used of all keys."""
    ALLKEYS_RANDOM = "allkeys-random"
    """Any key."""
    NOEVICTION = "noeviction"
    """Nothing: writes fail."""


class CacheNodesArgs(TypedDict):
    """Nodes of a chosen size."""

    node_type: NotRequired[str]
    """E.g. `cache.t4g.small`. Default: `cache.r7g.large`, two vCPUs and 13 GiB."""
    cluster_mode: NotRequired[CacheClusterMode]
    """Whether keys are spread over shards. Default: disabled. From disabled to enabled by way of
    compatible."""
    shards: NotRequired[int]
    """Number of shards; more than one needs cluster mode. Default: 1."""
    replicas: NotRequired[int]
    """Replicas of each shard, 0 to 5, in other zones than its primary. Default: 2. With one or
    more there is Multi-AZ and automatic failover."""
    multi_az: NotRequired[bool]
    """A statement that is checked: true with one node is an error, and so is false with more."""
    maxmemory_policy: NotRequired[EvictionPolicy]
    """Which keys go when the memory is full. Default: volatile-lru."""
    keyspace_events: NotRequired[str]
    """Events to publish, in the engine's letters, e.g. `Ex`. Default: none."""
    parameters: NotRequired[Mapping[str, str]]
    """Further parameters of the engine, by name. Default: none."""
    maintenance_window: NotRequired[str]
    """An hour or more a week, UTC. Default: `sun:04:30-sun:05:30`."""
    log_retention_days: NotRequired[int]
    """Days until a record of the slow and engine logs is deleted. Default: 30."""
    final_snapshot: NotRequired[bool]
    """Take a last snapshot when the cache is deleted. Default: false."""
    apply_immediately: NotRequired[bool]
    """Change the cache when `up` says so. Default: true; else in the next maintenance window, and
    previews show the change until then."""


class CacheServerlessArgs(TypedDict):
    """A cache that grows and shrinks by itself, over all zones."""

    max_gib: NotRequired[int]
    """Most data to keep, 1 to 5000 GiB; beyond it keys that expire are evicted. Default: 10."""
    max_ecpu_per_second: NotRequired[int]
    """Most requests to serve, 1000 to 15000000 ECPU/s; beyond it requests are throttled.
    Default: 10000."""


class CacheArgs(TypedDict):
    """Inputs of `Cache`."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Data subnets, in two or more zones."""
    clients: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Security groups that may connect, by the name of who is behind them. Default: nobody."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of trouble. Default: alarms are only to be seen."""
    engine: NotRequired[CacheEngine]
    """Which server it is. Default: valkey."""
    engine_version: NotRequired[str]
    """A major version such as `8`: AWS upgrades minor ones in the maintenance window, and nothing
    here undoes it. Or a minor one such as `8.2`: it stays until it is changed here. From one major
    version to the next, name the minor one too. Default: `8` of Valkey, `7` of Redis."""
    auth: NotRequired[CacheAuth]
    """How clients prove who they are. Default: password."""
    access_string: NotRequired[str]
    """What the application's user may do, in the engine's words. Default: all but the dangerous
    commands, such as FLUSHALL and KEYS, on all keys and channels."""
    password_version: NotRequired[int]
    """1 or more; the only way to another password. One more: the password before stays good until
    the next change, so nobody is locked out. Two more: it is cut off at once. Default: 1."""
    nodes: NotRequired[CacheNodesArgs]
    """Nodes of a chosen size: the default. Not together with `serverless`."""
    serverless: NotRequired[CacheServerlessArgs]
    """A cache that grows and shrinks by itself. Not together with `nodes`."""
    snapshot_retention_days: NotRequired[int]
    """Days to keep daily snapshots, 0 (none) to 35. Default: 7."""
    snapshot_window: NotRequired[str]
    """An hour or more a day, UTC, apart from the maintenance window; a serverless cache takes its
    beginning. Default: `03:00-04:00`."""
    protect: NotRequired[bool]
    """Refuse to delete the cache, its key and its secret. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
