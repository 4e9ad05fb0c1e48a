"""What stands at the edge: load balancers, CloudFront, and the firewall in front of them."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import among, every, opposite, same
from policies.links import Reference, reference, unnamed
from policies.needs import Need, is_set, on, one_of, verdicts
from policies.perimeter import CLASSIC, INGRESS, INTERNET, admitted
from policies.rule import (
    CONTROLS,
    Verdict,
    Violation,
    demanded,
    resource_policy,
    stack_policy,
)
from policies.subject import Subject, item, items

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
REST_STAGE = "aws:apigateway/stage:Stage"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
FIREWALL = "aws:wafv2/webAcl:WebAcl"
FIREWALL_LOGS = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"

ELB = f"{CONTROLS}elb-controls.html#elb-"

VIEWER_TLS = ("TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025")
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
(2026-11)"""

OLD_TLS = ("SSLv3", "TLSv1", "TLSv1.1")

_HEADERS = on("dropInvalidHeaderFields")
_DESYNC = Need(
    "desyncMitigationMode",
    one_of("defensive", "strictest"),
    "set desyncMitigationMode to defensive or strictest",
    default="defensive",
)
_LOGS = on("accessLogs.enabled")


def _hardened(balancer: Subject) -> Iterator[Verdict]:
    kind = balancer.get("loadBalancerType")
    if kind in (None, "application"):
        yield from verdicts(balancer, _HEADERS, _DESYNC, _LOGS)
    elif isinstance(kind, UnknownValueError):
        yield kind


MODERN = re.compile(r"ELBSecurityPolicy-(TLS13|TLS|FS)-1-[23]-.+")
"""Security policies of load balancers say the oldest version that they take,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
(2026-11)."""


def _modern(policy: object) -> str | None:
    if policy is None:
        return "is not set"
    return None if MODERN.fullmatch(str(policy)) else "takes TLS 1.1 or older"


def _encrypted(listener: Subject) -> Iterator[Verdict]:
    protocol = listener.get("protocol")
    if isinstance(protocol, UnknownValueError):
        yield protocol
    elif protocol in ("HTTPS", "TLS"):
        remedy = "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or later"
        yield from verdicts(listener, Need("sslPolicy", _modern, remedy))
    elif protocol == "HTTP":
        yield from _redirects(listener)


def _redirects(listener: Subject) -> Iterator[Verdict]:
    for action in items(listener.get("defaultActions")):
        kind, to = item(action, "type"), item(item(action, "redirect"), "protocol")
        for value in (kind, to):
            if isinstance(value, UnknownValueError):
                yield value
        if kind not in ("redirect", "fixed-response") or (kind == "redirect" and to != "HTTPS"):
            yield Violation(
                "serves HTTP", "let its default action redirect to HTTPS, with HTTP_301"
            )


