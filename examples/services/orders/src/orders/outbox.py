"""The outbox: events are sent after they were written, as often as it takes.

One replica at a time holds the lease and sends, so events of an order stay in order. A replica that
dies between sending and forgetting makes an event come twice, with the same id.
"""

import asyncio
import uuid

import structlog

from orders.store import Store
from platform_runtime.kafka import Producer

TOPIC = "orders.events"
BATCH = 50
LEASE_SECONDS = 10.0
IDLE_SECONDS = 0.5

log = structlog.stdlib.get_logger("outbox")


class Relay:
    """Sends the events of the outbox."""

    def __init__(self, store: Store, producer: Producer) -> None:
        self._store = store
        self._producer = producer
        self._owner = uuid.uuid4().hex
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Send in the background. Kafka may be down: orders are taken all the same."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what was not sent is for another replica."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._producer.stop()

    def wake(self) -> None:
        """Look for events now."""
        self._wake.set()

    async def ping(self) -> None:
        """Raise when events can't be sent now."""
        await self._producer.ping()

    async def _run(self) -> None:
        while True:
            sent = 0
            try:
                await self._producer.start()
                sent = await self._send_some()
            except Exception as error:  # noqa: BLE001 - whatever is down, try again later
                log.warning("events wait", error=type(error).__name__)
                await asyncio.sleep(IDLE_SECONDS)
            if not sent:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _send_some(self) -> int:
        if not await self._store.lease(self._owner, LEASE_SECONDS):
            return 0
        # the batch must end within the lease: another replica sends the rest
        async with asyncio.timeout(LEASE_SECONDS / 2):
            events = await self._store.waiting(BATCH)
            for event in events:
                await self._producer.send(TOPIC, event)
                await self._store.sent(event)
        return len(events)
