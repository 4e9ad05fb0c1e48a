"""What a service must be allowed to use a table, and no more.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
(2026-11). Transactions and PartiQL need no actions of their own but these. The tables' key needs
no statement: its policy lets DynamoDB use it for its callers.
"""

from collections.abc import Sequence
from enum import Enum

import pulumi

from components._base.iam import Statement, sid


class TableAccess(str, Enum):
    """What a service does with a table."""

    READ = "read"
    """Reads and queries items."""
    WRITE = "write"
    """Puts, updates and deletes items; reads none, but may check conditions on them."""
    READ_WRITE = "readWrite"
    """Both."""


READ_ACTIONS = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan")
WRITE_ACTIONS = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
COMMON_ACTIONS = ("dynamodb:ConditionCheckItem", "dynamodb:DescribeTable")
INDEX_ACTIONS = ("dynamodb:Query", "dynamodb:Scan")

ACTIONS = {
    TableAccess.READ: (*COMMON_ACTIONS, *READ_ACTIONS),
    TableAccess.WRITE: (*COMMON_ACTIONS, *WRITE_ACTIONS),
    TableAccess.READ_WRITE: (*COMMON_ACTIONS, *READ_ACTIONS, *WRITE_ACTIONS),
}


def table_statements(
    name: str,
    table_arn: pulumi.Input[str],
    access: TableAccess,
    *,
    indexes: Sequence[str] = (),
) -> list[Statement]:
    """Return what a service needs for `access` to a table, and to its `indexes` if it reads.

    :param name: of the table, for the statements' ids: a policy may hold those of several tables.
    :param indexes: names of the indexes that the service queries.
    """
    prefix = sid(name)
    statements = [Statement(f"{prefix}Table", ACTIONS[access], [table_arn])]
    if indexes and access is not TableAccess.WRITE:
        arns = [pulumi.Output.concat(table_arn, "/index/", index) for index in sorted(indexes)]
        statements.append(Statement(f"{prefix}Indexes", INDEX_ACTIONS, arns))
    return statements


def stream_statements(name: str, stream_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what a service needs to read a table's stream.

    :param name: of the table, for the statement's id.
    """
    actions = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
    return [Statement(f"{sid(name)}Stream", actions, [stream_arn])]
