"""The load balancer and its firewall, by CloudWatch.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
and https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html (2026-11).
"""

from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.rules import Alert, Severity

PAGE = "edge"

BALANCER, FIREWALL = "AWS/ApplicationELB", "AWS/WAFV2"
OWN_ERRORS = CloudWatchMetric(BALANCER, "HTTPCode_ELB_5XX_Count", "Sum")
UNHEALTHY = CloudWatchMetric(BALANCER, "UnHealthyHostCount", "Maximum")
HEALTHY = CloudWatchMetric(BALANCER, "HealthyHostCount", "Minimum")
RESPONSE_TIME = CloudWatchMetric(BALANCER, "TargetResponseTime", "Average")
REFUSED = CloudWatchMetric(BALANCER, "RejectedConnectionCount", "Sum")

CLOUDWATCH = (OWN_ERRORS, UNHEALTHY, HEALTHY, RESPONSE_TIME, REFUSED)

ALERTS = (
    Alert(
        "EdgeNoTarget",
        f"max by (dimension_LoadBalancer, dimension_TargetGroup) ({HEALTHY}) < 1",
        "5m",
        Severity.CRITICAL,
        "The load balancer has no healthy target",
        "It answers 503 to everybody.",
        PAGE,
    ),
    Alert(
        "EdgeTargetUnhealthy",
        f"max by (dimension_LoadBalancer, dimension_TargetGroup) ({UNHEALTHY}) > 0",
        "15m",
        Severity.WARNING,
        "A pod of the gateway fails the load balancer's health check",
        "The others carry its load.",
        PAGE,
    ),
    Alert(
        "EdgeErrors",
        f"sum by (dimension_LoadBalancer) ({OWN_ERRORS}) > 50",
        "10m",
        Severity.WARNING,
        "The load balancer itself answers 5xx",
        "More than 50 in each five minutes: it reaches no gateway, or none answers in time.",
        PAGE,
    ),
    Alert(
        "EdgeConnectionsRefused",
        f"sum by (dimension_LoadBalancer) ({REFUSED}) > 0",
        "10m",
        Severity.CRITICAL,
        "The load balancer refuses connections",
        "It has as many as it takes: a flood, or growth faster than AWS scales it.",
        PAGE,
    ),
)
