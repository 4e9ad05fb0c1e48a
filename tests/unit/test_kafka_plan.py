"""What a Kafka plan accepts, refuses and derives; no Pulumi involved."""

from typing import cast

import pulumi
import pytest

from components._base.errors import InvalidInput
from components.kafka import KafkaArgs, KafkaSpec, plan_kafka, zone_problems
from components.kafka.args import KafkaMode, KafkaMonitoringLevel
from components.kafka.plan import BrokersPlan
from components.kafka.versions import (
    EXPRESS_SIZES,
    EXPRESS_VERSIONS,
    STANDARD_SIZES,
    STANDARD_VERSIONS,
)

WIRING: dict[str, object] = {
    "vpc_id": "vpc-1",
    "subnet_ids": ["a", "b", "c"],
    "zone_count": 3,
    "clients": {},
}


def args(**given: object) -> KafkaArgs:
    return cast("KafkaArgs", {**WIRING, **given})


def brokers(**given: object) -> BrokersPlan:
    plan = plan_kafka(args(**given))
    assert plan.brokers
    return plan.brokers


def problems(**given: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        plan_kafka(args(**given))
    return [str(problem) for problem in caught.value.problems]


def properties(plan: BrokersPlan) -> dict[str, str]:
    return dict(line.split("=", 1) for line in plan.server_properties.splitlines())


# Defaults


def test_defaults_are_fit_for_production() -> None:
    plan = plan_kafka(args())
    assert (plan.mode, plan.protect, plan.lag_alarms) == (KafkaMode.PROVISIONED, False, {})
    made = plan.brokers
    assert made
    assert (made.version, made.express) == ("4.1.x.kraft", False)
    assert (made.layout.brokers, made.layout.instance_type) == (3, "kafka.m7g.large")
    assert (made.layout.replication_factor, made.layout.min_insync_replicas) == (3, 2)
    assert made.storage
    assert (made.storage.volume_gib, made.storage.largest, made.storage.grows) == (100, 500, True)
    assert made.monitoring_level is KafkaMonitoringLevel.DEFAULT
    assert made.open_monitoring is True
    assert made.log_retention_days == 90


def test_no_setting_of_the_brokers_is_left_to_chance() -> None:
    assert properties(brokers()) == {
        "auto.create.topics.enable": "false",
        "compression.type": "producer",
        "default.replication.factor": "3",
        "log.retention.ms": "604800000",
        "message.max.bytes": "1048588",
        "min.insync.replicas": "2",
        "num.partitions": "3",
        "offsets.retention.minutes": "10080",
        "offsets.topic.replication.factor": "3",
        "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector",
        "transaction.state.log.min.isr": "2",
        "transaction.state.log.replication.factor": "3",
        "unclean.leader.election.enable": "false",
    }


def test_settings_are_written_as_kafka_reads_them() -> None:
    made = properties(
        brokers(
            server_properties={
                "auto_create_topics_enable": True,
                "log_retention_hours": 24,
                "log_retention_bytes": 10**9,
                "compression_type": "zstd",
                "rack_aware_reads": False,
            }
        )
    )
    assert made["auto.create.topics.enable"] == "true"
    assert made["log.retention.ms"] == "86400000"
    assert made["log.retention.bytes"] == "1000000000"
    assert made["compression.type"] == "zstd"
    assert "replica.selector.class" not in made


def test_express_brokers_are_not_told_what_msk_sets_itself() -> None:
    made = brokers(mode="express")
    assert (made.version, made.express, made.storage) == ("4.2.x.kraft", True, None)
    assert made.layout.instance_type == "express.m7g.large"
    assert (made.layout.replication_factor, made.layout.min_insync_replicas) == (3, 2)
    assert set(properties(made)) == {
        "auto.create.topics.enable",
        "compression.type",
        "log.retention.ms",
        "message.max.bytes",
        "num.partitions",
        "offsets.retention.minutes",
        "replica.selector.class",
    }


def test_a_serverless_cluster_has_no_brokers() -> None:
    plan = plan_kafka(args(mode="serverless", zone_count=2, subnet_ids=["a", "b"]))
    assert plan.brokers is None


def test_a_stack_file_needs_no_kafka_settings() -> None:
    assert KafkaSpec.model_validate({}).mode is KafkaMode.PROVISIONED


@pytest.mark.parametrize("mode", list(KafkaMode))
def test_settings_survive_the_way_from_stack_file_to_component(mode: KafkaMode) -> None:
    spec = KafkaSpec.model_validate({"mode": mode.value, "protect": True})
    given = spec.to_args(KafkaArgs, **WIRING)
    assert plan_kafka(given).mode is mode
    assert plan_kafka(given).protect is True


# Versions and sizes


@pytest.mark.parametrize("version", [*STANDARD_VERSIONS, *EXPRESS_VERSIONS])
def test_every_version_keeps_its_metadata_in_kraft(version: str) -> None:
    assert version.endswith(".x.kraft")


def test_the_default_is_the_newest_version() -> None:
    for versions in (STANDARD_VERSIONS, EXPRESS_VERSIONS):
        assert list(versions) == sorted(versions, reverse=True)


def test_the_smallest_size_is_not_for_kraft() -> None:
    assert "kafka.t3.small" not in STANDARD_SIZES
    assert len(STANDARD_SIZES) == 15
    assert len(EXPRESS_SIZES) == 7


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"version": "3.9.x"},
            (
                "version '3.9.x' is not for mode provisioned; "
                "allowed: 4.1.x.kraft, 4.0.x.kraft, 3.9.x.kraft"
            ),
        ),
        (
            {"mode": "express", "version": "4.1.x.kraft"},
            "version '4.1.x.kraft' is not for mode express; allowed: 4.2.x.kraft, 3.9.x.kraft",
        ),
        (
            {"instance_type": "kafka.m7.large"},
            (
                "instance_type 'kafka.m7.large' is not for mode provisioned; "
                "did you mean 'kafka.m7g.large'?"
            ),
        ),
        (
            {"mode": "express", "instance_type": "kafka.m7g.large"},
            (
                "instance_type 'kafka.m7g.large' is not for mode express; "
                "did you mean 'express.m7g.large'?"
            ),
        ),
    ],
)
def test_a_mode_has_its_versions_and_sizes(given: dict[str, object], expected: str) -> None:
    assert problems(**given) == [expected]


