"""What a `FastApiService` takes: the edge that other languages see. Shared with `Worker`."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from components.gateway.args import GatewayCountersArgs
from components.service.stores_args import StoresArgs


class DataAccess(str, Enum):
    """What a workload does with a table or a bucket."""

    READ = "read"
    """Reads."""
    WRITE = "write"
    """Writes, and reads nothing."""
    READ_WRITE = "readWrite"
    """Both."""


class RateLimitBy(str, Enum):
    """Whose requests are counted together."""

    IP = "ip"
    """One address of a client."""
    HEADER = "header"
    """One value of a header, e.g. of a tenant's id."""
    SERVICE = "service"
    """All requests to the service."""


class ReplicasArgs(TypedDict):
    """How many pods there are."""

    min: NotRequired[int]
    """At rest, 1 to 200. Default: 2."""
    max: NotRequired[int]
    """Under load, 1 to 500; as `min`: no scaling. Default: 10."""


class ScalingArgs(TypedDict):
    """What more pods are started for."""

    cpu_percent: NotRequired[int]
    """Use of the CPU asked for that is kept, 20 to 90. Default: 65."""
    requests_per_second: NotRequired[int]
    """Requests that one pod serves each second; needs KEDA and Prometheus. Default: not counted."""
    kafka_lag: NotRequired[int]
    """Records that may wait for one pod; needs KEDA. Default: not counted."""


class RateLimitArgs(TypedDict):
    """Requests beyond which the gateway answers 429."""

    per_second: NotRequired[int]
    """In a second. Default: no limit."""
    per_minute: NotRequired[int]
    """In a minute. Default: 600."""
    per_hour: NotRequired[int]
    """In an hour. Default: no limit."""
    by: NotRequired[RateLimitBy]
    """Whose requests are counted together. Default: one client address's."""
    header: NotRequired[str]
    """The header, if they are counted by one."""


class CorsArgs(TypedDict):
    """Which pages of other origins may call."""

    origins: Sequence[str]
    """E.g. `https://shop.example.com`."""
    credentials: NotRequired[bool]
    """Whether they may send cookies. Default: false."""


class PublicArgs(TypedDict):
    """What of the service the gateway shows to the outside world."""

    paths: Sequence[str]
    """Prefixes of whole segments, e.g. `/orders`."""
    methods: NotRequired[Sequence[str]]
    """Methods that are let through. Default: all."""
    rate_limit: NotRequired[RateLimitArgs]
    """Always on. Default: 600 requests in a minute for each address."""
    scopes: NotRequired[Sequence[str]]
    """Scopes that its routes ask for, as the identity names them; the service enforces them."""
    cors: NotRequired[CorsArgs]
    """Which pages of other origins may call. Default: none."""
    timeout_seconds: NotRequired[int]
    """Longest time for a request, 1 to 300. Default: 10."""
    max_body_megabytes: NotRequired[int]
    """Largest body in MiB, 1 to 100; the gateway's own limit holds too. Default: 1."""
    anonymous: NotRequired[bool]
    """Take requests without a token. Default: false."""
    strip_prefix: NotRequired[bool]
    """The service sees `/7` for `/orders/7`. Default: false."""


class SloLatencyArgs(TypedDict):
    """How many requests are answered in time."""

    target: NotRequired[float]
    """Percent of the requests, below 100. Default: 99."""
    threshold_ms: NotRequired[int]
    """What in time means, in milliseconds; a bound of the library's histogram. Default: 500."""


class SloArgs(TypedDict):
    """What a service promises to its callers."""

    enabled: NotRequired[bool]
    """Tell somebody when it is broken. Default: true."""
    availability: NotRequired[float]
    """Percent of the requests that are not answered by 5xx, below 100. Default: 99.9."""
    latency: NotRequired[SloLatencyArgs]
    """How many are answered in time. Default: 99 % within 500 ms."""
    window_days: NotRequired[int]
    """Days over which it is counted, 7 to 90. Default: 30."""


class CanaryArgs(TypedDict):
    """A newer version that takes a share of the requests."""

    image: str
    """As the service's own `image`."""
    weight_percent: NotRequired[int]
    """Its share of the requests, 0 to 100; 0: none but those that name it (`http://NAME-canary…`).
    Default: 10."""


class RolloutArgs(TypedDict):
    """How another version comes; nothing: by the Deployment, pod by pod."""

    canary: NotRequired[CanaryArgs]
    """A newer version that takes a share of the requests. Default: none."""


class UsesKafkaArgs(TypedDict):
    """Topics that a workload reads and writes."""

    produce: NotRequired[Sequence[str]]
    """Topics that it writes to."""
    consume: NotRequired[Sequence[str]]
    """Topics that it reads. It may write to their dead letters, `TOPIC.GROUP.dlq`."""
    group: NotRequired[str]
    """Consumer group. Default: the workload's name."""


class UsesArgs(TypedDict):
    """Data services that a workload uses: what is named is reachable and allowed, and no more."""

    cache: NotRequired[bool]
    """Valkey or Redis. Default: false."""
    kafka: NotRequired[UsesKafkaArgs]
    """Topics. Default: none."""
    search: NotRequired[bool]
    """Elasticsearch or OpenSearch. Default: false."""
    tables: NotRequired[Mapping[str, DataAccess]]
    """Tables by name. Default: none."""
    rabbitmq: NotRequired[bool]
    """RabbitMQ. Default: false."""
    buckets: NotRequired[Mapping[str, DataAccess]]
    """Buckets by short name. Default: none."""


