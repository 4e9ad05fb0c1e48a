"""The cache: one load at a time for a key, stale values when the source is down, no cache no error.

- Many requests for one key make one load: in this process they share it, and of all processes one
  holds a lock in the cache while it loads. The others serve the stale value, or wait a little.
- A value is fresh for the time-to-live (less up to a tenth by chance, so that values stored
  together don't expire together) and is kept for longer: when a load fails, it is served.
- When the cache does not answer in time, values are loaded; after some failures it is not even
  asked (the breaker), so a dead cache costs no time.
"""

import asyncio
import random
import struct
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import cast

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from platform_runtime.breaker import Breaker, CircuitOpen
from platform_runtime.metrics import cache_reads
from platform_runtime.stores import CacheSettings

log = structlog.stdlib.get_logger("cache")

Load = Callable[[], Awaitable[bytes | None]]
"""Fetches a value from its source; nothing: there is none (that is cached, too)."""

HEAD = struct.Struct(">d")
LOCK_SECONDS = 5
WAIT_SECONDS = 0.02
WAITS = 25
MISSING_SECONDS = 5
"""How long an absent value stays absent; short, since a flood of made-up keys fills the cache."""

FAILURES = (RedisError, TimeoutError, OSError, CircuitOpen)

UNLOCK = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


def make_redis(settings: CacheSettings) -> "Redis":
    """Return a client with short timeouts; TLS by `rediss://`."""
    pool = BlockingConnectionPool.from_url(
        settings.url,
        **_login(settings),
        max_connections=50,
        timeout=settings.timeout_seconds,
        socket_timeout=settings.timeout_seconds,
        socket_connect_timeout=settings.timeout_seconds,
        # a pooled connection may be dead after a failover: once more on a new one, at once
        retry=Retry(NoBackoff(), 1),
    )
    return Redis(connection_pool=pool)


def _login(settings: CacheSettings) -> dict[str, object]:
    """Return who connects: as the variables say, or the secret that they name."""
    if settings.secret_arn:
        # functions alone need AWS's client for it
        from platform_runtime.cache_login import SecretLogin  # noqa: PLC0415

        return {"credential_provider": SecretLogin(settings.secret_arn)}
    password = settings.password.get_secret_value()
    return {"username": settings.username or None, "password": password or None}


class Cache:
    """Values by key, loaded when they are not there."""

    def __init__(self, redis: "Redis", settings: CacheSettings, *, prefix: str) -> None:
        self.redis = redis
        self.breaker = Breaker("cache", failures=3, reset_seconds=2)
        self._settings = settings
        self._prefix = prefix
        self._loading: dict[str, asyncio.Task[bytes | None]] = {}

    async def read(self, key: str, load: Load) -> bytes | None:
        """Return the value of `key`, from the cache if it has it."""
        found = await self._get(key)
        if found and found[0] > time.time():
            cache_reads("hit").inc()
            return found[1] or None
        cache_reads("stale" if found else "miss").inc()
        task = self._loading.get(key)
        if task is None:
            task = asyncio.create_task(self._load(key, load, found[1] if found else None))
            self._loading[key] = task
            task.add_done_callback(lambda _: self._loading.pop(key, None))
        # a caller that gives up does not end the load for the others
        return await asyncio.shield(task)

    async def drop(self, key: str) -> None:
        """Forget a value that has changed; if the cache is down it stays until it expires."""
        try:
            async with self.breaker:
                await self.redis.delete(self._prefix + key)
        except FAILURES as error:
            log.warning("value not dropped", key=key, error=type(error).__name__)

    async def ping(self) -> None:
        """Ask whether it answers, whatever the breaker says."""
        await self.redis.ping()

    async def _load(self, key: str, load: Load, stale: bytes | None) -> bytes | None:
        lock = f"{self._prefix}{key}:lock"
        token = uuid.uuid4().hex
        if not await self._lock(lock, token):
            if stale is not None:
                return stale or None
            if (other := await self._wait(key)) is not None:
                return other or None
        try:
            value = await load()
        except Exception as error:
            if stale is None:
                raise
            log.warning("stale value served", key=key, error=type(error).__name__)
            return stale or None
        else:
            await self._put(key, value)
            return value
        finally:
            await self._unlock(lock, token)

    async def _get(self, key: str) -> tuple[float, bytes] | None:
        try:
            async with self.breaker:
                data = cast("bytes | None", await self.redis.get(self._prefix + key))
        except FAILURES:
            return None
        if data is None or len(data) < HEAD.size:
            return None
        fresh_until: float = HEAD.unpack_from(data)[0]
        return fresh_until, data[HEAD.size :]

    async def _put(self, key: str, value: bytes | None) -> None:
        fresh = self._settings.ttl_seconds if value is not None else MISSING_SECONDS
        fresh *= random.uniform(0.9, 1)  # noqa: S311 - spreads load, guards nothing
        kept = fresh + (self._settings.stale_seconds if value is not None else 0)
        data = HEAD.pack(time.time() + fresh) + (value or b"")
        try:
            async with self.breaker:
                await self.redis.set(self._prefix + key, data, px=int(kept * 1000))
        except FAILURES as error:
            log.warning("value not kept", key=key, error=type(error).__name__)

    async def _lock(self, lock: str, token: str) -> bool:
        try:
            async with self.breaker:
                return bool(await self.redis.set(lock, token, nx=True, ex=LOCK_SECONDS))
        except FAILURES:
            return True  # nobody can hold a lock in a cache that is down

    async def _unlock(self, lock: str, token: str) -> None:
        try:
            async with self.breaker:
                await cast("Awaitable[object]", self.redis.eval(UNLOCK, 1, lock, token))
        except FAILURES:
            return  # it expires

    async def _wait(self, key: str) -> bytes | None:
        for _ in range(WAITS):
            await asyncio.sleep(WAIT_SECONDS)
            if found := await self._get(key):
                return found[1]
        return None
