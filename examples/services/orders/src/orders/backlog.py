"""`python -m orders.backlog`: fail when events wait and none is sent; a job looks every night."""

import asyncio
import logging
import sys
from typing import Protocol

from orders.store import Store
from platform_runtime.events import Event
from platform_runtime.settings import Settings
from platform_runtime.stores import TablesSettings
from platform_runtime.tables import open_tables

PATIENCE_SECONDS = 60.0
"""Within which the relay sends an event, unless Kafka is away for longer."""


class BacklogSettings(Settings):
    """What the job is told."""

    tables: TablesSettings


class Waiting(Protocol):
    """Where events wait."""

    async def waiting(self, limit: int) -> list[Event]:
        """Return the oldest of them."""
        ...


async def stuck(store: Waiting, seconds: float = PATIENCE_SECONDS) -> str | None:
    """Return the id of the oldest event if it is the oldest still after `seconds`."""
    first = await store.waiting(1)
    if not first:
        return None
    await asyncio.sleep(seconds)
    again = await store.waiting(1)
    return first[0].id if again and again[0].id == first[0].id else None


async def main() -> int:
    """Look once; return the exit status."""
    settings = BacklogSettings()  # pyright: ignore[reportCallIssue] - from the environment
    async with open_tables(settings.tables) as tables:
        event = await stuck(Store(tables, settings.tables.orders))
    if event:
        logging.getLogger(__name__).error("event %s waits and is not sent", event)
    return 1 if event else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
