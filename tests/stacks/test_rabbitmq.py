"""RabbitMQ in the real engine: what is an update, and what the guard refuses."""

from collections.abc import Callable, Mapping

import pulumi
import pytest

from components.rabbitmq import RabbitMq, RabbitMqSpec
from components.rabbitmq.args import RabbitMqArgs
from simulator.errors import SimulatorError
from simulator.record import RunRecord
from tests.engine.conftest import Bench

BROKER = "aws:mq/broker:Broker"
CONFIGURATION = "aws:mq/configuration:Configuration"

IN_PLACE: Mapping[str, object] = {
    "instanceType": "mq.m7g.xlarge",
    "consumerTimeoutSeconds": 7200,
    "maintenanceStart": "tue:02:30",
    "logRetentionDays": 30,
}

REFUSED: Mapping[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
    "would replace the broker 'rabbitmq-broker', because of .*deploymentMode": (
        {"mode": "single"},
        {},
    ),
    "would replace the broker 'rabbitmq-broker', because of .*subnetIds": (
        {},
        {"subnet_ids": ["a", "b"]},
    ),
    r"engineVersion: 4\.2 can't be changed to 3\.13 in one step": ({"version": "3.13"}, {}),
}


class Program:
    """A broker, as a stack file has it, and with `changes`."""

    def __init__(self) -> None:
        self.changes: Mapping[str, object] = {}
        self.wiring: Mapping[str, object] = {}

    def __call__(self) -> None:
        wiring = {
            "vpc_id": "vpc",
            "subnet_ids": ["a", "b", "c"],
            "clients": {"cluster": "sg"},
            **self.wiring,
        }
        args = RabbitMqSpec.model_validate(self.changes).to_args(RabbitMqArgs, **wiring)
        pulumi.export("endpoint", RabbitMq("rabbitmq", args).endpoint)


def steps(record: RunRecord, type_: str) -> set[str]:
    """Return what happens to the resources of one type."""
    return {step.operation for step in record.steps() if step.type == type_}


def test_all_but_the_place_is_changed_in_place_and_another_place_is_refused(
    bench: Callable[[str], Bench],
):
    program = Program()
    with bench("local").open(program, policies=()) as session:
        session.up()
        endpoint = session.outputs()["endpoint"]
        assert not session.preview().changed()
        for message, (program.changes, program.wiring) in REFUSED.items():
            with pytest.raises(SimulatorError, match=message):
                session.preview()
        program.wiring = {}

        program.changes = IN_PLACE
        changed = session.up()
        assert steps(changed, BROKER) == {"update"}
        assert steps(changed, CONFIGURATION) == {"update"}
        assert not session.preview().changed()
        program.changes = {**IN_PLACE, "version": "4.3"}
        assert steps(session.preview(), BROKER) == {"update"}
        assert session.outputs()["endpoint"] == endpoint
