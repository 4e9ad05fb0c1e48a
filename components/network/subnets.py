"""The subnets of a new VPC, and the tags by which controllers find them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components._base.errors import InvalidInput, Problem
from components.network.layout import Tier
from components.network.plan import NewVpc
from components.network.scope import Scope

UNSUITABLE_ZONE_IDS = ("cac1-az3", "use1-az3", "usw1-az2")
"""Zones in which EKS takes no subnets for its control plane.

https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (2026-11)
"""

TIER_TAGS: Mapping[str, Mapping[str, str]] = {
    Tier.PUBLIC.value: {"kubernetes.io/role/elb": "1"},
    Tier.PRIVATE.value: {"kubernetes.io/role/internal-elb": "1"},
    "pods": {"kubernetes.io/role/cni": "1"},
}
"""What AWS Load Balancer Controller and the VPC CNI look for.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/
https://docs.aws.amazon.com/eks/latest/userguide/cni-subnet-selection.html (2026-11)
"""

DISCOVERY_TAG = "karpenter.sh/discovery"


@dataclass(frozen=True)
class Subnets:
    """The subnets of a new VPC, by zone."""

    private: Sequence[aws.ec2.Subnet]
    public: Sequence[aws.ec2.Subnet]
    data: Sequence[aws.ec2.Subnet]
    pods: Sequence[aws.ec2.Subnet]


def tier_tags(tier: str, discovery: pulumi.Input[str] | None) -> dict[str, pulumi.Input[str]]:
    """Return the tags by which controllers find the subnets of a tier."""
    tags: dict[str, pulumi.Input[str]] = {**TIER_TAGS.get(tier, {})}
    if tier == Tier.PRIVATE.value and discovery is not None:
        tags[DISCOVERY_TAG] = discovery
    return tags


def make_subnets(scope: Scope, plan: NewVpc, vpc_id: pulumi.Output[str]) -> Subnets:
    """Create the subnets. The private ones settle the zones; the others follow them.

    So all subnets of one number are in one zone for ever, also those that are added years later.
    """
    private = _private_subnets(scope, plan, vpc_id)
    zones = [subnet.availability_zone for subnet in private]

    def follow(
        tier: str, cidrs: Sequence[IPv4Network], vpc: pulumi.Output[str]
    ) -> list[aws.ec2.Subnet]:
        return [
            _subnet(scope, tier, number, cidr=cidr, zone=zone, vpc_id=vpc)
            for number, (cidr, zone) in enumerate(zip(cidrs, zones, strict=True), start=1)
        ]

    return Subnets(
        private=private,
        public=follow("public", plan.subnets[Tier.PUBLIC], vpc_id),
        data=follow("data", plan.subnets[Tier.DATA], vpc_id),
        pods=(
            follow("pods", plan.pod_subnets, _pod_range(scope, plan.pod_cidr, vpc_id))
            if plan.pod_cidr
            else []
        ),
    )


def _private_subnets(
    scope: Scope, plan: NewVpc, vpc_id: pulumi.Output[str]
) -> list[aws.ec2.Subnet]:
    found = None if plan.zone_names else usable_zones(plan.zone_count, scope.parent)
    made: list[aws.ec2.Subnet] = []
    for index, cidr in enumerate(plan.subnets[Tier.PRIVATE]):
        if found is None:
            zone = pulumi.Output.from_input((plan.zone_names or ())[index])
        else:
            zone = next_zone(found, [other.availability_zone for other in made])
        made.append(
            _subnet(
                scope,
                Tier.PRIVATE.value,
                index + 1,
                cidr=cidr,
                zone=zone,
                vpc_id=vpc_id,
                # What is found changes when AWS adds a zone: what exists stays where it is.
                ignore_changes=None if found is None else ["availabilityZone"],
            )
        )
    return made


def _pod_range(scope: Scope, cidr: IPv4Network, vpc_id: pulumi.Output[str]) -> pulumi.Output[str]:
    """Add the pods' range to the VPC; return the VPC's id for those who need the range."""
    return aws.ec2.VpcIpv4CidrBlockAssociation(
        f"{scope.name}-pod-cidr", vpc_id=vpc_id, cidr_block=str(cidr), opts=scope.own
    ).vpc_id


def _subnet(
    scope: Scope,
    tier: str,
    number: int,
    *,
    cidr: IPv4Network,
    zone: pulumi.Output[str],
    vpc_id: pulumi.Output[str],
    ignore_changes: list[str] | None = None,
) -> aws.ec2.Subnet:
    child = f"{scope.name}-{tier}-{number}"
    return aws.ec2.Subnet(
        child,
        vpc_id=vpc_id,
        cidr_block=str(cidr),
        availability_zone=zone,
        # Public addresses belong to load balancers and NAT gateways, which bring their own.
        map_public_ip_on_launch=False,
        tags=scope.tagged(child, tier_tags(tier, scope.discovery)),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            ignore_changes=ignore_changes,
            # A replacement has the same range, and two subnets can't.
            delete_before_replace=True,
        ),
    )


def usable_zones(count: int, parent: pulumi.Resource) -> pulumi.Output[list[str]]:
    """Return the names of the region's zones, sorted, without local and unsuitable ones.

    Zones in trouble are among them: an outage must not change what a program says.
    """
    found = aws.get_availability_zones_output(
        exclude_zone_ids=list(UNSUITABLE_ZONE_IDS),
        filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
        opts=pulumi.InvokeOutputOptions(parent=parent),
    )

    def enough(names: Sequence[str]) -> list[str]:
        if len(names) < count:
            reason = f"{count} asked for, the region has {len(names)}: {', '.join(sorted(names))}"
            raise InvalidInput("Network", [Problem("zone_count", reason)])
        return sorted(names)

    return found.names.apply(enough)


def next_zone(
    zones: pulumi.Output[list[str]], taken: Sequence[pulumi.Output[str]]
) -> pulumi.Output[str]:
    """Return the first of `zones` in which no subnet of this tier is.

    Where the others *are*, not where they would be put today: a zone that AWS adds in the middle
    of the list can't make two subnets share one.
    """
    return pulumi.Output.all(zones, *taken).apply(
        lambda known: next(zone for zone in known[0] if zone not in known[1:])
    )
