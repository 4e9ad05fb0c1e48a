"""Guidelines on what can be seen of a running stack."""

from collections.abc import Sequence

from policies.guidelines.guideline import SERVICES, STACKS, UNIT, Guideline

GUIDELINES: Sequence[Guideline] = (
    Guideline(
        "Distributed tracing",
        "A slow request can be followed through gateway, mesh, services and broker.",
        ("tracing", "examples/services/runtime"),
        (
            f"{UNIT}test_tracing_config.py::test_errors_and_slow_traces_are_kept_and_of_the_rest_a_share",
            f"{STACKS}test_tracing_collector.py::test_no_secret_reaches_the_backend",
            f"{SERVICES}test_kafka.py::test_a_trace_crosses_kafka",
            f"{SERVICES}test_stack.py::test_an_order_becomes_one_notification_in_one_trace",
        ),
        "tracing.md#which-traces-are-kept",
        ("service-traced", "lambda-observed"),
    ),
    Guideline(
        "Structured logs",
        "Each line is JSON with the ids of its request and trace, and without secrets.",
        ("examples/services/runtime", "logging"),
        (
            f"{SERVICES}test_app.py::test_logs_are_json_with_ids_and_without_secrets",
            f"{SERVICES}test_logs.py::test_a_secret_is_hidden",
            f"{STACKS}test_logging_agent.py::test_lines_come_in_their_one_form_and_without_secrets",
        ),
        "logging.md#what-a-line-looks-like",
        without=(
            "What a process writes is in no resource. The agent puts every line into the one form "
            "and hides secrets, whatever the service does."
        ),
    ),
    Guideline(
        "Central logs",
        "All logs are in one place, for a known time, and none is lost while that place is away.",
        ("logging", "search"),
        (
            f"{UNIT}test_logging.py::test_lines_are_on_the_disk_until_every_sink_has_them",
            f"{UNIT}test_logging.py::test_an_index_is_hot_then_warm_then_gone",
            f"{STACKS}test_logging_agent.py::test_no_line_is_lost_while_the_sink_is_away_and_the_agent_is_killed",
        ),
        "logging.md#when-a-sink-is-away",
        ("log-retention", "data-store-logs", "api-access-logs", "encryption-at-rest"),
    ),
    Guideline(
        "Metrics",
        "Rates, errors and durations of every service, and how each part of the platform does.",
        ("metrics", "grafana"),
        (
            f"{UNIT}test_metrics.py::test_prometheus_reads_pods_nodes_and_brokers",
            f"{UNIT}test_dashboards.py::test_services_are_asked_for_metrics_and_labels_that_the_runtime_has",
            f"{SERVICES}test_app.py::test_metrics_count_by_route_not_by_path",
        ),
        "metrics.md#what-is-read",
        ("service-measured", "api-access-logs", "lambda-observed", "console-authenticated"),
    ),
    Guideline(
        "Alerts",
        "Somebody is told when users are failed, with what to do; and not otherwise.",
        ("alerts", "notifications", "metrics"),
        (
            f"{UNIT}test_alerts_promtool.py::test_alerts_fire_when_they_should_and_only_then",
            f"{UNIT}test_alerts.py::test_every_alert_has_a_runbook_that_says_what_to_do",
            f"{STACKS}test_alerts.py::test_services_page_when_their_budget_burns_and_only_then",
        ),
        "alerting.md#when-it-pages",
        ("service-objective", "alert-actionable"),
    ),
)
