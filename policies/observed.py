"""Services behind the gateway: each is measured, traced, and has an objective that is watched."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.rule import Setting, Verdict, Violation, stack_policy
from policies.subject import Subject, entries, item, items
from policies.workloads import (
    ROUTE,
    SERVICE,
    SERVING,
    labels,
    name,
    namespace,
    same,
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
        watched = [_watches(alert, name(each.service), each.service) for alert in alerts]
        if True not in watched:
            doubts = [found for found in watched if isinstance(found, UnknownValueError)]
            yield (
                each.service,
                doubts[0]
                if doubts
                else Violation(
                    "is behind the gateway and has no service level objective that is watched",
                    "add a PrometheusRule with burn-rate alerts whose expressions or labels name "
                    "this service",
                ),
            )


def _alerts(rules: Subject) -> Iterator[object]:
    groups = rules.get("spec.groups")
    if isinstance(groups, UnknownValueError):
        yield groups
    for group in items(groups):
        for rule in items(item(group, "rules")):
            if isinstance(rule, UnknownValueError) or item(rule, "alert") is not None:
                yield rule


def _watches(alert: object, service: object, subject: Subject) -> bool | UnknownValueError:
    """Tell whether an alert is on how a service serves."""
    expression = item(alert, "expr")
    for unknown in (alert, service, expression):
        if isinstance(unknown, UnknownValueError):
            return unknown
    text = str(expression)
    if text.lstrip("( ").startswith(STATE):
        return False
    own = {key: item(item(alert, "labels"), key) for key in subject.texts("labels")}
    return service in own.values() or any(f'{key}="{service}"' in text for key in own)


def _scraped(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    monitors = [each for each in stack if each.type in MONITORS]
    for each in shown(stack):
        on_service = dict(entries(each.service.get("metadata.labels")))
        pods = [labels(workload) for workload in each.workloads]
        if not any(
            _looks_into(monitor, namespace(each.service))
            and any(
                selects(monitor.get("spec.selector"), labelled)
                for labelled in ([on_service] if monitor.type == MONITORS[0] else pods)
            )
            for monitor in monitors
        ) and not any(_asks_for_it(one) for one in (each.service, *each.workloads)):
            yield (
                each.service,
                Violation(
                    "is behind the gateway and nobody reads its metrics",
                    "add a ServiceMonitor or PodMonitor that selects it",
                ),
            )


def _looks_into(monitor: Subject, where: object) -> bool:
    chosen = monitor.get("spec.namespaceSelector")
    if item(chosen, "any") is True:
        return True
    names = list(items(item(chosen, "matchNames"))) or [namespace(monitor)]
    return any(same(each, where) for each in names)


def _asks_for_it(resource: Subject) -> bool:
    annotations = resource.get(
        "metadata.annotations" if resource.type == SERVICE else "spec.template.metadata.annotations"
    )
    return item(annotations, SCRAPED) == "true"


def _traced(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    maps = [each for each in stack if each.type == CONFIG_MAP]
    for each in shown(stack):
        for workload in each.workloads:
            found = _exports(workload, maps)
            if isinstance(found, UnknownValueError):
                yield workload, found
            elif not found:
                yield (
                    workload,
                    Violation(
                        "serves what the gateway shows and sends no traces",
                        f"set {EXPORTERS[0]} in its containers, or an inject annotation of the "
                        "OpenTelemetry operator",
                    ),
                )


def _exports(workload: Subject, maps: Sequence[Subject]) -> bool | UnknownValueError:
    template = "spec.template"
    for key, value in entries(workload.get(f"{template}.metadata.annotations")):
        if key.startswith(INJECTED) and value != "false":
            return True
    doubt: UnknownValueError | None = None
    for value in workload.each(f"{template}.spec.containers[].env[].name"):
        if value.content in EXPORTERS:
            return True
        if isinstance(value.content, UnknownValueError):
            doubt = value.content
    for value in workload.each(f"{template}.spec.containers[].envFrom[].configMapRef.name"):
        for each in maps:
            data = dict(entries(each.get("data")))
            if same(name(each), value.content) and any(key in data for key in EXPORTERS):
                return True
    return doubt or False


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
