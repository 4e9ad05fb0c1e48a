"""The structural inputs of a `Cache`, checked."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator, model_validator

from components._base.logs import RetentionDays
from components._base.node_types import CacheNodeType
from components._base.spec import Spec
from components._base.windows import DailyWindow, WeeklyWindow, overlap
from components.cache.args import CacheAuth, CacheClusterMode, CacheEngine, EvictionPolicy
from components.cache.versions import DEFAULT_MAJOR, VERSIONS, known_versions

MOST_REPLICAS = 5
MOST_NODES = 500
"""Replicas per shard, and nodes per cluster (90 until AWS is asked for more).

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html (2026-11)
"""

EVENT_LETTERS = re.compile(r"[KEAg$lshzxetdmn]*")
"""https://valkey.io/topics/notifications (2026-11)"""

OWN_PARAMETERS = {
    "cluster-enabled": "cluster_mode",
    "maxmemory-policy": "maxmemory_policy",
    "notify-keyspace-events": "keyspace_events",
}
"""Parameters that have a key of their own."""

ALL_BUT_DANGEROUS = "on ~* &* +@all -@dangerous +info"
"""All keys, channels and commands, but those that can empty, block or spy on the cache for others.
Clients ask for INFO when they connect, which counts as dangerous too.

https://valkey.io/topics/acl (2026-11)
"""


PASSWORD_RULE = re.compile(r"[><#!].*|nopass|resetpass")
"""Rules that set or take away a password, https://valkey.io/topics/acl (2026-11)."""


def _quoted(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f'a version is text: write it in quotes, "{value}"')  # noqa: TRY004 - pydantic's
    return value


class CacheNodesSpec(Spec):
    """Nodes of a chosen size."""

    node_type: CacheNodeType = "cache.r7g.large"
    """Two vCPUs and 13 GiB by default."""
    cluster_mode: CacheClusterMode = CacheClusterMode.DISABLED
    """Whether keys are spread over shards."""
    shards: int = Field(1, ge=1, le=MOST_NODES)
    """Number of shards; more than one needs cluster mode."""
    replicas: int = Field(2, ge=0, le=MOST_REPLICAS)
    """Replicas of each shard."""
    multi_az: bool | None = None
    """A statement that is checked against the number of nodes."""
    maxmemory_policy: EvictionPolicy = EvictionPolicy.VOLATILE_LRU
    """What goes when memory is full."""
    keyspace_events: str = ""
    """Events to publish, in the engine's letters."""
    parameters: dict[str, str] = Field(default_factory=dict[str, str])
    """Further parameters of the engine, by name."""
    maintenance_window: WeeklyWindow = "sun:04:30-sun:05:30"
    """An hour or more a week, UTC."""
    log_retention_days: RetentionDays = 30
    """Days until a record of the slow and engine logs is deleted."""
    final_snapshot: bool = False
    """Take a last snapshot when the cache is deleted."""
    apply_immediately: bool = True
    """Change the cache when `up` says so, not in the next maintenance window."""

    @field_validator("keyspace_events")
    @classmethod
    def _letters(cls, events: str) -> str:
        if not EVENT_LETTERS.fullmatch(events):
            raise ValueError("letters of KEAg$lshzxetdmn are allowed")
        if events and not {"K", "E"} & set(events):
            raise ValueError("K (by key) or E (by event) is needed, else nothing is published")
        return events

    @field_validator("parameters")
    @classmethod
    def _not_ours(cls, parameters: dict[str, str]) -> dict[str, str]:
        ours = sorted(OWN_PARAMETERS.keys() & parameters.keys())
        if ours:
            keys = (f"{name} is set by {OWN_PARAMETERS[name]}" for name in ours)
            raise ValueError("; ".join(keys))
        return parameters

    @model_validator(mode="after")
    def _together(self) -> "CacheNodesSpec":
        wrong: list[str] = []
        if self.shards > 1 and self.cluster_mode is not CacheClusterMode.ENABLED:
            wrong.append(f"{self.shards} shards need cluster_mode enabled")
        if self.shards * (1 + self.replicas) > MOST_NODES:
            wrong.append(f"{self.shards * (1 + self.replicas)} nodes; at most {MOST_NODES} allowed")
        if self.multi_az is True and not self.replicas:
            wrong.append("multi_az needs two or more nodes; replicas must be 1 or more")
        if self.multi_az is False and self.replicas:
            wrong.append("more than one node is always Multi-AZ; leave multi_az out, or replicas 0")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


