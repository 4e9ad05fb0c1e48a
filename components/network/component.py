"""The network that everything else is put in."""

from collections.abc import Sequence
from typing import Optional

import pulumi

from components._base.errors import InvalidInput, Problem
from components._base.order import after
from components._base.required import all_given
from components.network.args import NetworkArgs
from components.network.endpoints import make_interface_endpoints
from components.network.fabric import Ids, find_fabric, make_fabric
from components.network.flow_logs import make_flow_logs
from components.network.plan import NewVpc, plan_network
from components.network.scope import Scope


class Network(pulumi.ComponentResource):
    """A VPC over 2 or 3 zones with public, private and isolated data subnets, or an existing one.

    The subnets' ids are outputs of their routes and endpoints, so whatever is put in a subnet is
    deleted before its way out is.

    Example: `Network("network", {"cidr": "10.0.0.0/16"})`.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    cidr_block: pulumi.Output[str]
    """The VPC's main IPv4 range."""
    availability_zones: pulumi.Output[Sequence[str]]
    """Names of the zones, in the order of the private subnets."""
    public_subnet_ids: pulumi.Output[Sequence[str]]
    """For internet-facing load balancers."""
    private_subnet_ids: pulumi.Output[Sequence[str]]
    """For nodes, functions and internal load balancers."""
    data_subnet_ids: pulumi.Output[Sequence[str]]
    """For data stores: no way in or out but from the VPC."""
    pod_subnet_ids: pulumi.Output[Sequence[str]]
    """For pods; empty unless there is a secondary range."""
    nat_public_ips: pulumi.Output[Sequence[str]]
    """The addresses under which private subnets are seen; empty without NAT gateways."""

    @all_given
    def __init__(
        self, name: str, args: NetworkArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_network(args, f"Network {name!r}")
        super().__init__("fastapi-platform:index:Network", name, dict(args), opts)
        scope = Scope(
            name,
            parent=self,
            tags=args.get("tags") or {},
            discovery=args.get("discovery"),
            protect=plan.protect,
        )
        if isinstance(plan.vpc, NewVpc):
            fabric = make_fabric(scope, plan.vpc)
        else:
            fabric = find_fabric(scope, plan.vpc)
        if plan.flow_logs:
            make_flow_logs(scope, plan.flow_logs, fabric.vpc_id)
        endpoints = make_interface_endpoints(
            scope,
            plan.interface_endpoints,
            vpc_id=fabric.vpc_id,
            subnet_ids=fabric.endpoint_subnets,
            clients=fabric.clients,
        )
        doors = [*fabric.gateway_endpoints, *endpoints]
        self.vpc_id = fabric.vpc_id
        self.cidr_block = fabric.cidr_block
        self.availability_zones = _all(fabric.zones).apply(_in_two_zones)
        self.public_subnet_ids = _all(fabric.public_ids)
        self.private_subnet_ids = after(_all(fabric.private_ids), doors)
        self.data_subnet_ids = _all(fabric.data_ids)
        self.pod_subnet_ids = after(_all(fabric.pod_ids), doors)
        self.nat_public_ips = _all(fabric.nat_public_ips)
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "cidrBlock": self.cidr_block,
                "availabilityZones": self.availability_zones,
                "publicSubnetIds": self.public_subnet_ids,
                "privateSubnetIds": self.private_subnet_ids,
                "dataSubnetIds": self.data_subnet_ids,
                "podSubnetIds": self.pod_subnet_ids,
                "natPublicIps": self.nat_public_ips,
            }
        )


def _all(values: Ids) -> pulumi.Output[Sequence[str]]:
    if not values:  # `Output.all()` of nothing is a dict
        return pulumi.Output.from_input([])
    return pulumi.Output.all(*values).apply(list)


def _in_two_zones(zones: Sequence[str]) -> Sequence[str]:
    """Refuse an existing VPC whose private subnets share one zone; a new one's never do."""
    if len(set(zones)) < 2:
        reason = f"all in {', '.join(sorted(set(zones)))}; two or more zones are needed"
        raise InvalidInput("Network", [Problem("existing.private_subnet_ids", reason)])
    return zones
