"""Health: is the process alive, and can it serve."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

import structlog
from opentelemetry import trace
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse

log = structlog.stdlib.get_logger("health")

Probe = Callable[[], Awaitable[object]]
"""Raises when the dependency can't be used."""


UNSAMPLED = trace.NonRecordingSpan(
    trace.SpanContext(1, 1, is_remote=False, trace_flags=trace.TraceFlags(0))
)
"""What checks run under, so that clients record no spans of them."""


class State(str, Enum):
    """What a service says of itself."""

    READY = "ready"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"
    DRAINING = "draining"


class CheckResult(BaseModel):
    """What one dependency's check found."""

    ok: bool
    required: bool
    milliseconds: float
    error: str | None = None


class Report(BaseModel):
    """The answer of `/health/ready`."""

    status: State
    checks: dict[str, CheckResult] = {}


@dataclass(frozen=True)
class Check:
    """A dependency.

    :param required: without it the service can answer nothing of use. When a shared dependency
        fails, all replicas leave the load balancer together: name it required only if that is
        better than what they could still answer.
    """

    probe: Probe
    required: bool = True
    timeout_seconds: float = 1.0


class Health:
    """Dependencies of a service, and whether it is about to stop."""

    def __init__(self, *, fresh_seconds: float = 1.0) -> None:
        self._checks: dict[str, Check] = {}
        self._fresh_seconds = fresh_seconds
        self._draining = False
        self._last: tuple[float, Report] | None = None
        self._running: asyncio.Task[Report] | None = None

    def add(self, name: str, check: Check) -> None:
        """Ask a dependency with each readiness check."""
        self._checks[name] = check
        self._last = None

    def drain(self) -> None:
        """Be ready no more."""
        self._draining = True

    async def report(self) -> Report:
        """Ask all dependencies at once, or return what was found up to a second ago."""
        if self._draining:
            return Report(status=State.DRAINING)
        if self._last and time.monotonic() - self._last[0] < self._fresh_seconds:
            return self._last[1]
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._ask())
        # a prober that hangs up does not end the check for the others
        return await asyncio.shield(self._running)

    async def _ask(self) -> Report:
        results = await asyncio.gather(*(_run(check) for check in self._checks.values()))
        found = dict(zip(self._checks, results, strict=True))
        failed = {name: result for name, result in found.items() if not result.ok}
        status = State.READY
        if failed:
            required = any(result.required for result in failed.values())
            status = State.UNAVAILABLE if required else State.DEGRADED
            log.warning("not ready", status=status.value, failed=_errors(failed))
        report = Report(status=status, checks=found)
        self._last = (time.monotonic(), report)
        return report

    async def live(self, _: Request) -> JSONResponse:
        """Answer the liveness probe: a failing dependency is no reason to restart."""
        return JSONResponse({"status": "alive"})

    async def ready(self, _: Request) -> JSONResponse:
        """Answer the readiness probe."""
        report = await self.report()
        status = 200 if report.status in {State.READY, State.DEGRADED} else 503
        return JSONResponse(report.model_dump(mode="json", exclude_none=True), status)


def _errors(results: dict[str, CheckResult]) -> dict[str, str | None]:
    return {name: result.error for name, result in results.items()}


async def _run(check: Check) -> CheckResult:
    started = time.perf_counter()
    error: str | None = None
    try:
        with trace.use_span(UNSAMPLED):
            async with asyncio.timeout(check.timeout_seconds):
                await check.probe()
    except TimeoutError:
        error = f"no answer within {check.timeout_seconds:g} s"
    except Exception as problem:  # noqa: BLE001 - whatever a client raises, it is not usable
        error = type(problem).__name__  # its message may hold addresses or credentials
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    return CheckResult(
        ok=error is None, required=check.required, milliseconds=milliseconds, error=error
    )
