"""Tokens: what is accepted, what is refused, and how often the issuer is asked."""

import asyncio
import base64
import hmac
import json
import time
from typing import Annotated

import jwt
import pytest
from apps import auth_settings, bearer, client_of
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter
from issuer import AUDIENCE, Issuer, ec_key, rsa_key

from platform_runtime.app import create_app
from platform_runtime.auth import Principal, Verifier, caller
from platform_runtime.jwks import KeySet, KeysUnavailable
from platform_runtime.problems import Problem
from platform_runtime.settings import Settings


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def verifier(issuer: Issuer) -> Verifier:
    return Verifier(auth_settings(), KeySet(issuer.fetch))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def segment(header: dict[str, str]) -> str:
    return encoded(json.dumps(header).encode())


async def refused(issuer: Issuer, token: str) -> bool:
    try:
        await verifier(issuer).verify(token)
    except Problem as problem:
        return problem.status_code == 401
    return False


async def test_a_token_of_the_issuer_is_accepted():
    issuer = Issuer(keys={"one": rsa_key(), "two": ec_key()})
    for kid in issuer.keys:
        who = await verifier(issuer).verify(issuer.token("orders/read", kid=kid))
        assert who.subject == "customer-1"
        assert who.scopes == {"orders/read"}


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"nbf": int(time.time()) + 600},
        {"iss": "https://evil.example.com"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"sub": None},
    ],
    ids=str,
)
async def test_wrong_claims_are_refused(changed: dict[str, object]):
    issuer = Issuer()
    assert not await refused(issuer, issuer.token())
    assert await refused(issuer, issuer.token(kid="one", **changed))


async def test_a_token_may_be_for_several_and_cognito_s_is_for_a_client():
    """Cognito's access tokens have no `aud`; an ID token is none for an API."""
    issuer = Issuer()
    assert not await refused(issuer, issuer.token(kid="one", aud=["another", AUDIENCE]))
    cognito: dict[str, object] = {"aud": None, "client_id": AUDIENCE, "token_use": "access"}
    assert not await refused(issuer, issuer.token(kid="one", **cognito))
    for changed in ({"client_id": "another"}, {"token_use": "id"}, {"aud": "another"}):
        assert await refused(issuer, issuer.token(kid="one", **{**cognito, **changed}))


async def test_clocks_may_differ_a_little():
    issuer = Issuer()
    assert (await verifier(issuer).verify(issuer.token(exp=int(time.time()) - 10))).subject


async def test_forged_tokens_are_refused():
    issuer = Issuer()
    good = issuer.token("orders/write")
    head, body, signature = good.split(".")
    other = jwt.encode({"sub": "x"}, rsa_key(), "RS256", headers={"kid": "one"})
    # the public key as the secret of a symmetric signature, the classic confusion of algorithms
    public = issuer.keys["one"].public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{segment({'alg': 'HS256', 'kid': 'one'})}.{body}"
    confused = f"{signed}.{encoded(hmac.digest(pem, signed.encode(), 'sha256'))}"
    keyless = jwt.encode({"sub": "x"}, rsa_key(), "RS256")
    mixed = jwt.encode({"sub": "x"}, ec_key(), "ES256", headers={"kid": "one"})
    tokens = [other, confused, keyless, mixed, "x", "", "a.b.c", "x" * 9000]
    tokens += [
        f"{segment({'alg': 'none', 'kid': 'one'})}.{body}.",
        f"{head}.{body}.{signature[:-6]}AAAAAA",
    ]
    assert [token for token in tokens if not await refused(issuer, token)] == []


async def test_many_requests_make_one_fetch():
    issuer = Issuer()
    checker = verifier(issuer)
    await asyncio.gather(*(checker.verify(issuer.token()) for _ in range(20)))
    assert issuer.fetches == 1


async def test_a_rotated_key_is_found_and_an_unknown_one_asks_no_more():
    issuer, clock = Issuer(), Clock()
    keys = KeySet(issuer.fetch, ttl_seconds=300, retry_seconds=10, clock=clock)
    assert await keys.get("one")
    issuer.keys["two"] = ec_key()
    assert await keys.get("two") is None  # fetched a moment ago: not again so soon
    clock.now += 11
    assert await keys.get("three") is None
    assert issuer.fetches == 2
    assert await keys.get("two"), "that fetch brought it"
    for _ in range(20):
        clock.now += 11
        assert await keys.get("three") is None
    assert issuer.fetches == 2, "an id that is not there asks no more until it is forgotten"
    clock.now += 100
    assert await keys.get("three") is None
    assert issuer.fetches == 3


async def test_many_unknown_ids_ask_once_in_ten_seconds():
    issuer, clock = Issuer(), Clock()
    keys = KeySet(issuer.fetch, ttl_seconds=300, retry_seconds=10, clock=clock)
    for number in range(100):
        clock.now += 0.5
        await keys.get(f"forged-{number}")
    assert issuer.fetches <= 6


async def test_known_keys_serve_while_the_issuer_is_down():
    issuer, clock = Issuer(), Clock()
    keys = KeySet(issuer.fetch, ttl_seconds=300, retry_seconds=10, clock=clock)
    await keys.get("one")
    issuer.down = True
    clock.now += 1000
    assert await keys.get("one")
    issuer.down = False
    del issuer.keys["one"]
    issuer.keys["two"] = ec_key()
    clock.now += 11
    assert await keys.get("one") is None, "a key that the issuer withdrew is no good any more"


async def test_no_key_was_ever_fetched():
    issuer, clock = Issuer(down=True), Clock()
    keys = KeySet(issuer.fetch, clock=clock)
    for _ in range(5):
        with pytest.raises(KeysUnavailable):
            await keys.get("one")
    assert issuer.fetches == 1
    issuer.down = False
    clock.now += 11
    assert await keys.get("one")


async def test_scopes_of_a_route():
    router = APIRouter()

    @router.get("/orders")
    async def orders(who: Annotated[Principal, caller("orders/read")]) -> str:
        return who.subject

    issuer = Issuer()
    app = create_app(Settings.from_values(), title="Test", routers=[router])
    async with client_of(app, issuer) as client:
        none = await client.get("/orders")
        bad = await client.get("/orders", headers=bearer("nonsense"))
        less = await client.get("/orders", headers=bearer(issuer.token("orders/write")))
        good = await client.get("/orders", headers=bearer(issuer.token("orders/read", "more")))
    assert [none.status_code, bad.status_code, less.status_code] == [401, 401, 403]
    assert none.headers["www-authenticate"] == "Bearer"
    assert 'error="invalid_token"' in bad.headers["www-authenticate"]
    assert 'scope="orders/read"' in less.headers["www-authenticate"]
    assert good.json() == "customer-1"
    operation = app.openapi()["paths"]["/orders"]["get"]
    assert operation["security"] == [{"oauth2": ["orders/read"]}]


async def test_without_an_issuer_nothing_is_let_in():
    router = APIRouter()

    @router.get("/orders")
    async def orders(who: Annotated[Principal, caller()]) -> str:
        return who.subject

    app = create_app(Settings.from_values(), title="Test", routers=[router])
    async with client_of(app) as client:
        answer = await client.get("/orders", headers=bearer(Issuer().token()))
    assert answer.status_code == 503
