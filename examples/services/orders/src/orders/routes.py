"""The API of orders."""

from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from orders.catalog import total_cents
from orders.models import NewOrder, Order, new_id
from orders.outbox import Relay
from orders.store import Store
from platform_runtime.auth import Principal, caller
from platform_runtime.events import Event, here
from platform_runtime.http import HttpClient
from platform_runtime.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from platform_runtime.problems import Problem

router = APIRouter(prefix="/orders", tags=["orders"])


class Resources:
    """What the routes work with."""

    def __init__(self, store: Store, relay: Relay, catalog: HttpClient) -> None:
        self.store = store
        self.relay = relay
        self.catalog = catalog


def resources(request: Request) -> Resources:
    """Return what `start` opened."""
    return cast("Resources", request.app.state.resources)


Used = Annotated[Resources, Depends(resources)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._:-]{8,64}$",
        description="New for each order; the same when a request is repeated",
    ),
]


@router.post("", status_code=201, operation_id="place_order")
async def place(
    new: NewOrder,
    key: Key,
    who: Annotated[Principal, caller("orders/write")],
    used: Used,
    response: Response,
) -> Order:
    """Place an order: once for each key, however often the request comes."""
    if await used.store.placed_by(who.subject, key):
        return await _again(used.store, who.subject, key, new, response)
    order = Order(
        id=new_id(),
        customer=who.subject,
        lines=new.lines,
        total_cents=await total_cents(used.catalog, new.lines),
        placed_at=datetime.now(UTC).isoformat(),
    )
    event = Event(
        id=new_id(),
        type="order.placed",
        key=order.id,
        data=order.model_dump_json().encode(),
        source="orders",
        trace=here(),
    )
    if not await used.store.place(order, key, new, event):  # another request was quicker
        return await _again(used.store, who.subject, key, new, response)
    used.relay.wake()
    return order


async def _again(store: Store, customer: str, key: str, new: NewOrder, response: Response) -> Order:
    placed = await store.placed_by(customer, key)
    if placed is None or placed.request != new.model_dump_json():
        detail = "Idempotency-Key: used before, with another order"
        raise Problem(422, detail, kind="idempotency-key-reused")
    order = await store.get(customer, placed.order_id)
    if order is None:
        raise Problem(410, "the order is gone", kind="gone")
    response.headers["Idempotency-Replayed"] = "true"
    return order


@router.get("/{order_id}", operation_id="get_order")
async def get(
    order_id: Annotated[str, Path(pattern="^[0-9a-f]{28}$")],
    who: Annotated[Principal, caller("orders/read")],
    used: Used,
) -> Order:
    """Return one of the caller's orders."""
    order = await used.store.get(who.subject, order_id)
    if order is None:
        raise Problem(404, "there is no such order", kind="not-found")
    return order


@router.get("", operation_id="list_orders")
async def list_orders(
    who: Annotated[Principal, caller("orders/read")],
    used: Used,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[Order]:
    """Return the caller's orders, newest first."""
    before = decode_cursor(cursor) if cursor else None
    found = await used.store.page(who.subject, limit + 1, before)
    more = found[limit].id if len(found) > limit else None
    return Page(items=found[:limit], next=encode_cursor(more) if more else None)
