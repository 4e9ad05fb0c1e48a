"""The gateway: chart values, certificates, doors, defaults of every route, and their order."""

import functools
from collections.abc import Callable, Mapping
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.errors import InvalidInput
from components._base.order import after
from components.gateway import Gateway, GatewayArgs, GatewaySpec, plan_gateway
from components.gateway.jwks import public_keys
from tests.charts import needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.unit.test_gateway_plugins import JWKS

RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
SECRET = "kubernetes:core/v1:Secret"
CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"
ISSUER = "kubernetes:cert-manager.io/v1:Issuer"
GATEWAY_CLASS = "kubernetes:gateway.networking.k8s.io/v1:GatewayClass"
GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway"
CLUSTER_PLUGIN = "kubernetes:configuration.konghq.com/v1:KongClusterPlugin"
CONSUMER = "kubernetes:configuration.konghq.com/v1:KongConsumer"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"

DEFINITIONS: Mapping[str, str] = {
    CERTIFICATE: "certificates.cert-manager.io",
    ISSUER: "issuers.cert-manager.io",
    GATEWAY_CLASS: "gatewayclasses.gateway.networking.k8s.io",
    GATEWAY: "gateways.gateway.networking.k8s.io",
    CLUSTER_PLUGIN: "kongclusterplugins.configuration.konghq.com",
    CONSUMER: "kongconsumers.configuration.konghq.com",
    BINDING: "targetgroupbindings.elbv2.k8s.aws",
    EXTERNAL_SECRET: "externalsecrets.external-secrets.io",
}

TARGETS = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/kong/0123456789abcdef"
CACHE_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cache-AbCdEf"

ENVIRONMENTS = ("env.", "ingressController.env.")

Json = Mapping[str, object]


def make(**given: object) -> Recorder[Gateway]:
    args = {"vpc_cidr": "10.0.0.0/16", **given}

    def program() -> Gateway:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return Gateway("gateway", cast("GatewayArgs", args), opts)

    return build(program)


@functools.cache
def production() -> Recorder[Gateway]:
    return make(
        trusted_cidrs=["10.0.8.0/22", "10.0.4.0/22"],
        target_group_arn=TARGETS,
        load_balancer_security_group_id="sg-alb",
        counters={
            "host": "cache.example.com",
            "user_name": "application",
            "secret_arn": CACHE_SECRET,
            "secret_store": "aws",
        },
        otlp_endpoint="http://collector.observability.svc:4318/v1/traces",
        jwt={"keys": {**public_keys(JWKS), "another/key": public_keys(JWKS)["one"]}},
        service_monitors=True,
        trust_version="0123456789ab",
        mirror="registry.example.com/mirror",
        protect=True,
    )


@functools.cache
def small() -> Recorder[Gateway]:
    return make(replicas=1, max_replicas=1, controller_replicas=1, nodes="system")


def at(value: object, path: str) -> object:
    """Return what is at a dotted path."""
    for part in path.split("."):
        value = cast("Json", value)[part]
    return value


def values(cloud: Recorder[Gateway], path: str) -> object:
    return at(cloud.one(RELEASE).inputs["values"], path)


def named(cloud: Recorder[Gateway], type_: str, name: str) -> Registration:
    """Return the object of a type with this name in Kubernetes."""
    (found,) = [r for r in cloud.all(type_) if at(r.inputs, "metadata.name") == name]
    return found


@needs_charts
@pytest.mark.parametrize("make_it", [production, small], ids=["production", "small"])
@pytest.mark.parametrize("half", ["controller", "gateway"])
def test_the_chart_knows_every_value(make_it: Callable[[], Recorder[Gateway]], half: str) -> None:
    inputs = {"chart": "kong", "values": values(make_it(), half)}
    unknown = unknown_values(inputs)
    # Settings of Kong and of the controller, which the chart hands on as they are.
    assert [path for path in unknown if not path.startswith(ENVIRONMENTS)] == []


@needs_crds
@pytest.mark.parametrize("type_", DEFINITIONS)
def test_every_object_is_as_its_definition_wants(type_: str) -> None:
    found = production().all(type_)
    assert found
    for resource in found:
        assert crd_problems(DEFINITIONS[type_], resource.inputs) == []


