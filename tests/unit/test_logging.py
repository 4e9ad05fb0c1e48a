"""Logging: agents, log group, and what Elasticsearch is told; asserted by what is registered."""

import functools
import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.errors import InvalidInput
from components.logging import Logging, LoggingArgs
from components.logging.args import LoggingCloudWatchArgs, LoggingElasticsearchArgs
from components.logging.documents import PATTERN, lifecycle, mappings, settings, template
from components.logging.pipeline import DATA_STREAM, METRICS_PATH, configuration
from components.logging.plan import plan_logging
from components.logging.setup import SCRIPT
from components.logging.spec import LoggingCloudWatchSpec, LoggingElasticsearchSpec, LoggingSpec
from tests.charts import needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import LOGS_KEY, lint

RELEASE = "kubernetes:helm.sh/v3:Release"
JOB = "kubernetes:batch/v1:Job"
SECRET = "kubernetes:core/v1:Secret"
NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
SEARCH = {
    "endpoint": "https://elasticsearch-es-http.search.svc:9200",
    "ca_secret": "search/elasticsearch-es-http-certs-public",
    "kibana_url": "https://kibana-kb-http.search.svc:5601",
}

Json = Mapping[str, object]


def make(**given: object) -> Recorder[Logging]:
    args = {
        "cluster_name": "blue",
        "agents_namespace": "node-agents",
        "tags": {"owner": "me"},
        **given,
    }

    def program() -> Logging:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return Logging("logging", cast("LoggingArgs", args), opts)

    return build(program)


@functools.cache
def production() -> Recorder[Logging]:
    return make(
        elasticsearch={},
        cloudwatch={"retention_days": 90},
        search=SEARCH,
        exclude_namespaces=["sandbox"],
        lines_per_second=5000,
        secret_fields=["iban"],
        monitored=True,
        protect=True,
        mirror="registry.example.com/mirror",
    )


@functools.cache
def small() -> Recorder[Logging]:
    return make(cloudwatch={"retention_days": 1}, buffer_mib=64)


@functools.cache
def searched() -> Recorder[Logging]:
    return make(elasticsearch={"replicas": 0}, search={**SEARCH, "kibana_url": ""})


def values(cloud: Recorder[Logging]) -> Json:
    return cast("Json", cloud.one(RELEASE).inputs["values"])


def spec(owner: Registration) -> Json:
    return cast("Json", owner.inputs["spec"])


def pipeline(cloud: Recorder[Logging]) -> Mapping[str, Sequence[Json]]:
    files = cast("Json", cast("Json", values(cloud)["config"])["extraFiles"])
    return json.loads(str(files["fluent-bit.yaml"]))["pipeline"]


def by_name(cloud: Recorder[Logging], part: str) -> Mapping[str, Json]:
    return {str(section["name"]): section for section in pipeline(cloud)[part]}


def env(cloud: Recorder[Logging]) -> Mapping[str, Json]:
    return {str(e["name"]): e for e in cast("Sequence[Json]", values(cloud)["env"])}


@needs_charts
def test_the_chart_knows_each_value():
    for cloud in (production(), small()):
        assert unknown_values(cloud.one(RELEASE).inputs) == []
        assert cloud.one(RELEASE).inputs["version"] == "0.58.1"


def test_the_chart_takes_what_is_given_for_no_template():
    for cloud in (production(), small()):
        assert "{{" not in json.dumps(values(cloud))


