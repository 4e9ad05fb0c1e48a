"""Services behind the gateway: each is measured, traced, and has an objective that is watched."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from policies.lookup import ByLabels, ByName
from policies.rule import Setting, Verdict, Violation, demanded, stack_policy
from policies.shown import Shown, shown
from policies.subject import Subject, entries, item, items
from policies.workloads import ROUTE, SERVICE, SERVING, labels, name, namespace

MONITORS = (
    "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
    "kubernetes:monitoring.coreos.com/v1:PodMonitor",
)
RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
BEHIND_GATEWAY = (ROUTE, SERVICE, *SERVING)

SCRAPED = "prometheus.io/scrape"
EXPORTERS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""https://opentelemetry.io/docs/specs/otel/protocol/exporter/ (2026-11)"""
INJECTED = ("instrumentation.opentelemetry.io/inject-", "sidecar.opentelemetry.io/inject")
"""Annotations by which the OpenTelemetry operator sets the exporter."""

STATE = ("absent(", "kube_", "up{", "up ")
"""How expressions begin that tell whether something runs, not how it serves."""

LABELS: Mapping[str, Setting] = {
    "labels": {
        "type": "array",
        "items": {"type": "string"},
        "default": ["service", "sloth_service", "slo"],
        "description": "Labels by which an alert rule says whose objective it watches.",
    }
}


