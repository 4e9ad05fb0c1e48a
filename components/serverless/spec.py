"""The structural inputs of a `ServerlessApi`, checked."""

from collections.abc import Iterator

from pydantic import Field, field_validator, model_validator

from components._base.logs import RetentionDays
from components._base.spec import Spec
from components.serverless.args import (
    ServerlessLogLevel,
    ServerlessRuntime,
    ServerlessTracing,
)
from components.serverless.background import ServerlessBackgroundSpec
from components.serverless.limits import (
    BURST,
    MEMORY_MB,
    MOST_ROUTE_SCOPES,
    MOST_ROUTES,
    RATE,
    REQUEST_SECONDS,
    TMP_MB,
)
from components.serverless.values import (
    CATCH_ALL,
    METHODS,
    Command,
    Concurrency,
    Handler,
    Header,
    Host,
    Image,
    Origin,
    RouteKey,
    ScopeName,
    Version,
    variable_problem,
)


class ServerlessZipSpec(Spec):
    """Code as an archive in S3, in one version that never changes."""

    key: str = Field(min_length=1, max_length=1024)
    """Key of the object in the bucket."""
    version: str = Field(min_length=1, max_length=1024)
    """Version id of the object."""
    handler: Handler
    """What is called."""
    runtime: ServerlessRuntime = ServerlessRuntime.PYTHON_3_13
    """Version of Python."""
    snap_start: bool = False
    """Start from a snapshot of the initialised function."""


class ServerlessProvisionedSpec(Spec):
    """Instances that are always warm."""

    min: int = Field(default=1, ge=1)
    """Instances at rest."""
    max: int | None = Field(default=None, ge=1)
    """Instances under load; default: as min."""
    target_percent: int = Field(default=70, ge=10, le=90)
    """Share of them that should be in use."""

    @model_validator(mode="after")
    def _in_order(self) -> "ServerlessProvisionedSpec":
        if self.most < self.min:
            raise ValueError(f"max {self.most} is less than min {self.min}")
        return self

    @property
    def most(self) -> int:
        """Instances under load."""
        return self.min if self.max is None else self.max


class ServerlessRolloutSpec(Spec):
    """Some of the traffic for the newest version, while the rest stays where it was."""

    stable_version: Version
    """Version that gets the rest."""
    percent: int = Field(ge=1, le=99)
    """Share of the newest version."""


class ServerlessThrottleSpec(Spec):
    """How many requests are let in."""

    rate: int = Field(default=100, ge=RATE.low, le=RATE.high)
    """Requests per second."""
    burst: int = Field(default=200, ge=BURST.low, le=BURST.high)
    """Requests at once."""


class ServerlessRouteSpec(Spec):
    """Who may call a route."""

    scopes: tuple[ScopeName, ...] = ()
    """A token needs one of these; default: any token will do."""
    public: bool = False
    """No token is needed."""
    throttle: ServerlessThrottleSpec | None = None
    """Its own limits; default: those of the API."""

    @model_validator(mode="after")
    def _fits_together(self) -> "ServerlessRouteSpec":
        if self.public and self.scopes:
            raise ValueError("scopes are for routes that need a token, and this one is public")
        if len(self.scopes) > MOST_ROUTE_SCOPES:
            raise ValueError(f"{len(self.scopes)} scopes; {MOST_ROUTE_SCOPES} allowed")
        return self