def _firewalled(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    missing = Violation(
        "is open to the internet without a firewall", "associate a WAFv2 web ACL with it"
    )
    named = [reference(each, "resourceArn") for each in stack if each.type == ASSOCIATION]
    rules = [rule for each in stack if each.type in (INGRESS, CLASSIC) for rule in admitted(each)]
    public = {
        id(each): (each, opened)
        for each in stack
        if each.type == BALANCER and (opened := _open(each, rules))
    }
    for owners, part in (
        ([each for each, _ in public.values()], ":loadbalancer/app/"),
        ([each for each in stack if each.type == REST_STAGE], "/restapis/"),
    ):
        relevant = [each for each in named if _may_be(each, part)]
        for owner, verdict in unnamed(owners, ("arn",), relevant, missing):
            _, doubt = public.get(id(owner), (owner, True))
            yield owner, doubt if isinstance(doubt, UnknownValueError) else verdict
    for each in stack:
        if each.type == DISTRIBUTION:
            acl = Need("webAclId", is_set, "set webAclId to the ARN of a web ACL")
            yield from ((each, verdict) for verdict in verdicts(each, acl))


def _may_be(named: Reference, part: str) -> bool:
    """Tell whether a reference may be to a kind of resource, by a part of its ARN."""
    return not isinstance(named.value, str) or part in named.value


def _open(balancer: Subject, rules: Sequence[tuple[object, object]]) -> bool | UnknownValueError:
    """Tell whether the internet reaches a load balancer: not if its groups let in others only."""
    inside, kind = balancer.get("internal"), balancer.get("loadBalancerType")
    if inside is True or (kind not in (None, "application") and isinstance(kind, str)):
        return False
    own = list(items(balancer.get("securityGroups")))
    sources = [source for group, source in rules if group in own]
    if any(source in INTERNET for source in sources):
        return True
    for doubt in (inside, kind, *own, *sources):
        if isinstance(doubt, UnknownValueError):
            return doubt
    return not sources  # what is not in the stack may let in anybody


def _firewall_logged(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    yield from unnamed(
        [each for each in stack if each.type == FIREWALL],
        ("arn",),
        [reference(each, "resourceArn") for each in stack if each.type == FIREWALL_LOGS],
        Violation("keeps no log of what it refused", "add a WebAclLoggingConfiguration of it"),
    )


_VIEWERS = ("redirect-to-https", "https-only")
_CDN: Sequence[Need] = (
    *(
        Need(
            f"{behavior}.viewerProtocolPolicy",
            one_of(*_VIEWERS),
            f"set viewerProtocolPolicy to {_VIEWERS[0]}",
        )
        for behavior in ("defaultCacheBehavior", "orderedCacheBehaviors[]")
    ),
    Need(
        "viewerCertificate.minimumProtocolVersion",
        one_of(*VIEWER_TLS),
        f"set viewerCertificate.minimumProtocolVersion to {VIEWER_TLS[2]}, with a certificate of "
        "your own name",
    ),
)


def _cdn(distribution: Subject) -> Iterator[Verdict]:
    yield from verdicts(distribution, *_CDN)
    for origin in items(distribution.get("origins")):
        custom = item(origin, "customOriginConfig")
        protocols = items(item(custom, "originSslProtocols"))
        modern = (opposite(among(each, OLD_TLS)) for each in protocols)
        https = same(item(custom, "originProtocolPolicy"), "https-only")
        missing = Violation(
            "speaks to an origin without TLS 1.2",
            "set originProtocolPolicy to https-only and originSslProtocols to TLSv1.2",
        )
        there = opposite(same(custom, None))
        yield from demanded(every((https, *modern)), missing, of=there)


TYPES: Mapping[str, Sequence[str]] = {
    "firewalled": (BALANCER, REST_STAGE, DISTRIBUTION, ASSOCIATION, INGRESS, CLASSIC),
    "logged": (FIREWALL, FIREWALL_LOGS),
}

POLICIES: Sequence[Policy] = (
    resource_policy(
        _hardened,
        name="load-balancer-hardened",
        display_name="Load balancers let no ambiguous request through",
        description="Application load balancers drop invalid headers, mitigate desync, and log.",
        types=(BALANCER,),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set dropInvalidHeaderFields, leave desyncMitigationMode at defensive or make it "
            "strictest, and write access logs to a bucket."
        ),
        tags=("edge", "logging"),
        url=f"{ELB}4",
    ),
    resource_policy(
        _encrypted,
        name="listener-encrypted",
        display_name="Clients speak modern TLS only",
        description="Listeners take TLS 1.2 or later; those of HTTP do nothing but redirect.",
        types=(LISTENER,),
        severity=Severity.HIGH,
        remediation_steps=(
            "Redirect port 80 to HTTPS, and give HTTPS and TLS listeners a security policy whose "
            "oldest version is TLS 1.2."
        ),
        tags=("edge", "encryption"),
        url=f"{ELB}17",
    ),
    stack_policy(
        _firewalled,
        name="public-front-firewalled",
        display_name="A firewall is in front of what is public",
        description="Public load balancers, CloudFront and REST APIs have a web ACL.",
        types=TYPES["firewalled"],
        severity=Severity.HIGH,
        remediation_steps=(
            "Make a WAFv2 web ACL with AWS's managed rules and a rate limit, and associate it; for "
            "CloudFront it is in us-east-1 and named in webAclId."
        ),
        tags=("edge", "firewall"),
        url=f"{ELB}16",
    ),
    stack_policy(
        _firewall_logged,
        name="firewall-logged",
        display_name="It is known what the firewall refused",
        description="Every web ACL has a logging configuration.",
        types=TYPES["logged"],
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Add a WebAclLoggingConfiguration to a log group called aws-waf-logs-…, with the "
            "authorization and cookie headers redacted."
        ),
        tags=("edge", "logging"),
        url="https://docs.aws.amazon.com/waf/latest/developerguide/logging.html",
    ),
    resource_policy(
        _cdn,
        name="cdn-encrypted",
        display_name="CloudFront speaks TLS on both sides",
        description="CloudFront takes HTTPS by TLS 1.2 or later only, and asks origins by it.",
        types=(DISTRIBUTION,),
        severity=Severity.HIGH,
        remediation_steps=(
            "Set viewerProtocolPolicy in each behavior, minimumProtocolVersion in the viewer "
            "certificate, and https-only with TLSv1.2 in each custom origin."
        ),
        tags=("edge", "encryption"),
        url=f"{CONTROLS}cloudfront-controls.html#cloudfront-3",
    ),
)
