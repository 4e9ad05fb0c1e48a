"""Prometheus metrics. Names follow OpenTelemetry's semantic conventions for HTTP servers."""

from functools import lru_cache

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Seconds; https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ (2026-11)."""

DURATION = Histogram(
    "http_server_request_duration_seconds",
    "Requests served, by how long they took.",
    ("http_request_method", "http_route", "http_response_status_code"),
    buckets=BUCKETS,
)
ACTIVE = Gauge("http_server_active_requests", "Requests being served.")
BREAKER = Gauge(
    "circuit_breaker_open", "1 while calls are refused, 0.5 while one is tried.", ("dependency",)
)
CALLS = Counter(
    "dependency_calls_total", "Calls of other systems, by outcome.", ("dependency", "outcome")
)
RECORDS = Counter(
    "kafka_records_total", "Records handled, by outcome.", ("topic", "direction", "outcome")
)
CACHE = Counter("cache_reads_total", "Reads of the cache, by outcome.", ("outcome",))


@lru_cache(maxsize=4096)
def duration(method: str, route: str, status: int) -> Histogram:
    """Return the histogram of one combination; the library's own look-up takes a lock."""
    return DURATION.labels(method, route, str(status))


@lru_cache(maxsize=64)
def cache_reads(outcome: str) -> Counter:
    """Return the counter of one outcome of reading the cache."""
    return CACHE.labels(outcome)


async def metrics(_: Request) -> Response:
    """Answer a scrape."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
