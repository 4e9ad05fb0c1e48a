"""VPC endpoints: AWS services without the internet."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components._base.place import place_of
from components.network.args import InterfaceEndpoint
from components.network.scope import Scope

GATEWAY_SERVICES = ("s3", "dynamodb")
"""The two services that have gateway endpoints, which cost nothing."""

HTTPS = 443


def make_gateway_endpoints(
    scope: Scope, vpc_id: pulumi.Input[str], tables: Sequence[aws.ec2.RouteTable]
) -> list[pulumi.Resource]:
    """Give the subnets of `tables` a free way to S3 and DynamoDB."""
    region = place_of(scope.parent).region
    return [
        aws.ec2.VpcEndpoint(
            f"{scope.name}-{service}",
            vpc_id=vpc_id,
            service_name=pulumi.Output.concat("com.amazonaws.", region, ".", service),
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables],
            tags=scope.tagged(f"{scope.name}-{service}"),
            opts=scope.own,
        )
        for service in GATEWAY_SERVICES
    ]


def make_interface_endpoints(
    scope: Scope,
    services: Sequence[InterfaceEndpoint],
    *,
    vpc_id: pulumi.Input[str],
    subnet_ids: Sequence[pulumi.Input[str]],
    clients: Mapping[str, pulumi.Input[str]],
) -> list[pulumi.Resource]:
    """Put each of `services` into the subnets, under the names that SDKs use anyway.

    :param clients: ranges that may call them, by a name for each.
    """
    if not services:
        return []
    region = place_of(scope.parent).region
    group = _https_from(scope, f"{scope.name}-endpoints", vpc_id, clients)
    return [
        aws.ec2.VpcEndpoint(
            f"{scope.name}-{service.value.replace('.', '-')}",
            vpc_id=vpc_id,
            service_name=pulumi.Output.concat("com.amazonaws.", region, ".", service.value),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=subnet_ids,
            security_group_ids=[group.id],
            tags=scope.tagged(f"{scope.name}-{service.value.replace('.', '-')}"),
            opts=scope.own,
        )
        for service in services
    ]


def _https_from(
    scope: Scope, name: str, vpc_id: pulumi.Input[str], clients: Mapping[str, pulumi.Input[str]]
) -> aws.ec2.SecurityGroup:
    """Create a group that admits HTTPS from `clients` and lets nothing out."""
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=vpc_id,
        description="Interface endpoints: HTTPS from within the VPC",
        tags=scope.tagged(name),
        opts=scope.own,
    )
    for client, cidr in clients.items():
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-https-{client}",
            security_group_id=group.id,
            description=f"HTTPS from {client}",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=cidr,
            tags=scope.tagged(f"{name}-https-{client}"),
            opts=scope.own,
        )
    return group