def _objective(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    found = list(shown(stack))
    keys = found[0].service.texts("labels") if found else ()
    watched: set[object] = set()
    doubts: list[UnknownValueError] = []
    for rules in stack:
        for alert in _alerts(rules) if rules.type == RULES else ():
            for service in _watched(alert, keys):
                if isinstance(service, UnknownValueError):
                    doubts.append(service)
                else:
                    watched.add(service)
    missing = Violation(
        "is behind the gateway and has no service level objective that is watched",
        "add a PrometheusRule with burn-rate alerts whose expressions or labels name this service",
    )
    for each in found:
        answer = some((among(name(each.service), watched), *doubts[:1]))
        for verdict in demanded(answer, missing, of=each.certain):
            yield each.service, verdict


def _alerts(rules: Subject) -> Iterator[object]:
    for group in items(rules.get("spec.groups")):
        for rule in items(item(group, "rules")):
            if isinstance(rule, UnknownValueError) or item(rule, "alert") is not None:
                yield rule


def _watched(alert: object, keys: Sequence[str]) -> Iterator[object]:
    """Give the services on which an alert is that tells how they serve, or what keeps us from it.

    :param keys: labels that name a service.
    """
    expression = item(alert, "expr")
    if isinstance(expression, UnknownValueError):
        yield expression
    elif not str(expression).lstrip("( ").startswith(STATE):
        named = "|".join(map(re.escape, keys))
        yield from re.findall(rf'\b(?:{named})="([^"]*)"', str(expression))
        labelled = (item(item(alert, "labels"), key) for key in keys)
        yield from (label for label in labelled if label is not None)


def _scraped(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    found = list(shown(stack))
    monitors = [each for each in stack if each.type in MONITORS]
    read = _read(monitors, found)
    missing = Violation(
        "is behind the gateway and nobody reads its metrics",
        "add a ServiceMonitor or PodMonitor that selects it",
    )
    for each in found:
        answers = (
            *read.get(id(each), ()),
            _asks_for_it(each.service),
            *(every((serves, _asks_for_it(one))) for one, serves in each.workloads),
        )
        for verdict in demanded(some(answers), missing, of=each.certain):
            yield each.service, verdict


def _read(monitors: Sequence[Subject], found: Sequence[Shown]) -> Mapping[int, Sequence[Answer]]:
    """Return whether monitors select services, or the pods that serve them, by the id of each."""
    services = ByLabels((each.service.get("metadata.labels"), (each, True)) for each in found)
    pods = ByLabels(
        (labels(one), (each, serves)) for each in found for one, serves in each.workloads
    )
    read: dict[int, list[Answer]] = defaultdict(list)
    for monitor in monitors:
        labelled = services if monitor.type == MONITORS[0] else pods
        for (each, serves), selected in labelled.selected(monitor.get("spec.selector")):
            near = _looks_into(monitor, namespace(each.service))
            read[id(each)].append(every((near, serves, selected)))
    return read


def _looks_into(monitor: Subject, where: object) -> Answer:
    chosen = monitor.get("spec.namespaceSelector")
    names = list(items(item(chosen, "matchNames"))) or [namespace(monitor)]
    return some((same(item(chosen, "any"), True), *(same(each, where) for each in names)))


def _asks_for_it(resource: Subject) -> Answer:
    annotations = resource.get(
        "metadata.annotations" if resource.type == SERVICE else "spec.template.metadata.annotations"
    )
    return same(item(annotations, SCRAPED), "true")


def _traced(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    maps = ByName((namespace(each), name(each), each) for each in stack if each.type == CONFIG_MAP)
    missing = Violation(
        "serves what the gateway shows and sends no traces",
        f"set {EXPORTERS[0]} in its containers, or an inject annotation of the OpenTelemetry "
        "operator",
    )
    for each in shown(stack):
        for workload, serves in each.workloads:
            exports = some(_exports(workload, maps))
            for verdict in demanded(exports, missing, of=every((each.certain, serves))):
                yield workload, verdict


def _exports(workload: Subject, maps: ByName[Subject]) -> Iterator[Answer]:
    """Give what may make a workload send its traces."""
    annotations = workload.get("spec.template.metadata.annotations")
    if isinstance(annotations, UnknownValueError):
        yield annotations
    for key, value in entries(annotations):
        if key.startswith(INJECTED):
            yield opposite(same(value, "false"))
    containers = "spec.template.spec.containers[]"
    for variable in workload.each(f"{containers}.env[].name"):
        yield among(variable.content, EXPORTERS)
    for named in workload.each(f"{containers}.envFrom[].configMapRef.name"):
        if named.content is not None:
            found = maps.find(namespace(workload), named.content)
            yield from (every((answer, _exporting(each))) for each, answer in found)


def _exporting(settings: Subject) -> Answer:
    data = settings.get("data")
    if isinstance(data, UnknownValueError):
        return data
    return any(key in EXPORTERS for key, _ in entries(data))


POLICIES: Sequence[Policy] = (
    stack_policy(
        _objective,
        name="service-objective",
        display_name="It is known when a service fails its users",
        description="Each service behind the gateway has alerts on its service level objective.",
        types=(*BEHIND_GATEWAY, RULES),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Declare an objective (the alerts component makes the rules of each service), or write "
            "a PrometheusRule whose alerts compare its errors and latency with a budget. That pods "
            "run is no objective."
        ),
        tags=("observability", "alerting"),
        url="https://sre.google/workbook/alerting-on-slos/",
        settings=LABELS,
    ),
    stack_policy(
        _scraped,
        name="service-measured",
        display_name="A service tells how it does",
        description="A ServiceMonitor or PodMonitor selects each service behind the gateway.",
        types=(*BEHIND_GATEWAY, *MONITORS),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Add a ServiceMonitor whose selector matches the Service's labels in its namespace; "
            f"where Prometheus reads by annotations, set {SCRAPED} to true."
        ),
        tags=("observability", "metrics"),
        url="https://prometheus-operator.dev/docs/developer/getting-started/",
    ),
    stack_policy(
        _traced,
        name="service-traced",
        display_name="A slow request can be followed",
        description="What serves behind the gateway sends its traces to a collector.",
        types=(*BEHIND_GATEWAY, CONFIG_MAP),
        severity=Severity.LOW,
        remediation_steps=(
            f"Set {EXPORTERS[0]} to the collector's address, or annotate the pods so that the "
            "OpenTelemetry operator instruments them."
        ),
        tags=("observability", "tracing"),
        url="https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/",
    ),
)
