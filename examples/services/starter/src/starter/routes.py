"""The API of starter."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from platform_runtime.auth import Principal, caller
from platform_runtime.problems import Problem
from starter.models import Identifier, NewQuote, Quote, quote
from starter.store import Store

router = APIRouter(prefix="/starter/quotes", tags=["starter"])


def store(request: Request) -> Store:
    """Return what `start` opened."""
    return cast("Store", request.app.state.resources)


Used = Annotated[Store, Depends(store)]


@router.post("", status_code=201, operation_id="make_quote")
async def make(
    new: NewQuote, who: Annotated[Principal, caller("starter/write")], used: Used
) -> Quote:
    """Make a quote. It holds for 15 minutes."""
    made = quote(new, who.subject)
    await used.put(made)
    return made


@router.get("/{quote_id}", operation_id="get_quote")
async def get(
    quote_id: Identifier, who: Annotated[Principal, caller("starter/read")], used: Used
) -> Quote:
    """Return a quote: a customer sees their own, a machine client all."""
    found = await used.get(quote_id)
    if found is None or (found.customer != who.subject and not who.machine):
        raise Problem(404, "there is no such quote, or it holds no longer", kind="not-found")
    return found
