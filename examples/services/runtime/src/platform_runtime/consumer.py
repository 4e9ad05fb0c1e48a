"""The consumer of events: none is lost, what can't be handled is put aside.

- An offset is committed when its record was handled or is among the dead letters. After a crash a
  record comes again: handlers know it by the event's id.
- `Unavailable` (a dependency is down) is tried again for as long as it takes; nothing moves on.
- `beat` (see `platform_runtime.heartbeat`) is called with each round and each record, and while a
  dependency is waited for: to start anew would not help.
- Any other error is tried again a few times. Then the record goes to the dead letters,
  `TOPIC.GROUP.dlq`, with what went wrong; so does, at once, what is no event of ours.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from opentelemetry.trace import SpanKind
from tenacity.wait import wait_random_exponential

from platform_runtime.events import Event, Header, read_event
from platform_runtime.kafka import Producer, connection
from platform_runtime.metrics import RECORDS
from platform_runtime.problems import Unavailable
from platform_runtime.retry import retrying
from platform_runtime.stores import KafkaSettings
from platform_runtime.telemetry import Telemetry

log = structlog.stdlib.get_logger("consumer")

Handle = Callable[[Event], Awaitable[None]]


@dataclass(frozen=True)
class Record:
    """A record of a topic, as aiokafka gives it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[Header]


class Consumer:
    """Hands the events of some topics to a handler, one after the other for each partition."""

    def __init__(
        self,
        settings: KafkaSettings,
        topics: Sequence[str],
        handle: Handle,
        *,
        service: str,
        producer: Producer,
        telemetry: Telemetry,
        beat: Callable[[], None] = lambda: None,
        waits: tuple[float, float] = (0.2, 30),
    ) -> None:
        self.group = settings.group or service
        self._handle = handle
        self._producer = producer
        self._beat = beat
        self._tracer = telemetry.tracer
        self._attempts = settings.attempts
        self._wait = wait_random_exponential(multiplier=waits[0], max=waits[1])
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._kafka = AIOKafkaConsumer(
            *topics,
            **connection(settings, service),  # pyright: ignore[reportArgumentType]
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_interval_ms=600_000,
        )

    async def start(self) -> None:
        """Join the group and handle events in the background."""
        await self._kafka.start()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish the record in hand, leave the group."""
        self._stopping.set()
        if self._task:
            await asyncio.wait([self._task], timeout=15)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._kafka.stop()

    async def ping(self) -> None:
        """Raise when no events are handled any more, or no broker answers."""
        if self._task is None or self._task.done():
            raise ConnectionError("the consumer has stopped")
        await self._producer.ping()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            self._beat()
            batches = cast(
                "dict[TopicPartition, list[Record]]",
                await self._kafka.getmany(timeout_ms=500, max_records=100),
            )
            for partition, records in batches.items():
                await self._handle_batch(partition, records)

    async def _handle_batch(self, partition: TopicPartition, records: Sequence[Record]) -> None:
        done: int | None = None
        try:
            for record in records:
                if self._stopping.is_set():
                    break
                await self._handle_record(record)
                self._beat()
                done = record.offset + 1
        finally:
            if done is not None:
                await self._commit(partition, done)

    async def _commit(self, partition: TopicPartition, offset: int) -> None:
        try:
            await self._kafka.commit({partition: offset})
        except (CommitFailedError, IllegalStateError):
            # the partition is another's by now, who handles the records again
            log.warning("offset not committed", partition=str(partition))

    async def _handle_record(self, record: Record) -> None:
        outcome = "ok"
        try:
            event = read_event(record.key, record.value, record.headers)
            await self._until_handled(event, record)
        except Exception as error:
            outcome = "dead"
            log.exception("dead letter", topic=record.topic, offset=record.offset)
            await self._bury(record, error)
        RECORDS.labels(record.topic, "received", outcome).inc()

    async def _until_handled(self, event: Event, record: Record) -> None:
        failures = 0

        def again(error: BaseException) -> bool:
            nonlocal failures
            if self._stopping.is_set() or not isinstance(error, Exception):
                return False
            failures += not isinstance(error, Unavailable)
            self._beat()
            log.warning("event not handled", event_id=event.id, error=type(error).__name__)
            return failures < self._attempts

        with self._tracer.start_as_current_span(
            f"{record.topic} process",
            context=event.context(),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": "kafka",
                "messaging.destination.name": record.topic,
                "messaging.kafka.offset": record.offset,
            },
        ):
            try:
                await retrying(again, attempts=2**31, wait=self._wait)(self._handle, event)
            except Exception:
                if self._stopping.is_set():  # not handled and no dead letter: it comes again
                    raise asyncio.CancelledError from None
                raise

    async def _bury(self, record: Record, error: Exception) -> None:
        """Keep a record among the dead letters, however long that takes."""
        headers = [
            *record.headers,
            ("dlq_topic", record.topic.encode()),
            ("dlq_partition", str(record.partition).encode()),
            ("dlq_offset", str(record.offset).encode()),
            ("dlq_error", type(error).__name__.encode()),
        ]
        topic = f"{record.topic}.{self.group}.dlq"

        def again(problem: BaseException) -> bool:
            log.warning("dead letter not kept", topic=topic, error=type(problem).__name__)
            kept_on = isinstance(problem, KafkaError | TimeoutError | Unavailable)
            return kept_on and not self._stopping.is_set()

        send = self._producer.send_record
        retries = retrying(again, attempts=2**31, wait=self._wait)
        try:
            await retries(send, topic, record.key, record.value, headers)
        except Exception:
            if self._stopping.is_set():
                raise asyncio.CancelledError from None
            raise
