"""The ways out of a new VPC: internet gateway, NAT gateways, route tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.order import after
from components.network.plan import NewVpc
from components.network.scope import Scope
from components.network.subnets import Subnets

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Routing:
    """The route tables, and the subnets' ids as outputs of their routes.

    Whatever is put in a subnet thus comes after the subnet's way out, and at a destroy goes
    before it: a node can still reach the control plane while it drains (pulumi-eks#194).
    """

    private_tables: Sequence[aws.ec2.RouteTable]
    nat_public_ips: Sequence[pulumi.Output[str]]
    private_ids: Sequence[pulumi.Output[str]]
    public_ids: Sequence[pulumi.Output[str]]
    data_ids: Sequence[pulumi.Output[str]]
    pod_ids: Sequence[pulumi.Output[str]]


@dataclass(frozen=True)
class _Nat:
    gateway: aws.ec2.NatGateway
    public_ip: pulumi.Output[str]


def make_routing(
    scope: Scope, plan: NewVpc, vpc_id: pulumi.Output[str], subnets: Subnets
) -> Routing:
    """Create gateways, one public and one data route table, and a private one for each zone."""
    gateway = aws.ec2.InternetGateway(
        f"{scope.name}-internet",
        vpc_id=vpc_id,
        tags=scope.tagged(f"{scope.name}-internet"),
        opts=scope.own,
    )
    public_table = _table(scope, "public", vpc_id)
    public_route = aws.ec2.Route(
        f"{scope.name}-public-internet",
        route_table_id=public_table.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        opts=scope.own,
    )
    public = _associate(scope, "public", subnets.public, [public_table] * plan.zone_count)
    nats = [
        # It works only with a way out, and must be gone before that way is.
        _nat(scope, zone, subnets.public[zone - 1], gateway, [public_route, public[zone - 1]])
        for zone in plan.nat_zones
    ]
    tables = [_table(scope, f"private-{zone}", vpc_id) for zone in range(1, plan.zone_count + 1)]
    ways_out = _routes_to_nat(scope, tables, nats)
    private = _associate(scope, "private", subnets.private, tables)
    pods = _associate(scope, "pods", subnets.pods, tables[: len(subnets.pods)])
    # No route but the VPC's own: nothing gets in or out.
    data_table = _table(scope, "data", vpc_id)
    data = _associate(scope, "data", subnets.data, [data_table] * plan.zone_count)
    return Routing(
        private_tables=tables,
        nat_public_ips=[nat.public_ip for nat in nats],
        private_ids=_ready(subnets.private, private, ways_out),
        public_ids=_ready(subnets.public, public, [public_route]),
        data_ids=_ready(subnets.data, data),
        pod_ids=_ready(subnets.pods, pods, ways_out),
    )


def _table(scope: Scope, suffix: str, vpc_id: pulumi.Output[str]) -> aws.ec2.RouteTable:
    child = f"{scope.name}-{suffix}"
    return aws.ec2.RouteTable(child, vpc_id=vpc_id, tags=scope.tagged(child), opts=scope.own)


def _associate(
    scope: Scope,
    tier: str,
    subnets: Sequence[aws.ec2.Subnet],
    tables: Sequence[aws.ec2.RouteTable],
) -> list[aws.ec2.RouteTableAssociation]:
    return [
        aws.ec2.RouteTableAssociation(
            f"{scope.name}-{tier}-{zone}",
            subnet_id=subnet.id,
            route_table_id=table.id,
            opts=scope.own,
        )
        for zone, (subnet, table) in enumerate(zip(subnets, tables, strict=True), start=1)
    ]


def _nat(
    scope: Scope,
    zone: int,
    subnet: aws.ec2.Subnet,
    internet: aws.ec2.InternetGateway,
    needs: Sequence[pulumi.Resource],
) -> _Nat:
    child = f"{scope.name}-nat-{zone}"
    address = aws.ec2.Eip(
        child,
        domain="vpc",
        tags=scope.tagged(child),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # Partners put these addresses on their allow-lists; a lost one is never had again.
            protect=scope.protect,
            # A gateway can't be detached while public addresses are mapped in its VPC.
            depends_on=[internet],
        ),
    )
    gateway = aws.ec2.NatGateway(
        child,
        allocation_id=address.id,
        subnet_id=subnet.id,
        tags=scope.tagged(child),
        # The caller's reason: no property names the route that a NAT gateway needs.
        opts=pulumi.ResourceOptions(parent=scope.parent, depends_on=list(needs)),
    )
    return _Nat(gateway, address.public_ip)


def _routes_to_nat(
    scope: Scope, tables: Sequence[aws.ec2.RouteTable], nats: Sequence[_Nat]
) -> list[aws.ec2.Route]:
    """Route each zone to its own NAT gateway, or all to the only one."""
    if not nats:
        return []
    return [
        aws.ec2.Route(
            f"{scope.name}-private-{zone}-nat",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nats[min(zone, len(nats)) - 1].gateway.id,
            opts=scope.own,
        )
        for zone, table in enumerate(tables, start=1)
    ]


def _ready(
    subnets: Sequence[aws.ec2.Subnet],
    associations: Sequence[aws.ec2.RouteTableAssociation],
    routes: Sequence[aws.ec2.Route] = (),
) -> list[pulumi.Output[str]]:
    return [
        after(subnet.id, [association, *routes])
        for subnet, association in zip(subnets, associations, strict=True)
    ]
