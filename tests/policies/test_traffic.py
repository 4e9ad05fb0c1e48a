"""Routes have a timeout and a size; retries are harmless; ports of the mesh name their callers."""

import pytest

from policies.gateway import PLUGIN
from policies.traffic import AUTHORIZATION, SERVER
from policies.workloads import ROUTE
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict, verdict

Resource = tuple[str, str, Inputs]
RETRY: Inputs = {"retry.linkerd.io/http": "5xx"}


def at(name: object, **metadata: object) -> Inputs:
    return {"name": name, "namespace": "apps", **metadata}


def resource(type_: str, name: str, **inputs: object) -> Resource:
    return (type_, name, {"metadata": at(name), **inputs})


def route(*methods: str, timeouts: object = None, **annotations: object) -> Inputs:
    rule: Inputs = {"backendRefs": [{"name": "orders"}], "timeouts": timeouts}
    matches: list[Inputs] = [{"method": method} for method in methods]
    rule["matches"] = matches
    return {"metadata": at("orders", annotations=annotations), "spec": {"rules": [rule]}}


def test_routes_have_a_timeout() -> None:
    rule = "route-timeout"
    assert verdict(rule, ROUTE, route()).violations
    assert verdict(rule, ROUTE, route(timeouts={"request": "10s"})).passed
    assert verdict(rule, ROUTE, route(timeouts={"backendRequest": "10s"})).passed
    assert verdict(rule, ROUTE, route(**{"timeout.linkerd.io/request": "10s"})).passed
    assert verdict(rule, ROUTE, route(timeouts=UNKNOWN)).undecided
    of_server: Inputs = {"spec": {"rules": [{"matches": "any"}]}}
    assert verdict(rule, ROUTE, of_server).passed


def test_retries_are_of_harmless_methods_and_few() -> None:
    rule = "retries-harmless"
    assert verdict(rule, ROUTE, route("GET", "PUT", **RETRY)).passed
    assert verdict(rule, ROUTE, route("POST")).passed
    for methods in (("GET", "POST"), ("PATCH",), ()):
        assert len(verdict(rule, ROUTE, route(*methods, **RETRY)).violations) == 1
    many = route("GET", **{**RETRY, "retry.linkerd.io/limit": "9"})
    assert verdict(rule, ROUTE, many).violations
    assert verdict(rule, ROUTE, many, config={"mostRetries": 9}).passed
    assert verdict(rule, ROUTE, route(UNKNOWN, **RETRY)).undecided


def test_routes_limit_the_size_of_requests() -> None:
    rule = "route-size-limited"
    named: Resource = (ROUTE, "orders", route(**{"konghq.com/plugins": "p"}))
    assert stack_verdict(rule, named).violations
    assert stack_verdict(rule, named, resource(PLUGIN, "p", plugin="cors")).violations
    sized = resource(PLUGIN, "p", plugin="request-size-limiting")
    assert stack_verdict(rule, named, sized).passed
    later: Resource = (ROUTE, "orders", route(**{"konghq.com/plugins": UNKNOWN}))
    assert stack_verdict(rule, later).undecided


def test_tokens_that_expired_are_refused() -> None:
    rule = "token-expiry-verified"
    for config, passes in (({"claims_to_verify": ["exp", "nbf"]}, True), ({}, False)):
        assert verdict(rule, PLUGIN, {"plugin": "jwt", "config": config}).passed is passes
    assert verdict(rule, PLUGIN, {"plugin": "cors", "config": {}}).passed
    unknown: Inputs = {"plugin": "jwt", "config": {"claims_to_verify": UNKNOWN}}
    assert verdict(rule, PLUGIN, unknown).undecided


def server(access: object = "deny") -> Resource:
    return resource(SERVER, "orders-http", spec={"accessPolicy": access})


def authorization(kind: str, name: str, *callers: str) -> Resource:
    spec: Inputs = {
        "targetRef": {"kind": kind, "name": name},
        "requiredAuthenticationRefs": [{"name": caller} for caller in callers],
    }
    return resource(AUTHORIZATION, "callers", spec=spec)


RULE = "mesh-port-authorized"


def test_ports_of_the_mesh_name_their_callers() -> None:
    parent = resource(
        ROUTE, "rest", spec={"parentRefs": [{"kind": "Server", "name": "orders-http"}]}
    )
    assert stack_verdict(RULE, server()).violations
    assert stack_verdict(RULE, server(), authorization("Server", "orders-http", "web")).passed
    assert stack_verdict(RULE, server(), parent, authorization("HTTPRoute", "rest", "web")).passed
    assert stack_verdict(RULE, server(), authorization("HTTPRoute", "rest", "web")).violations
    assert stack_verdict(RULE, server(), authorization("Server", "other", "web")).violations
    assert stack_verdict(RULE, server(), authorization("Server", "orders-http")).violations
    assert stack_verdict(RULE, server(UNKNOWN)).undecided


@pytest.mark.parametrize("access", ["all-unauthenticated", "all-authenticated", "audit"])
def test_ports_deny_by_default(access: str) -> None:
    own = authorization("Server", "orders-http", "web")
    assert stack_verdict(RULE, server(access), own).violations
