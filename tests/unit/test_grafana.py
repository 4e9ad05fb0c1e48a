"""Grafana: who gets in, what it is given to know, and that nothing of it is open."""

import functools
import json
from collections.abc import Mapping
from typing import Any, cast

import jmespath
import pulumi
import pulumi_aws as aws
import pytest
from pydantic import ValidationError

from components._base.errors import InvalidInput
from components.grafana import Grafana, GrafanaArgs, GrafanaSpec, shown
from components.grafana.args import GrafanaWorkloadArgs
from components.grafana.dashboards import Dashboard
from components.grafana.plan import LARGEST, plan_grafana, shelve
from components.grafana.settings import role_path
from components.grafana.spec import GrafanaRolesSpec, GrafanaWorkloadSpec
from components.service.spec import FastApiServiceSpec
from components.service.worker_spec import WorkerSpec
from tests.charts import needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, build
from tests.iam_lint import lint

Json = Mapping[str, Any]

RELEASE = "kubernetes:helm.sh/v3:Release"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
SECRET = "kubernetes:core/v1:Secret"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
PLUGIN = "kubernetes:configuration.konghq.com/v1:KongPlugin"

SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
LOG_GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/platform/pods"
OIDC: Json = {
    "client_id": "grafana",
    "client_secret_arn": f"{SECRET_ARN}grafana",
    "auth_url": "https://auth.example.com/oauth2/authorize",
    "token_url": "https://auth.example.com/oauth2/token",
    "userinfo_url": "https://auth.example.com/oauth2/userInfo",
}
ROLES: Json = {"claim": "cognito:groups", "admins": ["platform"], "viewers": ["developers"]}
PROD: Json = {
    "host": "grafana.example.com",
    "oidc": OIDC,
    "roles": ROLES,
    "traces": "tempo",
    "cloudwatch": True,
    "log_group_arns": [LOG_GROUP],
    "cluster_name": "blue",
    "secret_store": "secrets-manager",
    "logs": {
        "endpoint": "https://search.elastic.svc:9200",
        "secret_arn": f"{SECRET_ARN}logs",
        "ca_secret": "elastic/search-ca",
        "namespace": "elastic",
    },
    "parts": ["kong", "linkerd", "cost", "telemetry", "rabbitmq", "workers"],
    "workloads": {
        "orders": {"public": True, "uses": {"cache": True}, "slo": {"availability": 99.95}},
        "mailer": {"worker": True, "queue": "mails", "uses": {"rabbitmq": True}},
    },
    "mirror": "registry.example.com/mirror",
}


def make(**given: object) -> Recorder[Grafana]:
    def program() -> Grafana:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        inside = pulumi.ResourceOptions(deleted_with=cluster)
        args = {"namespace": "observability", **given}
        return Grafana("grafana", cast("GrafanaArgs", args), inside)

    return build(program)


@functools.cache
def production() -> Recorder[Grafana]:
    return make(**PROD)


@functools.cache
def small() -> Recorder[Grafana]:
    return make(monitored=True)


def values(made: Recorder[Grafana]) -> Json:
    return cast("Json", made.one(RELEASE).inputs["values"])


def ini(made: Recorder[Grafana]) -> Json:
    return cast("Json", values(made)["grafana.ini"])


def sources(made: Recorder[Grafana]) -> dict[str, Json]:
    found = values(made)["datasources"]["datasources.yaml"]["datasources"]
    return {each["uid"]: each for each in found}


