"""The client of other services: retries what may be repeated, within the caller's time."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx2
from opentelemetry import propagate
from opentelemetry.trace import SpanKind, StatusCode

from platform_runtime.breaker import Breaker
from platform_runtime.context import REQUEST_ID, TIMEOUT, current
from platform_runtime.problems import Unavailable
from platform_runtime.retry import RetryBudget, retrying
from platform_runtime.telemetry import Telemetry

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""RFC 9110, section 9.2.2."""

OVERLOADED = frozenset({429, 502, 503, 504})
"""Answers that mean: later."""


class Overloaded(Exception):  # noqa: N818 - what the peer is
    """The peer can't answer now."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(f"{response.status_code}")
        self.response = response


class HttpClient:
    """Calls one other service."""

    def __init__(
        self,
        name: str,
        base_url: str,
        telemetry: Telemetry,
        *,
        timeout_seconds: float = 5,
        attempts: int = 3,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = name
        self.breaker = Breaker(name)
        self._tracer = telemetry.tracer
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts
        self._budget = RetryBudget()
        self._client = httpx2.AsyncClient(base_url=base_url, transport=transport)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Return the peer's answer.

        A call is repeated when its method is idempotent, it has an `Idempotency-Key`, or no
        connection was made.

        :raises Unavailable: when there is no answer in time, or the breaker is open.
        """
        sent = dict(headers or {})
        repeatable = method in IDEMPOTENT or "idempotency-key" in {name.lower() for name in sent}
        self._budget.earn()

        def retryable(error: BaseException) -> bool:
            safe = isinstance(error, httpx2.ConnectError) or (
                repeatable and isinstance(error, httpx2.TransportError | Overloaded)
            )
            return safe and self._budget.spend()

        async def attempt() -> httpx2.Response:
            async with self.breaker:
                return await self._send(method, path, json, params, sent)

        try:
            return await retrying(retryable, attempts=self._attempts)(attempt)
        except Overloaded as error:
            return error.response
        except httpx2.TransportError as error:
            raise Unavailable(f"{self.name}: {type(error).__name__}") from error

    async def _send(
        self,
        method: str,
        path: str,
        json: object,
        params: Mapping[str, str] | None,
        headers: dict[str, str],
    ) -> httpx2.Response:
        seconds = current().remaining(self._timeout_seconds)
        if seconds <= 0:
            raise Unavailable(f"{self.name}: no time left")
        with self._tracer.start_as_current_span(
            f"{method} {self.name}",
            kind=SpanKind.CLIENT,
            attributes={"http.request.method": method, "peer.service": self.name},
        ) as span:
            context = {REQUEST_ID: current().request_id, TIMEOUT: str(int(seconds * 1000))}
            propagate.inject(context)
            response = await self._client.request(
                method,
                path,
                json=json,
                params=params,
                headers={**headers, **{name: value for name, value in context.items() if value}},
                timeout=seconds,
            )
            span.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= 500:
                span.set_status(StatusCode.ERROR)
            if response.status_code in OVERLOADED:
                raise Overloaded(response)
            return response
