"""Where things may be, and from where they may be reached, by lists of yours."""

import ipaddress
from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, opposite, same
from policies.networks import CIDR
from policies.ports import GROUPS, Opening, openings
from policies.rule import Verdict, Violation, demanded, resource_policy
from policies.subject import Subject, item, items
from policies.taggable import taggable_types

CLUSTER = "aws:eks/cluster:Cluster"

GLOBAL = "us-east-1"
"""Where CloudFront's certificates and firewalls have to be."""

ANYWHERE = "0.0.0.0/0"

WEB = ("80", "443")
"""Ports of load balancers, where anybody may connect."""


def _region(resource: Subject) -> Iterator[Verdict]:
    allowed = resource.texts("regions")
    region = resource.get("region") or item(resource.provider, "region")
    if allowed and isinstance(region, UnknownValueError):
        yield region
    elif allowed and region is not None and region not in (*allowed, *resource.texts("globally")):
        yield Violation(
            f"is in {region}, where nothing of yours is to be",
            f"set region to {' or '.join(allowed)}",
        )


def _networks(resource: Subject) -> Iterator[Verdict]:
    allowed = resource.texts("cidrs")
    if not allowed:
        return
    if resource.type == CLUSTER:
        public = opposite(same(resource.get("vpcConfig.endpointPublicAccess"), False))
        sources = list(items(resource.get("vpcConfig.publicAccessCidrs"))) or [ANYWHERE]
        for source in sources:
            yield from _from(source, allowed, of=public)
        return
    for opening in openings(resource):
        inner = opposite(_web_only(opening, resource.texts("ports")))
        for source in opening.sources:
            if source is not None:
                yield from _from(source, allowed, of=inner)


def _from(source: object, allowed: Sequence[str], *, of: Answer) -> Iterator[Verdict]:
    wide = Violation(
        f"lets in {source}, which is in none of the networks that may",
        "name a security group or one of those networks, or list it in the setting cidrs",
    )
    yield from demanded(_within(source, allowed), wide, of=of)


def _within(source: object, allowed: Sequence[str]) -> Answer:
    if isinstance(source, UnknownValueError):
        return source
    inner = _network(str(source))
    outer = [_network(each) for each in allowed]
    if isinstance(inner, ipaddress.IPv4Network):
        return any(inner.subnet_of(e) for e in outer if isinstance(e, ipaddress.IPv4Network))
    if isinstance(inner, ipaddress.IPv6Network):
        return any(inner.subnet_of(e) for e in outer if isinstance(e, ipaddress.IPv6Network))
    return False


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _web_only(opening: Opening, ports: Sequence[str]) -> Answer:
    """Tell whether a rule is of one of the ports where anybody may connect."""
    for part in (opening.protocol, opening.first, opening.last):
        if isinstance(part, UnknownValueError):
            return part
    if opening.protocol not in ("tcp", "6", "udp", "17") or opening.first != opening.last:
        return False
    first = opening.first
    return isinstance(first, int | float) and f"{first:g}" in ports


POLICIES: Sequence[Policy] = (
    resource_policy(
        _region,
        name="allowed-regions",
        display_name="Data stays where it may be",
        description="Resources are in the allowed regions, if there is a list of them.",
        types=taggable_types(),
        severity=Severity.HIGH,
        remediation_steps="Set the region of the resource or of its provider to an allowed one.",
        tags=("governance", "data-protection"),
        url="https://docs.aws.amazon.com/controltower/latest/userguide/region-deny.html",
        settings={
            "regions": {
                "type": "array",
                "items": {"type": "string"},
                "default": [],
                "description": "Regions where resources may be; empty: all.",
            },
            "globally": {
                "type": "array",
                "items": {"type": "string"},
                "default": [GLOBAL],
                "description": "Regions that are always allowed, for what AWS has there only.",
            },
        },
    ),
    resource_policy(
        _networks,
        name="allowed-networks",
        display_name="Only known networks may connect",
        description=(
            "Security groups and the EKS endpoint let in the allowed networks, if there is a list."
        ),
        types=(*GROUPS, CLUSTER),
        severity=Severity.HIGH,
        remediation_steps=(
            "Refer to the clients' security group, or list the network in cidrs, where whoever "
            "answers for the network sees the change. Prefix lists are not looked into."
        ),
        tags=("network", "governance"),
        url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        settings={
            "cidrs": {
                "type": "array",
                "items": CIDR,
                "default": [],
                "description": "Networks that may connect, such as 10.0.0.0/8; empty: all.",
            },
            "ports": {
                "type": "array",
                "items": {"type": "string", "pattern": "^[0-9]+$"},
                "default": list(WEB),
                "description": "Ports where anybody may connect, one by one.",
            },
        },
    ),
)
