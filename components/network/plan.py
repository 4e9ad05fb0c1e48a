"""What a `Network` will make, computed before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from components._base.spec import read_spec
from components.network.args import InterfaceEndpoint, NatMode, NetworkArgs
from components.network.layout import MAX_ZONES, Tier, lay_out, pod_subnets, usable
from components.network.spec import ExistingVpcSpec, FlowLogsSpec, NetworkSpec


@dataclass(frozen=True)
class NewVpc:
    """A VPC to be made. Subnets are listed by zone."""

    cidr: IPv4Network
    zone_count: int
    zone_names: tuple[str, ...] | None
    """None: the region's first ones by name."""
    subnets: Mapping[Tier, tuple[IPv4Network, ...]]
    reserved: Mapping[Tier, tuple[IPv4Network, ...]]
    """Where the subnets of further zones will be."""
    leftover: tuple[IPv4Network, ...]
    """Space of `cidr` that nothing has a claim to."""
    pod_cidr: IPv4Network | None
    pod_subnets: tuple[IPv4Network, ...]
    nat: NatMode

    @property
    def nat_zones(self) -> range:
        """The zones, counted from 1, that have a NAT gateway."""
        counts = {NatMode.NONE: 0, NatMode.SHARED: 1, NatMode.PER_ZONE: self.zone_count}
        return range(1, counts[self.nat] + 1)

    @property
    def usable_addresses(self) -> Mapping[str, int]:
        """How many addresses each subnet has for use, by tier; `leftover` in all."""
        sizes = {tier.value: usable(subnets[0]) for tier, subnets in self.subnets.items()}
        pods = {"pods": usable(self.pod_subnets[0])} if self.pod_subnets else {}
        return {**sizes, **pods, "leftover": sum(block.num_addresses for block in self.leftover)}


@dataclass(frozen=True)
class NetworkPlan:
    """A VPC, new or existing, and what is added to it."""

    vpc: NewVpc | ExistingVpcSpec
    interface_endpoints: tuple[InterfaceEndpoint, ...]
    flow_logs: FlowLogsSpec | None
    protect: bool


def plan_network(args: NetworkArgs, owner: str = "Network") -> NetworkPlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    spec = read_spec(NetworkSpec, NetworkArgs, args, owner)
    # An existing VPC is left as it is, unless its owner asks for logs.
    flow_logs = spec.flow_logs or (None if spec.existing else FlowLogsSpec())
    return NetworkPlan(
        vpc=spec.existing or _new_vpc(spec),
        interface_endpoints=spec.interface_endpoints,
        flow_logs=flow_logs if flow_logs and flow_logs.enabled else None,
        protect=spec.protect,
    )


def _new_vpc(spec: NetworkSpec) -> NewVpc:
    if spec.cidr is None:  # the spec has seen to it
        raise AssertionError("a new VPC has a cidr")
    names = spec.availability_zones
    count = len(names) if names else spec.zone_count or MAX_ZONES
    prefixes = spec.subnet_prefixes.given() if spec.subnet_prefixes else {}
    layout = lay_out(spec.cidr, prefixes)
    return NewVpc(
        cidr=spec.cidr,
        zone_count=count,
        zone_names=names,
        subnets={tier: subnets[:count] for tier, subnets in layout.subnets.items()},
        reserved={tier: subnets[count:] for tier, subnets in layout.subnets.items()},
        leftover=layout.leftover,
        pod_cidr=spec.pod_cidr,
        pod_subnets=pod_subnets(spec.pod_cidr)[:count] if spec.pod_cidr else (),
        nat=spec.nat or NatMode.PER_ZONE,
    )
