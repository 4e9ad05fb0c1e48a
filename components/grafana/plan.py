"""What a `Grafana` will make, computed before anything is made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name
from components._base.spec import read_spec
from components.grafana.args import GrafanaArgs, GrafanaTraces
from components.grafana.dashboards import Around, Dashboard, Declared, Objective, dashboards, render
from components.grafana.spec import GrafanaSpec, GrafanaWorkloadSpec, GrafanaWorkloadsSpec

LARGEST = 900_000
"""Bytes of dashboards in one ConfigMap: 1 MiB is the most that Kubernetes takes, all included.

https://kubernetes.io/docs/concepts/configuration/configmap/ (2026-11)
"""


@dataclass(frozen=True)
class Shelf:
    """Dashboards of one folder that go into one ConfigMap."""

    name: str
    """Of the ConfigMap, of Grafana's provider, and of the directory."""
    folder: str
    files: Mapping[str, str]
    """Texts by name."""


@dataclass(frozen=True)
class GrafanaPlan:
    """Grafana and its dashboards."""

    spec: GrafanaSpec
    shelves: Sequence[Shelf]
    mirror: str = ""

    @property
    def url(self) -> str:
        """Where people's browsers find it."""
        return f"https://{self.spec.host}/" if self.spec.host else "http://localhost:3000/"


def plan_grafana(args: GrafanaArgs, name: str = "grafana") -> GrafanaPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Grafana {name!r}"
    check_name(name, owner)
    spec = read_spec(GrafanaSpec, GrafanaArgs, args, owner)
    given = {"workloads": args.get("workloads") or {}}
    workloads = read_spec(GrafanaWorkloadsSpec, GrafanaArgs, given, owner).workloads
    problems = list(_problems(spec, args))
    if problems:
        raise InvalidInput(owner, problems)
    around = Around(
        logs="logs" in args,
        traces=spec.traces is GrafanaTraces.TEMPO,
        namespace=args.get("workloads_namespace") or "services",
        parts=frozenset(part.value for part in spec.parts),
    )
    declared = [declared_of(name, workloads[name]) for name in sorted(workloads)]
    return GrafanaPlan(spec, shelve(dashboards(around, declared)), args.get("mirror") or "")


def _problems(spec: GrafanaSpec, args: GrafanaArgs) -> Iterator[Problem]:
    """Give what does not go together."""
    oidc, logs = "oidc" in args, "logs" in args
    if spec.host and not oidc:
        reason = "is for all the world to see: give oidc, where people log in, or leave host out"
        yield Problem("host", reason)
    if oidc and not spec.roles:
        yield Problem("roles", "who may do what is needed with oidc, by groups of the issuer")
    if spec.roles and not oidc:
        yield Problem("roles", "are those of people who log in by oidc, which is not given")
    if (oidc or logs) and args.get("secret_store") is None:
        yield Problem("secret_store", "is needed for the secrets of oidc and logs")
    reads_aws = spec.cloudwatch or spec.traces is GrafanaTraces.XRAY
    if reads_aws and args.get("cluster_name") is None:
        yield Problem("cluster_name", "is needed to read CloudWatch or X-Ray")
    if args.get("log_group_arns") and not spec.cloudwatch:
        yield Problem("log_group_arns", "are read with cloudwatch, which is off")


def declared_of(name: str, spec: GrafanaWorkloadSpec) -> Declared:
    """Return what decides a workload's dashboard."""
    kafka, slo = spec.uses.kafka, spec.slo
    return Declared(
        name,
        worker=spec.worker,
        public=spec.public,
        objective=Objective(
            slo.availability / 100,
            slo.latency.threshold_ms / 1000,
            slo.latency.target / 100,
            slo.window_days,
        )
        if slo
        else None,
        cache=spec.uses.cache,
        search=spec.uses.search,
        tables=tuple(sorted(spec.uses.tables)),
        rabbitmq=spec.uses.rabbitmq,
        produces=kafka.produce if kafka else (),
        consumes=kafka.consume if kafka else (),
        group=(kafka.group if kafka else None) or name,
        calls=spec.calls,
        queue=spec.queue,
    )


def shelve(made: Sequence[Dashboard], largest: int = LARGEST) -> list[Shelf]:
    """Return dashboards by folder, in as many ConfigMaps as they need."""
    shelves: list[Shelf] = []
    for folder in dict.fromkeys(dashboard.folder for dashboard in made):
        files = {f"{each.uid}.json": render(each) for each in made if each.folder == folder}
        for number, part in enumerate(_parts(files, largest)):
            name = f"dashboards-{folder.lower()}{f'-{number + 1}' if number else ''}"
            shelves.append(Shelf(name, folder, part))
    return shelves


def _parts(files: Mapping[str, str], largest: int) -> Iterator[dict[str, str]]:
    part: dict[str, str] = {}
    size = 0
    for name, text in files.items():
        own = len(name) + len(text.encode())
        if part and size + own > largest:
            yield part
            part, size = {}, 0
        part[name] = text
        size += own
    if part:
        yield part
