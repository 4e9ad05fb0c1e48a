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
    """The metric; for `make_combined_alarm` what the combination is called."""
    threshold: float
    description: str
    """What is wrong and what to look at, for who is woken up by it."""
    statistic: str = "Average"
    compare: Compare = Compare.ABOVE
    period_seconds: int = 60
    periods: int = 5
    """How many periods in a row."""
    missing: MissingData = MissingData.FINE


@dataclass(frozen=True)
class Metric:
    """One of the metrics that an expression combines."""

    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Average"


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


def make_combined_alarm(
    scope: Scope,
    rule: AlarmRule,
    *,
    expression: str,
    metrics: Mapping[str, Metric],
    namespace: str,
    topic_arn: pulumi.Input[str] | None,
    of: str = "",
) -> aws.cloudwatch.MetricAlarm:
    """Create an alarm on what several metrics are together, e.g. a share or a sum.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (2026-11)

    :param expression: of the keys of `metrics`, e.g. `100 * used / limit`.
    :param metrics: at most ten, by the name that the expression has for each.
    """
    actions = [topic_arn] if topic_arn is not None else []
    name = "-".join(part for part in (scope.name, of, rule.suffix) if part)
    return aws.cloudwatch.MetricAlarm(
        name,
        alarm_description=rule.description,
        metric_queries=[
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id="result", expression=expression, label=rule.metric, return_data=True
            ),
            *(_query(key, metric, namespace, rule) for key, metric in sorted(metrics.items())),
        ],
        comparison_operator=rule.compare.value,
        threshold=rule.threshold,
        evaluation_periods=rule.periods,
        treat_missing_data=rule.missing.value,
        alarm_actions=actions,
        ok_actions=actions,
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _query(
    key: str, metric: Metric, namespace: str, rule: AlarmRule
) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
    return aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id=key,
        metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            stat=metric.statistic,
            period=rule.period_seconds,
        ),
    )
