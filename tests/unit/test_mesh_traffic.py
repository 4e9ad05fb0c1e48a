"""How a service is called: what is tried again, when it is given up, and when a pod is left out."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pytest

from components._base.inside import Inside
from components._base.scope import Scope
from components.mesh.resources import Resource
from components.mesh.traffic import (
    IDEMPOTENT,
    CircuitBreaker,
    Retries,
    RouteTraffic,
    ServiceTraffic,
    Timeouts,
    duration,
    make_routes,
    risky_methods,
    service_annotations,
    service_routes,
)
from tests.crds import crd_problems, needs_crds
from tests.harness import build

DEFAULT = ServiceTraffic("catalog", 80)
DETAILED = ServiceTraffic(
    "catalog",
    80,
    routes=(
        RouteTraffic("reports", "/reports", timeouts=Timeouts(60_000, idle_ms=5_000)),
        RouteTraffic(
            "items", "/items", ("GET", "POST"), Retries(1, "503", try_ms=300), Timeouts(1500)
        ),
        RouteTraffic("search", "/search", ("GET",), Retries()),
    ),
)

Json = Mapping[str, object]


def methods(route: Resource) -> list[object]:
    rule = cast("Sequence[Json]", route.spec["rules"])[0]
    return [match.get("method") for match in cast("Sequence[Json]", rule["matches"])]


def routes(traffic: ServiceTraffic) -> dict[str, Resource]:
    return {route.name: route for route in service_routes(traffic)}


@needs_crds
@pytest.mark.parametrize(
    "route", [*service_routes(DEFAULT), *service_routes(DETAILED)], ids=lambda route: route.name
)
def test_every_route_fits_its_definition(route: Resource):
    assert crd_problems("httproutes.gateway.networking.k8s.io", route.body) == []


def test_a_service_breaks_circuits_and_limits_time():
    assert service_annotations(DEFAULT) == {
        "balancer.linkerd.io/failure-accrual": "consecutive",
        "balancer.linkerd.io/failure-accrual-consecutive-max-failures": "7",
        "balancer.linkerd.io/failure-accrual-consecutive-min-penalty": "1s",
        "balancer.linkerd.io/failure-accrual-consecutive-max-penalty": "60s",
        "balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio": "0.5",
        "timeout.linkerd.io/request": "10s",
    }


def test_each_of_them_can_be_left_out():
    bare = ServiceTraffic("a", 80, retries=None, timeouts=None, breaker=None)
    assert service_annotations(bare) == {}
    assert service_routes(bare) == []
    slow = ServiceTraffic("a", 80, timeouts=Timeouts(None, response_ms=250), breaker=None)
    assert service_annotations(slow) == {"timeout.linkerd.io/response": "250ms"}


def test_only_idempotent_methods_are_tried_again():
    made = routes(DEFAULT)
    assert set(made) == {"catalog-rest-retried", "catalog-rest"}
    assert methods(made["catalog-rest-retried"]) == list(IDEMPOTENT)
    assert "POST" not in IDEMPOTENT
    assert "PATCH" not in IDEMPOTENT
    assert made["catalog-rest-retried"].annotations == {
        "timeout.linkerd.io/request": "10s",
        "retry.linkerd.io/http": "gateway-error",
        "retry.linkerd.io/limit": "2",
    }
    for traffic in (DEFAULT, DETAILED):
        assert not [key for key in service_annotations(traffic) if key.startswith("retry.")]


def test_whoever_wants_more_has_to_say_so_and_it_is_seen():
    assert risky_methods(DEFAULT.retries) == []
    assert risky_methods(None) == []
    keyed = Retries(methods=("GET", "POST"))
    assert risky_methods(keyed) == ["POST"]
    made = routes(ServiceTraffic("a", 80, retries=keyed))
    assert methods(made["a-rest-retried"]) == ["GET", "POST"]


def test_no_request_is_left_without_a_route():
    """A service with routes answers 404 to what matches none of them."""
    for traffic in (DEFAULT, DETAILED, ServiceTraffic("a", 80, None, routes=DETAILED.routes)):
        rest = routes(traffic)[f"{traffic.service}-rest"]
        rule = cast("Sequence[Json]", rest.spec["rules"])[0]
        assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]
        assert not [key for key in rest.annotations or {} if key.startswith("retry.")]


def test_a_route_is_split_into_what_may_be_retried_and_what_may_not():
    made = routes(DETAILED)
    assert set(made) == {
        *("catalog-reports", "catalog-items-retried", "catalog-items", "catalog-search-retried"),
        *("catalog-rest-retried", "catalog-rest"),
    }
    assert methods(made["catalog-items-retried"]) == ["GET"]
    assert methods(made["catalog-items"]) == ["POST"]
    assert made["catalog-items-retried"].annotations == {
        "timeout.linkerd.io/request": "1500ms",
        "retry.linkerd.io/http": "503",
        "retry.linkerd.io/limit": "1",
        "retry.linkerd.io/timeout": "300ms",
    }
    assert made["catalog-items"].annotations == {"timeout.linkerd.io/request": "1500ms"}


def test_a_route_without_timeouts_has_those_of_its_service():
    made = routes(DETAILED)
    assert made["catalog-reports"].annotations == {
        "timeout.linkerd.io/request": "60s",
        "timeout.linkerd.io/idle": "5s",
    }
    search = made["catalog-search-retried"].annotations or {}
    assert search["timeout.linkerd.io/request"] == "10s"


def test_no_further_try_is_no_retry():
    assert service_routes(ServiceTraffic("a", 80, Retries(limit=0))) == []


def test_routes_belong_to_the_service_and_end_there():
    for route in service_routes(DETAILED):
        assert route.spec["parentRefs"] == [
            {"group": "core", "kind": "Service", "name": "catalog", "port": 80}
        ]
        rule = cast("Sequence[Json]", route.spec["rules"])[0]
        assert rule["backendRefs"] == [{"name": "catalog", "port": 80}]


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(1, "1ms"), (999, "999ms"), (1000, "1s"), (1500, "1500ms")]
)
def test_durations_name_their_unit(milliseconds: int, text: str):
    assert duration(milliseconds) == text


def test_a_breaker_is_told_all_it_knows():
    breaker = CircuitBreaker(failures=3, shortest_ms=500, longest_ms=10_000, jitter=1.0)
    annotations = service_annotations(ServiceTraffic("a", 80, timeouts=None, breaker=breaker))
    assert list(annotations.values()) == ["consecutive", "3", "500ms", "10s", "1.0"]


def test_routes_are_made_in_the_services_namespace():
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "shop")
        parent.register_outputs({})
        inside = Inside(Scope("shop", parent=parent, tags={}, protect=False), None)
        make_routes(inside, service_routes(DEFAULT), namespace="shop")

    made = build(program).one(
        "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "shop-catalog-rest-httproute"
    )
    assert made.inputs["metadata"] == {
        "name": "catalog-rest",
        "namespace": "shop",
        "annotations": {"timeout.linkerd.io/request": "10s"},
    }
