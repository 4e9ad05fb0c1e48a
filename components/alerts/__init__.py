"""Alerts: what services promise, and what the platform needs, watched by Prometheus."""

from components.alerts.args import AlertPart, AlertsArgs
from components.alerts.catalog import cloudwatch_metrics
from components.alerts.component import Alerts
from components.alerts.plan import AlertsPlan, plan_alerts
from components.alerts.spec import (
    AlertedServiceSpec,
    AlertedWorkerSpec,
    AlertsSettings,
    AlertsSpec,
)

__all__ = [
    "AlertPart",
    "AlertedServiceSpec",
    "AlertedWorkerSpec",
    "Alerts",
    "AlertsArgs",
    "AlertsPlan",
    "AlertsSettings",
    "AlertsSpec",
    "cloudwatch_metrics",
    "plan_alerts",
]
