"""`python -m notifications.worker`: the Celery worker that sends notifications.

RabbitMQ may deliver a task twice; the id in Redis makes the second one do nothing. What still fails
after some retries is rejected, and RabbitMQ puts it into the dead letters' queue.
"""

import asyncio
import sys
from typing import cast

import structlog
from celery import Celery, Task
from opentelemetry import propagate
from opentelemetry.trace import SpanKind

from notifications.events import SEEN_SECONDS, TASK, PlacedOrder
from platform_runtime.cache import FAILURES, make_redis
from platform_runtime.heartbeat import Heartbeat
from platform_runtime.logs import configure_logging
from platform_runtime.settings import Settings
from platform_runtime.stores import CacheSettings, RabbitmqSettings
from platform_runtime.tasks import beats, make_celery
from platform_runtime.telemetry import make_telemetry

CLAIMED, DONE = b"claimed", b"done"
CLAIM_SECONDS = 90
"""Longer than a task may take (60 s): then its worker is dead, and another one may send."""

log = structlog.stdlib.get_logger("worker")


class WorkerSettings(Settings):
    """What the worker is told."""

    cache: CacheSettings
    rabbitmq: RabbitmqSettings


class Sender:
    """Sends notifications, each once."""

    def __init__(self, settings: CacheSettings) -> None:
        self._settings = settings

    def send(self, order: PlacedOrder, notification: str) -> bool:
        """Send, unless this notification was sent before; tell which.

        :raises ConnectionError: when Redis is down: better late than twice.
        """
        try:
            return asyncio.run(self._send(order, notification))
        except FAILURES as error:
            raise ConnectionError(f"cache: {type(error).__name__}") from error

    async def _send(self, order: PlacedOrder, notification: str) -> bool:
        redis = make_redis(self._settings)
        sent = f"notifications:sent:{notification}"
        try:
            if not await redis.set(sent, CLAIMED, nx=True, ex=CLAIM_SECONDS):
                if await redis.get(sent) == DONE:
                    return False
                raise ConnectionError("another worker has it in hand, or died with it")
            try:
                deliver(order)
            except Exception:
                await redis.delete(sent)
                raise
            await redis.set(sent, DONE, ex=SEEN_SECONDS)
            return True
        finally:
            await redis.aclose()


def deliver(order: PlacedOrder) -> None:
    """Tell the customer. A real service calls its mail provider here."""
    log.info("notification sent", order_id=order.id, total_cents=order.total_cents)


def make_worker(settings: WorkerSettings) -> Celery:
    """Return the worker's application."""
    configure_logging(settings.service, settings.log.level)
    telemetry = make_telemetry(settings)
    app = make_celery(settings.service.name, settings.rabbitmq)
    beats(app, Heartbeat(settings.worker.heartbeat_file))
    sender = Sender(settings.cache)

    def order_placed(task: Task, order: dict[str, object]) -> None:
        headers = cast("dict[str, dict[str, str]]", task.request.get("headers") or {})
        context = propagate.extract(headers.get("trace", {}))
        with telemetry.tracer.start_as_current_span(TASK, context, SpanKind.CONSUMER):
            if not sender.send(PlacedOrder.model_validate(order), str(task.request.id)):
                log.info("notification sent before", task=task.request.id)

    app.task(
        bind=True,
        name=TASK,
        autoretry_for=(ConnectionError,),
        retry_backoff=1,
        retry_backoff_max=60,
        retry_jitter=True,
        max_retries=8,
        acks_on_failure_or_timeout=False,
    )(order_placed)
    return app


def main() -> None:
    """Work until told to stop; a task in hand is finished first."""
    settings = WorkerSettings()  # pyright: ignore[reportCallIssue] - from the environment
    app = make_worker(settings)
    queue = settings.rabbitmq.queue
    app.worker_main(["worker", "--queues", queue, "--without-mingle", *sys.argv[1:]])


if __name__ == "__main__":
    main()
