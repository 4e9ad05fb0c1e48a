"""The EKS add-ons, pinned and in order: the network before nodes, DNS and volumes after them."""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components._base.iam import pod_identity_trust, service_role
from components._base.place import Place
from components._base.scope import Scope
from components.cluster.plan import ClusterPlan
from components.cluster.versions import Addon

BEFORE_NODES = (Addon.VPC_CNI, Addon.KUBE_PROXY, Addon.POD_IDENTITY_AGENT)
"""No node is ready without the first two, and no pod has an identity without the third."""

AFTER_NODES = (Addon.COREDNS, Addon.EBS_CSI)
"""Deployments: EKS waits until they run, which they can't before there are nodes."""

TOLERATIONS = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
"""Of the system nodes' taint, see nodes.py."""

SETTINGS: Mapping[Addon, Mapping[str, object]] = {
    Addon.VPC_CNI: {
        "enableNetworkPolicy": "true",
        "env": {
            # Nodes take blocks of 16 addresses: several times as many pods on each, at once.
            "ENABLE_PREFIX_DELEGATION": "true",
            "WARM_PREFIX_TARGET": "1",
        },
    },
    Addon.COREDNS: {
        "autoScaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 10},
        "tolerations": TOLERATIONS,
    },
    Addon.EBS_CSI: {"controller": {"tolerations": TOLERATIONS}},
}
"""By each add-on's own schema: `aws eks describe-addon-configuration` (2026-11)."""

IDENTITIES: Mapping[Addon, tuple[str, str]] = {
    Addon.VPC_CNI: ("aws-node", "AmazonEKS_CNI_Policy"),
    Addon.EBS_CSI: ("ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),
}
"""Service account and AWS's policy of the add-ons that call AWS.

https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html (2026-11)
"""


def make_addons(
    scope: Scope,
    plan: ClusterPlan,
    place: Place,
    cluster: aws.eks.Cluster,
    *,
    addons: Sequence[Addon],
    after: Sequence[pulumi.Resource] = (),
) -> list[pulumi.Resource]:
    """Create add-ons, each with a role of its own where it calls AWS.

    :param after: what they need to become healthy.
    """
    return [
        aws.eks.Addon(
            f"{scope.name}-{addon.value}",
            cluster_name=cluster.name,
            addon_name=addon.value,
            addon_version=plan.addons[addon],
            configuration_values=_settings(addon),
            pod_identity_associations=_identity(scope, place, addon),
            # At first ours is right; later what was changed in the cluster has its reason.
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="PRESERVE",
            tags=scope.tagged(f"{scope.name}-{addon.value}"),
            # No property says that a deployment needs nodes to run on.
            opts=pulumi.ResourceOptions(parent=scope.parent, depends_on=after),
        )
        for addon in addons
    ]


def _settings(addon: Addon) -> str | None:
    """Return the settings with sorted keys, for it is their text that is compared."""
    return json.dumps(SETTINGS[addon], sort_keys=True) if addon in SETTINGS else None


def _identity(
    scope: Scope, place: Place, addon: Addon
) -> list[aws.eks.AddonPodIdentityAssociationArgsDict] | None:
    if addon not in IDENTITIES:
        return None
    account, policy = IDENTITIES[addon]
    role = service_role(
        f"{scope.name}-{addon.value}",
        parent=scope.parent,
        trust_policy=pod_identity_trust(),
        description=f"Add-on {addon.value} of cluster {scope.name}",
        managed={"addon": place.aws_policy(policy)},
        tags=scope.tags,
    )
    return [{"service_account": account, "role_arn": role.arn}]
