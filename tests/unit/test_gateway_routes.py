"""Routes: what a service's HTTPRoute says, and which two routes want the same requests."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components._base.errors import InvalidInput
from components.gateway.names import ROUTES_ALLOWED
from components.gateway.route import Route, collisions, http_route
from tests.crds import crd_problems, needs_crds

ORDERS = Route("orders", "orders", ("api.example.com",), ("/orders",))


def spec(route: Route) -> dict[str, object]:
    return http_route(route)[1]


def rules(route: Route) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", spec(route)["rules"])


def test_a_route_goes_to_its_service_by_the_gateway() -> None:
    assert spec(ORDERS) == {
        "parentRefs": [{"name": "kong", "namespace": "kong", "sectionName": "https"}],
        "hostnames": ["api.example.com"],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/orders"}}],
                "backendRefs": [{"name": "orders", "port": 80}],
                "timeouts": {"backendRequest": "30s"},
            }
        ],
    }
    assert http_route(ORDERS)[0] == {"konghq.com/strip-path": "false"}


def test_plugins_and_stripping_are_annotations() -> None:
    annotations, _ = http_route(replace(ORDERS, plugins=("limits", "token"), strip_prefix=True))
    assert annotations == {
        "konghq.com/plugins": "limits,token",
        "konghq.com/strip-path": "true",
    }


def test_every_rule_has_the_same_timeout() -> None:
    """Kong's controller crashes on a rule without one beside a rule with one."""
    made = rules(replace(ORDERS, paths=("/orders", "/carts"), timeout_seconds=5))
    assert [rule["timeouts"] for rule in made] == [{"backendRequest": "5s"}] * 2


def test_methods_are_matches_of_their_own() -> None:
    (rule,) = rules(replace(ORDERS, methods=("GET", "HEAD")))
    matches = cast("list[Mapping[str, object]]", rule["matches"])
    assert [match["method"] for match in matches] == ["GET", "HEAD"]


@needs_crds
@pytest.mark.parametrize(
    "route",
    [
        ORDERS,
        replace(ORDERS, hosts=("*.example.com", "a.example.com"), paths=("/",), methods=("GET",)),
    ],
)
def test_the_gateway_api_takes_every_route(route: Route) -> None:
    resource = {"apiVersion": "gateway.networking.k8s.io/v1", "spec": spec(route)}
    assert crd_problems("httproutes.gateway.networking.k8s.io", resource) == []


@pytest.mark.parametrize(
    ("route", "path"),
    [
        (replace(ORDERS, hosts=()), "hosts"),
        (replace(ORDERS, hosts=("example",)), "hosts"),
        (replace(ORDERS, hosts=("https://api.example.com",)), "hosts"),
        (replace(ORDERS, hosts=("api.*.example.com",)), "hosts"),
        (replace(ORDERS, hosts=("a.example.com", "a.example.com")), "hosts"),
        (replace(ORDERS, paths=("orders",)), "paths"),
        (replace(ORDERS, paths=("/orders/",)), "paths"),
        (replace(ORDERS, paths=("/a?b",)), "paths"),
        (replace(ORDERS, paths=()), "paths"),
        (replace(ORDERS, paths=tuple(f"/{n}" for n in range(17))), "paths"),
        (replace(ORDERS, methods=("get",)), "methods"),
        (replace(ORDERS, plugins=("a", "a")), "plugins"),
        (replace(ORDERS, timeout_seconds=0), "timeout_seconds"),
        (replace(ORDERS, port=0), "port"),
    ],
)
def test_a_bad_route_is_refused(route: Route, path: str) -> None:
    with pytest.raises(InvalidInput, match="Route orders/orders: 1 problem") as raised:
        http_route(route)
    assert [problem.path for problem in raised.value.problems] == [path]


def test_all_problems_of_a_route_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as raised:
        http_route(Route("a", "a", ("x",), ("y",), ("z",), port=0, timeout_seconds=0))
    assert len(raised.value.problems) == 5


OTHER = replace(ORDERS, service="carts", namespace="carts")


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        replace(OTHER, hosts=("b.example.com", "api.example.com")),
        replace(OTHER, paths=("/a", "/orders")),
    ],
)
def test_two_services_do_not_want_the_same_requests(other: Route) -> None:
    (problem,) = collisions([ORDERS, other])
    assert str(problem) == "orders/orders and carts/carts: both want api.example.com/orders"


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, hosts=("b.example.com",)),
        replace(OTHER, hosts=("*.example.com",)),
        replace(OTHER, paths=("/orders/archive", "/orders2", "/")),
        replace(OTHER, methods=("GET",)),
    ],
)
def test_what_is_longer_or_named_wins_and_is_no_collision(other: Route) -> None:
    assert collisions([ORDERS, other]) == []


def test_methods_tell_routes_apart() -> None:
    reads = replace(ORDERS, methods=("GET", "HEAD"))
    assert collisions([reads, replace(OTHER, methods=("POST",))]) == []
    (problem,) = collisions([reads, replace(OTHER, methods=("HEAD", "POST"))])
    assert str(problem).endswith("both want api.example.com/orders (HEAD)")


ROUTES = st.builds(
    Route,
    service=st.sampled_from(["a", "b", "c"]),
    namespace=st.just("n"),
    hosts=st.lists(st.sampled_from(["a.b", "c.d", "*.b"]), min_size=1, unique=True).map(tuple),
    paths=st.lists(st.sampled_from(["/", "/a", "/a/b"]), min_size=1, unique=True).map(tuple),
    methods=st.lists(st.sampled_from(["GET", "POST"]), unique=True).map(tuple),
)


@given(one=ROUTES, other=ROUTES)
def test_a_collision_is_mutual_and_everything_collides_with_itself(
    one: Route, other: Route
) -> None:
    assert len(collisions([one, other])) == len(collisions([other, one]))
    requests = len(one.hosts) * len(one.paths) * max(1, len(one.methods))
    assert len(collisions([one, one])) == requests


def test_the_label_of_open_namespaces_is_a_valid_one() -> None:
    ((key, value),) = ROUTES_ALLOWED.items()
    assert key.count("/") == 1
    assert value.isalpha()
