"""The health of what watches: scrapes, alerts, collectors, traces, logs.

Metrics: Prometheus' and Alertmanager's own, https://prometheus.io/docs/ ; the collectors',
https://opentelemetry.io/docs/collector/internal-telemetry/ (their counters end in `_total` or not,
by version and setting); Fluent Bit's,
https://docs.fluentbit.io/manual/administration/monitoring ; Tempo's,
https://grafana.com/docs/tempo/latest/operations/monitor/ (2026-11).
"""

from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.shapes import (
    ANY_IS_BAD,
    PLATFORM,
    Around,
    bad_above,
    series,
    stat,
)

UID = "telemetry"


def telemetry(around: Around) -> Dashboard:
    """Return the dashboard of metrics, traces and logs themselves."""
    rows = [
        _now(),
        Row("Metrics and alerts", _metrics()),
        Row("Collectors", _collectors()),
        *([Row("Tempo", _tempo())] if around.traces else []),
        Row("Logs", _logs()),
    ]
    return Dashboard(
        UID,
        "Telemetry",
        "Whether metrics, alerts, traces and logs get where they should.",
        PLATFORM,
        tuple(rows),
        tags=("platform",),
    )


def _now() -> Row:
    return Row(
        "Now",
        (
            stat(
                "Targets down",
                "That Prometheus can't read.",
                Unit.COUNT,
                "count(up == 0) or vector(0)",
                thresholds=ANY_IS_BAD,
            ),
            stat(
                "Rules that fail",
                "In the last hour: an alert that can't be told does not fire.",
                Unit.COUNT,
                "sum(increase(prometheus_rule_evaluation_failures_total[1h]))",
                thresholds=ANY_IS_BAD,
            ),
            stat(
                "Notifications that failed",
                "In the last hour, after all tries.",
                Unit.COUNT,
                "sum(increase(alertmanager_notifications_failed_total[1h]))",
                thresholds=ANY_IS_BAD,
            ),
            stat(
                "Spans lost",
                "In the last hour: refused by a collector, or not sent on.",
                Unit.COUNT,
                f"{_lost('spans')} or vector(0)",
                thresholds=bad_above(1, 1000),
            ),
            stat(
                "Lines of logs lost",
                "In the last hour: given up after all tries, or dropped.",
                Unit.COUNT,
                "sum(increase(fluentbit_output_dropped_records_total[1h])) or vector(0)",
                thresholds=ANY_IS_BAD,
            ),
        ),
    )


def _metrics() -> tuple[Panel, ...]:
    return (
        series(
            "Time series",
            "In the memory of each Prometheus: what grows without end has a label of endless "
            "values.",
            Unit.COUNT,
            Query("max by (pod) (prometheus_tsdb_head_series)", "{{pod}}"),
        ),
        series(
            "Samples",
            "Taken in a second.",
            Unit.OPERATIONS,
            Query(
                "sum by (pod) (rate(prometheus_tsdb_head_samples_appended_total"
                "[$__rate_interval]))",
                "{{pod}}",
            ),
        ),
        series(
            "Disk",
            "Bytes of blocks on each Prometheus' volume.",
            Unit.BYTES,
            Query("max by (pod) (prometheus_tsdb_storage_blocks_bytes)", "{{pod}}"),
        ),
        series(
            "Targets down",
            "By job.",
            Unit.COUNT,
            Query("count by (job) (up == 0)", "{{job}}"),
            stacked=True,
        ),
        series(
            "Notifications",
            "By receiver, in ten minutes.",
            Unit.COUNT,
            Query(
                "sum by (integration) (increase(alertmanager_notifications_total[10m]))",
                "{{integration}}",
            ),
        ),
        series(
            "Slowest groups of rules",
            "Seconds that an evaluation takes; each has as long as the interval.",
            Unit.SECONDS,
            Query(
                "topk(5, max by (rule_group) (prometheus_rule_group_last_duration_seconds))",
                "{{rule_group}}",
            ),
        ),
    )


def _named(name: str) -> str:
    """Return the selector of a collector's counter, whatever its ending."""
    return f'{{__name__=~"otelcol_{name}(_total)?"}}'


