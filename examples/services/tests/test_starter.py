"""Starter, with a real Redis behind it."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx2
import pytest
from apps import auth_settings, bearer, client_of
from issuer import AUDIENCE, Issuer

from local.process import Process, free_port
from local.redis import available, start_redis
from starter.app import StarterSettings, make_app

pytestmark = pytest.mark.skipif(
    not available(), reason="no redis-server on this machine (Debian: apt-get install redis-server)"
)

QUOTES = "/starter/quotes"
ASKED = {
    "lines": [
        {"product_id": "tea", "quantity": 2, "price_cents": 450},
        {"product_id": "cup", "quantity": 1, "price_cents": 100},
    ]
}


@pytest.fixture
def redis(tmp_path: Path) -> Generator[tuple[Process, int]]:
    port = free_port()
    process = start_redis(tmp_path, port)
    yield process, port
    process.stop()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def client(redis: tuple[Process, int], issuer: Issuer) -> AsyncGenerator[httpx2.AsyncClient]:
    values = {"auth": auth_settings(), "cache": {"url": f"redis://127.0.0.1:{redis[1]}"}}
    async with client_of(make_app(StarterSettings.model_validate(values)), issuer) as made:
        yield made


async def make(client: httpx2.AsyncClient, issuer: Issuer, customer: str) -> dict[str, object]:
    headers = bearer(issuer.token("starter/write", sub=customer))
    answer = await client.post(QUOTES, json=ASKED, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_quote_is_kept_for_its_customer(client: httpx2.AsyncClient, issuer: Issuer):
    made = await make(client, issuer, "ada")
    assert made["total_cents"] == 1000
    url = f"{QUOTES}/{made['id']}"
    own = await client.get(url, headers=bearer(issuer.token("starter/read", sub="ada")))
    assert (own.status_code, own.json()) == (200, made)
    other = await client.get(url, headers=bearer(issuer.token("starter/read", sub="bob")))
    assert other.status_code == 404
    machine = issuer.token("starter/read", sub=AUDIENCE, client_id=AUDIENCE)
    assert (await client.get(url, headers=bearer(machine))).json() == made


async def test_a_token_needs_the_scope_of_the_route(client: httpx2.AsyncClient, issuer: Issuer):
    answers = [
        await client.post(QUOTES, json=ASKED),
        await client.post(QUOTES, json=ASKED, headers=bearer(issuer.token("starter/read"))),
        await client.get(f"{QUOTES}/1", headers=bearer(issuer.token("starter/write"))),
    ]
    assert [answer.status_code for answer in answers] == [401, 403, 403]


async def test_what_is_not_allowed_is_told(client: httpx2.AsyncClient, issuer: Issuer):
    body = {"lines": [{"product_id": "tea", "quantity": 0, "price_cents": 1}]}
    answer = await client.post(QUOTES, json=body, headers=bearer(issuer.token("starter/write")))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "body.lines.0.quantity"


async def test_without_the_cache_it_is_not_ready_and_says_so(
    client: httpx2.AsyncClient, issuer: Issuer, redis: tuple[Process, int]
):
    redis[0].stop()
    answer = await client.get(f"{QUOTES}/1", headers=bearer(issuer.token("starter/read")))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    ready = await client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["checks"]["cache"]["ok"] is False
