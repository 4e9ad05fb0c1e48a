"""What table configs mean, and what is wrong with wrong ones. Without Pulumi."""

from collections.abc import Mapping
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components.tables import TablesArgs, plan_tables
from components.tables.args import TableKeyType, TableStream
from components.tables.plan import TablePlan

Table = Mapping[str, object]

ID: Table = {"hash_key": {"name": "id"}}
BY_STATUS: Table = {"hash_key": {"name": "status"}}


def args(**inputs: object) -> TablesArgs:
    return cast("TablesArgs", inputs)


def planned(table: Table) -> TablePlan:
    return plan_tables(args(tables={"orders": table})).tables["orders"]


def indexed(index: Table, **more: object) -> Table:
    return {**ID, **more, "indexes": {"by-status": {**BY_STATUS, **index}}}


WRONG: Mapping[str, tuple[Table, str]] = {
    "no keys": ({}, "tables.orders.hash_key: is required"),
    "a key that does not exist": (
        {**ID, "rangekey": {"name": "at"}},
        "tables.orders.rangekey: unknown key; did you mean 'range_key'?",
    ),
    "a type that does not exist": (
        {"hash_key": {"name": "id", "type": "S"}},
        "tables.orders.hash_key.type: 'S' is not valid: allowed: 'string', 'number' or 'binary'",
    ),
    "one attribute twice": (
        {**ID, "range_key": {"name": "id"}},
        "tables.orders: hash_key and range_key of the table are both 'id'",
    ),
    "one attribute of two types": (
        indexed({"range_key": {"name": "id", "type": "number"}}),
        "tables.orders: attribute 'id' is both number and string; it has one type",
    ),
    "a time to live that never comes": (
        {**ID, "range_key": {"name": "expires"}, "ttl_attribute": "expires"},
        "tables.orders: ttl_attribute 'expires' is a key and no number: it would delete nothing",
    ),
    "a bad name of an index": (
        {**ID, "indexes": {"by status": BY_STATUS}},
        "tables.orders: index 'by status' is no name of 3 to 255 letters, digits, '_', '.' and '-'",
    ),
    "nothing to include": (
        indexed({"projection": "include"}),
        "tables.orders: index by-status: projection include needs include, the attributes to add",
    ),
    "something to include where all is": (
        indexed({"include": ["total"]}),
        "tables.orders: index by-status: include is for projection include, not all",
    ),
    "a key to include": (
        indexed({"projection": "include", "include": ["id", "total"]}),
        "tables.orders: index by-status: include has keys, which are always there: id",
    ),
    "something to include twice": (
        indexed({"projection": "include", "include": ["total", "total"]}),
        "tables.orders: index by-status: include names twice: total",
    ),
    "too much to include": (
        indexed({"projection": "include", "include": [f"a{i}" for i in range(101)]}),
        "tables.orders: indexes include 101 attributes together; 100 allowed",
    ),
    "too many indexes": (
        {**ID, "indexes": {f"by-{i}": BY_STATUS for i in range(21)}},
        "tables.orders: 21 indexes; 20 allowed",
    ),
    "capacity by the request": (
        {**ID, "capacity": {"read": {"max": 10}}},
        "tables.orders: capacity is for billing provisioned; limits can cap billing onDemand",
    ),
    "capacity of an index by the request": (
        indexed({"capacity": {}}),
        "tables.orders: capacity is for billing provisioned; leave it out of by-status",
    ),
    "limits of a capacity": (
        {**ID, "billing": "provisioned", "limits": {"read": 10}},
        "tables.orders: limits are for billing onDemand; the max of its capacity limits this table",
    ),
    "less than the least": (
        {**ID, "billing": "provisioned", "capacity": {"write": {"min": 200}}},
        "tables.orders.capacity.write: max 100 is less than min 200",
    ),
    "no limit at all": (
        {**ID, "limits": {"read": 0}},
        "tables.orders.limits.read: 0 is not valid: 1 or more is needed, or -1 to lift a limit",
    ),
    "some indexes scale": (
        {
            **ID,
            "billing": "provisioned",
            "indexes": {
                "by-place": {"hash_key": {"name": "place"}},
                "by-status": {**BY_STATUS, "capacity": {"read": {"min": 5, "max": 5}}},
            },
        },
        "tables.orders: indexes: let the read capacity of all follow the load, or of none",
    ),
    "a long memory": (
        {**ID, "recovery_days": 36},
        "tables.orders.recovery_days: 36 is not valid: less than or equal to 35",
    ),
    "no region": (
        {**ID, "replicas": ["Frankfurt"]},
        "tables.orders: replicas: no names of regions such as eu-central-1: Frankfurt",
    ),
    "one region twice": (
        {**ID, "replicas": ["eu-central-1", "eu-central-1"]},
        "tables.orders: replicas: a region is listed twice",
    ),
    "replicas of half a stream": (
        {**ID, "replicas": ["eu-central-1"], "stream": "newImage"},
        "tables.orders: replicas need stream newAndOldImages; leave stream out to have it",
    ),
    "replicas with a capacity": (
        {**ID, "replicas": ["eu-central-1"], "billing": "provisioned"},
        "tables.orders: replicas need billing onDemand: each region has its own load",
    ),
}


