"""The structural inputs of a `FastApiService`, checked: one entry of `platform:services`."""

from collections.abc import Callable
from typing import cast

from pydantic import Field, field_validator, model_validator

from components._base.errors import InvalidInput
from components._base.images import ImageReference
from components._base.spec import Spec
from components.gateway.plugins import Cors, LimitBy, RateLimits, cors, rate_limiting
from components.gateway.route import Route, route_problems
from components.service.args import DataAccess, RateLimitBy
from components.service.contract import variable_problems
from components.service.rollout import RolloutSpec
from components.service.slo import SloSpec
from components.service.values import Cpu, Memory, Topic, WorkloadName

VOLUMES = "volumes"
STATELESS = (
    "volumes: a service keeps nothing on disk but /tmp, so that any pod can serve and any pod can "
    "go; keep data in tables, buckets, cache or search, which uses names"
)

DEAD_LETTERS = "dlq"
"""End of the names of topics for what can't be handled (docs/runtime-contract.md)."""

TIMEOUT_SECONDS = 10


def _check(make: Callable[[], object]) -> None:
    """Let a plugin's builder judge, and tell its problems as pydantic's."""
    try:
        make()
    except InvalidInput as error:
        raise ValueError("; ".join(str(problem) for problem in error.problems)) from None


class ReplicasSpec(Spec):
    """How many pods there are."""

    min: int = Field(2, ge=1, le=200)
    """Pods at rest."""
    max: int = Field(10, ge=1, le=500)
    """Under load; as `min`: no scaling."""

    @property
    def scaled(self) -> bool:
        """Whether an autoscaler decides how many."""
        return self.max > self.min

    @property
    def several(self) -> bool:
        """Whether there may be several, which are not all to go at once."""
        return self.max > 1

    @model_validator(mode="after")
    def _in_order(self) -> "ReplicasSpec":
        if self.max < self.min:
            raise ValueError(f"max {self.max} is less than min {self.min}")
        return self


class ScalingSpec(Spec):
    """What more pods are started for; what asks for the most of them counts."""

    cpu_percent: int = Field(65, ge=20, le=90)
    """Use of the CPU asked for that is kept."""
    requests_per_second: int | None = Field(None, ge=1, le=10_000)
    """Requests that one pod serves each second; default: not counted."""
    kafka_lag: int | None = Field(None, ge=1, le=1_000_000)
    """Records that may wait for one pod; default: not counted."""


class RateLimitSpec(Spec):
    """Requests beyond which the gateway answers 429."""

    per_second: int | None = None
    """Requests in a second; default: no limit."""
    per_minute: int | None = 600
    """Requests in a minute."""
    per_hour: int | None = None
    """Requests in an hour; default: no limit."""
    by: RateLimitBy = RateLimitBy.IP
    """Whose requests are counted together."""
    header: str | None = None
    """The header, if they are counted by one."""

    @property
    def limits(self) -> RateLimits:
        """The same, for the plugin's builder."""
        return RateLimits(
            per_second=self.per_second,
            per_minute=self.per_minute,
            per_hour=self.per_hour,
            limit_by=LimitBy(self.by.value),
            header=self.header,
        )

    @model_validator(mode="after")
    def _as_kong_wants(self) -> "RateLimitSpec":
        _check(lambda: rate_limiting(self.limits))
        return self


class CorsSpec(Spec):
    """Which pages of other origins may call."""

    origins: tuple[str, ...]
    """Such as `https://shop.example.com`."""
    credentials: bool = False
    """Whether they may send cookies."""

    @model_validator(mode="after")
    def _as_kong_wants(self) -> "CorsSpec":
        _check(lambda: cors(Cors(self.origins, credentials=self.credentials)))
        return self


class PublicSpec(Spec):
    """What of the service the gateway shows to the outside world."""

    paths: tuple[str, ...]
    """Prefixes of whole segments, e.g. `/orders`."""
    methods: tuple[str, ...] = ()
    """Methods that are let through; default: all."""
    rate_limit: RateLimitSpec = RateLimitSpec()
    """How many requests each caller may make; always on."""
    scopes: tuple[str, ...] = ()
    """Scopes that its routes ask for, as the identity names them; the service enforces them."""
    cors: CorsSpec | None = None
    """Which pages of other origins may call; default: none."""
    timeout_seconds: int = Field(TIMEOUT_SECONDS, ge=1, le=300)
    """Longest time for a request."""
    max_body_megabytes: int = Field(1, ge=1, le=100)
    """Largest body in MiB."""
    anonymous: bool = False
    """Take requests without a token."""
    strip_prefix: bool = False
    """The service sees `/7` for `/orders/7`."""

    @model_validator(mode="after")
    def _fits_together(self) -> "PublicSpec":
        route = Route("it", "it", ("example.com",), self.paths, self.methods)
        problems = [str(problem) for problem in route_problems(route)]
        if self.anonymous and self.scopes:
            problems.append("scopes are in a token, and anonymous takes requests without one")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class UsesKafkaSpec(Spec):
    """Topics that a workload reads and writes."""

    produce: tuple[Topic, ...] = ()
    """Topics that it writes to."""
    consume: tuple[Topic, ...] = ()
    """Topics that it reads."""
    group: Topic | None = None
    """Consumer group; default: the workload's name."""

    @model_validator(mode="after")
    def _fits_together(self) -> "UsesKafkaSpec":
        if not self.produce and not self.consume:
            raise ValueError("topics are needed, in produce, consume or both")
        if self.group and not self.consume:
            raise ValueError("group is for consume, which is empty")
        return self

    def dead_letters(self, group: str) -> tuple[str, ...]:
        """Return the topics for records of `consume` that can't be handled."""
        return tuple(f"{topic}.{group}.{DEAD_LETTERS}" for topic in self.consume)


