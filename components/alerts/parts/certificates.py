"""cert-manager, https://cert-manager.io/docs/devops-tips/prometheus-metrics/ (2026-11).

`name` and `namespace` are the certificate's; where Prometheus keeps `namespace` for the exporter's
own, `exported_namespace` is. The mesh's issuer lasts for days only and has alerts of its own.
A certificate that was never issued has 0 for its times.
"""

from components.alerts.rules import Alert, Severity
from components.mesh.trust import ISSUER_SECRET

PAGE = "certificates"

CERTIFICATE = "namespace, exported_namespace, name"
READY = "certmanager_certificate_ready_status"
ENDS = "certmanager_certificate_expiration_timestamp_seconds"
RENEWAL = "certmanager_certificate_renewal_timestamp_seconds"

ALERTS = (
    Alert(
        "CertificateNotReady",
        f'max by ({CERTIFICATE}) ({READY}{{condition="True"}}) == 0',
        "15m",
        Severity.WARNING,
        "The certificate {{ $labels.name }} is not ready",
        "It was not issued or not renewed. What uses it goes on with the old one, if there is one.",
        PAGE,
    ),
    Alert(
        "CertificateNotRenewed",
        f"time() - max by ({CERTIFICATE}) ({RENEWAL} > 0) > 43200",
        "15m",
        Severity.WARNING,
        "The certificate {{ $labels.name }} should have been renewed twelve hours ago",
        "A third of its life or so is left: time enough to mend it in working hours.",
        PAGE,
    ),
    Alert(
        "CertificateExpiring",
        f'min by ({CERTIFICATE}) ({ENDS}{{name!="{ISSUER_SECRET}"}} > 0) - time() < 3 * 86400',
        "15m",
        Severity.CRITICAL,
        "The certificate {{ $labels.name }} ends within three days",
        "It was not renewed for weeks. When it ends, whoever checks it refuses to connect.",
        PAGE,
    ),
    Alert(
        "CertificateManagerDown",
        'kube_deployment_status_replicas_available{namespace="cert-manager"} == 0',
        "15m",
        Severity.WARNING,
        "{{ $labels.deployment }} of cert-manager does not run",
        "No certificate is issued or renewed meanwhile; the mesh's issuer is the first to end.",
        PAGE,
    ),
)
