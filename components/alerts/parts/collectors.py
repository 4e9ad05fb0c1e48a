"""OpenTelemetry collectors.

https://opentelemetry.io/docs/collector/internal-telemetry/ (2026-11)
"""

from components.alerts.rules import Alert, Severity
from components.observability.names import COLLECTOR, NAMESPACE

PAGE = "collectors"

ALERTS = (
    Alert(
        "CollectorDown",
        f'absent(otelcol_process_uptime_seconds_total{{namespace="{NAMESPACE}"}}) '
        f'and absent(otelcol_process_uptime{{namespace="{NAMESPACE}"}})',
        "10m",
        Severity.WARNING,
        f"No collector ({COLLECTOR}) is there",
        "Traces are lost; services do without.",
        PAGE,
    ),
    Alert(
        "CollectorRefusesSpans",
        "sum by (receiver) (rate(otelcol_receiver_refused_spans_total[5m])) > 1",
        "10m",
        Severity.WARNING,
        "A collector refuses spans ({{ $labels.receiver }})",
        "It is at its memory limit, or its queue is full: traces are lost.",
        PAGE,
    ),
    Alert(
        "CollectorExportFails",
        "sum by (exporter) (rate(otelcol_exporter_send_failed_spans_total[5m])) > 1",
        "10m",
        Severity.WARNING,
        "A collector can't get rid of spans ({{ $labels.exporter }})",
        "What takes traces does not answer or refuses; after the retries they are lost.",
        PAGE,
    ),
    Alert(
        "CollectorQueueFull",
        "max by (pod, exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity) "
        "> 0.8",
        "10m",
        Severity.WARNING,
        "The queue of the collector {{ $labels.pod }} is 80% full ({{ $labels.exporter }})",
        "When it is full, spans are dropped.",
        PAGE,
    ),
)
