"""What a `FastApiService` will make, computed before anything is made, and what it lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from components._base.errors import InvalidInput, Problem, nearest
from components._base.images import image_version, split_image
from components._base.names import check_name
from components._base.spec import read_spec
from components.gateway.route import Route, route_problems
from components.service.args import FastApiServiceArgs, WorkloadArgs
from components.service.contract import HTTP_PORT
from components.service.rollout import CanarySpec
from components.service.spec import (
    STATELESS,
    VOLUMES,
    FastApiServiceSpec,
    UsesSpec,
    WorkloadSpec,
)
from components.service.values import NAME

SpecT = TypeVar("SpecT", bound=WorkloadSpec)
ArgsT = TypeVar("ArgsT", bound=WorkloadArgs)

PORT = HTTP_PORT
"""Of the Service: the pods' own, so that nobody has to tell the two apart."""

SHORTEST_GRACE, LONGEST_GRACE = 20, 900
"""Seconds for requests in flight: the contract's default, and its most."""


@dataclass(frozen=True)
class Workload:
    """What services and workers have in common."""

    name: str
    spec: WorkloadSpec
    args: WorkloadArgs

    @property
    def uses(self) -> UsesSpec:
        """The data services that it uses."""
        return self.spec.uses

    @property
    def group(self) -> str:
        """Its Kafka consumer group."""
        kafka = self.uses.kafka
        return (kafka.group if kafka else None) or self.name

    @property
    def version(self) -> str:
        """The image's version."""
        return image_version(self.spec.image)

    @property
    def observability_namespace(self) -> str:
        """Where the collector and Prometheus are."""
        return self.args.get("observability_namespace") or "observability"

    @property
    def needs_role(self) -> bool:
        """Tell whether what it uses is allowed by IAM."""
        return bool(self.uses.kafka or self.uses.tables or self.uses.buckets)

    @property
    def needs_secret(self) -> bool:
        """Tell whether what it uses comes with a password."""
        return self.uses.cache or self.uses.search or self.uses.rabbitmq


@dataclass(frozen=True)
class Bounds:
    """Least and most pods."""

    min: int
    max: int

    @property
    def scaled(self) -> bool:
        """Tell whether their number is an autoscaler's."""
        return self.max > self.min


@dataclass(frozen=True)
class Canary:
    """A newer version of a service, beside it: the same in all but its image and its pods."""

    name: str
    """Of its Deployment, its autoscaler and its Service."""
    spec: FastApiServiceSpec
    """The service's, with another image."""
    weight: int
    """Percent of the requests."""
    bounds: Bounds
    """As many pods as its share needs at the least, and as many as it may need for all of them."""


@dataclass(frozen=True)
class WorkloadPlan(Generic[SpecT, ArgsT]):
    """One workload of any kind."""

    name: str
    spec: SpecT
    args: ArgsT

    @property
    def workload(self) -> Workload:
        """What it has in common with those of other kinds."""
        return Workload(self.name, self.spec, self.args)

    @property
    def given(self) -> dict[str, object]:
        """What of the spec was given, for the component's own record of its inputs."""
        return self.spec.model_dump(mode="json", exclude_unset=True)


