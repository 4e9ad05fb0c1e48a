"""What a `ServerlessApi` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class ServerlessRuntime(str, Enum):
    """Python of a zip; an image brings its own.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (2026-11)
    """

    PYTHON_3_12 = "python3.12"
    """Until October 2028."""
    PYTHON_3_13 = "python3.13"
    """Until June 2029."""
    PYTHON_3_14 = "python3.14"
    """Until June 2029."""


class ServerlessTracing(str, Enum):
    """Where traces go."""

    XRAY = "xray"
    """To X-Ray, by Lambda itself."""
    OTLP = "otlp"
    """To an OpenTelemetry collector, by the application."""
    OFF = "off"
    """Nowhere."""


class ServerlessLogLevel(str, Enum):
    """Least level of the application's records that is kept."""

    DEBUG = "debug"
    """All but traces."""
    INFO = "info"
    """What happens."""
    WARN = "warn"
    """What may be wrong."""
    ERROR = "error"
    """What is wrong."""


class ServerlessZipArgs(TypedDict):
    """Code as an archive in S3, in one version that never changes."""

    key: str
    """Key of the object in `code_bucket`."""
    version: str
    """Version id of the object."""
    handler: str
    """What is called, e.g. `orders.lambda_handler.handler`."""
    runtime: NotRequired[ServerlessRuntime]
    """Lambda's runtime. Default: python3.13."""
    snap_start: NotRequired[bool]
    """Start from a snapshot of the initialised function: shorter cold starts, but what was opened
    or drawn at random before it is shared. Not together with `provisioned`. Default: false."""


class ServerlessProvisionedArgs(TypedDict):
    """Instances that are always warm."""

    min: NotRequired[int]
    """Instances at rest. Default: 1."""
    max: NotRequired[int]
    """Instances under load; equal to `min`: their number is fixed. Default: as min."""
    target_percent: NotRequired[int]
    """Share of them that should be in use, 10 to 90. Default: 70."""


class ServerlessRolloutArgs(TypedDict):
    """Some of the traffic for the newest version, while the rest stays where it was."""

    stable_version: str
    """Version that gets the rest, e.g. `12`: output `version` before the change."""
    percent: int
    """Share of the newest version, 1 to 99. Take the rollout away to give it all."""


class ServerlessThrottleArgs(TypedDict):
    """How many requests are let in; more get status 429."""

    rate: NotRequired[int]
    """Requests per second. Default: 100."""
    burst: NotRequired[int]
    """Requests at once. Default: 200."""


class ServerlessRouteArgs(TypedDict):
    """Who may call a route."""

    scopes: NotRequired[Sequence[str]]
    """A token needs one of these, in their full names; 10 at most. Default: any token will do."""
    public: NotRequired[bool]
    """No token is needed. Default: false."""
    throttle: NotRequired[ServerlessThrottleArgs]
    """Its own limits. Default: those of the API."""


class ServerlessCorsArgs(TypedDict):
    """Which other sites' pages may call the API."""

    origins: Sequence[str]
    """E.g. `https://shop.example.com`; `*` for all, without credentials."""
    methods: NotRequired[Sequence[str]]
    """Methods that pages of the origins may use. Default: GET, POST, PUT, PATCH, DELETE."""
    headers: NotRequired[Sequence[str]]
    """That pages may send. Default: authorization, content-type, idempotency-key, x-request-id."""
    expose_headers: NotRequired[Sequence[str]]
    """That pages may read. Default: x-request-id."""
    credentials: NotRequired[bool]
    """Whether pages may send cookies. Default: false."""
    max_age_seconds: NotRequired[int]
    """Seconds that browsers remember this, 0 to 86400. Default: 600."""


class ServerlessBackgroundArgs(TypedDict):
    """A queue, and a second function of the same code that works through it."""

    command: NotRequired[Sequence[str]]
    """What the image runs, e.g. `orders.jobs.handler`; required with an image."""
    handler: NotRequired[str]
    """What is called of a zip; required with a zip."""
    memory_mb: NotRequired[int]
    """MB of the function that takes messages; its CPU grows with it. Default: 512."""
    timeout_seconds: NotRequired[int]
    """Seconds for one batch, 1 to 900. Default: 60."""
    reserved_concurrency: NotRequired[int]
    """Most instances, taken from the account's. Default: none of its own."""
    max_concurrency: NotRequired[int]
    """Most batches at once, 2 to 1000. Default: 10."""
    batch_size: NotRequired[int]
    """Most messages of a batch, 1 to 10000; more than 10 need a window. Default: 10."""
    batch_window_seconds: NotRequired[int]
    """Seconds to wait for a full batch, 0 to 300. Default: 0."""
    visibility_timeout_seconds: NotRequired[int]
    """Seconds until a message that nobody confirmed is tried again; six times the timeout and the
    window at least. Default: exactly that."""
    max_receives: NotRequired[int]
    """Tries before a message goes to the dead-letter queue. Default: 5."""
    retention_days: NotRequired[int]
    """Days that messages wait, 1 to 14; in the dead-letter queue always 14. Default: 4."""


