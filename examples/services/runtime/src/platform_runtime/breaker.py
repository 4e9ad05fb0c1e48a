"""Circuit breaker: stop calling what does not answer, and find out when it does again.

Own, because the libraries have stood still (aiobreaker since 2021, purgatory since 2024) and let
every waiting call through at once when a breaker half opens.
"""

import time
from collections.abc import Callable
from enum import Enum
from types import TracebackType

import structlog

from platform_runtime.metrics import BREAKER, CALLS
from platform_runtime.problems import Unavailable

log = structlog.stdlib.get_logger("breaker")


class State(str, Enum):
    """Whether calls go through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


LEVELS = {State.CLOSED: 0.0, State.HALF_OPEN: 0.5, State.OPEN: 1.0}


class CircuitOpen(Unavailable):
    """The call was not made."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not available")


class Breaker:
    """Opens after `failures` in a row, for `reset_seconds`; then one call is tried.

    Use: `async with breaker: await call()`. Exceptions of `ignore` are answers, not failures.
    """

    def __init__(
        self,
        name: str,
        *,
        failures: int = 5,
        reset_seconds: float = 5,
        ignore: tuple[type[BaseException], ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.state = State.CLOSED
        self._limit = failures
        self._reset_seconds = reset_seconds
        self._ignore = ignore
        self._clock = clock
        self._failures = 0
        self._opened = 0.0
        self._level = BREAKER.labels(name)
        self._succeeded = CALLS.labels(name, "ok")
        self._failed = CALLS.labels(name, "failed")
        self._refused = CALLS.labels(name, "refused")
        self._level.set(0)

    async def __aenter__(self) -> None:
        if self.state is State.CLOSED:
            return
        rested = self._clock() - self._opened >= self._reset_seconds
        if self.state is State.OPEN and rested:
            self._become(State.HALF_OPEN)  # this call is the trial; others are refused meanwhile
            return
        self._refused.inc()
        raise CircuitOpen(self.name)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or issubclass(kind, self._ignore):
            self._succeeded.inc()
            self._failures = 0
            if self.state is not State.CLOSED:
                self._become(State.CLOSED)
            return
        # a cancelled call says nothing, but a cancelled trial must not leave the breaker half open
        if not issubclass(kind, Exception) and self.state is State.CLOSED:
            return
        self._failed.inc()
        self._failures += 1
        if self.state is State.HALF_OPEN or self._failures >= self._limit:
            self._opened = self._clock()
            self._become(State.OPEN)

    def _become(self, state: State) -> None:
        if state is self.state:
            return
        self.state = state
        self._level.set(LEVELS[state])
        log.warning("circuit", dependency=self.name, state=state.value)
