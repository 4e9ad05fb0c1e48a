"""The structural inputs of a `Gateway`, checked."""

from collections.abc import Callable
from dataclasses import asdict
from typing import cast

from pydantic import Field, field_validator, model_validator

from components._base.errors import InvalidInput
from components._base.spec import Spec
from components.gateway.args import GatewayNodes
from components.gateway.plugins import (
    RateLimits,
    SecurityHeaders,
    rate_limiting,
    security_headers,
)
from components.gateway.plugins.headers import YEAR
from components.gateway.plugins.tokens import key_problems

DEFAULT_HEADERS = SecurityHeaders()


def _check(make: Callable[[], object]) -> None:
    """Let a plugin's builder judge, and tell its problems as pydantic's."""
    try:
        make()
    except InvalidInput as error:
        problems = cast("tuple[object, ...]", error.problems)
        raise ValueError("; ".join(str(problem) for problem in problems)) from None


class GatewayRateLimitSpec(Spec):
    """How many requests each client address may make, on routes with no limits of their own."""

    per_second: int | None = 20
    """Requests in a second; null: no limit."""
    per_minute: int | None = 600
    """Requests in a minute; null: no limit."""
    per_hour: int | None = None
    """Requests in an hour; null: no limit."""
    fail_open: bool = True
    """Let requests through while the cache does not answer; else they get a 500."""

    @property
    def limits(self) -> RateLimits:
        """The same, for the plugin's builder."""
        return RateLimits(
            per_second=self.per_second,
            per_minute=self.per_minute,
            per_hour=self.per_hour,
            fail_open=self.fail_open,
        )

    @model_validator(mode="after")
    def _as_kong_wants(self) -> "GatewayRateLimitSpec":
        _check(lambda: rate_limiting(self.limits))
        return self


class GatewaySecurityHeadersSpec(Spec):
    """Response headers that make browsers careful, on routes with none of their own."""

    hsts_seconds: int = YEAR
    """For which browsers use HTTPS only, a year or more."""
    hsts_subdomains: bool = DEFAULT_HEADERS.hsts_subdomains
    """With all names below."""
    content_security_policy: str = DEFAULT_HEADERS.content_security_policy
    """Without `frame-ancestors`."""
    frame_ancestors: str = DEFAULT_HEADERS.frame_ancestors
    """Who may show a page in a frame: `'none'` or `'self'`."""
    referrer_policy: str = DEFAULT_HEADERS.referrer_policy
    """What other sites are told of the page that a request comes from."""
    permissions_policy: str = DEFAULT_HEADERS.permissions_policy
    """Which of the browser's devices pages may use."""

    @property
    def headers(self) -> SecurityHeaders:
        """The same, for the plugin's builder."""
        names = asdict(DEFAULT_HEADERS)
        return SecurityHeaders(**{name: getattr(self, name) for name in names})

    @model_validator(mode="after")
    def _careful(self) -> "GatewaySecurityHeadersSpec":
        _check(lambda: security_headers(self.headers))
        return self


class GatewayJwtSpec(Spec):
    """Tokens that the gateway takes, on routes that want one."""

    keys: dict[str, str] = Field(default_factory=dict[str, str])
    """Public keys of the issuer as PEM, by their `kid`."""

    @field_validator("keys")
    @classmethod
    def _public(cls, keys: dict[str, str]) -> dict[str, str]:
        problems = list(key_problems(keys))
        if problems:
            raise ValueError("; ".join(problems))
        return keys


class GatewaySpec(Spec):
    """Kong: gateway, ingress controller, and what holds for every route."""

    replicas: int = Field(3, ge=1, le=50)
    """Least number of gateway pods; with 2 or more they may not all be disrupted at once."""
    max_replicas: int = Field(12, ge=1, le=100)
    """Most gateway pods; if it is more than `replicas`, load decides."""
    cpu_target_percent: int = Field(60, ge=20, le=90)
    """Use of the CPU asked for that more pods are to keep."""
    controller_replicas: int = Field(2, ge=1, le=5)
    """Pods of the controller, of which one is at work."""
    nodes: GatewayNodes = GatewayNodes.GENERAL
    """Where gateway pods run."""
    cpu_millicores: int = Field(500, ge=100, le=8000)
    """Thousandths of a core that a gateway pod is sure to get."""
    memory_mib: int = Field(1536, ge=768, le=16384)
    """MiB that a gateway pod may use."""
    request_megabytes: int = Field(10, ge=1, le=512)
    """Largest request of all."""
    rate_limit: GatewayRateLimitSpec = GatewayRateLimitSpec()
    """Requests of each client address on routes with no limits of their own."""
    security_headers: GatewaySecurityHeadersSpec = GatewaySecurityHeadersSpec()
    """Response headers of routes with none of their own."""
    jwt: GatewayJwtSpec = GatewayJwtSpec()
    """Tokens that are taken."""
    trace_sampling: float = Field(0.1, ge=0, le=1)
    """Which part of the requests is traced."""
    telemetry_namespaces: tuple[str, ...] = ("observability",)
    """Namespaces that read metrics and take traces."""
    service_monitors: bool = False
    """Create ServiceMonitors, whose definition has to be there before."""
    protect: bool = False
    """Refuse to delete the controller, and with it all routes."""

    @model_validator(mode="after")
    def _least_and_most(self) -> "GatewaySpec":
        if self.max_replicas < self.replicas:
            raise ValueError(
                f"max_replicas {self.max_replicas} is less than replicas {self.replicas}"
            )
        return self
