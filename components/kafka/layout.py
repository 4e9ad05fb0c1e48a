"""Brokers and replicas over zones: what is left to choose, and whether it bears the loss of one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from components.kafka.args import KafkaMode
from components.kafka.spec import SIZES, KafkaSpec

EXPRESS_REPLICAS, EXPRESS_MIN_INSYNC, EXPRESS_ZONES = 3, 2, 3
"""https://docs.aws.amazon.com/msk/latest/developerguide/msk-broker-types-express.html and
https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-only.html
(2026-11)"""

MOST_REPLICAS = 3
"""By default: what two lost brokers leave readable, at three times the storage."""


@dataclass(frozen=True)
class TopicPlan:
    """One topic as it will be."""

    partitions: int
    replication_factor: int
    config: Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """Brokers and replicas, with nothing left to default."""

    zones: int
    brokers: int
    instance_type: str
    replication_factor: int
    min_insync_replicas: int
    topics: Mapping[str, TopicPlan]


def layout_of(spec: KafkaSpec, zones: int) -> Layout:
    """Return what `spec` asks for over `zones` zones; not for serverless."""
    properties, express = spec.server_properties, spec.mode is KafkaMode.EXPRESS
    replicas = properties.default_replication_factor if properties else None
    minimum = properties.min_insync_replicas if properties else None
    replicas = EXPRESS_REPLICAS if express else replicas or min(MOST_REPLICAS, zones)
    minimum = EXPRESS_MIN_INSYNC if express else minimum or max(1, _left(replicas, zones))
    return Layout(
        zones=zones,
        brokers=spec.brokers or zones,
        instance_type=spec.instance_type or next(iter(SIZES[spec.mode])),
        replication_factor=replicas,
        min_insync_replicas=minimum,
        topics={
            name: TopicPlan(topic.partitions, topic.replication_factor or replicas, topic.config)
            for name, topic in (spec.topics or {}).items()
        },
    )


def zone_problems(spec: KafkaSpec, zones: int) -> Sequence[str]:
    """Return what is wrong with `spec` in a network of `zones` zones, keys as in Python."""
    if spec.mode is KafkaMode.SERVERLESS:
        return []
    layout = layout_of(spec, zones)
    problems = list(_broker_problems(layout))
    if spec.mode is KafkaMode.EXPRESS:
        if zones != EXPRESS_ZONES:
            problems.append(f"mode express needs {EXPRESS_ZONES} zones, not {zones}")
    elif not problems:  # else the number of brokers is not the one that is meant
        problems += _replica_problems(spec, layout)
    problems += _partition_problems(spec, layout)
    return problems


def _broker_problems(layout: Layout) -> Iterator[str]:
    zones, brokers = layout.zones, layout.brokers
    if brokers % zones:
        less, more = brokers // zones * zones, ceil(brokers / zones) * zones
        allowed = f"{less} or {more}" if less else str(more)
        yield f"brokers {brokers} is no multiple of {zones} zones; {allowed} would be"


def _replica_problems(spec: KafkaSpec, layout: Layout) -> Iterator[str]:
    prefix = "server_properties."
    yield from _copies(
        layout,
        layout.replication_factor,
        layout.min_insync_replicas,
        f"{prefix}default_replication_factor",
        f"{prefix}min_insync_replicas",
    )
    for name, topic in (spec.topics or {}).items():
        own = topic.min_insync_replicas
        if topic.replication_factor is None and own is None:
            continue  # the brokers' own, which are judged above
        yield from _copies(
            layout,
            topic.replication_factor or layout.replication_factor,
            own or layout.min_insync_replicas,
            f"topics.{name}.replication_factor",
            f"topics.{name}: min.insync.replicas",
        )


def _copies(
    layout: Layout, replicas: int, minimum: int, replicas_key: str, minimum_key: str
) -> Iterator[str]:
    if replicas > layout.brokers:
        yield f"{replicas_key} {replicas} is more than {layout.brokers} brokers"
        return
    left = _left(replicas, layout.zones)
    if minimum > left:
        yield (
            f"{minimum_key} {minimum} is too many for {replicas} replicas in {layout.zones} "
            f"zones: the loss of a zone leaves {left}, and nothing can be written; {left} or less"
        )


def _left(replicas: int, zones: int) -> int:
    """Return how many replicas the loss of a zone leaves at least; Kafka spreads them evenly."""
    return replicas - ceil(replicas / zones)


def _partition_problems(spec: KafkaSpec, layout: Layout) -> Iterator[str]:
    size = SIZES[spec.mode].get(layout.instance_type)
    if not size:
        return  # told already
    copies = sum(t.partitions * t.replication_factor for t in layout.topics.values())
    each = ceil(copies / layout.brokers)
    if each > size.most_partitions:
        yield (
            f"topics have {each} partitions per broker, replicas included; "
            f"{layout.instance_type} bears {size.most_partitions}"
        )
