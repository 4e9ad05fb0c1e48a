"""The application of spending."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI

from platform_runtime.app import Runtime, create_app
from platform_runtime.health import Check
from platform_runtime.settings import Settings
from platform_runtime.stores import TablesSettings
from platform_runtime.tables import open_tables
from platform_runtime.telemetry import Telemetry
from spending.routes import router
from spending.store import Store


class SpendingSettings(Settings):
    """What spending is told."""

    tables: TablesSettings


@asynccontextmanager
async def start(runtime: Runtime) -> AsyncGenerator[Store]:
    """Open the clients."""
    settings = cast("SpendingSettings", runtime.settings)
    async with open_tables(settings.tables) as tables:
        store = Store(tables, settings.tables.orders)
        runtime.health.add("tables", Check(store.ping))
        yield store


def make_app(settings: SpendingSettings, telemetry: Telemetry | None = None) -> FastAPI:
    """Return the application."""
    return create_app(
        settings, title="Spending", routers=[router], start=start, telemetry=telemetry
    )
