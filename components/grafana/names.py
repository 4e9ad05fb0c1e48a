"""Names of Grafana's objects: what others have to know of it."""

from collections.abc import Mapping

ACCOUNT = "grafana"
"""Release, Deployment, Service and service account, as the chart derives them from its own name."""

POD_LABELS: Mapping[str, str] = {"app.kubernetes.io/name": "grafana"}

LOGIN_SECRET, OIDC_SECRET, LOGS_SECRET = "grafana-login", "grafana-oidc", "grafana-logs"
CA_SECRET, TLS_SECRET = "grafana-logs-ca", "grafana-tls"
"""Names of Secrets."""

SERVICE_PORT: Mapping[bool, int] = {True: 443, False: 80}
"""Of the Service: whether the gateway comes by HTTPS."""
