"""Metrics: Prometheus, what it reads of platform and AWS, and whom Alertmanager tells."""

from components.metrics.args import CloudWatchService, MetricsArgs, MonitoredPart
from components.metrics.component import Metrics
from components.metrics.plan import MetricsPlan, plan_metrics
from components.metrics.spec import MetricsSpec

__all__ = [
    "CloudWatchService",
    "Metrics",
    "MetricsArgs",
    "MetricsPlan",
    "MetricsSpec",
    "MonitoredPart",
    "plan_metrics",
]