@pytest.mark.parametrize(("table", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_table_is_refused_by_name(table: Table, message: str):
    with pytest.raises(InvalidInput) as caught:
        planned(table)
    assert [str(problem) for problem in caught.value.problems] == [message]


def test_all_problems_come_at_once():
    with pytest.raises(InvalidInput) as caught:
        plan_tables(args(tables={"Orders": ID, "carts": {}}, user_error_threshold=-1))
    assert [problem.path for problem in caught.value.problems] == [
        "tables.carts.hash_key",
        "user_error_threshold",
    ]
    with pytest.raises(InvalidInput, match=r"no short names of small letters.*: Orders"):
        plan_tables(args(tables={"Orders": ID}))
    with pytest.raises(InvalidInput, match="one table or more is needed"):
        plan_tables(args(tables={}))


def test_only_key_attributes_are_declared_and_each_once():
    plan = planned(
        {
            "hash_key": {"name": "customerId"},
            "range_key": {"name": "placedAt", "type": "number"},
            "ttl_attribute": "expiresAt",
            "indexes": {
                "by-place": {
                    "hash_key": {"name": "place"},
                    "range_key": {"name": "placedAt", "type": "number"},
                    "projection": "include",
                    "include": ["total"],
                }
            },
        }
    )
    assert plan.spec.attributes == {
        "customerId": TableKeyType.STRING,
        "place": TableKeyType.STRING,
        "placedAt": TableKeyType.NUMBER,
    }


def test_an_index_has_the_capacity_of_its_table_unless_it_has_its_own():
    plan = planned(indexed({}, billing="provisioned", capacity={"read": {"max": 50}}))
    capacity = plan.index_capacity(plan.spec.indexes["by-status"])
    assert capacity == plan.capacity
    own = planned(indexed({"capacity": {"read": {"max": 7}}}, billing="provisioned"))
    capacity = own.index_capacity(own.spec.indexes["by-status"])
    assert capacity is not None
    assert (capacity.read.max, capacity.write.max) == (7, 100)


FIXED = {"min": 5, "max": 5}


@pytest.mark.parametrize(
    ("table", "ignored"),
    [
        (ID, []),
        ({**ID, "billing": "provisioned"}, ["readCapacity", "writeCapacity"]),
        (
            {**ID, "billing": "provisioned", "capacity": {"read": FIXED}},
            ["writeCapacity"],
        ),
        ({**ID, "billing": "provisioned", "capacity": {"read": FIXED, "write": FIXED}}, []),
        (
            indexed({"capacity": {"write": FIXED}}, billing="provisioned"),
            ["readCapacity", "writeCapacity", "globalSecondaryIndexes[*].readCapacity"],
        ),
    ],
)
def test_what_follows_the_load_is_ignored_and_nothing_else(table: Table, ignored: list[str]):
    assert planned(table).scaled_properties == ignored


def test_replicas_bring_the_stream_that_they_need():
    assert planned({**ID, "replicas": ["eu-central-1"]}).spec.published is (
        TableStream.NEW_AND_OLD_IMAGES
    )
    assert planned(ID).spec.published is None
