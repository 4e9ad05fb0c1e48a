"""Kafka: how clients connect, and the producer."""

import asyncio
import ssl

from aiokafka import AIOKafkaProducer
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaError
from aws_msk_iam_sasl_signer import MSKAuthTokenProvider
from opentelemetry import propagate
from opentelemetry.trace import SpanKind

from platform_runtime.breaker import Breaker
from platform_runtime.context import current
from platform_runtime.events import Event, Header
from platform_runtime.metrics import RECORDS
from platform_runtime.problems import Unavailable
from platform_runtime.stores import KafkaAuth, KafkaSettings
from platform_runtime.telemetry import Telemetry

SEND_SECONDS = 5.0


class MskToken(AbstractTokenProvider):
    """Signs a token with the pod's role for each connection; it holds for 15 minutes."""

    def __init__(self, region: str) -> None:
        self._region = region

    async def token(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride] - untyped
        """Return a token; signing may fetch credentials, which blocks."""
        return await asyncio.to_thread(self._sign)

    def _sign(self) -> str:
        return MSKAuthTokenProvider.generate_auth_token(self._region)[0]


def connection(settings: KafkaSettings, client_id: str) -> dict[str, object]:
    """Return the options that every client connects with."""
    options: dict[str, object] = {
        "bootstrap_servers": settings.bootstrap_servers,
        "client_id": client_id,
        "request_timeout_ms": 10_000,
    }
    if settings.auth is KafkaAuth.IAM:
        options |= {
            "security_protocol": "SASL_SSL",
            "ssl_context": ssl.create_default_context(),
            "sasl_mechanism": "OAUTHBEARER",
            "sasl_oauth_token_provider": MskToken(settings.region),
        }
    return options


class Producer:
    """Sends records: acknowledged by all in-sync replicas, once each, in order for a key."""

    def __init__(self, settings: KafkaSettings, client_id: str, telemetry: Telemetry) -> None:
        self.breaker = Breaker("kafka")
        self._tracer = telemetry.tracer
        self._options = connection(settings, client_id)
        self._kafka: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect, once; after a failure it may be tried again.

        :raises aiokafka.errors.KafkaError: when no broker answers.
        """
        if self._kafka:
            return
        kafka = AIOKafkaProducer(
            **self._options,  # pyright: ignore[reportArgumentType]
            acks="all",
            enable_idempotence=True,
            compression_type="gzip",
            linger_ms=5,
        )
        try:
            await kafka.start()
        except BaseException:
            await kafka.stop()
            raise
        self._kafka = kafka

    async def stop(self) -> None:
        """Send what waits, and disconnect."""
        kafka, self._kafka = self._kafka, None
        if kafka:
            await kafka.stop()

    async def ping(self) -> None:
        """Ask the brokers for their topics.

        :raises Exception: when none answers, or none ever did.
        """
        await self._connected().client.fetch_all_metadata()

    def _connected(self) -> AIOKafkaProducer:
        if self._kafka is None:
            raise Unavailable("kafka: not connected")
        return self._kafka

    async def send(self, topic: str, event: Event) -> None:
        """Send an event and wait until it is safe.

        :raises Exception: when it may not have arrived; sending it again does no harm, as
            consumers know an event by its id.
        """
        with self._tracer.start_as_current_span(
            f"{topic} send",
            context=event.context() if event.trace else None,
            kind=SpanKind.PRODUCER,
            attributes={"messaging.system": "kafka", "messaging.destination.name": topic},
        ):
            carrier: dict[str, str] = {}
            propagate.inject(carrier)
            headers = [pair for pair in event.headers() if pair[0] not in carrier]
            headers += [(name, value.encode()) for name, value in carrier.items()]
            await self.send_record(topic, event.key.encode(), event.data, headers)

    async def send_record(
        self, topic: str, key: bytes | None, value: bytes | None, headers: list[Header]
    ) -> None:
        """Send a record as it is."""
        outcome = "failed"
        try:
            async with self.breaker, asyncio.timeout(current().remaining(SEND_SECONDS)):
                await self._connected().send_and_wait(topic, value, key, headers=headers)
            outcome = "ok"
        except KafkaError as error:
            if not error.retriable:  # such as a lost place in the order: this client sends no more
                await self.stop()
            raise
        finally:
            RECORDS.labels(topic, "sent", outcome).inc()
