"""KEDA, which scales workers by what waits for them."""

from collections.abc import Mapping, Sequence

import pulumi

from components._base.iam import Statement
from components.addons.kit import SYSTEM_PRIORITY, Kit, resources
from components.addons.network_policies import Doors, make_closed_namespace
from components.charts import Values
from components.charts.catalog import KEDA

NAMESPACE = "keda"
SERVICE_ACCOUNT = "keda-operator"

SCALED_BY: Mapping[str, int] = {
    "prometheus": 9090,
    "valkey": 6379,
    "rabbitmq": 5671,
    "kafka": 9098,
}
"""Ports of what queues are in, or counted by; all but Prometheus speak TLS on them."""

DOORS = Doors(webhooks=[6443, 9443], metrics=[8080], out=sorted(SCALED_BY.values()))
"""The API server asks it for figures, and to check what scales."""


def keda_statements(clusters: Mapping[str, pulumi.Input[str]]) -> list[Statement]:
    """Return the policy: how far behind the consumers of these Kafka clusters are, no message.

    https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html (2026-11)
    """
    arns = [arn for _, arn in sorted(clusters.items())]
    return [
        Statement("Connect", ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster"], arns),
        Statement("ReadEnds", ["kafka-cluster:DescribeTopic"], _within(arns, "topic")),
        Statement("ReadPositions", ["kafka-cluster:DescribeGroup"], _within(arns, "group")),
    ]


def _within(arns: Sequence[pulumi.Input[str]], kind: str) -> list[pulumi.Input[str]]:
    """Return the ARNs of everything of a kind in clusters: `…:topic/CLUSTER/UUID/*`."""

    def inner(arn: str) -> str:
        return f"{arn.replace(':cluster/', f':{kind}/', 1)}/*"

    return [pulumi.Output.from_input(arn).apply(inner) for arn in arns]


def keda_values(kit: Kit) -> Values:
    """Return the values of the chart."""
    budget = {"minAvailable": 1} if kit.two else {}
    running = resources("50m", "128Mi", "512Mi")
    replicas = {"replicaCount": kit.plan.replicas}
    return {
        "crds": {
            "install": True,
            # Whoever deletes the release by mistake leaves workers as they are scaled.
            "additionalAnnotations": {"helm.sh/resource-policy": "keep"},
        },
        "clusterName": kit.cluster_name,
        "operator": {**replicas, "name": SERVICE_ACCOUNT},
        "metricsServer": replicas,
        # What can't scale is refused when it is deployed, not noticed when nothing does.
        "webhooks": {**replicas, "failurePolicy": "Fail"},
        "podDisruptionBudget": {"operator": budget, "metricServer": budget, "webhooks": budget},
        **kit.system,
        "topologySpreadConstraints": {
            "operator": kit.spread({"app": SERVICE_ACCOUNT}),
            "metricsServer": kit.spread({"app": "keda-operator-metrics-apiserver"}),
            "webhooks": kit.spread({"app": "keda-admission-webhooks"}),
        },
        "priorityClassName": SYSTEM_PRIORITY,
        "resources": {
            "operator": running,
            "metricServer": running,
            "webhooks": resources("10m", "64Mi", "192Mi"),
        },
        "image": {"pullPolicy": "IfNotPresent"},
        "prometheus": {
            part: {"enabled": True} for part in ("operator", "metricServer", "webhooks")
        },
    }


def make_keda(kit: Kit, clusters: Mapping[str, pulumi.Input[str]]) -> pulumi.Resource:
    """Install KEDA; with a role of its own where it reads from Kafka."""
    namespace = make_closed_namespace(kit, NAMESPACE, DOORS)
    identities = (
        [
            kit.identity(
                "keda",
                keda_statements(clusters),
                namespace=namespace.name,
                service_account=SERVICE_ACCOUNT,
            )
        ]
        if clusters
        else []
    )
    return kit.install(
        KEDA,
        keda_values(kit),
        namespace=namespace.name,
        depends_on=[*namespace.closed, *identities],
    )
