"""The application of a service."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import cast

import httpx2
from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from starlette.middleware import Middleware

from platform_runtime import docs_page, problems
from platform_runtime.auth import Verifier
from platform_runtime.health import Check, Health
from platform_runtime.jwks import KeySet, fetch_from
from platform_runtime.logs import configure_logging
from platform_runtime.metrics import metrics
from platform_runtime.middleware import (
    BodyLimitMiddleware,
    RequestMiddleware,
    SecurityHeadersMiddleware,
    TimeoutMiddleware,
)
from platform_runtime.settings import AuthSettings, Settings
from platform_runtime.telemetry import Telemetry, make_telemetry


@dataclass(frozen=True)
class Runtime:
    """What the runtime has for a service while it starts."""

    settings: Settings
    health: Health
    telemetry: Telemetry


Start = Callable[[Runtime], AbstractAsyncContextManager[object]]
"""Opens a service's clients, gives them, and closes them: `app.state.resources`."""


@asynccontextmanager
async def nothing(_: Runtime) -> AsyncGenerator[None]:
    """Start a service that has no clients."""
    yield


def create_app(
    settings: Settings,
    *,
    title: str,
    routers: Sequence[APIRouter] = (),
    start: Start = nothing,
    telemetry: Telemetry | None = None,
    needs_issuer: bool = True,
) -> FastAPI:
    """Return a service's application, with all that the platform expects of one.

    :param start: see `Start`; it adds its health checks to `runtime.health`.
    :param telemetry: other providers than the settings', for tests.
    :param needs_issuer: without the issuer's keys it can answer nothing of use; they are kept
        while the issuer is down, so this matters to a replica that starts meanwhile.
    """
    configure_logging(settings.service, settings.log.level)
    runtime = Runtime(settings, Health(), telemetry or make_telemetry(settings))
    app = FastAPI(
        title=title,
        version=settings.service.version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.http.docs else None,
        telemetry=runtime.telemetry.config(),
        lifespan=_lifespan(runtime, start, needs_issuer),
        middleware=_middleware(settings),
        responses=problems.DOCUMENTED,
    )
    app.state.runtime = runtime
    app.state.verifier = None
    problems.install(app)
    app.add_route("/health/live", runtime.health.live, include_in_schema=False)
    app.add_route("/health/ready", runtime.health.ready, include_in_schema=False)
    app.add_route("/metrics", metrics, include_in_schema=False)
    if settings.http.docs:
        docs_page.install(app)
    for router in routers:
        app.include_router(router)
    app.openapi = lambda: _document(app, settings)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """Return the middleware, outermost first. Errors get the headers of security and CORS too."""
    stack = [Middleware(SecurityHeadersMiddleware)]
    if settings.cors.origins:
        stack.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors.origins,
                allow_credentials=settings.cors.credentials,
                allow_methods=settings.cors.methods,
                allow_headers=settings.cors.headers,
                expose_headers=("X-Request-Id",),
                max_age=600,
            )
        )
    return [
        *stack,
        Middleware(RequestMiddleware, access_log=settings.log.access),
        Middleware(TimeoutMiddleware, seconds=settings.http.request_timeout_seconds),
        Middleware(BodyLimitMiddleware, limit=settings.http.max_body_bytes),
    ]


def _lifespan(
    runtime: Runtime, start: Start, needs_issuer: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        try:
            async with _verifier(runtime, needs_issuer) as verifier, start(runtime) as resources:
                app.state.verifier = verifier
                app.state.resources = resources
                yield
        finally:
            runtime.telemetry.close()

    return lifespan


@asynccontextmanager
async def _verifier(runtime: Runtime, needs_issuer: bool) -> AsyncGenerator[Verifier | None]:
    auth: AuthSettings | None = runtime.settings.auth
    if auth is None:
        yield None
        return
    async with httpx2.AsyncClient() as client:
        keys = KeySet(
            fetch_from(auth.jwks_url, client),
            ttl_seconds=auth.jwks_ttl_seconds,
            retry_seconds=auth.jwks_retry_seconds,
        )
        check = Check(keys.ready, required=needs_issuer, timeout_seconds=4)
        runtime.health.add("issuer", check)
        yield Verifier(auth, keys)


def _document(app: FastAPI, settings: Settings) -> dict[str, object]:
    """Return the OpenAPI document: errors as problems, the issuer where clients find it."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    components = cast("dict[str, dict[str, object]]", document.setdefault("components", {}))
    schemas = components.setdefault("schemas", {})
    body = problems.ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    nested = cast("dict[str, object]", body.pop("$defs"))
    schemas.update({"ProblemBody": body, **nested})
    for path in cast("dict[str, dict[str, dict[str, object]]]", document["paths"]).values():
        for operation in path.values():
            cast("dict[str, object]", operation["responses"]).pop("422", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    security = cast("dict[str, dict[str, str]]", components.get("securitySchemes", {}))
    if "oauth2" in security and settings.auth:
        issuer = settings.auth.issuer.rstrip("/")
        security["oauth2"]["openIdConnectUrl"] = f"{issuer}/.well-known/openid-configuration"
    app.openapi_schema = document
    return document
