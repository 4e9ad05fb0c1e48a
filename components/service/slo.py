"""What a service promises, and when so much of it is broken that somebody must be told.

After https://sre.google/workbook/alerting-on-slos/, multiwindow and multi-burn-rate (2026-11).
"""

from pydantic import Field, field_validator, model_validator

from components._base.spec import Spec

BUCKET_SECONDS = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75),
    *(1.0, 2.5, 5.0, 7.5, 10.0),
)
"""Upper bounds of the runtime library's histogram of requests
(examples/services/runtime/src/platform_runtime/metrics.py): what lies between two of them can't be
told, so a threshold is one of them."""

THRESHOLDS_MS = tuple(round(seconds * 1000) for seconds in BUCKET_SECONDS)

HOUR_SHARE = 0.02
"""Of the budget, which pages when it is used within an hour (the workbook's table 5-8)."""

HOURS_PER_DAY = 24


def hour_burn(window_days: int) -> float:
    """Return how many times faster than allowed the budget goes when `HOUR_SHARE` goes in an hour.

    14.4 for 30 days.
    """
    return HOUR_SHARE * window_days * HOURS_PER_DAY


def lowest_target(window_days: int) -> float:
    """Return the target in percent below which not even a total outage would burn so fast."""
    return 100 * (1 - 1 / hour_burn(window_days))


class SloLatencySpec(Spec):
    """How many requests are answered in time."""

    target: float = Field(99.0, gt=0, lt=100)
    """Percent of the requests."""
    threshold_ms: int = Field(500, json_schema_extra={"enum": list(THRESHOLDS_MS)})
    """What in time means, in milliseconds."""

    @field_validator("threshold_ms")
    @classmethod
    def _measured(cls, threshold: int) -> int:
        if threshold not in THRESHOLDS_MS:
            allowed = ", ".join(str(known) for known in THRESHOLDS_MS)
            raise ValueError(f"it is no bound of the histogram of requests; allowed: {allowed}")
        return threshold


class SloSpec(Spec):
    """What a service promises to its callers."""

    enabled: bool = True
    """Tell somebody when it is broken; false: for what nobody depends on."""
    availability: float = Field(99.9, gt=0, lt=100)
    """Percent of the requests that are not answered by 5xx."""
    latency: SloLatencySpec = SloLatencySpec()  # pyright: ignore[reportCallIssue]
    """How many are answered in time."""
    window_days: int = Field(30, ge=7, le=90)
    """Days over which it is counted."""

    @model_validator(mode="after")
    def _can_be_seen(self) -> "SloSpec":
        lowest = lowest_target(self.window_days)
        targets = {"availability": self.availability, "latency.target": self.latency.target}
        problems = [
            f"{key}: {target:g} is too low to be watched over {self.window_days} days, where not "
            f"even an outage would page: more than {lowest:.1f} is needed"
            for key, target in targets.items()
            if target <= lowest
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self
