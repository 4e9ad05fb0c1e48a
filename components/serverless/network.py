"""How functions connect to what is in a VPC."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components._base.clients import let_in, let_out
from components._base.scope import Scope
from components.serverless.args import ServerlessStoreArgs

HTTPS = 443
ANYWHERE = "0.0.0.0/0"


def function_security_group(
    scope: Scope, *, vpc_id: pulumi.Input[str], stores: Mapping[str, ServerlessStoreArgs]
) -> aws.ec2.SecurityGroup:
    """Create the security group of the functions, and the rules between it and the stores.

    Nothing connects to a function. It connects to the stores, each by its ports, and by https to
    AWS and to the issuer of tokens. The rules on the stores' side are made here too: a store is
    there before the function that is told where it is.
    """
    name = f"{scope.name}-functions"
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=vpc_id,
        description=f"Functions of {scope.name}",
        # no rules here: they are resources of their own, and two owners would fight over them
        tags=scope.tagged(name),
        opts=scope.own,
    )
    let_out(
        scope,
        f"{scope.name}-to-https",
        group.id,
        port=HTTPS,
        cidr=ANYWHERE,
        description=f"{scope.name} to https",
    )
    for store, where in sorted(stores.items()):
        for port in sorted(int(port) for port in where["ports"]):
            label, store_id = f"{store}-{port}", where["security_group_id"]
            let_out(
                scope,
                f"{scope.name}-to-{label}",
                group.id,
                store_id,
                port=port,
                description=f"{scope.name} to {label}",
            )
            let_in(
                scope,
                f"{scope.name}-into-{label}",
                store_id,
                group.id,
                port=port,
                description=f"{label} from {scope.name}",
            )
    return group
