"""The EKS control plane: encrypted, logged, and entered by access entries only."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components._base.iam import service_role, trust
from components._base.kms import domain_key, log_delivery
from components._base.logs import log_group
from components._base.place import Place
from components._base.scope import Scope
from components.cluster.plan import ClusterPlan

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""All that EKS has: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
(2026-11)."""

SUFFIX_LENGTH = 6


def make_control_plane(
    scope: Scope,
    plan: ClusterPlan,
    place: Place,
    *,
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
    security_group_id: pulumi.Input[str],
) -> aws.eks.Cluster:
    """Create the cluster with its key, its log group and its role.

    :param security_group_id: a further group of the control plane's interfaces.
    """
    name = _physical_name(scope)
    role = service_role(
        f"{scope.name}-role",
        parent=scope.parent,
        trust_policy=trust("eks.amazonaws.com"),
        description=f"Control plane of cluster {scope.name}",
        managed={"cluster": place.aws_policy("AmazonEKSClusterPolicy")},
        tags=scope.tags,
    )
    secrets_key = domain_key(
        f"{scope.name}-secrets",
        parent=scope.parent,
        description=f"Kubernetes secrets of cluster {scope.name}",
        tags=scope.tags,
        protect=scope.protect,
    )
    public_cidrs = [str(cidr) for cidr in plan.api_endpoint.public_cidrs]
    return aws.eks.Cluster(
        f"{scope.name}-eks",
        name=name,
        role_arn=role.arn,
        version=plan.version,
        # Always given, so that naming the mode later changes nothing (pulumi-eks#1291). Who
        # happens to create the cluster gets no access by that: see access.py.
        access_config={
            "authentication_mode": "API",
            "bootstrap_cluster_creator_admin_permissions": False,
        },
        # Add-ons are managed ones, pinned: see addons.py.
        bootstrap_self_managed_addons=False,
        deletion_protection=scope.protect,
        enabled_cluster_log_types=list(LOG_TYPES),
        encryption_config={"provider": {"key_arn": secrets_key.arn}, "resources": ["secrets"]},
        upgrade_policy={"support_type": "STANDARD"},
        vpc_config={
            "subnet_ids": subnet_ids,
            "security_group_ids": [security_group_id],
            "endpoint_private_access": True,
            "endpoint_public_access": bool(public_cidrs),
            "public_access_cidrs": public_cidrs or None,
        },
        zonal_shift_config={"enabled": True},
        tags=scope.tagged(f"{scope.name}-eks"),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # Else EKS makes its own log group, without an end and without our key.
            depends_on=[_log_group(scope, plan, name)],
            # All workloads stand on it.
            protect=scope.protect,
            # AWS takes it at creation only and the provider replaces the cluster when it differs,
            # e.g. in one that was imported.
            ignore_changes=["accessConfig.bootstrapClusterCreatorAdminPermissions"],
        ),
    )


def _physical_name(scope: Scope) -> pulumi.Output[str]:
    """Return the cluster's name in AWS: its logical name and a random suffix, kept for good.

    Autonaming does not do: EKS logs to `/aws/eks/NAME/cluster`, a group that must exist first.
    Without a suffix the next cluster finds the group of the last one, to which EKS writes on for
    a while, and so makes it anew, after the cluster is gone.
    """
    suffix = random.RandomString(
        f"{scope.name}-suffix",
        length=SUFFIX_LENGTH,
        special=False,
        upper=False,
        opts=scope.own,
    )
    return pulumi.Output.concat(scope.name, "-", suffix.result)


def _log_group(
    scope: Scope, plan: ClusterPlan, cluster_name: pulumi.Output[str]
) -> aws.cloudwatch.LogGroup:
    key = domain_key(
        f"{scope.name}-logs",
        parent=scope.parent,
        description=f"Control-plane logs of cluster {scope.name}",
        statements=[log_delivery(scope.parent)],
        tags=scope.tags,
        protect=scope.protect,
    )
    return log_group(
        f"{scope.name}-control-plane",
        parent=scope.parent,
        key=key,
        retention_days=plan.log_retention_days,
        log_group_name=pulumi.Output.concat("/aws/eks/", cluster_name, "/cluster"),
        tags=scope.tags,
        protect=scope.protect,
    )
