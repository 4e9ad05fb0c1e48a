"""What the gateway tells about requests: an id, metrics, traces and a line in the log."""

import re
from collections.abc import Iterator

import pulumi

from components.gateway.plugins.plugin import Plugin, refuse

CORRELATION, METRICS, TRACES, LOG = "correlation-id", "prometheus", "opentelemetry", "file-log"

ID_HEADER = "X-Request-ID"

SENSITIVE = (
    "request.headers",
    "request.querystring",
    "request.uri",
    "request.url",
    "response.headers",
    "upstream_uri",
)
"""Fields of Kong's log records that hold credentials, cookies, or what callers put into a URL.

https://github.com/Kong/kong/blob/3.9.3/kong/pdk/log.lua (2026-11): it blanks out `Authorization`
and nothing else."""

LOGGED: dict[str, str] = {
    "request.host": "return kong.request.get_host()",
    "request.path": "return kong.request.get_path()",
    "request.user_agent": 'return kong.request.get_header("user-agent")',
}
"""What stands in their place, in Lua that Kong runs in a sandbox."""

HEADER = re.compile(r"[A-Za-z0-9-]+", re.ASCII)


def correlation_id(header: str = ID_HEADER) -> Plugin:
    """Return the plugin that gives each request an id, for the service and the caller to see.

    An id that the caller sent is kept.

    :raises InvalidInput: for what is no name of a header.
    """
    wrong = not HEADER.fullmatch(header)
    refuse(CORRELATION, [("header", f"{header!r} is no name of a header")] if wrong else [])
    return Plugin(
        CORRELATION, {"header_name": header, "generator": "uuid", "echo_downstream": True}
    )


def prometheus() -> Plugin:
    """Return the plugin that counts requests, bytes, latencies and unhealthy upstreams.

    Not per consumer: each would be another set of time series.
    """
    return Plugin(
        METRICS,
        {
            "per_consumer": False,
            "status_code_metrics": True,
            "latency_metrics": True,
            "bandwidth_metrics": True,
            "upstream_health_metrics": True,
        },
    )


def opentelemetry(
    endpoint: pulumi.Input[str], *, service: str = "gateway", sampled: float = 0.1
) -> Plugin:
    """Return the plugin that sends traces to a collector.

    A caller's trace is carried on, in W3C's headers.

    :param endpoint: for OTLP over HTTP, e.g. `http://collector.observability.svc:4318/v1/traces`.
    :param sampled: which part of the requests is traced, 0 to 1.
    :raises InvalidInput: for another part, or what is no URL.
    """
    refuse(TRACES, _trace_problems(endpoint, sampled))
    return Plugin(
        TRACES,
        {
            "traces_endpoint": endpoint,
            "resource_attributes": {"service.name": service},
            "sampling_rate": sampled,
            "propagation": {
                "extract": ["w3c"],
                "inject": ["w3c"],
                "default_format": "w3c",
            },
            "queue": {"max_batch_size": 200, "max_coalescing_delay": 3, "max_entries": 10_000},
        },
    )


def access_log() -> Plugin:
    """Return the plugin that writes one line of JSON on standard output for each request.

    With route, service, consumer, status, latencies and trace; without headers and query strings.
    """
    fields = {**dict.fromkeys(SENSITIVE, "return nil"), **LOGGED}
    return Plugin(LOG, {"path": "/dev/stdout", "reopen": False, "custom_fields_by_lua": fields})


def _trace_problems(endpoint: pulumi.Input[str], sampled: float) -> Iterator[tuple[str, str]]:
    if isinstance(endpoint, str) and not re.fullmatch(r"https?://\S+", endpoint):
        yield "endpoint", f"{endpoint!r} is no URL for OTLP over HTTP"
    if not 0 <= sampled <= 1:
        yield "sampled", f"{sampled} is not valid: 0 to 1"
