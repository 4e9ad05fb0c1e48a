"""Rate limiting, counted where all gateway pods count together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import pulumi

from components.gateway.plugins.plugin import Plugin, SecretValue, refuse

NAME = "rate-limiting"

PERIODS = ("second", "minute", "hour", "day")

REDIS_PORT = 6379

TIMEOUT_MS = 500
"""For the cache to answer; then the request is let through (`fail_open`), or refused. A cache in
the same VPC answers in one or two; Kong's own default, 2000, would hold every request up."""

HEADER = re.compile(r"[A-Za-z0-9-]+", re.ASCII)


class LimitBy(str, Enum):
    """Whose requests are counted together."""

    IP = "ip"
    """One address of a client."""
    CONSUMER = "consumer"
    """One consumer: who proved who it is. Others are counted by address. All tokens of one issuer
    are one consumer (`jwt.py`): there, use the header or the address."""
    HEADER = "header"
    """One value of a header, e.g. of a tenant's id."""
    SERVICE = "service"
    """All requests to the service."""


@dataclass(frozen=True)
class Counters:
    """A cache that speaks Redis over TLS, not in cluster mode: the plugin follows no redirects."""

    host: pulumi.Input[str]
    port: int
    user_name: pulumi.Input[str]
    secret: str
    """Name of the Secret with the password."""
    secret_key: str = "password"  # noqa: S105 - the name of a key
    """Its key; the value is JSON, hence in quotes."""


@dataclass(frozen=True)
class RateLimits:
    """How many requests are let through; at least one of the four."""

    per_second: int | None = None
    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    limit_by: LimitBy = LimitBy.IP
    header: str | None = None
    """The header of `LimitBy.HEADER`."""
    fail_open: bool = True
    """Let requests through when the cache does not answer; else they get a 500."""

    @property
    def by_period(self) -> dict[str, int]:
        """The limits that are set, shortest period first."""
        limits = (self.per_second, self.per_minute, self.per_hour, self.per_day)
        return {p: n for p, n in zip(PERIODS, limits, strict=True) if n is not None}


def rate_limiting(limits: RateLimits, counters: Counters | None = None) -> Plugin:
    """Return the plugin that answers 429 beyond `limits`.

    :param counters: without them each gateway pod counts for itself, and lets through as many.
    :raises InvalidInput: when the limits contradict each other.
    """
    refuse(NAME, _problems(limits))
    config: dict[str, object] = {
        **limits.by_period,
        "limit_by": limits.limit_by.value,
        "policy": "redis" if counters else "local",
        "fault_tolerant": limits.fail_open,
        "hide_client_headers": False,
        "error_code": 429,
        "error_message": "Too many requests",
    }
    if limits.header:
        config["header_name"] = limits.header
    if counters is None:
        return Plugin(NAME, config)
    config["redis"] = {
        "host": counters.host,
        "port": counters.port,
        "username": counters.user_name,
        "ssl": True,
        "ssl_verify": True,
        "server_name": counters.host,
        "timeout": TIMEOUT_MS,
    }
    password = SecretValue("/redis/password", counters.secret, counters.secret_key)
    return Plugin(NAME, config, (password,))


def _problems(limits: RateLimits) -> Iterator[tuple[str, str]]:
    found = list(limits.by_period.items())
    if not found:
        yield "", "one of per_second, per_minute, per_hour and per_day is needed"
    for period, number in found:
        if number < 1:
            yield f"per_{period}", f"{number} is not valid: 1 or more"
    for (shorter, fewer), (longer, more) in pairwise(found):
        if more < fewer:
            yield f"per_{longer}", f"{more} is less than per_{shorter}, {fewer}"
    if (limits.limit_by is LimitBy.HEADER) != bool(limits.header):
        yield "header", "is needed by limit_by header, and by no other"
    elif limits.header and not HEADER.fullmatch(limits.header):
        yield "header", f"{limits.header!r} is no name of a header"
