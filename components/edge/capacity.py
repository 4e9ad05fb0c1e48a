"""What the rules of a web ACL take of its capacity."""

from components.edge.managed_rules import MANAGED_GROUPS, ManagedGroup
from components.edge.waf_spec import EdgeWafSpec

INCLUDED_CAPACITY = 1500
"""WCU in the base price of a web ACL; up to 5000 more requests cost more.

https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html (2026-11)
"""

IP_SET, RATE, SIZE, STARTS_WITH, TRANSFORMATION, SHIELD = 1, 2, 1, 2, 10, 150
"""WCU of a list of addresses, a rate, a size, the beginning of a text, a text's transformation, and
of Shield's own group.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html,
https://docs.aws.amazon.com/waf/latest/developerguide/ddos-automatic-app-layer-response-rg.html
(2026-11). AWS counts a transformation of the same text once where several rules have it, so this
may be more than a web ACL really takes, and never less.
"""

PATH_TRANSFORMATIONS = ("URL_DECODE", "NORMALIZE_PATH", "LOWERCASE")
"""Before a path is compared, so that `//Login` and `/%6cogin` are `/login`."""

PATH_MATCH = STARTS_WITH + TRANSFORMATION * len(PATH_TRANSFORMATIONS)


def used_groups(waf: EdgeWafSpec) -> dict[str, ManagedGroup]:
    """Return the groups that `waf` uses, in the order in which they are asked."""
    return {
        key: group
        for key, group in MANAGED_GROUPS.items()
        if (waf.groups[key].enabled if key in waf.groups else group.default)
    }


def limits_bodies(waf: EdgeWafSpec) -> bool:
    """Tell whether there is a limit on the size of bodies."""
    return "/" not in waf.large_body_paths


def address_lists(cidrs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the ranges by version of IP, as WAF keeps them."""
    sixes = tuple(cidr for cidr in cidrs if ":" in cidr)
    fours = tuple(cidr for cidr in cidrs if ":" not in cidr)
    return {version: found for version, found in (("4", fours), ("6", sixes)) if found}


def bodies_capacity(waf: EdgeWafSpec) -> int:
    """Return the WCU of the rule on bodies."""
    return SIZE + PATH_MATCH * len(waf.large_body_paths) if limits_bodies(waf) else 0


def capacity_of(waf: EdgeWafSpec, *, shield: bool = False) -> int:
    """Return the WCU that the rules of `waf` take at most."""
    lists = len(address_lists(waf.allow_cidrs)) + len(address_lists(waf.deny_cidrs))
    return (
        sum(group.capacity for group in used_groups(waf).values())
        + IP_SET * lists
        + RATE
        + (RATE + PATH_MATCH) * len(waf.path_rates)
        + bodies_capacity(waf)
        + (SHIELD if shield else 0)
    )
