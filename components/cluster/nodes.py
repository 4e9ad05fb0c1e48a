"""The system nodes: a small managed node group for what must run before Karpenter does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import ServiceRole, service_role, trust
from components._base.place import Place
from components._base.scope import Scope
from components.cluster.args import NodeOs
from components.cluster.plan import ClusterPlan

NODE_POLICIES: Mapping[str, str] = {
    "worker": "AmazonEKSWorkerNodeMinimalPolicy",
    "images": "AmazonEC2ContainerRegistryPullOnly",
}
"""The least a node needs; the VPC CNI has a role of its own.

https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html (2026-11)
"""

SYSTEM_TAINT: aws.eks.NodeGroupTaintArgsDict = {
    "key": "CriticalAddonsOnly",
    "value": "true",
    "effect": "NO_SCHEDULE",
}
"""Keeps workloads on Karpenter's nodes; the cluster's own pods tolerate it by convention."""

LABELS = {"node-role.platform/system": "true"}
"""By which the cluster's own pods ask for these nodes."""

TAGGED = ("instance", "network-interface", "volume")
"""What a launch makes, and would be without an owner otherwise."""


@dataclass(frozen=True)
class Image:
    """An image of EKS and its volumes."""

    ami_type: str
    volumes: Mapping[str, int | None]
    """GiB by device; None: as the cluster's args say. Each is named, for what is left to the image
    is not encrypted."""


IMAGES: Mapping[NodeOs, Image] = {
    # The first volume holds the system, which never grows.
    NodeOs.BOTTLEROCKET: Image("BOTTLEROCKET_ARM_64", {"/dev/xvda": 4, "/dev/xvdb": None}),
    NodeOs.AL2023: Image("AL2023_ARM_64_STANDARD", {"/dev/xvda": None}),
}
"""https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html,
https://bottlerocket.dev/en/os/latest/#/concepts/root-filesystem (2026-11)"""


def make_node_role(scope: Scope, place: Place) -> ServiceRole:
    """Create the role of nodes."""
    return service_role(
        f"{scope.name}-node",
        parent=scope.parent,
        trust_policy=trust("ec2.amazonaws.com"),
        description=f"Nodes of cluster {scope.name}",
        managed={suffix: place.aws_policy(policy) for suffix, policy in NODE_POLICIES.items()},
        tags=scope.tags,
    )


def make_system_nodes(
    scope: Scope,
    plan: ClusterPlan,
    cluster: aws.eks.Cluster,
    role: ServiceRole,
    *,
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
    after: Sequence[pulumi.Resource],
) -> aws.eks.NodeGroup:
    """Create the node group.

    :param after: what nodes need to become ready.
    """
    child = f"{scope.name}-system"
    nodes = plan.system_nodes
    template = _launch_template(scope, plan, child)
    return aws.eks.NodeGroup(
        child,
        cluster_name=cluster.name,
        # Nodes follow the control plane, and never overtake it.
        version=cluster.version,
        node_role_arn=role.arn,
        subnet_ids=subnet_ids,
        ami_type=IMAGES[nodes.os].ami_type,
        capacity_type="ON_DEMAND",
        instance_types=list(nodes.instance_types),
        launch_template={"id": template.id, "version": template.latest_version.apply(_whole)},
        scaling_config={
            "min_size": nodes.min_size,
            "max_size": nodes.largest,
            "desired_size": nodes.first,
        },
        update_config={"max_unavailable": nodes.max_unavailable},
        node_repair_config={"enabled": True},
        labels=LABELS,
        taints=[SYSTEM_TAINT],
        tags=scope.tagged(child),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # Without network and identities no node becomes ready, and the group fails.
            depends_on=after,
            # An autoscaler's, or an operator's, once the group is there.
            ignore_changes=["scalingConfig.desiredSize"],
        ),
    )


def _launch_template(scope: Scope, plan: ClusterPlan, name: str) -> aws.ec2.LaunchTemplate:
    nodes = plan.system_nodes
    return aws.ec2.LaunchTemplate(
        name,
        description=f"System nodes of cluster {scope.name}",
        update_default_version=True,
        metadata_options={
            "http_endpoint": "enabled",
            "http_tokens": "required",
            # One hop: pods on their own network get no credentials of the node.
            "http_put_response_hop_limit": 1,
            "instance_metadata_tags": "disabled",
        },
        block_device_mappings=[
            _volume(device, size or nodes.disk_gib)
            for device, size in IMAGES[nodes.os].volumes.items()
        ],
        tag_specifications=[{"resource_type": kind, "tags": scope.tagged(name)} for kind in TAGGED],
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _volume(device: str, gib: int) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgsDict:
    return {
        "device_name": device,
        "ebs": {
            "volume_type": "gp3",
            "volume_size": gib,
            "encrypted": "true",
            "delete_on_termination": "true",
        },
    }


def _whole(version: float) -> str:
    """Return a number that may arrive as a float, as EKS writes it."""
    return str(int(version))
