"""What a `Cache` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.names import check_name
from components._base.spec import read_spec
from components.cache.args import CacheArgs, CacheAuth, CacheClusterMode, CacheEngine
from components.cache.spec import CacheNodesSpec, CacheServerlessSpec, CacheSpec
from components.cache.versions import VERSIONS, family_of, major_of

ID_LIMIT = 40
"""Letters of the ids of users, user groups, replication groups and serverless caches, which are
small letters, digits and hyphens.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(2026-11)
"""

PORT = 6379
SERVERLESS_READER_PORT = 6380
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/set-up.html (2026-11)"""


@dataclass(frozen=True)
class Passwords:
    """The versions of the application user's password that are good."""

    current: int
    previous: int | None


@dataclass(frozen=True)
class CachePlan:
    """A cache, its engine and who may use it."""

    engine: CacheEngine
    major: str
    version: str
    """The minor version to create."""
    pinned: bool
    """Whether the minor version stays; else AWS upgrades it, and it is AWS's from then on."""
    family: str
    auth: CacheAuth
    access_string: str
    passwords: Passwords | None
    """None with IAM auth."""
    deployment: CacheNodesSpec | CacheServerlessSpec
    snapshot_retention_days: int
    snapshot_window: str
    protect: bool

    @property
    def reader_port(self) -> int:
        """Where replicas are read."""
        serverless = isinstance(self.deployment, CacheServerlessSpec)
        return SERVERLESS_READER_PORT if serverless else PORT


@dataclass(frozen=True)
class Topology:
    """How many nodes there are, and what follows from it."""

    shards: int
    replicas: int
    mode: CacheClusterMode

    @property
    def nodes(self) -> int:
        """Nodes in all."""
        return self.shards * (1 + self.replicas)

    @property
    def multi_az(self) -> bool:
        """Whether the nodes of a shard are in several zones."""
        return self.replicas > 0

    @property
    def automatic_failover(self) -> bool:
        """Whether a replica takes over; with cluster mode AWS wants it said in any case."""
        return self.multi_az or self.clustered

    @property
    def clustered(self) -> bool:
        """Whether the engine runs with its cluster protocol on."""
        return self.mode is not CacheClusterMode.DISABLED


def topology(nodes: CacheNodesSpec) -> Topology:
    """Return how many nodes `nodes` ask for, and what follows from it."""
    return Topology(nodes.shards, nodes.replicas, nodes.cluster_mode)


def plan_cache(args: CacheArgs, owner: str = "Cache", name: str = "cache") -> CachePlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    check_name(name, owner)
    spec = read_spec(CacheSpec, CacheArgs, args, owner)
    version = spec.version
    minors = VERSIONS[spec.engine][major_of(version)]
    return CachePlan(
        engine=spec.engine,
        major=major_of(version),
        version=version if version in minors else minors[0],
        pinned=version in minors,
        family=family_of(spec.engine, version),
        auth=spec.auth,
        access_string=spec.access_string,
        passwords=_passwords(spec),
        deployment=spec.serverless or spec.nodes_or_default,
        snapshot_retention_days=spec.snapshot_retention_days,
        snapshot_window=spec.snapshot_window,
        protect=spec.protect,
    )


def _passwords(spec: CacheSpec) -> Passwords | None:
    if spec.auth is CacheAuth.IAM:
        return None
    current = spec.password_version
    return Passwords(current, current - 1 if current > 1 else None)
