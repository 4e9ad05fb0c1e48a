"""Retries: exponential backoff with full jitter, within the caller's deadline and a budget."""

import time
from collections.abc import Callable

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
)
from tenacity.stop import stop_base
from tenacity.wait import wait_base, wait_random_exponential

from platform_runtime.context import current


class RetryBudget:
    """Retries at most a tenth as many calls as are made, so that retries can't double an outage."""

    def __init__(self, *, share: float = 0.1, burst: float = 10) -> None:
        self._share = share
        self._burst = burst
        self._tokens = burst

    def earn(self) -> None:
        """Count a call."""
        self._tokens = min(self._burst, self._tokens + self._share)

    def spend(self) -> bool:
        """Take one retry; tell whether there was one."""
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class _OutOfTime(stop_base):
    """Stops when the caller has stopped waiting."""

    def __call__(self, retry_state: RetryCallState) -> bool:
        """Tell whether the next attempt would come too late."""
        deadline = current().deadline
        return deadline is not None and time.monotonic() + retry_state.upcoming_sleep >= deadline


def retrying(
    retryable: Callable[[BaseException], bool],
    *,
    attempts: int = 3,
    first_seconds: float = 0.05,
    longest_seconds: float = 1,
    wait: wait_base | None = None,
) -> AsyncRetrying:
    """Return what runs a call again while its error is `retryable`; the last error is raised.

    Waits are random between 0 and 50 ms, 100 ms, 200 ms … (full jitter,
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/, 2026-11).
    """
    return AsyncRetrying(
        retry=retry_if_exception(retryable),
        stop=stop_after_attempt(attempts) | _OutOfTime(),
        wait=wait or wait_random_exponential(multiplier=first_seconds, max=longest_seconds),
        reraise=True,
    )