def test_all_is_there_and_nothing_else() -> None:
    counts = {type_: len(production().all(type_)) for type_ in DEFINITIONS}
    assert counts == {
        CERTIFICATE: 5,
        ISSUER: 2,
        GATEWAY_CLASS: 1,
        GATEWAY: 1,
        CLUSTER_PLUGIN: 7,
        CONSUMER: 1,
        BINDING: 1,
        EXTERNAL_SECRET: 1,
    }
    assert len(small().all(CLUSTER_PLUGIN)) == 6
    for type_ in (CONSUMER, BINDING, EXTERNAL_SECRET, SECRET):
        small().none(type_)


@pytest.mark.parametrize("cloud", [production, small])
def test_everything_is_the_components_and_goes_with_the_cluster(
    cloud: Callable[[], Recorder[Gateway]],
) -> None:
    """Report 10: nothing in the cluster holds up the destroy of a cluster that is gone."""
    made = [r for r in cloud().resources if r.type.startswith("kubernetes:")]
    assert len(made) > 20
    for resource in made:
        assert [ancestor.name for ancestor in resource.ancestors] == ["gateway"]
        assert resource.name.startswith("gateway-")
        assert bool(resource.deleted_with) is (resource.type != BINDING), resource.name


def test_only_the_controller_is_protected() -> None:
    protected = {r.name for r in production().resources if r.protect}
    assert protected == {"gateway-kong"}
    assert not small().one(RELEASE).protect


# Chart


def test_the_release_is_pinned_and_comes_from_the_mirror() -> None:
    release = production().one(RELEASE)
    assert release.inputs["chart"] == "oci://registry.example.com/mirror/charts/ingress"
    assert release.inputs["name"] == "kong"
    assert values(production(), "gateway.image") == {
        "repository": "registry.example.com/mirror/docker.io/library/kong",
        "tag": "3.9.3",
    }
    assert values(production(), "controller.ingressController.image") == {
        "repository": "registry.example.com/mirror/docker.io/kong/kubernetes-ingress-controller",
        "tag": "3.5.13",
    }


def test_load_decides_on_the_number_of_pods_or_the_program_does() -> None:
    """Report 15: never both, or each `up` would reset what the autoscaler has set."""
    scaled = cast("Json", values(production(), "gateway"))
    assert "replicaCount" not in scaled
    assert at(scaled, "autoscaling.minReplicas") == 3
    assert at(scaled, "autoscaling.maxReplicas") == 12
    fixed = cast("Json", values(small(), "gateway"))
    assert fixed["replicaCount"] == 1
    assert fixed["autoscaling"] == {"enabled": False}


def test_several_pods_are_not_disrupted_together() -> None:
    budget = {"enabled": True, "maxUnavailable": 1}
    for half in ("controller", "gateway"):
        assert values(production(), f"{half}.podDisruptionBudget") == budget
        assert values(small(), f"{half}.podDisruptionBudget") == {"enabled": False}
        assert values(production(), f"{half}.priorityClassName") == "system-cluster-critical"


def test_gateway_pods_are_spread_over_zones() -> None:
    spread = cast("list[Json]", values(production(), "gateway.topologySpreadConstraints"))
    assert [rule["topologyKey"] for rule in spread] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]
    assert spread[0]["whenUnsatisfiable"] == "DoNotSchedule"
    assert at(spread[0], "labelSelector.matchLabels") == {
        "app.kubernetes.io/name": "gateway",
        "app.kubernetes.io/instance": "kong",
    }


def test_the_controller_is_on_system_nodes_and_the_gateway_where_it_is_told() -> None:
    system = {"node-role.platform/system": "true"}
    assert values(production(), "controller.nodeSelector") == system
    assert "nodeSelector" not in cast("Json", values(production(), "gateway"))
    assert values(small(), "gateway.nodeSelector") == system


def test_the_admin_api_is_for_the_controller_only() -> None:
    gateway, controller = values(production(), "gateway"), values(production(), "controller")
    assert at(gateway, "admin.type") == "ClusterIP"
    assert at(gateway, "admin.http.enabled") is False
    assert at(gateway, "env.nginx_admin_ssl_verify_client") == "on"
    assert at(gateway, "env.nginx_admin_ssl_client_certificate") == "/etc/secrets/kong-admin/ca.crt"
    assert at(controller, "ingressController.env.kong_admin_tls_skip_verify") == "false"
    client = at(controller, "ingressController.adminApi.tls.client")
    assert client == {"enabled": True, "certProvided": True, "secretName": "kong-admin-client"}
    (admitted,) = [
        rule
        for rule in cast("list[Json]", at(door("gateway"), "ingress"))
        if {"port": 8444, "protocol": "TCP"} in cast("list[Json]", rule["ports"])
    ]
    assert cast("list[Json]", admitted["from"]) == [
        {
            "podSelector": {
                "matchLabels": {
                    "app.kubernetes.io/name": "controller",
                    "app.kubernetes.io/instance": "kong",
                }
            }
        }
    ]


