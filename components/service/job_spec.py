"""The structural inputs of a `ScheduledJob`, checked: one entry of `platform:jobs`."""

from pydantic import Field, model_validator

from components.service.cron import Schedule, TimeZone
from components.service.job_args import JobConcurrency
from components.service.spec import WorkloadSpec

MOST_START_SECONDS = 6000
"""A controller that finds more than 100 missed starts gives up and starts nothing any more. It
counts those within this time only, and cron knows nothing shorter than a minute.

https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#job-creation (2026-11)
"""

LEAST_START_SECONDS = 10
"""The controller looks every 10 seconds; with less it would see no run in time. Likewise."""


class ScheduledJobSpec(WorkloadSpec):
    """What runs to its end by a schedule."""

    schedule: Schedule
    """When it runs, in cron's syntax, e.g. `30 2 * * *`, or `@daily` and the like."""
    timezone: TimeZone = "Etc/UTC"
    """Time zone of `schedule`, by IANA's name."""
    command: tuple[str, ...] = ()
    """What the image runs; default: its own command."""
    timeout_seconds: int = Field(3600, ge=10, le=604_800)
    """Longest time for one run with all its tries; then it is ended and has failed."""
    retries: int = Field(2, ge=0, le=20)
    """Tries after the first that failed; those that a node's going ends don't count."""
    grace_seconds: int = Field(30, ge=1, le=3600)
    """Seconds between SIGTERM and the end of a pod that has to go."""
    concurrency: JobConcurrency = JobConcurrency.FORBID
    """What happens when a run is due while another is at work."""
    start_within_seconds: int = Field(3600, ge=LEAST_START_SECONDS, le=MOST_START_SECONDS)
    """Seconds for which a run that could not start when it was due is made up for."""
    keep_runs: int = Field(3, ge=1, le=20)
    """Runs that succeeded, and as many that failed, which are kept to be looked at."""
    keep_days: int = Field(7, ge=1, le=30)
    """Days after which a run that ended is deleted in any case."""
    suspend: bool = False
    """Start nothing for now."""
    undisturbed: bool = False
    """Karpenter doesn't empty the node of a run for better use of nodes."""
    spot: bool = False
    """Run on instances that AWS may take back."""

    @model_validator(mode="after")
    def _fits_together(self) -> "ScheduledJobSpec":
        if self.spot and self.undisturbed:
            raise ValueError("undisturbed: with spot AWS takes the node, whatever Karpenter does")
        return self
