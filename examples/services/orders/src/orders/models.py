"""What orders are."""

import secrets
import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class Line(BaseModel):
    """Some of one product."""

    model_config = ConfigDict(extra="forbid")

    product_id: Identifier
    quantity: int = Field(ge=1, le=1000)


class NewOrder(BaseModel):
    """What a customer wants."""

    model_config = ConfigDict(extra="forbid")

    lines: list[Line] = Field(min_length=1, max_length=50)


class Order(BaseModel):
    """An order that was placed."""

    id: str
    customer: str
    lines: list[Line]
    total_cents: int
    placed_at: str


def new_id() -> str:
    """Return an id; later ones sort after earlier ones."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"
