"""Services behind the gateway: each is measured, traced, and has an objective that is watched."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from policies.rule import Setting, Verdict, Violation, demanded, stack_policy
from policies.subject import Subject, entries, item, items
from policies.workloads import (
    ROUTE,
    SERVICE,
    SERVING,
    Shown,
    labels,
    name,
    namespace,
    selects,
    shown,
)

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
    alerts = [alert for each in stack if each.type == RULES for alert in _alerts(each)]
    for each in shown(stack):
        watched = some(_watches(alert, name(each.service), each.service) for alert in alerts)
        missing = Violation(
            "is behind the gateway and has no service level objective that is watched",
            "add a PrometheusRule with burn-rate alerts whose expressions or labels name this "
            "service",
        )
        for verdict in demanded(watched, missing, of=each.certain):
            yield each.service, verdict


def _alerts(rules: Subject) -> Iterator[object]:
    for group in items(rules.get("spec.groups")):
        for rule in items(item(group, "rules")):
            if isinstance(rule, UnknownValueError) or item(rule, "alert") is not None:
                yield rule


def _watches(alert: object, service: object, subject: Subject) -> Answer:
    """Tell whether an alert is on how a service serves."""
    expression = item(alert, "expr")
    for unknown in (alert, service, expression):
        if isinstance(unknown, UnknownValueError):
            return unknown
    text = str(expression)
    if text.lstrip("( ").startswith(STATE):
        return False
    keys = subject.texts("labels")
    named = (same(item(item(alert, "labels"), key), service) for key in keys)
    return some((*named, *(f'{key}="{service}"' in text for key in keys)))


def _scraped(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    monitors = [each for each in stack if each.type in MONITORS]
    missing = Violation(
        "is behind the gateway and nobody reads its metrics",
        "add a ServiceMonitor or PodMonitor that selects it",
    )
    for each in shown(stack):
        read = some(
            (
                *(_reads(monitor, each) for monitor in monitors),
                _asks_for_it(each.service),
                *(every((serves, _asks_for_it(one))) for one, serves in each.workloads),
            )
        )
        for verdict in demanded(read, missing, of=each.certain):
            yield each.service, verdict


def _reads(monitor: Subject, shown: Shown) -> Answer:
    """Tell whether a monitor selects a service, or the pods that serve it."""
    selector = monitor.get("spec.selector")
    if monitor.type == MONITORS[0]:
        selected = selects(selector, shown.service.get("metadata.labels"))
    else:
        selected = some(
            every((serves, selects(selector, labels(one)))) for one, serves in shown.workloads
        )
    return every((_looks_into(monitor, namespace(shown.service)), selected))


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
    maps = [each for each in stack if each.type == CONFIG_MAP]
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


def _exports(workload: Subject, maps: Sequence[Subject]) -> Iterator[Answer]:
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
            yield from (every((same(name(each), named.content), _exporting(each))) for each in maps)


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
