"""Topics: how they may be named and set."""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from components._base.errors import nearest
from components._base.spec import Spec

NAME = re.compile(r"(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}", re.ASCII)
"""Apache Kafka's rule, org.apache.kafka.common.internals.Topic (4.1)."""

INTERNAL = "__"
"""How Kafka's and MSK's own topics begin."""

CONFIGS = frozenset(
    {
        *("cleanup.policy", "compression.type", "compression.gzip.level", "compression.lz4.level"),
        *("compression.zstd.level", "delete.retention.ms", "file.delete.delay.ms"),
        *("flush.messages", "flush.ms", "index.interval.bytes", "local.retention.bytes"),
        *("local.retention.ms", "max.compaction.lag.ms", "max.message.bytes"),
        *("message.timestamp.after.max.ms", "message.timestamp.before.max.ms"),
        *("message.timestamp.type", "min.cleanable.dirty.ratio", "min.compaction.lag.ms"),
        *("min.insync.replicas", "preallocate", "remote.storage.enable", "retention.bytes"),
        *("retention.ms", "segment.bytes", "segment.index.bytes", "segment.jitter.ms"),
        "segment.ms",
    }
)
"""Settings of a topic, https://kafka.apache.org/documentation/#topicconfigs (4.1, 2026-11).

Without `unclean.leader.election.enable`, which loses records that were acknowledged.
"""

MIN_INSYNC = "min.insync.replicas"
REMOTE_STORAGE = "remote.storage.enable"


def _as_kafka_writes(value: object) -> object:
    """Take a number or a boolean of a stack file; MSK gives them back as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float) else value


class KafkaTopicSpec(Spec):
    """One topic."""

    partitions: int = Field(3, ge=1, le=32000)
    """Number of partitions; it can grow, never shrink."""
    replication_factor: int | None = Field(None, ge=2)
    """Copies of each record; default: the brokers' own. It can't be changed."""
    config: dict[str, Annotated[str, BeforeValidator(_as_kafka_writes)]] = Field(
        default_factory=dict[str, str]
    )
    """Settings that differ from the brokers', by their names in Apache Kafka."""

    @field_validator("config")
    @classmethod
    def _known(cls, config: dict[str, str]) -> dict[str, str]:
        for key in config:
            if key not in CONFIGS:
                raise ValueError(f"{key} is no setting of a topic; {nearest(key, CONFIGS)}")
        minimum = config.get(MIN_INSYNC, "1")
        if not minimum.isascii() or not minimum.isdecimal() or int(minimum) < 1:
            raise ValueError(f"{MIN_INSYNC} {minimum!r} is no number of 1 or more")
        return config

    @property
    def min_insync_replicas(self) -> int | None:
        """The topic's own, if it has one."""
        own = self.config.get(MIN_INSYNC)
        return int(own) if own else None


def name_problems(names: Iterable[str]) -> Sequence[str]:
    """Return what is wrong with topic `names`."""
    problems: list[str] = []
    metrics: dict[str, str] = {}
    for name in names:
        if not NAME.fullmatch(name):
            problems.append(
                f"{name!r} names no topic: 1 to 249 letters, digits, '.', '_' and '-' allowed"
            )
        elif name.startswith(INTERNAL):
            problems.append(f"{name!r} is for Kafka itself: names may not start with '{INTERNAL}'")
        other = metrics.setdefault(name.replace(".", "_"), name)
        if other != name:
            problems.append(f"{other!r} and {name!r} share their metrics: '.' and '_' are the same")
    return problems
