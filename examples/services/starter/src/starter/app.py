"""The application of starter."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI

from platform_runtime.app import Runtime, create_app
from platform_runtime.cache import make_redis
from platform_runtime.health import Check
from platform_runtime.settings import Settings
from platform_runtime.stores import CacheSettings
from platform_runtime.telemetry import Telemetry
from starter.routes import router
from starter.store import Store


class StarterSettings(Settings):
    """What it is told: a section for each thing that `uses` of the stack file names."""

    cache: CacheSettings


@asynccontextmanager
async def start(runtime: Runtime) -> AsyncGenerator[Store]:
    """Open the clients, each with a check: required, if nothing of use is left without it."""
    settings = cast("StarterSettings", runtime.settings)
    redis = make_redis(settings.cache)
    try:
        store = Store(redis)
        runtime.health.add("cache", Check(store.ping))
        yield store
    finally:
        await redis.aclose()


def make_app(settings: StarterSettings, telemetry: Telemetry | None = None) -> FastAPI:
    """Return the application."""
    return create_app(settings, title="Starter", routers=[router], start=start, telemetry=telemetry)
