"""What every application has: errors, limits, headers, health, logs, metrics, traces."""

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
import pytest
from apps import client_of
from fastapi import APIRouter, FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel

from platform_runtime.app import Runtime, create_app
from platform_runtime.context import current
from platform_runtime.health import Check, Health, State
from platform_runtime.problems import Problem
from platform_runtime.settings import Settings
from platform_runtime.telemetry import make_telemetry

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Order(BaseModel):
    count: int


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/items/{number}")
    async def item(number: int) -> dict[str, int]:
        return {"number": number}

    @router.post("/orders")
    async def order(order: Order) -> Order:
        return order

    @router.get("/gone")
    async def gone() -> None:
        raise Problem(409, "sold out", kind="out-of-stock")

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("password=hunter2 Bearer abcdefghijklmnop")

    @router.get("/slow")
    async def slow() -> float:
        remaining = current().remaining(60)
        await asyncio.sleep(5)
        return remaining

    @router.get("/remaining")
    async def remaining() -> float:
        return current().remaining(60)

    return router


def app_of(**variables: object) -> FastAPI:
    settings = Settings.from_values(**variables)
    return create_app(settings, title="Test", routers=[routes()])


async def get(path: str, app: FastAPI | None = None, **headers: str) -> httpx2.Response:
    async with client_of(app or app_of()) as client:
        return await client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def test_errors_are_problems():
    async with client_of(app_of()) as client:
        answers = {
            404: await client.get("/nowhere"),
            405: await client.put("/orders"),
            409: await client.get("/gone"),
            422: await client.post("/orders", json={"count": "many"}),
            500: await client.get("/broken"),
        }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert body["status"] == status
        assert body["request_id"] == answer.headers["x-request-id"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert answers[409].json()["type"] == "urn:problem:out-of-stock"
    assert answers[422].json()["errors"][0]["path"] == "body.count"
    assert "hunter2" not in answers[500].text
    assert answers[405].headers["allow"] == "POST"


async def test_a_callers_request_id_is_kept_when_it_is_one():
    assert (await get("/items/1", x_request_id="abc-12345")).headers["x-request-id"] == "abc-12345"
    for forged in ("short", 'x" level="error', "x" * 200):
        assert re.fullmatch(
            "[0-9a-f]{32}", (await get("/items/1", x_request_id=forged)).headers["x-request-id"]
        )


async def test_a_request_takes_no_longer_than_it_may():
    app = app_of(http={"request_timeout_seconds": 0.1})
    started = time.monotonic()
    answer = await get("/slow", app)
    assert answer.status_code == 504
    assert answer.headers["content-type"] == "application/problem+json"
    assert time.monotonic() - started < 2


async def test_a_caller_may_ask_for_less_time_but_not_for_more():
    less = (await get("/remaining", x_request_timeout_ms="2000")).json()
    more = (await get("/remaining", x_request_timeout_ms="99999999")).json()
    nonsense = (await get("/remaining", x_request_timeout_ms="-5")).json()
    assert 1.5 < less <= 2
    assert 9 < more <= 10
    assert 9 < nonsense <= 10


async def test_a_body_is_no_longer_than_it_may():
    app = app_of(http={"max_body_bytes": 100})

    async def chunks() -> AsyncGenerator[bytes]:
        for _ in range(20):
            yield b" " * 10
        yield b'{"count": 1}'

    async with client_of(app) as client:
        fits = await client.post("/orders", json={"count": 1})
        declared = await client.post("/orders", content=b"x" * 101)
        streamed = await client.post(
            "/orders", content=chunks(), headers={"content-type": "application/json"}
        )
    assert [fits.status_code, declared.status_code, streamed.status_code] == [200, 413, 413]
    assert declared.headers["content-type"] == "application/problem+json"


async def test_security_headers():
    answer = await get("/items/1")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_the_docs_page_may_run_its_own_script_and_no_other():
    answer = await get("/docs")
    policy = answer.headers["content-security-policy"]
    sources = re.findall(r'(?:src|href)="(https://[^"]+)"', answer.text)
    allowed = re.findall(r"https://\S+/", policy)
    assert len(sources) == 2
    assert all(any(source.startswith(place) for place in allowed) for source in sources)
    assert policy.count("'sha256-") == answer.text.count("<script>") == 1
    assert "unsafe-inline" not in policy.split("style-src")[0]


async def test_docs_can_be_off():
    app = app_of(http={"docs": False})
    assert (await get("/docs", app)).status_code == 404
    assert (await get("/openapi.json", app)).status_code == 404


async def test_cors_lets_in_named_origins_only():
    ours = "https://shop.example.com"
    app = app_of(cors={"origins": (ours,)})
    assert (await get("/items/1", app, origin=ours)).headers["access-control-allow-origin"] == ours
    # an error is readable to the page that made it
    assert (await get("/broken", app, origin=ours)).headers["access-control-allow-origin"] == ours
    other = await get("/items/1", app, origin="https://evil.example.com")
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-origin" not in (await get("/items/1", origin=ours)).headers


def health_of(**checks: Check) -> Health:
    health = Health(fresh_seconds=0)
    for name, check in checks.items():
        health.add(name, check)
    return health


async def works() -> None:
    await asyncio.sleep(0.2)


async def fails() -> None:
    raise ConnectionError("redis://user:password@host")


async def hangs() -> None:
    await asyncio.sleep(60)


async def test_readiness_asks_at_once_and_waits_no_longer_than_it_may():
    slow = Check(hangs, timeout_seconds=0.3)
    health = health_of(a=Check(works), b=Check(works), c=Check(works), slow=slow)
    started = time.monotonic()
    report = await health.report()
    assert time.monotonic() - started < 0.55
    assert report.status is State.UNAVAILABLE
    assert {name: check.ok for name, check in report.checks.items()} == {
        **dict.fromkeys("abc", True),
        "slow": False,
    }


async def test_an_optional_dependency_degrades():
    optional = Check(fails, required=False)
    assert (await health_of(a=Check(works), b=optional).report()).status is State.DEGRADED
    report = await health_of(a=Check(fails), b=optional).report()
    assert report.status is State.UNAVAILABLE
    assert "password" not in report.model_dump_json()


async def test_probes_do_not_flood_the_dependencies():
    calls = 0

    async def counted() -> None:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.05)

    health = Health(fresh_seconds=5)
    health.add("counted", Check(counted))
    await asyncio.gather(*(health.report() for _ in range(20)))
    await health.report()
    assert calls == 1


