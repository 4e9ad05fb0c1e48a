"""The consumer of notifications: no API, but probes and metrics as every service."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from fastapi import FastAPI

from notifications.events import Notifier
from platform_runtime.app import Runtime, create_app
from platform_runtime.cache import make_redis
from platform_runtime.consumer import Consumer
from platform_runtime.health import Check
from platform_runtime.kafka import Producer
from platform_runtime.settings import Settings
from platform_runtime.stores import CacheSettings, KafkaSettings, RabbitmqSettings
from platform_runtime.tasks import make_celery
from platform_runtime.telemetry import Telemetry

TOPICS = ("orders.events",)


class NotificationsSettings(Settings):
    """What notifications are told."""

    cache: CacheSettings
    kafka: KafkaSettings
    rabbitmq: RabbitmqSettings


@asynccontextmanager
async def start(runtime: Runtime) -> AsyncGenerator[Consumer]:
    """Consume. All are required: without one of them no event moves on."""
    settings = cast("NotificationsSettings", runtime.settings)
    name = settings.service.name
    async with AsyncExitStack() as stack:
        redis = make_redis(settings.cache)
        stack.push_async_callback(redis.aclose)
        notifier = Notifier(redis, make_celery(name, settings.rabbitmq))
        producer = Producer(settings.kafka, name, runtime.telemetry)
        await producer.start()
        stack.push_async_callback(producer.stop)
        consumer = Consumer(
            settings.kafka,
            TOPICS,
            notifier,
            service=name,
            producer=producer,
            telemetry=runtime.telemetry,
        )
        await consumer.start()
        stack.push_async_callback(consumer.stop)
        runtime.health.add("kafka", Check(consumer.ping))
        runtime.health.add("cache", Check(redis.ping))
        runtime.health.add("rabbitmq", Check(notifier.ping_broker, timeout_seconds=3))
        yield consumer


def make_app(settings: NotificationsSettings, telemetry: Telemetry | None = None) -> FastAPI:
    """Return the application."""
    return create_app(
        settings, title="Notifications", start=start, telemetry=telemetry, needs_issuer=False
    )
