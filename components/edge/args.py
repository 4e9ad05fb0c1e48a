"""What an `Edge` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from components.edge.waf_args import EdgeWafArgs, EdgeWafMode


class EdgeTls(str, Enum):
    """Which versions of TLS callers may speak."""

    TLS_12 = "tls12"
    """1.2 and 1.3, with forward secrecy and authenticated encryption only: what AWS recommends."""
    TLS_13 = "tls13"
    """1.3 only."""
    FIPS = "fips"
    """As `tls12`, by cryptography that is validated under FIPS 140-3."""


class EdgeProtocol(str, Enum):
    """What the load balancer speaks to the gateway."""

    HTTPS = "HTTPS"
    """Encrypted all the way; no load balancer of AWS verifies the gateway's certificate."""
    HTTP = "HTTP"
    """In the clear within the VPC."""


class EdgePriceClass(str, Enum):
    """Where CloudFront answers, https://aws.amazon.com/cloudfront/pricing/ (2026-11)."""

    CHEAPEST = "PriceClass_100"
    """North America, Europe and Israel."""
    MOST = "PriceClass_200"
    """All but South America and Oceania."""
    ALL = "PriceClass_All"
    """Everywhere."""


class EdgeDomainArgs(TypedDict):
    """The names under which callers come."""

    names: Sequence[str]
    """Such as `api.example.com` or `*.example.com`, ten at most; the first is the certificate's
    own."""
    zone_id: str
    """The Route 53 zone of all of them, e.g. `Z0123456789ABCDEFGHIJ`. The certificate is validated
    by records there, and callers find the way by it."""


class EdgeTargetArgs(TypedDict):
    """Where the gateway's pods listen."""

    port: NotRequired[int]
    """Port of the pods that take requests. Default: 8443, where Kong takes HTTPS."""
    protocol: NotRequired[EdgeProtocol]
    """How they are spoken to. Default: HTTPS."""
    health_port: NotRequired[int]
    """Port that tells whether a pod is healthy. Default: 8100, Kong's status."""
    health_protocol: NotRequired[EdgeProtocol]
    """How it is asked. Default: HTTP."""
    health_path: NotRequired[str]
    """Path that is asked for. Default: `/status/ready`, which is fine once Kong has its
    configuration."""
    deregistration_seconds: NotRequired[int]
    """For which a pod that goes may still answer, 0 to 3600. Default: 60."""


class EdgeAccessLogsArgs(TypedDict):
    """The load balancer's logs, in a bucket of their own."""

    retention_days: NotRequired[int]
    """Days until a log object is deleted. Default: 365."""
    connections: NotRequired[bool]
    """Log TLS handshakes too, with versions, ciphers and failures. Default: false."""
    force_destroy: NotRequired[bool]
    """Delete the bucket even with logs in it. Only without `protect`. Default: false."""


class EdgeShieldArgs(TypedDict):
    """AWS Shield Advanced, to which the account must be subscribed already.

    It costs 3000 USD a month, for a year at least, which no program should decide:
    https://aws.amazon.com/shield/pricing/ (2026-11).
    """

    automatic_response: NotRequired[EdgeWafMode]
    """What Shield does with requests by which it recognizes an attack. Default: count."""


class EdgeCloudFrontArgs(TypedDict):
    """CloudFront in front: callers meet it near them, and nobody else meets the load balancer."""

    price_class: NotRequired[EdgePriceClass]
    """Which of its locations are used. Default: PriceClass_100."""
    secret_version: NotRequired[int]
    """1 or more; the only way to another secret between CloudFront and the load balancer. With one
    more, the one before stays good until the next change. Default: 1."""


class EdgeArgs(TypedDict):
    """Inputs of `Edge`."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """In two or more zones: public subnets, or private ones for an internal load balancer."""
    targets: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Security groups of what the load balancer forwards to, by name, e.g. `cluster`. Both sides'
    rules are made here. Default: none, and nothing is reached."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of trouble. Default: alarms are only to be seen."""
    global_alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """With CloudFront: a topic in us-east-1, where its metrics are, and no other topic is reached.
    Default: those alarms are only to be seen."""
    domain: NotRequired[EdgeDomainArgs]
    """The names under which callers come. Required, unless `insecure_http` is true."""
    insecure_http: NotRequired[bool]
    """Without a domain: plain HTTP, for trying things out and never with `protect`. Default:
    false."""
    internal: NotRequired[bool]
    """Reached from the VPC and what is connected to it only. Default: false."""
    allowed_cidrs: NotRequired[Sequence[str]]
    """IPv4 ranges that may connect. Default: the world; of an internal one they must be named."""
    ipv6: NotRequired[bool]
    """Whether callers may come over IPv6, for which the subnets need IPv6 too. CloudFront takes
    IPv6 in any case. Default: false."""
    tls: NotRequired[EdgeTls]
    """Which versions of TLS callers may speak. Default: tls12."""
    idle_timeout_seconds: NotRequired[int]
    """For which a connection may be idle, 1 to 4000; less than the gateway's own keep-alive, or it
    closes connections on which requests are under way. Default: 60; Kong's is 75."""
    target: NotRequired[EdgeTargetArgs]
    """Where the gateway's pods listen. Default: where Kong's chart has them."""
    access_logs: NotRequired[EdgeAccessLogsArgs]
    """Who asked for what, in a bucket. Default: kept for 365 days."""
    waf: NotRequired[EdgeWafArgs]
    """The web application firewall. Default: on."""
    shield: NotRequired[EdgeShieldArgs]
    """AWS Shield Advanced. Default: not used."""
    cloudfront: NotRequired[EdgeCloudFrontArgs]
    """CloudFront in front. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete the load balancer, its logs and their key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
