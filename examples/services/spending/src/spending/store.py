"""What the table `orders` says of a customer's spending; the service `orders` writes it.

The items read here have the keys `customer#CUSTOMER` and `order#ID`. An id begins with when the
order was placed, in milliseconds, as 12 hexadecimal digits: a month is a range of ids.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict

from platform_runtime.tables import Tables, item, values

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.type_defs import AttributeValueTypeDef

DECEMBER = 12


class PlacedOrder(BaseModel):
    """Of an order, what it came to."""

    model_config = ConfigDict(extra="ignore")

    total_cents: int


@dataclass(frozen=True)
class Month:
    """A month, UTC."""

    year: int
    month: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Read `2026-11`."""
        year, month = text.split("-")
        return cls(int(year), int(month))

    @classmethod
    def at(cls, when: datetime) -> Self:
        """Return the month of a time."""
        return cls(when.year, when.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def ids(self) -> tuple[str, str]:
        """Return what ids of orders of this month lie between."""
        last = self.month == DECEMBER
        end = Month(self.year + last, 1 if last else self.month + 1)
        return _id_at(self), _id_at(end)


def _id_at(month: Month) -> str:
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    return f"{int(start.timestamp()) * 1000:012x}"


class Store:
    """The table `orders`, to be read."""

    def __init__(self, tables: Tables, table: str) -> None:
        self._tables = tables
        self._table = table

    async def spent(self, customer: str, month: Month) -> tuple[int, int]:
        """Return how many orders a customer placed in a month, and the cents they came to.

        :raises Unavailable: when the table does not answer.
        """
        first, end = month.ids()
        between = item(
            {
                ":customer": f"customer#{customer}",
                ":first": f"order#{first}",
                # an id is longer than `end`, so none of the next month is less or equal
                ":end": f"order#{end}",
            }
        )
        orders = cents = 0
        page: dict[str, AttributeValueTypeDef] = {}
        while True:  # DynamoDB answers with a megabyte at a time
            async with self._tables.call() as client:
                answer = await client.query(
                    TableName=self._table,
                    KeyConditionExpression="customer_id = :customer"
                    " AND order_id BETWEEN :first AND :end",
                    ExpressionAttributeValues=between,
                    **({"ExclusiveStartKey": page} if page else {}),
                )
            for row in answer["Items"]:
                orders += 1
                cents += PlacedOrder.model_validate_json(str(values(row)["order"])).total_cents
            page = answer.get("LastEvaluatedKey", {})
            if not page:
                return orders, cents

    async def ping(self) -> None:
        """Raise when the table can't be read."""
        await self._tables.ping(self._table)
