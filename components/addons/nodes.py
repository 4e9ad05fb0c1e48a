"""The nodes that Karpenter starts: their class, and the pools they belong to.

Both are deleted before Karpenter and never with the cluster: a pool is gone when its nodes are, or
they would run on, and cost, without a cluster (karpenter#1955).
"""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.addons.images import FAMILIES
from components.addons.karpenter import Nodes
from components.addons.kit import Kit
from components.addons.spec import NodePoolSpec
from components.cluster.nodes import IMAGES
from components.network.subnets import DISCOVERY_TAG

NODE_CLASS = "default"

POOL_TAINT = "fastapi-platform/pool"
"""Key of the taint of dedicated pools; its value is the pool's name."""

MOST_PODS = 110
"""What AWS advises below 30 vCPUs with prefix delegation, which the cluster's VPC CNI has; by
itself Karpenter counts single addresses.

https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html (2026-11)
"""

AWAITED = {"pulumi.com/deletionPropagationPolicy": "foreground"}
"""Deleted is a pool only when all that it owns is: its NodeClaims, and by them its instances."""

CLASS_MINUTES = 10
"""Time for Karpenter to delete the instance profile of a class without nodes."""

TERMINATION_MINUTES = 15
"""Time for instances to end after their pods have left."""

Body = dict[str, object]


def node_class_spec(kit: Kit, nodes: Nodes) -> Body:
    """Return the body of the EC2NodeClass."""
    spec = kit.plan.spec.nodes
    volumes = IMAGES[spec.os].volumes
    return {
        "amiFamily": FAMILIES[spec.os],
        "amiSelectorTerms": [{"alias": kit.plan.image}],
        "role": nodes.role_name,
        "subnetSelectorTerms": [{"tags": {DISCOVERY_TAG: nodes.discovery}}],
        "securityGroupSelectorTerms": [{"id": nodes.security_group_id}],
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpProtocolIPv6": "disabled",
            # One hop: pods on their own network get no credentials of the node.
            "httpPutResponseHopLimit": 1,
            "httpTokens": "required",
        },
        "blockDeviceMappings": [
            _volume(device, size or spec.disk_gib) for device, size in volumes.items()
        ],
        "kubelet": {"maxPods": MOST_PODS},
        "tags": dict(kit.scope.tags),
    }


def _volume(device: str, gib: int) -> Body:
    return {
        "deviceName": device,
        "ebs": {
            "volumeType": "gp3",
            "volumeSize": f"{gib}Gi",
            "encrypted": True,
            "deleteOnTermination": True,
        },
    }


def node_pool_spec(name: str, pool: NodePoolSpec) -> Body:
    """Return the body of a NodePool."""
    taint = {"key": POOL_TAINT, "value": name, "effect": "NoSchedule"}
    return {
        "template": {
            "spec": {
                "nodeClassRef": {
                    "group": "karpenter.k8s.aws",
                    "kind": "EC2NodeClass",
                    "name": NODE_CLASS,
                },
                "requirements": _requirements(pool),
                **({"taints": [taint]} if pool.dedicated else {}),
                "expireAfter": f"{24 * pool.expire_days}h",
                # Without an end, one disruption budget that can't be met keeps a node for ever.
                "terminationGracePeriod": f"{pool.drain_minutes}m",
            }
        },
        "disruption": {
            "consolidationPolicy": pool.consolidation.value,
            "consolidateAfter": f"{pool.consolidate_after_minutes}m",
            "budgets": _budgets(pool),
        },
        "limits": {"cpu": str(pool.cpu_limit)},
        "weight": pool.weight,
    }


def _requirements(pool: NodePoolSpec) -> list[Body]:
    """Return what may be started; Gt and Lt know no equality."""
    return [
        _one_of("kubernetes.io/arch", "arm64"),
        _one_of("kubernetes.io/os", "linux"),
        _one_of("karpenter.sh/capacity-type", pool.capacity.value),
        _one_of("karpenter.k8s.aws/instance-category", *pool.categories),
        _bound("instance-generation", "Gt", pool.min_generation - 1),
        _bound("instance-cpu", "Gt", pool.min_cpus - 1),
        _bound("instance-cpu", "Lt", pool.max_cpus + 1),
    ]


def _one_of(key: str, *values: str) -> Body:
    return {"key": key, "operator": "In", "values": list(values)}


def _bound(label: str, operator: str, value: int) -> Body:
    return {"key": f"karpenter.k8s.aws/{label}", "operator": operator, "values": [str(value)]}


def _budgets(pool: NodePoolSpec) -> list[Body]:
    """Return the disruption budgets; the strictest counts. Karpenter rounds percents up."""
    budgets: list[Body] = [{"nodes": f"{pool.max_disrupted_percent}%"}]
    if pool.quiet_hours:
        quiet = pool.quiet_hours
        budgets.append({"nodes": "0", "schedule": quiet.schedule, "duration": f"{quiet.hours}h"})
    return budgets


def make_node_pools(
    kit: Kit, nodes: Nodes, after: Sequence[pulumi.Resource]
) -> list[pulumi.Resource]:
    """Create the class and the pools.

    :param after: Karpenter and its definitions.
    """
    node_class = kubernetes.apiextensions.CustomResource(
        f"{kit.scope.name}-node-class",
        api_version="karpenter.k8s.aws/v1",
        kind="EC2NodeClass",
        metadata={"name": NODE_CLASS},
        spec=node_class_spec(kit, nodes),
        opts=_outlived(kit, after, CLASS_MINUTES),
    )
    pools = [
        kubernetes.apiextensions.CustomResource(
            f"{kit.scope.name}-{name}-nodes",
            api_version="karpenter.sh/v1",
            kind="NodePool",
            metadata={"name": name, "annotations": AWAITED},
            spec=node_pool_spec(name, pool),
            opts=_outlived(kit, [node_class, *after], pool.drain_minutes + TERMINATION_MINUTES),
        )
        for name, pool in kit.plan.pools.items()
    ]
    return [node_class, *pools]


def _outlived(kit: Kit, by: Sequence[pulumi.Resource], minutes: int) -> pulumi.ResourceOptions:
    """Return the options of what Karpenter must still clean up after; so no `deleted_with`."""
    return pulumi.ResourceOptions(
        parent=kit.scope.parent,
        depends_on=list(by),
        custom_timeouts=pulumi.CustomTimeouts(delete=f"{minutes}m"),
    )