def plan_problems(**given: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        plan_grafana(cast("GrafanaArgs", {"namespace": "observability", **given}))
    return {problem.path: problem.reason for problem in error.value.problems}


# Who gets in --------------------------------------------------------------------------------------


def test_people_log_in_at_the_issuer_and_nowhere_else():
    settings = ini(production())
    login = settings["auth.generic_oauth"]
    assert settings["auth"]["disable_login_form"] is True
    assert settings["auth.basic"] == {"enabled": False}
    assert settings["auth.anonymous"]["enabled"] is False
    assert settings["security"]["disable_initial_admin_creation"] is True
    assert settings["users"]["allow_sign_up"] is False
    assert login["enabled"] is login["use_pkce"] is login["role_attribute_strict"] is True
    assert login["client_id"] == "grafana"
    assert login["scopes"] == "openid email profile"
    assert settings["server"]["root_url"] == "https://grafana.example.com/"
    assert values(production())["env"] == {"GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION": "true"}


def test_without_an_issuer_there_is_one_user_with_a_password_that_nobody_chose():
    settings = ini(small())
    assert "auth.generic_oauth" not in settings
    assert settings["security"]["disable_initial_admin_creation"] is False
    assert values(small())["envValueFrom"]["GF_SECURITY_ADMIN_PASSWORD"] == {
        "secretKeyRef": {"name": "grafana-login", "key": "admin-password"}
    }
    password = small().named("grafana-admin-password")
    assert password.inputs["length"] == 32
    another = make(monitored=True, password_version=2).named("grafana-admin-password")
    assert (password.inputs["keepers"], another.inputs["keepers"]) == (
        {"version": "1"},
        {"version": "2"},
    )


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ({"cognito:groups": ["developers", "platform"]}, "Admin"),
        ({"cognito:groups": ["developers"]}, "Viewer"),
        ({"cognito:groups": ["sales"]}, False),
        ({"cognito:groups": []}, False),
        ({"groups": ["platform"]}, False),
        ({}, False),
    ],
)
def test_the_role_is_the_highest_that_a_group_has(groups: Json, role: object):
    path = role_path(GrafanaRolesSpec.model_validate(ROLES))
    assert jmespath.search(path, dict(groups)) == role


def test_a_group_can_not_end_the_expression_that_it_is_in():
    with pytest.raises(ValidationError, match="quotes and braces"):
        GrafanaRolesSpec.model_validate({"admins": ["x') || ('1'"]})


def test_nothing_is_open_told_to_others_or_fetched():
    for made in (production(), small()):
        settings = ini(made)
        assert not any(settings["analytics"].values())
        assert settings["news"] == {"news_feed_enabled": False}
        assert settings["plugins"]["preinstall_disabled"] is True
        assert settings["plugins"]["plugin_admin_enabled"] is False
        assert settings["security"]["allow_embedding"] is False
        assert settings["security"]["disable_gravatar"] is True
        assert settings["security"]["content_security_policy"] is True
        assert settings["snapshots"] == {"enabled": False, "external_enabled": False}
        assert settings["public_dashboards"] == {"enabled": False}
        assert settings["unified_alerting"]["execute_alerts"] is False
    assert ini(production())["security"]["cookie_secure"] is True
    assert ini(production())["security"]["strict_transport_security"] is True


def test_the_policy_of_content_lets_nobody_frame_it_nor_load_from_elsewhere():
    policy = ini(production())["security"]["content_security_policy_template"]
    assert policy.startswith('"""')  # a semicolon begins a comment otherwise
    assert policy.endswith('"""')
    assert "frame-ancestors 'none'" in policy
    assert "$NONCE" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "*" not in policy


def test_metrics_ask_for_no_login_so_they_are_not_shown_to_the_world():
    assert ini(production())["metrics"] == {"enabled": False}
    assert ini(small())["metrics"] == {"enabled": True}
    assert values(small())["serviceMonitor"] == {"enabled": True}
    problems = plan_problems(**{**PROD, "monitored": True})
    assert "open to the world" in next(iter(problems.values()))


# Secrets ------------------------------------------------------------------------------------------


def test_no_secret_is_in_a_value():
    text = json.dumps(values(production()))
    assert SECRET_ARN not in text
    assert "client_secret" not in ini(production())["auth.generic_oauth"]
    taken = values(production())["envValueFrom"]
    assert {name: each["secretKeyRef"]["name"] for name, each in taken.items()} == {
        "GF_SECURITY_SECRET_KEY": "grafana-login",
        "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET": "grafana-oidc",
        "LOGS_USER": "grafana-logs",
        "LOGS_PASSWORD": "grafana-logs",
    }
    for chart in (production(), small()):
        assert chart.one(RELEASE).urn  # Grafana waits for what it takes
        for secret in [*chart.all(EXTERNAL), *chart.all(SECRET), *chart.all(CONFIG_MAP)]:
            assert chart.comes_after(chart.one(RELEASE), secret)