class ServerlessStoreArgs(TypedDict):
    """A store in the VPC. It need not list the functions among its own clients."""

    security_group_id: pulumi.Input[str]
    """Group of the store, which gets a rule that lets the functions in."""
    ports: Sequence[int]
    """TCP ports that it listens at."""


class ServerlessApiArgs(TypedDict):
    """Inputs of `ServerlessApi`."""

    image: NotRequired[str]
    """The arm64 image: a tag that never moves, e.g. `1.4.2`, or a digest `sha256:…`; the repository
    is `repository_url`. This or `zip`."""
    zip: NotRequired[ServerlessZipArgs]
    """The code as an archive. This or `image`."""
    repository_url: NotRequired[pulumi.Input[str]]
    """Repository of the image in ECR, in this region, without a tag; required by `image`."""
    code_bucket: NotRequired[pulumi.Input[str]]
    """Name of the versioned bucket of the archive; required by `zip`."""
    command: NotRequired[Sequence[str]]
    """What the image runs. Default: its own CMD."""
    memory_mb: NotRequired[int]
    """Memory, and with it processors: one for each 1769 MB; 128 to 10240. Default: 1024."""
    timeout_seconds: NotRequired[int]
    """Seconds for a request, 1 to 29: API Gateway waits for 30. Default: 10."""
    tmp_mb: NotRequired[int]
    """Size of /tmp of both functions, 512 to 10240. Default: 512."""
    environment: NotRequired[Mapping[str, str]]
    """Variables of both functions, in plain text. Default: none."""
    values: NotRequired[Mapping[str, pulumi.Input[str]]]
    """More of them, known when other resources are, e.g. names of tables. Default: none."""
    secret_arns: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Secrets that the functions may read, by the variable that names each, e.g.
    `CACHE_SECRET_ARN`. Default: none."""
    secret_key_arns: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Keys of these secrets, by the same variables. Default: AWS's own key."""
    policies: NotRequired[Mapping[str, pulumi.Input[str]]]
    """What else the functions may do: policies as JSON by a short name, e.g.
    `document(*table_statements(…))`. Default: nothing."""
    reserved_concurrency: NotRequired[int]
    """Most instances, taken from the account's; 0 stops the API. Default: none of its own."""
    provisioned: NotRequired[ServerlessProvisionedArgs]
    """Instances that are always warm. Default: none."""
    rollout: NotRequired[ServerlessRolloutArgs]
    """Give the newest version some of the traffic only. Default: all of it."""
    tracing: NotRequired[ServerlessTracing]
    """Where traces go. Default: xray."""
    otlp_endpoint: NotRequired[pulumi.Input[str]]
    """The collector's base URL; required by tracing otlp."""
    log_level: NotRequired[ServerlessLogLevel]
    """The least level that is logged. Default: info."""
    log_retention_days: NotRequired[int]
    """Days until a record is deleted. Default: 30."""
    routes: NotRequired[Mapping[str, ServerlessRouteArgs]]
    """By method and path, e.g. `GET /orders/{id}`, `ANY /{proxy+}`; `$default` is all that no other
    one takes. Default: `$default`, with a token."""
    issuer: NotRequired[pulumi.Input[str]]
    """Whose tokens are taken; required unless every route is public."""
    audiences: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Whom they must be for; required with `issuer`."""
    throttle: NotRequired[ServerlessThrottleArgs]
    """Limits of each route that has none of its own. Default: 100 a second, 200 at once."""
    cors: NotRequired[ServerlessCorsArgs]
    """Which other sites' pages may call. Default: none."""
    domain_name: NotRequired[str]
    """Name of the API, e.g. `api.example.com`; needs `zone_id` or `certificate_arn`. The one that
    AWS gives is closed then. Default: that one."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """Certificate of `domain_name`, in this region. Default: made here, and proved in `zone_id`."""
    zone_id: NotRequired[pulumi.Input[str]]
    """Route 53 zone in which `domain_name` gets its record. Default: it is made elsewhere."""
    vpc_id: NotRequired[pulumi.Input[str]]
    """VPC of the subnets; required with `subnet_ids`."""
    subnet_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Private subnets, for functions that use a store in the VPC. Default: no VPC."""
    stores: NotRequired[Mapping[str, ServerlessStoreArgs]]
    """What in the VPC the functions connect to, by a short name, e.g. `cache`; needs `subnet_ids`.
    Default: nothing."""
    background: NotRequired[ServerlessBackgroundArgs]
    """A queue and a function that works through it. Default: none."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of trouble. Default: alarms are only to be seen."""
    protect: NotRequired[bool]
    """Refuse to delete the key and the queues. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
