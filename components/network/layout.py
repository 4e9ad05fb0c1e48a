"""Subnet arithmetic: where each subnet of a VPC lies. Pure, and stable for ever.

Space is always set aside for `MAX_ZONES` zones, so that going from two zones to three moves no
subnet. Sizes are powers of two and the largest come first, so that there are no holes: what is
left over is one run at the end.

A /16 becomes three private /18 (16,379 usable addresses each), three public and three data /22
(1,019 each), and 10,240 addresses are left over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

MAX_ZONES = 3

RESERVED_ADDRESSES = 5
"""In each subnet AWS keeps the first four addresses and the last.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html (2026-11)
"""

SMALLEST_SUBNET = 27
"""An Application Load Balancer needs subnets of at least a /27; no other tier needs less.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
(2026-11)
"""


class Tier(str, Enum):
    """What a subnet is for, in the order in which equally large ones are laid out."""

    PRIVATE = "private"
    PUBLIC = "public"
    DATA = "data"


EXTRA_BITS: Mapping[Tier, int] = {Tier.PRIVATE: 2, Tier.PUBLIC: 6, Tier.DATA: 6}
"""By how much a tier's prefix is longer than the VPC's, unless the caller says otherwise."""


@dataclass(frozen=True)
class Layout:
    """A VPC's range, cut into subnets."""

    subnets: Mapping[Tier, tuple[IPv4Network, ...]]
    """`MAX_ZONES` of each tier, by zone."""
    leftover: tuple[IPv4Network, ...]
    """The free space, in as few blocks as possible."""


def lay_out(cidr: IPv4Network, prefixes: Mapping[Tier, int]) -> Layout:
    """Cut `cidr` into `MAX_ZONES` subnets of each tier.

    :param prefixes: prefix lengths that differ from the computed ones.
    :raises ValueError: when a prefix is out of bounds, or all together don't fit.
    """
    sizes = {tier: prefixes.get(tier, cidr.prefixlen + EXTRA_BITS[tier]) for tier in Tier}
    low, high = cidr.prefixlen + 1, SMALLEST_SUBNET
    wrong = [f"{tier.value} /{size}" for tier, size in sizes.items() if not low <= size <= high]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} out of bounds: in {cidr}, /{low} to /{high} allowed")
    needed = {tier: MAX_ZONES * 2 ** (32 - size) for tier, size in sizes.items()}
    if sum(needed.values()) > cidr.num_addresses:
        parts = " + ".join(f"{MAX_ZONES} x {tier.value} /{size}" for tier, size in sizes.items())
        raise ValueError(
            f"{parts} need {sum(needed.values()):,} addresses, but {cidr} has "
            f"{cidr.num_addresses:,} (room for {MAX_ZONES} zones is always kept)"
        )
    subnets: dict[Tier, tuple[IPv4Network, ...]] = {}
    free = int(cidr.network_address)
    for tier in sorted(Tier, key=lambda tier: sizes[tier]):
        step = 2 ** (32 - sizes[tier])
        starts = range(free, free + needed[tier], step)
        subnets[tier] = tuple(IPv4Network((start, sizes[tier])) for start in starts)
        free += needed[tier]
    return Layout(subnets, _between(IPv4Address(free), cidr))


def pod_subnets(cidr: IPv4Network) -> tuple[IPv4Network, ...]:
    """Cut the pods' range into quarters: one for each of `MAX_ZONES` zones, and one to spare."""
    return tuple(cidr.subnets(prefixlen_diff=2))[:MAX_ZONES]


def usable(subnet: IPv4Network) -> int:
    """Return how many addresses of `subnet` can be used."""
    return subnet.num_addresses - RESERVED_ADDRESSES


def _between(start: IPv4Address, cidr: IPv4Network) -> tuple[IPv4Network, ...]:
    if start > cidr.broadcast_address:
        return ()
    return tuple(summarize_address_range(start, cidr.broadcast_address))
