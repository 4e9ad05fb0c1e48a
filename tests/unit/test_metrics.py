"""Prometheus and Alertmanager: what is installed, what it may do, whom it waits for."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.order import after
from components.metrics import Metrics, MetricsArgs, MonitoredPart
from components.metrics.stack import HIDDEN_BY_EKS
from tests.charts import needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import LOGS_KEY, lint

RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
WORKSPACE = "aws:amp/workspace:Workspace"
SCRAPE = "kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
TOPIC_KEY = "arn:aws:kms:eu-west-1:123456789012:key/5b2c1f2e-0000-4000-a000-000000000000"
TAGS = {"project": "shop", "environment": "prod"}

Json = Mapping[str, object]


def make(**given: object) -> Recorder[Metrics]:
    def program() -> Metrics:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        # stands for the definitions
        earlier = kubernetes.core.v1.Namespace("crds", metadata={"name": "crds"}, opts=inside)
        # stands for MSK
        topic = aws.sns.Topic("brokers")
        args = {
            "cluster_name": "blue",
            "namespace": "observability",
            "agents_namespace": "node-agents",
            "storage_class": "gp3",
            "requires": [after(pulumi.Output.from_input("ready"), [earlier])],
            "tags": TAGS,
            **given,
        }
        if "kafka" in args:
            hosts = pulumi.Output.from_input(cast("str", args.pop("kafka"))).apply(
                lambda text: text.split(",")
            )
            args["kafka_brokers"] = after(hosts, [topic])
        return Metrics("metrics", cast("MetricsArgs", args), inside)

    return build(program)


@functools.cache
def production() -> Recorder[Metrics]:
    return make(
        secret_store="secrets-manager",
        alarm_topic_arn=TOPIC,
        alarm_topic_key_arn=TOPIC_KEY,
        kafka="b-1.shop.abc.c2.kafka.eu-west-1.amazonaws.com,"
        "b-2.shop.abc.c2.kafka.eu-west-1.amazonaws.com",
        parts=[part.value for part in MonitoredPart],
        slack={"secret_arn": f"{SECRET}slack-AbCdEf", "channel": "#alerts"},
        pagerduty={"secret_arn": f"{SECRET}pagerduty-AbCdEf"},
        heartbeat={"secret_arn": f"{SECRET}heartbeat-AbCdEf"},
        elasticsearch={
            "endpoint": "https://elasticsearch-es-http.search.svc:9200",
            "ca_secret": "search/elasticsearch-es-http-certs-public",
            "monitoring_secret": "search/search-monitoring-1a2b3c",
        },
        managed_prometheus={},
        cloudwatch={"services": ["alb", "apiGateway", "elastiCache", "lambda", "mq", "msk", "sqs"]},
        mirror="registry.example.com/mirror",
        protect=True,
    )


@functools.cache
def small() -> Recorder[Metrics]:
    return make(
        prometheus={"replicas": 1, "disk_gib": 10, "memory_mib": 512, "retention_days": 2},
        alertmanager={"replicas": 1},
    )


def values(cloud: Recorder[Metrics], chart: str = "kube-prometheus-stack") -> Json:
    return cast("Json", cloud.one(RELEASE, f"metrics-{chart}").inputs["values"])


def at(value: object, path: str) -> object:
    for key in path.split("."):
        value = cast("Json", value)[key]
    return value


def spec(cloud: Recorder[Metrics]) -> Json:
    return cast("Json", at(values(cloud), "prometheus.prometheusSpec"))


def alertmanager(cloud: Recorder[Metrics]) -> Json:
    return cast("Json", at(values(cloud), "alertmanager.alertmanagerSpec"))


def statements(cloud: Recorder[Metrics], role: str) -> list[Json]:
    policy = cloud.one(ROLE_POLICY, f"metrics-{role}-role-policy").inputs["policy"]
    return cast("list[Json]", json.loads(cast("str", policy))["Statement"])


def test_two_read_all_in_zones_of_their_own():
    given = spec(production())
    assert given["replicas"] == 2
    assert given["podAntiAffinity"] == "hard"
    assert given["podAntiAffinityTopologyKey"] == "topology.kubernetes.io/zone"
    assert at(values(production()), "prometheus.podDisruptionBudget") == {
        "enabled": True,
        "minAvailable": 1,
    }


def test_three_alertmanagers_are_on_nodes_of_their_own_and_two_always_run():
    given = alertmanager(production())
    assert given["replicas"] == 3
    assert given["podAntiAffinity"] == "hard"
    assert at(values(production()), "alertmanager.podDisruptionBudget") == {
        "enabled": True,
        "minAvailable": 2,
    }
    [spread] = cast("list[Json]", given["topologySpreadConstraints"])
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"
    assert spread["whenUnsatisfiable"] == "ScheduleAnyway"


def test_one_alone_has_no_budget_that_would_keep_its_node_for_ever():
    given = values(small())
    assert at(given, "prometheus.podDisruptionBudget") == {"enabled": False}
    assert at(given, "alertmanager.podDisruptionBudget") == {"enabled": False}
    assert at(given, "prometheus.prometheusSpec.podAntiAffinity") == "soft"
    assert at(given, "alertmanager.alertmanagerSpec.podAntiAffinity") == "soft"


def test_samples_go_before_the_disk_is_full():
    given = spec(production())
    assert (given["retention"], given["retentionSize"]) == ("15d", "81920MB")
    claim = at(given, "storageSpec.volumeClaimTemplate.spec")
    assert at(claim, "resources.requests.storage") == "100Gi"
    assert at(claim, "storageClassName") == "gp3"
    assert given["walCompression"] is True
    assert (spec(small())["retention"], spec(small())["retentionSize"]) == ("2d", "8192MB")


def test_memory_has_room_for_a_restart():
    assert spec(production())["resources"] == {
        "requests": {"cpu": "500m", "memory": "4096Mi"},
        "limits": {"memory": "6144Mi"},
    }


def test_monitors_and_rules_of_everyone_are_taken():
    """Or only those with the label `release` of this chart would be: everyone's first surprise."""
    given = spec(small())
    for kind in ("podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor"):
        assert given[f"{kind}SelectorNilUsesHelmValues"] is False


