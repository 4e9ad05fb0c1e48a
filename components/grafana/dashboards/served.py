"""What a service has served, as our runtime counts it.

Metrics: examples/services/runtime/src/platform_runtime/metrics.py.
"""

from components.grafana.dashboards import promql
from components.grafana.dashboards.declared import Declared
from components.grafana.dashboards.promql import matching, ratio, total
from components.grafana.dashboards.shapes import Around

UNCOUNTED = '!~"/health/.*|/metrics"'
"""Routes that the platform itself asks every few seconds."""

FAILED = '=~"5..|0"'
"""Statuses of failures; 0: the answer broke off."""

DURATION = "http_server_request_duration_seconds"


def requests(declared: Declared, around: Around, **more: str) -> str:
    """Return the matchers of a service's requests, without the platform's own."""
    return matching(namespace=around.namespace, job=declared.name, http_route=UNCOUNTED, **more)


def buckets(declared: Declared, around: Around) -> str:
    """Return the selector of the histogram of how long requests took."""
    return f"{DURATION}_bucket{{{requests(declared, around)}}}"


def rate_of(declared: Declared, around: Around, window: str = promql.WINDOW) -> str:
    """Return the rate of all requests."""
    return total(f"{DURATION}_count{{{requests(declared, around)}}}", window=window)


def failing(declared: Declared, around: Around, window: str = promql.WINDOW) -> str:
    """Return which part of the requests fails."""
    failures = requests(declared, around, http_response_status_code=FAILED)
    failed = total(f"{DURATION}_count{{{failures}}}", window=window)
    return ratio(failed, rate_of(declared, around, window))
