"""AWS Shield Advanced."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope
from components.edge.spec import EdgeShieldSpec


def shield(
    scope: Scope,
    spec: EdgeShieldSpec,
    resource_arn: pulumi.Input[str],
    *,
    guarded_by: Sequence[pulumi.Resource],
) -> None:
    """Protect what the internet reaches: the distribution, or the load balancer.

    :param resource_arn: its ARN.
    :param guarded_by: what associates a web ACL with it, which Shield adds its own rules to.
    """
    name = f"{scope.name}-shield"
    protection = aws.shield.Protection(
        name, resource_arn=resource_arn, tags=scope.tagged(name), opts=scope.own
    )
    aws.shield.ApplicationLayerAutomaticResponse(
        f"{name}-response",
        resource_arn=resource_arn,
        action=spec.automatic_response.name,
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # Shield refuses it for what it does not protect, or what no web ACL guards
            depends_on=[protection, *guarded_by],
        ),
    )