def test_the_key_of_the_database_is_not_the_one_that_everybody_knows():
    secret = small().one(SECRET)
    assert set(cast("Json", secret.inputs["stringData"])) == {"secret-key", "admin-password"}
    alone = production().one(SECRET)
    assert set(cast("Json", alone.inputs["stringData"])) == {"secret-key"}


@needs_crds
def test_external_secrets_are_as_their_definition_wants():
    found = production().all(EXTERNAL)
    assert [each.name for each in found] == [
        "grafana-logs-ca-externalsecret",
        "grafana-logs-externalsecret",
        "grafana-oidc-externalsecret",
    ]
    for each in found:
        assert crd_problems("externalsecrets.external-secrets.io", each.inputs) == []


# What it reads ------------------------------------------------------------------------------------


def test_data_sources_lead_from_logs_to_traces_and_back():
    found = sources(production())
    assert list(found) == ["prometheus", "alertmanager", "tempo", "elasticsearch", "cloudwatch"]
    assert all(each["editable"] is False for each in found.values())
    assert found["prometheus"]["isDefault"] is True
    to_logs = found["tempo"]["jsonData"]["tracesToLogsV2"]
    assert to_logs["datasourceUid"] == "elasticsearch"
    assert to_logs["query"] == 'trace_id:"$${__trace.traceId}"'
    assert found["tempo"]["jsonData"]["serviceMap"] == {"datasourceUid": "prometheus"}
    (link,) = found["elasticsearch"]["jsonData"]["dataLinks"]
    assert (link["field"], link["url"]) == ("trace_id", "$${__value.raw}")
    assert link["datasourceUid"] == "tempo"
    logs = found["elasticsearch"]
    assert logs["basicAuthUser"] == "$LOGS_USER"
    assert logs["secureJsonData"] == {
        "basicAuthPassword": "$LOGS_PASSWORD",
        "tlsCACert": "$__file{/etc/grafana-logs/ca.crt}",
    }
    assert found["cloudwatch"]["jsonData"]["authType"] == "default"


def test_a_small_one_reads_metrics_only_and_has_no_role():
    assert list(sources(small())) == ["prometheus", "alertmanager"]
    assert small().none("aws:iam/role:Role")
    assert small().none(EXTERNAL)


def test_the_role_can_look_at_metrics_and_the_named_logs_and_change_nothing():
    policy = production().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    document = json.loads(str(policy))
    assert lint(str(policy)) == []
    by_sid = {each["Sid"]: each for each in document["Statement"]}
    assert by_sid["ReadLogs"]["Resource"] == [LOG_GROUP, f"{LOG_GROUP}:*"]
    reading = ("Get", "List", "Describe", "StartQuery", "StopQuery")
    actions = [action for each in by_sid.values() for action in each["Action"]]
    assert all(action.split(":")[1].startswith(reading) for action in actions)
    link = production().one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert (link.inputs["namespace"], link.inputs["serviceAccount"]) == (
        "observability",
        "grafana",
    )


def test_x_ray_is_read_by_a_plugin():
    made = make(traces="xray", cluster_name="blue")
    assert sources(made)["xray"]["type"] == "grafana-x-ray-datasource"
    assert values(made)["plugins"] == ["grafana-x-ray-datasource"]
    policy = json.loads(str(made.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]))
    assert [each["Sid"] for each in policy["Statement"]] == ["ReadTraces"]


# Its pods -----------------------------------------------------------------------------------------


@needs_charts
def test_every_value_is_one_that_the_chart_knows():
    # Kubernetes' own fields, and Grafana's own settings
    open_to_all = ("deploymentStrategy.", "livenessProbe.", "readinessProbe.", "grafana.ini.")
    for made in (production(), small()):
        unknown = unknown_values(made.one(RELEASE).inputs)
        assert [path for path in unknown if not path.startswith(open_to_all)] == []


def test_its_pods_have_no_access_to_the_kubernetes_api():
    """A sidecar that looks for dashboards would read ConfigMaps of the namespace, or of all."""
    chart = values(production())
    assert chart["rbac"] == {"create": False}
    assert chart["automountServiceAccountToken"] is False
    assert chart["serviceAccount"]["automountServiceAccountToken"] is False
    assert "sidecar" not in chart
    assert chart["containerSecurityContext"]["readOnlyRootFilesystem"] is True
    assert chart["persistence"] == {"enabled": False}
    assert chart["replicas"] == 1
    assert production().one(RELEASE).inputs["chart"] == (
        "oci://registry.example.com/mirror/charts/grafana"
    )


