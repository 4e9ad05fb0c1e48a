"""What a `Kafka` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class KafkaMode(str, Enum):
    """Who runs what of the cluster."""

    PROVISIONED = "provisioned"
    """Standard brokers: sizes, disks and server properties are yours."""
    EXPRESS = "express"
    """Express brokers: storage grows by itself, three replicas always, three zones needed."""
    SERVERLESS = "serverless"
    """No brokers to size. Fewer features: no topics as resources, no logs, AWS's own key."""


class KafkaMonitoringLevel(str, Enum):
    """How fine the CloudWatch metrics are. The alarms need no more than the default, which is free.

    https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html (2026-11)
    """

    DEFAULT = "default"
    """The essential ones of each broker."""
    PER_BROKER = "perBroker"
    """More of each broker."""
    PER_TOPIC_PER_BROKER = "perTopicPerBroker"
    """Of each topic on each broker."""
    PER_TOPIC_PER_PARTITION = "perTopicPerPartition"
    """Of each partition."""


class KafkaCompression(str, Enum):
    """How brokers store records."""

    PRODUCER = "producer"
    """As the producer sent them."""
    UNCOMPRESSED = "uncompressed"
    """Not compressed."""
    GZIP = "gzip"
    """With gzip."""
    SNAPPY = "snappy"
    """With Snappy."""
    LZ4 = "lz4"
    """With LZ4."""
    ZSTD = "zstd"
    """With Zstandard."""


class KafkaStorageArgs(TypedDict):
    """The disk of each standard broker."""

    volume_gib: NotRequired[int]
    """GiB of encrypted EBS per broker, 10 to 16384. It can grow, never shrink. Default: 100."""
    max_volume_gib: NotRequired[int]
    """Up to how many GiB MSK grows the disk by itself. Equal to `volume_gib`: it does not.
    Default: five times `volume_gib`."""
    target_percent: NotRequired[int]
    """How full a disk may be on average before it grows, 10 to 80. Default: 60."""
    tiered: NotRequired[bool]
    """Move old segments of topics with `remote.storage.enable` to cheaper storage. It can't be
    turned off again. Default: false."""


class KafkaServerPropertiesArgs(TypedDict):
    """Settings of the brokers, by their names in Apache Kafka; a change makes a new revision."""

    auto_create_topics_enable: NotRequired[bool]
    """Let clients create topics by naming them. Default: false."""
    default_replication_factor: NotRequired[int]
    """Copies of each record, 2 or more; not for express, where it is 3. Default: 3, or 2 in two
    zones."""
    min_insync_replicas: NotRequired[int]
    """Copies that must have a record before its producer is told so; not for express, where it is
    2. Default: as many as are left when one zone is lost."""
    num_partitions: NotRequired[int]
    """Partitions of topics that are created without naming a number. Default: 3."""
    log_retention_hours: NotRequired[int]
    """Hours until a record is deleted. Default: 168."""
    log_retention_bytes: NotRequired[int]
    """Bytes of a partition beyond which old records are deleted. Default: no limit."""
    message_max_bytes: NotRequired[int]
    """Greatest record batch. Default: 1048588, as in Apache Kafka."""
    compression_type: NotRequired[KafkaCompression]
    """How records are stored. Default: producer."""
    offsets_retention_minutes: NotRequired[int]
    """Minutes until the offsets of a group without members are forgotten. Default: 10080."""
    rack_aware_reads: NotRequired[bool]
    """Let consumers that name their zone (`client.rack`) read there: cheaper. Default: true."""


class KafkaTopicArgs(TypedDict):
    """One topic."""

    partitions: NotRequired[int]
    """Number of partitions. It can grow, never shrink, and keys then move. Default: 3."""
    replication_factor: NotRequired[int]
    """Copies of each record, 2 or more. It can't be changed. Default: the brokers' own."""
    config: NotRequired[Mapping[str, str]]
    """Settings that differ from the brokers', by their names in Apache Kafka, e.g.
    `retention.ms: "86400000"`. Default: none."""


class KafkaLagAlarmArgs(TypedDict):
    """When a consumer group is too far behind."""

    group: str
    """Consumer group."""
    topic: str
    """Topic that it reads."""
    max_records: NotRequired[int]
    """Alarm when more records than these wait in all partitions together. Default: 10000."""


class KafkaArgs(TypedDict):
    """Inputs of `Kafka`."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets for the brokers, one in each of `zone_count` zones. Later changes replace the
    cluster."""
    zone_count: int
    """How many zones `subnet_ids` are in, 2 or 3: brokers and replicas are counted by it."""
    clients: Mapping[str, pulumi.Input[str]]
    """Security groups that may connect, by the name of who is behind them, e.g. `cluster`."""
    scrapers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Security groups that may read the brokers' Prometheus metrics, likewise. Default: none."""
    mode: NotRequired[KafkaMode]
    """Who runs what. A change replaces the cluster. Default: provisioned."""
    version: NotRequired[str]
    """Kafka version, e.g. `4.1.x.kraft`; upgrades are in place, and there is no way back. Default:
    the newest that the mode has."""
    brokers: NotRequired[int]
    """Number of brokers in all, a multiple of `zone_count`. Default: one in each zone."""
    instance_type: NotRequired[str]
    """Of the brokers. Default: kafka.m7g.large, or express.m7g.large."""
    storage: NotRequired[KafkaStorageArgs]
    """The disk of each standard broker. Default: 100 GiB that grow to 500."""
    server_properties: NotRequired[KafkaServerPropertiesArgs]
    """Settings of the brokers. Default: those of each setting."""
    topics: NotRequired[Mapping[str, KafkaTopicArgs]]
    """Topics by name. Default: none."""
    lag_alarms: NotRequired[Mapping[str, KafkaLagAlarmArgs]]
    """Consumer groups to watch, by a short name for each alarm. Default: none."""
    monitoring_level: NotRequired[KafkaMonitoringLevel]
    """How fine the CloudWatch metrics are. Default: default."""
    open_monitoring: NotRequired[bool]
    """Serve Prometheus metrics of Kafka (port 11001) and of the hosts (11002). Default: true."""
    broker_log_retention_days: NotRequired[int]
    """Days until a broker log record is deleted, one of those that CloudWatch Logs takes.
    Default: 90."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of alarms. Default: nobody is told."""
    protect: NotRequired[bool]
    """Refuse to delete the cluster, its topics, its key and its logs. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