class CacheServerlessSpec(Spec):
    """A cache that grows and shrinks by itself, over all zones."""

    max_gib: int = Field(10, ge=1, le=5000)
    """Most data to keep, in GiB."""
    max_ecpu_per_second: int = Field(10_000, ge=1000, le=15_000_000)
    """Most requests to serve, in ECPU/s."""


class CacheSpec(Spec):
    """A cache of Valkey or Redis: nodes of a chosen size, or serverless."""

    engine: CacheEngine = CacheEngine.VALKEY
    """What the cache runs."""
    engine_version: Annotated[str | None, BeforeValidator(_quoted)] = None
    """A major version, whose minor ones AWS upgrades, or a minor one that stays."""
    auth: CacheAuth = CacheAuth.PASSWORD
    """How the application's user proves who it is."""
    access_string: str = ALL_BUT_DANGEROUS
    """What the application's user may do, in the engine's words."""
    password_version: int = Field(1, ge=1)
    """The only way to another password."""
    nodes: CacheNodesSpec | None = None
    """Nodes of a chosen size: the default."""
    serverless: CacheServerlessSpec | None = None
    """A cache that grows and shrinks by itself."""
    snapshot_retention_days: int = Field(7, ge=0, le=35)
    """Days to keep daily snapshots; 0: none."""
    snapshot_window: DailyWindow = "03:00-04:00"
    """An hour or more a day, UTC."""
    protect: bool = False
    """Refuse to delete the cache, its key and its secret."""

    @field_validator("access_string")
    @classmethod
    def _whole(cls, rules: str) -> str:
        words = rules.split()
        if not words or words[0] != "on":
            raise ValueError("must begin with 'on', for a user who may log in")
        return " ".join(words)  # as AWS stores it

    @model_validator(mode="after")
    def _together(self) -> "CacheSpec":
        wrong: list[str] = []
        if any(PASSWORD_RULE.fullmatch(word) for word in self.access_string.split()):
            # told here, where the value is not repeated
            wrong.append("access_string: passwords are no part of it; see auth")
        if self.nodes and self.serverless:
            wrong.append("nodes and serverless can't be combined; give one of them")
        known = known_versions(self.engine)
        if self.engine_version is not None and self.engine_version not in known:
            allowed = ", ".join(known)
            wrong.append(
                f"engine_version {self.engine_version!r} of {self.engine.value} is not known here;"
                f" known versions: {allowed}"
            )
        elif self.serverless and self.engine_version not in (None, *VERSIONS[self.engine]):
            wrong.append(
                f"engine_version {self.engine_version!r}: of a serverless cache AWS chooses the"
                " minor version; name the major one only"
            )
        maintenance = self.nodes_or_default.maintenance_window
        if not self.serverless and overlap(maintenance, self.snapshot_window):
            wrong.append(
                f"snapshot_window {self.snapshot_window} and the nodes' maintenance window"
                f" {maintenance} overlap"
            )
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def nodes_or_default(self) -> CacheNodesSpec:
        """The nodes that were asked for, or those of a cache that asks for nothing."""
        return self.nodes or CacheNodesSpec()  # pyright: ignore[reportCallIssue] - all defaults

    @property
    def version(self) -> str:
        """The version that was asked for, or the default one."""
        return self.engine_version or DEFAULT_MAJOR[self.engine]
