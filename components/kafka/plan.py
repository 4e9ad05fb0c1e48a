"""What a `Kafka` will make, computed before anything is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from components._base.spec import read_spec
from components.kafka.args import KafkaArgs, KafkaMode, KafkaMonitoringLevel
from components.kafka.layout import Layout, layout_of, zone_problems
from components.kafka.spec import (
    VERSIONS,
    KafkaLagAlarmSpec,
    KafkaServerPropertiesSpec,
    KafkaSpec,
    KafkaStorageSpec,
)

DEFAULT_BROKER_LOG_DAYS = 90

RACK_AWARE = "org.apache.kafka.common.replica.RackAwareReplicaSelector"
"""Reads from the replica in the consumer's own zone, KIP-392."""

MS_PER_HOUR = 3_600_000


@dataclass(frozen=True)
class BrokersPlan:
    """Brokers, standard or express, with nothing left to default."""

    version: str
    express: bool
    layout: Layout
    storage: KafkaStorageSpec | None
    """Of standard brokers."""
    server_properties: str
    """As MSK takes them: a line for each."""
    monitoring_level: KafkaMonitoringLevel
    open_monitoring: bool
    log_retention_days: int


@dataclass(frozen=True)
class KafkaPlan:
    """A Kafka cluster and what comes with it."""

    mode: KafkaMode
    zone_count: int
    brokers: BrokersPlan | None
    """None: serverless."""
    lag_alarms: Mapping[str, KafkaLagAlarmSpec]
    protect: bool


class KafkaInZonesSpec(KafkaSpec):
    """A `KafkaSpec` together with the network that it will live in."""

    zone_count: int = Field(ge=2, le=3)
    """Zones of the subnets, 2 or 3: what MSK takes."""

    def problems(self) -> Sequence[str]:
        """Return what does not fit together, zones included."""
        return [*super().problems(), *zone_problems(self, self.zone_count)]


def plan_kafka(args: KafkaArgs, owner: str = "Kafka") -> KafkaPlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    spec = read_spec(KafkaInZonesSpec, KafkaArgs, args, owner)
    return KafkaPlan(
        mode=spec.mode,
        zone_count=spec.zone_count,
        brokers=None if spec.mode is KafkaMode.SERVERLESS else _brokers(spec),
        lag_alarms=spec.lag_alarms,
        protect=spec.protect,
    )


def _brokers(spec: KafkaInZonesSpec) -> BrokersPlan:
    express = spec.mode is KafkaMode.EXPRESS
    layout = layout_of(spec, spec.zone_count)
    return BrokersPlan(
        version=spec.version or VERSIONS[spec.mode][0],
        express=express,
        layout=layout,
        storage=None if express else spec.storage or KafkaStorageSpec(),  # pyright: ignore[reportCallIssue]
        server_properties=_server_properties(spec, layout),
        monitoring_level=spec.monitoring_level or KafkaMonitoringLevel.DEFAULT,
        open_monitoring=spec.open_monitoring is not False,
        log_retention_days=spec.broker_log_retention_days or DEFAULT_BROKER_LOG_DAYS,
    )


def _server_properties(spec: KafkaSpec, layout: Layout) -> str:
    """Return the settings, sorted, so that equal ones never make a revision.

    What is allowed:
    https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html and
    https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-write.html
    """
    own = spec.server_properties or KafkaServerPropertiesSpec()  # pyright: ignore[reportCallIssue]
    settings: dict[str, object] = {
        "auto.create.topics.enable": own.auto_create_topics_enable,
        "compression.type": own.compression_type.value,
        "log.retention.ms": own.log_retention_hours * MS_PER_HOUR,
        "message.max.bytes": own.message_max_bytes,
        "num.partitions": own.num_partitions,
        "offsets.retention.minutes": own.offsets_retention_minutes,
    }
    if own.log_retention_bytes is not None:
        settings["log.retention.bytes"] = own.log_retention_bytes
    if own.rack_aware_reads:
        settings["replica.selector.class"] = RACK_AWARE
    if spec.mode is KafkaMode.PROVISIONED:
        settings |= {
            "default.replication.factor": layout.replication_factor,
            "min.insync.replicas": layout.min_insync_replicas,
            "offsets.topic.replication.factor": layout.replication_factor,
            "transaction.state.log.min.isr": layout.min_insync_replicas,
            "transaction.state.log.replication.factor": layout.replication_factor,
            # a replica that lags behind must not become leader: acknowledged records would be lost
            "unclean.leader.election.enable": False,
        }
    return "".join(f"{key}={_written(value)}\n" for key, value in sorted(settings.items()))


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
