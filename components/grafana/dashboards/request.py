"""Logs to search in, and everything about one request: its trace and its lines in all logs.

Fields are those of our runtime, examples/services/runtime/src/platform_runtime/logs.py.
"""

from dataclasses import replace

from components.grafana.dashboards.model import (
    Dashboard,
    Kind,
    LogCount,
    Panel,
    Row,
    Text,
    TraceById,
    Unit,
)
from components.grafana.dashboards.shapes import PLATFORM, Around, chosen, log_lines

LOGS, REQUEST = "logs", "request"
"""Uids."""


SEARCH = "service:(${service:lucene}) AND (${search})"


def logs(around: Around) -> Dashboard:
    """Return the dashboard of all logs."""
    counted = Panel(
        "Lines by level",
        "How many lines there are.",
        Unit.COUNT,
        (LogCount(SEARCH, "level"),),
        stacked=True,
        width=24,
    )
    lines = log_lines("Lines", "Newest first; `trace_id` leads to the request.", SEARCH)
    deployments = f'kube_deployment_created{{namespace="{around.namespace}"}}'
    return Dashboard(
        LOGS,
        "Logs",
        "Lines of services and workers, by what is in them.",
        PLATFORM,
        (Row("How many", (counted,)), Row("Lines", (lines,))),
        tags=("platform",),
        variables=(
            replace(chosen("service", "Service", deployments, "deployment"), every="*"),
            Text("search", "Search", "Lucene's syntax, e.g. status:500 AND route:*orders*", "*"),
        ),
        hours=1,
    )


def request(around: Around) -> Dashboard:
    """Return the dashboard of one request."""
    rows: list[Row] = []
    if around.traces:
        trace = Panel(
            "Trace",
            "Where the request has been, and for how long.",
            Unit.LINES,
            (TraceById("${trace_id}"),),
            kind=Kind.TRACES,
            width=24,
            height=20,
        )
        rows.append(Row("Trace", (trace,)))
    if around.logs:
        lines = log_lines(
            "Lines", "All lines with its id, of all services.", 'trace_id:"${trace_id}"'
        )
        rows.append(Row("Log", (lines,)))
    return Dashboard(
        REQUEST,
        "One request",
        "The trace of one request, and its lines in all logs.",
        PLATFORM,
        tuple(rows),
        tags=("platform",),
        variables=(Text("trace_id", "Trace id", "`trace_id` in any line of the log"),),
        hours=24,
    )
