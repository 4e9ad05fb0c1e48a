"""Services behind the gateway are measured and traced, with objectives; consoles have a login."""

import pytest

from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict, verdict

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
SERVICE_MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
POD_MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
PLUGIN = "kubernetes:configuration.konghq.com/v1:KongPlugin"
RELEASE = "kubernetes:helm.sh/v3:Release"

Resource = tuple[str, str, Inputs]
OBJECTIVE, MEASURED, TRACED = "service-objective", "service-measured", "service-traced"


def resource(type_: str, name: str, **inputs: object) -> Resource:
    return (type_, name, inputs)


def at(name: object, namespace: object = "apps", **metadata: object) -> Inputs:
    return {"name": name, "namespace": namespace, **metadata}


def service(**annotations: str) -> Resource:
    metadata: Inputs = at("orders", labels={"app": "orders"}, annotations=annotations)
    inputs: Inputs = {"metadata": metadata, "spec": {"selector": {"app": "orders"}}}
    return (SERVICE, "orders", inputs)


def deployment(annotations: Inputs | None = None, **container: object) -> Resource:
    template: Inputs = {
        "metadata": {"labels": {"app": "orders", "track": "stable"}, "annotations": annotations},
        "spec": {"containers": [{"name": "app", **container}]},
    }
    return (DEPLOYMENT, "orders", {"metadata": at("orders"), "spec": {"template": template}})


def route(to: object = "orders", plugins: str = "", **spec: object) -> Resource:
    metadata = at("orders", annotations={"konghq.com/plugins": plugins})
    rules: list[object] = [{"backendRefs": [{"name": to, "port": 8000}]}]
    return (ROUTE, "orders", {"metadata": metadata, "spec": {"rules": rules, **spec}})


def shown(*more: Resource, **container: object) -> tuple[Resource, ...]:
    return (route(), service(), deployment(None, **container), *more)


def alert(expr: object, **labels: str) -> Resource:
    rules: list[object] = [
        {"record": "r", "expr": "1"},
        {"alert": "Burn", "expr": expr, "labels": labels},
    ]
    return (RULES, "r", {"metadata": at("r"), "spec": {"groups": [{"rules": rules}]}})


def monitor(type_: str = SERVICE_MONITOR, namespace: str = "apps", **spec: object) -> Resource:
    return (type_, "m", {"metadata": at("m", namespace), "spec": spec})


@pytest.mark.parametrize("rule", [OBJECTIVE, MEASURED, TRACED])
def test_a_shown_service_that_nobody_watches_is_found(rule: str) -> None:
    (message,) = stack_verdict(rule, *shown()).violations
    assert message.startswith(f"{rule}: kubernetes:")
    assert "'orders'" in message


@pytest.mark.parametrize("rule", [OBJECTIVE, MEASURED, TRACED])
def test_what_the_gateway_does_not_show_is_left_alone(rule: str) -> None:
    inside = route(parentRefs=[{"kind": "Service", "name": "orders"}])
    for routes in ([], [route("other")], [inside]):
        assert stack_verdict(rule, *routes, service(), deployment()).passed


@pytest.mark.parametrize(
    "own",
    [
        alert('errors:ratio_rate1h{namespace="apps",service="orders"} > 0.0144'),
        alert("errors / requests > 0.01", service="orders"),
        alert("slo:burn > 1", sloth_service="orders"),
    ],
)
def test_an_alert_on_errors_or_latency_is_an_objective(own: Resource) -> None:
    assert stack_verdict(OBJECTIVE, *shown(own)).passed


@pytest.mark.parametrize(
    "other",
    [
        alert('errors:ratio_rate1h{service="catalog"} > 0.01'),
        alert("kube_deployment_status_replicas_available == 0", service="orders"),
        alert('absent(requests{service="orders"})'),
    ],
)
def test_state_and_other_services_are_no_objective(other: Resource) -> None:
    assert stack_verdict(OBJECTIVE, *shown(other)).violations


def test_rules_to_come_may_be_the_objective() -> None:
    result = stack_verdict(OBJECTIVE, *shown(alert(UNKNOWN)))
    assert result.undecided
    assert not result.violations


@pytest.mark.parametrize(
    "own",
    [
        monitor(selector={"matchLabels": {"app": "orders"}}),
        monitor(POD_MONITOR, selector={"matchLabels": {"track": "stable"}}),
        monitor(selector={}, namespaceSelector={"any": True}, namespace="monitoring"),
        monitor(
            selector={"matchExpressions": [{"key": "app", "operator": "In", "values": ["orders"]}]}
        ),
        monitor(selector={}, namespaceSelector={"matchNames": ["apps"]}, namespace="monitoring"),
    ],
)
def test_a_monitor_that_selects_it_measures_it(own: Resource) -> None:
    assert stack_verdict(MEASURED, *shown(own)).passed


