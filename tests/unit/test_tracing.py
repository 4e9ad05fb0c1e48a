"""Tracing as a component: releases, roles, bucket, who may connect, and what comes after what."""

import functools
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import jsonschema
import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest
import yaml

from components.charts.release import merged
from components.gateway.plugins import opentelemetry
from components.mesh.args import MeshArgs
from components.mesh.network import PROXY_PORT, control_plane_rules, ports, viz_rules
from components.mesh.plan import plan_mesh
from components.mesh.spec import MeshTracingSpec, MeshVizSpec
from components.mesh.values import control_plane_values
from components.observability.names import (
    COLLECTOR_ACCOUNT,
    NAMESPACE,
    OTLP_GRPC_ENDPOINT,
    OTLP_HTTP_ENDPOINT,
)
from components.tracing import Tracing, TracingArgs
from tests.charts import CHARTS, needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint

RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
INSTRUMENTATION = "kubernetes:opentelemetry.io/v1alpha1:Instrumentation"
SERVER = "kubernetes:policy.linkerd.io/v1beta3:Server"
AUTHORIZATION = "kubernetes:policy.linkerd.io/v1alpha1:AuthorizationPolicy"
TLS = "kubernetes:policy.linkerd.io/v1alpha1:MeshTLSAuthentication"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"

DEFINITIONS = {
    INSTRUMENTATION: "instrumentations.opentelemetry.io",
    SERVER: "servers.policy.linkerd.io",
    AUTHORIZATION: "authorizationpolicies.policy.linkerd.io",
    TLS: "meshtlsauthentications.policy.linkerd.io",
}

KNOWN_TO_TEMPLATES = {"ports.span-metrics", "service.clusterIP"}
"""Of the collectors' chart: any port may be added, and its Service may be headless."""

Json = Mapping[str, object]


def make(**given: object) -> Recorder[Tracing]:
    args = {"cluster_name": "blue", "namespace": NAMESPACE, **given}

    def program() -> Tracing:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return Tracing("tracing", cast("TracingArgs", args), opts)

    return build(program)


@functools.cache
def production() -> Recorder[Tracing]:
    return make(
        trust_version="0123456789ab",
        span_metrics=True,
        auto_instrumentation=True,
        pod_monitors=True,
        protect=True,
        mirror="registry.example.com/mirror",
        tags={"owner": "me"},
    )


@functools.cache
def small() -> Recorder[Tracing]:
    return make(min_replicas=1, max_replicas=1, queue_gib=1, tempo={"force_destroy": True})


@functools.cache
def xray() -> Recorder[Tracing]:
    return make(backend="xray", trust_version="0123456789ab")


def at(value: object, path: str) -> object:
    """Return what is at a dotted path."""
    for part in path.split("."):
        value = cast("Json", value)[part]
    return value


def values(cloud: Recorder[Tracing], name: str) -> Json:
    return cast("Json", cloud.named(f"tracing-{name}").inputs["values"])


def pods(policy: Registration) -> object:
    return at(policy.inputs, "spec.podSelector.matchLabels")


def policy(cloud: Recorder[Tracing], name: str) -> Json:
    return cast("Json", cloud.named(f"tracing-{name}-access").inputs["spec"])


@needs_charts
@pytest.mark.parametrize("make_it", [production, small, xray], ids=["production", "small", "x"])
def test_the_charts_know_every_value(make_it: Callable[[], Recorder[Tracing]]) -> None:
    for release in make_it().all(RELEASE):
        assert set(unknown_values(release.inputs)) <= KNOWN_TO_TEMPLATES, release.name


@needs_charts
@pytest.mark.parametrize("name", ["otel-collector", "otel-sampler", "opentelemetry-operator"])
def test_the_charts_schemas_take_the_values(name: str) -> None:
    chart = "opentelemetry-operator" if "operator" in name else "opentelemetry-collector"
    schema = json.loads((CHARTS / chart / "values.schema.json").read_text())
    defaults = cast("Json", yaml.safe_load((CHARTS / chart / "values.yaml").read_text()))
    found = cast("Any", merged(defaults, values(production(), name)))
    validator = jsonschema.Draft7Validator(schema)
    problems = validator.iter_errors(found)  # pyright: ignore[reportUnknownMemberType]
    assert [error.message for error in problems] == []