def test_nothing_gets_a_port_of_the_nodes_or_a_load_balancer() -> None:
    gateway = values(production(), "gateway")
    assert at(gateway, "proxy.type") == "ClusterIP"
    assert at(gateway, "proxy.http") == {"enabled": False}
    for half in ("manager", "portal", "portalapi"):
        assert at(gateway, half) == {"enabled": False}


def test_the_callers_address_is_believed_from_the_load_balancer_only() -> None:
    environment = cast("Json", values(production(), "gateway.env"))
    assert environment["trusted_ips"] == "10.0.4.0/22,10.0.8.0/22"
    assert environment["real_ip_header"] == "X-Forwarded-For"
    assert environment["real_ip_recursive"] == "on"
    assert values(small(), "gateway.env.trusted_ips") == "10.0.0.0/16"


def test_kong_is_careful() -> None:
    environment = cast("Json", values(production(), "gateway.env"))
    assert environment["ssl_cipher_suite"] == "intermediate"
    assert environment["headers"] == "off"
    assert environment["untrusted_lua"] == "sandbox"
    loaded = str(environment["plugins"]).split(",")
    assert "rate-limiting" in loaded
    assert not {"pre-function", "post-function", "bundled"} & set(loaded)
    assert environment["nginx_http_client_max_body_size"] == "10m"


def test_a_bad_plugin_does_not_take_the_gateway_down() -> None:
    """Report 24: refused at admission; what is broken all the same is left out of the rest."""
    webhook = values(production(), "controller.ingressController.admissionWebhook")
    assert at(webhook, "failurePolicy") == "Fail"
    environment = cast("Json", values(production(), "controller.ingressController.env"))
    assert environment["feature_gates"] == "FallbackConfiguration=true"
    assert environment["use_last_valid_config_for_fallback"] == "true"


def test_only_services_with_routes_wait_for_the_controller() -> None:
    """Report 16: a webhook on all Services would hold up every chart while it is not answering."""
    webhook = values(production(), "controller.ingressController.admissionWebhook")
    label = {"fastapi-platform/gateway-routes": "allowed"}
    assert at(webhook, "namespaceSelector") == {"matchLabels": label}
    own = cast("Json", at(production().one(NAMESPACE).inputs, "metadata.labels"))
    assert "fastapi-platform/gateway-routes" not in own
    (listener,) = cast("list[Json]", at(production().one(GATEWAY).inputs, "spec.listeners"))
    assert at(listener, "allowedRoutes.namespaces") == {
        "from": "Selector",
        "selector": {"matchLabels": label},
    }


def test_no_certificate_is_made_by_the_chart() -> None:
    """Report 14: a chart that makes certificates differs at each `up`."""
    assert values(production(), "controller.ingressController.admissionWebhook.certificate") == {
        "provided": True,
        "secretName": "kong-webhook",
    }
    annotations = values(production(), "controller.ingressController.admissionWebhook.annotations")
    assert annotations == {"cert-manager.io/inject-ca-from": "kong/kong-webhook"}
    first, again = make(), make()
    assert first.one(RELEASE).inputs["values"] == again.one(RELEASE).inputs["values"]


def test_the_controllers_metrics_are_found() -> None:
    """The chart's ServiceMonitor selects by a label that the chart gives to the proxy's Service."""
    assert values(production(), "controller.serviceMonitor") == {"enabled": True}
    assert values(production(), "controller.ingressController.labels") == {"enable-metrics": "true"}
    assert values(small(), "gateway.serviceMonitor") == {"enabled": False}


def test_a_pod_ends_after_its_last_request() -> None:
    gateway = values(production(), "gateway")
    command = cast("list[str]", at(gateway, "lifecycle.preStop.exec.command"))
    assert command == ["kong", "quit", "--wait=30", "--timeout=60"]
    assert cast("int", at(gateway, "terminationGracePeriodSeconds")) > 30 + 60
    annotations = cast("Json", at(gateway, "podAnnotations"))
    assert annotations["config.linkerd.io/proxy-enable-native-sidecar"] == "true"


