"""Applications under test, and clients of them, in one process."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import httpx2
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from issuer import AUDIENCE, ISSUER, JWKS_URL, Issuer

from platform_runtime.auth import Verifier
from platform_runtime.jwks import KeySet
from platform_runtime.settings import AuthSettings


@asynccontextmanager
async def client_of(
    app: FastAPI, issuer: Issuer | None = None
) -> AsyncGenerator[httpx2.AsyncClient]:
    async with LifespanManager(app) as running:
        if issuer:
            app.state.verifier = Verifier(auth_settings(), KeySet(issuer.fetch))
        transport = httpx2.ASGITransport(running.app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


def auth_settings() -> AuthSettings:
    return AuthSettings(issuer=ISSUER, audience=(AUDIENCE,), jwks_url=JWKS_URL)


def bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}
