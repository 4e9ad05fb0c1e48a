"""The cache, against a real Redis that is also killed."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from local.process import Process, free_port
from local.redis import available, start_redis
from platform_runtime.breaker import State
from platform_runtime.cache import Cache, make_redis
from platform_runtime.stores import CacheSettings

pytestmark = pytest.mark.skipif(
    not available(), reason="no redis-server on this machine (Debian: apt-get install redis-server)"
)


class Source:
    """Counts how often it is asked; takes its time."""

    def __init__(self, value: bytes | None = b"value") -> None:
        self.value = value
        self.loads = 0
        self.down = False

    async def __call__(self) -> bytes | None:
        self.loads += 1
        await asyncio.sleep(0.1)
        if self.down:
            raise ConnectionError
        return self.value


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Generator[int]:
    number = free_port()
    process = start_redis(tmp_path_factory.mktemp("redis"), number)
    yield number
    process.stop()


@asynccontextmanager
async def cache_of(port: int, prefix: str, ttl: float = 60) -> AsyncGenerator[Cache]:
    settings = CacheSettings(url=f"redis://127.0.0.1:{port}", ttl_seconds=ttl, stale_seconds=60)
    redis = make_redis(settings)
    try:
        yield Cache(redis, settings, prefix=f"{prefix}:")
    finally:
        await redis.aclose()


async def test_a_value_is_loaded_once(port: int):
    source = Source()
    async with cache_of(port, "once") as cache:
        assert [await cache.read("k", source) for _ in range(5)] == [b"value"] * 5
    assert source.loads == 1


async def test_an_absent_value_is_remembered(port: int):
    source = Source(None)
    async with cache_of(port, "absent") as cache:
        assert [await cache.read("k", source) for _ in range(5)] == [None] * 5
    assert source.loads == 1


async def test_a_stampede_makes_one_load_over_all_processes(port: int):
    source = Source()
    async with cache_of(port, "herd") as one, cache_of(port, "herd") as other:
        reads = [cache.read("k", source) for cache in (one, other) for _ in range(50)]
        assert await asyncio.gather(*reads) == [b"value"] * 100
    assert source.loads == 1


async def test_while_one_refreshes_the_others_get_the_stale_value_at_once(port: int):
    source = Source()
    async with cache_of(port, "stale", ttl=0.05) as one, cache_of(port, "stale") as other:
        await one.read("k", source)
        await asyncio.sleep(0.1)
        source.value = b"new"
        refresh = asyncio.create_task(one.read("k", source))
        await asyncio.sleep(0.03)
        started = time.monotonic()
        assert await other.read("k", source) == b"value"
        assert time.monotonic() - started < 0.05
        assert await refresh == b"new"
    assert source.loads == 2


async def test_a_stale_value_is_served_when_the_source_is_down(port: int):
    source = Source()
    async with cache_of(port, "down", ttl=0.05) as cache:
        await cache.read("k", source)
        await asyncio.sleep(0.1)
        source.down = True
        assert await cache.read("k", source) == b"value"
        with pytest.raises(ConnectionError):
            await cache.read("another", source)


async def test_a_dropped_value_is_loaded_again(port: int):
    source = Source()
    async with cache_of(port, "drop") as cache:
        await cache.read("k", source)
        source.value = b"new"
        await cache.drop("k")
        assert await cache.read("k", source) == b"new"


async def test_a_caller_that_gives_up_does_not_end_the_load(port: int):
    source = Source()
    async with cache_of(port, "gone") as cache:
        first = asyncio.create_task(cache.read("k", source))
        second = asyncio.create_task(cache.read("k", source))
        await asyncio.sleep(0.03)
        first.cancel()
        assert await second == b"value"
    assert source.loads == 1


async def test_a_dead_cache_costs_no_time_and_is_used_again_when_it_is_back(tmp_path: Path):
    number, source = free_port(), Source()
    process: Process = start_redis(tmp_path, number)
    async with cache_of(number, "dead") as cache:
        await cache.read("k", source)
        process.popen.kill()
        process.popen.wait()
        for _ in range(4):
            assert await cache.read("k", source) == b"value"
        assert cache.breaker.state is State.OPEN
        started = time.monotonic()
        await cache.read("k", source)
        assert time.monotonic() - started < 0.2
        with pytest.raises(RedisError):
            await cache.ping()
        process = start_redis(tmp_path, number)
        await asyncio.sleep(2.1)
        await cache.read("k", source)
        assert cache.breaker.state is State.CLOSED
        loads = source.loads
        assert await cache.read("k", source) == b"value"
        assert source.loads == loads
    process.stop()