# Modes


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"mode": "serverless", "brokers": 3, "topics": {}, "open_monitoring": False},
            "mode serverless has no brokers, topics, open_monitoring; leave them out",
        ),
        (
            {"mode": "express", "storage": {"volume_gib": 100}},
            "mode express has no storage: MSK grows it by itself",
        ),
        (
            {"mode": "express", "server_properties": {"min_insync_replicas": 1}},
            "server_properties.min_insync_replicas is MSK's to set in mode express",
        ),
        (
            {"mode": "express", "topics": {"a": {"replication_factor": 2}}},
            "topics.a: replicas are MSK's to set in mode express",
        ),
        (
            {"mode": "express", "topics": {"a": {"config": {"min.insync.replicas": 1}}}},
            "topics.a: replicas are MSK's to set in mode express",
        ),
        (
            {"mode": "express", "zone_count": 2},
            "mode express needs 3 zones, not 2",
        ),
        ({"mode": "cluster"}, None),
    ],
)
def test_what_a_mode_has_not_is_refused(given: dict[str, object], expected: str | None) -> None:
    allowed = "allowed: 'provisioned', 'express' or 'serverless'"
    assert problems(**given) == [expected or f"mode: 'cluster' is not valid: {allowed}"]


# Brokers and replicas over zones


