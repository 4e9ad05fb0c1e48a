"""DynamoDB tables: what is asked of AWS, and what services are allowed."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components._base.iam import Statement, document
from components.tables import (
    TableAccess,
    Tables,
    TablesArgs,
    TablesSpec,
    stream_statements,
    table_statements,
)
from simulator.cloud.core import Cloud
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint

TABLE = "aws:dynamodb/table:Table"
KEY = "aws:kms/key:Key"
TARGET, POLICY = "aws:appautoscaling/target:Target", "aws:appautoscaling/policy:Policy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
INSIGHTS = "aws:dynamodb/contributorInsights:ContributorInsights"

ALARM_TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"

CONFIG: Mapping[str, object] = {
    "userErrorThreshold": 100,
    "tables": {
        "orders": {
            "hashKey": {"name": "customerId"},
            "rangeKey": {"name": "placedAt", "type": "number"},
            "indexes": {
                "by-status": {
                    "hashKey": {"name": "status"},
                    "rangeKey": {"name": "placedAt", "type": "number"},
                    "projection": "include",
                    "include": ["total", "currency"],
                }
            },
            "billing": "provisioned",
            "capacity": {"read": {"min": 10, "max": 200, "targetPercent": 60}},
            "stream": "newImage",
            "contributorInsights": True,
        },
        "sessions": {
            "hashKey": {"name": "id"},
            "limits": {"read": 500},
            "ttlAttribute": "expiresAt",
            "recoveryDays": 7,
            "replicas": ["us-east-1", "eu-central-1"],
        },
        "audit": {
            "hashKey": {"name": "day", "type": "binary"},
            "recoveryDays": 0,
            "storageClass": "infrequentAccess",
        },
    },
}


def tables_args(**wiring: object) -> TablesArgs:
    return TablesSpec.model_validate(CONFIG).to_args(TablesArgs, **wiring)


@functools.cache
def built(protect: bool = True) -> Recorder[Tables]:
    args = tables_args(protect=protect, alarm_topic_arn=ALARM_TOPIC, tags={"owner": "me"})
    return build(lambda: Tables("tables", args))


def table(name: str) -> Mapping[str, object]:
    return built().one(TABLE, f"tables-{name}").inputs


def names(type_: str) -> list[str]:
    return [resource.name for resource in built().all(type_)]


def key_arn(region: str = "eu-west-1") -> object:
    """Return the ARN of the tables' key in a region."""
    suffix = "" if region == "eu-west-1" else f"-{region}"
    replicas = cast("list[Mapping[str, object]]", table("sessions")["replicas"])
    arns = {str(r["regionName"]): r["kmsKeyArn"] for r in replicas}
    own = cast("Mapping[str, object]", table("sessions")["serverSideEncryption"])["kmsKeyArn"]
    assert built().one(KEY, f"tables-key{suffix}")
    return arns.get(region, own)


def test_keys_and_indexes_are_as_configured_and_no_other_attribute_is_declared():
    orders = table("orders")
    assert (orders["hashKey"], orders["rangeKey"]) == ("customerId", "placedAt")
    assert orders["attributes"] == [
        {"name": "customerId", "type": "S"},
        {"name": "placedAt", "type": "N"},
        {"name": "status", "type": "S"},
    ]
    assert orders["globalSecondaryIndexes"] == [
        {
            "name": "by-status",
            "keySchemas": [
                {"attributeName": "status", "keyType": "HASH"},
                {"attributeName": "placedAt", "keyType": "RANGE"},
            ],
            "projectionType": "INCLUDE",
            "nonKeyAttributes": ["currency", "total"],
            "readCapacity": 10,
            "writeCapacity": 5,
        }
    ]
    assert table("audit")["attributes"] == [{"name": "day", "type": "B"}]
    assert "rangeKey" not in table("audit")


def test_names_are_left_to_pulumi():
    assert names(TABLE) == ["tables-audit", "tables-orders", "tables-sessions"]
    long = build(lambda: Tables("a" * 40, tables_args()), stack="s" * 40)
    assert [r.inputs.get("name") for r in long.all(TABLE)] == [None, None, None]
    with pytest.raises(InvalidInput, match=r"name: 'a+' is not valid: .* at most 40"):
        build(lambda: Tables("a" * 41, tables_args()))


