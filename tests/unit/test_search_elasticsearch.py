"""Elasticsearch on the cluster: objects, snapshots, the user, and what a destroy leaves behind."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.errors import InvalidInput
from components.search import ElasticsearchArgs, ElasticsearchCluster, SearchService
from components.search.elasticsearch import nth_zone
from components.search.elasticsearch_setup import SCRIPT
from tests.charts import needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint

ELASTICSEARCH = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch"
KIBANA = "kubernetes:kibana.k8s.elastic.co/v1:Kibana"
JOB = "kubernetes:batch/v1:Job"
NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
RELEASE = "kubernetes:helm.sh/v3:Release"
SECRET = "kubernetes:core/v1:Secret"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]

Json = Mapping[str, object]


def make(name: str = "search", **given: object) -> Recorder[ElasticsearchCluster]:
    args = {
        "cluster_name": "blue",
        "availability_zones": ZONES,
        "tags": {"owner": "me"},
        **given,
    }

    def program() -> ElasticsearchCluster:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return ElasticsearchCluster(name, cast("ElasticsearchArgs", args), opts)

    return build(program)


@functools.cache
def production() -> Recorder[ElasticsearchCluster]:
    return make(protect=True, client_namespaces=["orders", "logging"])


@functools.cache
def small() -> Recorder[ElasticsearchCluster]:
    return make(zones=1, kibana_replicas=0, nodes={"cpu": 0.5, "memory_gib": 2, "disk_gib": 10})


def spec(owner: Registration) -> Json:
    return cast("Json", owner.inputs["spec"])


def node_sets(cloud: Recorder[ElasticsearchCluster]) -> Sequence[Json]:
    return cast("Sequence[Json]", spec(cloud.one(ELASTICSEARCH))["nodeSets"])


def pod(node_set: Json) -> Json:
    return cast("Json", cast("Json", node_set["podTemplate"])["spec"])


def container(node_set: Json) -> Json:
    return cast("Sequence[Json]", pod(node_set)["containers"])[0]


def statements(text: object) -> Mapping[str, Json]:
    found = cast("Sequence[Json]", json.loads(str(text))["Statement"])
    return {str(statement["Sid"]): statement for statement in found}


def test_each_zone_has_a_node_set_that_stays_in_it():
    sets = node_sets(production())
    assert [node_set["name"] for node_set in sets] == ["zone-0", "zone-1", "zone-2"]
    for node_set, zone in zip(sets, ZONES, strict=True):
        config = cast("Json", node_set["config"])
        assert (node_set["count"], config["node.attr.zone"]) == (1, zone)
        awareness = config["cluster.routing.allocation.awareness.attributes"]
        assert awareness == "k8s_node_name,zone"
        affinity = json.dumps(pod(node_set)["affinity"])
        assert f'"topology.kubernetes.io/zone", "operator": "In", "values": ["{zone}"]' in affinity
        assert '"topologyKey": "kubernetes.io/hostname"' in affinity


def test_nodes_have_what_was_asked_for():
    (node_set,) = node_sets(small())
    assert container(node_set)["resources"] == {
        "requests": {"cpu": "500m", "memory": "2Gi"},
        "limits": {"memory": "2Gi"},
    }
    (claim,) = cast("Sequence[Json]", node_set["volumeClaimTemplates"])
    assert cast("Json", claim["metadata"])["name"] == "elasticsearch-data"
    assert cast("Json", claim["spec"])["storageClassName"] == "search-gp3"
    assert cast("Json", claim["spec"])["resources"] == {"requests": {"storage": "10Gi"}}


def test_volumes_are_encrypted_with_a_key_that_the_csi_driver_may_use():
    storage = production().one("kubernetes:storage.k8s.io/v1:StorageClass")
    parameters = cast("Json", storage.inputs["parameters"])
    assert storage.inputs["provisioner"] == "ebs.csi.aws.com"
    assert (parameters["type"], parameters["encrypted"]) == ("gp3", "true")
    assert ":key/" in str(parameters["kmsKeyId"])
    assert storage.inputs["volumeBindingMode"] == "WaitForFirstConsumer"
    assert storage.inputs["allowVolumeExpansion"] is True
    via = statements(production().one("aws:kms/key:Key").inputs["policy"])["UseThroughServices"]
    assert "kms:CreateGrant" in cast("list[str]", via["Action"])
    assert "ec2.eu-west-1.amazonaws.com" in json.dumps(via["Condition"])


def test_the_storage_class_never_changes_with_the_tags():
    """A new class would have to replace the old one, and ECK refuses another for its volumes."""
    one, other = (
        cloud.one("kubernetes:storage.k8s.io/v1:StorageClass")
        for cloud in (production(), make(tags={"owner": "you"}))
    )
    assert one.inputs == other.inputs


def test_volumes_outlive_a_protected_cluster_only():
    assert spec(production().one(ELASTICSEARCH))["volumeClaimDeletePolicy"] == (
        "DeleteOnScaledownOnly"
    )
    assert spec(small().one(ELASTICSEARCH))["volumeClaimDeletePolicy"] == (
        "DeleteOnScaledownAndClusterDeletion"
    )


def test_nodes_are_updated_one_by_one_and_the_budget_is_eck_s_own():
    """ECK's budget lets a node go while the status is green; one of ours could not know it."""
    assert spec(production().one(ELASTICSEARCH))["updateStrategy"] == {
        "changeBudget": {"maxSurge": 1, "maxUnavailable": 1}
    }
    assert "podDisruptionBudget" not in spec(production().one(ELASTICSEARCH))
    budget = production().one("kubernetes:policy/v1:PodDisruptionBudget")
    assert spec(budget) == {
        "maxUnavailable": 1,
        "selector": {"matchLabels": {"kibana.k8s.elastic.co/name": "kibana"}},
    }