class UsesSpec(Spec):
    """Data services that a workload uses: what is named is reachable and allowed, and no more."""

    cache: bool = False
    """Valkey or Redis."""
    kafka: UsesKafkaSpec | None = None
    """Topics; default: none."""
    search: bool = False
    """Elasticsearch or OpenSearch."""
    tables: dict[str, DataAccess] = Field(default_factory=dict[str, DataAccess])
    """Tables by name, and what is done with each."""
    rabbitmq: bool = False
    """Whether it uses RabbitMQ."""
    buckets: dict[str, DataAccess] = Field(default_factory=dict[str, DataAccess])
    """Buckets by short name, likewise."""

    @property
    def sections(self) -> set[str]:
        """The contract's sections of what is used."""
        return {name.upper() for name in UsesSpec.model_fields if getattr(self, name)}


class WorkloadSpec(Spec):
    """What every workload has."""

    image: ImageReference
    """`REPOSITORY:1.4.2`, `REPOSITORY@sha256:…`, or the tag or digest alone in the repository of
    its name."""
    cpu: Cpu = 0.25
    """Cores that a pod is sure to get; it may use more when the node has them."""
    memory_mib: Memory = 512
    """MiB that a pod is sure to get, and not more."""
    uses: UsesSpec = UsesSpec()  # pyright: ignore[reportCallIssue]
    """Data services that it uses."""
    env: dict[str, str] = Field(default_factory=dict[str, str])
    """Variables of its own, in plain text, and those of the contract that it may tune."""
    auto_instrument: bool = False
    """Have OpenTelemetry's operator instrument it: for images without our runtime."""

    @model_validator(mode="before")
    @classmethod
    def _stateless(cls, given: object) -> object:
        if isinstance(given, dict) and VOLUMES in cast("dict[str, object]", given):
            raise ValueError(STATELESS)
        return cast("object", given)

    @model_validator(mode="after")
    def _variables(self) -> "WorkloadSpec":
        problems = list(variable_problems(self.env, self.uses.sections))
        if problems:
            raise ValueError(f"env: {'; '.join(problems)}")
        return self


class FastApiServiceSpec(WorkloadSpec):
    """A FastAPI service."""

    replicas: ReplicasSpec = ReplicasSpec()  # pyright: ignore[reportCallIssue]
    """How many pods there are."""
    scaling: ScalingSpec = ScalingSpec()  # pyright: ignore[reportCallIssue]
    """What more pods are started for."""
    public: PublicSpec | None = None
    """What the gateway shows of it; default: nothing."""
    callers: tuple[WorkloadName, ...] = ()
    """Services and workers that may call it."""
    slo: SloSpec = SloSpec()  # pyright: ignore[reportCallIssue]
    """What it promises to its callers."""
    rollout: RolloutSpec | None = None
    """A newer version beside it; default: none, and another `image` comes pod by pod."""

    @field_validator("callers")
    @classmethod
    def _once_each(cls, callers: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted({caller for caller in callers if callers.count(caller) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)}: named twice")
        return callers

    @model_validator(mode="after")
    def _lag_of_something(self) -> "FastApiServiceSpec":
        if self.scaling.kafka_lag and not (self.uses.kafka and self.uses.kafka.consume):
            raise ValueError("scaling.kafka_lag: uses.kafka.consume names no topics")
        return self

    @model_validator(mode="after")
    def _canary_is_another_version_that_is_called(self) -> "FastApiServiceSpec":
        canary = self.rollout.canary if self.rollout else None
        if canary and canary.image == self.image:
            raise ValueError(f"rollout.canary.image: {self.image} is what serves already")
        if canary and not self.public and not self.callers:
            raise ValueError("rollout.canary: nobody calls it: public or callers is needed")
        return self

    @property
    def timeout_seconds(self) -> int:
        """Longest time for a request."""
        return self.public.timeout_seconds if self.public else TIMEOUT_SECONDS
