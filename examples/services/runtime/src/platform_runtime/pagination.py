"""Pages by cursor: no page is skipped or doubled when rows come and go."""

import base64
import binascii
from typing import Annotated, Generic, TypeVar, cast

import orjson
from fastapi import Query
from pydantic import BaseModel

from platform_runtime.problems import Problem

Item = TypeVar("Item")

MOST = 100

Limit = Annotated[int, Query(ge=1, le=MOST, description="Items on a page, at most")]
Cursor = Annotated[
    str | None, Query(max_length=1024, description="`next` of the page before; none: the first")
]


class Page(BaseModel, Generic[Item]):
    """Some of the items, and how to get the next ones."""

    items: list[Item]
    next: str | None = None


def encode_cursor(position: object) -> str:
    """Return a position, such as the sort values of the last item, as an opaque text."""
    return base64.urlsafe_b64encode(orjson.dumps(position)).decode().rstrip("=")


def decode_cursor(cursor: str) -> object:
    """Return the position of a cursor. It comes from the caller: check its shape before use.

    :raises Problem: 400 when it is none of ours.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return cast("object", orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True)))
    except (ValueError, binascii.Error):
        raise bad_cursor() from None


def bad_cursor() -> Problem:
    """Return what a cursor that is none of ours is answered with."""
    return Problem(400, "cursor: not one that this service gave", kind="cursor")
