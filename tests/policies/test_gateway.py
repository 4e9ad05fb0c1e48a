"""The gateway's routes and plugins, and the namespaces of the mesh."""

import pytest

from policies.gateway import ANONYMOUS, CLUSTER_PLUGIN, PLUGIN, ROUTE
from policies.mesh import NAMESPACE
from tests.policies.verdict import UNKNOWN, Inputs, stack_verdict, verdict

Resource = tuple[str, str, Inputs]
HSTS = "Strict-Transport-Security: max-age=31536000"
RULES: dict[str, tuple[str, Inputs]] = {
    "route-rate-limited": ("rate-limiting", {"minute": 60}),
    "route-authenticated": ("jwt", {}),
    "route-security-headers": ("response-transformer", {"replace": {"headers": [HSTS]}}),
}


def route(plugins: object = "", **annotations: object) -> Resource:
    given = {"konghq.com/plugins": plugins, **annotations} if plugins else annotations
    return (ROUTE, "orders", {"metadata": {"name": "orders", "annotations": given}})


def plugin(kind: str, config: object, name: str = "p") -> Resource:
    return (PLUGIN, name, {"metadata": {"name": name}, "plugin": kind, "config": config})


def everywhere(kind: str, config: object, **labels: str) -> Resource:
    metadata = {"name": kind, "labels": labels or {"global": "true"}}
    return (CLUSTER_PLUGIN, kind, {"metadata": metadata, "plugin": kind, "config": config})


@pytest.mark.parametrize("rule", RULES)
def test_a_route_has_it_by_itself_or_from_the_gateway(rule: str) -> None:
    kind, config = RULES[rule]
    assert stack_verdict(rule, route("other,p"), plugin(kind, config)).passed
    assert stack_verdict(rule, route(), everywhere(kind, config)).passed


@pytest.mark.parametrize("rule", RULES)
def test_a_route_without_it_is_found(rule: str) -> None:
    kind, config = RULES[rule]
    for others in (
        [],
        [plugin(kind, config, name="unnamed")],
        [everywhere(kind, config, **{"global": "false"})],
        [plugin("correlation-id", {})],
    ):
        (message,) = stack_verdict(rule, route("p"), *others).violations
        assert message.startswith(f"{rule}: {ROUTE} 'orders'")


@pytest.mark.parametrize("rule", RULES)
def test_plugins_to_come_are_waited_for(rule: str) -> None:
    result = stack_verdict(rule, route(UNKNOWN))
    assert result.undecided
    assert not result.violations
    kind, config = RULES[rule]
    result = stack_verdict(rule, route(UNKNOWN), everywhere(kind, config))
    # one of the route's own would take the place of the gateway's headers
    assert bool(result.undecided) is (rule == "route-security-headers")
    assert not result.violations


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("unknown", ["plugin", "disabled", "metadata"])
def test_what_is_not_known_of_a_plugin_may_be_right(rule: str, unknown: str) -> None:
    type_, name, inputs = plugin(*RULES[rule])
    later = (type_, name, {**inputs, unknown: UNKNOWN})
    assert stack_verdict(rule, route("p"), later).undecided


@pytest.mark.parametrize("rule", RULES)
def test_a_plugin_that_is_off_does_nothing(rule: str) -> None:
    type_, name, inputs = plugin(*RULES[rule])
    assert stack_verdict(rule, route("p"), (type_, name, {**inputs, "disabled": True})).violations


@pytest.mark.parametrize("rule", RULES)
def test_a_plugin_is_that_of_the_namespace(rule: str) -> None:
    kind, config = RULES[rule]

    def of(space: str, kind: str = kind) -> Resource:
        metadata = {"name": "p", "namespace": space}
        inputs: Inputs = {"metadata": metadata, "plugin": kind, "config": config}
        return (PLUGIN, space, inputs)

    def named(name: str) -> Resource:
        metadata = {"name": "o", "namespace": "apps", "annotations": {"konghq.com/plugins": name}}
        return (ROUTE, "orders", {"metadata": metadata})

    shared: Resource = (
        CLUSTER_PLUGIN,
        "c",
        {"metadata": {"name": "p"}, "plugin": kind, "config": config},
    )
    assert stack_verdict(rule, named("p"), of("apps")).passed
    assert stack_verdict(rule, named("p"), of("other")).violations
    assert stack_verdict(rule, named(" other:p ,q"), of("other")).passed
    assert stack_verdict(rule, named("p"), shared).passed
    assert stack_verdict(rule, named("p"), shared, of("apps", "acl")).violations


def test_who_is_for_everybody_says_so() -> None:
    assert stack_verdict("route-authenticated", route(**{ANONYMOUS: "true"})).passed
    assert stack_verdict("route-authenticated", route(**{ANONYMOUS: "false"})).violations


def test_a_route_s_own_headers_take_the_place_of_the_gateway_s() -> None:
    kind, config = RULES["route-security-headers"]
    own = plugin(kind, {"add": {"headers": ["X-Shop: 1"]}})
    result = stack_verdict("route-security-headers", route("p"), own, everywhere(kind, config))
    assert len(result.violations) == 1


@pytest.mark.parametrize("type_", [PLUGIN, CLUSTER_PLUGIN])
@pytest.mark.parametrize(
    ("config", "passes"),
    [
        ({"origins": ["https://shop.example.com"], "credentials": True}, True),
        ({"origins": ["*"], "credentials": False}, True),
        ({"origins": ["*"]}, True),
        ({"origins": ["https://a.example.com", "*"], "credentials": True}, False),
        ({"credentials": True}, False),
    ],
)
def test_credentials_are_for_named_origins(type_: str, config: Inputs, *, passes: bool) -> None:
    inputs: Inputs = {"plugin": "cors", "config": config}
    assert verdict("cors-origins-named", type_, inputs).passed is passes
    assert verdict("cors-origins-named", type_, {**inputs, "plugin": "jwt"}).passed


def namespace(name: object, **annotations: object) -> Inputs:
    return {"metadata": {"name": name, "annotations": annotations}}


def test_namespaces_are_in_the_mesh() -> None:
    rule, inject = "namespace-in-mesh", "linkerd.io/inject"
    assert verdict(rule, NAMESPACE, namespace("apps", **{inject: "enabled"})).passed
    assert verdict(rule, NAMESPACE, namespace("linkerd", **{inject: "disabled"})).passed
    assert verdict(rule, NAMESPACE, namespace("apps", **{inject: UNKNOWN})).undecided
    for annotations in ({}, {inject: "disabled"}):
        (message,) = verdict(rule, NAMESPACE, namespace("apps", **annotations)).violations
        assert "is not in the mesh" in message
    outside = {"outside": ["apps"]}
    assert verdict(rule, NAMESPACE, namespace("apps"), config=outside).passed
