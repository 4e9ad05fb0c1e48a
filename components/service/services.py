"""All services of a stack together: what can only be seen when they stand side by side."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from components._base.errors import Problem, nearest
from components.gateway.route import Route, collisions
from components.identity.scopes import scope_problems
from components.service.plan import canary_name
from components.service.spec import FastApiServiceSpec, WorkloadSpec
from components.service.values import LARGEST_NODE, NAME, NodeLimits

Services = Mapping[str, FastApiServiceSpec]
Workers = Mapping[str, WorkloadSpec]
Jobs = Mapping[str, WorkloadSpec]


def callees(services: Services) -> dict[str, tuple[str, ...]]:
    """Return whom each workload calls, by who names it as caller: the argument `calls`."""
    found: dict[str, list[str]] = {}
    for name, spec in services.items():
        for caller in spec.callers:
            found.setdefault(caller, []).append(name)
    return {caller: tuple(sorted(names)) for caller, names in found.items()}


def service_problems(
    services: Services,
    workers: Workers | None = None,
    jobs: Jobs | None = None,
    *,
    hosts: Collection[str] = (),
    scopes: Mapping[str, str] | None = None,
    topics: Collection[str] | None = None,
    largest_node: NodeLimits = LARGEST_NODE,
) -> list[Problem]:
    """Return what is wrong with the services, workers and jobs of one namespace together.

    :param hosts: the gateway's.
    :param scopes: those that exist, as `components.identity.scopes.known_scopes` returns them;
        None: nobody knows.
    :param topics: of Kafka, likewise.
    :param largest_node: what of a node is left for a pod.
    """
    workers, jobs = workers or {}, jobs or {}
    workloads: dict[str, tuple[str, WorkloadSpec]] = {
        **{name: (f"jobs.{name}", spec) for name, spec in jobs.items()},
        **{name: (f"workers.{name}", spec) for name, spec in workers.items()},
        **{name: (f"services.{name}", spec) for name, spec in services.items()},
    }
    return [
        *_names({"services": services, "workers": workers, "jobs": jobs}),
        *collisions(_routes(services, hosts)),
        *_canaries(services, workloads),
        *_callers(services, workloads),
        *(_scopes(services, scopes) if scopes is not None else ()),
        *_groups(workloads),
        *(_topics(workloads, topics) if topics is not None else ()),
        *_sizes(workloads, largest_node),
    ]


def _names(kinds: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    allowed = "small letters, digits and hyphens, at most 40, a letter first"
    taken: dict[str, str] = {}
    for kind, names in kinds.items():
        for name in names:
            if not NAME.fullmatch(name):
                yield Problem(f"{kind}.{name}", f"no name for it: {allowed}")
            if name in taken:
                yield Problem(f"{kind}.{name}", f"is the name of a {taken[name]}, too")
            taken.setdefault(name, kind.removesuffix("s"))


def _canaries(services: Services, workloads: Mapping[str, object]) -> Iterator[Problem]:
    for name, spec in services.items():
        canary = canary_name(name)
        if spec.rollout and spec.rollout.canary and canary in workloads:
            reason = f"its Deployment would be {canary}, which is the name of a workload"
            yield Problem(f"services.{name}.rollout.canary", reason)


def _routes(services: Services, hosts: Collection[str]) -> list[Route]:
    known = tuple(hosts) or ("gateway",)
    return [
        Route(name, "services", known, spec.public.paths, spec.public.methods)
        for name, spec in services.items()
        if spec.public
    ]


def _callers(services: Services, workloads: Mapping[str, object]) -> Iterator[Problem]:
    for name, spec in services.items():
        for caller in spec.callers:
            path = f"services.{name}.callers"
            if caller == name:
                yield Problem(path, f"{name} is the service itself")
            elif caller not in workloads:
                hint = nearest(caller, set(workloads) - {name})
                yield Problem(path, f"there is no service, worker or job {caller!r}; {hint}")


def _scopes(services: Services, known: Mapping[str, str]) -> Iterator[Problem]:
    for name, spec in services.items():
        for problem in scope_problems(known, spec.public.scopes if spec.public else ()):
            yield Problem(f"services.{name}.public.scopes", problem)


def _groups(workloads: Mapping[str, tuple[str, WorkloadSpec]]) -> Iterator[Problem]:
    """Give groups of several workloads: each record would get to one of them only."""
    groups = {
        path: spec.uses.kafka.group or name
        for name, (path, spec) in workloads.items()
        if spec.uses.kafka and spec.uses.kafka.consume
    }
    counted = Counter(groups.values())
    for path, group in groups.items():
        if counted[group] > 1:
            others = ", ".join(p for p, g in groups.items() if g == group and p != path)
            yield Problem(f"{path}.uses.kafka.group", f"{group!r} is also that of {others}")


def _topics(
    workloads: Mapping[str, tuple[str, WorkloadSpec]], known: Collection[str]
) -> Iterator[Problem]:
    for name, (path, spec) in workloads.items():
        kafka = spec.uses.kafka
        if not kafka:
            continue
        for key, topics in (("produce", kafka.produce), ("consume", kafka.consume)):
            for topic in sorted(set(topics) - set(known)):
                reason = f"there is no topic {topic!r}; {nearest(topic, known)}"
                yield Problem(f"{path}.uses.kafka.{key}", reason)
        for topic in sorted(set(kafka.dead_letters(kafka.group or name)) - set(known)):
            reason = f"records that can't be handled go to {topic!r}: add it to kafka.topics"
            yield Problem(f"{path}.uses.kafka.consume", reason)


def _sizes(
    workloads: Mapping[str, tuple[str, WorkloadSpec]], largest: NodeLimits
) -> Iterator[Problem]:
    for path, spec in (workload for workload in workloads.values()):
        if spec.cpu > largest.cpu:
            yield Problem(f"{path}.cpu", f"{spec.cpu} fits no node: at most {largest.cpu} cores")
        if spec.memory_mib > largest.memory_mib:
            reason = f"{spec.memory_mib} fits no node: at most {largest.memory_mib} MiB"
            yield Problem(f"{path}.memory_mib", reason)