def test_the_gateway_is_in_the_mesh_and_the_controller_needs_none() -> None:
    annotations = cast("Json", values(production(), "gateway.podAnnotations"))
    assert annotations["linkerd.io/inject"] == "enabled"
    assert annotations["config.linkerd.io/skip-inbound-ports"] == "8443,8444,8100"
    assert annotations["config.linkerd.io/skip-outbound-ports"] == "6379"
    # Report 23: a proxy reads its trust anchors when it starts.
    assert annotations["fastapi-platform/trust-anchors"] == "0123456789ab"
    alone = cast("Json", values(small(), "gateway.podAnnotations"))
    assert "config.linkerd.io/skip-outbound-ports" not in alone
    controller = values(production(), "controller.podAnnotations")
    assert controller == {"linkerd.io/inject": "disabled"}
    own = at(production().one(NAMESPACE).inputs, "metadata.annotations")
    assert own == {"linkerd.io/inject": "enabled"}


# Certificates


def test_certificates_are_renewed_long_before_they_end() -> None:
    """Pods read them when they start: a year is time enough for each to be replaced."""
    leaves = [
        cast("Json", r.inputs["spec"])
        for r in production().all(CERTIFICATE)
        if at(r.inputs, "metadata.name") != "kong-authority"
    ]
    assert len(leaves) == 4
    assert {leaf["duration"] for leaf in leaves} == {"17520h"}
    assert {leaf["renewBefore"] for leaf in leaves} == {"8760h"}
    authority = named(production(), CERTIFICATE, "kong-authority").inputs["spec"]
    assert at(authority, "renewBefore") == "26280h"
    assert at(authority, "privateKey.rotationPolicy") == "Never"


def test_each_certificate_has_one_use() -> None:
    uses = {
        str(at(r.inputs, "metadata.name")): cast("list[str]", at(r.inputs, "spec.usages"))[-1]
        for r in production().all(CERTIFICATE)
    }
    assert uses["kong-admin-client"] == "client auth"
    assert {uses[name] for name in ("kong-admin", "kong-webhook", "kong-proxy")} == {"server auth"}
    admin = named(production(), CERTIFICATE, "kong-admin")
    assert at(admin.inputs, "spec.dnsNames") == ["pod.kong-gateway-admin.kong.svc"]


# Doors


def door(pods: str, cloud: Recorder[Gateway] | None = None) -> Json:
    return cast("Json", named(cloud or production(), POLICY, pods).inputs["spec"])


def ports(rule: Json) -> list[object]:
    return [port["port"] for port in cast("list[Json]", rule.get("ports", []))]


def test_the_namespace_is_closed_but_for_named_doors() -> None:
    names = {at(r.inputs, "metadata.name") for r in production().all(POLICY)}
    assert names == {"closed", "dns", "gateway", "controller"}
    outside, admin, metrics = cast("list[Json]", door("gateway")["ingress"])
    assert outside["from"] == [
        {"ipBlock": {"cidr": "10.0.4.0/22"}},
        {"ipBlock": {"cidr": "10.0.8.0/22"}},
    ]
    assert (ports(outside), ports(admin), ports(metrics)) == ([8443, 8100], [8444], [8100, 4191])


def test_the_gateway_calls_services_with_routes_the_mesh_the_cache_and_the_collector() -> None:
    calls = cast("list[Json]", door("gateway")["egress"])
    assert [(call["to"], ports(call)) for call in calls] == [
        (
            [
                {
                    "namespaceSelector": {
                        "matchLabels": {"fastapi-platform/gateway-routes": "allowed"}
                    }
                }
            ],
            [],
        ),
        (
            [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "linkerd"}}}],
            [],
        ),
        ([{"ipBlock": {"cidr": "10.0.0.0/16"}}], [6379]),
        (
            [
                {
                    "namespaceSelector": {
                        "matchLabels": {"kubernetes.io/metadata.name": "observability"}
                    }
                }
            ],
            [4318, 4143],
        ),
    ]
    assert len(cast("list[Json]", door("gateway", small())["egress"])) == 3


def test_without_telemetry_there_is_no_door_for_it() -> None:
    cloud = make(telemetry_namespaces=[])
    assert len(cast("list[Json]", door("gateway", cloud)["ingress"])) == 2
    assert len(cast("list[Json]", door("gateway", cloud)["egress"])) == 2
    assert len(cast("list[Json]", door("controller", cloud)["ingress"])) == 1


# What holds for every route


def plugin(cloud: Recorder[Gateway], name: str) -> Json:
    return named(cloud, CLUSTER_PLUGIN, name).inputs


