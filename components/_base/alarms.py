"""CloudWatch alarms of a component, from a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope


class Compare(str, Enum):
    """On which side of the threshold the trouble is."""

    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"


class MissingData(str, Enum):
    """What no data means."""

    FINE = "notBreaching"
    TROUBLE = "breaching"
    IGNORE = "ignore"


@dataclass(frozen=True)
class AlarmRule:
    """One alarm: which metric, and from when on it means trouble."""

    suffix: str
    """Of the alarm's name, e.g. `cpu`."""
    metric: str
    threshold: float
    description: str
    """What is wrong and what to look at, for who is woken up by it."""
    statistic: str = "Average"
    compare: Compare = Compare.ABOVE
    period_seconds: int = 60
    periods: int = 5
    """How many periods in a row."""
    missing: MissingData = MissingData.FINE


def make_alarms(
    scope: Scope,
    rules: Sequence[AlarmRule],
    *,
    namespace: str,
    dimensions: Mapping[str, pulumi.Input[str]],
    topic_arn: pulumi.Input[str] | None,
    of: str = "",
) -> list[aws.cloudwatch.MetricAlarm]:
    """Create an alarm for each rule.

    :param dimensions: whose metric it is, e.g. `{"CacheClusterId": …}`.
    :param topic_arn: SNS topic that is told of trouble and of its end; without one the alarms are
        only to be seen.
    :param of: tells the alarms of one member from another's, e.g. `001`.
    """
    actions = [topic_arn] if topic_arn is not None else []
    made: list[aws.cloudwatch.MetricAlarm] = []
    for rule in rules:
        name = "-".join(part for part in (scope.name, of, rule.suffix) if part)
        made.append(
            aws.cloudwatch.MetricAlarm(
                name,
                alarm_description=rule.description,
                namespace=namespace,
                metric_name=rule.metric,
                dimensions=dimensions,
                statistic=rule.statistic,
                comparison_operator=rule.compare.value,
                threshold=rule.threshold,
                period=rule.period_seconds,
                evaluation_periods=rule.periods,
                treat_missing_data=rule.missing.value,
                alarm_actions=actions,
                ok_actions=actions,
                tags=scope.tagged(name),
                opts=scope.own,
            )
        )
    return made
