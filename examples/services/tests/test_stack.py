"""All services for real: Redis, Kafka, RabbitMQ, Elasticsearch; and what happens without them.

DynamoDB Local, the issuer and the collector stand in (see `local`). The tests run in this order,
on one stack; each leaves it as it found it.
"""

import json
import signal
import time
from collections.abc import Callable, Generator, Iterable
from typing import cast

import httpx2
import pytest
from fuzz import fuzz

from local.stack import SERVICES, Stack, missing
from platform_runtime.heartbeat import SECONDS

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"this machine lacks {missing()}")

JSON = dict[str, object]
FAST = {
    "CACHE_TTL_SECONDS": "1",
    "HTTP_REQUEST_TIMEOUT_SECONDS": "5",
    "HTTP_DRAIN_SECONDS": "3",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), extra=FAST) as running:
        # the first document makes the index, which may take longer than the service waits
        until(lambda: put_product(running, "tea", 450).status_code == 200)
        yield running


def bearer(stack: Stack, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.token(*scopes)}"}


def put_product(stack: Stack, product: str, cents: int) -> httpx2.Response:
    return httpx2.put(
        f"{stack.url('catalog')}/catalog/products/{product}",
        json={"name": f"A {product}", "price_cents": cents},
        headers=bearer(stack, "catalog/write"),
        timeout=10,
    )


def order(stack: Stack, key: str, quantity: int = 1) -> httpx2.Response:
    return httpx2.post(
        f"{stack.url('orders')}/orders",
        json={"lines": [{"product_id": "tea", "quantity": quantity}]},
        headers={**bearer(stack, "orders/write"), "Idempotency-Key": key},
        timeout=10,
    )


def product(stack: Stack, name: str = "tea") -> httpx2.Response:
    return httpx2.get(f"{stack.url('catalog')}/catalog/products/{name}", timeout=10)


def ready(stack: Stack, service: str) -> str:
    time.sleep(1.1)  # a report is kept for a second
    answer = httpx2.get(f"{stack.url(service)}/health/ready", timeout=10)
    status = str(answer.json()["status"])
    assert answer.status_code == (200 if status in {"ready", "degraded"} else 503)
    return status


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


def lines(stack: Stack, name: str) -> Iterable[JSON]:
    for line in stack.processes[name].log.read_text().splitlines():
        if line.startswith("{"):
            yield cast("JSON", json.loads(line))


def notified(stack: Stack, order_id: str) -> int:
    sent = [line for line in lines(stack, "worker") if line["event"] == "notification sent"]
    return sum(line["order_id"] == order_id for line in sent)


def gauge(stack: Stack, service: str, dependency: str) -> float:
    text = httpx2.get(f"{stack.url(service)}/metrics").text
    name = f'circuit_breaker_open{{dependency="{dependency}"}} '
    return float(next(row.removeprefix(name) for row in text.splitlines() if name in row))


def test_each_service_is_ready_with_the_contracts_variables_only(stack: Stack):
    found = {service: ready(stack, service) for service in SERVICES}
    assert found == dict.fromkeys(SERVICES, "ready")


def test_an_order_becomes_one_notification_in_one_trace(stack: Stack):
    answer = order(stack, "the-first-1", 2)
    assert answer.status_code == 201
    placed = answer.json()
    assert placed["total_cents"] == 900
    until(lambda: notified(stack, placed["id"]) == 1)
    access = next(line for line in lines(stack, "orders") if line.get("route") == "/orders")

    def spans() -> set[tuple[str, str]]:
        found = cast("list[dict[str, str]]", httpx2.get(f"{stack.url('collector')}/spans").json())
        return {(s["service"], s["name"]) for s in found if s["trace"] == access["trace_id"]}

    expected = {
        ("orders", "POST /orders"),
        ("orders", "GET catalog"),
        ("catalog", "GET /catalog/products/{product_id}"),
        ("orders", "orders.events send"),
        ("notifications", "orders.events process"),
        ("notifications-worker", "notifications.order_placed"),
    }
    until(lambda: expected <= spans())


def test_the_worker_has_a_heartbeat_while_it_takes_tasks(stack: Stack):
    until(stack.heartbeat.exists)
    until(lambda: time.time() - stack.heartbeat.stat().st_mtime < SECONDS)


