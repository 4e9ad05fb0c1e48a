"""An issuer's public keys, fetched when they are needed and no more often than that."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import httpx2
import jwt
import structlog

log = structlog.stdlib.get_logger("auth")

Fetch = Callable[[], Awaitable[Mapping[str, object]]]
Clock = Callable[[], float]

MOST_UNKNOWN = 1000
"""Unknown key ids that are remembered; they come from callers."""


class KeysUnavailable(Exception):  # noqa: N818 - a state, not a mistake
    """The issuer's keys were never fetched, and can't be now."""


class KeySet:
    """Keys by id.

    - Fetched again after `ttl`, in one call however many requests wait; the old keys serve while
      the issuer is down.
    - An unknown id means that keys may have been rotated: fetch at once, but not within `retry`
      seconds of the last fetch, so that forged tokens can't make us flood the issuer.
    - An id that was not there stays unknown for `ttl`, unless a fetch brings it.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        ttl_seconds: float = 300,
        retry_seconds: float = 10,
        clock: Clock = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._ttl = ttl_seconds
        self._retry = retry_seconds
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._unknown: dict[str, float] = {}
        self._lock = asyncio.Lock()

    async def get(self, key_id: str) -> jwt.PyJWK | None:
        """Return the key, or nothing when the issuer has none of this id.

        :raises KeysUnavailable: when no keys were ever fetched.
        """
        if self._must_fetch(key_id):
            async with self._lock:
                if self._must_fetch(key_id):  # another request may have fetched meanwhile
                    await self._refresh()
        if self._fetched is None:
            raise KeysUnavailable
        key = self._keys.get(key_id)
        if key is None:
            self._remember(key_id)
        return key

    async def ready(self) -> None:
        """Fetch the keys if there are none, for the readiness check."""
        await self.get("")

    def _must_fetch(self, key_id: str) -> bool:
        now = self._clock()
        if self._tried is not None and now - self._tried < self._retry:
            return False
        if self._fetched is None or now - self._fetched >= self._ttl:
            return True
        if key_id in self._keys or not key_id:
            return False
        return now - self._unknown.get(key_id, -self._ttl) >= self._ttl

    async def _refresh(self) -> None:
        self._tried = self._clock()
        try:
            keys = _parse(await self._fetch())
        except Exception as error:  # noqa: BLE001 - whatever it is, the keys that we have serve on
            log.warning("keys not fetched", error=type(error).__name__, known=len(self._keys))
            return
        self._keys = keys
        self._fetched = self._clock()
        self._unknown = {key: when for key, when in self._unknown.items() if key not in keys}

    def _remember(self, key_id: str) -> None:
        if len(self._unknown) >= MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown.setdefault(key_id, self._clock())
        if self._clock() - self._unknown[key_id] >= self._ttl:
            self._unknown[key_id] = self._clock()


def _parse(document: Mapping[str, object]) -> dict[str, jwt.PyJWK]:
    found: dict[str, jwt.PyJWK] = {}
    entries = document.get("keys")
    if not isinstance(entries, list):
        raise TypeError("no list of keys")
    for entry in cast("list[dict[str, str]]", entries):
        if entry.get("use", "sig") != "sig" or "kid" not in entry:
            continue
        try:
            found[entry["kid"]] = jwt.PyJWK(entry)
        except jwt.PyJWTError:  # a kind of key that we can't use is no reason to refuse the others
            log.info("key skipped", kid=entry["kid"], kind=entry.get("kty"))
    if not found:
        raise ValueError("no usable key")
    return found


def fetch_from(url: str, client: httpx2.AsyncClient) -> Fetch:
    """Return what fetches the keys at `url`."""

    async def fetch() -> Mapping[str, object]:
        response = await client.get(url, timeout=3)
        response.raise_for_status()
        return cast("Mapping[str, object]", response.json())

    return fetch