@pytest.mark.parametrize(
    "other",
    [
        monitor(selector={"matchLabels": {"app": "catalog"}}),
        monitor(selector={}, namespace="monitoring"),
        monitor(selector={"matchLabels": {"track": "stable"}}),
        monitor(selector={"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}),
    ],
)
def test_a_monitor_of_others_does_not(other: Resource) -> None:
    assert stack_verdict(MEASURED, *shown(other)).violations


def test_a_service_may_ask_to_be_scraped() -> None:
    asking = service(**{"prometheus.io/scrape": "true"})
    assert stack_verdict(MEASURED, route(), asking, deployment()).passed


def test_traces_go_out_by_a_variable_or_by_the_operator() -> None:
    variable = "OTEL_EXPORTER_OTLP_ENDPOINT"
    assert stack_verdict(TRACED, *shown(env=[{"name": variable, "value": "http://c"}])).passed
    annotated = deployment({"instrumentation.opentelemetry.io/inject-python": "true"})
    assert stack_verdict(TRACED, route(), service(), annotated).passed
    mapped = shown(envFrom=[{"configMapRef": {"name": "tracing"}}])
    for data, passes in (({}, False), ({variable: "http://c"}, True)):
        settings = resource(CONFIG_MAP, "t", metadata=at("tracing"), data=data)
        assert stack_verdict(TRACED, *mapped, settings).passed is passes
    assert stack_verdict(TRACED, *shown(env=[{"name": UNKNOWN}])).undecided


ALERT: Inputs = {
    "alert": "Burn",
    "expr": "1",
    "labels": {"severity": "critical"},
    "annotations": {"summary": "s", "runbook_url": "https://r"},
}


def rules(*given: Inputs) -> Inputs:
    return {"spec": {"groups": [{"name": "g", "rules": list(given)}]}}


def test_an_alert_says_how_bad_what_and_what_to_do() -> None:
    rule = "alert-actionable"
    assert verdict(rule, RULES, rules({"record": "r", "expr": "1"}, ALERT)).passed
    bad: list[Inputs] = [
        {**ALERT, "labels": {"severity": "loud"}},
        {**ALERT, "labels": {}},
        {**ALERT, "annotations": {"summary": "s"}},
        {**ALERT, "annotations": {"runbook_url": "https://r"}},
    ]
    for changed in bad:
        (message,) = verdict(rule, RULES, rules(ALERT, changed)).violations
        assert "has the alert 'Burn'" in message
    assert verdict(rule, RULES, rules({**ALERT, "annotations": UNKNOWN})).undecided
    loud = {"severities": ["loud"]}
    assert verdict(rule, RULES, rules(ALERT), config=loud).violations


CONSOLE = "console-authenticated"


def ingress(to: str, **annotations: str) -> Resource:
    backend = {"service": {"name": to}}
    return (
        INGRESS,
        "i",
        {
            "metadata": at("i", annotations=annotations),
            "spec": {"rules": [{"http": {"paths": [{"path": "/", "backend": backend}]}}]},
        },
    )


def test_a_console_has_a_login_in_front() -> None:
    key = resource(PLUGIN, "p", metadata=at("p"), plugin="key-auth")
    assert stack_verdict(CONSOLE, route("metrics-prometheus")).violations
    assert stack_verdict(CONSOLE, route("metrics-prometheus", "p"), key).passed
    assert stack_verdict(CONSOLE, route("orders")).passed
    assert stack_verdict(CONSOLE, ingress("alertmanager")).violations
    assert stack_verdict(
        CONSOLE, ingress("alertmanager", **{"nginx.ingress.kubernetes.io/auth-url": "https://l"})
    ).passed
    for kind, count in (("LoadBalancer", 1), ("ClusterIP", 0)):
        own: Inputs = {"metadata": at("prometheus"), "spec": {"type": kind}}
        assert len(stack_verdict(CONSOLE, (SERVICE, "s", own)).violations) == count


def release(chart: str, **values: object) -> Inputs:
    return {"chart": chart, "values": values}


@pytest.mark.parametrize(
    "bad",
    [
        release("grafana", **{"grafana.ini": {"auth.anonymous": {"enabled": True}}}),
        release("oci://example.com/grafana", env={"GF_AUTH_ANONYMOUS_ENABLED": "true"}),
        release("grafana", adminPassword="changeme"),
        release("kube-prometheus-stack", grafana={"adminPassword": "prom-operator"}),
        release("kube-prometheus-stack", prometheus={"ingress": {"enabled": True}}),
        release("kube-prometheus-stack", alertmanager={"ingress": {"enabled": True}}),
        release("prometheus", server={"ingress": {"enabled": True}}),
    ],
)
def test_a_release_that_lets_anybody_in_is_a_violation(bad: Inputs) -> None:
    assert len(verdict("console-login", RELEASE, bad).violations) == 1


@pytest.mark.parametrize(
    "good",
    [
        release("grafana", **{"grafana.ini": {"auth.anonymous": {"enabled": False}}}),
        release("grafana", admin={"existingSecret": "grafana"}, ingress={"enabled": True}),
        release("kube-prometheus-stack", grafana={"enabled": False, "adminPassword": "x"}),
        release(
            "prometheus",
            server={
                "ingress": {
                    "enabled": True,
                    "annotations": {"nginx.ingress.kubernetes.io/auth-url": "https://l"},
                }
            },
        ),
        release("keda", adminPassword="x"),
    ],
)
def test_a_release_with_a_login_passes(good: Inputs) -> None:
    assert verdict("console-login", RELEASE, good).passed


def test_values_to_come_are_waited_for() -> None:
    assert verdict("console-login", RELEASE, {"chart": "grafana", "values": UNKNOWN}).undecided
