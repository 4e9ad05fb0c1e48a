"""Producer and consumer, against a real broker that is also killed."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from local.java import why_not
from local.kafka import start_kafka
from local.process import Process, free_port
from platform_runtime.consumer import Consumer, Record
from platform_runtime.events import Event, here, read_event
from platform_runtime.kafka import MskToken, Producer, connection
from platform_runtime.problems import Unavailable
from platform_runtime.settings import Settings
from platform_runtime.stores import KafkaAuth, KafkaSettings
from platform_runtime.telemetry import Telemetry, make_telemetry

real = pytest.mark.skipif(bool(why_not("kafka")), reason=why_not("kafka"))


@dataclass
class Broker:
    directory: Path
    port: int
    process: Process

    @property
    def settings(self) -> KafkaSettings:
        return KafkaSettings(
            bootstrap_servers=f"127.0.0.1:{self.port}", auth=KafkaAuth.NONE, attempts=3
        )


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Generator[Broker]:
    directory, port = tmp_path_factory.mktemp("kafka"), free_port()
    running = Broker(directory, port, start_kafka(directory, port))
    yield running
    running.process.stop()


@dataclass
class Handler:
    """Remembers events; `errors` are raised first, one a call."""

    errors: list[Exception] = field(default_factory=list[Exception])
    handled: list[Event] = field(default_factory=list[Event])
    calls: int = 0
    beats: int = 0
    traces: list[str] = field(default_factory=list[str])

    async def __call__(self, event: Event) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        self.handled.append(event)
        self.traces.append(f"{trace.get_current_span().get_span_context().trace_id:032x}")

    def beat(self) -> None:
        self.beats += 1

    def numbers(self) -> list[int]:
        return [int(event.data) for event in self.handled]


@asynccontextmanager
async def running(
    broker: Broker, topic: str, handler: Handler, telemetry: Telemetry | None = None
) -> AsyncGenerator[Producer]:
    telemetry = telemetry or make_telemetry(Settings.from_values())
    producer = Producer(broker.settings, "test", telemetry)
    await producer.start()
    consumer = Consumer(
        broker.settings,
        [topic],
        handler,
        service=f"{topic}-group",
        producer=producer,
        telemetry=telemetry,
        beat=handler.beat,
        waits=(0.01, 0.05),
    )
    await consumer.start()
    try:
        yield producer
        await consumer.ping()
    finally:
        await consumer.stop()
        await producer.stop()


def event_of(number: int) -> Event:
    return Event("order.placed", f"order-{number % 3}", str(number).encode(), "orders")


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it looks at knows no events
            await asyncio.sleep(0.05)


async def records_of(broker: Broker, topic: str, count: int) -> list[Record]:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=broker.settings.bootstrap_servers,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [cast("Record", await consumer.getone()) for _ in range(count)]
    finally:
        await consumer.stop()


@real
async def test_events_of_a_key_arrive_once_and_in_order(broker: Broker):
    handler = Handler()
    async with running(broker, "order", handler) as producer:
        for number in range(60):
            await producer.send("order", event_of(number))
        await until(lambda: len(handler.handled) == 60)
    assert handler.beats > 60
    for key in range(3):
        assert [n for n in handler.numbers() if n % 3 == key] == list(range(key, 60, 3))
    async with running(broker, "order", again := Handler()) as producer:
        await producer.send("order", event_of(60))
        await until(lambda: again.numbers() == [60])


@real
async def test_a_failing_record_is_tried_again_then_put_aside(broker: Broker):
    handler = Handler(errors=[ValueError("once")])
    async with running(broker, "retry", handler) as producer:
        await producer.send("retry", event_of(1))
        await until(lambda: handler.numbers() == [1])
        handler.errors = [ValueError("always")] * 3
        await producer.send("retry", bad := event_of(2))
        await until(lambda: not handler.errors)
        await producer.send("retry", event_of(3))
        await until(lambda: handler.numbers() == [1, 3])
    dead = (await records_of(broker, "retry.retry-group.dlq", 1))[0]
    headers = dict(dead.headers)
    assert read_event(dead.key, dead.value, dead.headers).id == bad.id
    assert headers["dlq_error"] == b"ValueError"
    assert headers["dlq_topic"] == b"retry"


@real
async def test_what_is_no_event_is_put_aside_at_once(broker: Broker):
    handler = Handler()
    async with running(broker, "poison", handler) as producer:
        await producer.send_record("poison", b"k", b"\xff not ours", [])
        await producer.send("poison", event_of(1))
        await until(lambda: handler.numbers() == [1])
    assert (await records_of(broker, "poison.poison-group.dlq", 1))[0].value == b"\xff not ours"


@real
async def test_while_a_dependency_is_down_nothing_is_put_aside(broker: Broker):
    handler = Handler(errors=[Unavailable("down")] * 12)
    async with running(broker, "outage", handler) as producer:
        await producer.send("outage", event_of(1))
        await until(lambda: handler.numbers() == [1])
    assert handler.calls == 13


@real
async def test_a_record_in_hand_at_the_stop_comes_again(broker: Broker):
    handler = Handler(errors=[Unavailable("down")] * 100_000)
    async with running(broker, "stop", handler) as producer:
        await producer.send("stop", event_of(1))
        await until(lambda: handler.calls > 1)
    async with running(broker, "stop", again := Handler()):
        await until(lambda: again.numbers() == [1])


@real
async def test_a_trace_crosses_kafka(broker: Broker):
    spans = InMemorySpanExporter()
    telemetry = make_telemetry(Settings.from_values(), spans)
    handler = Handler()
    async with running(broker, "trace", handler, telemetry) as producer:
        with telemetry.tracer.start_as_current_span("request") as request:
            began = f"{request.get_span_context().trace_id:032x}"
            event = Event("order.placed", "k", b"1", "orders", trace=here())
        await producer.send("trace", event)  # later, as an outbox does
        await until(lambda: handler.numbers() == [1])
    telemetry.close()
    assert handler.traces == [began]
    ours = [span for span in spans.get_finished_spans() if span.context]
    names = {span.name for span in ours if f"{span.context.trace_id:032x}" == began}  # pyright: ignore[reportOptionalMemberAccess]
    assert {"request", "trace send", "trace process"} <= names


@real
async def test_events_sent_while_the_broker_is_down_arrive_when_it_is_back(tmp_path: Path):
    port = free_port()
    broker = Broker(tmp_path, port, start_kafka(tmp_path, port))
    handler = Handler()
    async with running(broker, "kill", handler) as producer:
        await producer.send("kill", event_of(0))
        await until(lambda: handler.numbers() == [0])
        broker.process.popen.kill()
        broker.process.popen.wait()
        events = [event_of(number) for number in range(1, 6)]
        with pytest.raises((TimeoutError, KafkaError)):
            await producer.send("kill", events[0])
        broker.process = start_kafka(tmp_path, port)
        for event in events:  # as an outbox does: again, until it is safe
            for _ in range(30):
                try:
                    await producer.send("kill", event)
                    break
                except Exception:  # noqa: BLE001
                    await asyncio.sleep(0.5)
        await until(lambda: set(handler.numbers()) == set(range(6)), 40)
    arrived = {event.id for event in handler.handled}
    assert {event.id for event in events} <= arrived, "no event is lost"
    assert len(arrived) == 6, "what came twice has the same id"
    broker.process.stop()


async def test_on_msk_a_client_shows_its_role(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    options = connection(KafkaSettings(bootstrap_servers="b-1:9098"), "orders")
    assert options["security_protocol"] == "SASL_SSL"
    assert options["sasl_mechanism"] == "OAUTHBEARER"
    provider = options["sasl_oauth_token_provider"]
    assert isinstance(provider, MskToken)
    assert len(await provider.token()) > 100


def test_a_record_without_the_headers_is_no_event():
    with pytest.raises(ValueError, match="ce_id, ce_type, ce_source"):
        read_event(b"k", b"v", [])
    event = event_of(1)
    assert read_event(b"order-1", b"1", event.headers()) == event
