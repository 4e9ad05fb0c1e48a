"""Who may call a workload, and nobody else: the policies of ports, callers, routes and probes."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pytest

from components._base.inside import Inside
from components._base.scope import Scope
from components.mesh.network import PROXY_PORT, make_access, meshed_rules
from components.mesh.policy import (
    Caller,
    MeshProtocol,
    Network,
    PortAccess,
    RouteAccess,
    WorkloadAccess,
    make_policies,
    metrics_policies,
    workload_policies,
)
from components.mesh.resources import Resource
from components.mesh.spec import MeshTracingSpec
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, build

KONG = Caller("kong", "kong")
ORDERS = Caller("orders", "shop")
VPC = Network("vpc", ("10.0.0.0/16",))

PLAIN = WorkloadAccess(
    "catalog",
    {"app.kubernetes.io/name": "catalog"},
    (PortAccess("http", "http", MeshProtocol.HTTP1, callers=(KONG, ORDERS)),),
)
ROUTED = WorkloadAccess(
    "catalog",
    {"app.kubernetes.io/name": "catalog"},
    (
        PortAccess(
            8000,
            "http",
            callers=(KONG,),
            networks=(VPC,),
            routes=(RouteAccess("admin", "/admin", ("GET", "POST"), callers=(ORDERS,)),),
            probe_paths=("/livez", "/readyz"),
        ),
    ),
    probe_networks=("10.0.0.0/16",),
)
METRICS = metrics_policies(Caller("prometheus", "observability"))

Json = Mapping[str, object]


def of(kind: str, policies: Sequence[Resource]) -> dict[str, Json]:
    return {policy.name: policy.spec for policy in policies if policy.kind == kind}


def at(value: object, path: str) -> object:
    for key in path.split("."):
        if isinstance(value, list):
            value = cast("list[object]", value)[int(key)]
        else:
            value = cast("Json", value)[key]
    return value


@needs_crds
@pytest.mark.parametrize(
    "policy",
    [
        *workload_policies(PLAIN),
        *workload_policies(ROUTED),
        *METRICS,
        *metrics_policies(Network("prometheus", ("10.0.0.0/16",))),
    ],
    ids=lambda policy: f"{policy.kind} {policy.name}",
)
def test_every_policy_fits_its_definition(policy: Resource):
    plural = policy.kind.lower().removesuffix("y") + ("ies" if policy.kind[-1] == "y" else "s")
    group = str(policy.body["apiVersion"]).split("/")[0]
    assert crd_problems(f"{plural}.{group}", policy.body) == []


def test_a_port_has_a_server_that_denies():
    assert of("Server", workload_policies(PLAIN)) == {
        "catalog-http": {
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "catalog"}},
            "port": "http",
            "proxyProtocol": "HTTP/1",
            "accessPolicy": "deny",
        }
    }


def test_callers_are_authorized_by_their_own_service_accounts():
    made = workload_policies(PLAIN)
    name = "catalog-http-callers"
    assert of("MeshTLSAuthentication", made) == {
        name: {
            "identityRefs": [
                {"kind": "ServiceAccount", "name": "kong", "namespace": "kong"},
                {"kind": "ServiceAccount", "name": "orders", "namespace": "shop"},
            ]
        }
    }
    assert of("AuthorizationPolicy", made) == {
        name: {
            "targetRef": {"group": "policy.linkerd.io", "kind": "Server", "name": "catalog-http"},
            "requiredAuthenticationRefs": [
                {"group": "policy.linkerd.io", "kind": "MeshTLSAuthentication", "name": name}
            ],
        }
    }


def test_a_network_needs_no_identity_and_an_identity_no_network():
    """What one authorization requires has to be there all at once, so these are two."""
    port = PortAccess(1, "http", callers=(ORDERS,), networks=(VPC, Network("lb", ("10.9.0.0/16",))))
    made = workload_policies(WorkloadAccess("a", {"app": "a"}, (port,)))
    required = {
        name: [at(ref, "kind") for ref in cast("list[Json]", rule["requiredAuthenticationRefs"])]
        for name, rule in of("AuthorizationPolicy", made).items()
    }
    assert required == {
        "a-http-callers": ["MeshTLSAuthentication"],
        "a-http-networks": ["NetworkAuthentication"],
    }
    assert of("NetworkAuthentication", made)["a-http-networks"] == {
        "networks": [{"cidr": "10.0.0.0/16"}, {"cidr": "10.9.0.0/16"}]
    }


def test_policies_do_not_grow_in_number_with_callers():
    many = tuple(Caller(f"caller-{number}", "shop") for number in range(50))
    port = PortAccess("http", "http", callers=many)
    made = workload_policies(WorkloadAccess("a", {"app": "a"}, (port,)))
    assert len(made) == 3
    (identities,) = of("MeshTLSAuthentication", made).values()
    assert len(cast("list[Json]", identities["identityRefs"])) == 50


def test_nobody_may_call_a_port_without_callers():
    closed = WorkloadAccess("a", {"app": "a"}, (PortAccess(8000, "http"),))
    assert [policy.kind for policy in workload_policies(closed)] == ["Server"]


def test_linkerd_itself_lets_probes_through_to_a_port_without_routes():
    made = workload_policies(PLAIN)
    assert of("HTTPRoute", made) == {}
    assert of("NetworkAuthentication", made) == {}


def test_probes_get_through_to_a_port_with_routes_from_the_kubelets_networks_only():
    made = workload_policies(ROUTED)
    route = of("HTTPRoute", made)["catalog-http-probes"]
    assert at(route, "rules.0.matches") == [
        {"path": {"type": "Exact", "value": "/livez"}, "method": "GET"},
        {"path": {"type": "Exact", "value": "/readyz"}, "method": "GET"},
    ]
    name = "catalog-http-probes-networks"
    assert of("NetworkAuthentication", made)[name] == {"networks": [{"cidr": "10.0.0.0/16"}]}
    assert at(of("AuthorizationPolicy", made)[name], "targetRef") == {
        "group": "gateway.networking.k8s.io",
        "kind": "HTTPRoute",
        "name": "catalog-http-probes",
    }


def test_a_route_has_callers_of_its_own_and_the_rest_those_of_the_port():
    made = workload_policies(ROUTED)
    routes, rules = of("HTTPRoute", made), of("AuthorizationPolicy", made)
    assert set(routes) == {"catalog-http-admin", "catalog-http-rest", "catalog-http-probes"}
    for route in routes.values():
        assert route["parentRefs"] == [
            {"group": "policy.linkerd.io", "kind": "Server", "name": "catalog-http"}
        ]
    assert at(routes["catalog-http-admin"], "rules.0.matches") == [
        {"path": {"type": "PathPrefix", "value": "/admin"}, "method": method}
        for method in ("GET", "POST")
    ]
    assert at(routes["catalog-http-rest"], "rules.0.matches") == [
        {"path": {"type": "PathPrefix", "value": "/"}}
    ]
    who = {name: at(rule, "targetRef.name") for name, rule in rules.items()}
    assert who == {
        "catalog-http-admin-callers": "catalog-http-admin",
        "catalog-http-rest-callers": "catalog-http-rest",
        "catalog-http-rest-networks": "catalog-http-rest",
        "catalog-http-probes-networks": "catalog-http-probes",
    }


def test_parts_that_the_same_may_call_are_one_route_with_one_authorization():
    everyone, own = ("0.0.0.0/0",), RouteAccess("admin", "/admin", callers=(ORDERS,))
    metrics = RouteAccess("metrics", "/metrics", ("GET",), networks=(Network("a", everyone),))
    document = RouteAccess("document", "/document", networks=(Network("b", everyone),))
    port = PortAccess(
        8000, "http", callers=(KONG,), routes=(metrics, own, document), probe_paths=("/livez",)
    )
    made = workload_policies(WorkloadAccess("catalog", {}, (port,)))
    routes = of("HTTPRoute", made)
    together = "catalog-http-metrics-document-probes"
    assert set(routes) == {together, "catalog-http-admin", "catalog-http-rest"}
    assert at(routes[together], "rules.0.matches") == [
        {"path": {"type": "PathPrefix", "value": "/metrics"}, "method": "GET"},
        {"path": {"type": "PathPrefix", "value": "/document"}},
        {"path": {"type": "Exact", "value": "/livez"}, "method": "GET"},
    ]
    assert of("NetworkAuthentication", made) == {
        f"{together}-networks": {"networks": [{"cidr": "0.0.0.0/0"}]}
    }
    assert len(of("AuthorizationPolicy", made)) == 3


def test_no_authorization_is_for_a_whole_server_with_routes():
    rules = of("AuthorizationPolicy", workload_policies(ROUTED))
    assert {at(rule, "targetRef.kind") for rule in rules.values()} == {"HTTPRoute"}


def test_prometheus_may_read_the_metrics_of_every_proxy_of_a_namespace():
    server = of("Server", METRICS)["linkerd-admin"]
    assert server == {"podSelector": {}, "port": "linkerd-admin", "proxyProtocol": "HTTP/1"}
    identity = of("MeshTLSAuthentication", METRICS)["linkerd-admin-callers"]
    assert at(identity, "identityRefs.0.name") == "prometheus"


def test_long_names_stay_names():
    long = WorkloadAccess("w" * 50, {"app": "w"}, (PortAccess(1, "http", callers=(ORDERS, KONG)),))
    names = [policy.name for policy in workload_policies(long)]
    assert max(map(len, names)) <= 63
    assert len(set(names)) == 2  # the server, and its authorization and whom it is for


def scope() -> Inside:
    parent = pulumi.ComponentResource("test:index:Parent", "shop")
    parent.register_outputs({})
    return Inside(Scope("shop", parent=parent, tags={}, protect=False), None)


def made() -> Recorder[object]:
    def program() -> object:
        inside = scope()
        make_policies(inside, workload_policies(ROUTED), namespace="shop")
        make_access(inside, "shop", "shop", meshed_rules(["observability"], tracing()))
        return None

    return build(program)


def tracing() -> MeshTracingSpec:
    return MeshTracingSpec(
        collector="otel.telemetry:4317", service_account="otel", namespace="telemetry"
    )  # pyright: ignore[reportCallIssue]


def test_policies_are_made_in_the_workloads_namespace():
    server = made().one("kubernetes:policy.linkerd.io/v1beta3:Server")
    assert server.name == "shop-catalog-http-server"
    assert server.inputs["metadata"] == {"name": "catalog-http", "namespace": "shop"}
    assert len(made().all("kubernetes:policy.linkerd.io/v1alpha1:AuthorizationPolicy")) == 4


def test_a_meshed_namespace_reaches_the_control_plane_and_is_read_by_prometheus():
    policy = made().one("kubernetes:networking.k8s.io/v1:NetworkPolicy").inputs["spec"]

    def rules(direction: str, peer: str) -> dict[object, list[object]]:
        found = cast("list[Json]", cast("Json", policy)[direction])
        return {
            _namespace(rule, peer): [port["port"] for port in cast("list[Json]", rule["ports"])]
            for rule in found
        }

    assert rules("egress", "to") == {
        "linkerd": [8080, 8086, 8090],
        "telemetry": [4317, PROXY_PORT],
    }
    assert rules("ingress", "from") == {"linkerd-viz": [4190], "observability": [4191]}


def _namespace(rule: Json, peer: str) -> object:
    labels = at(rule, f"{peer}.0.namespaceSelector.matchLabels")
    return cast("Json", labels)["kubernetes.io/metadata.name"]