def test_agents_run_on_every_node_with_the_least_rights_that_read_its_logs():
    given = values(production())
    assert given["tolerations"] == [{"operator": "Exists"}]
    assert given["priorityClassName"] == "system-node-critical"
    assert given["hostNetwork"] is False
    assert given["securityContext"] == {
        "runAsUser": 0,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert given["podSecurityContext"] == {"seccompProfile": {"type": "RuntimeDefault"}}
    mounts = cast("Sequence[Json]", given["daemonSetVolumeMounts"])
    writable = [mount["mountPath"] for mount in mounts if not mount.get("readOnly")]
    assert writable == ["/var/fluent-bit"]
    assert given["testFramework"] == {"enabled": False}
    assert cast("Json", cast("Json", given["resources"])["limits"]).keys() == {"memory"}


def test_lines_are_on_the_disk_until_every_sink_has_them():
    (tail,) = pipeline(production())["inputs"]
    assert tail["storage.type"] == "filesystem"
    assert str(tail["db"]).startswith("/var/fluent-bit/")
    assert tail["read_from_head"] == "true"
    assert "mem_buf_limit" not in tail
    for output in pipeline(production())["outputs"]:
        assert output["retry_limit"] == "no_limits"
        assert output["storage.total_limit_size"] == "2048M"
        assert output["net.io_timeout"] == "60s"
    assert [o["storage.total_limit_size"] for o in pipeline(small())["outputs"]] == ["64M"]
    whole = json.loads(configuration(LoggingSpec.model_validate({"cloudwatch": {}})))
    assert str(whole["service"]["storage.path"]).startswith("/var/fluent-bit/")


def test_secrets_are_hidden_after_all_other_filters():
    filters = [str(section["name"]) for section in pipeline(production())["filters"]]
    assert filters == ["multiline", "kubernetes", "throttle", "lua"]
    assert [section["name"] for section in pipeline(small())["filters"]] == [
        *("multiline", "kubernetes", "lua")
    ]
    script = str(cast("Json", values(production())["luaScripts"])["record.lua"])
    assert script.startswith('SETTINGS = { drop_probes = true, secret_fields = { "iban" } }\n')


def test_no_annotation_of_a_pod_keeps_its_lines_back():
    kube = by_name(production(), "filters")["kubernetes"]
    assert (kube["k8s-logging.exclude"], kube["k8s-logging.parser"]) == ("off", "off")
    assert (kube["labels"], kube["annotations"]) == ("on", "off")
    assert (kube["merge_log"], kube["keep_log"]) == ("on", "off")


def test_neither_its_own_lines_nor_those_of_excluded_namespaces_are_read():
    (tail,) = pipeline(production())["inputs"]
    assert str(tail["exclude_path"]).split(",") == [
        "/var/log/containers/fluent-bit-*_fluent-bit-*.log",
        "/var/log/containers/*_sandbox_*.log",
    ]


def test_elasticsearch_is_written_to_by_tls_and_a_password_from_a_secret():
    output = by_name(production(), "outputs")["es"]
    assert (output["tls"], output["tls.verify"], output["tls.verify_hostname"]) == (
        *("on", "on", "on"),
    )
    assert (output["index"], output["write_operation"]) == ("logs-kubernetes-default", "create")
    # a chunk that is sent again would be all conflicts, which Fluent Bit sends again for ever
    assert output["generate_id"] == "off"
    given = env(production())
    assert given["SEARCH_HOST"]["value"] == "elasticsearch-es-http.search.svc"
    assert given["SEARCH_PORT"]["value"] == "9200"
    assert given["SEARCH_USER"]["value"] == "log-shipper"
    secret = production().one(SECRET, "logging-writer")
    password = cast("Json", secret.inputs["stringData"])["password"]
    assert len(str(password)) == 32
    assert str(password) not in json.dumps(values(production()))
    assert secret.inputs["immutable"] is True
    assert "logging-writer" in json.dumps(given["SEARCH_PASSWORD"])


def test_cloudwatch_has_a_group_with_key_and_end_and_agents_that_may_only_add_to_it():
    cloud = production()
    group = cloud.one(LOG_GROUP)
    assert (group.inputs["retentionInDays"], group.protect) == (90, True)
    assert ":key/" in str(group.inputs["kmsKeyId"])
    key = cloud.one("aws:kms/key:Key")
    assert key.protect
    assert lint(str(key.inputs["policy"]), allowed=LOGS_KEY) == []
    policy = str(cloud.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert lint(policy) == []
    (statement,) = cast("Sequence[Json]", json.loads(policy)["Statement"])
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    (resource,) = cast("list[str]", statement["Resource"])
    assert re.search(r":log-group:logging-containers-\w+:log-stream:\*$", resource)
    association = cloud.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["namespace"] == "node-agents"
    account = cast("Json", values(cloud)["serviceAccount"])
    assert association.inputs["serviceAccount"] == account["name"] == "fluent-bit"
    assert cloud.comes_after(cloud.one(RELEASE), association)
    output = by_name(cloud, "outputs")["cloudwatch_logs"]
    assert output["auto_create_group"] == "off"
    assert env(cloud)["LOG_GROUP"]["value"] == cloud.output(cloud.result.log_group_name)


def test_a_sink_that_is_not_asked_for_is_not_there():
    assert by_name(small(), "outputs").keys() == {"cloudwatch_logs"}
    assert small().none(JOB)
    assert small().none(SECRET)
    assert small().output(small().result.index_pattern) == ""
    assert not small().one(LOG_GROUP).protect
    assert by_name(searched(), "outputs").keys() == {"es"}
    assert searched().none(LOG_GROUP)
    assert searched().none("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert searched().output(searched().result.log_group_name) == ""
    assert searched().output(searched().result.index_pattern) == "logs-kubernetes-*"


def test_elasticsearch_knows_all_before_the_first_line_comes():
    cloud = production()
    assert cloud.comes_after(cloud.one(RELEASE), cloud.one(JOB))
    external = cloud.one("kubernetes:external-secrets.io/v1:ExternalSecret")
    assert cloud.comes_after(cloud.one(RELEASE), external)
    files = cast("Mapping[str, str]", cloud.one(SECRET, "logging-setup").inputs["stringData"])
    calls = [line.split() for line in files["requests"].splitlines()]
    assert [call[:3] for call in calls] == [
        ["PUT", "search", "/_ilm/policy/logs-kubernetes"],
        ["PUT", "search", "/_component_template/logs-kubernetes-settings"],
        ["PUT", "search", "/_component_template/logs-kubernetes-mappings"],
        ["PUT", "search", "/_index_template/logs-kubernetes"],
        ["PUT", "search", "/_security/role/log-shipper"],
        ["PUT", "search", "/_security/user/log-shipper"],
        ["POST", "kibana", "/api/data_views/data_view"],
    ]
    bodies = {call[2]: json.loads(files[call[3]]) for call in calls}
    user = bodies["/_security/user/log-shipper"]
    assert user["roles"] == ["log-shipper"]
    written = cast("Json", cloud.one(SECRET, "logging-writer").inputs["stringData"])
    assert user["password"] == written["password"]
    role = bodies["/_security/role/log-shipper"]
    assert role["cluster"] == []
    assert role["indices"] == [
        {"names": ["logs-kubernetes-*"], "privileges": ["auto_configure", "create_doc"]}
    ]
    view = bodies["/api/data_views/data_view"]
    assert (view["override"], view["data_view"]["title"]) == (True, "logs-kubernetes-*")


def test_the_set_up_is_done_anew_with_each_change_and_bears_to_be_done_twice():
    for cloud in (production(), searched()):
        job, secret = cloud.one(JOB), cloud.one(SECRET, "logging-setup")
        assert secret.inputs["immutable"] is True
        for owner in (job, secret):
            metadata = cast("Json", owner.inputs["metadata"])
            assert "name" not in metadata
            assert metadata["namespace"] == "search"
    assert "mirror/docker.elastic.co/elasticsearch/elasticsearch:" in json.dumps(
        spec(production().one(JOB))
    )
    assert "--insecure" not in SCRIPT
    files = cast("Json", searched().one(SECRET, "logging-setup").inputs["stringData"])
    assert str(files["setup.sh"]).startswith("KIBANA_URL=''\n")


def test_an_index_is_hot_then_warm_then_gone():
    policy = cast("Json", lifecycle(LoggingElasticsearchSpec.model_validate({}))["policy"])
    phases = cast("Mapping[str, Mapping[str, Json]]", policy["phases"])
    assert list(phases) == ["hot", "warm", "delete"]
    rollover = phases["hot"]["actions"]["rollover"]
    assert rollover == {"max_primary_shard_size": "50gb", "max_age": "1d"}
    assert (phases["warm"]["min_age"], phases["delete"]["min_age"]) == ("2d", "30d")
    assert phases["warm"]["actions"]["migrate"] == {"enabled": False}


def test_no_line_is_refused_for_its_form():
    """A call that is taken in part is taken for done by Fluent Bit: the rest would be lost."""
    body = cast("Json", mappings()["mappings"])
    assert body["dynamic"] is False
    fields = cast("Mapping[str, Json]", body["properties"])
    assert fields["data"]["type"] == "flattened"
    pod = cast("Mapping[str, Json]", fields["kubernetes"]["properties"])
    assert pod["labels"]["type"] == "flattened"
    assert fields["trace_id"]["type"] == "keyword"
    own = cast("Json", settings(LoggingElasticsearchSpec.model_validate({}))["settings"])
    assert own["index.number_of_shards"] == 1
    assert own["index.mapping.ignore_malformed"] is True
    assert own["index.lifecycle.name"] == "logs-kubernetes"
    whole = json.dumps(template())
    assert '"failure_store": {"enabled": true}' in whole
    assert '"priority": 200' in whole
    assert DATA_STREAM.startswith(PATTERN.removesuffix("*"))


def test_agents_reach_their_sinks_only_and_prometheus_reaches_them():
    policy = spec(production().one(NETWORK_POLICY))
    assert policy["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "fluent-bit"}}
    label = "kubernetes.io/metadata.name"
    assert policy["egress"] == [
        {"ports": [{"port": 443, "protocol": "TCP"}]},
        {
            "to": [{"namespaceSelector": {"matchLabels": {label: "search"}}}],
            "ports": [{"port": 9200, "protocol": "TCP"}],
        },
        {
            "to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}],
            "ports": [{"port": 80, "protocol": "TCP"}],
        },
    ]
    (ingress,) = cast("Sequence[Json]", policy["ingress"])
    assert ingress["ports"] == [{"port": 2020, "protocol": "TCP"}]
    assert '"values": ["observability"]' in json.dumps(ingress["from"])
    assert len(cast("Sequence[Json]", spec(searched().one(NETWORK_POLICY))["egress"])) == 2


@needs_crds
def test_custom_resources_are_valid():
    cloud = production()
    monitor = cloud.one(MONITOR)
    assert crd_problems("podmonitors.monitoring.coreos.com", monitor.inputs) == []
    assert METRICS_PATH in json.dumps(spec(monitor))
    for kind in ("ExternalSecret", "SecretStore"):
        made = cloud.one(f"kubernetes:external-secrets.io/v1:{kind}")
        assert crd_problems(f"{kind.lower()}s.external-secrets.io", made.inputs) == []
    assert small().none(MONITOR)


def test_objects_go_with_the_cluster_and_nothing_in_aws_does():
    cloud = production()
    cluster = cloud.named("eks")
    objects = [r for r in cloud.resources if r.type.startswith("kubernetes:")]
    assert {r.deleted_with for r in objects} == {cluster.urn}
    in_aws = [r for r in cloud.resources if r.type.startswith("aws:") and r is not cluster]
    assert not any(r.deleted_with for r in in_aws)
    assert len(in_aws) == 6
    assert len(objects) == 11


def test_the_copy_of_the_authority_is_another_one_than_the_services_have():
    """Both have a Role in the namespace of Elasticsearch."""
    role = production().one("kubernetes:rbac.authorization.k8s.io/v1:Role")
    metadata = cast("Json", role.inputs["metadata"])
    assert (metadata["name"], metadata["namespace"]) == ("fluent-bit-search-ca", "search")


BASE = {"cluster_name": "c", "agents_namespace": "a"}


@pytest.mark.parametrize(
    ("given", "path", "reason"),
    [
        ({}, "", "one of elasticsearch and cloudwatch is needed"),
        ({"elasticsearch": {}}, "elasticsearch", "needs `search`"),
        (
            {"elasticsearch": {}, "search": {**SEARCH, "endpoint": "http://e:9200"}},
            "search.endpoint",
            "https://host:port",
        ),
        (
            {"elasticsearch": {}, "search": {**SEARCH, "ca_secret": "ca"}},
            "search.ca_secret",
            "namespace/name",
        ),
        ({"elasticsearch": {}, "search": {"ca_secret": "a/b"}}, "search.endpoint", "is required"),
        (
            {"elasticsearch": {"warm_days": 30}, "search": SEARCH},
            "elasticsearch",
            "delete_days 30 must be more than warm_days 30",
        ),
        ({"cloudwatch": {"retention_days": 2}}, "cloudwatch.retention_days", "allowed days: 1, 3"),
        ({"cloudwatch": {}, "exclude_namespaces": ["A"]}, "exclude_namespaces", "no names of"),
        ({"cloudwatch": {}, "secret_fields": ['"']}, "secret_fields", "letters, digits"),
        ({"cloudwatch": {}, "buffer_mib": 1}, "buffer_mib", "greater than or equal to 64"),
        ({"cloudwatch": {}, "opensearch": {}}, "opensearch", "unknown input"),
    ],
)
def test_what_can_not_work_is_refused(given: Json, path: str, reason: str):
    with pytest.raises(InvalidInput) as error:
        plan_logging(cast("LoggingArgs", {**BASE, **given}))
    (problem,) = error.value.problems
    assert problem.path == path
    assert reason in problem.reason


def test_args_and_spec_have_the_same_fields():
    wiring = {"cluster_name", "agents_namespace", "search", "requires", "mirror", "tags"}
    assert LoggingSpec.model_fields.keys() == LoggingArgs.__annotations__.keys() - wiring
    assert (
        LoggingElasticsearchSpec.model_fields.keys()
        == LoggingElasticsearchArgs.__annotations__.keys()
    )
    assert LoggingCloudWatchSpec.model_fields.keys() == LoggingCloudWatchArgs.__annotations__.keys()