def test_each_table_is_encrypted_with_the_key_of_its_region():
    for name in ("audit", "orders", "sessions"):
        assert table(name)["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": key_arn()}
    assert names(KEY) == ["tables-key", "tables-key-eu-central-1", "tables-key-us-east-1"]
    assert [r.inputs.get("region") for r in built().all(KEY)] == [
        None,
        "eu-central-1",
        "us-east-1",
    ]
    assert all(r.inputs["enableKeyRotation"] for r in built().all(KEY))
    for region in ("eu-west-1", "eu-central-1", "us-east-1"):
        assert str(key_arn(region)).startswith(f"arn:aws:kms:{region}:")


def test_dynamodb_may_use_the_key_for_its_callers_in_the_regions_of_the_key_only():
    for key, region in (("tables-key", "eu-west-1"), ("tables-key-us-east-1", "us-east-1")):
        policy = str(built().one(KEY, key).inputs["policy"])
        assert lint(policy) == []
        statements = cast("list[Mapping[str, object]]", json.loads(policy)["Statement"])
        (via,) = [s for s in statements if s["Sid"] == "UseThroughServices"]
        assert via["Condition"] == {
            "StringEquals": {
                "kms:CallerAccount": "123456789012",
                "kms:ViaService": [f"dynamodb.{region}.amazonaws.com"],
            }
        }


def test_a_key_that_is_passed_is_used_and_no_other_made():
    arn = "arn:aws:kms:eu-west-1:123456789012:key/theirs"
    args: TablesArgs = {"tables": {"t": {"hash_key": {"name": "id"}}}, "kms_key_arn": arn}
    cloud = build(lambda: Tables("tables", args))
    assert cloud.none(KEY)
    encryption = cloud.one(TABLE).inputs["serverSideEncryption"]
    assert encryption == {"enabled": True, "kmsKeyArn": arn}