def test_nothing_is_read_that_eks_hides_and_no_alert_misses_it():
    """Note 18 (prometheus-community#4106, #3368): KubeSchedulerDown and the like fired for ever."""
    given = values(small())
    for part in ("kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"):
        assert given[part] == {"enabled": False}
    rules = cast("Json", at(given, "defaultRules.rules"))
    assert {group for group, on in rules.items() if on is False} == {*HIDDEN_BY_EKS, "windows"}
    assert set(HIDDEN_BY_EKS) == {
        "etcd",
        "kubeControllerManager",
        "kubeProxy",
        "kubeSchedulerAlerting",
        "kubeSchedulerRecording",
    }


def test_what_eks_shows_of_its_control_plane_is_read():
    given = values(small())
    monitors = cast("list[Json]", at(given, "prometheus.additionalServiceMonitors"))
    paths = {
        monitor["name"]: cast("list[Json]", monitor["endpoints"])[0]["path"] for monitor in monitors
    }
    assert paths == {
        "kube-controller-manager": "/apis/metrics.eks.amazonaws.com/v1/kcm/container/metrics",
        "kube-scheduler": "/apis/metrics.eks.amazonaws.com/v1/ksh/container/metrics",
    }
    [rule] = cast("list[Json]", at(given, "prometheus.additionalRulesForClusterRole"))
    assert rule["resources"] == ["kcm/metrics", "ksh/metrics"]
    assert rule["verbs"] == ["get"]


def test_definitions_and_grafana_are_others():
    assert values(small())["crds"] == {"enabled": False}
    assert values(small())["grafana"] == {"enabled": False}
    release = small().one(RELEASE, "metrics-kube-prometheus-stack")
    assert release.inputs["skipCrds"] is True
    crds = small().named("crds")
    assert small().comes_after(release, crds)


def test_the_webhook_stands_in_nobodys_way_and_its_certificate_is_cert_managers():
    """Report 14 (pulumi-kubernetes#2131): the chart's own certificate is another each time."""
    given = cast("Json", at(values(small()), "prometheusOperator.admissionWebhooks"))
    assert given["failurePolicy"] == "Ignore"
    assert given["patch"] == {"enabled": False}
    assert given["certManager"] == {"enabled": True}


