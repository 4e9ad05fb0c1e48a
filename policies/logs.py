"""Logs: kept long enough to investigate, and not for ever."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.rule import CONTROLS, Verdict, Violation, framework, resource_policy
from policies.subject import Subject


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
        maps_to=framework("AU-11", name="NIST SP 800-53", version="5"),
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
    ),
)