def test_what_keeps_its_name_is_deleted_before_there_is_another():
    """To the provider a ConfigMap or Secret with other data is another one."""
    for made in (production(), small()):
        for each in [*made.all(CONFIG_MAP), *made.all(SECRET)]:
            assert each.delete_before_replace


def test_it_goes_with_the_cluster_and_leaves_nothing():
    for made in (production(), small()):
        cluster = made.one("aws:eks/cluster:Cluster")
        inside = [r for r in made.resources if r.type.startswith("kubernetes:")]
        assert inside
        assert all(r.deleted_with == cluster.urn and not r.protect for r in inside)
        assert not any(r.deleted_with for r in made.resources if r.type.startswith("aws:"))


def test_few_resources():
    """Each costs a part of every preview."""
    assert len(small().resources) == 7
    assert len(production().resources) == 23


# The way to it ------------------------------------------------------------------------------------


def test_it_is_shown_to_nobody_unless_a_host_is_given():
    assert small().none(ROUTE)
    assert small().none(POLICY)  # the namespace's own are enough
    assert small().none(PLUGIN)


def test_the_gateway_comes_by_https_and_leaves_grafanas_policy_of_content_alone():
    made = production()
    route = made.one(ROUTE)
    annotations = cast("Json", route.inputs["metadata"])["annotations"]
    assert cast("Json", route.inputs["spec"])["hostnames"] == ["grafana.example.com"]
    assert annotations["konghq.com/plugins"] == "grafana-response-transformer,grafana-rate-limiting"
    assert annotations["fastapi-platform/anonymous"] == "true"
    headers = cast("Json", made.named("grafana-response-transformer-kongplugin").inputs["config"])
    changed = json.dumps(headers)
    assert "Strict-Transport-Security" in changed
    assert "Content-Security-Policy" not in changed
    assert ini(made)["server"]["protocol"] == "https"
    service = values(made)["service"]
    assert service["port"] == 443
    assert service["annotations"]["konghq.com/protocol"] == "https"
    assert values(made)["readinessProbe"]["httpGet"]["scheme"] == "HTTPS"
    assert made.comes_after(route, made.one(RELEASE))


@needs_crds
def test_route_and_certificate_are_as_their_definitions_want():
    made = production()
    definitions = {
        ROUTE: "httproutes.gateway.networking.k8s.io",
        "kubernetes:cert-manager.io/v1:Certificate": "certificates.cert-manager.io",
        "kubernetes:cert-manager.io/v1:Issuer": "issuers.cert-manager.io",
    }
    for kind, definition in definitions.items():
        assert crd_problems(definition, made.one(kind).inputs) == []


