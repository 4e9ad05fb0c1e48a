"""Karpenter in the cluster; its half in AWS belongs to the cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.addons.kit import SYSTEM_NAMESPACE, SYSTEM_PRIORITY, Kit, resources
from components.charts import Values
from components.charts.catalog import KARPENTER, KARPENTER_CRD


@dataclass(frozen=True)
class Nodes:
    """What Karpenter must know of the cluster to start nodes for it."""

    endpoint: pulumi.Input[str]
    """URL of the Kubernetes API."""
    queue_name: pulumi.Input[str]
    """The queue of interruptions."""
    role_name: pulumi.Input[str]
    """Name of the nodes' role."""
    security_group_id: pulumi.Input[str]
    discovery: pulumi.Input[str]
    """Value of the `karpenter.sh/discovery` tag of their subnets."""


def karpenter_values(kit: Kit, nodes: Nodes) -> Values:
    """Return the values of the chart, which itself spreads two pods over nodes and zones."""
    return {
        "replicas": kit.plan.replicas,
        **kit.system,
        "priorityClassName": SYSTEM_PRIORITY,
        # It has to work before CoreDNS does, whose nodes it may have to start.
        "dnsPolicy": "Default",
        "settings": {
            "clusterName": kit.cluster_name,
            "clusterEndpoint": nodes.endpoint,
            "interruptionQueue": nodes.queue_name,
            "eksControlPlane": True,
        },
        "controller": {"resources": resources("250m", "1Gi", "1Gi")},
    }


def make_karpenter(kit: Kit, nodes: Nodes) -> Sequence[pulumi.Resource]:
    """Install the definitions, then Karpenter; an upgrade takes the same order."""
    definitions = kit.install(
        KARPENTER_CRD,
        # Whoever deletes the release by mistake deletes no node.
        {"additionalAnnotations": {"helm.sh/resource-policy": "keep"}},
        namespace=SYSTEM_NAMESPACE,
    )
    controller = kit.install(
        KARPENTER,
        karpenter_values(kit, nodes),
        namespace=SYSTEM_NAMESPACE,
        depends_on=[definitions],
    )
    return [definitions, controller]
