"""Fluent Bit, https://docs.fluentbit.io/manual/administration/monitoring (2026-11).

`name` is the output's.
"""

from components.alerts.rules import Alert, Severity

PAGE = "logging"

ALERTS = (
    Alert(
        "LogsDropped",
        "sum by (name) (increase(fluentbit_output_dropped_records_total[15m])) > 0",
        "0m",
        Severity.CRITICAL,
        "Log lines for {{ $labels.name }} are lost",
        "Fluent Bit gave up on them, or its disk buffer is full.",
        PAGE,
    ),
    Alert(
        "LogsRetriesFailed",
        "sum by (name) (increase(fluentbit_output_retries_failed_total[15m])) > 0",
        "5m",
        Severity.CRITICAL,
        "Fluent Bit gave up sending chunks to {{ $labels.name }}",
        "What was in them is lost.",
        PAGE,
    ),
    Alert(
        "LogsNotDelivered",
        "sum by (name) (rate(fluentbit_output_errors_total[5m])) > 0 "
        "unless sum by (name) (rate(fluentbit_output_proc_records_total[5m])) > 0",
        "15m",
        Severity.WARNING,
        "No log line reaches {{ $labels.name }}",
        "Every try fails. Lines wait in the nodes' disk buffers, which last for a while.",
        PAGE,
    ),
    Alert(
        "LogsBufferGrowing",
        "max by (pod) (fluentbit_storage_fs_chunks) > 500",
        "30m",
        Severity.WARNING,
        "The disk buffer of {{ $labels.pod }} is not emptied",
        "More than 500 chunks of up to 2 MB wait: the sink is slower than the logs.",
        PAGE,
    ),
    Alert(
        "LogsNotCollected",
        "absent(fluentbit_build_info) and absent(fluentbit_uptime)",
        "15m",
        Severity.WARNING,
        "No Fluent Bit is there",
        "No logs are collected, or nobody can tell.",
        PAGE,
    ),
)
