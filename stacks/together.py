"""What is wrong with a stack's sections taken together, each problem with its key."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from components._base.errors import Problem, nearest
from components._base.images import split_image
from components.identity.scopes import known_scopes, scope_problems
from components.scans import scan_problems
from components.service import (
    FastApiServiceSpec,
    ScheduledJobSpec,
    WorkerSpec,
    service_problems,
)
from components.service.spec import WorkloadSpec
from components.service.values import NAME
from stacks.nodes import Room, largest, rooms
from stacks.serverless_spec import StackServerlessSpec
from stacks.watching import watching_problems

if TYPE_CHECKING:
    from stacks.settings import Settings

FLAGS = ("cache", "kafka", "search", "rabbitmq")
"""Data services of which a stack has one."""

NO_NAME = "no name for it: small letters, digits and hyphens, at most 40, a letter first"
NO_ISSUER = "there is no section identity, whose tokens it could take"


def problems_together(settings: "Settings") -> list[Problem]:
    """Return all of them; paths begin with the section's name."""
    found = [*_serverless(settings), *_scans(settings), *watching_problems(settings)]
    workloads = dict(_workloads(settings))
    if not workloads:
        return found
    if not (settings.addons and settings.mesh and settings.gateway):
        path = next(iter(workloads)).partition(".")[0]
        reason = "services, workers and jobs need addons, mesh and gateway too"
        return [Problem(path, reason), *found]
    between = service_problems(
        settings.services,
        settings.workers,
        settings.jobs,
        hosts=settings.hosts,
        scopes=known_scopes(settings.identity) if settings.identity else None,
        # Without Kafka that is the problem, and not each topic.
        topics=tuple(settings.kafka.topics or ()) if settings.kafka else None,
    )
    return [
        *map(_with_section, between),
        *(p for path, (name, spec) in workloads.items() for p in _own(settings, path, name, spec)),
        *found,
    ]


def _with_section(problem: Problem) -> Problem:
    """Have a problem of two routes, which is at no key, begin with a section too."""
    if " " in problem.path:
        return Problem("services", f"{problem.path.replace('services/', '')} {problem.reason}")
    return problem


def _workloads(settings: "Settings") -> Iterator[tuple[str, tuple[str, WorkloadSpec]]]:
    sections: Mapping[str, Mapping[str, WorkloadSpec]] = {
        "services": settings.services,
        "workers": settings.workers,
        "jobs": settings.jobs,
    }
    for section, specs in sections.items():
        for name, spec in specs.items():
            yield f"{section}.{name}", (name, spec)


def _own(settings: "Settings", path: str, name: str, spec: WorkloadSpec) -> Iterator[Problem]:
    """Give what one workload asks for and the stack does not have."""
    uses = spec.uses
    for store in FLAGS:
        if getattr(uses, store) and not getattr(settings, store):
            yield Problem(f"{path}.uses.{store}", f"the stack has no section {store}")
    yield from _named_stores(settings, path, tables=uses.tables, buckets=uses.buckets)
    if not split_image(spec.image)[0] and name not in _repositories(settings):
        reason = f"{spec.image!r} names no repository, and there is none of its name"
        yield Problem(f"{path}.image", f"{reason}: add {name} to registry.repositories")
    yield from _size(settings, path, spec)
    scaled = isinstance(spec, WorkerSpec) and spec.replicas.scaled
    if isinstance(spec, FastApiServiceSpec):
        scaled = bool(spec.scaling.requests_per_second or spec.scaling.kafka_lag)
        if spec.public and not spec.public.anonymous and not settings.identity:
            yield Problem(f"{path}.public", f"{NO_ISSUER}; or, for all the world: anonymous")
        if spec.scaling.requests_per_second and not settings.metrics:
            reason = "needs the section metrics, which counts them"
            yield Problem(f"{path}.scaling.requestsPerSecond", reason)
    if scaled and settings.addons and not settings.addons.keda:
        yield Problem(path, "is scaled by KEDA, and addons.keda is false")


def _size(settings: "Settings", path: str, spec: WorkloadSpec) -> Iterator[Problem]:
    if not settings.addons:
        return
    spot = isinstance(spec, WorkerSpec | ScheduledJobSpec) and spec.spot
    found: Collection[Room] = rooms(settings.addons, spot=spot)
    if not any(room.fits(spec.cpu, spec.memory_mib) for room in found):
        size = f"{spec.cpu:g} cores with {spec.memory_mib} MiB"
        kind = "spot node" if spot else "node"
        yield Problem(path, f"{size} fit no {kind} of addons.nodePools: {largest(found)}")


