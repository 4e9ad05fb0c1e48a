"""DynamoDB tables in the real engine: what is an update, and what the guard refuses."""

from collections.abc import Callable, Mapping

import pulumi
import pytest

from components.tables import Tables, TablesSpec
from components.tables.args import TablesArgs
from simulator.errors import SimulatorError
from simulator.record import RunRecord
from tests.engine.conftest import Bench

TABLE = "aws:dynamodb/table:Table"

BEFORE: Mapping[str, object] = {
    "hashKey": {"name": "customerId"},
    "rangeKey": {"name": "placedAt", "type": "number"},
    "billing": "provisioned",
    "indexes": {"by-status": {"hashKey": {"name": "status"}}},
}

FIXED = {"min": 5, "max": 5}

ON_DEMAND: Mapping[str, object] = {
    "billing": "onDemand",
    "indexes": {},
    "recoveryDays": 7,
    "storageClass": "infrequentAccess",
    "ttlAttribute": "expiresAt",
}

ONE_INDEX_MORE: Mapping[str, object] = {
    "indexes": {
        "by-place": {"hashKey": {"name": "place"}},  # comes before the one that was there
        "by-status": {"hashKey": {"name": "status"}},
    },
}

REFUSED: Mapping[str, Mapping[str, object]] = {
    "would replace the table 'tables-orders', because of hashKey, rangeKey": {
        "hashKey": {"name": "id"},
        "rangeKey": None,
    },
    "the type of placedAt can't be changed": {"rangeKey": {"name": "placedAt"}},
}


class Program:
    """One table, as a stack file has it, and with `changes`."""

    def __init__(self) -> None:
        self.changes: Mapping[str, object] = {}

    def __call__(self) -> None:
        spec = TablesSpec.model_validate({"tables": {"orders": {**BEFORE, **self.changes}}})
        tables = Tables("tables", spec.to_args(TablesArgs))
        pulumi.export("name", tables.table_names["orders"])


def steps(record: RunRecord) -> set[str]:
    """Return what happens to the table."""
    return {step.operation for step in record.steps() if step.type == TABLE}


def test_all_but_the_keys_is_changed_in_place_and_another_key_is_refused(
    bench: Callable[[str], Bench],
):
    program = Program()
    with bench("local").open(program, policies=()) as session:
        session.up()
        name = session.outputs()["name"]
        assert not session.preview().changed()
        for message, changes in REFUSED.items():
            program.changes = changes
            with pytest.raises(SimulatorError, match=message):
                session.preview()
        program.changes = ONE_INDEX_MORE
        assert steps(session.preview()) == {"update"}
        program.changes = ON_DEMAND
        assert steps(session.up()) == {"update"}
        assert session.outputs()["name"] == name
        program.changes = {"capacity": {"read": FIXED, "write": FIXED}}
        assert steps(session.preview()) == {"update"}, "a capacity that is ours to change"
        program.changes = {**ON_DEMAND, "replicas": ["eu-central-1"]}
        assert steps(session.preview()) == {"update"}, "a replica"