class ServerlessCorsSpec(Spec):
    """Which other sites' pages may call the API."""

    origins: tuple[Origin, ...]
    """Sites; `*` for all, without credentials."""
    methods: tuple[str, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE")
    """Methods that pages may use."""
    headers: tuple[Header, ...] = (
        "authorization",
        "content-type",
        "idempotency-key",
        "x-request-id",
    )
    """Headers that pages may send."""
    expose_headers: tuple[Header, ...] = ("x-request-id",)
    """Headers that pages may read."""
    credentials: bool = False
    """Whether pages may send cookies."""
    max_age_seconds: int = Field(default=600, ge=0, le=86_400)
    """Seconds that browsers remember this."""

    @model_validator(mode="after")
    def _fits_together(self) -> "ServerlessCorsSpec":
        if not self.origins:
            raise ValueError("origins: one or more is needed")
        if "*" in self.origins and len(self.origins) > 1:
            raise ValueError("origins: '*' is all there are; leave the others out")
        if "*" in self.origins and self.credentials:
            raise ValueError(
                "origins '*' with credentials would let any site act for its visitors; name them"
            )
        wrong = sorted(set(self.methods) - set(METHODS) | ({"ANY"} & set(self.methods)))
        if wrong or not self.methods:
            allowed = ", ".join(m for m in METHODS if m != "ANY")
            raise ValueError(f"methods {', '.join(wrong) or 'are missing'}; allowed: {allowed}")
        return self


class ServerlessApiSpec(Spec):
    """A FastAPI application on Lambda behind an HTTP API."""

    image: Image | None = None
    """The arm64 image: a tag that never moves, or a digest."""
    zip: ServerlessZipSpec | None = None
    """The code as an archive."""
    command: tuple[Command, ...] = ()
    """What the image runs; default: its own CMD."""
    memory_mb: int = Field(default=1024, ge=MEMORY_MB.low, le=MEMORY_MB.high)
    """Memory, and with it processors: one for each 1769 MB."""
    timeout_seconds: int = Field(default=10, ge=REQUEST_SECONDS.low, le=REQUEST_SECONDS.high)
    """Seconds for a request."""
    tmp_mb: int = Field(default=512, ge=TMP_MB.low, le=TMP_MB.high)
    """Size of /tmp of both functions."""
    environment: dict[str, str] = Field(default_factory=dict[str, str])
    """Variables of both functions, in plain text."""
    reserved_concurrency: Concurrency | None = None
    """Most instances, taken from the account's; 0 stops the API; default: none of its own."""
    provisioned: ServerlessProvisionedSpec | None = None
    """Instances that are always warm; default: none."""
    rollout: ServerlessRolloutSpec | None = None
    """Give the newest version some of the traffic only; default: all of it."""
    tracing: ServerlessTracing = ServerlessTracing.XRAY
    """Where traces go."""
    log_level: ServerlessLogLevel = ServerlessLogLevel.INFO
    """Least level of the application's records that is kept."""
    log_retention_days: RetentionDays = 30
    """Days until a record is deleted."""
    routes: dict[RouteKey, ServerlessRouteSpec] = Field(
        default_factory=lambda: {CATCH_ALL: ServerlessRouteSpec()}, max_length=MOST_ROUTES
    )
    """By method and path; default: all, with a token."""
    throttle: ServerlessThrottleSpec = ServerlessThrottleSpec()
    """Limits of each route that has none of its own."""
    cors: ServerlessCorsSpec | None = None
    """Which other sites' pages may call; default: none."""
    domain_name: Host | None = None
    """Name of the API; default: the one that AWS gives."""
    background: ServerlessBackgroundSpec | None = None
    """A queue and a function that works through it; default: none."""
    protect: bool = False
    """Refuse to delete the key and the queues."""

    @field_validator("environment")
    @classmethod
    def _named(cls, environment: dict[str, str]) -> dict[str, str]:
        problems = [p for name in sorted(environment) if (p := variable_problem(name))]
        if problems:
            raise ValueError("; ".join(problems))
        return environment

    @model_validator(mode="after")
    def _fits_together(self) -> "ServerlessApiSpec":
        problems = [*_code_problems(self), *_concurrency_problems(self)]
        if not self.routes:
            problems.append("routes: one or more is needed")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _code_problems(spec: ServerlessApiSpec) -> Iterator[str]:
    if (spec.image is None) == (spec.zip is None):
        yield "one of image and zip is needed"
        return
    background = spec.background
    if spec.zip:
        if spec.command:
            yield "command is for image; a zip has its handler"
        if background and (background.command or not background.handler):
            yield "background: a zip needs handler, and no command"
        if spec.zip.snap_start and spec.provisioned:
            yield "zip.snap_start and provisioned are two answers to cold starts; choose one"
        if spec.zip.snap_start and spec.tmp_mb > TMP_MB.low:
            yield f"zip.snap_start needs tmp_mb {TMP_MB.low}, not {spec.tmp_mb}"
    elif background and (background.handler or not background.command):
        yield "background: an image needs command, and no handler"


def _concurrency_problems(spec: ServerlessApiSpec) -> Iterator[str]:
    reserved, provisioned = spec.reserved_concurrency, spec.provisioned
    if reserved is not None and provisioned and provisioned.most > reserved:
        yield f"provisioned.max {provisioned.most} is more than reserved_concurrency {reserved}"
