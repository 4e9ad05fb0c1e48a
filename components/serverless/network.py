"""How functions connect to what is in a VPC."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

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
    _let_out(scope, group, "https", HTTPS, cidr=ANYWHERE)
    for store, where in sorted(stores.items()):
        for port in sorted(int(port) for port in where["ports"]):
            label = f"{store}-{port}"
            _let_out(scope, group, label, port, store=where["security_group_id"])
            _let_in(scope, group, label, port, where["security_group_id"])
    return group


def _let_out(
    scope: Scope,
    group: aws.ec2.SecurityGroup,
    label: str,
    port: int,
    *,
    cidr: str | None = None,
    store: pulumi.Input[str] | None = None,
) -> None:
    name = f"{scope.name}-to-{label}"
    aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group.id,
        cidr_ipv4=cidr,
        referenced_security_group_id=store,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=f"{scope.name} to {label}",
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _let_in(
    scope: Scope,
    group: aws.ec2.SecurityGroup,
    label: str,
    port: int,
    store: pulumi.Input[str],
) -> None:
    name = f"{scope.name}-into-{label}"
    aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=store,
        referenced_security_group_id=group.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=f"{label} from {scope.name}",
        tags=scope.tagged(name),
        opts=scope.own,
    )
