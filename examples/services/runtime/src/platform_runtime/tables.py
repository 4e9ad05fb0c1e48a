"""DynamoDB: short timeouts, the SDK's own adaptive retries, a breaker."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from platform_runtime.breaker import Breaker
from platform_runtime.problems import Unavailable
from platform_runtime.stores import TablesSettings

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient
    from types_aiobotocore_dynamodb.type_defs import AttributeValueTypeDef

Value = str | int | bytes

ANSWERS = frozenset({"ConditionalCheckFailedException", "TransactionCanceledException"})
"""Errors that say what is in the table; all others say that it can't be had."""


class Tables:
    """DynamoDB's client behind a breaker; use: `async with tables.call() as client`."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self.breaker = Breaker("tables")

    @asynccontextmanager
    async def call(self) -> "AsyncGenerator[DynamoDBClient]":
        """Give the client for one call.

        :raises ClientError: with a code of `ANSWERS`.
        :raises Unavailable: for all else.
        """
        answer: ClientError | None = None
        try:
            async with self.breaker:
                try:
                    yield self._client
                except ClientError as error:
                    if code_of(error) not in ANSWERS:
                        raise
                    answer = error
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"tables: {type(error).__name__}") from error
        if answer:
            raise answer

    async def ping(self, table: str) -> None:
        """Raise when the table can't be read."""
        await self._client.describe_table(TableName=table)


@asynccontextmanager
async def open_tables(settings: TablesSettings) -> AsyncGenerator[Tables]:
    """Connect, and disconnect in the end."""
    config = AioConfig(
        connect_timeout=1,
        read_timeout=settings.timeout_seconds,
        retries={"mode": "adaptive", "total_max_attempts": 3},
        max_pool_connections=50,
    )
    async with get_session().create_client(
        "dynamodb",
        region_name=settings.region,
        endpoint_url=settings.endpoint_url or None,
        config=config,
    ) as client:
        yield Tables(client)


def code_of(error: ClientError) -> str:
    """Return AWS's code of an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def item(values: Mapping[str, Value]) -> "dict[str, AttributeValueTypeDef]":
    """Return values as DynamoDB's attributes."""
    return {name: _attribute(value) for name, value in values.items()}


def _attribute(value: Value) -> "AttributeValueTypeDef":
    if isinstance(value, str):
        return {"S": value}
    return {"B": value} if isinstance(value, bytes) else {"N": str(value)}


def values(attributes: "Mapping[str, AttributeValueTypeDef]") -> dict[str, Value]:
    """Return DynamoDB's attributes as values: texts, whole numbers and bytes."""
    found: dict[str, Value] = {}
    for name, attribute in attributes.items():
        if "S" in attribute:
            found[name] = attribute["S"]
        elif "N" in attribute:
            found[name] = int(attribute["N"])
        elif "B" in attribute:
            found[name] = bytes(attribute["B"])
    return found