class TokenIssuerArgs(TypedDict):
    """Whose tokens services take: outputs of `Identity`."""

    issuer: pulumi.Input[str]
    """The tokens' `iss`."""
    audience: pulumi.Input[str]
    """What their `aud` has to name."""
    jwks_uri: pulumi.Input[str]
    """URL of the keys that sign them."""


class WorkloadArgs(TypedDict):
    """Inputs that every workload has."""

    image: str
    """`REPOSITORY:1.4.2` or `REPOSITORY@sha256:…`; with `repository_url` the tag or digest alone.
    A tag that moves, such as latest, is refused."""
    cpu: NotRequired[float]
    """Cores that a pod is sure to get, 0.05 to 15.5. Default: 0.25."""
    memory_mib: NotRequired[int]
    """MiB that a pod is sure to get, and not more. Default: 512."""
    uses: NotRequired[UsesArgs]
    """Data services that it uses. Default: none."""
    env: NotRequired[Mapping[str, str]]
    """Variables of its own, in plain text, and those of the contract that it may tune."""
    auto_instrument: NotRequired[bool]
    """Have OpenTelemetry's operator instrument it: for images without our runtime.
    Default: false."""

    namespace: str
    """Name of its namespace, see `ServiceNamespace`."""
    requires: NotRequired[Sequence[pulumi.Input[str]]]
    """Outputs of whatever has to be there first, and to go last: `ServiceNamespace.ready`,
    `Gateway.gateway_name`, `Addons.secret_store` and `scaled_objects`. Default: nothing."""
    cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the EKS cluster; needed for what comes with an IAM role: Kafka, tables, buckets."""
    region: NotRequired[pulumi.Input[str]]
    """AWS region of the data services. Default: the provider's."""
    repository_url: NotRequired[pulumi.Input[str]]
    """Repository of the image, where `image` does not name one."""
    environment: NotRequired[str]
    """What the stack is for, in logs and traces. Default: the stack's name."""
    stores: NotRequired[StoresArgs]
    """The data services that the stack has."""
    data_cidrs: NotRequired[Sequence[pulumi.Input[str]]]
    """CIDRs of the data services' subnets."""
    secret_store: NotRequired[pulumi.Input[str]]
    """Name of the `ClusterSecretStore`; needed where `uses` comes with a password."""
    identity: NotRequired[TokenIssuerArgs]
    """Whose tokens are taken."""
    otel_endpoint: NotRequired[pulumi.Input[str]]
    """Collector's base URL, OTLP over HTTP. Default: nothing is recorded."""
    instrumentation: NotRequired[pulumi.Input[str]]
    """`Tracing.instrumentation`; needed by `auto_instrument`."""
    observability_namespace: NotRequired[str]
    """Namespace of the collector and of Prometheus. Default: `observability`."""
    monitored: NotRequired[bool]
    """Create a ServiceMonitor; its definition has to be there. Default: false."""
    prometheus_account: NotRequired[str]
    """Prometheus' service account, if it is meshed. Default: it is not, and its namespace's pods
    may read `/metrics`."""
    prometheus_url: NotRequired[pulumi.Input[str]]
    """Prometheus' own API, for scaling by requests."""
    scaled_objects: NotRequired[pulumi.Input[str]]
    """apiVersion of KEDA's ScaledObjects, once they work (`Addons.scaled_objects`)."""
    trust_version: NotRequired[pulumi.Input[str]]
    """The mesh's, which another value starts pods anew for (`Mesh.trust_version`)."""
    calls: NotRequired[Sequence[str]]
    """Services of the namespace that it may connect to: those that name it as caller (`callees`).
    Default: none."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource in AWS."""


class FastApiServiceArgs(WorkloadArgs):
    """Inputs of `FastApiService`."""

    replicas: NotRequired[ReplicasArgs]
    """How many pods there are. Default: 2 to 10."""
    scaling: NotRequired[ScalingArgs]
    """What more pods are started for. Default: 65 % of the CPU asked for."""
    public: NotRequired[PublicArgs]
    """What the gateway shows of it. Default: nothing."""
    callers: NotRequired[Sequence[str]]
    """Services and workers of the namespace that may call it. Default: none."""
    slo: NotRequired[SloArgs]
    """What it promises to its callers, which `Alerts` watches. Default: 99.9 % of the requests
    without a 5xx and 99 % within 500 ms, over 30 days."""
    rollout: NotRequired[RolloutArgs]
    """A newer version beside it. Default: none; another `image` comes pod by pod."""
    hosts: NotRequired[Sequence[str]]
    """Hosts of the gateway under which `public` is shown."""
    scanner_namespace: NotRequired[str]
    """Namespace whose pods may read `/openapi.json` (`SecurityScans`). Default: none."""
    counters: NotRequired[GatewayCountersArgs]
    """Where requests are counted, as the gateway was told. Default: each of its pods counts for
    itself."""