@pytest.mark.parametrize(
    ("zones", "given", "replicas", "minimum"),
    [
        (3, {}, 3, 2),
        (2, {}, 2, 1),
        (2, {"default_replication_factor": 3}, 3, 1),
        (2, {"default_replication_factor": 4}, 4, 2),
        (3, {"default_replication_factor": 2}, 2, 1),
    ],
)
def test_what_is_left_when_a_zone_is_lost_can_still_be_written(
    zones: int, given: dict[str, int], replicas: int, minimum: int
) -> None:
    layout = brokers(zone_count=zones, brokers=2 * zones, server_properties=given).layout
    assert (layout.replication_factor, layout.min_insync_replicas) == (replicas, minimum)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"brokers": 4}, "brokers 4 is no multiple of 3 zones; 3 or 6 would be"),
        ({"brokers": 2}, "brokers 2 is no multiple of 3 zones; 3 would be"),
        (
            {"server_properties": {"default_replication_factor": 4}},
            "server_properties.default_replication_factor 4 is more than 3 brokers",
        ),
        (
            {"server_properties": {"min_insync_replicas": 3}},
            (
                "server_properties.min_insync_replicas 3 is too many for 3 replicas in 3 zones: "
                "the loss of a zone leaves 2, and nothing can be written; 2 or less"
            ),
        ),
        (
            {
                "zone_count": 2,
                "brokers": 4,
                "server_properties": {"default_replication_factor": 3, "min_insync_replicas": 2},
            },
            (
                "server_properties.min_insync_replicas 2 is too many for 3 replicas in 2 zones: "
                "the loss of a zone leaves 1, and nothing can be written; 1 or less"
            ),
        ),
        (
            {"topics": {"orders": {"replication_factor": 4}}},
            "topics.orders.replication_factor 4 is more than 3 brokers",
        ),
        (
            {"topics": {"orders": {"replication_factor": 2}}},
            (
                "topics.orders: min.insync.replicas 2 is too many for 2 replicas in 3 zones: "
                "the loss of a zone leaves 1, and nothing can be written; 1 or less"
            ),
        ),
        (
            {"topics": {"orders": {"config": {"min.insync.replicas": 3}}}},
            (
                "topics.orders: min.insync.replicas 3 is too many for 3 replicas in 3 zones: "
                "the loss of a zone leaves 2, and nothing can be written; 2 or less"
            ),
        ),
        (
            {"topics": {"orders": {"partitions": 1501}}},
            (
                "topics have 1501 partitions per broker, replicas included; "
                "kafka.m7g.large bears 1500"
            ),
        ),
    ],
)
def test_brokers_and_replicas_fit_the_zones(given: dict[str, object], expected: str) -> None:
    assert problems(**given) == [expected]


def test_as_many_partitions_as_the_brokers_bear_are_taken() -> None:
    assert brokers(topics={"orders": {"partitions": 1500}}).layout.topics["orders"].partitions


def test_the_zones_can_be_checked_for_a_stack_file() -> None:
    spec = KafkaSpec.model_validate({"brokers": 3})
    assert zone_problems(spec, 3) == []
    assert zone_problems(spec, 2) == ["brokers 3 is no multiple of 2 zones; 2 or 4 would be"]


@pytest.mark.parametrize("zones", [1, 4])
def test_msk_takes_two_or_three_zones(zones: int) -> None:
    (problem,) = problems(zone_count=zones)
    assert problem.startswith(f"zone_count: {zones} is not valid: ")


def test_zones_are_counted_before_anything_is_made() -> None:
    assert problems(zone_count=pulumi.Output.from_input(3))[0].startswith(
        "zone_count: must be a plain value, not a Pulumi output"
    )


# Storage


@pytest.mark.parametrize(
    ("storage", "largest", "grows"),
    [
        ({}, 500, True),
        ({"volume_gib": 50, "max_volume_gib": 50}, 50, False),
        ({"volume_gib": 16000}, 16384, True),
        ({"volume_gib": 200.0, "max_volume_gib": 300.0}, 300, True),
    ],
)
def test_disks_grow_to_their_maximum(storage: dict[str, object], largest: int, grows: bool) -> None:
    made = brokers(storage=storage).storage
    assert made
    assert (made.largest, made.grows) == (largest, grows)


def test_a_disk_does_not_shrink() -> None:
    assert problems(storage={"volume_gib": 100, "max_volume_gib": 50}) == [
        "storage: max_volume_gib 50 is less than volume_gib 100"
    ]


