"""What the web application firewall of an `Edge` takes."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict


class EdgeWafMode(str, Enum):
    """What happens to a request that a rule matches."""

    COUNT = "count"
    """It is counted, logged, and goes on: to try a rule out."""
    BLOCK = "block"
    """It is refused."""


class EdgeWafAction(str, Enum):
    """What one rule of a group does instead of what AWS made it for."""

    ALLOW = "allow"
    """Let the request in, past all further rules."""
    BLOCK = "block"
    """Refuse it."""
    COUNT = "count"
    """Count it, and go on."""


class EdgeRuleGroupArgs(TypedDict):
    """One group of rules that AWS keeps."""

    enabled: NotRequired[bool]
    """Whether it is used. Default: true."""
    mode: NotRequired[EdgeWafMode]
    """Whether what it finds is blocked or counted. Default: the firewall's own."""
    rules: NotRequired[Mapping[str, EdgeWafAction]]
    """Rules that do something else, by AWS's name, e.g. `{"NoUserAgent_HEADER": "count"}`.
    Default: of `anonymousIp`, `HostingProviderIPList` only counts, as machines call from clouds."""


class EdgeRateArgs(TypedDict):
    """How often one address may call."""

    requests: NotRequired[int]
    """10 or more in a window. Default: 2000."""
    window_seconds: NotRequired[int]
    """60, 120, 300 or 600. Default: 300."""
    mode: NotRequired[EdgeWafMode]
    """Whether what is over the limit is blocked or counted. Default: the firewall's own."""


class EdgePathRateArgs(TypedDict):
    """How often one address may call one part of the API."""

    path: str
    """Beginning of the path, e.g. `/auth/token`; upper and lower case are the same."""
    requests: int
    """10 or more in a window."""
    window_seconds: NotRequired[int]
    """60, 120, 300 or 600. Default: 300."""
    mode: NotRequired[EdgeWafMode]
    """Whether what is over the limit is blocked or counted. Default: the firewall's own."""


class EdgeWafArgs(TypedDict):
    """The web application firewall."""

    enabled: NotRequired[bool]
    """Whether there is one. Default: true."""
    mode: NotRequired[EdgeWafMode]
    """What happens to what its rules match, but for the lists of addresses. Default: block."""
    groups: NotRequired[Mapping[str, EdgeRuleGroupArgs]]
    """Groups of rules that AWS keeps, where they are to differ: `common`, `knownBadInputs`,
    `sqlInjection`, `ipReputation`, `anonymousIp` (all on), `linux`, `posix`, `adminPaths` (off)."""
    rate: NotRequired[EdgeRateArgs]
    """How often one address may call. Default: 2000 times in five minutes."""
    path_rates: NotRequired[Mapping[str, EdgePathRateArgs]]
    """How often one address may call parts of the API, by a short name of each. Default: none."""
    max_body_bytes: NotRequired[int]
    """Largest body of a request, up to the 8192 bytes that the firewall sees of it; 65536 with
    CloudFront, from 16385 on for a fee. Default: 8192, so nothing comes in unseen."""
    large_body_paths: NotRequired[Sequence[str]]
    """Beginnings of paths that take larger bodies, e.g. `/uploads`; `/` takes the limit away.
    Default: none."""
    allow_cidrs: NotRequired[Sequence[str]]
    """IPv4 and IPv6 ranges that pass all rules. Default: none."""
    deny_cidrs: NotRequired[Sequence[str]]
    """IPv4 and IPv6 ranges that are refused. Default: none."""
    log_retention_days: NotRequired[int]
    """Days until a record is deleted. Default: 90."""
    log_allowed: NotRequired[bool]
    """Log every request, not only those that a rule matched. Default: false."""
    redacted_headers: NotRequired[Sequence[str]]
    """Headers whose values are in no log and no sample, besides authorization and cookie. Default:
    `apikey` and `x-api-key`, by which Kong knows machines."""
    blocked_alarm: NotRequired[int]
    """Requests refused in five minutes from which on there is an alarm. Default: 1000."""
