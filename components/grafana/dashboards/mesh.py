"""Linkerd: calls between services as their proxies see them, and the mesh's own state.

Metrics: https://linkerd.io/2-edge/reference/proxy-metrics/ and cert-manager's
https://cert-manager.io/docs/devops-tips/prometheus-metrics/ (2026-11).
"""

from components.grafana.dashboards.model import Dashboard, Query, Row, Unit
from components.grafana.dashboards.promql import quantile, ratio, total
from components.grafana.dashboards.shapes import (
    PLATFORM,
    Around,
    bad_above,
    bad_below,
    chosen,
    series,
    stat,
    table,
)

UID = "linkerd"
INBOUND = 'direction="inbound", namespace=~"$namespace", deployment=~"$deployment"'
OUTBOUND = 'direction="outbound", namespace=~"$namespace", deployment=~"$deployment"'
HOUR = 3600


def mesh(around: Around) -> Dashboard:
    """Return the dashboard of the mesh."""
    del around
    return Dashboard(
        UID,
        "Linkerd",
        "Who calls whom and with what success, who is refused, and how long certificates last.",
        PLATFORM,
        (_now(), _calls(), _policy(), _identity()),
        tags=("platform",),
        variables=(
            chosen("namespace", "Namespace", "request_total", "namespace"),
            chosen(
                "deployment", "Workload", 'request_total{namespace=~"$namespace"}', "deployment"
            ),
        ),
    )


def _now() -> Row:
    every = f"response_total{{{INBOUND}}}"
    good = f'response_total{{{INBOUND}, classification="success"}}'
    secured = f'request_total{{{INBOUND}, tls="true"}}'
    return Row(
        "Now",
        (
            stat(
                "Calls", "Calls in a second.", Unit.REQUESTS, total(f"request_total{{{INBOUND}}}")
            ),
            stat(
                "Success",
                "Part of the calls that succeed.",
                Unit.RATIO,
                ratio(total(good), total(every)),
                thresholds=bad_below(0.99, 0.999),
                decimals=2,
            ),
            stat(
                "Mutual TLS",
                "Part of the calls with it; the others are probes and scrapes of metrics.",
                Unit.RATIO,
                ratio(total(secured), total(f"request_total{{{INBOUND}}}")),
                decimals=1,
            ),
            stat(
                "Refused",
                "Calls in a second that no policy allows.",
                Unit.REQUESTS,
                f"{total('inbound_http_authz_deny_total')} or vector(0)",
                thresholds=bad_above(0.01, 1),
            ),
            stat(
                "Shortest certificate of a proxy",
                "Hours left; it is renewed when 7 of 24 are left.",
                Unit.HOURS,
                f"min(identity_cert_expiration_timestamp_seconds - time()) / {HOUR}",
                thresholds=bad_below(4, 6),
                decimals=1,
            ),
            stat(
                "Control plane",
                "Part of its pods that are ready.",
                Unit.RATIO,
                'sum(kube_deployment_status_replicas_ready{namespace="linkerd"}) '
                '/ sum(kube_deployment_spec_replicas{namespace="linkerd"})',
                thresholds=bad_below(0.5, 1),
            ),
        ),
    )


def _calls() -> Row:
    pair = ("deployment", "dst_deployment")
    named = "{{deployment}} to {{dst_deployment}}"
    failed = total(f'response_total{{{OUTBOUND}, classification="failure"}}', *pair)
    every = total(f"response_total{{{OUTBOUND}}}", *pair)
    latency = f"response_latency_ms_bucket{{{OUTBOUND}}}"
    return Row(
        "Calls",
        (
            series(
                "Who calls whom",
                "Calls in a second.",
                Unit.REQUESTS,
                Query(total(f"request_total{{{OUTBOUND}}}", *pair), named),
            ),
            series(
                "Failures",
                "Part of the calls that fail, tries that were repeated among them.",
                Unit.RATIO,
                Query(ratio(failed, every), named),
                thresholds=bad_above(0.01, 0.05),
            ),
            series(
                "Duration, 99 %",
                "Milliseconds that 99 % of the calls stay below.",
                Unit.MILLISECONDS,
                Query(quantile(0.99, latency, *pair), named),
            ),
        ),
    )


def _policy() -> Row:
    denied = "inbound_http_authz_deny_total"
    return Row(
        "Policy",
        (
            table(
                "Refused in the last hour",
                "Calls that no policy allows: a caller that was not declared, or an attack.",
                Unit.COUNT,
                Query(
                    "sum by (namespace, deployment, target_port, client_id) "
                    f"(increase({denied}[1h])) > 0",
                    "calls",
                ),
            ),
            series(
                "Connections that break off",
                "In a second, by error, as proxies that are connected to see it.",
                Unit.OPERATIONS,
                Query(total("inbound_tcp_errors_total", "error"), "inbound {{error}}"),
                Query(total("outbound_tcp_errors_total", "error"), "outbound {{error}}"),
                width=12,
            ),
        ),
    )


def _identity() -> Row:
    ends = 'certmanager_certificate_expiration_timestamp_seconds{name=~"linkerd-.*"}'
    return Row(
        "Identity",
        (
            series(
                "Issuer and trust anchors",
                "Hours left. cert-manager renews them long before; see docs/mesh.md.",
                Unit.HOURS,
                Query(f"max by (name) ({ends} - time()) / {HOUR}", "{{name}}"),
                width=12,
            ),
            series(
                "Certificates given out",
                "To proxies, in an hour.",
                Unit.COUNT,
                Query("sum(increase(identity_cert_refresh_count[1h]))", "certificates"),
                width=12,
            ),
        ),
    )
