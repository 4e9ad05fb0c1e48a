"""What a network consists of, whether it was made or found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.endpoints import make_gateway_endpoints
from components.network.plan import NewVpc
from components.network.routing import make_routing
from components.network.scope import Scope
from components.network.spec import ExistingVpcSpec
from components.network.subnets import make_subnets, tier_tags

Ids = Sequence[pulumi.Output[str]]


@dataclass(frozen=True)
class Fabric:
    """A VPC, its subnets and zones."""

    vpc_id: pulumi.Output[str]
    cidr_block: pulumi.Output[str]
    zones: Ids
    private_ids: Ids
    public_ids: Ids
    data_ids: Ids
    pod_ids: Ids
    nat_public_ips: Ids
    clients: Mapping[str, pulumi.Output[str]]
    """The ranges in which callers of interface endpoints are, by a name for each."""
    endpoint_subnets: Ids
    """Where interface endpoints go: the private subnets, which need no way out for that."""
    gateway_endpoints: Sequence[pulumi.Resource]


def make_fabric(scope: Scope, plan: NewVpc) -> Fabric:
    """Create a VPC with its subnets, routes, NAT gateways and free endpoints."""
    name = scope.name
    vpc = aws.ec2.Vpc(
        f"{name}-vpc",
        cidr_block=str(plan.cidr),
        # Both are needed by EKS and by interface endpoints with private names.
        enable_dns_hostnames=True,
        enable_dns_support=True,
        tags=scope.tagged(f"{name}-vpc"),
        # All that a team has stands on it.
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    aws.ec2.DefaultSecurityGroup(
        f"{name}-default",
        vpc_id=vpc.id,
        # Adopted to take its rules away: nothing that forgets its group can talk to anything.
        ingress=[],
        egress=[],
        tags=scope.tagged(f"{name}-default"),
        opts=scope.own,
    )
    subnets = make_subnets(scope, plan, vpc.id)
    routing = make_routing(scope, plan, vpc.id, subnets)
    pods = {"pods": pulumi.Output.from_input(str(plan.pod_cidr))} if plan.pod_cidr else {}
    return Fabric(
        vpc_id=vpc.id,
        cidr_block=vpc.cidr_block,
        zones=[subnet.availability_zone for subnet in subnets.private],
        private_ids=routing.private_ids,
        public_ids=routing.public_ids,
        data_ids=routing.data_ids,
        pod_ids=routing.pod_ids,
        nat_public_ips=routing.nat_public_ips,
        clients={"vpc": vpc.cidr_block, **pods},
        endpoint_subnets=[subnet.id for subnet in subnets.private],
        gateway_endpoints=make_gateway_endpoints(scope, vpc.id, routing.private_tables),
    )


def find_fabric(scope: Scope, plan: ExistingVpcSpec) -> Fabric:
    """Look up an existing VPC; AWS refuses a subnet that is not in it."""
    own = pulumi.InvokeOutputOptions(parent=scope.parent)
    vpc = aws.ec2.get_vpc_output(id=plan.vpc_id, opts=own)
    tiers = {
        "private": plan.private_subnet_ids,
        "public": plan.public_subnet_ids,
        "data": plan.data_subnet_ids,
        "pods": plan.pod_subnet_ids,
    }
    subnets = {
        tier: [aws.ec2.get_subnet_output(id=i, vpc_id=plan.vpc_id, opts=own) for i in ids]
        for tier, ids in tiers.items()
    }
    ids = {tier: [subnet.id for subnet in found] for tier, found in subnets.items()}
    if plan.tag_subnets:
        _tag_subnets(scope, tiers)
    return Fabric(
        vpc_id=vpc.id,
        cidr_block=vpc.cidr_block,
        zones=[subnet.availability_zone for subnet in subnets["private"]],
        private_ids=ids["private"],
        public_ids=ids["public"],
        data_ids=ids["data"],
        pod_ids=ids["pods"],
        nat_public_ips=(),
        clients={
            "vpc": vpc.cidr_block,
            **{f"pods-{n}": s.cidr_block for n, s in enumerate(subnets["pods"], start=1)},
        },
        endpoint_subnets=ids["private"],
        gateway_endpoints=(),
    )


def _tag_subnets(scope: Scope, tiers: Mapping[str, Sequence[str]]) -> None:
    for tier, ids in tiers.items():
        for subnet_id in ids:
            for key, value in tier_tags(tier, scope.discovery).items():
                aws.ec2.Tag(
                    f"{scope.name}-{subnet_id}-{key.rsplit('/', 1)[-1]}",
                    resource_id=subnet_id,
                    key=key,
                    value=value,
                    opts=scope.own,
                )