@needs_crds
@pytest.mark.parametrize("type_", DEFINITIONS)
def test_every_object_is_as_its_definition_wants(type_: str) -> None:
    found = production().all(type_)
    assert found
    for resource in found:
        assert crd_problems(DEFINITIONS[type_], resource.inputs) == []


def test_two_layers_with_tempo_and_its_bucket() -> None:
    assert [release.name for release in production().all(RELEASE)] == [
        "tracing-opentelemetry-operator",
        "tracing-otel-collector",
        "tracing-otel-sampler",
        "tracing-tempo",
    ]
    assert len(production().all("aws:s3/bucket:Bucket")) == 1
    assert len(production().all(IDENTITY)) == 1
    assert len(production().all(POLICY)) == 4
    assert len(production().all(SERVER)) == 3
    # Without mesh and operator, in one layer: as few as can be.
    assert [release.name for release in small().all(RELEASE)] == [
        "tracing-otel-collector",
        "tracing-tempo",
    ]
    assert len(small().all(POLICY)) == 2
    assert small().none(SERVER)


def test_names_are_those_that_senders_know() -> None:
    """Field report 17: one declaration of who is found where."""
    for cloud in (production(), small(), xray()):
        release = cloud.named("tracing-otel-collector")
        assert release.inputs["namespace"] == NAMESPACE
        given = values(cloud, "otel-collector")
        assert given["fullnameOverride"] == "otel-collector"
        assert at(given, "serviceAccount.name") == COLLECTOR_ACCOUNT
        assert at(given, "ports.otlp.servicePort") == 4317
        assert at(given, "ports.otlp-http.servicePort") == 4318
        assert cloud.output(cloud.result.otlp_http_endpoint) == OTLP_HTTP_ENDPOINT
        assert cloud.output(cloud.result.otlp_grpc_endpoint) == OTLP_GRPC_ENDPOINT
    assert values(production(), "tempo")["fullnameOverride"] == "tempo"
    assert at(values(production(), "otel-sampler"), "service.clusterIP") == "None"


def test_each_pod_is_restricted_and_bounded() -> None:
    for name in ("otel-collector", "otel-sampler"):
        given = values(production(), name)
        assert at(given, "podSecurityContext.runAsNonRoot") is True
        assert at(given, "podSecurityContext.seccompProfile.type") == "RuntimeDefault"
        assert at(given, "securityContext.readOnlyRootFilesystem") is True
        assert at(given, "resources.limits.memory") == "1024Mi"
        assert at(given, "podDisruptionBudget.enabled") is True
        assert at(given, "autoscaling.maxReplicas") == 6
    tempo = values(production(), "tempo")
    assert at(tempo, "tempo.securityContext.capabilities.drop") == ["ALL"]
    assert at(tempo, "securityContext.seccompProfile.type") == "RuntimeDefault"


def test_one_replica_needs_no_budget_and_no_second_layer() -> None:
    given = values(small(), "otel-collector")
    assert given["replicaCount"] == 1
    assert "podDisruptionBudget" not in given
    assert "autoscaling" not in given
    assert "tail_sampling" in cast("Json", at(given, "alternateConfig.processors"))


def test_only_who_asks_kubernetes_has_a_token_and_only_for_pods() -> None:
    collector, sampler = (values(production(), f"otel-{name}") for name in ("collector", "sampler"))
    assert at(collector, "serviceAccount.automountServiceAccountToken") is True
    assert at(collector, "clusterRole.rules") == [
        {
            "apiGroups": [""],
            "resources": ["pods", "namespaces"],
            "verbs": ["get", "list", "watch"],
        }
    ]
    assert at(sampler, "serviceAccount.automountServiceAccountToken") is False
    assert at(sampler, "clusterRole.create") is False
    assert at(values(production(), "tempo"), "serviceAccount.automountServiceAccountToken") is False


def test_the_queue_outlives_its_pod_and_goes_with_the_release() -> None:
    given = values(production(), "otel-sampler")
    assert given["mode"] == "statefulset"
    (claim,) = cast("Sequence[Json]", at(given, "statefulset.volumeClaimTemplates"))
    assert at(claim, "spec.resources.requests.storage") == "5Gi"
    kept = at(given, "statefulset.persistentVolumeClaimRetentionPolicy")
    assert kept == {"enabled": True, "whenDeleted": "Delete", "whenScaled": "Retain"}
    assert values(production(), "otel-collector")["mode"] == "deployment"
    # Its disk would stay if the cluster went first.
    assert production().named("tracing-otel-sampler").deleted_with == ""
    assert production().named("tracing-otel-collector").deleted_with != ""


