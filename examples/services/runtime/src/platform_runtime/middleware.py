"""Middleware of every request, as plain ASGI: `BaseHTTPMiddleware` costs a task and a queue."""

import asyncio
import re
import time
import uuid

import structlog
from opentelemetry import trace
from opentelemetry.trace import StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from platform_runtime.context import CURRENT, REQUEST_ID, TIMEOUT, RequestContext
from platform_runtime.metrics import ACTIVE, duration
from platform_runtime.problems import Problem, problem_response
from platform_runtime.telemetry import UNOBSERVED

ID = re.compile(r"[\w.:-]{8,128}", re.ASCII)
"""Request ids that are taken from a caller; others are replaced, as they end in logs."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.stdlib.get_logger("access")


class RequestMiddleware:
    """Gives a request its id, answers for what it raises, counts it and logs it."""

    def __init__(self, app: ASGIApp, *, access_log: bool = True) -> None:
        self.app = app
        self.access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if ID.fullmatch(given) else uuid.uuid4().hex
        answer = _Answer(send, request_id)
        context = CURRENT.set(RequestContext(request_id))
        ACTIVE.inc()
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            _record(error)
            if answer.status:  # too late for another answer: the server cuts the connection
                raise
            await problem_response(500)(scope, receive, answer)
        finally:
            ACTIVE.dec()
            self._observe(scope, answer.status, time.perf_counter() - started)
            CURRENT.reset(context)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        # the path itself would be a label of endless values
        route = str(getattr(scope.get("route"), "path_format", "unmatched"))
        duration(method, route, status).observe(seconds)
        if self.access_log and not str(scope["path"]).startswith(UNOBSERVED):
            log.info(
                "request",
                method=method,
                route=route,
                path=scope["path"],
                status=status,
                duration_ms=round(seconds * 1000, 2),
                client=(scope.get("client") or ("",))[0],
            )


class _Answer:
    """Sends a response, and remembers its status (0: none was sent)."""

    def __init__(self, send: Send, request_id: str) -> None:
        self.send = send
        self.header = (REQUEST_ID.encode(), request_id.encode())
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            message["headers"] = [*message.get("headers", ()), self.header]
        await self.send(message)


def _record(error: Exception) -> None:
    structlog.stdlib.get_logger("error").exception("unhandled error")
    span = trace.get_current_span()
    span.record_exception(error)
    span.set_status(StatusCode.ERROR, type(error).__name__)


class TimeoutMiddleware:
    """Answers 504 when a request takes longer than the service allows or its caller waits.

    The deadline is in the context, so clients of other systems don't wait longer either.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seconds = self._limit(Headers(scope=scope).get(TIMEOUT, ""))
        before = CURRENT.get()
        CURRENT.set(RequestContext(before.request_id, time.monotonic() + seconds))
        answer = _Watch(send)
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                await self.app(scope, receive, answer)
        except TimeoutError:
            if not limit.expired() or answer.started:
                raise
            await problem_response(504, f"not done within {seconds:g} s")(scope, receive, send)

    def _limit(self, given: str) -> float:
        if not given.isdecimal() or len(given) > 9:
            return self.seconds
        return max(0.001, min(self.seconds, int(given) / 1000))


class _Watch:
    """Sends a response, and remembers that it began."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self.send(message)


class BodyLimitMiddleware:
    """Answers 413 to a body longer than the service takes, before or while it comes in.

    FastAPI's own limit answers in plain text.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self.limit:
            await problem_response(413, f"at most {self.limit} bytes")(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise Problem(413, f"at most {self.limit} bytes")
            return message

        await self.app(scope, limited, send)


HEADERS = (
    # an API answers no page: nothing may be loaded or framed. /docs sets its own policy
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    # what a route may be cached is its own to say
    ("cache-control", "no-store"),
)
"""https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html (2026-11)."""


ENCODED = tuple((name.encode(), value.encode()) for name, value in HEADERS)


class SecurityHeadersMiddleware:
    """Adds the headers that browsers protect by, where a route has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                own: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
                names = {name.lower() for name, _ in own}
                own.extend(header for header in ENCODED if header[0] not in names)
                message["headers"] = own
            await send(message)

        await self.app(scope, receive, secured)
