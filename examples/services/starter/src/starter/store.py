"""Quotes in the cache: losing one costs a customer no more than asking again."""

from typing import cast

from redis.asyncio import Redis

from platform_runtime.cache import FAILURES
from platform_runtime.problems import Unavailable
from starter.models import Quote

HOLDS_SECONDS = 900


class Store:
    """What is kept between requests. A pod keeps nothing: another one may get the next request."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    async def put(self, quote: Quote) -> None:
        """Keep a quote while it holds.

        :raises Unavailable: when the cache does not answer.
        """
        try:
            await self._redis.set(_key(quote.id), quote.model_dump_json(), ex=HOLDS_SECONDS)
        except FAILURES as error:
            raise Unavailable(f"cache: {type(error).__name__}") from error

    async def get(self, quote_id: str) -> Quote | None:
        """Return a quote, if it still holds.

        :raises Unavailable: when the cache does not answer.
        """
        try:
            found = cast("bytes | None", await self._redis.get(_key(quote_id)))
        except FAILURES as error:
            raise Unavailable(f"cache: {type(error).__name__}") from error
        return Quote.model_validate_json(found) if found else None

    async def ping(self) -> None:
        """Raise when the cache does not answer."""
        await self._redis.ping()


def _key(quote_id: str) -> str:
    return f"starter:quote:{quote_id}"
