"""Alert rules of the mesh: what ends, what was missed, and who is refused.

Plain data for a PrometheusRule. Metrics: cert-manager's `certmanager_certificate_*`, and the
proxies' own, https://linkerd.io/2-edge/reference/proxy-metrics/ (2026-08).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from components.mesh.plan import NAMESPACE
from components.mesh.trust import ISSUER_RENEWED_BEFORE_HOURS, ISSUER_SECRET, anchor_secret

ENDS = "certmanager_certificate_expiration_timestamp_seconds"

MISSED_HOURS = 24
"""An issuer that is not renewed for so long after it was due will not be."""

ANCHOR_DAYS = 180
"""Left of a trust anchor, which is renewed when a year is left."""

PROXY_HOURS = 4
"""Left of a proxy's certificate, which lasts for 24 hours and is renewed when 7 are left."""


@dataclass(frozen=True)
class Alert:
    """One alert."""

    name: str
    expression: str
    lasting: str
    """How long it must be so, e.g. `15m`."""
    severity: str
    summary: str

    @property
    def rule(self) -> Mapping[str, object]:
        """As Prometheus takes it."""
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": self.lasting,
            "labels": {"severity": self.severity},
            "annotations": {"summary": self.summary, "runbook": "docs/mesh.md"},
        }


ALERTS: tuple[Alert, ...] = (
    Alert(
        "MeshIssuerNotRenewed",
        f'{ENDS}{{namespace="{NAMESPACE}",name="{ISSUER_SECRET}"}} - time() '
        f"< {(ISSUER_RENEWED_BEFORE_HOURS - MISSED_HOURS) * 3600}",
        "15m",
        "critical",
        "cert-manager has not renewed Linkerd's issuer: when it ends, no proxy gets a certificate",
    ),
    Alert(
        "MeshProxyCertificateNotRenewed",
        f"identity_cert_expiration_timestamp_seconds - time() < {PROXY_HOURS * 3600}",
        "15m",
        "critical",
        "Proxies get no new certificates: restart linkerd-identity, it may have missed an issuer",
    ),
    Alert(
        "MeshTrustAnchorNotRenewed",
        f'{ENDS}{{name=~"{anchor_secret(".+")}"}} - time() < {ANCHOR_DAYS * 86400}',
        "1h",
        "warning",
        "cert-manager has not renewed a trust anchor of the mesh: half a year is left",
    ),
    Alert(
        "MeshControlPlaneDown",
        f'kube_deployment_status_replicas_available{{namespace="{NAMESPACE}"}} == 0',
        "5m",
        "critical",
        "A part of Linkerd's control plane does not run: meshed pods can't start",
    ),
    Alert(
        "MeshRequestsDenied",
        "sum by (namespace, target_port) (rate(inbound_http_authz_deny_total[5m])) > 0.1",
        "15m",
        "warning",
        "Requests are refused by the mesh's policies: a caller that nobody declared",
    ),
)


def alert_group() -> Mapping[str, object]:
    """Return all alerts as a group of a PrometheusRule."""
    return {"name": "mesh", "rules": [alert.rule for alert in ALERTS]}
