"""What a service or a worker declares, as far as it decides what its dashboard shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Objective:
    """What a service promises: its `slo` (components/service/slo.py), as parts of one."""

    availability: float
    """Part of the requests that do not fail, e.g. 0.999."""
    latency_seconds: float = 0
    """How long a request may take; 0: nothing is promised. One of the runtime's buckets."""
    latency_share: float = 0.99
    """Part of the requests that take no longer."""
    days: int = 30
    """Over which it is counted."""


@dataclass(frozen=True)
class Declared:
    """A service or a worker."""

    name: str
    worker: bool = False
    """It serves no requests."""
    public: bool = False
    """The gateway shows it to the outside world."""
    objective: Objective | None = None
    cache: bool = False
    search: bool = False
    tables: tuple[str, ...] = ()
    rabbitmq: bool = False
    produces: tuple[str, ...] = ()
    """Topics that it writes to."""
    consumes: tuple[str, ...] = ()
    """Topics that it reads."""
    group: str = ""
    """Its consumer group."""
    calls: tuple[str, ...] = ()
    """Services that it calls."""
    queue: str = ""
    """Queue that a worker works through."""

    @property
    def dependencies(self) -> tuple[str, ...]:
        """Names under which the runtime counts its calls of others."""
        kinds = {
            "cache": self.cache,
            "kafka": bool(self.produces or self.consumes),
            "search": self.search,
            "tables": bool(self.tables),
        }
        return (*(name for name, used in kinds.items() if used), *self.calls)
