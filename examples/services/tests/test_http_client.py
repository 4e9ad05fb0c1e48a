"""The client of other services."""

import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from platform_runtime.breaker import State
from platform_runtime.context import CURRENT, RequestContext
from platform_runtime.http import HttpClient
from platform_runtime.problems import Unavailable
from platform_runtime.settings import Settings
from platform_runtime.telemetry import make_telemetry


class Peer:
    """Answers with one status after the other; 0: the connection breaks, -1: none is made."""

    def __init__(self, *statuses: int) -> None:
        self.statuses: Iterator[int] = iter(statuses)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        status = next(self.statuses, 200)
        if status == 0:
            raise httpx2.ReadError("cut", request=request)
        if status == -1:
            raise httpx2.ConnectError("refused", request=request)
        return httpx2.Response(status)


def client_of(peer: Callable[[httpx2.Request], httpx2.Response]) -> HttpClient:
    telemetry = make_telemetry(Settings.from_values())
    transport = httpx2.MockTransport(peer)
    return HttpClient("peer", "http://peer", telemetry, transport=transport)


@pytest.mark.parametrize(
    ("method", "headers", "statuses", "status", "calls"),
    [
        ("GET", {}, (503, 0, 200), 200, 3),
        ("GET", {}, (-1, -1, 200), 200, 3),
        ("GET", {}, (500,), 500, 1),
        ("GET", {}, (503, 503, 503, 200), 503, 3),
        ("POST", {}, (503, 200), 503, 1),
        ("POST", {}, (-1, 201), 201, 2),
        ("POST", {"Idempotency-Key": "k"}, (0, 201), 201, 2),
        ("PUT", {}, (502, 204), 204, 2),
    ],
)
async def test_what_may_be_repeated_is(
    method: str, headers: dict[str, str], statuses: tuple[int, ...], status: int, calls: int
):
    peer = Peer(*statuses)
    async with client_of(peer) as client:
        answer = await client.request(method, "/x", headers=headers)
    assert (answer.status_code, len(peer.requests)) == (status, calls)


async def test_a_write_whose_answer_was_lost_is_not_repeated():
    peer = Peer(0, 201)
    async with client_of(peer) as client:
        with pytest.raises(Unavailable):
            await client.request("POST", "/x")
    assert len(peer.requests) == 1


async def test_the_budget_ends_a_storm_of_retries():
    peer = Peer(*[429] * 1000)
    async with client_of(peer) as client:
        client.breaker = client.breaker.__class__("storm", failures=10_000)
        for _ in range(50):
            await client.request("GET", "/x")
    assert len(peer.requests) <= 50 + 10 + 50 * 0.1


async def test_the_breaker_opens_and_calls_end_at_once():
    peer = Peer(*[-1] * 100)
    async with client_of(peer) as client:
        for _ in range(10):
            with pytest.raises(Unavailable):
                await client.request("GET", "/x")
        assert client.breaker.state is State.OPEN
        made = len(peer.requests)
        with pytest.raises(Unavailable):
            await client.request("GET", "/x")
    assert len(peer.requests) == made


async def test_the_rest_of_the_callers_time_is_passed_on():
    peer = Peer()
    token = CURRENT.set(RequestContext("request-1", time.monotonic() + 1.5))
    try:
        async with client_of(peer) as client:
            await client.request("GET", "/x")
    finally:
        CURRENT.reset(token)
    sent = peer.requests[0].headers
    assert sent["x-request-id"] == "request-1"
    assert 1000 < int(sent["x-request-timeout-ms"]) <= 1500


async def test_without_time_no_call_is_made():
    peer = Peer()
    token = CURRENT.set(RequestContext("request-1", time.monotonic() - 1))
    try:
        async with client_of(peer) as client:
            with pytest.raises(Unavailable, match="no time left"):
                await client.request("GET", "/x")
    finally:
        CURRENT.reset(token)
    assert peer.requests == []


async def test_the_trace_is_passed_on():
    peer, spans = Peer(), InMemorySpanExporter()
    telemetry = make_telemetry(Settings.from_values(), spans)
    transport = httpx2.MockTransport(peer)
    async with HttpClient("peer", "http://peer", telemetry, transport=transport) as client:
        await client.request("GET", "/x")
    telemetry.close()
    context = spans.get_finished_spans()[0].context
    assert context
    assert (
        f"{context.trace_id:032x}-{context.span_id:016x}"
        in (peer.requests[0].headers["traceparent"])
    )
