"""The structural inputs of a `Network`, checked."""

import re
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from components._base.cidr import Cidr
from components._base.logs import RetentionDays
from components._base.spec import Spec
from components.network.args import InterfaceEndpoint, NatMode, TrafficType
from components.network.layout import MAX_ZONES, Tier, lay_out

VPC_PREFIXES = range(16, 22)
"""A /16 is the most that AWS gives; a /21 the least of which every subnet can be a /27."""

VPC_RANGES = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""Private addresses, RFC 1918."""

DOCKER_RANGE = IPv4Network("172.17.0.0/16")
"""https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (2026-11)"""

POD_RANGE = IPv4Network("100.64.0.0/10")
"""Shared address space, RFC 6598: AWS lets it be added to a VPC of any private range.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
(2026-11)
"""

POD_PREFIXES = range(16, 21)
"""A /20 leaves each zone a /22, 64 of the /28 blocks that prefix delegation hands to nodes."""

ZONE_NAME = re.compile(r"[a-z]{2}(-[a-z]+)+-\d[a-z]")

NEW_VPC_KEYS = (
    *("cidr", "zone_count", "availability_zones", "subnet_prefixes", "pod_cidr", "nat"),
)


VpcId = Annotated[str, Field(pattern=r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$")]
SubnetId = Annotated[str, Field(pattern=r"^subnet-([0-9a-f]{8}|[0-9a-f]{17})$")]


class FlowLogsSpec(Spec):
    """Flow logs of the VPC, encrypted, in CloudWatch Logs."""

    enabled: bool = True
    """Whether there are flow logs."""
    retention_days: RetentionDays = 365
    """Days until a record is deleted."""
    traffic: TrafficType = TrafficType.ALL
    """Which connections are recorded."""


class SubnetPrefixesSpec(Spec):
    """Prefix lengths of the subnets where the computed ones don't suit."""

    private: int | None = None
    """Of each private subnet; default: the VPC's own + 2."""
    public: int | None = None
    """Of each public subnet; default: the VPC's own + 6."""
    data: int | None = None
    """Of each data subnet; default: the VPC's own + 6."""

    def given(self) -> dict[Tier, int]:
        """Return the prefixes that were given, by tier."""
        sizes = {Tier.PRIVATE: self.private, Tier.PUBLIC: self.public, Tier.DATA: self.data}
        return {tier: size for tier, size in sizes.items() if size is not None}


