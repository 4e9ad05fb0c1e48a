"""The application of the catalog."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from fastapi import FastAPI

from catalog.routes import Resources, router
from platform_runtime.app import Runtime, create_app
from platform_runtime.cache import Cache, make_redis
from platform_runtime.health import Check
from platform_runtime.search import Search
from platform_runtime.settings import Settings
from platform_runtime.stores import CacheSettings, SearchSettings
from platform_runtime.telemetry import Telemetry


class CatalogSettings(Settings):
    """What the catalog is told."""

    cache: CacheSettings
    search: SearchSettings


@asynccontextmanager
async def start(runtime: Runtime) -> AsyncGenerator[Resources]:
    """Open the clients. Neither is required alone: each serves what it has without the other."""
    settings = cast("CatalogSettings", runtime.settings)
    async with AsyncExitStack() as stack:
        redis = make_redis(settings.cache)
        stack.push_async_callback(redis.aclose)
        cache = Cache(redis, settings.cache, prefix="catalog:")
        search = Search(settings.search)
        stack.push_async_callback(search.close)
        runtime.health.add("cache", Check(cache.ping, required=False))
        runtime.health.add("search", Check(search.ping, required=False))
        yield Resources(cache, search)


def make_app(settings: CatalogSettings, telemetry: Telemetry | None = None) -> FastAPI:
    """Return the application."""
    return create_app(
        settings,
        title="Catalog",
        routers=[router],
        start=start,
        telemetry=telemetry,
        needs_issuer=False,  # all may read
    )
