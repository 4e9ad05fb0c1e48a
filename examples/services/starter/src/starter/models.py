"""What quotes are."""

import secrets
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class Line(BaseModel):
    """Some of one product."""

    model_config = ConfigDict(extra="forbid")

    product_id: Identifier
    quantity: int = Field(ge=1, le=1000)
    price_cents: int = Field(ge=0, le=10**9)


class NewQuote(BaseModel):
    """What a customer asks the price of."""

    model_config = ConfigDict(extra="forbid")

    lines: list[Line] = Field(min_length=1, max_length=50)


class Quote(BaseModel):
    """A price that holds for a while."""

    id: str
    customer: str
    lines: list[Line]
    total_cents: int


def quote(new: NewQuote, customer: str) -> Quote:
    """Return the quote of what was asked."""
    total = sum(line.quantity * line.price_cents for line in new.lines)
    return Quote(id=secrets.token_hex(16), customer=customer, lines=new.lines, total_cents=total)
