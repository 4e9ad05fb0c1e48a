"""The mesh: what is installed, whom it trusts, in which order it comes and goes."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.order import after
from components.charts import CATALOG
from components.charts.catalog import GATEWAY_API_CRDS
from components.mesh import Mesh, MeshArgs
from components.mesh.trust import ISSUER_HOURS, ISSUER_RENEWED_BEFORE_HOURS, issuer_guard
from tests.charts import needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build

RELEASE = "kubernetes:helm.sh/v3:Release"
CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"
BUNDLE = "kubernetes:trust.cert-manager.io/v1alpha1:Bundle"
CLUSTER_ISSUER = "kubernetes:cert-manager.io/v1:ClusterIssuer"
ISSUER = "kubernetes:cert-manager.io/v1:Issuer"
NAMESPACE = "kubernetes:core/v1:Namespace"
NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
GUARD = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"
VIZ = {"prometheus_url": "http://prometheus-operated.observability:9090"}
TRACING = {
    "collector": "otel-gateway.observability:4317",
    "service_account": "otel-gateway",
    "namespace": "observability",
}

Json = Mapping[str, object]


def make(**given: object) -> Recorder[Mesh]:
    def program() -> Mesh:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        # stands for the releases of cert-manager and trust-manager
        manager = kubernetes.core.v1.Namespace("cm", metadata={"name": "cert-manager"}, opts=inside)
        ready = after(pulumi.Output.from_input("cert-manager"), [manager])
        args = {"cert_manager_namespace": ready, **given}
        return Mesh("mesh", cast("MeshArgs", args), inside)

    return build(program)


@functools.cache
def production() -> Recorder[Mesh]:
    return make(protect=True, viz=VIZ, tracing=TRACING, probe_networks=["10.0.0.0/16"])


@functools.cache
def small() -> Recorder[Mesh]:
    return make(replicas=1)


def spec(owner: Registration) -> Json:
    return cast("Json", owner.inputs["spec"])


def metadata(owner: Registration) -> Json:
    return cast("Json", owner.inputs["metadata"])


def values(cloud: Recorder[Mesh], name: str) -> Json:
    return cast("Json", cloud.one(RELEASE, f"mesh-{name}").inputs["values"])


def at(value: object, path: str) -> object:
    for key in path.split("."):
        value = cast("Json", value)[key]
    return value


def named(cloud: Recorder[Mesh], type_: str, name: str) -> Registration:
    return next(r for r in cloud.all(type_) if metadata(r)["name"] == name)


def custom(cloud: Recorder[Mesh]) -> list[Registration]:
    groups = ("cert-manager.io", "trust.cert-manager.io", "policy.linkerd.io")
    return [r for r in cloud.resources if r.type.split(":")[1].split("/")[0] in groups]


def test_all_parts_are_installed_and_nothing_twice():
    names = [r.inputs["chart"] for r in production().all(RELEASE)]
    assert sorted(map(str, names)) == [
        "gateway-api-crds",
        "linkerd-control-plane",
        "linkerd-crds",
        "linkerd-viz",
        "linkerd2-cni",
    ]
    assert [r.inputs["chart"] for r in small().all(RELEASE)].count("linkerd-viz") == 0


@needs_charts
@pytest.mark.parametrize("cloud", [production, small])
def test_every_value_is_one_of_its_chart(cloud: Callable[[], Recorder[Mesh]]):
    for release in cloud().all(RELEASE):
        if release.inputs["chart"] != GATEWAY_API_CRDS.name:
            assert unknown_values(release.inputs) == [], release.name


@needs_crds
@pytest.mark.parametrize("cloud", [production, small])
def test_every_custom_resource_fits_its_definition(
    cloud: Callable[[], Recorder[Mesh]],
):
    checked = custom(cloud())
    assert checked
    for resource in checked:
        group = resource.type.split(":")[1].split("/")[0]
        definition = f"{str(resource.inputs['kind']).lower()}s.{group}"
        assert crd_problems(definition, resource.inputs) == [], resource.name


def test_the_gateway_api_has_one_owner():
    owner = production().one(RELEASE, "mesh-gateway-api-crds")
    assert at(owner.inputs, "values.channel") == "standard"
    assert values(production(), "linkerd-crds") == {"installGatewayAPI": False}
    assert [chart.name for chart in CATALOG if "gateway-api" in chart.name] == [
        owner.inputs["chart"]
    ]
    assert production().comes_after(production().one(RELEASE, "mesh-linkerd-crds"), owner)
    assert production().output(production().result.gateway_api) == GATEWAY_API_CRDS.app_version


def test_the_gateway_api_may_be_somebody_elses():
    cloud = make(gateway_api=False)
    assert "mesh-gateway-api-crds" not in [r.name for r in cloud.all(RELEASE)]
    assert cloud.output(cloud.result.gateway_api) == ""


def test_in_production_the_loss_of_a_node_or_zone_is_survived():
    given = values(production(), "linkerd-control-plane")
    assert given["controllerReplicas"] == 3
    assert given["enablePodAntiAffinity"] is True
    assert given["enablePodDisruptionBudget"] is True
    assert at(given, "controller.podDisruptionBudget.maxUnavailable") == 1
    assert at(given, "deploymentStrategy.rollingUpdate.maxUnavailable") == 1


def test_one_replica_has_no_budget_that_would_keep_its_node_for_ever():
    given = values(small(), "linkerd-control-plane")
    assert given["controllerReplicas"] == 1
    assert given["enablePodAntiAffinity"] is False
    assert given["enablePodDisruptionBudget"] is False
    assert at(given, "deploymentStrategy.rollingUpdate") == {"maxUnavailable": 0, "maxSurge": 1}


def test_what_is_not_allowed_is_denied():
    given = values(small(), "linkerd-control-plane")
    assert at(given, "proxy.defaultInboundPolicy") == "deny"
    assert given["webhookFailurePolicy"] == "Fail"
    audited = values(make(inbound_policy="audit"), "linkerd-control-plane")
    assert at(audited, "proxy.defaultInboundPolicy") == "audit"


def test_probes_come_from_the_vpc_only_where_it_is_known():
    known = values(production(), "linkerd-control-plane")
    assert at(known, "policyController.probeNetworks") == ["10.0.0.0/16"]
    assert "probeNetworks" not in cast(
        "Json", values(small(), "linkerd-control-plane")["policyController"]
    )


def test_no_pod_needs_a_capability():
    given = values(small(), "linkerd-control-plane")
    assert given["cniEnabled"] is True
    assert at(given, "proxy.nativeSidecar") is True
    levels = {
        str(metadata(r)["name"]): at(metadata(r), "labels")
        for r in production().all(NAMESPACE)
        if r.name != "cm"
    }
    assert {
        name: cast("Json", labels)["pod-security.kubernetes.io/enforce"]
        for name, labels in levels.items()
    } == {"linkerd": "restricted", "linkerd-cni": "privileged", "linkerd-viz": "restricted"}
    outside = {
        name
        for name, labels in levels.items()
        if cast("Json", labels).get("config.linkerd.io/admission-webhooks") == "disabled"
    }
    assert outside == {"linkerd", "linkerd-cni"}


def test_pods_that_were_faster_than_the_cni_plugin_are_started_anew():
    assert at(values(small(), "linkerd-cni"), "repairController.enabled") is True


def test_all_containers_have_requests_and_a_memory_limit():
    given = values(production(), "linkerd-control-plane")
    sized = [
        given["destinationResources"],
        given["identityResources"],
        given["proxyInjectorResources"],
        given["spValidatorResources"],
        at(given, "policyController.resources"),
        at(given, "proxy.resources"),
        at(values(production(), "linkerd-cni"), "resources"),
        at(values(production(), "linkerd-cni"), "repairController.resources"),
        *(
            at(values(production(), "linkerd-viz"), f"{part}.resources")
            for part in ("dashboard", "metricsAPI", "tap", "tapInjector")
        ),
    ]
    for resources in sized:
        assert at(resources, "cpu.request")
        assert at(resources, "memory.request")
        assert at(resources, "memory.limit")


def test_viz_reads_the_platforms_own_prometheus():
    given = values(production(), "linkerd-viz")
    assert given["prometheusUrl"] == VIZ["prometheus_url"]
    assert given["prometheus"] == {"enabled": False}
    assert given["createNamespaceMetadataJob"] is False


def test_proxies_send_their_spans_to_a_collector_they_know():
    given = at(values(production(), "linkerd-control-plane"), "proxy.tracing")
    assert at(given, "collector.endpoint") == TRACING["collector"]
    assert at(given, "collector.meshIdentity.serviceAccountName") == "otel-gateway"
    assert "tracing" not in cast("Json", values(small(), "linkerd-control-plane")["proxy"])


def test_pod_monitors_wait_for_their_definition():
    assert at(values(small(), "linkerd-control-plane"), "podMonitor.enabled") is False
    monitored = values(make(pod_monitors=True), "linkerd-control-plane")
    assert at(monitored, "podMonitor.enabled") is True


def test_identities_come_from_cert_manager():
    given = values(small(), "linkerd-control-plane")
    assert given["identity"] == {"externalCA": True, "issuer": {"scheme": "kubernetes.io/tls"}}
    anchor = named(small(), CERTIFICATE, "linkerd-trust-anchor-a")
    assert metadata(anchor)["namespace"] == "cert-manager"
    assert spec(anchor)["duration"] == "87600h0m0s"
    issuer = named(small(), CERTIFICATE, "linkerd-identity-issuer")
    assert metadata(issuer)["namespace"] == "linkerd"
    assert spec(issuer)["secretName"] == "linkerd-identity-issuer"
    assert spec(issuer)["isCA"] is True
    bundle = small().one(BUNDLE)
    assert metadata(bundle)["name"] == "linkerd-identity-trust-roots"
    assert at(spec(bundle), "target.configMap.key") == "ca-bundle.crt"
    label = at(spec(bundle), "target.namespaceSelector.matchLabels")
    labels = at(metadata(named(small(), NAMESPACE, "linkerd")), "labels")
    assert cast("Json", label).items() <= cast("Json", labels).items()


def test_an_issuer_is_renewed_well_before_its_end():
    """Field report 23: identity may keep the old issuer, which must still be good for days."""
    issuer = spec(named(small(), CERTIFICATE, "linkerd-identity-issuer"))
    assert issuer["duration"] == f"{ISSUER_HOURS}h0m0s"
    assert issuer["renewBefore"] == f"{ISSUER_RENEWED_BEFORE_HOURS}h0m0s"
    assert at(issuer, "privateKey.rotationPolicy") == "Always"


def test_an_anchor_that_is_renewed_stays_the_same_for_those_who_trust_it():
    """Field report 23: proxies read anchors at their start only, so its key must not change."""
    anchor = spec(named(small(), CERTIFICATE, "linkerd-trust-anchor-a"))
    assert at(anchor, "privateKey.rotationPolicy") == "Never"


def test_a_new_anchor_is_trusted_first_and_issues_later():
    """Field report 23: a bundle of both, and everything that reads it at its start starts anew."""
    seen: list[object] = []
    for anchors, issuing in ((["a"], "a"), (["a", "b"], "a"), (["b", "a"], "b"), (["b"], "b")):
        cloud = make(trust_anchors=anchors)
        sources = cast("Sequence[Json]", spec(cloud.one(BUNDLE))["sources"])
        assert [at(source, "secret.name") for source in sources] == [
            f"linkerd-trust-anchor-{anchor}" for anchor in anchors
        ]
        issuer = named(cloud, CERTIFICATE, "linkerd-identity-issuer")
        assert at(spec(issuer), "issuerRef.name") == f"linkerd-identity-issuer-{issuing}"
        signer = named(cloud, CLUSTER_ISSUER, f"linkerd-identity-issuer-{issuing}")
        assert at(spec(signer), "ca.secretName") == f"linkerd-trust-anchor-{issuing}"
        annotations = at(values(cloud, "linkerd-control-plane"), "podAnnotations")
        version = cloud.output(cloud.result.trust_version)
        assert annotations == {"fastapi-platform/trust-anchors": version}
        seen.append(version)
    assert len(set(seen)) == 4


def test_only_linkerd_gets_certificates_from_the_anchors():
    guard = spec(small().one(GUARD))
    assert at(cast("Sequence[object]", guard["validations"])[0], "expression") == issuer_guard()
    assert "'linkerd'" in issuer_guard()
    prefix = issuer_guard().rsplit("'", 2)[1]
    for issuer in small().all(CLUSTER_ISSUER):
        assert str(metadata(issuer)["name"]).startswith(prefix)
        assert small().comes_after(issuer, small().one(GUARD))
    assert guard["failurePolicy"] == "Fail"


def test_webhooks_keep_their_certificates_when_charts_are_rendered_anew():
    """Field report 14: a chart that makes its own certificate makes another one each time."""
    for release, parts in (
        ("linkerd-control-plane", ("proxyInjector", "profileValidator", "policyValidator")),
        ("linkerd-viz", ("tap", "tapInjector")),
    ):
        given = values(production(), release)
        for part in parts:
            assert at(given, f"{part}.externalSecret") is True
            namespace, name = str(at(given, f"{part}.injectCaFrom")).split("/")
            certificate = named(production(), CERTIFICATE, name)
            assert metadata(certificate)["namespace"] == namespace
            assert spec(certificate)["secretName"] == f"{name}-k8s-tls"
            assert spec(certificate)["dnsNames"] == [f"{name}.{namespace}.svc"]


def test_whatever_is_needed_is_there_before():
    cloud = production()
    running = cloud.one(RELEASE, "mesh-linkerd-control-plane")
    before = [
        *cloud.all(CLUSTER_ISSUER),
        cloud.one(BUNDLE),
        cloud.one(RELEASE, "mesh-linkerd-cni"),
        cloud.one(RELEASE, "mesh-linkerd-crds"),
        *(c for c in cloud.all(CERTIFICATE) if metadata(c)["namespace"] != "linkerd-viz"),
        cloud.named("mesh-linkerd-mesh"),
        cloud.named("mesh-linkerd-closed"),
        named(cloud, NAMESPACE, "linkerd"),
    ]
    for needed in before:
        assert cloud.comes_after(running, needed), needed.name
    assert cloud.comes_after(cloud.one(RELEASE, "mesh-linkerd-viz"), running)
    issuer = named(cloud, CERTIFICATE, "linkerd-identity-issuer")
    assert cloud.comes_after(issuer, cloud.one(BUNDLE))


def test_cert_manager_and_trust_manager_run_before_they_are_asked_for_anything():
    for cloud in (production(), small()):
        for resource in custom(cloud):
            assert cloud.comes_after(resource, cloud.named("cm")), resource.name


def test_certificates_and_bundle_are_waited_for():
    for resource in custom(small()):
        condition = "Synced" if resource.type == BUNDLE else "Ready"
        annotations = at(metadata(resource), "annotations")
        assert annotations == {"pulumi.com/waitFor": f"condition={condition}"}


def test_a_cluster_that_is_gone_takes_the_mesh_with_it():
    """Field report 10: a release of a cluster that is gone can't be deleted."""
    cluster = production().named("eks").urn
    for resource in production().resources:
        if resource.custom and resource.parent and resource.parent.name == "mesh":
            assert resource.deleted_with == cluster, resource.name