def test_pods_are_in_the_mesh_and_each_says_who_may_connect() -> None:
    inbound = "config.linkerd.io/default-inbound-policy"
    for name, who in (("otel-collector", "cluster-authenticated"), ("otel-sampler", "deny")):
        annotations = cast("Json", values(production(), name)["podAnnotations"])
        assert annotations["linkerd.io/inject"] == "enabled"
        assert annotations[inbound] == who
        assert annotations["fastapi-platform/trust-anchors"] == "0123456789ab"
    assert cast("Json", values(production(), "tempo")["podAnnotations"])[inbound] == "deny"
    callers = [
        cast("Any", resource.inputs)["spec"]["identityRefs"] for resource in production().all(TLS)
    ]
    # The first layer may send to the second, and that to Tempo: nobody else.
    assert sorted(who["name"] for (who,) in callers) == ["otel-collector", "otel-sampler"]
    assert at(values(small(), "otel-collector"), "podAnnotations") == {
        "linkerd.io/inject": "disabled"
    }


def test_spans_come_from_the_named_namespaces_only() -> None:
    (spans,) = [
        rule
        for rule in cast("Sequence[Any]", policy(production(), "otel-collector")["ingress"])
        if 4318 in [port["port"] for port in rule["ports"]]
    ]
    labels = [peer["namespaceSelector"]["matchLabels"] for peer in spans["from"]]
    names = [label["kubernetes.io/metadata.name"] for label in labels]
    assert names == ["kong", "linkerd", "linkerd-viz", "services"]
    assert [port["port"] for port in spans["ports"]] == [4317, 4318, 4143]
    closed = make(client_namespaces=[], min_replicas=1, max_replicas=1)
    assert policy(closed, "otel-collector")["ingress"] == []


def test_only_who_talks_to_aws_gets_out() -> None:
    def out(cloud: Recorder[Tracing], name: str) -> set[int]:
        rules = cast("Sequence[Any]", policy(cloud, name)["egress"])
        outside = [rule for rule in rules if "ipBlock" in rule["to"][0]]
        return {port["port"] for rule in outside for port in rule["ports"]}

    assert out(production(), "tempo") == {80, 443}
    assert out(production(), "otel-sampler") == set()
    assert out(production(), "otel-collector") == {443}  # Kubernetes
    assert out(xray(), "otel-sampler") == {80, 443}


def test_the_bucket_is_protected_and_forgets() -> None:
    protected = {r.type for r in production().resources if r.protect}
    assert {"aws:s3/bucket:Bucket", "aws:kms/key:Key"} <= protected
    lifecycle = production().one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    days = json.dumps(lifecycle.inputs["rules"])
    assert '"days": 21' in days, "a week after Tempo's own 14 days"
    assert not [r.name for r in small().resources if r.protect]
    assert small().one("aws:s3/bucket:Bucket").inputs["forceDestroy"] is True


def test_tempo_reads_and_writes_its_bucket_only() -> None:
    policy_of_tempo = str(production().one(ROLE_POLICY).inputs["policy"])
    assert lint(policy_of_tempo) == []
    config = json.loads(str(values(production(), "tempo")["config"]))
    assert config["storage"]["trace"]["s3"] == {
        "bucket": production().output(production().result.bucket_name),
        "endpoint": "s3.eu-west-1.amazonaws.com",
        "region": "eu-west-1",
    }
    assert config["compactor"]["compaction"]["block_retention"] == "336h"
    assert config["usage_report"] == {"reporting_enabled": False}
    assert list(config["distributor"]["receivers"]) == ["otlp"]


def test_xray_takes_spans_of_the_sampling_layer_only() -> None:
    association = xray().one(IDENTITY)
    assert association.inputs["serviceAccount"] == "otel-sampler"
    statement = json.loads(str(xray().one(ROLE_POLICY).inputs["policy"]))["Statement"][0]
    assert statement["Action"] == [
        "xray:PutSpans",
        "xray:PutSpansForIndexing",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ]
    config = at(values(xray(), "otel-sampler"), "alternateConfig")
    exporter = at(config, "exporters.otlp_http/xray")
    assert at(exporter, "traces_endpoint") == "https://xray.eu-west-1.amazonaws.com/v1/traces"
    assert at(config, "extensions.sigv4auth") == {"region": "eu-west-1", "service": "xray"}
    assert xray().none("aws:s3/bucket:Bucket")
    assert xray().output(xray().result.tempo_url) == ""


