"""Kafka on the real engine: what is changed in place, and what would lose data and is refused."""

from collections.abc import Mapping
from typing import cast

import pulumi
import pytest

from components.kafka import Kafka, KafkaArgs
from simulator.cloud.model import Json
from simulator.errors import SimulatorError
from simulator.session import Program, Session
from simulator.timeline import timeline
from tests.engine.conftest import Bench
from tests.stacks.changes import changes

CLUSTER = "aws:msk/cluster:Cluster"
CONFIGURATION = "aws:msk/configuration:Configuration"
TOPIC = "aws:msk/topic:Topic"

TAGS = {"owner": "me", "environment": "local", "project": "test", "managed-by": "pulumi"}


def kafka(**given: object) -> Program:
    """Return a program of one cluster over three zones."""

    def program() -> None:
        args = {
            "vpc_id": "vpc-1",
            "subnet_ids": ["subnet-1", "subnet-2", "subnet-3"],
            "zone_count": 3,
            "clients": {"cluster": "sg-nodes"},
            "version": "4.0.x.kraft",
            "topics": {"orders": {"partitions": 6}},
            "tags": TAGS,
            **given,
        }
        made = Kafka("kafka", cast("KafkaArgs", args))
        pulumi.export("brokers", made.bootstrap_brokers)

    return program


def inputs(session: Session, type_: str) -> Json:
    (own,) = [
        r
        for r in cast("list[Mapping[str, object]]", session.state()["resources"])
        if r["type"] == type_
    ]
    return cast("Json", own["inputs"])


def test_changes_of_brokers_topics_and_properties_are_made_in_place(local: Bench):
    """Field report 21: with the new properties the brokers get the revision that holds them."""
    with local.open(kafka(), policies=()) as session:
        session.up()
        assert cast("Json", inputs(session, CLUSTER)["configurationInfo"])["revision"] == 1
        assert 1200 < timeline(session.state()).seconds < 1800
        brokers = session.outputs()["brokers"]
    changed = kafka(
        version="4.1.x.kraft",
        brokers=6,
        instance_type="kafka.m7g.xlarge",
        server_properties={"log_retention_hours": 24},
        topics={"orders": {"partitions": 12, "config": {"retention.ms": 1000}}},
        broker_log_retention_days=30,
    )
    with local.open(changed, policies=()) as session:
        done = changes(session.up(), "aws")
        updated = {name for name, operation in done.items() if operation == "update"}
        assert updated == {
            "kafka-broker-logs",
            "kafka-cluster",
            "kafka-configuration",
            "kafka-topic-orders",
        }
        created = {name for name, operation in done.items() if operation == "create"}
        assert created == {
            f"kafka-broker-{broker}-{what}"
            for broker in (4, 5, 6)
            for what in ("cpu", "disk", "under-replicated")
        }
        assert set(done.values()) == {"create", "update"}
        assert cast("Json", inputs(session, CLUSTER)["configurationInfo"])["revision"] == 2
        assert "log.retention.ms=86400000" in str(inputs(session, CONFIGURATION))
        assert inputs(session, TOPIC)["partitionCount"] == 12
        assert session.outputs()["brokers"] == brokers
        assert set(session.preview().changes()) == {"same"}


LOSSES: list[tuple[dict[str, object], str]] = [
    (
        {"zone_count": 2, "brokers": 4, "subnet_ids": ["subnet-1", "subnet-2"]},
        r"would replace the broker 'kafka-cluster', because of .*clientSubnets",
    ),
    (
        {"brokers": 6, "topics": {"orders": {"partitions": 6, "replication_factor": 4}}},
        r"would replace the topic 'kafka-topic-orders', because of replicationFactor",
    ),
    ({"topics": {}}, r"would delete the topic 'kafka-topic-orders'"),
    ({"mode": "serverless", "version": None, "topics": None}, "would lose 3 stateful resources"),
]


def test_changes_that_would_lose_records_are_refused(local: Bench):
    with local.open(kafka(), policies=()) as session:
        session.up()
    for given, message in LOSSES:
        with (
            local.open(kafka(**given), policies=()) as session,
            pytest.raises(SimulatorError, match=message),
        ):
            session.preview()


def test_the_policies_have_nothing_against_it_but_that_nobody_uses_it(local: Bench):
    with local.open(kafka(protect=True)) as session:
        record = session.up()
        assert not record.mandatory_violations()
        assert {p.policy_name for p in record.advisories()} == {"kafka-topic-used"}
