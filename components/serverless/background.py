"""The structural inputs of work in the background, checked."""

from pydantic import Field, model_validator

from components._base.spec import Spec
from components.serverless.limits import (
    BATCH_SIZE,
    BATCH_WINDOW_SECONDS,
    BATCH_WITHOUT_WINDOW,
    FUNCTION_SECONDS,
    MEMORY_MB,
    MOST_VISIBILITY_SECONDS,
    QUEUE_CONCURRENCY,
    RECEIVES,
    RETENTION_DAYS,
    VISIBILITY_FACTOR,
)
from components.serverless.values import Command, Concurrency, Handler


class ServerlessBackgroundSpec(Spec):
    """A queue, and a second function of the same code that works through it."""

    command: tuple[Command, ...] = ()
    """What the image runs."""
    handler: Handler | None = None
    """What is called of a zip."""
    memory_mb: int = Field(default=512, ge=MEMORY_MB.low, le=MEMORY_MB.high)
    """Memory, and with it processors."""
    timeout_seconds: int = Field(default=60, ge=FUNCTION_SECONDS.low, le=FUNCTION_SECONDS.high)
    """Seconds for one batch."""
    reserved_concurrency: Concurrency | None = None
    """Most instances, taken from the account's; default: none of its own."""
    max_concurrency: int = Field(default=10, ge=QUEUE_CONCURRENCY.low, le=QUEUE_CONCURRENCY.high)
    """Most batches at once."""
    batch_size: int = Field(default=10, ge=BATCH_SIZE.low, le=BATCH_SIZE.high)
    """Most messages of a batch."""
    batch_window_seconds: int = Field(
        default=0, ge=BATCH_WINDOW_SECONDS.low, le=BATCH_WINDOW_SECONDS.high
    )
    """Seconds to wait for a full batch."""
    visibility_timeout_seconds: int | None = Field(default=None, le=MOST_VISIBILITY_SECONDS)
    """Seconds until a message that nobody confirmed is tried again; default: the least."""
    max_receives: int = Field(default=5, ge=RECEIVES.low, le=RECEIVES.high)
    """Tries before a message goes to the dead-letter queue."""
    retention_days: int = Field(default=4, ge=RETENTION_DAYS.low, le=RETENTION_DAYS.high)
    """Days that messages wait."""

    @property
    def least_visibility(self) -> int:
        """Seconds that AWS advises at least."""
        return VISIBILITY_FACTOR * self.timeout_seconds + self.batch_window_seconds

    @property
    def visibility(self) -> int:
        """Seconds until a message that nobody confirmed is tried again."""
        return self.visibility_timeout_seconds or self.least_visibility

    @model_validator(mode="after")
    def _fits_together(self) -> "ServerlessBackgroundSpec":
        problems: list[str] = []
        if self.visibility < self.least_visibility:
            problems.append(
                f"visibility_timeout_seconds {self.visibility} is less than {VISIBILITY_FACTOR} "
                f"times timeout_seconds and batch_window_seconds, which is {self.least_visibility}"
            )
        if self.batch_size > BATCH_WITHOUT_WINDOW and not self.batch_window_seconds:
            problems.append(
                f"batch_size {self.batch_size} needs batch_window_seconds; "
                f"{BATCH_WITHOUT_WINDOW} allowed without"
            )
        reserved = self.reserved_concurrency
        if reserved is not None and reserved < self.max_concurrency:
            problems.append(
                f"max_concurrency {self.max_concurrency} is more than reserved_concurrency "
                f"{reserved}: messages would be refused, and end in the dead-letter queue"
            )
        if problems:
            raise ValueError("; ".join(problems))
        return self