# Topics


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".", "'.' names no topic: 1 to 249 letters, digits, '.', '_' and '-' allowed"),
        ("a b", "'a b' names no topic: 1 to 249 letters, digits, '.', '_' and '-' allowed"),
        ("é", "'é' names no topic: 1 to 249 letters, digits, '.', '_' and '-' allowed"),
        ("orders*", "'orders*' names no topic: 1 to 249 letters, digits, '.', '_' and '-' allowed"),
        (
            "__consumer_offsets",
            "'__consumer_offsets' is for Kafka itself: names may not start with '__'",
        ),
    ],
)
def test_topics_are_named_as_kafka_allows(name: str, expected: str) -> None:
    assert problems(topics={name: {}}) == [f"topics: {expected}"]


def test_a_name_may_be_as_long_as_kafka_allows() -> None:
    assert "a" * 249 in brokers(topics={"a" * 249: {}}).layout.topics
    assert len(problems(topics={"a" * 250: {}})) == 1


def test_topics_that_share_their_metrics_are_refused() -> None:
    assert problems(topics={"order.placed": {}, "order_placed": {}}) == [
        "topics: 'order.placed' and 'order_placed' share their metrics: '.' and '_' are the same"
    ]


def test_settings_of_a_topic_become_text() -> None:
    """MSK gives them back as text: a number would differ at each `up`."""
    config = {"retention.ms": 86400000, "preallocate": True, "segment.ms": 1000.0}
    topic = brokers(topics={"orders": {"partitions": 12, "config": config}}).layout.topics["orders"]
    assert topic.config == {
        "retention.ms": "86400000",
        "preallocate": "true",
        "segment.ms": "1000",
    }
    assert (topic.partitions, topic.replication_factor) == (12, 3)


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (
            {"config": {"retention.sm": "1"}},
            "topics.a.config: retention.sm is no setting of a topic; did you mean 'retention.ms'?",
        ),
        (
            {"config": {"min.insync.replicas": "two"}},
            "topics.a.config: min.insync.replicas 'two' is no number of 1 or more",
        ),
        (
            {"config": {"remote.storage.enable": True}},
            "topics.a: remote.storage.enable needs storage.tiered",
        ),
        ({"partition": 3}, "topics.a.partition: unknown key; did you mean 'partitions'?"),
    ],
)
def test_wrong_topics_are_refused(topic: dict[str, object], expected: str) -> None:
    assert problems(topics={"a": topic}) == [expected]


@pytest.mark.parametrize(
    "topic", [{"partitions": 0}, {"replication_factor": 1}, {"config": {"retention.ms": None}}]
)
def test_values_of_a_topic_are_within_bounds(topic: dict[str, object]) -> None:
    (problem,) = problems(topics={"a": topic})
    assert problem.startswith("topics.a.")


def test_an_unclean_election_can_not_be_asked_for() -> None:
    (problem,) = problems(topics={"a": {"config": {"unclean.leader.election.enable": "true"}}})
    assert problem.startswith("topics.a.config: unclean.leader.election.enable is no setting")


# Alarms of consumers


def test_a_group_is_watched_on_topics_that_exist() -> None:
    lag = {"late": {"group": "billing", "topic": "order"}}
    assert problems(topics={"orders": {}}, lag_alarms=lag) == [
        "lag_alarms.late: there is no topic 'order'; did you mean 'orders'?"
    ]
    assert plan_kafka(args(mode="serverless", lag_alarms=lag)).lag_alarms["late"].topic == "order"


def test_an_alarm_has_a_short_name() -> None:
    lag = {"Too Late": {"group": "billing", "topic": "orders"}}
    assert problems(topics={"orders": {}}, lag_alarms=lag) == [
        "lag_alarms: no short names of small letters, digits and hyphens: Too Late"
    ]


def test_all_problems_are_told_at_once() -> None:
    assert problems(
        verison="4.1.x.kraft",
        brokers=61,
        broker_log_retention_days=8,
        server_properties={"message_max_byte": 2},
        storage={"target_percent": 90},
    ) == [
        "verison: unknown input; did you mean 'version'?",
        "brokers: 61 is not valid: less than or equal to 60",
        "storage.target_percent: 90 is not valid: less than or equal to 80",
        "server_properties.message_max_byte: unknown key; did you mean 'message_max_bytes'?",
        (
            "broker_log_retention_days: 8 is not valid: allowed days: 1, 3, 5, 7, 14, 30, 60, 90, "
            "120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
        ),
    ]
