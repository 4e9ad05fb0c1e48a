"""The structural inputs of a `Kafka`, checked."""

import re
from collections.abc import Mapping, Sequence

from pydantic import Field, field_validator, model_validator

from components._base.errors import nearest
from components._base.logs import RetentionDays
from components._base.spec import Spec
from components.kafka.args import KafkaCompression, KafkaMode, KafkaMonitoringLevel
from components.kafka.topics import REMOTE_STORAGE, KafkaTopicSpec, name_problems
from components.kafka.versions import (
    EXPRESS_SIZES,
    EXPRESS_VERSIONS,
    MOST_BROKERS,
    STANDARD_SIZES,
    STANDARD_VERSIONS,
    BrokerSize,
)

SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)

BROKERS_ONLY = (
    *("version", "brokers", "instance_type", "storage", "server_properties", "topics"),
    *("monitoring_level", "open_monitoring", "broker_log_retention_days"),
)
"""What a serverless cluster has no setting for."""

STANDARD_ONLY = ("default_replication_factor", "min_insync_replicas")
"""Server properties that MSK sets itself on express brokers: 3 and 2.

https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-only.html
(2026-11)
"""

VERSIONS: Mapping[KafkaMode, Sequence[str]] = {
    KafkaMode.PROVISIONED: STANDARD_VERSIONS,
    KafkaMode.EXPRESS: EXPRESS_VERSIONS,
}
SIZES: Mapping[KafkaMode, Mapping[str, BrokerSize]] = {
    KafkaMode.PROVISIONED: STANDARD_SIZES,
    KafkaMode.EXPRESS: EXPRESS_SIZES,
}
"""The first of each mode is its default."""


class KafkaStorageSpec(Spec):
    """The disk of each standard broker."""

    volume_gib: int = Field(100, ge=10, le=16384)
    """GiB of encrypted EBS per broker; it can grow, never shrink."""
    max_volume_gib: int | None = Field(None, ge=10, le=16384)
    """Up to how many GiB MSK grows the disk by itself; default: five times `volume_gib`."""
    target_percent: int = Field(60, ge=10, le=80)
    """How full a disk may be on average before it grows."""
    tiered: bool = False
    """Move old segments of topics with `remote.storage.enable` to cheaper storage, for good."""

    @model_validator(mode="after")
    def _in_order(self) -> "KafkaStorageSpec":
        if self.largest < self.volume_gib:
            raise ValueError(
                f"max_volume_gib {self.largest} is less than volume_gib {self.volume_gib}"
            )
        return self

    @property
    def largest(self) -> int:
        """GiB up to which the disk grows."""
        return self.max_volume_gib or min(5 * self.volume_gib, 16384)

    @property
    def grows(self) -> bool:
        """Whether MSK grows the disk by itself."""
        return self.largest > self.volume_gib


class KafkaServerPropertiesSpec(Spec):
    """Settings of the brokers, by their names in Apache Kafka; a change makes a new revision."""

    auto_create_topics_enable: bool = False
    """Let clients create topics by naming them."""
    default_replication_factor: int | None = Field(None, ge=2)
    """Copies of each record; default: 3, or 2 in two zones."""
    min_insync_replicas: int | None = Field(None, ge=1)
    """Copies that must have a record; default: as many as are left when one zone is lost."""
    num_partitions: int = Field(3, ge=1)
    """Partitions of topics that are created without naming a number."""
    log_retention_hours: int = Field(168, ge=1)
    """Hours until a record is deleted."""
    log_retention_bytes: int | None = Field(None, ge=1)
    """Bytes of a partition beyond which old records are deleted; default: no limit."""
    message_max_bytes: int = Field(1048588, ge=1, le=100 * 1024 * 1024)
    """Greatest record batch; default: as in Apache Kafka."""
    compression_type: KafkaCompression = KafkaCompression.PRODUCER
    """How records are stored."""
    offsets_retention_minutes: int = Field(10080, ge=1)
    """Minutes until the offsets of a group without members are forgotten."""
    rack_aware_reads: bool = True
    """Let consumers that name their zone (`client.rack`) read there."""


class KafkaLagAlarmSpec(Spec):
    """When a consumer group is too far behind."""

    group: str = Field(min_length=1, max_length=255)
    """Consumer group."""
    topic: str
    """Topic that it reads."""
    max_records: int = Field(10000, ge=0)
    """Alarm when more records than these wait in all partitions together."""