def test_every_route_has_limits_headers_and_a_trace() -> None:
    names = {at(r.inputs, "metadata.name") for r in production().all(CLUSTER_PLUGIN)}
    assert names == {
        *("correlation-id", "file-log", "opentelemetry", "prometheus", "rate-limiting"),
        *("request-size-limiting", "response-transformer"),
    }
    for resource in production().all(CLUSTER_PLUGIN):
        assert at(resource.inputs, "metadata.labels") == {"global": "true"}
        annotations = cast("Json", at(resource.inputs, "metadata.annotations"))
        assert annotations["kubernetes.io/ingress.class"] == "kong"


def test_requests_are_counted_in_the_cache_with_its_password_from_a_secret() -> None:
    limits = plugin(production(), "rate-limiting")
    assert at(limits, "config.policy") == "redis"
    assert at(limits, "config.redis.host") == "cache.example.com"
    assert limits["configPatches"] == [
        {
            "path": "/redis/password",
            "valueFrom": {
                "secretKeyRef": {"name": "kong-counters", "key": "password", "namespace": "kong"}
            },
        }
    ]
    secret = production().one(EXTERNAL_SECRET).inputs
    assert at(secret, "metadata.annotations") == {"pulumi.com/waitFor": "condition=Ready"}
    assert at(secret, "spec.secretStoreRef") == {"kind": "ClusterSecretStore", "name": "aws"}
    template = at(secret, "spec.target.template")
    assert at(template, "data") == {"password": "{{ .password | toJson }}"}
    assert at(template, "metadata.labels") == {"konghq.com/validate": "plugin"}
    (data,) = cast("list[Json]", at(secret, "spec.data"))
    assert data["remoteRef"] == {"key": CACHE_SECRET, "property": "password"}


def test_without_a_cache_each_pod_counts_and_says_so() -> None:
    assert at(plugin(small(), "rate-limiting"), "config.policy") == "local"
    several = plan_gateway(cast("GatewayArgs", {"vpc_cidr": "10.0.0.0/16"}))
    assert len(several.warnings) == 1
    one = {"vpc_cidr": "10.0.0.0/16", "replicas": 1, "max_replicas": 1}
    assert plan_gateway(cast("GatewayArgs", one)).warnings == []


def test_tokens_belong_to_one_consumer_with_a_credential_for_each_key() -> None:
    consumer = production().one(CONSUMER).inputs
    assert consumer["username"] == "tokens"
    secrets = production().all(SECRET)
    assert consumer["credentials"] == [at(s.inputs, "metadata.name") for s in secrets]
    assert {at(s.inputs, "stringData.key") for s in secrets} == {"one", "another/key"}
    for secret in secrets:
        assert at(secret.inputs, "stringData.algorithm") == "RS256"
        assert at(secret.inputs, "metadata.labels") == {"konghq.com/credential": "jwt"}


# Load balancer


def test_the_load_balancer_finds_the_pods() -> None:
    assert production().one(BINDING).inputs["spec"] == {
        "serviceRef": {"name": "kong-gateway-proxy", "port": 443},
        "targetGroupARN": TARGETS,
        "targetType": "ip",
        "networking": {
            "ingress": [
                {
                    "from": [{"securityGroup": {"groupID": "sg-alb"}}],
                    "ports": [
                        {"port": 8443, "protocol": "TCP"},
                        {"port": 8100, "protocol": "TCP"},
                    ],
                }
            ]
        },
    }
    labels = cast("Json", at(production().one(NAMESPACE).inputs, "metadata.labels"))
    assert labels["elbv2.k8s.aws/pod-readiness-gate-inject"] == "enabled"


def test_rules_of_somebody_else_are_left_to_them() -> None:
    spec = cast("Json", make(target_group_arn=TARGETS).one(BINDING).inputs["spec"])
    assert "networking" not in spec


# Order


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("gateway-kong", "gateway-kong-namespace"),
        ("gateway-kong", "gateway-kong-closed"),
        ("gateway-kong", "gateway-gateway-access"),
        ("gateway-kong", "gateway-kong-proxy-certificate"),
        ("gateway-class", "gateway-kong"),
        ("gateway-listeners", "gateway-class"),
        ("gateway-rate-limiting", "gateway-kong"),
        ("gateway-rate-limiting", "gateway-counters"),
        ("gateway-tokens", "gateway-kong"),
        ("gateway-targets", "gateway-listeners"),
        ("gateway-targets", "gateway-rate-limiting"),
        ("gateway-targets", "gateway-tokens"),
    ],
)
def test_order(later: str, earlier: str) -> None:
    """Report 7: what the controller looks after goes before the controller does."""
    cloud = production()
    assert cloud.comes_after(cloud.named(later), cloud.named(earlier))


