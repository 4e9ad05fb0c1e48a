"""Who may connect to a data store: named security groups, never a range of addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pulumi
import pulumi_aws as aws

from components._base.scope import Scope


@dataclass(frozen=True)
class Port:
    """One TCP port that clients connect to."""

    number: int
    name: str
    """What speaks there, e.g. `redis`; part of the rules' names when there are several."""


def store_security_group(
    scope: Scope,
    *,
    vpc_id: pulumi.Input[str],
    ports: Sequence[Port],
    clients: Mapping[str, pulumi.Input[str]],
    description: str,
) -> aws.ec2.SecurityGroup:
    """Create the security group of a data store, and a rule for each client and port.

    The store depends on the group, not on the rules: it can be created while its clients, such as
    the cluster, are still to come. It opens no connection itself, so the group lets none out
    (the provider removes the rule that AWS adds to a new group).

    :param clients: security group ids, by the name of who is behind them, e.g. `cluster`.
    """
    name = f"{scope.name}-access"
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=vpc_id,
        description=description,
        # no rules here: they are resources of their own, and two owners would fight over them
        tags=scope.tagged(name),
        opts=scope.own,
    )
    admit(scope, group, ports=ports, clients=clients)
    return group


def admit(
    scope: Scope,
    group: aws.ec2.SecurityGroup,
    *,
    ports: Sequence[Port],
    clients: Mapping[str, pulumi.Input[str]],
    tell_apart: bool = False,
) -> None:
    """Create the rules that let `clients` in; for ports that not every client of `group` needs.

    :param tell_apart: name the rules after their ports even if there is one port only, where the
        same client may have others.
    """
    for client, security_group_id in sorted(clients.items()):
        for port in ports:
            suffix = f"-{port.name}" if tell_apart or len(ports) > 1 else ""
            let_in(
                scope,
                f"{scope.name}-from-{client}{suffix}",
                group.id,
                security_group_id,
                port=port.number,
                description=f"{port.name} from {client}",
            )


def let_in(
    scope: Scope,
    name: str,
    group_id: pulumi.Input[str],
    client_id: pulumi.Input[str],
    *,
    port: int,
    description: str,
) -> None:
    """Create the rule `name`, by which members of one security group reach those of another."""
    aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=group_id,
        referenced_security_group_id=client_id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=description,
        tags=scope.tagged(name),
        opts=scope.own,
    )


def let_out(
    scope: Scope,
    name: str,
    group_id: pulumi.Input[str],
    server_id: pulumi.Input[str] | None = None,
    *,
    port: int,
    description: str,
    cidr: str | None = None,
) -> None:
    """Create the rule `name`, by which members of a security group may connect to others.

    :param server_id: the security group that they connect to; or a range, `cidr`.
    """
    aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group_id,
        referenced_security_group_id=server_id,
        cidr_ipv4=cidr,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=description,
        tags=scope.tagged(name),
        opts=scope.own,
    )


def registered(args: Mapping[str, object], *late: str) -> dict[str, object]:
    """Return the inputs under which a component registers, with its `late` clients by name only.

    All that is in a component waits until its own inputs are known. A client's group may be known
    ten minutes later, as an EKS cluster's is: only its rule may wait for that.
    """
    names = {key: sorted(cast("Mapping[str, object]", args.get(key) or {})) for key in late}
    return {**args, **{key: value for key, value in names.items() if key in args}}
