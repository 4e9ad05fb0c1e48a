"""What is known of the request being served, wherever the code is."""

import time
from contextvars import ContextVar
from dataclasses import dataclass

REQUEST_ID = "x-request-id"
TIMEOUT = "x-request-timeout-ms"


@dataclass(frozen=True)
class RequestContext:
    """The request being served."""

    request_id: str = ""
    """Its id, from the caller or new."""
    deadline: float | None = None
    """When the caller stops waiting, on `time.monotonic()`'s clock."""

    def remaining(self, limit: float) -> float:
        """Return the seconds that a call may take: `limit`, or what is left of the request."""
        if self.deadline is None:
            return limit
        return max(0.0, min(limit, self.deadline - time.monotonic()))


NONE = RequestContext()
CURRENT: ContextVar[RequestContext] = ContextVar("request", default=NONE)


def current() -> RequestContext:
    """Return the context of the request being served; outside of requests an empty one."""
    return CURRENT.get()
