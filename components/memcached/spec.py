"""The structural inputs of a `Memcached`, checked."""

from pydantic import Field, field_validator

from components._base.node_types import CacheNodeType
from components._base.spec import Spec
from components._base.windows import WeeklyWindow

VERSIONS = ("1.6.22", "1.6.17", "1.6.12")
"""Newest first; TLS needs 1.6.12.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions-mc.html (2026-11)
"""

MOST_NODES = 40
"""Per cluster, until AWS is asked for more.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html (2026-11)
"""


class MemcachedSpec(Spec):
    """A cache of Memcached: keys and values in memory, and nothing else."""

    engine_version: str = VERSIONS[0]
    """A change empties the cache."""
    node_type: CacheNodeType = "cache.m7g.large"
    """Two vCPUs and 6 GiB by default; a change makes another cache."""
    nodes: int = Field(3, ge=1, le=MOST_NODES)
    """Number of nodes, over all zones."""
    parameters: dict[str, str] = Field(default_factory=dict[str, str])
    """Parameters of the engine, by name."""
    maintenance_window: WeeklyWindow = "sun:04:30-sun:05:30"
    """An hour or more a week, UTC."""
    apply_immediately: bool = True
    """Change the cache when `up` says so, not in the next maintenance window."""
    protect: bool = False
    """Refuse to delete the cache."""

    @field_validator("engine_version")
    @classmethod
    def _known(cls, version: str) -> str:
        if version not in VERSIONS:
            raise ValueError(f"not known here; known versions: {', '.join(VERSIONS)}")
        return version
