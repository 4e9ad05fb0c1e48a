"""What is made of the events: one task for each order that was placed."""

import asyncio
from typing import cast

import structlog
from celery import Celery
from celery.exceptions import CeleryError
from kombu.exceptions import KombuError
from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from platform_runtime.cache import FAILURES
from platform_runtime.events import Event, here
from platform_runtime.problems import Unavailable

TASK = "notifications.order_placed"
SEEN_SECONDS = 7 * 86_400
"""How long an event's id is known; longer than Kafka keeps it unread in normal times."""

log = structlog.stdlib.get_logger("notifications")


class PlacedOrder(BaseModel):
    """What a notification needs to know of an order; fields that we don't know are none of ours."""

    model_config = ConfigDict(extra="ignore")

    id: str
    customer: str
    total_cents: int


class Notifier:
    """Makes tasks of events, one for each event id."""

    def __init__(self, redis: "Redis", celery: Celery) -> None:
        self._redis = redis
        self._celery = celery

    async def __call__(self, event: Event) -> None:
        """Handle an event.

        :raises Unavailable: when Redis or RabbitMQ is down; the event comes again.
        :raises ValueError: when it is no valid order.
        """
        if event.type != "order.placed":
            return
        order = PlacedOrder.model_validate_json(event.data)
        seen = f"notifications:event:{event.id}"
        try:
            if await self._redis.exists(seen):
                log.info("event seen before", event_id=event.id)
                return
            # first the task, then the mark: a crash between makes two tasks of one id, and the
            # worker knows the second one
            await asyncio.to_thread(self._enqueue, event.id, order, here())
            await self._redis.set(seen, b"1", ex=SEEN_SECONDS)
        except FAILURES as error:
            raise Unavailable(f"cache: {type(error).__name__}") from error

    def _enqueue(self, event_id: str, order: PlacedOrder, trace: dict[str, str]) -> None:
        try:
            self._celery.send_task(
                TASK, (order.model_dump(),), task_id=event_id, headers={"trace": trace}
            )
        except (CeleryError, KombuError, OSError) as error:
            raise Unavailable(f"rabbitmq: {type(error).__name__}") from error

    async def ping_broker(self) -> None:
        """Raise when RabbitMQ does not answer."""
        await asyncio.to_thread(self._connect)

    def _connect(self) -> None:
        with self._celery.connection_for_write(connect_timeout=1) as connection:
            cast("object", connection.ensure_connection(max_retries=1, timeout=1))