def _lost(signal: str) -> str:
    kinds = f"receiver_refused_{signal}|exporter_send_failed_{signal}"
    return f"sum(increase({_named(f'({kinds})')}[1h]))"


def _collectors() -> tuple[Panel, ...]:
    def rate(name: str, label: str) -> str:
        return f"sum by ({label}) (rate({_named(name)}[$__rate_interval]))"

    return (
        series(
            "Spans taken",
            "In a second, by receiver.",
            Unit.OPERATIONS,
            Query(rate("receiver_accepted_spans", "receiver"), "{{receiver}}"),
        ),
        series(
            "Spans sent on",
            "In a second, by exporter: of ordinary traces only a part is kept.",
            Unit.OPERATIONS,
            Query(rate("exporter_sent_spans", "exporter"), "{{exporter}}"),
        ),
        series(
            "Refused, or not sent on",
            "In a second. Refused: the collector is short of memory, and senders try again.",
            Unit.OPERATIONS,
            Query(rate("receiver_refused_spans", "receiver"), "refused {{receiver}}"),
            Query(rate("exporter_send_failed_spans", "exporter"), "not sent {{exporter}}"),
            thresholds=bad_above(1, 100),
        ),
        series(
            "Queue",
            "Part of each exporter's queue that is full: at 100 % spans are lost.",
            Unit.RATIO,
            Query(
                "max by (exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)",
                "{{exporter}}",
            ),
            thresholds=bad_above(0.5, 0.9),
            maximum=1,
            width=12,
        ),
        series(
            "Memory",
            "Of each collector.",
            Unit.BYTES,
            Query(
                "max by (pod) (container_memory_working_set_bytes"
                '{namespace="observability", container=~"otc-container|opentelemetry-collector"})',
                "{{pod}}",
            ),
            width=12,
        ),
    )


def _tempo() -> tuple[Panel, ...]:
    return (
        series(
            "Bytes taken",
            "In a second.",
            Unit.BYTES_PER_SECOND,
            Query("sum(rate(tempo_distributor_bytes_received_total[$__rate_interval]))", "bytes"),
        ),
        series(
            "Spans refused",
            "In a second, by reason.",
            Unit.OPERATIONS,
            Query(
                "sum by (reason) (rate(tempo_discarded_spans_total[$__rate_interval]))",
                "{{reason}}",
            ),
            thresholds=bad_above(0.1, 10),
        ),
        series(
            "Requests, 99 %",
            "Seconds that 99 % stay below, by route.",
            Unit.SECONDS,
            Query(
                "histogram_quantile(0.99, sum by (le, route) "
                "(rate(tempo_request_duration_seconds_bucket[$__rate_interval])))",
                "{{route}}",
            ),
        ),
    )


def _logs() -> tuple[Panel, ...]:
    def rate(name: str) -> str:
        return f"sum by (name) (rate(fluentbit_{name}[$__rate_interval]))"

    return (
        series(
            "Lines read",
            "In a second, on all nodes.",
            Unit.OPERATIONS,
            Query(rate("input_records_total"), "{{name}}"),
        ),
        series(
            "Lines sent",
            "In a second, by where they go.",
            Unit.OPERATIONS,
            Query(rate("output_proc_records_total"), "{{name}}"),
        ),
        series(
            "Tried again",
            "Batches in a second: the other side is slow, or away. They wait on disk.",
            Unit.OPERATIONS,
            Query(rate("output_retries_total"), "{{name}}"),
            Query(rate("output_retries_failed_total"), "given up {{name}}"),
            thresholds=bad_above(1, 10),
        ),
        series(
            "Waiting on disk",
            "Batches on the fullest node.",
            Unit.COUNT,
            Query("max by (name) (fluentbit_input_storage_chunks)", "{{name}}"),
        ),
        series(
            "Errors",
            "Of outputs, in a second.",
            Unit.OPERATIONS,
            Query(rate("output_errors_total"), "{{name}}"),
        ),
        series(
            "Agents",
            "Nodes without one send no logs.",
            Unit.COUNT,
            Query("count(fluentbit_uptime)", "agents"),
            Query("count(kube_node_info)", "nodes"),
        ),
    )