class KafkaSpec(Spec):
    """Apache Kafka on Amazon MSK: IAM and TLS only."""

    mode: KafkaMode = KafkaMode.PROVISIONED
    """Who runs what of the cluster; a change replaces it."""
    version: str | None = None
    """Kafka version; default: the newest that the mode has."""
    brokers: int | None = Field(None, ge=2, le=MOST_BROKERS)
    """Number of brokers in all, a multiple of the zones; default: one in each zone."""
    instance_type: str | None = None
    """Of the brokers; default: kafka.m7g.large, or express.m7g.large."""
    storage: KafkaStorageSpec | None = None
    """The disk of each standard broker; default: 100 GiB that grow to 500."""
    server_properties: KafkaServerPropertiesSpec | None = None
    """Settings of the brokers; default: those of each setting."""
    topics: dict[str, KafkaTopicSpec] | None = None
    """Topics by name; default: none."""
    lag_alarms: dict[str, KafkaLagAlarmSpec] = Field(default_factory=dict[str, KafkaLagAlarmSpec])
    """Consumer groups to watch, by a short name for each alarm; default: none."""
    monitoring_level: KafkaMonitoringLevel | None = None
    """How fine the CloudWatch metrics are; default: default, which is free."""
    open_monitoring: bool | None = None
    """Serve Prometheus metrics of Kafka and of the hosts; default: true."""
    broker_log_retention_days: RetentionDays | None = None
    """Days until a broker log record is deleted; default: 90."""
    protect: bool = False
    """Refuse to delete the cluster, its topics, its key and its logs."""

    @field_validator("topics")
    @classmethod
    def _named(cls, topics: dict[str, KafkaTopicSpec] | None) -> dict[str, KafkaTopicSpec] | None:
        wrong = name_problems(topics or {})
        if wrong:
            raise ValueError("; ".join(wrong))
        return topics

    @field_validator("lag_alarms")
    @classmethod
    def _short(cls, alarms: dict[str, KafkaLagAlarmSpec]) -> dict[str, KafkaLagAlarmSpec]:
        wrong = [name for name in alarms if not SHORT_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no short names of small letters, digits and hyphens: {', '.join(wrong)}"
            )
        return alarms

    @model_validator(mode="after")
    def _fit_together(self) -> "KafkaSpec":
        problems = self.problems()
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def problems(self) -> Sequence[str]:
        """Return what does not fit together."""
        return [*self._mode_problems(), *self._topic_problems()]

    def _mode_problems(self) -> Sequence[str]:
        if self.mode is KafkaMode.SERVERLESS:
            given = [key for key in BROKERS_ONLY if getattr(self, key) is not None]
            return [f"mode serverless has no {', '.join(given)}; leave them out"] if given else []
        problems: list[str] = []
        versions, sizes = VERSIONS[self.mode], SIZES[self.mode]
        if self.version and self.version not in versions:
            allowed = ", ".join(versions)
            problems.append(
                f"version {self.version!r} is not for mode {self.mode.value}; allowed: {allowed}"
            )
        if self.instance_type and self.instance_type not in sizes:
            close = nearest(self.instance_type, sizes)
            problems.append(
                f"instance_type {self.instance_type!r} is not for mode {self.mode.value}; {close}"
            )
        if self.mode is KafkaMode.EXPRESS:
            problems += self._express_problems()
        return problems

    def _express_problems(self) -> Sequence[str]:
        properties = self.server_properties or KafkaServerPropertiesSpec()  # pyright: ignore[reportCallIssue]
        fixed = [key for key in STANDARD_ONLY if getattr(properties, key) is not None]
        problems = [f"server_properties.{key} is MSK's to set in mode express" for key in fixed]
        if self.storage:
            problems.append("mode express has no storage: MSK grows it by itself")
        for name, topic in (self.topics or {}).items():
            if topic.replication_factor not in (None, 3) or topic.min_insync_replicas:
                problems.append(f"topics.{name}: replicas are MSK's to set in mode express")
        return problems

    def _topic_problems(self) -> Sequence[str]:
        problems: list[str] = []
        tiered = bool(self.storage and self.storage.tiered)
        for name, topic in (self.topics or {}).items():
            if topic.config.get(REMOTE_STORAGE) == "true" and not tiered:
                problems.append(f"topics.{name}: {REMOTE_STORAGE} needs storage.tiered")
        for name, alarm in self.lag_alarms.items():
            if self.mode is not KafkaMode.SERVERLESS and alarm.topic not in (self.topics or {}):
                known = nearest(alarm.topic, self.topics or {})
                problems.append(f"lag_alarms.{name}: there is no topic {alarm.topic!r}; {known}")
        return problems