def test_nobody_is_let_read_all_secrets_for_the_sake_of_counting_them():
    assert at(values(small()), "kube-state-metrics.collectorsExclude") == ["secrets"]


def test_the_node_exporter_is_where_pods_may_read_nodes():
    given = at(values(small()), "prometheus-node-exporter")
    assert at(given, "namespaceOverride") == "node-agents"
    assert at(given, "tolerations") == [{"operator": "Exists"}]
    assert at(given, "priorityClassName") == "system-node-critical"


@pytest.mark.parametrize(
    "path",
    [
        "prometheusOperator.resources",
        "prometheusOperator.prometheusConfigReloader.resources",
        "prometheus.prometheusSpec.resources",
        "alertmanager.alertmanagerSpec.resources",
        "kube-state-metrics.resources",
        "prometheus-node-exporter.resources",
    ],
)
def test_all_containers_have_requests_and_a_memory_limit(path: str):
    given = at(values(production()), path)
    assert at(given, "requests.cpu")
    assert at(given, "requests.memory")
    assert at(given, "limits.memory")


@needs_charts
@pytest.mark.parametrize("scenario", [production, small])
def test_charts_know_every_value(scenario: Callable[[], Recorder[Metrics]]):
    for release in scenario().all(RELEASE):
        unknown = unknown_values(release.inputs)
        # the values of a chart inside of a chart are in that one's own file
        inner = ("kube-state-metrics", "prometheus-node-exporter")
        assert [path for path in unknown if not path.startswith(inner)] == []
        for chart in inner:
            given = cast("Json", release.inputs["values"]).get(chart)
            if given:
                assert unknown_values({"chart": chart, "values": given}) == []


@needs_crds
def test_objects_are_what_their_definitions_say():
    given = values(production())
    for kind, field in (
        ("podmonitors", "additionalPodMonitors"),
        ("servicemonitors", "additionalServiceMonitors"),
    ):
        for monitor in cast("list[Json]", at(given, f"prometheus.{field}")):
            body = {key: value for key, value in monitor.items() if key != "name"}
            resource = {"apiVersion": "monitoring.coreos.com/v1", "spec": body}
            assert crd_problems(f"{kind}.monitoring.coreos.com", resource) == [], monitor["name"]
    scrape = production().one(SCRAPE)
    assert crd_problems("scrapeconfigs.monitoring.coreos.com", scrape.inputs) == []
    secret = production().one(EXTERNAL_SECRET)
    assert crd_problems("externalsecrets.external-secrets.io", secret.inputs) == []
    # what the chart passes on as it is
    given = spec(production())
    for field in ("remoteWrite", "resources", "exemplars", "externalLabels", "podMetadata"):
        resource = {
            "apiVersion": "monitoring.coreos.com/v1",
            "spec": {field: spec(production())[field]},
        }
        assert crd_problems("prometheuses.monitoring.coreos.com", resource) == []


def test_every_policy_is_least_privilege():
    made = production()
    for policy in made.all(ROLE_POLICY):
        assert lint(str(policy.inputs["policy"])) == [], policy.name
    for role in made.all("aws:iam/role:Role"):
        assert lint(str(role.inputs["assumeRolePolicy"])) == []
    key = made.one("aws:kms/key:Key").inputs["policy"]
    assert lint(str(key), allowed=LOGS_KEY) == []


def test_who_may_do_what_in_aws():
    made = production()
    arn = made.output(made.result.workspace_arn)
    assert statements(made, "prometheus") == [
        {"Sid": "Write", "Effect": "Allow", "Action": ["aps:RemoteWrite"], "Resource": [arn]}
    ]
    publish, encrypt = statements(made, "alertmanager")
    assert (publish["Action"], publish["Resource"]) == (["sns:Publish"], [TOPIC])
    assert (encrypt["Action"], encrypt["Resource"]) == (
        ["kms:Decrypt", "kms:GenerateDataKey"],
        [TOPIC_KEY],
    )
    assert encrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": "sns.eu-west-1.amazonaws.com"}
    }
    accounts = {
        each.inputs["serviceAccount"]: each.inputs["namespace"] for each in made.all(IDENTITY)
    }
    assert accounts == dict.fromkeys(
        ("alertmanager", "cloudwatch-exporter", "prometheus"), "observability"
    )
    assert at(values(made), "prometheus.serviceAccount.name") == "prometheus"
    assert at(values(made), "alertmanager.serviceAccount.name") == "alertmanager"
    assert small().none(IDENTITY)


