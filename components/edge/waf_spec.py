"""The structural inputs of an edge's firewall, checked."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from components._base.errors import nearest
from components._base.logs import RetentionDays
from components._base.names import LOGICAL
from components._base.spec import Spec
from components.edge.managed_rules import BODY_SIZE_RULE, MANAGED_GROUPS
from components.edge.waf_args import EdgeWafAction, EdgeWafMode

WINDOWS = (60, 120, 300, 600)
LEAST_REQUESTS, MOST_REQUESTS = 10, 2_000_000_000
"""https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html (2026-11)"""

SEEN_BYTES = 8192
"""What a web ACL sees of a body that comes to a load balancer. The API lets one have more by now,
and the provider (7.51) does not.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html
(2026-11)
"""

MOST_SEEN_BYTES = 65536
"""With CloudFront."""

PATH = re.compile(r"/[A-Za-z0-9._~!$&'()+,;=:@/-]{0,199}")
"""What a path begins with: RFC 3986, and at most as long as WAF compares."""

HEADER = re.compile(r"[a-z0-9-]{1,64}")

ALWAYS_REDACTED = ("authorization", "cookie")


def _path(path: str) -> str:
    if not PATH.fullmatch(path):
        raise ValueError("the beginning of a path, such as /auth/token, of 200 letters at most")
    return path.lower()  # as requests are compared


def _window(seconds: int) -> int:
    if seconds not in WINDOWS:
        raise ValueError(f"allowed: {', '.join(map(str, WINDOWS))}")
    return seconds


PathPrefix = Annotated[str, AfterValidator(_path)]
Requests = Annotated[int, Field(ge=LEAST_REQUESTS, le=MOST_REQUESTS)]
Window = Annotated[int, AfterValidator(_window)]


def _range(cidr: str) -> IPv4Network | IPv6Network:
    try:
        found = ip_network(cidr)
    except ValueError as error:
        raise ValueError(f"{cidr!r}: a range such as 203.0.113.0/24 is needed ({error})") from None
    if not found.prefixlen:
        raise ValueError(f"{cidr!r} is everybody, of which WAF makes no list")
    return found


class EdgeRuleGroupSpec(Spec):
    """One group of rules that AWS keeps."""

    enabled: bool = True
    """Whether it is used."""
    mode: EdgeWafMode | None = None
    """Whether what it finds is blocked or counted; default: the firewall's own."""
    rules: dict[str, EdgeWafAction] = Field(default_factory=dict[str, EdgeWafAction])
    """Rules that do something else, by AWS's name."""


class EdgeRateSpec(Spec):
    """How often one address may call."""

    requests: Requests = 2000
    """Requests in a window."""
    window_seconds: Window = 300
    """Seconds over which they are counted: 60, 120, 300 or 600."""
    mode: EdgeWafMode | None = None
    """Whether what is over the limit is blocked or counted; default: the firewall's own."""


class EdgePathRateSpec(Spec):
    """How often one address may call one part of the API."""

    path: PathPrefix
    """Beginning of the path."""
    requests: Requests
    """Requests in a window."""
    window_seconds: Window = 300
    """Seconds over which they are counted: 60, 120, 300 or 600."""
    mode: EdgeWafMode | None = None
    """Whether what is over the limit is blocked or counted; default: the firewall's own."""


class EdgeWafSpec(Spec):
    """The web application firewall."""

    enabled: bool = True
    """Whether there is one."""
    mode: EdgeWafMode = EdgeWafMode.BLOCK
    """What happens to what its rules match, but for the lists of addresses."""
    groups: dict[str, EdgeRuleGroupSpec] = Field(default_factory=dict[str, EdgeRuleGroupSpec])
    """Groups of rules that AWS keeps, where they are to differ."""
    rate: EdgeRateSpec = EdgeRateSpec()
    """How often one address may call."""
    path_rates: dict[str, EdgePathRateSpec] = Field(default_factory=dict[str, EdgePathRateSpec])
    """How often one address may call parts of the API, by a short name of each."""
    max_body_bytes: int = Field(default=SEEN_BYTES, ge=1, le=MOST_SEEN_BYTES)
    """Largest body of a request."""
    large_body_paths: tuple[PathPrefix, ...] = ()
    """Beginnings of paths that take larger bodies."""
    allow_cidrs: tuple[str, ...] = ()
    """IPv4 and IPv6 ranges that pass all rules."""
    deny_cidrs: tuple[str, ...] = ()
    """IPv4 and IPv6 ranges that are refused."""
    log_retention_days: RetentionDays = 90
    """Days until a record is deleted."""
    log_allowed: bool = False
    """Log every request, not only those that a rule matched."""
    redacted_headers: tuple[str, ...] = ("apikey", "x-api-key")
    """Headers whose values are in no log, besides authorization and cookie."""
    blocked_alarm: int = Field(default=1000, ge=1)
    """Requests refused in five minutes from which on there is an alarm."""

    @field_validator("groups")
    @classmethod
    def _known(cls, groups: dict[str, EdgeRuleGroupSpec]) -> dict[str, EdgeRuleGroupSpec]:
        wrong: list[str] = []
        for key, group in groups.items():
            if key not in MANAGED_GROUPS:
                wrong.append(f"no group {key!r}; {nearest(key, MANAGED_GROUPS)}")
                continue
            rules = MANAGED_GROUPS[key].rules
            unknown = [rule for rule in group.rules if rule not in rules]
            wrong += [f"{key}: no rule {rule!r}; {nearest(rule, rules)}" for rule in unknown]
            if BODY_SIZE_RULE in group.rules:
                wrong.append(f"{key}: {BODY_SIZE_RULE} is set by max_body_bytes")
        if wrong:
            raise ValueError("; ".join(wrong))
        return groups

    @field_validator("path_rates")
    @classmethod
    def _short_names(cls, rates: dict[str, EdgePathRateSpec]) -> dict[str, EdgePathRateSpec]:
        wrong = [name for name in rates if not LOGICAL.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no short names of small letters, digits and hyphens: {', '.join(wrong)}"
            )
        return rates

    @field_validator("allow_cidrs", "deny_cidrs")
    @classmethod
    def _ranges(cls, cidrs: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        found = [_range(cidr) for cidr in cidrs]
        shared = sorted(set(map(str, found)) & set(info.data.get("allow_cidrs") or ()))
        if info.field_name == "deny_cidrs" and shared:
            raise ValueError(f"both allowed and denied: {', '.join(shared)}")
        return tuple(dict.fromkeys(map(str, found)))

    @property
    def redacted(self) -> tuple[str, ...]:
        """Headers whose values are in no log."""
        return tuple(dict.fromkeys((*ALWAYS_REDACTED, *self.redacted_headers)))

    @field_validator("redacted_headers")
    @classmethod
    def _headers(cls, headers: tuple[str, ...]) -> tuple[str, ...]:
        lowered = tuple(header.lower() for header in headers)
        wrong = [header for header in lowered if not HEADER.fullmatch(header)]
        if wrong:
            raise ValueError(f"no names of headers: {', '.join(wrong)}")
        return lowered
