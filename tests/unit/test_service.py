"""A FastAPI service in the cluster: pods, permissions, network paths, routes and scaling."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.errors import InvalidInput
from components.service import FastApiService, FastApiServiceArgs
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint

Json = Mapping[str, object]

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
STORES: Mapping[str, object] = {
    "cache": {"endpoint": "cache.example.com", "secret_arn": f"{SECRET}cache"},
    "kafka": {
        "brokers": "b1.example.com:9098,b2.example.com:9098",
        "cluster_arn": "arn:aws:kafka:eu-west-1:123456789012:cluster/k/"
        "11111111-2222-3333-4444-555555555555-1",
    },
    "search": {
        "endpoint": "https://elasticsearch-es-http.search.svc:9200",
        "secret_arn": f"{SECRET}search",
        "namespace": "search",
        "ca_secret": "search-ca",
    },
    "tables": {
        "orders": {
            "name": "orders-1",
            "arn": "arn:aws:dynamodb:eu-west-1:123456789012:table/orders-1",
            "indexes": ["by-customer"],
        },
        "order-lines": {
            "name": "lines-1",
            "arn": "arn:aws:dynamodb:eu-west-1:123456789012:table/lines-1",
        },
    },
    "rabbitmq": {"secret_arn": f"{SECRET}rabbitmq"},
    "buckets": {
        "uploads": {"name": "uploads-1", "arn": "arn:aws:s3:::uploads-1", "key_arn": KEY},
    },
}
WIRING: Mapping[str, object] = {
    "namespace": "services",
    "cluster_name": "blue",
    "stores": STORES,
    "data_cidrs": ["10.0.8.0/22"],
    "secret_store": "secrets-manager",
    "identity": {"issuer": "https://i", "audience": "api", "jwks_uri": "https://i/jwks"},
    "hosts": ["api.example.com"],
    "otel_endpoint": "http://otel-collector.observability:4318",
    "trust_version": "abc",
    "scaled_objects": "keda.sh/v1alpha1",
    "prometheus_url": "http://prometheus.observability:9090",
    "tags": {"owner": "me"},
}
EVERYTHING: Mapping[str, object] = {
    "cache": True,
    "kafka": {"produce": ["orders.events"], "consume": ["payments.events"]},
    "search": True,
    "tables": {"orders": "readWrite", "order-lines": "read"},
    "rabbitmq": True,
    "buckets": {"uploads": "write"},
}
PUBLIC: Mapping[str, object] = {
    "paths": ["/orders"],
    "scopes": ["orders/read"],
    "cors": {"origins": ["https://shop.example.com"], "credentials": True},
    "timeout_seconds": 30,
    "max_body_megabytes": 5,
}


def make(name: str = "orders", **given: object) -> Recorder[FastApiService]:
    args = {"image": "example.com/orders:1.4.2", **WIRING, **given}

    def program() -> FastApiService:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier=cluster.arn)
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return FastApiService(name, cast("FastApiServiceArgs", args), opts)

    return build(program)


@functools.cache
def plain() -> Recorder[FastApiService]:
    """A service that uses nothing and is shown to nobody."""
    return make()


@functools.cache
def full() -> Recorder[FastApiService]:
    return make(
        uses=EVERYTHING,
        public=PUBLIC,
        callers=["catalog", "mailer"],
        calls=["catalog"],
        monitored=True,
        scaling={"requests_per_second": 50, "kafka_lag": 100},
        env={"LOG_LEVEL": "debug", "PAGE_SIZE": "50"},
        counters={"host": "cache.example.com", "user_name": "app"},
    )


def kind(cloud: Recorder[FastApiService], name: str) -> list[Registration]:
    return [r for r in cloud.resources if r.type.rsplit(":", 1)[-1] == name]


def one(cloud: Recorder[FastApiService], name: str, called: str = "orders") -> Registration:
    (found,) = [r for r in kind(cloud, name) if metadata(r)["name"] == called]
    return found


def metadata(owner: Registration) -> Json:
    return cast("Json", owner.inputs["metadata"])


def annotations(owner: Registration) -> Mapping[str, str]:
    return cast("Mapping[str, str]", metadata(owner).get("annotations") or {})


def spec(owner: Registration) -> Json:
    return cast("Json", owner.inputs["spec"])


def pod(cloud: Recorder[FastApiService]) -> Json:
    template = cast("Json", spec(one(cloud, "Deployment"))["template"])
    return cast("Json", template["spec"])


def container(cloud: Recorder[FastApiService]) -> Json:
    (found,) = cast("Sequence[Json]", pod(cloud)["containers"])
    return found


def variables(cloud: Recorder[FastApiService]) -> dict[str, str]:
    """Return the variables by name; one from a Secret as `secret:KEY`."""
    found: dict[str, str] = {}
    for item in cast("Sequence[Json]", container(cloud)["env"]):
        source = cast("Mapping[str, Mapping[str, str]]", item.get("valueFrom") or {})
        if "fieldRef" in source:
            found[str(item["name"])] = f"field:{source['fieldRef']['fieldPath']}"
        elif source:
            found[str(item["name"])] = f"secret:{source['secretKeyRef']['key']}"
        else:
            found[str(item["name"])] = str(item["value"])
    return found


def egress(cloud: Recorder[FastApiService]) -> list[tuple[object, list[object]]]:
    """Return where pods may connect to, with the ports."""
    rules = cast("Sequence[Json]", spec(one(cloud, "NetworkPolicy"))["egress"])
    return [
        (rule["to"], [port["port"] for port in cast("Sequence[Json]", rule["ports"])])
        for rule in rules
    ]


def test_a_service_that_uses_nothing_gets_nothing():
    counted = {r.type.rsplit(":", 1)[-1]: 0 for r in plain().resources}
    for resource in plain().resources:
        counted[resource.type.rsplit(":", 1)[-1]] += 1
    assert counted == {
        "Cluster": 1,
        "kubernetes": 1,
        "FastApiService": 1,
        "ServiceAccount": 1,
        "NetworkPolicy": 1,
        "Deployment": 1,
        "Server": 1,
        "Service": 1,
        "HTTPRoute": 2,
        "PodDisruptionBudget": 1,
        "HorizontalPodAutoscaler": 1,
    }
    assert plain().output(plain().result.role_arn) == ""
    assert plain().output(plain().result.public_urls) == []
    # its collector, and the issuer's keys
    assert [ports for _, ports in egress(plain())] == [[4318, 4143], [443]]
    assert spec(one(plain(), "NetworkPolicy"))["ingress"] == []
    own = ("SERVICE_", "HTTP_", "AUTH_", "OTEL_", "POD_UID")
    assert [name for name in variables(plain()) if not name.startswith(own)] == []


def test_objects_go_with_the_cluster_and_what_is_in_aws_does_not():
    """Field report 10."""
    cluster = full().named("eks").urn
    for resource in full().resources:
        if resource.type.startswith("kubernetes:"):
            assert resource.deleted_with == cluster, resource.name
        elif resource.type.startswith("aws:iam"):
            assert not resource.deleted_with
    assert not full().one("aws:eks/podIdentityAssociation:PodIdentityAssociation").deleted_with


def test_pods_are_restricted():
    assert container(full())["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    security = cast("Json", pod(full())["securityContext"])
    assert security["runAsNonRoot"] is True
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(full())["automountServiceAccountToken"] is False
    assert pod(full())["enableServiceLinks"] is False
    assert one(full(), "ServiceAccount").inputs["automountServiceAccountToken"] is False
    volumes = cast("Sequence[Json]", pod(full())["volumes"])
    assert volumes[0] == {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}
    assert volumes[1:] == [{"name": "search-ca", "secret": {"secretName": "search-ca"}}]
    assert len(cast("Sequence[Json]", pod(plain())["volumes"])) == 1


def test_memory_is_bounded_by_what_was_asked_for_and_the_cpu_is_not():
    sized = make(cpu=1.5, memory_mib=1024)
    assert container(sized)["resources"] == {
        "requests": {"cpu": "1500m", "memory": "1024Mi"},
        "limits": {"memory": "1024Mi"},
    }


def test_a_pod_that_goes_serves_until_nobody_sends_it_requests():
    """The kubelet's wait, then the service's own, all within the grace period."""
    lifecycle = cast("Json", container(full())["lifecycle"])
    assert lifecycle == {"preStop": {"sleep": {"seconds": 10}}}
    values = variables(full())
    ours = float(values["HTTP_DRAIN_SECONDS"]) + float(values["HTTP_GRACE_SECONDS"])
    assert int(values["HTTP_GRACE_SECONDS"]) >= int(values["HTTP_REQUEST_TIMEOUT_SECONDS"])
    assert cast("int", pod(full())["terminationGracePeriodSeconds"]) > 10 + ours
    for probe, path in (
        ("startupProbe", "/health/live"),
        ("livenessProbe", "/health/live"),
        ("readinessProbe", "/health/ready"),
    ):
        assert cast("Json", container(full())[probe])["httpGet"] == {"path": path, "port": "http"}


def test_a_rollout_takes_no_pod_away_before_its_successor_serves():
    strategy = spec(one(full(), "Deployment"))["strategy"]
    assert cast("Json", cast("Json", strategy)["rollingUpdate"])["maxUnavailable"] == 0
    keys = [c["topologyKey"] for c in cast("list[Json]", pod(full())["topologySpreadConstraints"])]
    assert keys == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]


def test_the_autoscaler_owns_the_number_of_pods():
    """Field report 15: an update must not reset it."""
    scaled = one(plain(), "Deployment")
    assert "replicas" not in spec(scaled)
    assert scaled.ignore_changes == ("spec.replicas",)
    fixed = make(replicas={"min": 3, "max": 3})
    assert spec(one(fixed, "Deployment"))["replicas"] == 3
    assert one(fixed, "Deployment").ignore_changes == ()
    assert kind(fixed, "HorizontalPodAutoscaler") == []


def test_scaling_by_the_cpu_is_kubernetes_own():
    scaler = spec(one(plain(), "HorizontalPodAutoscaler"))
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 10)
    (metric,) = cast("Sequence[Json]", scaler["metrics"])
    assert cast("Json", metric["containerResource"])["container"] == "app"
    assert kind(plain(), "ScaledObject") == []


def test_scaling_by_more_is_keda_s_alone():
    """Two autoscalers of one Deployment would fight."""
    assert kind(full(), "HorizontalPodAutoscaler") == []
    scaler = one(full(), "ScaledObject")
    triggers = cast("Sequence[Json]", spec(scaler)["triggers"])
    assert [trigger["type"] for trigger in triggers] == ["cpu", "prometheus", "kafka"]
    kafka = cast("Json", triggers[2]["metadata"])
    assert (kafka["consumerGroup"], kafka["topic"], kafka["awsRegion"]) == (
        "orders",
        "payments.events",
        "eu-west-1",
    )
    assert full().comes_after(scaler, one(full(), "TriggerAuthentication"))
    assert full().comes_after(scaler, one(full(), "Deployment"))


def test_a_budget_lets_a_quarter_go_and_blocks_no_node():
    """A share is rounded up: one pod may go."""
    assert kind(make(replicas={"min": 1, "max": 1}), "PodDisruptionBudget") == []
    budget = spec(one(plain(), "PodDisruptionBudget"))
    assert budget["maxUnavailable"] == "25%"
    assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_what_is_used_is_told():
    values = variables(full())
    assert values["CACHE_URL"] == "rediss://cache.example.com:6379"
    assert values["KAFKA_BOOTSTRAP_SERVERS"] == "b1.example.com:9098,b2.example.com:9098"
    assert (values["KAFKA_GROUP"], values["KAFKA_REGION"]) == ("orders", "eu-west-1")
    assert values["SEARCH_CA_FILE"] == "/etc/platform/search/ca.crt"
    assert (values["TABLES_ORDERS"], values["TABLES_ORDER_LINES"]) == ("orders-1", "lines-1")
    assert values["BUCKETS_UPLOADS"] == "uploads-1"
    assert (values["LOG_LEVEL"], values["PAGE_SIZE"]) == ("debug", "50")
    assert values["SERVICE_VERSION"] == "1.4.2"
    assert values["HTTP_MAX_BODY_BYTES"] == str(5 * 2**20)
    secrets = {name for name, value in values.items() if value == f"secret:{name}"}
    assert secrets == {
        "CACHE_USERNAME",
        "CACHE_PASSWORD",
        "SEARCH_USERNAME",
        "SEARCH_PASSWORD",
        "RABBITMQ_URL",
    }


def test_passwords_come_by_external_secrets_and_pods_wait_for_them():
    external = one(full(), "ExternalSecret")
    data = cast("Sequence[Json]", spec(external)["data"])
    assert {str(item["secretKey"]): item["remoteRef"] for item in data}["RABBITMQ_URL"] == {
        "key": f"{SECRET}rabbitmq",
        "property": "url",
    }
    assert annotations(external)["pulumi.com/waitFor"] == "condition=Ready"
    assert full().comes_after(one(full(), "Deployment"), external)
    assert kind(plain(), "ExternalSecret") == []


def test_the_role_allows_what_is_used_and_no_more():
    policy = str(full().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert lint(policy) == []
    found = {str(s["Sid"]): s for s in cast("list[Json]", json.loads(policy)["Statement"])}
    assert set(found) == {
        *("KafkaProducer", "KafkaProduce", "KafkaConsumer", "KafkaConsume", "KafkaGroup"),
        *("OrdersTable", "OrdersIndexes", "OrderLinesTable", "UploadsObjects", "UploadsKey"),
    }
    produced = json.dumps(found["KafkaProduce"]["Resource"])
    assert "/orders.events" in produced
    assert "/payments.events.orders.dlq" in produced, "what can't be handled is kept"
    assert "dynamodb:PutItem" not in json.dumps(found["OrderLinesTable"])
    role = full().one("aws:iam/role:Role")
    assert "pods.eks.amazonaws.com" in str(role.inputs["assumeRolePolicy"])
    association = full().one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["serviceAccount"] == "orders"
    assert full().comes_after(one(full(), "Deployment"), association)


def test_without_iam_there_is_no_role():
    cloud = make(uses={"cache": True, "search": True, "rabbitmq": True})
    assert cloud.none("aws:iam/role:Role")
    assert cloud.none("aws:eks/podIdentityAssociation:PodIdentityAssociation")


@pytest.mark.parametrize(
    ("uses", "ports"),
    [
        ({"cache": True}, [6379]),
        ({"kafka": {"produce": ["orders.events"]}}, [9098]),
        ({"rabbitmq": True}, [5671]),
        ({"cache": True, "rabbitmq": True}, [6379, 5671]),
    ],
)
def test_pods_reach_the_stores_that_they_use(uses: Json, ports: list[int]):
    opened = egress(make(uses=uses))
    assert ([{"ipBlock": {"cidr": "10.0.8.0/22"}}], ports) in opened


def test_pods_reach_whom_they_call_and_the_engine_of_the_cluster():
    opened = egress(full())
    named = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "catalog"}}}]
    assert (named, [8000, 4143]) in opened
    search = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "search"}}}
    assert ([search], [9200]) in opened
    assert ([{"ipBlock": {"cidr": "169.254.170.23/32"}}], [80]) in opened
    (outside,) = [peer for peer, ports in opened if ports == [443]]
    assert "10.0.0.0/8" in json.dumps(outside), "the internet is no way into the VPC"


def test_only_the_gateway_declared_callers_and_prometheus_connect():
    rules = cast("Sequence[Json]", spec(one(full(), "NetworkPolicy"))["ingress"])
    text = [json.dumps(rule["from"]) for rule in rules]
    assert len(text) == 3
    assert '"kong"' in text[0]
    assert '"values": ["catalog", "mailer"]' in text[1]
    assert '"observability"' in text[2]


def test_the_mesh_lets_in_the_gateway_and_declared_callers_only():
    (callers,) = kind(full(), "MeshTLSAuthentication")
    accounts = cast("Sequence[Json]", spec(callers)["identityRefs"])
    assert sorted((str(a["namespace"]), str(a["name"])) for a in accounts) == [
        ("kong", "kong-gateway"),
        ("services", "catalog"),
        ("services", "mailer"),
    ]
    server = spec(one(full(), "Server", "orders-http"))
    assert (server["accessPolicy"], server["port"]) == ("deny", "http")
    assert kind(plain(), "AuthorizationPolicy") == []


def matches(cloud: Recorder[FastApiService], route: str) -> Sequence[Json]:
    (rule,) = cast("Sequence[Json]", spec(one(cloud, "HTTPRoute", route))["rules"])
    return cast("Sequence[Json]", rule["matches"])


def test_metrics_are_for_prometheus_only():
    metrics = {"path": {"type": "PathPrefix", "value": "/metrics"}, "method": "GET"}
    # Unmeshed, it can't be told from the kubelet by the mesh: the network policy does.
    assert metrics in matches(full(), "orders-http-metrics-probes")
    meshed = make(monitored=True, prometheus_account="prometheus")
    assert matches(meshed, "orders-http-metrics") == [metrics]
    (account,) = kind(meshed, "MeshTLSAuthentication")
    assert cast("Sequence[Json]", spec(account)["identityRefs"])[0]["name"] == "prometheus"
    monitor = spec(one(full(), "ServiceMonitor"))
    assert cast("Sequence[Json]", monitor["endpoints"])[0]["path"] == "/metrics"
    assert kind(plain(), "ServiceMonitor") == []


def test_only_idempotent_requests_are_tried_again():
    retried = one(plain(), "HTTPRoute", "orders-rest-retried")
    (rule,) = cast("Sequence[Json]", spec(retried)["rules"])
    methods = [match["method"] for match in cast("Sequence[Json]", rule["matches"])]
    assert methods == ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]
    assert annotations(retried)["retry.linkerd.io/limit"] == "2"
    others = one(plain(), "HTTPRoute", "orders-rest")
    assert "retry.linkerd.io/limit" not in annotations(others)
    service = one(plain(), "Service")
    assert annotations(service)["balancer.linkerd.io/failure-accrual"] == "consecutive"


def test_the_service_gives_up_before_the_mesh_and_the_mesh_before_the_gateway():
    assert variables(full())["HTTP_REQUEST_TIMEOUT_SECONDS"] == "30"
    mesh = annotations(one(full(), "HTTPRoute", "orders-rest"))
    assert mesh["timeout.linkerd.io/request"] == "31s"
    (rule,) = cast("Sequence[Json]", spec(one(full(), "HTTPRoute"))["rules"])
    assert rule["timeouts"] == {"backendRequest": "32s"}


def test_a_public_service_has_limits_and_wants_tokens():
    names = [metadata(plugin)["name"] for plugin in kind(full(), "KongPlugin")]
    assert names == [
        "orders-request-size-limiting",
        "orders-jwt",
        "orders-cors",
    ]
    limit = "orders-services-rate-limiting"
    route = one(full(), "HTTPRoute")
    assert annotations(route)["konghq.com/plugins"].split(",") == [limit, *names]
    assert annotations(route)["fastapi-platform/scopes"] == "orders/read"
    assert all(full().comes_after(route, plugin) for plugin in kind(full(), "KongPlugin"))
    assert full().output(full().result.public_urls) == ["https://api.example.com/orders"]


def test_the_password_of_the_counters_stays_in_the_gateway_s_namespace():
    limit = one(full(), "KongClusterPlugin", "orders-services-rate-limiting")
    assert "namespace" not in metadata(limit)
    assert "labels" not in metadata(limit), "it would be every route's"
    assert annotations(limit) == {"kubernetes.io/ingress.class": "kong"}
    assert cast("Json", limit.inputs["config"])["policy"] == "redis"
    reference = cast("list[Json]", limit.inputs["configPatches"])[0]["valueFrom"]
    assert cast("Json", cast("Json", reference)["secretKeyRef"])["namespace"] == "kong"


def test_without_a_token_only_by_saying_so_and_never_without_a_limit():
    cloud = make(public={"paths": ["/orders"], "anonymous": True})
    names = [metadata(plugin)["name"] for plugin in kind(cloud, "KongPlugin")]
    assert names == ["orders-rate-limiting", "orders-request-size-limiting"]
    assert annotations(one(cloud, "HTTPRoute"))["fastapi-platform/anonymous"] == "true"
    assert "fastapi-platform/anonymous" not in annotations(one(full(), "HTTPRoute"))


def test_a_route_is_the_last_to_come_and_the_first_to_go():
    """Field report 7: what the outside world sees is gone before what serves it."""
    route = one(full(), "HTTPRoute")
    for name in ("Deployment", "Service", "KongUpstreamPolicy"):
        assert full().comes_after(route, one(full(), name)), name
    assert all(full().comes_after(route, p) for p in kind(full(), "AuthorizationPolicy"))
    service = annotations(one(full(), "Service"))
    assert service["ingress.kubernetes.io/service-upstream"] == "true"
    assert service["konghq.com/upstream-policy"] == "orders"


def test_another_trust_anchor_starts_pods_anew():
    """Field report 23: a proxy reads its trust anchors when it starts, and never again."""
    template = cast("Json", spec(one(plain(), "Deployment"))["template"])
    notes = cast("Json", cast("Json", template["metadata"])["annotations"])
    assert notes["fastapi-platform/trust-anchors"] == "abc"
    assert notes["linkerd.io/inject"] == "enabled"


def test_a_tag_alone_is_of_the_repository_that_is_given():
    url = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"
    digest = f"sha256:{'a' * 64}"
    assert container(make(image="1.4.2", repository_url=url))["image"] == f"{url}:1.4.2"
    assert container(make(image=digest, repository_url=url))["image"] == f"{url}@{digest}"


def test_a_destroy_takes_pods_before_what_they_need():
    """What a service is told to come after is there as long as it is."""

    def program() -> FastApiService:
        mesh = kubernetes.core.v1.Namespace("mesh", metadata={"name": "linkerd"})
        shared = {"counters": {"host": "cache.example.com", "user_name": "app"}}
        args = {"image": "example.com/orders:1.4.2", "public": PUBLIC, **WIRING, **shared}
        args["requires"] = [mesh.urn]
        return FastApiService("orders", cast("FastApiServiceArgs", args))

    cloud = build(program)
    mesh = cloud.named("mesh")
    objects = [r for r in cloud.resources if r.custom and r is not mesh]
    assert "KongClusterPlugin" in {r.type.rsplit(":", 1)[-1] for r in objects}
    assert all(cloud.comes_after(resource, mesh) for resource in objects)


def test_order_costs_an_edge_or_two_for_each_object_however_much_is_required():
    """Each edge is in the state, and is searched for cycles by the SDK."""

    def program() -> FastApiService:
        needed = [
            kubernetes.core.v1.Namespace(f"n{i}", metadata={"name": f"n{i}"}) for i in range(20)
        ]
        args = {"image": "example.com/orders:1.4.2", "public": PUBLIC, **WIRING}
        args["requires"] = [resource.urn for resource in needed]
        return FastApiService("orders", cast("FastApiServiceArgs", args))

    cloud = build(program)
    edges = {r.name: len(r.depends_on) for r in cloud.resources if r.custom}
    assert edges.pop("orders-serviceaccount") >= 20
    route = edges.pop("orders-httproute")
    assert route <= 12, "the last of all"
    assert max(edges.values()) <= 5


DEFINITIONS = {
    "AuthorizationPolicy": "authorizationpolicies.policy.linkerd.io",
    "ExternalSecret": "externalsecrets.external-secrets.io",
    "KongClusterPlugin": "kongclusterplugins.configuration.konghq.com",
    "HTTPRoute": "httproutes.gateway.networking.k8s.io",
    "KongPlugin": "kongplugins.configuration.konghq.com",
    "KongUpstreamPolicy": "kongupstreampolicies.configuration.konghq.com",
    "MeshTLSAuthentication": "meshtlsauthentications.policy.linkerd.io",
    "NetworkAuthentication": "networkauthentications.policy.linkerd.io",
    "ScaledObject": "scaledobjects.keda.sh",
    "Server": "servers.policy.linkerd.io",
    "ServiceMonitor": "servicemonitors.monitoring.coreos.com",
    "TriggerAuthentication": "triggerauthentications.keda.sh",
}
"""Built-in kinds are checked by the harness, against the SDK's own schema."""