def test_outputs() -> None:
    gateway = production().result
    outputs = {
        "namespace": gateway.namespace,
        "gateway_name": gateway.gateway_name,
        "service_account": gateway.service_account,
        "service": gateway.service,
    }
    assert {name: production().output(value) for name, value in outputs.items()} == {
        "namespace": "kong",
        "gateway_name": "kong",
        "service_account": "kong-gateway",
        "service": "kong-gateway-proxy",
    }


def test_all_comes_after_what_is_required() -> None:
    """Report 7: the load balancer controller runs until the targets are gone."""

    def program() -> Gateway:
        required = kubernetes.core.v1.ConfigMap("required", data={"a": "b"})
        known = after(pulumi.Output.from_input("elbv2.k8s.aws/v1beta1"), [required])
        args = {"vpc_cidr": "10.0.0.0/16", "target_group_arn": TARGETS, "requires": [known]}
        return Gateway("gateway", cast("GatewayArgs", args))

    cloud = build(program)
    required = cloud.named("required")
    for name in ("gateway-targets", "gateway-kong", "gateway-class", "gateway-rate-limiting"):
        assert cloud.comes_after(cloud.named(name), required)
    assert not cloud.comes_after(cloud.named("gateway-kong-namespace"), required)


def test_a_route_comes_after_the_gateway() -> None:
    def program() -> Gateway:
        gateway = Gateway("gateway", {"vpc_cidr": "10.0.0.0/16"})
        kubernetes.core.v1.ConfigMap("user", data={"gateway": gateway.gateway_name})
        return gateway

    cloud = build(program)
    assert cloud.comes_after(cloud.named("user"), cloud.named("gateway-listeners"))
    assert cloud.comes_after(cloud.named("user"), cloud.named("gateway-kong"))


# Input


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"replicas": 0}, "replicas: 0 is not valid"),
        ({"replicas": 4, "max_replicas": 2}, "max_replicas 2 is less than replicas 4"),
        ({"nodes": "spot"}, "nodes: 'spot' is not valid"),
        ({"memory_mib": 64}, "memory_mib: 64"),
        ({"request_megabytes": 1000}, "request_megabytes: 1000"),
        ({"trace_sampling": 2}, "trace_sampling: 2"),
        ({"rate_limit": {"per_second": 9, "per_minute": 5}}, "per_minute: 5 is less than"),
        ({"rate_limit": {"per_second": None, "per_minute": None}}, "one of per_second"),
        ({"security_headers": {"frame_ancestors": "*"}}, "frame_ancestors: allowed: 'none'"),
        ({"security_headers": {"hsts_seconds": 1}}, "hsts_seconds: 1 is not valid"),
        ({"jwt": {"keys": {"a": "-----BEGIN PRIVATE KEY-----"}}}, "this is a private key"),
        ({"relicas": 3}, "did you mean 'replicas'?"),
    ],
)
def test_bad_input(given: Json, message: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        plan_gateway(cast("GatewayArgs", {"vpc_cidr": "10.0.0.0/16", **given}))
    assert message in str(raised.value)


def test_all_problems_at_once() -> None:
    args = {"vpc_cidr": "10.0.0.0/16", "replicas": 0, "trace_sampling": 2, "x": 1}
    with pytest.raises(InvalidInput) as raised:
        plan_gateway(cast("GatewayArgs", args))
    assert len(raised.value.problems) == 3


def test_numbers_of_other_languages_are_floats() -> None:
    args = cast("GatewayArgs", {"vpc_cidr": "10.0.0.0/16", "replicas": 2.0, "max_replicas": 4.0})
    assert plan_gateway(args).spec.replicas == 2


def test_a_stack_section_is_the_components_input() -> None:
    section = {
        "replicas": 2,
        "maxReplicas": 4,
        "rateLimit": {"perSecond": 5, "perMinute": 50},
        "securityHeaders": {"frameAncestors": "'self'"},
        "jwt": {"keys": public_keys(JWKS)},
    }
    spec = GatewaySpec.model_validate(section)
    args = spec.to_args(GatewayArgs, vpc_cidr="10.0.0.0/16", protect=True)
    assert plan_gateway(args).spec == spec.model_copy(update={"protect": True})