def test_transaction_search_is_a_matter_of_the_account() -> None:
    destination = xray().one("aws:xray/traceSegmentDestination:TraceSegmentDestination")
    resource_policy = xray().one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy")
    assert destination.inputs["destination"] == "CloudWatchLogs"
    assert xray().comes_after(destination, resource_policy)
    assert '"aws:SourceAccount":"123456789012"' in str(resource_policy.inputs["policyDocument"])
    theirs = make(backend="xray", transaction_search=False, min_replicas=1, max_replicas=1)
    assert theirs.none("aws:xray/traceSegmentDestination:TraceSegmentDestination")
    assert theirs.one(IDENTITY).inputs["serviceAccount"] == "otel-collector"


def test_what_takes_is_there_before_what_sends() -> None:
    """Field report 7: a destroy goes the other way round."""
    cloud = production()
    chain = ["otel-collector", "otel-sampler", "tempo", "tempo-identity"]
    for later, earlier in itertools.pairwise(chain):
        assert cloud.comes_after(
            cloud.named(f"tracing-{later}"), cloud.named(f"tracing-{earlier}")
        ), later
    for policy_of in cloud.all(POLICY):
        assert cloud.comes_after(cloud.named("tracing-tempo"), policy_of)
    instrumentation = cloud.one(INSTRUMENTATION)
    assert cloud.comes_after(instrumentation, cloud.named("tracing-opentelemetry-operator"))


def test_instrumentation_keeps_to_the_trace_of_the_caller() -> None:
    spec = production().one(INSTRUMENTATION).inputs["spec"]
    assert at(spec, "exporter.endpoint") == OTLP_HTTP_ENDPOINT
    assert at(spec, "propagators") == ["tracecontext", "baggage"]
    assert production().output(production().result.instrumentation) == "observability/python"
    assert small().output(small().result.instrumentation) == ""


def test_images_come_from_the_mirror() -> None:
    mirror = "registry.example.com/mirror"
    image = at(values(production(), "otel-collector"), "image.repository")
    assert str(image).startswith(f"{mirror}/ghcr.io/open-telemetry/")
    assert at(values(production(), "tempo"), "tempo.registry") == f"{mirror}/docker.io"
    python = at(
        values(production(), "opentelemetry-operator"),
        "manager.autoInstrumentationImage.python.repository",
    )
    assert str(python).startswith(mirror)


def test_the_gateway_carries_on_the_callers_trace_in_w3c_headers() -> None:
    plugin = opentelemetry(f"{OTLP_HTTP_ENDPOINT}/v1/traces")
    assert plugin.config["traces_endpoint"] == f"{OTLP_HTTP_ENDPOINT}/v1/traces"
    assert plugin.config["propagation"] == {
        "extract": ["w3c"],
        "inject": ["w3c"],
        "default_format": "w3c",
    }


def test_the_meshs_proxies_send_to_the_collector_and_know_it() -> None:
    tracing = {
        "collector": OTLP_GRPC_ENDPOINT,
        "service_account": COLLECTOR_ACCOUNT,
        "namespace": NAMESPACE,
    }
    MeshTracingSpec.model_validate(tracing)
    args = {"cert_manager_namespace": "cert-manager", "tracing": tracing}
    found = control_plane_values(plan_mesh(cast("MeshArgs", args)))
    assert at(found, "proxy.tracing") == {
        "enabled": True,
        "collector": {
            "endpoint": "otel-collector.observability.svc.cluster.local:4317",
            "meshIdentity": {
                "serviceAccountName": "otel-collector",
                "namespace": "observability",
            },
        },
    }


def test_all_who_send_spans_get_to_the_collectors_proxy() -> None:
    tracing = MeshTracingSpec(
        collector=OTLP_GRPC_ENDPOINT, service_account=COLLECTOR_ACCOUNT, namespace=NAMESPACE
    )
    viz = MeshVizSpec(prometheus_url="http://prometheus-operated.observability:9090")  # pyright: ignore[reportCallIssue]
    for _, egress in (control_plane_rules((), tracing), viz_rules(viz, tracing)):
        reached = [rule.get("ports") for rule in egress]
        assert ports(4317, PROXY_PORT) in reached
