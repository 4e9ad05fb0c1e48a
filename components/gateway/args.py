"""What a `Gateway` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class GatewayNodes(str, Enum):
    """Where the gateway's pods run; the controller's are always on the system nodes."""

    GENERAL = "general"
    """On Karpenter's nodes, which come and go with the load."""
    SYSTEM = "system"
    """On the system nodes: where there are no others."""


class GatewayRateLimitArgs(TypedDict):
    """How many requests each client address may make, on routes with no limits of their own."""

    per_second: NotRequired[int]
    """In a second. Default: 20."""
    per_minute: NotRequired[int]
    """In a minute. Default: 600."""
    per_hour: NotRequired[int]
    """In an hour. Default: no limit."""
    fail_open: NotRequired[bool]
    """Let requests through while the cache does not answer; else they get a 500. Default: true."""


class GatewaySecurityHeadersArgs(TypedDict):
    """Response headers that make browsers careful, on routes with none of their own."""

    hsts_seconds: NotRequired[int]
    """For which browsers use HTTPS only, a year or more. Default: 31536000, a year."""
    hsts_subdomains: NotRequired[bool]
    """With all names below. Default: true."""
    content_security_policy: NotRequired[str]
    """Without `frame-ancestors`. Default: `default-src 'none'`, for an API without pages."""
    frame_ancestors: NotRequired[str]
    """Who may show a page in a frame: `'none'` or `'self'`. Default: `'none'`."""
    referrer_policy: NotRequired[str]
    """What browsers tell other sites of where they come from. Default: no-referrer."""
    permissions_policy: NotRequired[str]
    """What pages may not use. Default: no camera, geolocation and microphone."""


class GatewayJwtArgs(TypedDict):
    """Tokens that the gateway takes, on routes that want one."""

    keys: NotRequired[Mapping[str, str]]
    """Public keys of the issuer as PEM, by their `kid`: all that its JWKS has. `python -m
    components.gateway.jwks URL` prints them. Default: none, and routes that want a token refuse
    everybody."""


class GatewayCountersArgs(TypedDict):
    """The cache in which requests are counted: Redis over TLS, not in cluster mode."""

    host: pulumi.Input[str]
    """Its primary endpoint."""
    user_name: pulumi.Input[str]
    """Its user."""
    secret_arn: pulumi.Input[str]
    """Secret in Secrets Manager, JSON with the user's `password`."""
    secret_store: pulumi.Input[str]
    """`ClusterSecretStore` that may read it."""
    port: NotRequired[int]
    """Port of the endpoint. Default: 6379."""


class GatewayArgs(TypedDict):
    """Inputs of `Gateway`."""

    vpc_cidr: pulumi.Input[str]
    """The VPC's IPv4 range: control plane, load balancer and cache are in it."""
    trusted_cidrs: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """From where requests come and `X-Forwarded-For` is believed: the load balancer's subnets, and
    what is in front of it. Default: `vpc_cidr`."""
    target_group_arn: NotRequired[pulumi.Input[str]]
    """The load balancer's target group, of ip targets, HTTPS on 8443, health on 8100. Default:
    none, and nothing outside the cluster reaches the gateway."""
    load_balancer_security_group_id: NotRequired[pulumi.Input[str]]
    """Let the AWS Load Balancer Controller admit this group to the pods. Default: the rules are
    somebody else's, such as `Edge`'s."""
    counters: NotRequired[GatewayCountersArgs]
    """The cache in which requests are counted. Default: each gateway pod counts for itself."""
    otlp_endpoint: NotRequired[pulumi.Input[str]]
    """Where traces go, OTLP over HTTP, e.g. `http://collector.observability.svc:4318/v1/traces`.
    Default: nowhere."""
    telemetry_namespaces: NotRequired[Sequence[str]]
    """Namespaces that read metrics and take traces. Default: observability."""
    trust_version: NotRequired[pulumi.Input[str]]
    """Of the mesh's trust anchors: pods start anew when it changes. Default: none is known."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of whatever has to be there first, and to go last: of `Addons`
    `cert_manager_namespace` and `target_group_bindings`, of `Mesh` `gateway_api` and
    `trust_domain`. Default: nothing."""
    replicas: NotRequired[int]
    """Least number of gateway pods, 1 to 50; with 2 or more they may not all be disrupted at once.
    Default: 3."""
    max_replicas: NotRequired[int]
    """Most gateway pods, up to 100; if it is more than `replicas`, load decides. Default: 12."""
    cpu_target_percent: NotRequired[int]
    """Use of the CPU asked for that more pods are to keep, 20 to 90. Default: 60."""
    controller_replicas: NotRequired[int]
    """Pods of the controller, of which one is at work, 1 to 5. Default: 2."""
    nodes: NotRequired[GatewayNodes]
    """Where gateway pods run. Default: general."""
    cpu_millicores: NotRequired[int]
    """Thousandths of a core that a gateway pod is sure to get, 100 to 8000. Default: 500."""
    memory_mib: NotRequired[int]
    """MiB that a gateway pod may use, 768 to 16384. Default: 1536."""
    request_megabytes: NotRequired[int]
    """Largest request of all, 1 to 512. Default: 10."""
    rate_limit: NotRequired[GatewayRateLimitArgs]
    """Requests of each client address on routes with no limits of their own."""
    security_headers: NotRequired[GatewaySecurityHeadersArgs]
    """Response headers of routes with none of their own."""
    jwt: NotRequired[GatewayJwtArgs]
    """Tokens that are taken."""
    trace_sampling: NotRequired[float]
    """Which part of the requests is traced, 0 to 1. Default: 0.1."""
    service_monitors: NotRequired[bool]
    """Create ServiceMonitors, whose definition has to be there before. Default: false."""
    mirror: NotRequired[str]
    """Registry with all charts and images; see docs/private-registry.md. Default: the public
    ones."""
    protect: NotRequired[bool]
    """Refuse to delete the controller, and with it all routes. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS, of which there is none: all is in the cluster."""