@needs_crds
@pytest.mark.parametrize("name", DEFINITIONS)
def test_custom_resources_are_as_their_definitions_say(name: str):
    found = kind(full(), name)
    assert found
    problems = [crd_problems(DEFINITIONS[name], resource.inputs) for resource in found]
    assert [problem for each in problems for problem in each] == []


def test_a_span_says_of_which_pod_it_is():
    """The variable that the other is part of comes first, or it would stay as it is written."""
    env = cast("Sequence[Json]", container(plain())["env"])
    names = [item["name"] for item in env]
    assert variables(plain())["POD_UID"] == "field:metadata.uid"
    assert variables(plain())["OTEL_RESOURCE_ATTRIBUTES"] == "k8s.pod.uid=$(POD_UID)"
    assert names.index("POD_UID") < names.index("OTEL_RESOURCE_ATTRIBUTES")


def test_a_service_may_ask_to_be_instrumented():
    asked = make(auto_instrument=True, instrumentation="observability/python")
    template = cast("Json", spec(one(asked, "Deployment"))["template"])
    annotations = cast("Json", cast("Json", template["metadata"])["annotations"])
    assert annotations["instrumentation.opentelemetry.io/inject-python"] == "observability/python"
    assert annotations["instrumentation.opentelemetry.io/container-names"] == "app"
    with pytest.raises(InvalidInput, match="auto_instrument: needs OpenTelemetry's operator"):
        make(auto_instrument=True)
