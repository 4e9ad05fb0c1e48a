"""The section `metrics` of a stack file, and the structural inputs of `Metrics`."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from components._base.logs import RetentionDays
from components._base.names import checked_namespaces
from components._base.spec import Spec
from components.metrics.args import CloudWatchService, MonitoredPart

SECRET_ARN = re.compile(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+")
CHANNEL = re.compile(r"#[^\s#,@]{1,80}")
ADDON_PARTS = (
    MonitoredPart.CERT_MANAGER,
    MonitoredPart.EXTERNAL_SECRETS,
    MonitoredPart.KARPENTER,
    MonitoredPart.KEDA,
    MonitoredPart.LOAD_BALANCER_CONTROLLER,
)
"""What every cluster with add-ons has."""


def _secret(arn: str) -> str:
    if not SECRET_ARN.fullmatch(arn):
        raise ValueError("the ARN of a secret is needed: arn:aws:secretsmanager:…:secret:…")
    return arn


SecretArn = Annotated[str, AfterValidator(_secret)]


class PrometheusSpec(Spec):
    """The Prometheus in the cluster."""

    replicas: int = Field(2, ge=1, le=2)
    """Pods that read everything, each in a zone of its own."""
    retention_days: int = Field(15, ge=1, le=365)
    """Days that samples are kept."""
    disk_gib: int = Field(100, ge=5, le=16_384)
    """GiB of each pod's volume; the oldest samples go when 80 % of it are used."""
    cpu_millis: int = Field(500, ge=50, le=64_000)
    """Thousandths of a core that a pod is sure to get."""
    memory_mib: int = Field(4096, ge=256, le=524_288)
    """MiB of memory that a pod is sure to get; it is killed at half as much again."""


class AlertmanagerSpec(Spec):
    """The Alertmanager in the cluster."""

    replicas: int = Field(3, ge=1, le=3)
    """Pods that tell each other what has been sent."""
    critical_repeat_hours: int = Field(4, ge=1, le=24)
    """Hours until a page that nobody ended is sent again."""
    warning_repeat_hours: int = Field(24, ge=1, le=168)
    """Hours until a ticket is."""


class SlackReceiverSpec(Spec):
    """A Slack channel that alerts are posted to."""

    secret_arn: SecretArn
    """ARN of the secret that holds the incoming webhook's URL, as plain text."""
    channel: str
    """The channel, with its `#`."""

    @field_validator("channel")
    @classmethod
    def _a_channel(cls, channel: str) -> str:
        if not CHANNEL.fullmatch(channel):
            raise ValueError("the name of a channel is needed, e.g. '#alerts'")
        return channel


class PagerDutyReceiverSpec(Spec):
    """A service of PagerDuty that critical alerts open incidents in."""

    secret_arn: SecretArn
    """ARN of the secret with the integration key of its Events API v2, as plain text."""


class HeartbeatReceiverSpec(Spec):
    """A service outside that raises the alarm when it hears nothing for a while."""

    secret_arn: SecretArn
    """ARN of the secret with the URL that is called every few minutes, as plain text."""


class ManagedPrometheusSpec(Spec):
    """A workspace of Amazon Managed Service for Prometheus that gets every sample too."""

    log_retention_days: RetentionDays = 90
    """Days until its log is deleted, one of those that CloudWatch Logs takes."""


class CloudWatchMetricsSpec(Spec):
    """CloudWatch metrics in Prometheus, of resources that carry the platform's own tags."""

    services: tuple[CloudWatchService, ...] = Field(min_length=1)
    """Whose metrics."""
    period_seconds: int = Field(300, ge=60, le=3600, multiple_of=60)
    """Seconds between two values: each request costs."""


class MetricsSpec(Spec):
    """Prometheus and Alertmanager, what they read, and whom they tell."""

    parts: tuple[MonitoredPart, ...] = ADDON_PARTS
    """Parts of the platform that are installed and read."""
    prometheus: PrometheusSpec = PrometheusSpec()  # pyright: ignore[reportCallIssue]
    """The Prometheus in the cluster."""
    alertmanager: AlertmanagerSpec = AlertmanagerSpec()  # pyright: ignore[reportCallIssue]
    """The Alertmanager in the cluster."""
    slack: SlackReceiverSpec | None = None
    """Gets critical alerts and warnings; default: none."""
    pagerduty: PagerDutyReceiverSpec | None = None
    """Gets critical alerts; default: none."""
    heartbeat: HeartbeatReceiverSpec | None = None
    """Is called while alerting works; default: none."""
    managed_prometheus: ManagedPrometheusSpec | None = None
    """A workspace that gets every sample too; default: none."""
    cloudwatch: CloudWatchMetricsSpec | None = None
    """CloudWatch metrics in Prometheus; default: none."""
    query_namespaces: tuple[str, ...] = ("keda", "linkerd-viz")
    """Other namespaces whose pods may query Prometheus, which asks nobody for a password."""
    protect: bool = False
    """Refuse to delete the workspace and what it is encrypted with."""

    @field_validator("parts")
    @classmethod
    def _once(cls, parts: tuple[MonitoredPart, ...]) -> tuple[MonitoredPart, ...]:
        if len(set(parts)) < len(parts):
            raise ValueError("a part is named twice")
        return parts

    @field_validator("query_namespaces")
    @classmethod
    def _namespaces(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return checked_namespaces(names)
