"""Names and labels of what the charts make."""

from components.cluster.addons import TOLERATIONS
from components.cluster.nodes import LABELS

STACK = "platform"
"""Of Prometheus and Alertmanager: their pods are `prometheus-platform-0` and the like."""

PROMETHEUS_ACCOUNT, ALERTMANAGER_ACCOUNT, EXPORTER_ACCOUNT = (
    "prometheus",
    "alertmanager",
    "cloudwatch-exporter",
)
"""Service accounts: by these AWS knows them."""

RECEIVER_SECRET = "alertmanager-receivers"  # noqa: S105 - its name
RECEIVER_FILES = f"/etc/alertmanager/secrets/{RECEIVER_SECRET}"
"""Where the Prometheus operator mounts a Secret of `alertmanagerSpec.secrets`."""

POD_LABEL = "fastapi-platform/metrics"
"""On every pod of ours, so that network policies can name them; its value says which it is."""

ON_SYSTEM_NODES: dict[str, object] = {
    "nodeSelector": dict(LABELS),
    "tolerations": list(TOLERATIONS),
}
"""For what is small and has no volume: nodes that Karpenter does not start, nor end."""
