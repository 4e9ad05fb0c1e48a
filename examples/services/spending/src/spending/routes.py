"""The API of spending."""

from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from platform_runtime.auth import Principal, caller
from platform_runtime.problems import Problem
from spending.store import Month, Store

router = APIRouter(prefix="/v1/spending", tags=["spending"])


class Spending(BaseModel):
    """What a customer's orders of a month came to."""

    customer: str
    month: str = Field(description="Year and month, UTC")
    orders: int
    total_cents: int


def store(request: Request) -> Store:
    """Return what `start` opened."""
    return cast("Store", request.app.state.resources)


@router.get("/{customer}", operation_id="get_spending")
async def get(
    customer: Annotated[str, Path(pattern=r"^[A-Za-z0-9._:|@-]{1,128}$")],
    who: Annotated[Principal, caller("orders/read")],
    used: Annotated[Store, Depends(store)],
    month: Annotated[
        str | None,
        Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="Default: this one"),
    ] = None,
) -> Spending:
    """Return what a customer has spent: a customer sees their own, a machine client all."""
    if customer != who.subject and not who.machine:
        raise Problem(404, "there is no such customer", kind="not-found")
    when = Month.of(month) if month else Month.at(datetime.now(UTC))
    orders, cents = await used.spent(customer, when)
    return Spending(customer=customer, month=str(when), orders=orders, total_cents=cents)
