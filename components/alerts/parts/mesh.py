"""Linkerd: what ends, what was missed, and who is refused.

cert-manager's metrics, and the proxies' own, https://linkerd.io/2-edge/reference/proxy-metrics/
(2026-08).
"""

from components.alerts.rules import Alert, Severity
from components.mesh.plan import NAMESPACE
from components.mesh.trust import ISSUER_RENEWED_BEFORE_HOURS, ISSUER_SECRET, anchor_secret

PAGE = "mesh"

ENDS = "certmanager_certificate_expiration_timestamp_seconds"

MISSED_HOURS = 24
"""An issuer that is not renewed for so long after it was due will not be."""

ANCHOR_DAYS = 180
"""Left of a trust anchor, which is renewed when a year is left."""

PROXY_HOURS = 4
"""Left of a proxy's certificate, which lasts for 24 hours and is renewed when 7 are left."""

ALERTS = (
    Alert(
        "MeshIssuerNotRenewed",
        f'({ENDS}{{name="{ISSUER_SECRET}"}} > 0) - time() '
        f"< {(ISSUER_RENEWED_BEFORE_HOURS - MISSED_HOURS) * 3600}",
        "15m",
        Severity.CRITICAL,
        "cert-manager has not renewed Linkerd's issuer",
        "When the issuer ends, no proxy gets a certificate, and meshed calls fail.",
        PAGE,
    ),
    Alert(
        "MeshProxyCertificateNotRenewed",
        "min by (namespace, pod) (identity_cert_expiration_timestamp_seconds) - time() "
        f"< {PROXY_HOURS * 3600}",
        "15m",
        Severity.CRITICAL,
        "The proxy of {{ $labels.namespace }}/{{ $labels.pod }} gets no new certificate",
        "Identity may have missed a new issuer (linkerd2#15109): start it anew.",
        PAGE,
    ),
    Alert(
        "MeshTrustAnchorNotRenewed",
        f'({ENDS}{{name=~"{anchor_secret(".+")}"}} > 0) - time() < {ANCHOR_DAYS * 86400}',
        "1h",
        Severity.WARNING,
        "cert-manager has not renewed the trust anchor {{ $labels.name }}",
        "Half a year is left of it.",
        PAGE,
    ),
    Alert(
        "MeshControlPlaneDown",
        f'kube_deployment_status_replicas_available{{namespace="{NAMESPACE}"}} == 0',
        "5m",
        Severity.CRITICAL,
        "{{ $labels.deployment }} of Linkerd does not run",
        "Meshed pods can't start, and running ones learn of no change.",
        PAGE,
    ),
    Alert(
        "MeshRequestsDenied",
        "sum by (namespace, target_port) (rate(inbound_http_authz_deny_total[5m])) > 0.1",
        "15m",
        Severity.WARNING,
        "The mesh refuses requests to port {{ $labels.target_port }} in {{ $labels.namespace }}",
        "A caller that nobody declared: a service that lacks it in `callers`, or an intruder.",
        PAGE,
    ),
)