class ExistingVpcSpec(Spec):
    """A VPC that exists already, by ids."""

    vpc_id: VpcId
    """The VPC."""
    private_subnet_ids: tuple[SubnetId, ...]
    """For nodes: two or more, in two or more zones."""
    data_subnet_ids: tuple[SubnetId, ...]
    """For data stores: two or more. May be the private ones."""
    public_subnet_ids: tuple[SubnetId, ...] = ()
    """For internet-facing load balancers: none, or two or more."""
    pod_subnet_ids: tuple[SubnetId, ...] = ()
    """For pods, where they have subnets of their own."""
    tag_subnets: bool = False
    """Put the tags on these subnets that controllers look for."""

    @field_validator("private_subnet_ids", "data_subnet_ids", "public_subnet_ids", "pod_subnet_ids")
    @classmethod
    def _enough_and_apart(cls, ids: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        optional = info.field_name in ("public_subnet_ids", "pod_subnet_ids")
        if len(ids) < 2 and not (optional and not ids):
            raise ValueError("two or more subnets are needed, in two or more zones")
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        for other in ("private_subnet_ids", "data_subnet_ids", "public_subnet_ids"):
            shared = sorted(set(ids) & set(info.data.get(other, ())))
            if shared and (info.field_name, other) != ("data_subnet_ids", "private_subnet_ids"):
                raise ValueError(f"{', '.join(shared)} also in {other}; a subnet has one purpose")
        return ids


class NetworkSpec(Spec):
    """A VPC with public, private and data subnets, or an existing one."""

    existing: ExistingVpcSpec | None = None
    """Use this VPC instead of making one."""
    cidr: Cidr | None = None
    """IPv4 range of the VPC, /16 to /21; required unless `existing` is given."""
    availability_zones: tuple[str, ...] | None = None
    """Names of the zones; default: the region's first ones by name."""
    zone_count: int | None = None
    """Availability zones to span, 2 or 3; default: 3."""
    subnet_prefixes: SubnetPrefixesSpec | None = None
    """Sizes of the subnets; default: computed from `cidr`."""
    pod_cidr: Cidr | None = None
    """Secondary range for pods only, within 100.64.0.0/10, /16 to /20."""
    nat: NatMode | None = None
    """How private subnets reach the internet; default: perZone."""
    interface_endpoints: tuple[InterfaceEndpoint, ...] = ()
    """AWS services to reach by interface endpoints."""
    flow_logs: FlowLogsSpec | None = None
    """Who talked to whom, in CloudWatch Logs; default: on, kept for 365 days; for an existing VPC:
    off."""
    protect: bool = False
    """Refuse to delete the VPC, its public addresses and its logs."""

    @property
    def zones(self) -> int:
        """How many zones the data subnets are in."""
        if self.existing:
            return len(self.existing.data_subnet_ids)
        return len(self.availability_zones or ()) or self.zone_count or MAX_ZONES

    @field_validator(*NEW_VPC_KEYS)
    @classmethod
    def _new_or_existing(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("existing"):
            raise ValueError("can't be combined with 'existing': an existing VPC has its own")
        # `existing` is missing from the data when it is itself wrong.
        needs_cidr = info.field_name == "cidr" and info.data.get("existing", ...) is None
        if value is None and needs_cidr:
            raise PydanticKnownError("missing")
        return value

    @field_validator("cidr")
    @classmethod
    def _private_and_large_enough(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        if cidr is None:
            return None
        if not any(cidr.subnet_of(allowed) for allowed in VPC_RANGES):
            raise ValueError(f"must lie within {', '.join(map(str, VPC_RANGES))}")
        if cidr.overlaps(DOCKER_RANGE):
            raise ValueError(f"overlaps {DOCKER_RANGE}, which some AWS services use themselves")
        _check_size(cidr, VPC_PREFIXES)
        return cidr

    @field_validator("availability_zones")
    @classmethod
    def _zone_names(cls, zones: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if zones is None:
            return None
        wrong = [zone for zone in zones if not ZONE_NAME.fullmatch(zone)]
        if wrong:
            raise ValueError(f"no zone names such as eu-central-1a: {', '.join(wrong)}")
        if not 2 <= len(set(zones)) == len(zones) <= MAX_ZONES:
            raise ValueError(f"2 to {MAX_ZONES} different zones are needed")
        if len({zone[:-1] for zone in zones}) > 1:
            raise ValueError("the zones must be of one region")
        return zones

    @field_validator("zone_count")
    @classmethod
    def _as_many_as_named(cls, count: int | None, info: ValidationInfo) -> int | None:
        zones: tuple[str, ...] | None = info.data.get("availability_zones")
        if count is not None and not 2 <= count <= MAX_ZONES:
            raise ValueError(f"2 to {MAX_ZONES} allowed")
        if count is not None and zones and count != len(zones):
            raise ValueError(f"{len(zones)} availability zones are named; give one or the other")
        return count

    @field_validator("subnet_prefixes")
    @classmethod
    def _fits(
        cls, prefixes: SubnetPrefixesSpec | None, info: ValidationInfo
    ) -> SubnetPrefixesSpec | None:
        cidr: IPv4Network | None = info.data.get("cidr")
        if prefixes and cidr:
            lay_out(cidr, prefixes.given())
        return prefixes

    @field_validator("pod_cidr")
    @classmethod
    def _apart_from_the_vpc(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        if cidr is None:
            return None
        if not cidr.subnet_of(POD_RANGE):
            # It follows that the range can't overlap the VPC's own.
            raise ValueError(f"must lie within {POD_RANGE}, apart from the VPC's own range")
        _check_size(cidr, POD_PREFIXES)
        return cidr

    @field_validator("interface_endpoints")
    @classmethod
    def _once_each(cls, endpoints: tuple[InterfaceEndpoint, ...]) -> tuple[InterfaceEndpoint, ...]:
        twice = sorted({e.value for e in endpoints if endpoints.count(e) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return endpoints


def _check_size(cidr: IPv4Network, allowed: range) -> None:
    if cidr.prefixlen not in allowed:
        problem = "large" if cidr.prefixlen < allowed.start else "small"
        raise ValueError(f"too {problem}; /{allowed.start} to /{allowed.stop - 1} allowed")
