"""The web application firewall: its web ACL, its lists of addresses, and its logs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components._base.scope import Scope
from components.edge.capacity import address_lists
from components.edge.waf_bodies import make_body_limit
from components.edge.waf_rules import ANSWERS, make_rules
from components.edge.waf_spec import EdgeWafSpec

CLOUDFRONT_REGION = "us-east-1"
"""Where everything of CloudFront's has to be.

https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html (2026-11)
"""

LARGER_BODIES = ((16384, "KB_16"), (32768, "KB_32"), (49152, "KB_48"), (65536, "KB_64"))
"""How much of a body CloudFront may show, in bytes; the first is free."""

SUFFIX_LENGTH = 6


@dataclass(frozen=True)
class Firewall:
    """A web ACL."""

    acl: aws.wafv2.WebAcl
    metric: pulumi.Output[str]
    """By which its metrics are found, and its logs."""


def make_firewall(scope: Scope, waf: EdgeWafSpec, *, region: str | None) -> Firewall:
    """Create the web ACL.

    Its rules are part of it: they change all at once, and never are there some of them only.

    :param region: `CLOUDFRONT_REGION` for CloudFront; None for a load balancer.
    """
    name = f"{scope.name}-web-acl"
    # its metrics would be those of every stack that has an edge of this name
    suffix = random.RandomString(
        f"{name}-suffix", length=SUFFIX_LENGTH, upper=False, special=False, opts=scope.own
    )
    metric = pulumi.Output.concat(f"{scope.name}-", suffix.result)
    bodies = make_body_limit(scope, waf, region=region)
    rules = make_rules(
        waf,
        allowed=_ip_sets(scope, "allowed", waf.allow_cidrs, region),
        denied=_ip_sets(scope, "denied", waf.deny_cidrs, region),
        bodies=bodies.arn if bodies else None,
    )
    acl = aws.wafv2.WebAcl(
        name,
        description=f"Firewall of edge {scope.name}",
        scope="CLOUDFRONT" if region else "REGIONAL",
        region=region,
        default_action={"allow": {}},
        rules=rules,
        custom_response_bodies=[
            {"key": key, "content": body, "content_type": "APPLICATION_JSON"}
            for key, body in sorted(ANSWERS.items())
        ],
        association_config=_shown_bodies(waf) if region else None,
        # in samples too, which a logging configuration has no say in
        data_protection_config={
            "data_protections": [
                {
                    "action": "SUBSTITUTION",
                    "field": {"field_type": "SINGLE_HEADER", "field_keys": list(waf.redacted)},
                }
            ]
        },
        visibility_config={
            "cloudwatch_metrics_enabled": True,
            "metric_name": metric,
            "sampled_requests_enabled": True,
        },
        tags=scope.tagged(name),
        opts=scope.own,
    )
    return Firewall(acl, metric)


def _ip_sets(
    scope: Scope, label: str, cidrs: tuple[str, ...], region: str | None
) -> Mapping[str, pulumi.Input[str]]:
    """Create a list of addresses for each version of IP, and return their ARNs."""
    arns: dict[str, pulumi.Input[str]] = {}
    for version, addresses in address_lists(cidrs).items():
        name = f"{scope.name}-{label}-ipv{version}"
        arns[version] = aws.wafv2.IpSet(
            name,
            description=f"Addresses {label} at edge {scope.name}",
            scope="CLOUDFRONT" if region else "REGIONAL",
            region=region,
            ip_address_version=f"IPV{version}",
            addresses=list(addresses),
            tags=scope.tagged(name),
            opts=scope.own,
        ).arn
    return arns


def _shown_bodies(waf: EdgeWafSpec) -> aws.wafv2.WebAclAssociationConfigArgsDict:
    shown = next(label for size, label in LARGER_BODIES if waf.max_body_bytes <= size)
    return {"request_bodies": [{"cloudfront": {"default_size_inspection_limit": shown}}]}
