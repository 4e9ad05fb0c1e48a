"""When somebody has to look at a table."""

import pulumi

from components._base.alarms import AlarmRule, Metric, make_alarms, make_combined_alarm
from components._base.scope import Scope
from components.tables.args import TableBilling
from components.tables.spec import TableSpec

NAMESPACE = "AWS/DynamoDB"

THROTTLES = 0
"""Even one is a request that was refused; five minutes of them are no burst any more."""

OPERATIONS = (
    *("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem"),
    *("Query", "Scan", "TransactGetItems", "TransactWriteItems", "UpdateItem"),
)
"""AWS counts errors of its own by table and operation only, and an alarm takes ten metrics.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html (2026-11)
"""

SYSTEM_ERRORS = AlarmRule(
    suffix="system-errors",
    metric="SystemErrors",
    threshold=0,
    description="DynamoDB itself fails requests. See the AWS Health Dashboard; clients must retry.",
)


def make_table_alarms(
    scope: Scope,
    of: str,
    table: TableSpec,
    table_name: pulumi.Input[str],
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Create the alarms of a table and of each of its indexes.

    :param of: what the table is called in the stack file.
    """
    dimensions = {"TableName": table_name}
    make_alarms(
        scope,
        _throttle_rules(table),
        namespace=NAMESPACE,
        dimensions=dimensions,
        topic_arn=topic_arn,
        of=of,
    )
    for index in sorted(table.indexes):
        make_alarms(
            scope,
            _throttle_rules(table, index),
            namespace=NAMESPACE,
            dimensions={**dimensions, "GlobalSecondaryIndexName": index},
            topic_arn=topic_arn,
            of=f"{of}.{index}",
        )
    make_combined_alarm(
        scope,
        SYSTEM_ERRORS,
        expression="SUM(METRICS())",
        metrics={
            operation[0].lower() + operation[1:]: Metric(
                SYSTEM_ERRORS.metric, {**dimensions, "Operation": operation}, "Sum"
            )
            for operation in OPERATIONS
        },
        namespace=NAMESPACE,
        topic_arn=topic_arn,
        of=of,
    )


def make_user_error_alarm(
    scope: Scope, threshold: int, topic_arn: pulumi.Input[str] | None
) -> None:
    """Create the alarm on requests that are wrong, in the whole account and region."""
    rule = AlarmRule(
        suffix="user-errors",
        metric="UserErrors",
        statistic="Sum",
        threshold=threshold,
        description=(
            "DynamoDB refuses requests as wrong, of some table in this account: a client asks for "
            "what does not exist, or as nobody may. See the clients' logs."
        ),
    )
    make_alarms(scope, [rule], namespace=NAMESPACE, dimensions={}, topic_arn=topic_arn)


def _throttle_rules(table: TableSpec, index: str = "") -> list[AlarmRule]:
    what = f"Index {index}" if index else "The table"
    if table.billing is TableBilling.PROVISIONED:
        remedy = "Raise its capacity's max, or spread the load over more partition keys."
    else:
        remedy = "Is there a limit, or a partition key that takes most of the load?"
    return [
        AlarmRule(
            suffix=f"{side.lower()}-throttles",
            metric=f"{side}ThrottleEvents",
            statistic="Sum",
            threshold=THROTTLES,
            description=f"{what} refuses {side.lower()}s for want of capacity. {remedy}",
        )
        for side in ("Read", "Write")
    ]
