"""Ranges of addresses: which are so wide that they mean the internet."""

import ipaddress
from collections.abc import Mapping

from policies.rule import Setting
from policies.subject import Subject

WIDEST: Mapping[str, Setting] = {
    "widestIpv4Prefix": {
        "type": "integer",
        "minimum": 1,
        "maximum": 32,
        "default": 8,
        "description": "Shortest IPv4 prefix that still counts as an allow-list.",
    },
    "widestIpv6Prefix": {
        "type": "integer",
        "minimum": 1,
        "maximum": 128,
        "default": 32,
        "description": "Shortest IPv6 prefix that still counts as an allow-list.",
    },
}
"""The settings of a policy that uses `too_wide`."""


def too_wide(cidr: object, subject: Subject) -> str | None:
    """Say what is wrong with a range of allowed addresses, or None."""
    try:
        network = ipaddress.ip_network(str(cidr), strict=False)
    except ValueError:
        return "which is no CIDR"
    if network.prefixlen == 0:
        return "the whole internet"
    widest = subject.number("widestIpv4Prefix" if network.version == 4 else "widestIpv6Prefix")
    return f"wider than a /{widest}" if network.prefixlen < widest else None