def test_what_others_hang_on_is_protected():
    protected = {r.name for r in production().resources if r.protect}
    assert protected == {
        "mesh-gateway-api-crds",
        "mesh-linkerd-crds",
        "mesh-linkerd-trust-anchor-a-certificate",
    }
    assert at(values(production(), "gateway-api-crds"), "resourcePolicy.keep") is True
    assert not [r.name for r in small().resources if r.protect]


def test_the_control_plane_is_reached_by_proxies_and_the_api_server_only():
    ingress = cast("Sequence[Json]", spec(production().named("mesh-linkerd-mesh"))["ingress"])

    def numbers(rule: Json) -> list[object]:
        return [port["port"] for port in cast("Sequence[Json]", rule["ports"])]

    assert [numbers(rule) for rule in ingress] == [
        [4143, 8080, 8086, 8090],
        [8443, 9443],
        [4191, 9990, 9995, 9996, 9997],
    ]
    assert ["from" in rule for rule in ingress] == [True, False, True]
    peers = cast("Sequence[Json]", ingress[2]["from"])
    assert at(peers[0], "namespaceSelector.matchLabels") == {
        "kubernetes.io/metadata.name": "observability"
    }


def test_a_mirror_has_charts_and_images():
    cloud = make(mirror="registry.example.com/m", viz=VIZ)
    assert {str(r.inputs["chart"]).rsplit("/", 1)[0] for r in cloud.all(RELEASE)} == {
        "oci://registry.example.com/m/charts"
    }
    given = values(cloud, "linkerd-control-plane")
    assert given["controllerImage"] == "registry.example.com/m/cr.l5d.io/linkerd/controller"
    assert at(given, "proxy.image.name") == "registry.example.com/m/cr.l5d.io/linkerd/proxy"
    assert (
        values(cloud, "linkerd-viz")["defaultRegistry"]
        == "registry.example.com/m/cr.l5d.io/linkerd"
    )


def test_outputs_are_known_once_pods_can_be_meshed():
    cloud = small()
    assert cloud.output(cloud.result.namespace) == "linkerd"
    assert cloud.output(cloud.result.trust_domain) == "cluster.local"
