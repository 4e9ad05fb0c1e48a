"""metrics-server, by whose figures pods are scaled."""

from collections.abc import Sequence

import pulumi

from components.addons.kit import SYSTEM_NAMESPACE, SYSTEM_PRIORITY, Kit, resources
from components.charts import Values
from components.charts.catalog import METRICS_SERVER


def metrics_values(kit: Kit) -> Values:
    """Return the values of the chart."""
    return {
        "replicas": kit.plan.replicas,
        "podDisruptionBudget": kit.budget,
        **kit.system,
        "topologySpreadConstraints": kit.spread({"app.kubernetes.io/name": METRICS_SERVER.name}),
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": resources("50m", "128Mi", "384Mi"),
        # The API server checks who answers, by a certificate that cert-manager gives and renews.
        "apiService": {"insecureSkipTLSVerify": False},
        "tls": {"type": "cert-manager"},
    }


def make_metrics_server(kit: Kit, after: Sequence[pulumi.Resource]) -> pulumi.Resource:
    """Install metrics-server.

    :param after: cert-manager.
    """
    return kit.install(
        METRICS_SERVER, metrics_values(kit), namespace=SYSTEM_NAMESPACE, depends_on=after
    )
