"""Logs: kept long enough to investigate, and not for ever."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.remedies import Corrections
from policies.rule import CONTROLS, Verdict, Violation, resource_policy
from policies.subject import Subject

DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs takes.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
(2026-11)
"""


def _retention(group: Subject) -> Iterator[Verdict]:
    # Groups of this class are always kept for 2 days, whatever is asked:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
    kind = group.get("logGroupClass")
    if kind == "DELIVERY":
        return
    low, high = group.number("minDays"), group.number("maxDays")
    remedy = f"set retentionInDays to between {low} and {high}"
    days = group.get("retentionInDays")
    if isinstance(days, UnknownValueError):
        yield days
    elif isinstance(days, int | float) and low <= days <= high:
        return
    elif isinstance(kind, UnknownValueError):
        yield kind
    elif not isinstance(days, int | float) or days == 0:
        yield Violation("keeps its logs for ever, as retentionInDays is not set", remedy)
    else:
        yield Violation(f"has a retention of {days:g} days", remedy)


def _retained(group: Subject) -> Corrections:
    """Keep logs for the time within the bounds that loses the least of them."""
    low, high = group.number("minDays"), group.number("maxDays")
    allowed = [days for days in DAYS if low <= days <= high]
    days = group.get("retentionInDays")
    if not allowed or isinstance(days, UnknownValueError):
        return {}
    short = isinstance(days, int | float) and 0 < days < low
    return {("retentionInDays",): allowed[0] if short else allowed[-1]}


POLICIES: Sequence[Policy] = (
    resource_policy(
        _retention,
        name="log-retention",
        display_name="Logs are kept for a known time",
        description="CloudWatch log groups have a retention within the configured bounds.",
        types=("aws:cloudwatch/logGroup:LogGroup",),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set retentionInDays. Without it logs are kept, and paid for, for ever; too short and "
            "an incident found late can't be investigated."
        ),
        tags=("logging", "cost"),
        url=f"{CONTROLS}cloudwatch-controls.html#cloudwatch-16",
        settings={
            "minDays": {
                "type": "integer",
                "minimum": 1,
                "default": 7,
                "description": "Shortest retention, in days.",
            },
            "maxDays": {
                "type": "integer",
                "minimum": 1,
                "default": 3653,
                "description": "Longest retention, in days: ten years, the longest AWS offers.",
            },
        },
        correct=_retained,
    ),
)