def _named_stores(
    settings: "Settings", path: str, *, tables: Iterable[str], buckets: Iterable[str]
) -> Iterator[Problem]:
    known: Mapping[str, Collection[str]] = {
        "table": settings.tables.tables if settings.tables else (),
        "bucket": settings.storage.buckets if settings.storage else (),
    }
    for kind, used in (("table", tables), ("bucket", buckets)):
        for name in sorted(set(used) - set(known[kind])):
            reason = f"the stack has no {kind} {name!r}; {nearest(name, known[kind])}"
            yield Problem(f"{path}.uses.{kind}s.{name}", reason)


def _repositories(settings: "Settings") -> Mapping[str, object]:
    return settings.registry.repositories if settings.registry else {}


def _scans(settings: "Settings") -> Iterator[Problem]:
    scans = settings.scans
    if not scans:
        return
    if not (settings.edge and settings.edge.domain):
        yield Problem("scans", "needs edge.domain: scans call services as the world does")
    public = [name for name, spec in settings.services.items() if spec.public]
    if not public:
        yield Problem("scans", "needs a service with public")
    clients: Collection[str] | None = None
    if settings.identity:
        cognito = settings.identity.cognito
        clients = cognito.machine_clients if cognito else ()
    elif scans.client is not None:
        yield Problem("scans.client", "there is no section identity, whose machine client it is")
    problems = scan_problems(scans, settings.tags.environment, services=public, clients=clients)
    yield from (Problem(f"scans.{problem.path}", problem.reason) for problem in problems)


def _serverless(settings: "Settings") -> Iterator[Problem]:
    hosts = dict.fromkeys(settings.hosts, "edge.domain")
    for name, spec in settings.serverless.items():
        path = f"serverless.{name}"
        if not NAME.fullmatch(name):
            yield Problem(path, NO_NAME)
        for section in ("services", "workers", "jobs"):
            if name in getattr(settings, section):
                yield Problem(path, f"is a name in {section}, too")
        yield from _tokens(settings, path, spec)
        yield from _code(settings, path, name, spec)
        yield from _named_stores(settings, path, tables=spec.uses.tables, buckets=spec.uses.buckets)
        if spec.uses.cache and not settings.cache:
            yield Problem(f"{path}.uses.cache", "the stack has no section cache")
        yield from _domain(settings, path, spec, hosts)


def _tokens(settings: "Settings", path: str, spec: StackServerlessSpec) -> Iterator[Problem]:
    known = known_scopes(settings.identity) if settings.identity else None
    for key, route in spec.routes.items():
        if not settings.identity and not route.public:
            yield Problem(f"{path}.routes.{key}", f"{NO_ISSUER}; or, for all the world: public")
        for problem in scope_problems(known, route.scopes) if known is not None else ():
            yield Problem(f"{path}.routes.{key}.scopes", problem)


def _code(
    settings: "Settings", path: str, name: str, spec: StackServerlessSpec
) -> Iterator[Problem]:
    if spec.zip:
        buckets = settings.storage.buckets if settings.storage else {}
        if spec.code_bucket is None:
            yield Problem(f"{path}.codeBucket", "is required by zip: a bucket of storage")
        elif spec.code_bucket not in buckets:
            hint = nearest(spec.code_bucket, buckets)
            yield Problem(
                f"{path}.codeBucket", f"the stack has no bucket {spec.code_bucket!r}; {hint}"
            )
        return
    registry = settings.registry
    repository = registry.repositories.get(name) if registry else None
    if repository is None or not repository.lambda_pull:
        reason = f"is in the repository {name}: registry.repositories needs {name}"
        yield Problem(f"{path}.image", f"{reason}: {{lambdaPull: true}}")


def _domain(
    settings: "Settings", path: str, spec: StackServerlessSpec, hosts: dict[str, str]
) -> Iterator[Problem]:
    host = spec.domain_name
    if host is None:
        if spec.zone_id:
            yield Problem(f"{path}.zoneId", "is for domainName, which is not given")
        return
    if host in hosts:
        yield Problem(f"{path}.domainName", f"{host} is also that of {hosts[host]}")
    hosts[host] = path
    if spec.zone_in(settings.dns_zones) is None:
        reason = f"no zone of dnsZones has {host}: add it there, or give zoneId"
        yield Problem(f"{path}.domainName", reason)