async def test_health_over_http():
    @asynccontextmanager
    async def start(runtime: Runtime) -> AsyncGenerator[None]:
        runtime.health.add("store", Check(fails))
        yield

    app = create_app(Settings.from_values(), title="Test", start=start)
    async with client_of(app) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["store"]["error"] == "ConnectionError"
        app.state.runtime.health.drain()
        assert (await client.get("/health/ready")).json()["status"] == "draining"


async def test_logs_are_json_with_ids_and_without_secrets(
    capsysbinary: pytest.CaptureFixture[bytes],
):
    async with client_of(app_of()) as client:
        await client.get("/items/7?token=abc", headers={"x-request-id": "request-1"})
        await client.get("/health/live")
        await client.get("/broken")
    lines = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    access = [line for line in lines if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in access] == [
        ("/items/{number}", 200),
        ("/broken", 500),
    ]
    assert access[0]["request_id"] == "request-1"
    assert access[0]["service"] == "test"
    error = next(line for line in lines if line["event"] == "unhandled error")
    assert error["exception"][0]["exc_type"] == "RuntimeError"
    assert "abcdefghijklmnop" not in json.dumps(lines)
    assert "abc" not in json.dumps(access[0])


async def test_metrics_count_by_route_not_by_path():
    async with client_of(app_of()) as client:
        for number in range(5):
            await client.get(f"/items/{number}")
            await client.get(f"/none/{number}")
        text = (await client.get("/metrics")).text
    counts = [line for line in text.splitlines() if "duration_seconds_count" in line]
    assert any('http_route="/items/{number}"' in line for line in counts)
    assert any('http_route="unmatched"' in line for line in counts)
    assert not any("/none/" in line or "/items/1" in line for line in counts)


async def test_spans_continue_the_callers_trace_and_logs_name_it(
    capsysbinary: pytest.CaptureFixture[bytes],
):
    spans = InMemorySpanExporter()
    settings = Settings.from_values()
    telemetry = make_telemetry(settings, spans)
    app = create_app(settings, title="Test", routers=[routes()], telemetry=telemetry)
    async with client_of(app) as client:
        await client.get("/items/7", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
        await client.get("/health/ready")
        await client.get("/metrics")
    ours = [span for span in spans.get_finished_spans() if span.context]
    assert [span.name for span in ours] == ["GET /items/{number}"]
    assert ours[0].context
    assert f"{ours[0].context.trace_id:032x}" == TRACE
    lines = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert next(line for line in lines if line["event"] == "request")["trace_id"] == TRACE


async def test_without_a_collector_there_are_no_spans():
    telemetry = make_telemetry(Settings.from_values())
    assert telemetry.config().get("tracing") is False
    with telemetry.tracer.start_as_current_span("x") as span:
        assert not span.is_recording()
