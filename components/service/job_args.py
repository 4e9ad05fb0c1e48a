"""What a `ScheduledJob` takes: the edge that other languages see."""

from collections.abc import Sequence
from enum import Enum
from typing import NotRequired

import pulumi

from components.service.args import WorkloadArgs


class JobConcurrency(str, Enum):
    """What happens when a run is due while the one before is still at work."""

    FORBID = "forbid"
    """The new one is left out."""
    REPLACE = "replace"
    """The old one is ended."""
    ALLOW = "allow"
    """Both run."""


class ScheduledJobArgs(WorkloadArgs):
    """Inputs of `ScheduledJob`."""

    schedule: str
    """When it runs, in cron's syntax, e.g. `30 2 * * *`, or `@daily` and the like."""
    timezone: NotRequired[str]
    """IANA's name of the time zone of `schedule`, e.g. `Europe/Berlin`. Default: Etc/UTC, which
    skips and repeats no hour."""
    command: NotRequired[Sequence[str]]
    """What the image runs. Default: its own command."""
    timeout_seconds: NotRequired[int]
    """Longest time for one run with all its tries, 10 to 604800; then it is ended and has failed.
    Default: 3600."""
    retries: NotRequired[int]
    """Tries after the first that failed, 0 to 20. Those that a node's going ends don't count.
    Default: 2."""
    grace_seconds: NotRequired[int]
    """Seconds between SIGTERM and the end of a pod that has to go, 1 to 3600. Default: 30."""
    concurrency: NotRequired[JobConcurrency]
    """What happens when a run is due while another is at work. Default: forbid."""
    start_within_seconds: NotRequired[int]
    """Seconds for which a run that could not start when it was due is made up for, 10 to 6000;
    after that it is left out. Default: 3600."""
    keep_runs: NotRequired[int]
    """Runs that succeeded, and as many that failed, which are kept to be looked at, 1 to 20.
    Default: 3."""
    keep_days: NotRequired[int]
    """Days after which a run that ended is deleted in any case, 1 to 30. Default: 7."""
    suspend: NotRequired[bool]
    """Start nothing for now. Default: false."""
    undisturbed: NotRequired[bool]
    """Karpenter doesn't empty the node of a run for better use of nodes. Default: false: a run that
    is moved is begun again."""
    spot: NotRequired[bool]
    """Run on instances that AWS may take back with two minutes' notice. Default: false."""
    priority_class: NotRequired[pulumi.Input[str]]
    """Its pods' priority class, e.g. `platform-worker`. Default: the cluster's."""
