"""What pods may do in AWS: a role for a service account, by EKS Pod Identity."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document, pod_identity_trust, service_role
from components._base.scope import Scope


def pod_identity(
    scope: Scope,
    suffix: str,
    statements: Sequence[Statement],
    *,
    description: str,
    cluster_name: pulumi.Input[str],
    namespace: pulumi.Input[str],
    service_account: str,
) -> aws.eks.PodIdentityAssociation:
    """Let the pods of a service account do in AWS what `statements` say.

    A pod gets its identity when it starts, so whatever runs the pods comes after this.

    :param suffix: of the names of role and association, after the component's.
    """
    name = f"{scope.name}-{suffix}"
    role = service_role(
        f"{name}-role",
        parent=scope.parent,
        trust_policy=pod_identity_trust(),
        description=description,
        inline={"policy": document(*statements)},
        tags=scope.tags,
    )
    return aws.eks.PodIdentityAssociation(
        f"{name}-identity",
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=service_account,
        role_arn=role.arn,
        tags=scope.tagged(f"{name}-identity"),
        opts=scope.own,
    )
