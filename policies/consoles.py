"""Consoles of what watches (Grafana, Prometheus, Alertmanager, Kibana): nobody unknown gets in."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from policies.gateway import AUTHENTICATION, CLUSTER_PLUGIN, PLUGIN, outside
from policies.rule import Setting, Verdict, Violation, demanded, resource_policy, stack_policy
from policies.subject import Subject, entries, item, items
from policies.workloads import ROUTE, SERVICE, backends

INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
RELEASE = "kubernetes:helm.sh/v3:Release"

WITHOUT_LOGIN = ("prometheus", "alertmanager", "thanos", "jaeger", "pushgateway", "linkerd-viz")
"""What lets everybody in by itself, by parts of its Service's name or image."""
WITH_LOGIN = ("grafana", "kibana")
"""What has a login of its own, which `console-login` holds for Grafana; Kibana has
Elasticsearch's."""

PROXIES = ("nginx.ingress.kubernetes.io/auth-url", "nginx.ingress.kubernetes.io/auth-type")
LOGINS = (*PROXIES, "alb.ingress.kubernetes.io/auth-type")
"""Annotations by which an Ingress asks who is calling."""

REMEDY = "put an authentication plugin or proxy in front of it, or reach it by kubectl port-forward"
CONSOLES: Mapping[str, Setting] = {
    "consoles": {
        "type": "array",
        "items": {"type": "string"},
        "default": list(WITHOUT_LOGIN),
        "description": "Parts of the names of services that let everybody in.",
    }
}


def _behind_login(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    for each in outside(stack):
        names = [name for _, name in backends(each.route)]
        asked = each.has(*AUTHENTICATION)
        for verdict in _shows(each.route, names, "to everybody", unless=asked, of=each.certain):
            yield each.route, verdict
    for each in stack:
        if each.type == INGRESS:
            yield from ((each, verdict) for verdict in _ingress(each))
        elif each.type == SERVICE:
            opened = among(each.get("spec.type"), ("LoadBalancer", "NodePort"))
            selected = each.get("spec.selector")
            unknown = [selected] if isinstance(selected, UnknownValueError) else []
            names = [each.get("metadata.name"), *unknown, *(v for _, v in entries(selected))]
            for verdict in _shows(each, names, "to everybody who reaches it", of=opened):
                yield each, verdict


def _ingress(ingress: Subject) -> Iterator[Verdict]:
    services = [
        item(item(item(path, "backend"), "service"), "name")
        for rule in items(ingress.get("spec.rules"))
        for path in items(item(item(rule, "http"), "paths"))
    ]
    services.append(ingress.get("spec.defaultBackend.service.name"))
    asked = _asks(ingress.get("metadata.annotations"))
    yield from _shows(ingress, services, "to everybody", unless=asked)


def _asks(annotations: object) -> Answer:
    """Tell whether an Ingress asks who is calling."""
    return some(opposite(among(item(annotations, key), (None, "", "none"))) for key in LOGINS)


def _shows(
    subject: Subject,
    names: Sequence[object],
    whom: str,
    *,
    unless: Answer = False,
    of: Answer = True,
) -> Iterator[Verdict]:
    """Give the verdict on what leads to services of some names."""
    consoles = subject.texts("consoles")
    known = [name for name in names if isinstance(name, str)]
    found = [console for console in consoles if any(console in name for name in known)]
    doubts = [name for name in names if isinstance(name, UnknownValueError)]
    a_console = some((bool(found), *doubts))
    what = found[0] if found else "a console"
    yield from demanded(
        unless, Violation(f"shows {what} {whom}", REMEDY), of=every((of, a_console))
    )


def _login(release: Subject) -> Iterator[Verdict]:
    chart = str(release.get("chart")).rsplit("/", 1)[-1]
    values = release.get("values")
    if chart == "grafana":
        yield from _grafana(values, "values")
    elif chart == "kube-prometheus-stack":
        grafana = item(values, "grafana")
        if item(grafana, "enabled") is not False:
            yield from _grafana(grafana, "values.grafana")
        for part in ("prometheus", "alertmanager", "thanosRuler"):
            yield from _no_ingress(item(values, part), f"values.{part}")
    elif chart in ("prometheus", "alertmanager"):
        server = "server" if chart == "prometheus" else None
        yield from _no_ingress(item(values, server) if server else values, f"values.{server or ''}")


def _no_ingress(values: object, path: str) -> Iterator[Verdict]:
    ingress = item(values, "ingress")
    opened = Violation(f"has {path.rstrip('.')}.ingress on, in front of what has no login", REMEDY)
    asked = _asks(item(ingress, "annotations"))
    yield from demanded(asked, opened, of=same(item(ingress, "enabled"), True))


def _grafana(values: object, path: str) -> Iterator[Verdict]:
    configured = item(values, "grafana.ini")
    anonymous = item(item(configured, "auth.anonymous"), "enabled")
    variable = item(item(values, "env"), "GF_AUTH_ANONYMOUS_ENABLED")
    for value in (values, configured, anonymous, variable):
        if isinstance(value, UnknownValueError):
            yield value
            return
    if _on(anonymous) or _on(variable):
        yield Violation(
            "lets anybody into Grafana",
            f"set auth.anonymous.enabled to false in {path}.grafana.ini",
        )
    if item(values, "adminPassword"):
        yield Violation(
            "has Grafana's admin password in its values",
            f"name a secret in {path}.admin.existingSecret, or log in by OIDC",
        )


def _on(value: object) -> bool:
    return value is True or str(value).lower() == "true"


POLICIES: Sequence[Policy] = (
    stack_policy(
        _behind_login,
        name="console-authenticated",
        display_name="Metrics and logs are no public reading",
        description="Prometheus, Alertmanager and the like are reached through a login only.",
        types=(ROUTE, PLUGIN, CLUSTER_PLUGIN, INGRESS, SERVICE),
        severity=Severity.HIGH,
        remediation_steps=(
            "These consoles let everybody in, and show addresses, versions and customers' paths. "
            "Name an authentication plugin in the route's annotation, put a proxy with a login in "
            "front, or show them through Grafana only."
        ),
        tags=("observability", "exposure"),
        url="https://prometheus.io/docs/operating/security/",
        settings=CONSOLES,
    ),
    resource_policy(
        _login,
        name="console-login",
        display_name="Grafana asks who is there",
        description="Releases of Grafana and Prometheus let nobody in without a login.",
        types=(RELEASE,),
        severity=Severity.HIGH,
        remediation_steps=(
            "Turn anonymous access off, take the admin password out of the values (a secret that "
            "exists, or no initial admin and OIDC), and give Prometheus and Alertmanager no "
            "ingress of their own without an authentication annotation."
        ),
        tags=("observability", "identity"),
        url="https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/",
    ),
)
