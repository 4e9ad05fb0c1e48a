"""Who may use the Kubernetes API, and from where. Nothing is derived from the caller."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components._base.place import Place
from components._base.scope import Scope
from components.cluster.args import AccessLevel
from components.cluster.plan import ClusterPlan
from components.cluster.spec import ClusterAccessSpec

HTTPS = 443

POLICIES: Mapping[AccessLevel, str] = {
    AccessLevel.ADMIN: "AmazonEKSClusterAdminPolicy",
    AccessLevel.EDIT: "AmazonEKSEditPolicy",
    AccessLevel.VIEW: "AmazonEKSViewPolicy",
    AccessLevel.ADMIN_VIEW: "AmazonEKSAdminViewPolicy",
}
"""https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html (2026-11)"""


def make_access(
    scope: Scope, plan: ClusterPlan, place: Place, cluster: aws.eks.Cluster
) -> list[pulumi.Resource]:
    """Create an access entry and its policy for each principal."""
    return [
        resource
        for name, entry in plan.access.items()
        for resource in _entry(scope, place, cluster, f"{scope.name}-access-{name}", entry)
    ]


def _entry(
    scope: Scope, place: Place, cluster: aws.eks.Cluster, child: str, entry: ClusterAccessSpec
) -> tuple[pulumi.Resource, pulumi.Resource]:
    principal = (
        pulumi.Output.from_input(entry.principal)
        if entry.principal.startswith("arn:")
        else place.arn("iam", entry.principal, region=False)
    )
    access = aws.eks.AccessEntry(
        child,
        cluster_name=cluster.name,
        principal_arn=principal,
        type="STANDARD",
        tags=scope.tagged(child),
        opts=scope.own,
    )
    policy = aws.eks.AccessPolicyAssociation(
        child,
        cluster_name=cluster.name,
        principal_arn=access.principal_arn,
        policy_arn=pulumi.Output.concat(
            *("arn:", place.partition, ":eks::aws:cluster-access-policy/", POLICIES[entry.level])
        ),
        access_scope=(
            {"type": "namespace", "namespaces": list(entry.namespaces)}
            if entry.namespaces
            else {"type": "cluster"}
        ),
        opts=scope.own,
    )
    return access, policy


def make_endpoint_group(scope: Scope, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
    """Create the group that lets others than nodes reach the control plane's interfaces.

    The group that EKS makes is no place for such rules: nodes are in it too.
    """
    child = f"{scope.name}-endpoint"
    return aws.ec2.SecurityGroup(
        child,
        vpc_id=vpc_id,
        description=f"Private Kubernetes endpoint of {scope.name}",
        tags=scope.tagged(child),
        opts=scope.own,
    )


def make_endpoint_rules(
    scope: Scope, plan: ClusterPlan, group: aws.ec2.SecurityGroup
) -> list[pulumi.Resource]:
    """Admit HTTPS from the private ranges that were listed."""
    rules: list[pulumi.Resource] = []
    for cidr in plan.api_endpoint.private_cidrs:
        child = f"{scope.name}-endpoint-{str(cidr).translate(str.maketrans('./', '--'))}"
        rules.append(
            aws.vpc.SecurityGroupIngressRule(
                child,
                security_group_id=group.id,
                description=f"Kubernetes API from {cidr}",
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                cidr_ipv4=str(cidr),
                tags=scope.tagged(child),
                opts=scope.own,
            )
        )
    return rules