def test_tls_is_eck_s_and_never_off():
    for kind in (ELASTICSEARCH, KIBANA):
        assert "http" not in spec(production().one(kind))
        assert "disabled" not in json.dumps(spec(production().one(kind)))
    assert str(production().output(production().result.endpoint)).startswith("https://")


def test_kibana_is_there_twice_or_not_at_all():
    kibana = spec(production().one(KIBANA))
    assert (kibana["count"], kibana["version"]) == (2, "9.5.6")
    assert kibana["elasticsearchRef"] == {"name": "elasticsearch"}
    assert small().none(KIBANA)
    assert small().none("kubernetes:policy/v1:PodDisruptionBudget")


def test_the_operator_is_pinned_and_manages_the_one_namespace():
    release = production().one(RELEASE)
    assert (release.inputs["chart"], release.inputs["version"]) == ("eck-operator", "3.5.0")
    assert release.inputs["repositoryOpts"] == {"repo": "https://helm.elastic.co"}
    assert release.inputs["namespace"] == "elastic-system"
    values = cast("Json", release.inputs["values"])
    assert values["managedNamespaces"] == ["search"]
    assert values["replicaCount"] == 2
    assert values["podDisruptionBudget"] == {"enabled": True, "minAvailable": 1}
    assert values["telemetry"] == {"disabled": True}
    assert production().comes_after(production().one(ELASTICSEARCH), release)


def test_snapshots_go_to_a_private_bucket_in_which_nothing_current_expires():
    cloud = production()
    bucket = cloud.one("aws:s3/bucket:Bucket")
    assert bucket.name == "search-snapshots"
    assert bucket.protect
    lifecycle = cloud.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    (rule,) = cast("Sequence[Json]", lifecycle.inputs["rules"])
    assert "transitions" not in rule
    assert rule["expiration"] == {"expiredObjectDeleteMarker": True}
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    block = cloud.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    assert block.inputs["blockPublicPolicy"] is True
    denied = statements(cloud.one(BUCKET_POLICY).inputs["policy"])
    assert any("aws:SecureTransport" in json.dumps(statement) for statement in denied.values())


