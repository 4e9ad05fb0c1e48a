"""Whom Alertmanager tells of what: its configuration, without a secret in it."""

from collections.abc import Mapping

import pulumi

from components.metrics.names import RECEIVER_FILES
from components.metrics.plan import MetricsPlan

Json = dict[str, object]

CRITICAL, WARNING, HEARTBEAT, NOBODY = "critical", "warning", "heartbeat", "nobody"
"""Names of the receivers."""

GROUPED_BY = ("alertname", "cluster", "namespace", "service")
"""One message for all alerts that agree in these."""

SLACK_TITLE = (
    '[{{ .Status | toUpper }}{{ if eq .Status "firing" }} {{ .Alerts.Firing | len }}{{ end }}]'
    " {{ .CommonLabels.severity }}: {{ .CommonLabels.alertname }}"
)
SLACK_TEXT = (
    "{{ range .Alerts }}{{ .Annotations.summary }}"
    "{{ with .Annotations.runbook_url }} <{{ . }}|runbook>{{ end }}\n{{ end }}"
)

INHIBITIONS: tuple[Json, ...] = (
    {
        "source_matchers": ['severity = "critical"'],
        "target_matchers": ['severity =~ "warning|info"'],
        "equal": ["alertname", "cluster", "namespace", "service"],
    },
    {
        "source_matchers": ['severity = "warning"'],
        "target_matchers": ['severity = "info"'],
        "equal": ["alertname", "cluster", "namespace", "service"],
    },
    # Of the chart's own rules: what is for information only stays quiet unless more is wrong.
    {
        "source_matchers": ['alertname = "InfoInhibitor"'],
        "target_matchers": ['severity = "info"'],
        "equal": ["cluster", "namespace"],
    },
)
"""What is not told while something worse of the same kind is."""


def alertmanager_config(
    plan: MetricsPlan,
    *,
    topic_arn: pulumi.Input[str] | None,
    region: pulumi.Input[str],
) -> Json:
    """Return the configuration.

    https://prometheus.io/docs/alerting/latest/configuration/ (2026-11)
    """
    everyone = [_slack(plan), _sns(topic_arn, region)]
    return {
        "global": {"resolve_timeout": "5m"},
        "route": _routes(plan),
        "inhibit_rules": list(INHIBITIONS),
        "receivers": [
            _receiver(CRITICAL, _pagerduty(plan), *everyone),
            _receiver(WARNING, *everyone),
            *([_receiver(HEARTBEAT, _heartbeat())] if plan.spec.heartbeat else []),
            {"name": NOBODY},
        ],
        "templates": [],
    }


def _routes(plan: MetricsPlan) -> Json:
    alertmanager = plan.spec.alertmanager
    watchdog: Json = {"receiver": NOBODY}
    if plan.spec.heartbeat:
        # It fires always: who is called no more knows that nobody else is either.
        watchdog = {
            "receiver": HEARTBEAT,
            "group_wait": "0s",
            "group_interval": "1m",
            "repeat_interval": "5m",
        }
    return {
        # What has no severity that is known is not lost.
        "receiver": WARNING,
        "group_by": list(GROUPED_BY),
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": f"{alertmanager.warning_repeat_hours}h",
        "routes": [
            {**watchdog, "matchers": ['alertname = "Watchdog"']},
            {"receiver": NOBODY, "matchers": ['alertname = "InfoInhibitor"']},
            {
                "receiver": CRITICAL,
                "matchers": ['severity = "critical"'],
                "group_wait": "10s",
                "repeat_interval": f"{alertmanager.critical_repeat_hours}h",
            },
            {"receiver": NOBODY, "matchers": ['severity = "info"']},
        ],
    }


def _receiver(name: str, *channels: Mapping[str, object]) -> Json:
    configured = {kind: [settings] for channel in channels for kind, settings in channel.items()}
    return {"name": name, **configured}


def _slack(plan: MetricsPlan) -> Json:
    if not plan.spec.slack:
        return {}
    return {
        "slack_configs": {
            "api_url_file": f"{RECEIVER_FILES}/slack",
            "channel": plan.spec.slack.channel,
            "send_resolved": True,
            "title": SLACK_TITLE,
            "text": SLACK_TEXT,
        }
    }


def _pagerduty(plan: MetricsPlan) -> Json:
    if not plan.spec.pagerduty:
        return {}
    return {
        "pagerduty_configs": {
            "routing_key_file": f"{RECEIVER_FILES}/pagerduty",
            "send_resolved": True,
            "severity": "critical",
            "description": "{{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}",
            "details": {"runbook": "{{ .CommonAnnotations.runbook_url }}"},
        }
    }


def _sns(topic_arn: pulumi.Input[str] | None, region: pulumi.Input[str]) -> Json:
    if topic_arn is None:
        return {}
    signed = {"region": region}
    return {"sns_configs": {"topic_arn": topic_arn, "sigv4": signed, "send_resolved": True}}


def _heartbeat() -> Json:
    return {"webhook_configs": {"url_file": f"{RECEIVER_FILES}/heartbeat", "send_resolved": False}}
