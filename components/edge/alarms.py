"""When an edge is in trouble."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components._base.alarms import AlarmRule, Compare, Metric, make_alarms, make_combined_alarm
from components._base.place import place_of
from components._base.scope import Scope
from components.edge.load_balancer import Balancer
from components.edge.waf import Firewall
from components.edge.waf_spec import EdgeWafSpec

BALANCER, FIREWALL, CERTIFICATES = "AWS/ApplicationELB", "AWS/WAFV2", "AWS/CertificateManager"
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html,
https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html (2026-11)"""

FAILING = AlarmRule(
    "failing",
    "share of answers that are 5xx",
    5,
    "More than 5% of the gateway's answers are 5xx, of 20 or more a minute: look at the services' "
    "own errors first, then at the gateway's.",
)
FAILING_EXPRESSION = "IF(requests >= 20, 100 * errors / requests, 0)"

UNREACHED = AlarmRule(
    "unreached",
    "HTTPCode_ELB_5XX_Count",
    10,
    "The load balancer answers 5xx itself: no target is healthy, none can be reached, or none "
    "answers in time.",
    statistic="Sum",
)

UNHEALTHY = AlarmRule(
    "unhealthy",
    "UnHealthyHostCount",
    0,
    "A pod of the gateway fails its health check.",
    statistic="Maximum",
)

EXPIRING = AlarmRule(
    "expiring",
    "DaysToExpiry",
    30,
    "The certificate ends in less than 30 days, and AWS should have renewed it 60 days before: is "
    "its validation record still in the zone?",
    statistic="Minimum",
    compare=Compare.BELOW,
    period_seconds=86400,
    periods=1,
)

BLOCKED_PERIOD_SECONDS = 300


def blocked_rule(waf: EdgeWafSpec) -> AlarmRule:
    """Return the alarm of many requests that the firewall refuses."""
    return AlarmRule(
        "blocked",
        "BlockedRequests",
        waf.blocked_alarm,
        f"The firewall refuses more than {waf.blocked_alarm} requests in five minutes: an attack, "
        "or a rule that meets your own callers. Its logs tell which rule.",
        statistic="Sum",
        period_seconds=BLOCKED_PERIOD_SECONDS,
        periods=1,
    )


def make_balancer_alarms(
    scope: Scope, balancer: Balancer, topic_arn: pulumi.Input[str] | None
) -> None:
    """Create the alarms of the load balancer and its targets."""
    whole: Mapping[str, pulumi.Input[str]] = {"LoadBalancer": balancer.balancer.arn_suffix}
    targets = {**whole, "TargetGroup": balancer.target_group.arn_suffix}
    make_alarms(scope, [UNREACHED], namespace=BALANCER, dimensions=whole, topic_arn=topic_arn)
    make_alarms(scope, [UNHEALTHY], namespace=BALANCER, dimensions=targets, topic_arn=topic_arn)
    make_combined_alarm(
        scope,
        FAILING,
        expression=FAILING_EXPRESSION,
        metrics={
            "errors": Metric("HTTPCode_Target_5XX_Count", targets, "Sum"),
            "requests": Metric("RequestCount", targets, "Sum"),
        },
        namespace=BALANCER,
        topic_arn=topic_arn,
    )


def make_certificate_alarm(
    scope: Scope, certificate: aws.acm.Certificate, topic_arn: pulumi.Input[str] | None
) -> None:
    """Create the alarm of a certificate that is not renewed."""
    make_alarms(
        scope,
        [EXPIRING],
        namespace=CERTIFICATES,
        dimensions={"CertificateArn": certificate.arn},
        topic_arn=topic_arn,
    )


def make_firewall_alarm(
    scope: Scope, waf: EdgeWafSpec, firewall: Firewall, topic_arn: pulumi.Input[str] | None
) -> None:
    """Create the alarm of a firewall in front of the load balancer."""
    make_alarms(
        scope,
        [blocked_rule(waf)],
        namespace=FIREWALL,
        dimensions={
            "WebACL": firewall.metric,
            "Rule": "ALL",
            "Region": place_of(scope.parent).region,
        },
        topic_arn=topic_arn,
    )


def make_global_firewall_alarm(
    scope: Scope,
    waf: EdgeWafSpec,
    firewall: Firewall,
    topic_arn: pulumi.Input[str] | None,
    *,
    region: str,
) -> None:
    """Create the alarm of CloudFront's firewall, where its metrics are."""
    rule = blocked_rule(waf)
    name = f"{scope.name}-{rule.suffix}"
    actions = [topic_arn] if topic_arn is not None else []
    aws.cloudwatch.MetricAlarm(
        name,
        alarm_description=rule.description,
        namespace=FIREWALL,
        metric_name=rule.metric,
        dimensions={"WebACL": firewall.metric, "Rule": "ALL"},
        statistic=rule.statistic,
        comparison_operator=rule.compare.value,
        threshold=rule.threshold,
        period=rule.period_seconds,
        evaluation_periods=rule.periods,
        treat_missing_data=rule.missing.value,
        alarm_actions=actions,
        ok_actions=actions,
        region=region,
        tags=scope.tagged(name),
        opts=scope.own,
    )