def test_the_topic_alone_needs_no_key():
    made = make(alarm_topic_arn=TOPIC)
    [publish] = statements(made, "alertmanager")
    assert publish["Resource"] == [TOPIC]


def test_samples_go_to_the_workspace_signed_and_only_once():
    made = production()
    given = spec(made)
    [target] = cast("list[Json]", given["remoteWrite"])
    assert target["url"] == f"{made.output(made.result.workspace_endpoint)}api/v1/remote_write"
    assert target["sigv4"] == {"region": "eu-west-1"}
    assert given["externalLabels"] == {"cluster": "blue"}
    assert given["replicaExternalLabelName"] == "__replica__"
    workspace = made.one(WORKSPACE)
    assert workspace.protect
    assert workspace.deleted_with == ""
    assert workspace.inputs["kmsKeyArn"]
    log = made.one("aws:cloudwatch/logGroup:LogGroup")
    assert log.inputs["name"] == "/aws/vendedlogs/prometheus/blue"
    assert log.inputs["retentionInDays"] == 90
    assert log.inputs["kmsKeyId"] == workspace.inputs["kmsKeyArn"]


def test_without_a_workspace_nothing_leaves():
    assert small().none(WORKSPACE)
    assert "remoteWrite" not in spec(small())
    assert small().output(small().result.workspace_endpoint) == ""


def test_receivers_secrets_come_from_secrets_manager_and_are_nowhere_else():
    made = production()
    body = cast("Json", made.one(EXTERNAL_SECRET).inputs["spec"])
    assert body["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "secrets-manager"}
    assert body["data"] == [
        {"secretKey": key, "remoteRef": {"key": f"{SECRET}{key}-AbCdEf"}}
        for key in ("heartbeat", "pagerduty", "slack")
    ]
    assert alertmanager(made)["secrets"] == ["alertmanager-receivers"]
    assert alertmanager(small())["secrets"] == []
    assert small().none(EXTERNAL_SECRET)
    release = made.one(RELEASE, "metrics-kube-prometheus-stack")
    assert made.comes_after(release, made.one(EXTERNAL_SECRET))
    for identity in ("prometheus", "alertmanager"):
        assert made.comes_after(release, made.named(f"metrics-{identity}-identity"))


def rules(policy: Registration, direction: str) -> Sequence[Json]:
    return cast("Sequence[Json]", cast("Json", policy.inputs["spec"])[direction])


def numbers(rule: Json) -> list[object]:
    return [port["port"] for port in cast("list[Json]", rule["ports"])]


def test_only_those_who_are_named_query_prometheus():
    policy = production().named("metrics-prometheus-access")
    [rule] = rules(policy, "ingress")
    assert numbers(rule) == [9090]
    assert rule["from"] == [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}
        for name in ("keda", "linkerd-viz")
    ]
    nobody = make(query_namespaces=[]).named("metrics-prometheus-access")
    assert "ingress" not in cast("Json", nobody.inputs["spec"])


def test_prometheus_reads_pods_nodes_and_brokers():
    pods, nodes = rules(production().named("metrics-prometheus-access"), "egress")
    assert pods == {"to": [{"namespaceSelector": {}}]}
    assert numbers(nodes) == [10250, 9100, 11001, 11002]
    assert numbers(rules(small().named("metrics-prometheus-access"), "egress")[1]) == [10250, 9100]


