"""Groups of firewall rules that AWS keeps: what they cost, and what is in them."""

from collections.abc import Mapping
from dataclasses import dataclass

BODY_SIZE_RULE = "SizeRestrictions_BODY"
"""Refuses bodies of more than 8 KiB. Here `max_body_bytes` does, so that one key says how large a
body may be; this rule only counts."""

CLOUDS_RULE = "HostingProviderIPList"
"""Refuses who calls from a cloud: of an API, the other machines that it is for."""


@dataclass(frozen=True)
class ManagedGroup:
    """One group of rules."""

    name: str
    """AWS's name."""
    capacity: int
    """What it takes of a web ACL's capacity, in WCU."""
    rules: tuple[str, ...]
    """Names of its rules. WAF silently ignores an override of a rule that it doesn't know."""
    counted: tuple[str, ...] = ()
    """Rules that only count unless one says otherwise."""
    default: bool = True
    """Whether it suits every API."""


def _rules(subject: str, *parts: str) -> tuple[str, ...]:
    return tuple(f"{subject}_{part}" for part in parts)


MANAGED_GROUPS: Mapping[str, ManagedGroup] = {
    "ipReputation": ManagedGroup(
        "AWSManagedRulesAmazonIpReputationList",
        25,
        ("AWSManagedIPDDoSList", "AWSManagedIPReputationList", "AWSManagedReconnaissanceList"),
    ),
    "anonymousIp": ManagedGroup(
        "AWSManagedRulesAnonymousIpList",
        50,
        ("AnonymousIPList", CLOUDS_RULE),
        counted=(CLOUDS_RULE,),
    ),
    "common": ManagedGroup(
        "AWSManagedRulesCommonRuleSet",
        700,
        (
            *("NoUserAgent_HEADER", "UserAgent_BadBots_HEADER", BODY_SIZE_RULE),
            *_rules("SizeRestrictions", "Cookie_HEADER", "QUERYSTRING", "URIPATH"),
            *_rules("EC2MetaDataSSRF", "BODY", "COOKIE", "QUERYARGUMENTS", "URIPATH"),
            *_rules("GenericLFI", "BODY", "QUERYARGUMENTS", "URIPATH"),
            *_rules("GenericRFI", "BODY", "QUERYARGUMENTS", "URIPATH"),
            *_rules("RestrictedExtensions", "QUERYARGUMENTS", "URIPATH"),
            *_rules("CrossSiteScripting", "BODY", "COOKIE", "QUERYARGUMENTS", "URIPATH"),
        ),
        counted=(BODY_SIZE_RULE,),
    ),
    "knownBadInputs": ManagedGroup(
        "AWSManagedRulesKnownBadInputsRuleSet",
        200,
        (
            *("ExploitablePaths_URIPATH", "Host_localhost_HEADER", "PROPFIND_METHOD"),
            *_rules("JavaDeserializationRCE", "BODY", "HEADER", "QUERYSTRING", "URIPATH"),
            *_rules("Log4JRCE", "BODY", "HEADER", "QUERYSTRING", "URIPATH"),
            "ReactJSRCE_BODY",
        ),
    ),
    "sqlInjection": ManagedGroup(
        "AWSManagedRulesSQLiRuleSet",
        200,
        (
            *_rules("SQLi", "BODY", "COOKIE", "QUERYARGUMENTS", "URIPATH"),
            *_rules("SQLiExtendedPatterns", "BODY", "HEADER", "QUERYARGUMENTS", "URIPATH"),
        ),
    ),
    "linux": ManagedGroup(
        "AWSManagedRulesLinuxRuleSet",
        200,
        _rules("LFI", "HEADER", "QUERYSTRING", "URIPATH"),
        default=False,
    ),
    "posix": ManagedGroup(
        "AWSManagedRulesUnixRuleSet",
        100,
        _rules("UNIXShellCommandsVariables", "BODY", "HEADER", "QUERYSTRING"),
        default=False,
    ),
    "adminPaths": ManagedGroup(
        "AWSManagedRulesAdminProtectionRuleSet", 100, ("AdminProtection_URIPATH",), default=False
    ),
}
"""In the order in which they are asked: the cheapest first.

https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html (2026-11)
"""
