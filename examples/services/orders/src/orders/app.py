"""The application of orders."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from fastapi import FastAPI

from orders.outbox import Relay
from orders.routes import Resources, router
from orders.store import Store
from platform_runtime.app import Runtime, create_app
from platform_runtime.health import Check
from platform_runtime.http import HttpClient
from platform_runtime.kafka import Producer
from platform_runtime.settings import Settings
from platform_runtime.stores import KafkaSettings, PeerSettings, TablesSettings
from platform_runtime.tables import open_tables
from platform_runtime.telemetry import Telemetry


class OrdersSettings(Settings):
    """What orders are told."""

    kafka: KafkaSettings
    tables: TablesSettings
    peer: PeerSettings


@asynccontextmanager
async def start(runtime: Runtime) -> AsyncGenerator[Resources]:
    """Open the clients. Only the table is required: events wait in it while Kafka is down."""
    settings = cast("OrdersSettings", runtime.settings)
    async with AsyncExitStack() as stack:
        tables = await stack.enter_async_context(open_tables(settings.tables))
        store = Store(tables, settings.tables.orders)
        producer = Producer(settings.kafka, settings.service.name, runtime.telemetry)
        peer = settings.peer
        catalog = await stack.enter_async_context(
            HttpClient(
                "catalog",
                peer.catalog_url,
                runtime.telemetry,
                timeout_seconds=peer.timeout_seconds,
            )
        )
        relay = Relay(store, producer)
        relay.start()
        stack.push_async_callback(relay.stop)
        runtime.health.add("tables", Check(store.ping))
        runtime.health.add("kafka", Check(relay.ping, required=False))
        yield Resources(store, relay, catalog)


def make_app(settings: OrdersSettings, telemetry: Telemetry | None = None) -> FastAPI:
    """Return the application."""
    return create_app(settings, title="Orders", routers=[router], start=start, telemetry=telemetry)