@dataclass(frozen=True)
class FastApiServicePlan(WorkloadPlan[FastApiServiceSpec, FastApiServiceArgs]):
    """One service."""

    @property
    def scaled(self) -> bool:
        """Tell whether the number of pods is the autoscaler's."""
        return self.spec.replicas.scaled

    @property
    def scaled_by_keda(self) -> bool:
        """Tell whether KEDA scales it, by more than its pods' CPU."""
        scaling = self.spec.scaling
        return self.scaled and bool(scaling.requests_per_second or scaling.kafka_lag)

    @property
    def canary(self) -> Canary | None:
        """The newer version beside it, if there is one."""
        given = self._given_canary
        if not given:
            return None
        replicas = self.spec.replicas
        least = given.share(replicas.min)
        most = replicas.max if replicas.scaled else least
        spec = self.spec.model_copy(update={"image": given.image})
        return Canary(
            name=canary_name(self.name),
            spec=spec,
            weight=given.weight_percent,
            bounds=Bounds(least, most),
        )

    @property
    def _given_canary(self) -> CanarySpec | None:
        return self.spec.rollout.canary if self.spec.rollout else None

    @property
    def disruption_budget(self) -> bool:
        """Tell whether there may be several pods, which are not all to go at once."""
        return self.spec.replicas.several or bool(self._given_canary)

    @property
    def grace_seconds(self) -> int:
        """Time for requests in flight when a pod goes."""
        return min(max(SHORTEST_GRACE, self.spec.timeout_seconds), LONGEST_GRACE)

    @property
    def route(self) -> Route | None:
        """What of the outside world goes to it."""
        public = self.spec.public
        if not public:
            return None
        return Route(
            service=self.name,
            namespace=self.args["namespace"],
            hosts=tuple(self.args.get("hosts") or ()),
            paths=public.paths,
            methods=public.methods,
            port=PORT,
            # the service gives up first, then the mesh, then the gateway: the answer is the
            # service's own
            timeout_seconds=public.timeout_seconds + 2,
            strip_prefix=public.strip_prefix,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the deployment should know."""
        notes: list[str] = []
        if self.spec.replicas.min <= 1:
            notes.append(f"{self.name}: replicas.min is 1: it is away while its node is replaced")
        kafka = self.spec.uses.kafka
        if self._given_canary and kafka and kafka.consume:
            notes.append(
                f"{self.name}: the canary is in the consumer group, too: it gets records by the "
                "number of its pods, whatever its weight"
            )
        return tuple(notes)


def canary_name(name: str) -> str:
    """Return the name of what runs the newer version of a service."""
    return f"{name}-canary"


def service_url(name: str, args: WorkloadArgs) -> str:
    """Return where a service of the namespace is found."""
    return f"http://{name}.{args['namespace']}.svc:{PORT}"


def plan_fastapi_service(args: FastApiServiceArgs, name: str) -> FastApiServicePlan:
    """Compute what `args` ask for.

    :param name: logical name of the component, and the service's own.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"FastApiService {name!r}"
    check_name(name, owner)
    refuse_volumes(args, owner)
    spec = read_spec(FastApiServiceSpec, FastApiServiceArgs, args, owner)
    plan = FastApiServicePlan(name, spec, args)
    problems = [*workload_problems(plan.workload), *_public_problems(plan), *_scaling(plan)]
    if name in spec.callers:
        problems.append(Problem("callers", f"{name} is the service itself"))
    canary = plan.canary
    if canary and not _has_repository(replace(plan, spec=canary.spec).workload):
        reason = f"repository_url is needed: {canary.spec.image} names none"
        problems.append(Problem("rollout.canary.image", reason))
    if problems:
        raise InvalidInput(owner, problems)
    return plan


def refuse_volumes(args: Mapping[str, object], owner: str) -> None:
    """Refuse to mount anything, with a word on where data goes instead."""
    if VOLUMES in args:
        raise InvalidInput(owner, [Problem("", STATELESS)])


def workload_problems(workload: Workload) -> Iterator[Problem]:
    """Give what a workload asks for and its stack does not have."""
    args = workload.args
    if not NAME.fullmatch(args.get("namespace", "")):
        yield Problem("namespace", "the name of a namespace is needed, in plain text")
    if not _has_repository(workload):
        yield Problem("repository_url", f"is needed: image {workload.spec.image} names none")
    if workload.needs_role and args.get("cluster_name") is None:
        yield Problem("cluster_name", "is needed by uses.kafka, uses.tables and uses.buckets")
    if workload.spec.auto_instrument and args.get("instrumentation") is None:
        reason = "needs OpenTelemetry's operator: see autoInstrumentation in platform:tracing"
        yield Problem("auto_instrument", reason)
    if workload.needs_secret and args.get("secret_store") is None:
        yield Problem("secret_store", "is needed by uses.cache, uses.search and uses.rabbitmq")
    yield from _store_problems(workload)


def _has_repository(workload: Workload) -> bool:
    named = split_image(workload.spec.image)[0]
    return bool(named) or workload.args.get("repository_url") is not None


def _store_problems(workload: Workload) -> Iterator[Problem]:
    uses, stores = workload.uses, workload.args.get("stores") or {}
    for store in ("cache", "kafka", "search", "rabbitmq"):
        if getattr(uses, store) and store not in stores:
            yield Problem(f"uses.{store}", f"the stack has no {store}; see platform:{store}")
    for kind, used in (("tables", uses.tables), ("buckets", uses.buckets)):
        known: Mapping[str, object] = stores.get(kind) or {}
        for name in sorted(set(used) - set(known)):
            reason = f"the stack has no {kind[:-1]} {name!r}; {nearest(name, known)}"
            yield Problem(f"uses.{kind}.{name}", reason)
    search = stores.get("search")
    outside = uses.search and search and "namespace" not in search
    if (uses.cache or uses.kafka or uses.rabbitmq or outside) and not workload.args.get(
        "data_cidrs"
    ):
        yield Problem("data_cidrs", "are needed: uses names what is in these subnets")


def _public_problems(plan: FastApiServicePlan) -> Iterator[Problem]:
    public, args = plan.spec.public, plan.args
    if not public or not plan.route:
        return
    if not args.get("hosts"):
        yield Problem("hosts", "are needed by public: the gateway's hosts")
    else:
        yield from route_problems(plan.route)
    if args.get("identity") is None and not public.anonymous:
        reason = "there is no identity to take tokens of; or, for all the world: anonymous"
        yield Problem("public", reason)


def _scaling(plan: FastApiServicePlan) -> Iterator[Problem]:
    scaling, args = plan.spec.scaling, plan.args
    if plan.scaled_by_keda and args.get("scaled_objects") is None:
        reason = "requests_per_second and kafka_lag need KEDA: scaled_objects is missing"
        yield Problem("scaling", reason)
    if not scaling.requests_per_second:
        return
    if args.get("prometheus_url") is None or not args.get("monitored"):
        reason = "needs Prometheus: prometheus_url and monitored"
        yield Problem("scaling.requests_per_second", reason)
