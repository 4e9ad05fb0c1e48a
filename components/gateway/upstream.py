"""A service as Kong sees it: health checks that open and close a circuit."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from components._base.errors import InvalidInput, Problem

API_VERSION = "configuration.konghq.com/v1beta1"

FAILURES = (500, 502, 503, 504)
"""Statuses that count against a service. Not 429: who asks too much is not its failure."""

HEALTHY = (200, 204, 301, 302)


class Algorithm(str, Enum):
    """How requests are spread, where Kong does it and not the mesh."""

    ROUND_ROBIN = "round-robin"
    LEAST_CONNECTIONS = "least-connections"
    LATENCY = "latency"


@dataclass(frozen=True)
class ActiveChecks:
    """Kong asks, whether there are requests or not; each gateway pod does."""

    path: str = "/health/ready"
    interval_seconds: int = 5
    timeout_seconds: int = 2
    healthy_after: int = 2
    """Good answers in a row that close the circuit."""
    unhealthy_after: int = 3
    """Bad ones in a row, or none, that open it."""


@dataclass(frozen=True)
class PassiveChecks:
    """Kong watches the answers to real requests."""

    failures: int = 20
    """Statuses of `FAILURES`, with no good answer between them, that open the circuit."""
    connection_failures: int = 5
    timeouts: int = 10


@dataclass(frozen=True)
class Upstream:
    """One service behind the gateway."""

    active: ActiveChecks = ActiveChecks()
    passive: PassiveChecks | None = PassiveChecks()
    """None: only active checks open the circuit."""
    algorithm: Algorithm = Algorithm.ROUND_ROBIN


def upstream_policy(upstream: Upstream) -> dict[str, object]:
    """Return the spec of the `KongUpstreamPolicy` that its Service names by an annotation.

    While the circuit is open, Kong answers 503 at once and spares the service. In the mesh the
    target is the service as a whole (`SERVICE_ANNOTATIONS`): this is the circuit breaker of all its
    pods; the mesh's own takes single pods out. That is why active checks are not optional: after
    passive ones alone, nothing would ever close the circuit of the only target.

    :raises InvalidInput: for numbers out of range, with all of them.
    """
    problems = [Problem(path, reason) for path, reason in _problems(upstream)]
    if problems:
        raise InvalidInput("Upstream policy", problems)
    healthchecks: dict[str, object] = {"active": _active(upstream.active)}
    if upstream.passive:
        healthchecks["passive"] = _passive(upstream.passive)
    return {"algorithm": upstream.algorithm.value, "healthchecks": healthchecks}


def _active(checks: ActiveChecks) -> dict[str, object]:
    return {
        "type": "http",
        "httpPath": checks.path,
        "timeout": checks.timeout_seconds,
        "concurrency": 10,
        "healthy": {
            "interval": checks.interval_seconds,
            "successes": checks.healthy_after,
            "httpStatuses": list(HEALTHY),
        },
        "unhealthy": {
            "interval": checks.interval_seconds,
            "httpFailures": checks.unhealthy_after,
            "tcpFailures": checks.unhealthy_after,
            "timeouts": checks.unhealthy_after,
            "httpStatuses": [429, 404, *FAILURES],
        },
    }


def _passive(checks: PassiveChecks) -> dict[str, object]:
    return {
        "type": "http",
        "healthy": {"successes": 1, "httpStatuses": [*range(200, 209), *range(300, 309)]},
        "unhealthy": {
            "httpFailures": checks.failures,
            "tcpFailures": checks.connection_failures,
            "timeouts": checks.timeouts,
            "httpStatuses": list(FAILURES),
        },
    }


def _problems(upstream: Upstream) -> Iterator[tuple[str, str]]:
    active, passive = upstream.active, upstream.passive
    if not active.path.startswith("/") or " " in active.path:
        yield "active.path", f"{active.path!r} is no path such as /health/ready"
    ranges = {
        "active.interval_seconds": (active.interval_seconds, 1, 300),
        "active.timeout_seconds": (active.timeout_seconds, 1, 60),
        "active.healthy_after": (active.healthy_after, 1, 255),
        "active.unhealthy_after": (active.unhealthy_after, 1, 255),
    }
    if passive:
        ranges |= {
            "passive.failures": (passive.failures, 1, 255),
            "passive.connection_failures": (passive.connection_failures, 1, 255),
            "passive.timeouts": (passive.timeouts, 1, 255),
        }
    for path, (value, least, most) in ranges.items():
        if not least <= value <= most:
            yield path, f"{value} is not valid: {least} to {most}"
    if active.timeout_seconds > active.interval_seconds:
        yield "active.timeout_seconds", "is longer than active.interval_seconds"
