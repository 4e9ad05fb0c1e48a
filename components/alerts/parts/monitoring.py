"""What watches, where kube-prometheus-stack's own rules do not look.

These have alerts already for Prometheus (targets, rules, remote write, TSDB), Alertmanager, the
operator and kube-state-metrics, and Watchdog, which always fires: who stops hearing it knows that
nothing else would be heard. YACE counts `yace_cloudwatch_request_errors`
(pkg/promutil/prometheus.go, 2026-11).
"""

from components.alerts.rules import Alert, Severity
from components.observability.names import NAMESPACE

PAGE = "monitoring"

ALERTS = (
    Alert(
        "CloudWatchExporterErrors",
        "sum by (api_name) (increase(yace_cloudwatch_request_errors[30m])) > 3",
        "30m",
        Severity.WARNING,
        "CloudWatch's exporter is refused by {{ $labels.api_name }}",
        "Alerts on what AWS runs may be blind. CloudWatch's own alarms go on.",
        PAGE,
    ),
    Alert(
        "CloudWatchExporterDown",
        "absent(yace_cloudwatch_requests_total)",
        "30m",
        Severity.WARNING,
        "No metrics of CloudWatch arrive",
        "Alerts on what AWS runs are blind. CloudWatch's own alarms go on.",
        PAGE,
    ),
    Alert(
        "GrafanaDown",
        f'kube_deployment_status_replicas_available{{namespace="{NAMESPACE}",'
        'deployment=~".*grafana.*"} == 0',
        "15m",
        Severity.WARNING,
        "Grafana does not run",
        "There are no dashboards; alerts go on.",
        PAGE,
    ),
    Alert(
        "AlertRulesMissing",
        'absent(ALERTS{alertname="Watchdog"})',
        "15m",
        Severity.CRITICAL,
        "The rules of kube-prometheus-stack are not there",
        "Watchdog should always fire; without it nobody notices when alerts stop.",
        PAGE,
    ),
)
