"""The structural inputs of an `Edge`, checked."""

import re
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from components._base.cidr import Cidr
from components._base.spec import Spec
from components.edge.args import EdgePriceClass, EdgeProtocol, EdgeTls
from components.edge.capacity import INCLUDED_CAPACITY, capacity_of
from components.edge.tls import TLS_POLICIES
from components.edge.waf_args import EdgeWafMode
from components.edge.waf_spec import SEEN_BYTES, EdgeWafSpec
from components.storage.spec import LONGEST_DAYS

DOMAIN = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
LONGEST_DOMAIN = 253
LONGEST_FIRST = 64
"""Letters of a certificate's own name, RFC 5280."""

MOST_NAMES = 10
"""https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html (2026-11); more on request."""

LONGEST_IDLE_SECONDS, LONGEST_DEREGISTRATION_SECONDS = 4000, 3600
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
(2026-11)"""

Port = Annotated[int, Field(ge=1, le=65535)]


class EdgeDomainSpec(Spec):
    """The names under which callers come."""

    names: tuple[str, ...]
    """Such as `api.example.com`; the first is the certificate's own."""
    zone_id: str = Field(pattern=r"^Z[A-Z0-9]{1,31}$")
    """The Route 53 zone of all of them."""

    @field_validator("names")
    @classmethod
    def _domains(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not 1 <= len(names) <= MOST_NAMES:
            raise ValueError(f"{len(names)} names; 1 to {MOST_NAMES} allowed")
        lowered = tuple(name.lower().rstrip(".") for name in names)
        wrong = [n for n in lowered if not DOMAIN.fullmatch(n) or len(n) > LONGEST_DOMAIN]
        if wrong:
            raise ValueError(f"no names such as api.example.com: {', '.join(wrong)}")
        twice = sorted({name for name in lowered if lowered.count(name) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        if len(lowered[0]) > LONGEST_FIRST:
            raise ValueError(f"the first may have {LONGEST_FIRST} letters at most: {lowered[0]}")
        return lowered


class EdgeTargetSpec(Spec):
    """Where the gateway's pods listen."""

    port: Port = 8443
    """Where they take requests."""
    protocol: EdgeProtocol = EdgeProtocol.HTTPS
    """What they speak there."""
    health_port: Port = 8100
    """Where they tell how they are."""
    health_protocol: EdgeProtocol = EdgeProtocol.HTTP
    """What they speak there."""
    health_path: str = Field(default="/status/ready", pattern=r"^/[\x21-\x7e]{0,1023}$")
    """What they are asked."""
    deregistration_seconds: int = Field(default=60, ge=0, le=LONGEST_DEREGISTRATION_SECONDS)
    """For which a pod that goes may still answer."""

    @property
    def ports(self) -> dict[str, int]:
        """Ports that the load balancer must reach, by name."""
        named = {"requests": self.port, "health": self.health_port}
        return named if self.port != self.health_port else {"requests": self.port}


class EdgeAccessLogsSpec(Spec):
    """The load balancer's logs, in a bucket of their own."""

    retention_days: int = Field(default=365, ge=1, le=LONGEST_DAYS)
    """Days until a log object is deleted."""
    connections: bool = False
    """Log TLS handshakes too."""
    force_destroy: bool = False
    """Delete the bucket even with logs in it."""


class EdgeShieldSpec(Spec):
    """AWS Shield Advanced, to which the account must be subscribed."""

    automatic_response: EdgeWafMode = EdgeWafMode.COUNT
    """What Shield does with requests by which it recognizes an attack."""


class EdgeCloudFrontSpec(Spec):
    """CloudFront in front."""

    price_class: EdgePriceClass = EdgePriceClass.CHEAPEST
    """Where CloudFront answers."""
    secret_version: int = Field(default=1, ge=1)
    """The only way to another secret between CloudFront and the load balancer."""


class EdgeSpec(Spec):
    """Load balancer, names, certificate and firewall in front of the gateway."""

    domain: EdgeDomainSpec | None = None
    """The names under which callers come; required unless `insecure_http` is true."""
    insecure_http: bool = False
    """Without a domain: plain HTTP."""
    internal: bool = False
    """Reached from the VPC and what is connected to it only."""
    allowed_cidrs: tuple[Cidr, ...] = ()
    """IPv4 ranges that may connect; default: the world."""
    ipv6: bool = False
    """Whether callers may come to the load balancer over IPv6."""
    tls: EdgeTls = EdgeTls.TLS_12
    """Which versions of TLS callers may speak."""
    idle_timeout_seconds: int = Field(default=60, ge=1, le=LONGEST_IDLE_SECONDS)
    """For which a connection may be idle."""
    target: EdgeTargetSpec = EdgeTargetSpec()
    """Where the gateway's pods listen."""
    shield: EdgeShieldSpec | None = None
    """AWS Shield Advanced; default: not used."""
    cloudfront: EdgeCloudFrontSpec | None = None
    """CloudFront in front; default: none."""
    protect: bool = False
    """Refuse to delete the load balancer, its logs and their key."""
    access_logs: EdgeAccessLogsSpec = EdgeAccessLogsSpec()
    """The load balancer's logs."""
    waf: EdgeWafSpec = EdgeWafSpec()
    """The web application firewall."""

    @field_validator("allowed_cidrs")
    @classmethod
    def _once_each(cls, cidrs: tuple[Cidr, ...]) -> tuple[Cidr, ...]:
        twice = sorted({str(cidr) for cidr in cidrs if cidrs.count(cidr) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return cidrs

    @field_validator("access_logs")
    @classmethod
    def _protected_is_kept(
        cls, logs: EdgeAccessLogsSpec, info: ValidationInfo
    ) -> EdgeAccessLogsSpec:
        if info.data.get("protect") and logs.force_destroy:
            raise ValueError("force_destroy and protect exclude each other")
        return logs

    @field_validator("waf")
    @classmethod
    def _possible(cls, waf: EdgeWafSpec, info: ValidationInfo) -> EdgeWafSpec:
        if not waf.enabled:
            return waf
        wrong: list[str] = []
        # what is missing from the data is itself wrong
        if waf.max_body_bytes > SEEN_BYTES and info.data.get("cloudfront", ...) is None:
            wrong.append(
                f"max_body_bytes: more than {SEEN_BYTES} needs cloudfront; see large_body_paths"
            )
        needed = capacity_of(waf, shield=bool(info.data.get("shield")))
        if needed > INCLUDED_CAPACITY:
            wrong.append(
                f"its rules need {needed} WCU of {INCLUDED_CAPACITY}; take out groups, path_rates "
                "or large_body_paths"
            )
        if wrong:
            raise ValueError("; ".join(wrong))
        return waf

    @model_validator(mode="after")
    def _together(self) -> "EdgeSpec":
        wrong = [*self._wrong_names(), *self._wrong_place()]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _wrong_names(self) -> list[str]:
        wrong: list[str] = []
        if self.domain and self.insecure_http:
            wrong.append("insecure_http is for an edge without a domain; take one of them out")
        if not self.domain and not self.insecure_http:
            wrong.append(
                "domain is required, for HTTPS; to try things out in plain HTTP without one, set "
                "insecure_http to true"
            )
        if self.insecure_http and self.protect:
            wrong.append("insecure_http is not for production: protect is on")
        return wrong

    def _wrong_place(self) -> list[str]:
        wrong: list[str] = []
        if self.internal and self.cloudfront:
            wrong.append("cloudfront can't reach an internal load balancer")
        if self.internal and not self.allowed_cidrs:
            wrong.append("internal needs allowed_cidrs: who may connect, e.g. the VPC's own range")
        if self.cloudfront and not self.domain:
            wrong.append("cloudfront needs a domain")
        if self.shield and (self.internal or not self.waf.enabled):
            wrong.append("shield needs an edge that the internet reaches, and waf.enabled")
        if self.cloudfront and self.allowed_cidrs:
            wrong.append(
                "allowed_cidrs: with cloudfront only CloudFront connects; see the lists of waf"
            )
        if self.cloudfront and TLS_POLICIES[self.tls].cloudfront is None:
            wrong.append(f"tls: CloudFront has no {self.tls.value}")
        if self.cloudfront and self.ipv6:
            wrong.append("ipv6: CloudFront takes IPv6 in any case, and comes over IPv4 itself")
        return wrong