def test_recovery_streams_and_time_to_live_are_said_to_be_on_or_off():
    assert table("orders")["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
    assert table("sessions")["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 7}
    assert table("audit")["pointInTimeRecovery"] == {"enabled": False}
    assert table("sessions")["ttl"] == {"enabled": True, "attributeName": "expiresAt"}
    assert table("orders")["ttl"] == {"enabled": False}
    streams = {n: (table(n)["streamEnabled"], table(n).get("streamViewType")) for n in TABLES}
    assert streams == {
        "audit": (False, None),
        "orders": (True, "NEW_IMAGE"),
        "sessions": (True, "NEW_AND_OLD_IMAGES"),
    }
    assert table("audit")["tableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert table("orders")["tableClass"] == "STANDARD"


TABLES = ("audit", "orders", "sessions")


def test_replicas_are_as_safe_as_the_table():
    assert table("sessions")["replicas"] == [
        {
            "regionName": region,
            "kmsKeyArn": key_arn(region),
            "pointInTimeRecovery": True,
            "deletionProtectionEnabled": True,
            "propagateTags": True,
        }
        for region in ("eu-central-1", "us-east-1")
    ]
    assert table("orders")["replicas"] == []


@pytest.mark.parametrize("protect", [True, False])
def test_tables_and_keys_are_protected_when_asked(protect: bool):
    for resource in built(protect).all(TABLE):
        assert resource.protect is protect
        assert resource.inputs["deletionProtectionEnabled"] is protect
    assert {resource.protect for resource in built(protect).all(KEY)} == {protect}


def test_billing_by_the_request_can_be_capped_and_has_no_capacity():
    sessions = table("sessions")
    assert sessions["billingMode"] == "PAY_PER_REQUEST"
    assert sessions["onDemandThroughput"] == {"maxReadRequestUnits": 500}
    assert not {"readCapacity", "writeCapacity"} & sessions.keys()
    assert "onDemandThroughput" not in table("audit")


def test_a_capacity_follows_the_load_and_is_not_ours_to_change():
    orders = built().one(TABLE, "tables-orders")
    assert orders.inputs["billingMode"] == "PROVISIONED"
    assert (orders.inputs["readCapacity"], orders.inputs["writeCapacity"]) == (10, 5)
    assert orders.ignore_changes == (
        "readCapacity",
        "writeCapacity",
        "globalSecondaryIndexes[*].readCapacity",
        "globalSecondaryIndexes[*].writeCapacity",
    )
    assert built().one(TABLE, "tables-sessions").ignore_changes == ()
    targets = {
        r.name: (r.inputs["scalableDimension"], r.inputs["minCapacity"], r.inputs["maxCapacity"])
        for r in built().all(TARGET)
    }
    assert targets == {
        "tables-orders-read": ("dynamodb:table:ReadCapacityUnits", 10, 200),
        "tables-orders-write": ("dynamodb:table:WriteCapacityUnits", 5, 100),
        "tables-orders.by-status-read": ("dynamodb:index:ReadCapacityUnits", 10, 200),
        "tables-orders.by-status-write": ("dynamodb:index:WriteCapacityUnits", 5, 100),
    }
    resources = {str(r.inputs["resourceId"]) for r in built().all(TARGET)}
    assert {r.split("/", 2)[2] for r in resources if "/index/" in r} == {"index/by-status"}
    policy = built().one(POLICY, "tables-orders-read-policy").inputs
    assert policy["targetTrackingScalingPolicyConfiguration"] == {
        "predefinedMetricSpecification": {
            "predefinedMetricType": "DynamoDBReadCapacityUtilization"
        },
        "targetValue": 60,
    }


def test_every_table_and_index_has_alarms():
    assert names(ALARM) == [
        *(f"tables-audit-{alarm}" for alarm in ("read-throttles", "system-errors")),
        "tables-audit-write-throttles",
        *(f"tables-orders-{alarm}" for alarm in ("read-throttles", "system-errors")),
        "tables-orders-write-throttles",
        "tables-orders.by-status-read-throttles",
        "tables-orders.by-status-write-throttles",
        *(f"tables-sessions-{alarm}" for alarm in ("read-throttles", "system-errors")),
        "tables-sessions-write-throttles",
        "tables-user-errors",
    ]
    for alarm in built().all(ALARM):
        assert alarm.inputs["alarmActions"] == [ALARM_TOPIC]
        assert alarm.inputs["okActions"] == [ALARM_TOPIC]
    throttles = built().one(ALARM, "tables-orders.by-status-read-throttles").inputs
    dimensions = cast("Mapping[str, object]", throttles["dimensions"])
    assert throttles["metricName"] == "ReadThrottleEvents"
    assert dimensions.keys() == {"TableName", "GlobalSecondaryIndexName"}


def test_errors_of_aws_are_summed_over_the_operations_that_it_counts_them_by():
    alarm = built().one(ALARM, "tables-orders-system-errors").inputs
    queries = cast("list[Mapping[str, object]]", alarm["metricQueries"])
    assert queries[0] == {
        "id": "result",
        "expression": "SUM(METRICS())",
        "label": "SystemErrors",
        "returnData": True,
    }
    metrics = [cast("Mapping[str, object]", query["metric"]) for query in queries[1:]]
    assert len(metrics) == 10, "an alarm takes ten metrics"
    dimensions = [cast("Mapping[str, str]", metric["dimensions"]) for metric in metrics]
    assert len({d["Operation"] for d in dimensions}) == 10
    assert len({d["TableName"] for d in dimensions}) == 1
    assert {metric["stat"] for metric in metrics} == {"Sum"}


def test_insights_cover_the_table_and_its_indexes_when_asked():
    asked = {r.name: r.inputs.get("indexName") for r in built().all(INSIGHTS)}
    assert asked == {"tables-orders": None, "tables-orders.by-status": "by-status"}


def test_outputs_are_by_the_names_of_the_config():
    tables = built().result
    by_name = cast("Mapping[str, str]", built().output(tables.table_names))
    arns = cast("Mapping[str, str]", built().output(tables.table_arns))
    streams = cast("Mapping[str, str]", built().output(tables.stream_arns))
    assert set(by_name) == set(arns) == set(TABLES)
    assert arns["orders"].endswith(f":table/{by_name['orders']}")
    assert set(streams) == {"orders", "sessions"}
    assert streams["orders"].startswith(f"{arns['orders']}/stream/")


def test_every_resource_is_tagged_and_a_child_of_the_component():
    untagged = {KEY.replace("key:Key", "alias:Alias"), POLICY, INSIGHTS}
    for resource in built().resources:
        if resource.custom:
            parent = resource.parent
            assert parent is not None
            assert parent.type == "fastapi-platform:index:Tables"
            tags = cast("Mapping[str, str]", resource.inputs.get("tags", {}))
            if resource.type not in untagged:
                assert tags == {"owner": "me", "Name": resource.name}


ORDERS = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders-1234567"


def policy_of(statements: Callable[[], Sequence[Statement]]) -> list[Mapping[str, object]]:
    """Return the statements as AWS gets them, linted."""
    made = build(lambda: {"policy": document(*statements())})
    text = str(made.output(made.result["policy"]))
    assert lint(text) == []
    return cast("list[Mapping[str, object]]", json.loads(text)["Statement"])


@pytest.mark.parametrize("access", TableAccess)
def test_a_service_gets_what_it_needs_of_named_tables_and_indexes(access: TableAccess):
    statements = policy_of(
        lambda: [
            *table_statements("orders", ORDERS, access, indexes=["by-status"]),
            *table_statements("my-carts", f"{ORDERS}-2", access),
            # parliament trips over the colons of a real stream's time
            *stream_statements("orders", f"{ORDERS}/stream/2026-01-01T00"),
        ]
    )
    by_sid = {str(statement["Sid"]): statement for statement in statements}
    queried = access is not TableAccess.WRITE
    assert set(by_sid) == {
        "OrdersTable",
        "MyCartsTable",
        "OrdersStream",
        *(["OrdersIndexes"] if queried else []),
    }
    assert by_sid["OrdersTable"]["Resource"] == [ORDERS]
    if queried:
        assert by_sid["OrdersIndexes"]["Resource"] == [f"{ORDERS}/index/by-status"]
    actions = set(cast("list[str]", by_sid["OrdersTable"]["Action"]))
    reads, writes = "dynamodb:GetItem" in actions, "dynamodb:PutItem" in actions
    assert (reads, writes) == {
        TableAccess.READ: (True, False),
        TableAccess.WRITE: (False, True),
        TableAccess.READ_WRITE: (True, True),
    }[access]
    assert "*" not in json.dumps(statements)


def refusals(**inputs: object) -> list[str]:
    """Return what the simulated DynamoDB says to a table."""
    _, problems = Cloud().check(TABLE, "it", {"billingMode": "PAY_PER_REQUEST", **inputs})
    return [str(problem) for problem in problems]


ID_ATTRIBUTE: Sequence[Mapping[str, str]] = [{"name": "id", "type": "S"}]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {"hashKey": "id", "attributes": []},
            "attributes: all indexes must match a defined attribute. Unmatched: ['id']",
        ),
        (
            {"hashKey": "id", "attributes": [*ID_ATTRIBUTE, {"name": "total", "type": "N"}]},
            "attributes: all attributes must be indexed. Unused attributes: ['total']",
        ),
        (
            {"hashKey": "id", "attributes": ID_ATTRIBUTE, "readCapacity": 5},
            "readCapacity: can't be set when billingMode is PAY_PER_REQUEST",
        ),
        (
            {"hashKey": "id", "attributes": ID_ATTRIBUTE, "streamEnabled": True},
            "streamViewType: is required by streamEnabled",
        ),
        (
            {"hashKey": "id", "attributes": ID_ATTRIBUTE, "name": "a b"},
            "name: 'a b' is not valid: 3 to 255 letters, digits, '_', '.' and '-'",
        ),
        (
            {"hashKey": "id", "attributes": ID_ATTRIBUTE, "tableClass": "CHEAP"},
            "tableClass: 'CHEAP' is not one of STANDARD, STANDARD_INFREQUENT_ACCESS",
        ),
        (
            {
                "hashKey": "id",
                "attributes": ID_ATTRIBUTE,
                "streamEnabled": True,
                "streamViewType": "NEW_AND_OLD_IMAGES",
                "replicas": [{"regionName": "eu-west-1"}],
            },
            "replicas[0].regionName: is the table's own region",
        ),
    ],
)
def test_the_simulated_dynamodb_refuses_what_the_real_one_does(
    inputs: Mapping[str, object], message: str
):
    assert message in refusals(**inputs)


def depends_on_nothing(resource: Registration) -> bool:
    """Tell whether a resource waits for keys and tables only."""
    cloud = built()
    return {cloud.by_urn(urn).type for urn in resource.depends_on} <= {KEY, TABLE, TARGET, ""}


def test_tables_wait_for_nothing_but_their_keys():
    assert all(depends_on_nothing(resource) for resource in built().all(TABLE))