def test_pods_reach_the_bucket_by_their_own_identity():
    association = production().one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["clusterName"] == "blue"
    assert association.inputs["namespace"] == "search"
    account = production().one("kubernetes:core/v1:ServiceAccount")
    metadata = cast("Json", account.inputs["metadata"])
    assert association.inputs["serviceAccount"] == metadata["name"] == "elasticsearch"
    assert all(pod(n)["serviceAccountName"] == "elasticsearch" for n in node_sets(production()))
    policy = production().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    arns = [cast("list[str]", s["Resource"])[0] for s in statements(policy).values()]
    assert all(":s3:::search-snapshots-" in arn or ":key/" in arn for arn in arns)


def test_the_token_is_where_elasticsearch_may_read_it():
    """It refuses the path that EKS uses (elasticsearch#151614)."""
    folder = "/usr/share/elasticsearch/config/repository-s3"
    for node_set in node_sets(production()):
        env = cast("Sequence[Mapping[str, str]]", container(node_set)["env"])
        assert {e["name"]: e["value"] for e in env} == {
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": f"{folder}/aws-web-identity-token-file",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        }
        (mount,) = cast("Sequence[Json]", container(node_set)["volumeMounts"])
        (volume,) = cast("Sequence[Json]", pod(node_set)["volumes"])
        assert (mount["name"], mount["mountPath"]) == (volume["name"], folder)
        (source,) = cast("Sequence[Json]", cast("Json", volume["projected"])["sources"])
        token = cast("Json", source["serviceAccountToken"])
        assert token["audience"] == "pods.eks.amazonaws.com"
        assert token["path"] == "aws-web-identity-token-file"


def test_services_log_in_with_a_generated_password_of_a_user_of_their_own():
    cloud = production()
    user = cast("Mapping[str, str]", cloud.one(SECRET, "search-user").inputs["stringData"])
    assert cloud.one(SECRET, "search-user").inputs["type"] == "kubernetes.io/basic-auth"
    assert (user["username"], user["roles"], len(user["password"])) == (
        "application",
        "application",
        32,
    )
    stored = cloud.one("aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"]
    assert json.loads(str(stored)) == {"username": "application", "password": user["password"]}
    auth = cast("Mapping[str, list[Mapping[str, str]]]", spec(cloud.one(ELASTICSEARCH))["auth"])
    assert auth["fileRealm"][0]["secretName"].startswith("search-user-")
    assert auth["fileRealm"][1]["secretName"].startswith("search-monitoring-")
    assert auth["roles"][0]["secretName"].startswith("search-roles-")
    outputs = [cloud.output(value) for value in vars(cloud.result).values()]
    assert all(user["password"] not in str(value) for value in outputs)


def test_the_set_up_is_a_job_that_runs_anew_with_each_change():
    """What it puts in has a new name, hence the Job's template, which can't change, has too."""
    clouds = (production(), make(snapshots={"keep_days": 7}))
    jobs = [cloud.one(JOB) for cloud in clouds]
    maps = [cloud.one("kubernetes:core/v1:ConfigMap") for cloud in clouds]
    assert all("name" not in cast("Json", m.inputs["metadata"]) for m in (*jobs, *maps))
    data = [cast("Mapping[str, str]", m.inputs["data"]) for m in maps]
    assert data[0]["snapshots.json"] != data[1]["snapshots.json"]
    assert maps[0].inputs["immutable"] is True


def test_the_set_up_waits_for_elasticsearch_and_knows_the_superuser_by_eck_s_secret_only():
    cloud = production()
    job = cloud.one(JOB)
    for earlier in (ELASTICSEARCH, "aws:eks/podIdentityAssociation:PodIdentityAssociation"):
        assert cloud.comes_after(job, cloud.one(earlier))
    assert cloud.comes_after(job, cloud.one(BUCKET_POLICY))
    text = json.dumps(spec(job))
    assert '"secretName": "elasticsearch-es-elastic-user"' in text
    assert '"secretName": "elasticsearch-es-http-certs-public"' in text
    assert '"image": "docker.elastic.co/elasticsearch/elasticsearch:9.5.6"' in text
    data = cast("Mapping[str, str]", cloud.one("kubernetes:core/v1:ConfigMap").inputs["data"])
    assert data["requests"].splitlines() == [
        "/_snapshot/s3 repository.json",
        "/_slm/policy/daily snapshots.json",
        "/_ilm/policy/logs lifecycle-logs.json",
    ]
    assert {line.split()[1] for line in data["requests"].splitlines()} <= data.keys()
    bucket = json.loads(data["repository.json"])["settings"]["bucket"]
    assert bucket.startswith("search-snapshots-")
    assert "WAIT_SECONDS" not in data["setup.sh"]
    assert "--insecure" not in SCRIPT
    assert "-k " not in SCRIPT


def test_no_pod_has_more_rights_than_it_needs():
    cloud = production()
    kibana = cast("Json", cast("Json", spec(cloud.one(KIBANA))["podTemplate"])["spec"])
    job = cast("Json", cast("Json", spec(cloud.one(JOB))["template"])["spec"])
    for owner in (*map(pod, node_sets(cloud)), kibana, job):
        security = cast("Json", owner["securityContext"])
        assert owner["automountServiceAccountToken"] is False
        assert (security["runAsNonRoot"], security["runAsUser"]) == (True, 1000)
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    for namespace in cloud.all("kubernetes:core/v1:Namespace"):
        labels = cast("Json", cast("Json", namespace.inputs["metadata"])["labels"])
        assert labels["pod-security.kubernetes.io/enforce"] in ("baseline", "restricted")


def test_only_named_namespaces_get_in():
    policies = {p.name: spec(p) for p in production().all(NETWORK_POLICY)}
    assert policies["search-closed-access"]["podSelector"] == {}
    assert policies["search-closed-access"]["ingress"] == []
    rest, transport = cast("Sequence[Json]", policies["search-elasticsearch-access"]["ingress"])
    assert rest["ports"] == [{"port": 9200, "protocol": "TCP"}]
    assert rest["from"] == [
        {"podSelector": {}},
        *(
            {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}
            for name in ("logging", "orders", "elastic-system")
        ),
    ]
    assert transport == {
        "from": [{"podSelector": {}}],
        "ports": [{"port": 9300, "protocol": "TCP"}],
    }


def test_objects_go_with_the_cluster_but_not_those_with_volumes_behind_them():
    """Report 10; and no volume of a cluster that is gone is paid for ever after."""
    cloud = production()
    cluster = cloud.named("eks")
    objects = [r for r in cloud.resources if r.type.startswith("kubernetes:")]
    alone = {r.name for r in objects if not r.deleted_with}
    assert alone == {"search-elasticsearch", "search-namespace"}
    assert {r.deleted_with for r in objects if r.deleted_with} == {cluster.urn}


def test_what_is_in_aws_is_never_left_behind_with_the_cluster():
    """The engine hands `deleted_with` of a component down to all its children."""
    cloud = production()
    component = cloud.one("fastapi-platform:index:ElasticsearchCluster")
    assert not component.deleted_with
    in_aws = [r for r in cloud.resources if r.type.startswith("aws:") and r.name != "eks"]
    assert len(in_aws) == 14
    assert not [r.name for r in in_aws if r.deleted_with]


def test_every_object_has_the_cluster_s_provider():
    cloud = production()
    objects = [r for r in cloud.resources if r.type.startswith("kubernetes:")]
    assert len(objects) == 16
    assert all("pulumi:providers:kubernetes::cluster" in r.provider for r in objects)


def test_what_holds_data_is_protected():
    kept = {r.name for r in production().resources if r.protect}
    assert kept == {
        *("search-application", "search-data", "search-elasticsearch", "search-namespace"),
        *("search-elastic-operator", "search-snapshots"),
    }
    assert not [r.name for r in small().resources if r.protect]


def test_consumers_get_the_same_outputs_as_from_opensearch():
    cloud = production()
    service: SearchService = cloud.result
    assert cloud.output(service.endpoint) == "https://elasticsearch-es-http.search.svc:9200"
    assert cloud.output(service.ca_secret) == "search/elasticsearch-es-http-certs-public"
    assert ":secret:search-application-" in str(cloud.output(service.secret))
    assert cloud.output(service.security_group_id) == ""
    assert ":key/" in str(cloud.output(service.key_arn))
    assert str(cloud.output(cloud.result.kubernetes_secret)).startswith("search/search-user-")


def test_the_endpoint_is_given_out_when_the_set_up_is_done():
    def program() -> None:
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        search = ElasticsearchCluster(
            "search",
            {"cluster_name": "blue", "availability_zones": ZONES},
            pulumi.ResourceOptions(provider=provider),
        )
        aws.ssm.Parameter("endpoint", type="String", value=search.endpoint)

    cloud = build(program)
    assert cloud.comes_after(cloud.named("endpoint"), cloud.one(JOB))


def test_too_few_zones_are_refused():
    assert [nth_zone(ZONES, i, 3, "search") for i in range(3)] == ZONES
    with pytest.raises(InvalidInput, match="availability_zones: 2 given; zones 3 need one each"):
        nth_zone(ZONES[:2], 0, 3, "search")


def test_names_fit_whatever_the_component_is_called():
    long = "search-for-everything-that-anybody-needs"
    cloud = make(long)
    assert len(long) == 40
    digits = len("-0123456")
    assert len(cloud.one("aws:iam/role:Role").name) + digits <= 64
    assert len(cloud.one("aws:s3/bucket:Bucket").name) + digits <= 63
    assert len(cloud.one(JOB).name) + len("-01234567") <= 63


def test_every_policy_passes_the_linter():
    documents = [
        str(r.inputs[key])
        for r in production().resources
        for key in ("assumeRolePolicy", "policy")
        if key in r.inputs and r.type != BUCKET_POLICY  # Storage's, and its tests'
    ]
    assert len(documents) == 3
    # an encryption context holds an ARN, which parliament takes for text
    found = [each for text in documents for each in lint(text, allowed={"MISMATCHED_TYPE"})]
    assert found == []


@needs_crds
@pytest.mark.parametrize(
    ("type_", "crd"),
    [
        (ELASTICSEARCH, "elasticsearches.elasticsearch.k8s.elastic.co"),
        (KIBANA, "kibanas.kibana.k8s.elastic.co"),
    ],
)
def test_eck_s_resources_are_as_its_crds_want_them(type_: str, crd: str):
    for cloud in (production(), small()):
        for resource in cloud.all(type_):
            assert crd_problems(crd, resource.inputs) == []


@needs_charts
def test_the_operator_s_values_are_those_of_its_chart():
    assert unknown_values(production().one(RELEASE).inputs) == []


def test_a_reader_reads_its_indices_and_no_more():
    cloud = make(readers={"grafana": ["logs-*"]})
    user = cast("Mapping[str, str]", cloud.one(SECRET, "search-grafana").inputs["stringData"])
    assert (user["username"], user["roles"]) == ("grafana", "grafana")
    roles = cast("Mapping[str, str]", cloud.one(SECRET, "search-roles").inputs["stringData"])
    assert json.loads(roles["roles.yml"])["grafana"] == {
        "cluster": ["monitor"],
        "indices": [{"names": ["logs-*"], "privileges": ["read", "view_index_metadata"]}],
    }
    auth = cast("Mapping[str, list[Mapping[str, str]]]", spec(cloud.one(ELASTICSEARCH))["auth"])
    assert auth["fileRealm"][2]["secretName"].startswith("search-grafana-")
    secrets = cast("Mapping[str, str]", cloud.output(cloud.result.reader_secrets))
    assert list(secrets) == ["grafana"]
    assert secrets["grafana"].startswith("arn:aws:secretsmanager:")
    assert production().output(production().result.reader_secrets) == {}


@pytest.mark.parametrize(
    ("readers", "reason"),
    [
        ({"monitoring": ["logs-*"]}, "monitoring: small letters"),
        ({"Grafana": ["logs-*"]}, "Grafana: small letters"),
        ({"grafana": []}, "grafana: patterns of indices are needed"),
    ],
)
def test_a_reader_has_a_name_of_its_own_and_something_to_read(readers: object, reason: str):
    with pytest.raises(InvalidInput, match=reason):
        make(readers=readers)