def test_a_repeated_request_is_one_order(stack: Stack):
    answers = [order(stack, "repeated-1") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [
        None,
        "true",
        "true",
    ]
    other = order(stack, "repeated-1", 5)
    assert (other.status_code, other.json()["type"]) == (422, "urn:problem:idempotency-key-reused")
    until(lambda: notified(stack, answers[0].json()["id"]) == 1)


def test_orders_are_paged_newest_first_and_are_their_customers_own(stack: Stack):
    for number in range(3):
        order(stack, f"paged-key-{number}")
    url, headers = f"{stack.url('orders')}/orders", bearer(stack, "orders/read")
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = httpx2.get(url, params={"limit": "2", **cursor}, headers=headers).json()
        found += [item["id"] for item in page["items"]]
        if not page["next"]:
            break
        cursor = {"cursor": page["next"]}
    assert len(found) == len(set(found)) >= 5
    assert found == sorted(found, reverse=True)
    token = stack.token("orders/read", subject="customer-2")
    stranger = {"Authorization": f"Bearer {token}"}
    assert httpx2.get(f"{url}/{found[0]}", headers=stranger).status_code == 404
    assert httpx2.get(f"{url}/{found[0]}", headers=headers).status_code == 200
    assert httpx2.get(url, params={"cursor": "nonsense"}, headers=headers).status_code == 400


@pytest.mark.parametrize("service", ["catalog", "orders"])
def test_no_request_that_the_document_allows_breaks_a_service(stack: Stack, service: str):
    token = stack.token("catalog/write", "orders/read", "orders/write", subject="fuzz")
    assert fuzz(service, stack.url(service), token, stack.directory) == ""


def test_without_redis_the_catalog_serves_from_search(stack: Stack):
    stack.kill("redis")
    answers = [product(stack) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert gauge(stack, "catalog", "cache") == 1
    assert ready(stack, "catalog") == "degraded"
    assert ready(stack, "notifications") == "unavailable"
    placed = order(stack, "without-redis-1").json()["id"]
    stack.start("redis")
    until(lambda: product(stack).status_code == 200 and gauge(stack, "catalog", "cache") == 0)
    assert ready(stack, "catalog") == "ready"
    until(lambda: notified(stack, placed) == 1)  # it waited


def test_without_search_the_catalog_serves_what_the_cache_has(stack: Stack):
    assert product(stack).status_code == 200
    stack.kill("search")
    time.sleep(1.2)  # the value is not fresh any more
    stale = [product(stack) for _ in range(3)]
    assert {answer.status_code for answer in stale} == {200}
    unknown = [product(stack, f"unknown-{number}") for number in range(6)]
    assert {answer.status_code for answer in unknown} == {503}
    assert unknown[0].headers["retry-after"] == "1"
    assert gauge(stack, "catalog", "search") == 1
    assert ready(stack, "catalog") == "degraded"
    stack.start("search")
    until(lambda: put_product(stack, "tea", 450).status_code == 200)
    assert gauge(stack, "catalog", "search") == 0


def test_without_the_catalog_no_order_is_taken_and_none_is_half_taken(stack: Stack):
    stack.kill("catalog")
    answers = [order(stack, f"no-catalog-{number}") for number in range(6)]
    assert {answer.status_code for answer in answers} == {503}
    assert gauge(stack, "orders", "catalog") == 1
    assert ready(stack, "orders") == "ready"  # it still shows orders
    stack.start("catalog")
    stack.wait_ready("catalog")
    until(lambda: order(stack, "no-catalog-0").status_code == 201)
    assert gauge(stack, "orders", "catalog") == 0


def test_without_kafka_orders_are_taken_and_their_events_come_later(stack: Stack):
    stack.kill("kafka")
    placed = [order(stack, f"no-kafka-{number}") for number in range(5)]
    assert {answer.status_code for answer in placed} == {201}
    assert ready(stack, "orders") == "degraded"
    assert ready(stack, "notifications") == "unavailable"
    stack.start("kafka")
    ids = [answer.json()["id"] for answer in placed]
    until(lambda: all(notified(stack, each) for each in ids), 90)
    time.sleep(1)
    assert [notified(stack, each) for each in ids] == [1] * 5
    until(lambda: ready(stack, "orders") == ready(stack, "notifications") == "ready")


def test_a_killed_consumer_and_a_killed_worker_lose_and_double_nothing(stack: Stack):
    placed: list[str] = []
    for number in range(12):
        placed.append(order(stack, f"killed-key-{number}").json()["id"])
        if number == 4:
            stack.kill("notifications")
        if number == 8:
            sent = {each: notified(stack, each) for each in placed}
            stack.kill("worker")
            stack.start("notifications")
    before = {each: sent.get(each, 0) for each in placed}  # pyright: ignore[reportPossiblyUnboundVariable]
    stack.start("worker")  # with a new log
    stack.wait_ready("notifications")

    def counts() -> list[int]:
        return [before[each] + notified(stack, each) for each in placed]

    until(lambda: all(counts()), 120)
    time.sleep(1)
    assert counts() == [1] * 12


def test_a_service_that_is_told_to_stop_finishes_what_it_has_begun(stack: Stack):
    process = stack.processes["catalog"]
    process.popen.terminate()

    def draining() -> bool:
        answer = httpx2.get(f"{stack.url('catalog')}/health/ready")
        return (answer.status_code, answer.json()["status"]) == (503, "draining")

    until(draining, 2)
    assert product(stack).status_code == 200  # endpoints are not updated yet
    assert process.popen.wait(20) in {0, -signal.SIGTERM}
    assert "Application shutdown complete." in {line["event"] for line in lines(stack, "catalog")}
    stack.start("catalog")
    stack.wait_ready("catalog")
