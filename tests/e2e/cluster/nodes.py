"""The nodes of a test's cluster: those of the platform's node group and of Karpenter's pools.

They are objects only. kwok keeps their leases and plays their kubelets, by `stages.yaml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from components.addons import POOL_TAINT
from components.cluster.nodes import LABELS, SYSTEM_TAINT
from tests.e2e.api import Json

REGION = "eu-west-1"
ZONES = ("a", "b", "c")
INSTANCE_TYPE, CPUS, MEMORY = "m7g.2xlarge", 8, "32Gi"
"""https://aws.amazon.com/ec2/instance-types/m7g/ (2026-11)"""
MOST_PODS = 110
NOT_READY = "node.kubernetes.io/"
"""Taints that the node controller keeps on nodes with something wrong."""


@dataclass(frozen=True)
class NodeGroup:
    """Nodes that are alike, one in each zone."""

    name: str
    host: int
    """Last number of their addresses."""
    labels: Mapping[str, str]
    taints: tuple[Mapping[str, str], ...] = field(default=())

    def nodes(self) -> Iterator[Json]:
        """Give the body of each node, as a kubelet registers it."""
        for number, zone in enumerate(ZONES, start=1):
            name = f"{self.name}-{number}"
            resources = {"cpu": str(CPUS), "memory": MEMORY, "pods": str(MOST_PODS)}
            yield {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {
                    "name": name,
                    "labels": {
                        "kubernetes.io/arch": "arm64",
                        "kubernetes.io/hostname": name,
                        "kubernetes.io/os": "linux",
                        "node.kubernetes.io/instance-type": INSTANCE_TYPE,
                        "topology.kubernetes.io/region": REGION,
                        "topology.kubernetes.io/zone": f"{REGION}{zone}",
                        **self.labels,
                    },
                },
                "spec": {
                    "providerID": f"aws:///{REGION}{zone}/i-{name}",
                    "taints": list(self.taints),
                },
                "status": {
                    "addresses": [
                        {"type": "InternalIP", "address": f"10.0.{number}.{self.host}"},
                        {"type": "Hostname", "address": name},
                    ],
                    "capacity": resources,
                    "allocatable": resources,
                },
            }


def _karpenter(pool: str, capacity: str) -> Mapping[str, str]:
    return {
        "karpenter.sh/nodepool": pool,
        "karpenter.sh/capacity-type": capacity,
        "karpenter.k8s.aws/instance-category": "m",
    }


NODE_GROUPS = (
    NodeGroup(
        "system",
        10,
        {**LABELS, "eks.amazonaws.com/capacityType": "ON_DEMAND"},
        ({"key": str(SYSTEM_TAINT["key"]), "value": "true", "effect": "NoSchedule"},),
    ),
    NodeGroup("on-demand", 20, _karpenter("on-demand", "on-demand")),
    NodeGroup(
        "spot",
        30,
        _karpenter("spot", "spot"),
        ({"key": POOL_TAINT, "value": "spot", "effect": "NoSchedule"},),
    ),
)
"""The system nodes, and nodes as Karpenter would have started them for the default pools."""


def is_ready(node: Json) -> bool:
    """Tell whether pods may run on a node: its kubelet says so, and the node controller knows."""
    spec, status = cast("Json", node["spec"]), cast("Json", node.get("status") or {})
    conditions = cast("Sequence[Json]", status.get("conditions") or ())
    taints = cast("Sequence[Json]", spec.get("taints") or ())
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and not any(str(each["key"]).startswith(NOT_READY) for each in taints)
