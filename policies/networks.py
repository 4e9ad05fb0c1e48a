"""Ranges of addresses: which are so wide that they mean the internet."""

import ipaddress
from collections.abc import Mapping

from policies.rule import Setting
from policies.subject import Subject

CIDR: Setting = {
    "type": "string",
    "pattern": (
        r"^(([0-9]{1,3}\.){3}[0-9]{1,3}/([0-9]|[12][0-9]|3[0-2])"
        r"|[0-9a-fA-F:]*:[0-9a-fA-F:]*/([0-9]{1,2}|1[01][0-9]|12[0-8]))$"
    ),
    "format": "cidr",
}
"""The schema of a network in settings. Engines check the pattern; `python -m policies` the rest."""

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