def test_only_the_gateway_gets_in_and_grafana_gets_to_what_it_reads():
    spec = cast("Json", production().one(POLICY).inputs["spec"])
    (ingress,) = spec["ingress"]
    (peer,) = ingress["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "kong"}
    assert ingress["ports"] == [{"port": 3000, "protocol": "TCP"}]
    ports = [port["port"] for rule in spec["egress"] for port in rule["ports"]]
    assert sorted(ports) == [80, 443, 9200]


# Its dashboards -----------------------------------------------------------------------------------


def shelf_files(made: Recorder[Grafana]) -> dict[str, Json]:
    return {each.name: cast("Json", each.inputs["data"]) for each in made.all(CONFIG_MAP)}


def test_dashboards_are_mounted_by_folder():
    files = shelf_files(production())
    assert set(files["grafana-dashboards-services"]) == {
        "service-orders.json",
        "service-mailer.json",
    }
    assert "overview.json" in files["grafana-dashboards-platform"]
    providers = values(production())["dashboardProviders"]["dashboardproviders.yaml"]["providers"]
    assert {each["name"]: each["folder"] for each in providers} == {
        "dashboards-platform": "Platform",
        "dashboards-services": "Services",
    }
    assert all(each["allowUiUpdates"] is False for each in providers)
    assert values(production())["dashboardsConfigMaps"] == {
        name: name for name in ("dashboards-platform", "dashboards-services")
    }
    home = ini(production())["dashboards"]["default_home_dashboard_path"]
    assert home == "/var/lib/grafana/dashboards/dashboards-platform/overview.json"


def test_a_config_map_takes_no_more_than_kubernetes_does():
    workloads = {f"service-{n}": {"uses": {"cache": True}, "slo": {}} for n in range(60)}
    args = {"namespace": "observability", "workloads": workloads}
    shelves = plan_grafana(cast("GrafanaArgs", args)).shelves
    assert [shelf.name for shelf in shelves][:3] == [
        "dashboards-platform",
        "dashboards-services",
        "dashboards-services-2",
    ]
    sizes = [sum(len(text.encode()) for text in shelf.files.values()) for shelf in shelves]
    assert max(sizes) <= LARGEST
    assert sum(len(shelf.files) for shelf in shelves[1:]) == 60


def test_one_too_large_dashboard_has_a_config_map_of_its_own():
    made = [Dashboard(uid, uid, "d", "Data", ()) for uid in ("one", "two")]
    assert [list(shelf.files) for shelf in shelve(made, largest=1)] == [["one.json"], ["two.json"]]


def test_a_stacks_services_are_what_grafana_is_told_of_them():
    services = {
        "orders": FastApiServiceSpec.model_validate(
            {"image": "1.0.0", "uses": {"cache": True}, "public": {"paths": ["/orders"]}}
        ),
        "catalog": FastApiServiceSpec.model_validate(
            {"image": "1.0.0", "callers": ["orders"], "slo": {"enabled": False}}
        ),
    }
    workers = {
        "mailer": WorkerSpec.model_validate(
            {"image": "1.0.0", "queue": {"name": "mails"}, "uses": {"rabbitmq": True}}
        )
    }
    told = cast("dict[str, Json]", shown(services, workers))
    assert told["orders"]["calls"] == ("catalog",)
    assert told["orders"]["public"] is True
    assert "slo" not in told["catalog"]
    assert told["mailer"]["queue"] == "mails"
    plan = plan_grafana(
        {"namespace": "n", "workloads": cast("Mapping[str, GrafanaWorkloadArgs]", told)}
    )
    assert set(plan.shelves[-1].files) == {f"service-{name}.json" for name in told}


# What does not go together ------------------------------------------------------------------------


def test_a_host_without_a_login_is_refused():
    problems = plan_problems(host="grafana.example.com")
    assert "give oidc" in problems["host"]


@pytest.mark.parametrize(
    ("given", "path", "reason"),
    [
        ({"oidc": OIDC, "secret_store": "s"}, "roles", "who may do what"),
        ({"roles": ROLES}, "roles", "oidc, which is not given"),
        ({"oidc": OIDC, "roles": ROLES}, "secret_store", "is needed"),
        ({"cloudwatch": True}, "cluster_name", "is needed"),
        ({"traces": "xray"}, "cluster_name", "is needed"),
        ({"log_group_arns": [LOG_GROUP]}, "log_group_arns", "which is off"),
        ({"host": "*.example.com"}, "host", "no name of a host"),
        ({"parts": ["kongs"]}, "parts[0]", "kong"),
        ({"roles": {"claim": "groups"}}, "roles", "nobody could log in"),
        ({"workloads": {"orders": {"slos": {}}}}, "workloads.orders.slos", "slo"),
        ({"sesion_hours": 3}, "sesion_hours", "session_hours"),
    ],
)
def test_what_does_not_go_together_is_told_by_its_key(given: Json, path: str, reason: str):
    assert reason in plan_problems(**given)[path]


def test_the_section_of_a_stack_file_has_the_structural_arguments():
    wiring = {"namespace", "oidc", "logs", "log_group_arns", "secret_store", "cluster_name"}
    wiring |= {"requires", "mirror", "tags", "workloads", "workloads_namespace"}
    assert set(GrafanaSpec.model_fields) == set(GrafanaArgs.__annotations__) - wiring
    assert set(GrafanaWorkloadSpec.model_fields) == set(GrafanaWorkloadArgs.__annotations__)
    described = [*GrafanaSpec.model_fields.values(), *GrafanaRolesSpec.model_fields.values()]
    assert all(field.description for field in described)
