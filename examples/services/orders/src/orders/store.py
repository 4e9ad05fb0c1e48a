"""Orders in DynamoDB: an order, its idempotency key and its event are written together or not.

The table's keys are `customer_id` and `order_id`. Its items are orders (`customer#ID`,
`order#ID`), idempotency keys (`customer#ID`, `key#KEY`) and events to be sent (`outbox`, `ID`).
"""

import time
from dataclasses import dataclass

from botocore.exceptions import ClientError

from orders.models import NewOrder, Order
from platform_runtime.events import Event
from platform_runtime.pagination import bad_cursor
from platform_runtime.problems import Unavailable
from platform_runtime.tables import Tables, code_of, item, values

OUTBOX = "outbox"
LEASE = {"customer_id": "outbox-lease", "order_id": "lease"}
KEY_SECONDS = 86_400
"""How long an idempotency key is kept; the table's time-to-live attribute is `expires`."""


@dataclass(frozen=True)
class Placed:
    """What a key stands for."""

    order_id: str
    request: str
    """The request that it was first used with, as JSON."""


class Store:
    """The table `orders`."""

    def __init__(self, tables: Tables, table: str) -> None:
        self._tables = tables
        self._table = table

    async def place(self, order: Order, key: str, request: NewOrder, event: Event) -> bool:
        """Write an order; tell whether the key was new. If it was not, nothing is written."""
        customer = f"customer#{order.customer}"
        used = {
            "customer_id": customer,
            "order_id": f"key#{key}",
            "placed": order.id,
            "request": request.model_dump_json(),
            "expires": int(time.time()) + KEY_SECONDS,
        }
        placed = {
            "customer_id": customer,
            "order_id": f"order#{order.id}",
            "order": order.model_dump_json(),
        }
        waiting = {
            "customer_id": OUTBOX,
            "order_id": event.id,
            "type": event.type,
            "key": event.key,
            "data": event.data,
            "time": event.time,
            "traceparent": event.trace.get("traceparent", ""),
        }
        first = "attribute_not_exists(customer_id)"
        try:
            async with self._tables.call() as client:
                await client.transact_write_items(
                    TransactItems=[
                        {
                            "Put": {
                                "TableName": self._table,
                                "Item": item(used),
                                "ConditionExpression": first,
                            }
                        },
                        {"Put": {"TableName": self._table, "Item": item(placed)}},
                        {"Put": {"TableName": self._table, "Item": item(waiting)}},
                    ]
                )
        except ClientError as error:
            if _condition_failed(error):
                return False
            raise Unavailable("tables: another write got in the way") from error
        return True

    async def placed_by(self, customer: str, key: str) -> Placed | None:
        """Return what a key was used for."""
        found = await self._get(f"customer#{customer}", f"key#{key}")
        return Placed(str(found["placed"]), str(found["request"])) if found else None

    async def get(self, customer: str, order_id: str) -> Order | None:
        """Return a customer's order."""
        found = await self._get(f"customer#{customer}", f"order#{order_id}")
        return Order.model_validate_json(str(found["order"])) if found else None

    async def page(self, customer: str, limit: int, before: object) -> list[Order]:
        """Return a customer's orders from `before` on, newest first."""
        if before is not None and not isinstance(before, str):
            raise bad_cursor()
        names: dict[str, str | int | bytes] = {
            ":customer": f"customer#{customer}",
            ":first": "order#",
            ":last": f"order#{before or '~'}",
        }
        async with self._tables.call() as client:
            answer = await client.query(
                TableName=self._table,
                KeyConditionExpression="customer_id = :customer"
                " AND order_id BETWEEN :first AND :last",
                ExpressionAttributeValues=item(names),
                ScanIndexForward=False,
                Limit=limit,
            )
        return [Order.model_validate_json(str(values(row)["order"])) for row in answer["Items"]]

    async def waiting(self, limit: int) -> list[Event]:
        """Return the oldest events that were not sent."""
        async with self._tables.call() as client:
            answer = await client.query(
                TableName=self._table,
                KeyConditionExpression="customer_id = :outbox",
                ExpressionAttributeValues=item({":outbox": OUTBOX}),
                ConsistentRead=True,
                Limit=limit,
            )
        return [_event(values(row)) for row in answer["Items"]]

    async def sent(self, event: Event) -> None:
        """Forget an event that was sent."""
        async with self._tables.call() as client:
            await client.delete_item(
                TableName=self._table, Key=item({"customer_id": OUTBOX, "order_id": event.id})
            )

    async def lease(self, owner: str, seconds: float) -> bool:
        """Become, or stay, the one that sends events; tell whether it worked."""
        now = int(time.time() * 1000)
        numbers: dict[str, str | int | bytes] = {
            ":me": owner,
            ":now": now,
            ":until": now + int(seconds * 1000),
        }
        try:
            async with self._tables.call() as client:
                await client.update_item(
                    TableName=self._table,
                    Key=item(LEASE),
                    UpdateExpression="SET holder = :me, held_until = :until",
                    ConditionExpression="attribute_not_exists(holder) OR holder = :me"
                    " OR held_until < :now",
                    ExpressionAttributeValues=item(numbers),
                )
        except ClientError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                return False
            raise
        return True

    async def ping(self) -> None:
        """Raise when the table can't be read."""
        await self._tables.ping(self._table)

    async def _get(self, hash_key: str, range_key: str) -> dict[str, str | int | bytes] | None:
        async with self._tables.call() as client:
            answer = await client.get_item(
                TableName=self._table,
                Key=item({"customer_id": hash_key, "order_id": range_key}),
                ConsistentRead=True,
            )
        found = answer.get("Item")
        return values(found) if found else None


def _event(row: dict[str, str | int | bytes]) -> Event:
    data = row["data"]
    trace = str(row["traceparent"])
    return Event(
        id=str(row["order_id"]),
        type=str(row["type"]),
        key=str(row["key"]),
        data=data if isinstance(data, bytes) else str(data).encode(),
        source="orders",
        time=str(row["time"]),
        trace={"traceparent": trace} if trace else {},
    )


def _condition_failed(error: ClientError) -> bool:
    """Tell a key that was used before from a transaction that another one got in the way of."""
    reasons = error.response.get("CancellationReasons", [])
    return any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons)