def test_every_pod_is_named_by_a_policy():
    given = values(production())
    label = "fastapi-platform/metrics"
    labels = [
        at(given, "prometheusOperator.podLabels"),
        at(given, "prometheus.prometheusSpec.podMetadata.labels"),
        at(given, "alertmanager.alertmanagerSpec.podMetadata.labels"),
        at(given, "kube-state-metrics.podLabels"),
        values(production(), "prometheus-yet-another-cloudwatch-exporter")["podLabels"],
    ]
    assert {str(cast("Json", each)[label]) for each in labels} == {
        *("alertmanager", "cloudwatch-exporter", "kube-state-metrics", "operator", "prometheus")
    }
    policy = cast("Json", production().named("metrics-calls-access").inputs["spec"])
    assert policy["podSelector"] == {"matchExpressions": [{"key": label, "operator": "Exists"}]}
    assert numbers(rules(production().named("metrics-operator-access"), "ingress")[0]) == [10250]


def test_brokers_are_read_at_both_ports_and_nothing_else_waits_for_them():
    made = production()
    body = cast("Json", made.one(SCRAPE).inputs["spec"])
    configs = cast("list[Json]", body["staticConfigs"])
    assert [config["labels"] for config in configs] == [{"exporter": "jmx"}, {"exporter": "node"}]
    hosts = [f"b-{n}.shop.abc.c2.kafka.eu-west-1.amazonaws.com" for n in (1, 2)]
    assert configs[0]["targets"] == [f"{host}:11001" for host in hosts]
    assert configs[1]["targets"] == [f"{host}:11002" for host in hosts]
    topic = made.named("brokers")
    waiting = {each.name for each in made.resources if made.comes_after(each, topic)}
    assert waiting - {topic.name} == {"metrics-brokers"}
    assert small().none(SCRAPE)


def test_elasticsearch_is_read_beside_it_by_a_user_who_sees_no_document():
    made = production()
    release = made.one(RELEASE, "metrics-prometheus-elasticsearch-exporter")
    assert release.inputs["namespace"] == "search"
    given = values(made, "prometheus-elasticsearch-exporter")
    assert at(given, "es.uri") == "https://elasticsearch-es-http.search.svc:9200"
    assert at(given, "es.ssl.ca.path") == "/ca/ca.crt"
    assert given["secretMounts"] == [
        {"name": "ca", "secretName": "elasticsearch-es-http-certs-public", "path": "/ca"}
    ]
    assert given["extraEnvSecrets"] == {
        "ES_USERNAME": {"secret": "search-monitoring-1a2b3c", "key": "username"},
        "ES_PASSWORD": {"secret": "search-monitoring-1a2b3c", "key": "password"},
    }
    policy = made.named("metrics-elasticsearch-exporter-access")
    assert cast("Json", policy.inputs["metadata"])["namespace"] == "search"
    [rule] = rules(policy, "ingress")
    assert numbers(rule) == [9108]
    label = {"kubernetes.io/metadata.name": "observability"}
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": label}}]


def test_what_leaves_nothing_behind_goes_with_the_cluster():
    """Report 10 (pulumi-kubernetes#2675)."""
    made = production()
    cluster = made.one("aws:eks/cluster:Cluster")
    for each in made.resources:
        if each.parent and each.parent.type == "fastapi-platform:index:Metrics":
            ours = each.type.startswith("kubernetes:")
            assert each.deleted_with == (cluster.urn if ours else ""), each.name


def test_charts_come_from_the_mirror():
    made = production()
    charts = {release.inputs["chart"] for release in made.all(RELEASE)}
    assert charts == {
        "oci://registry.example.com/mirror/charts/kube-prometheus-stack",
        "oci://registry.example.com/mirror/charts/prometheus-elasticsearch-exporter",
        "oci://registry.example.com/mirror/charts/prometheus-yet-another-cloudwatch-exporter",
    }
    image = at(values(made), "prometheus.prometheusSpec.image.registry")
    assert image == "registry.example.com/mirror/quay.io"


def test_urls_are_known_once_prometheus_is_installed():
    made = small()
    url = "http://prometheus-operated.observability.svc.cluster.local:9090"
    assert made.output(made.result.prometheus_url) == url
    assert made.output(made.result.alertmanager_url) == (
        "http://alertmanager-operated.observability.svc.cluster.local:9093"
    )
