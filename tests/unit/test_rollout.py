"""A newer version beside a service: its share of the requests, its pods, and what it shares."""

import functools
from collections.abc import Mapping, Sequence
from typing import cast

import pytest
from pydantic import ValidationError

from components._base.errors import InvalidInput
from components.mesh.traffic import Backend, ServiceTraffic, service_routes
from components.service import (
    FastApiService,
    FastApiServiceArgs,
    FastApiServiceSpec,
    WorkerSpec,
    plan_fastapi_service,
    service_problems,
)
from components.service.rollout import CanarySpec
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder
from tests.unit.test_service import (
    DEFINITIONS,
    EVERYTHING,
    PUBLIC,
    WIRING,
    annotations,
    kind,
    make,
    metadata,
    one,
    plain,
    spec,
)
from tests.unit.test_service_plan import refused

Json = Mapping[str, object]

NAME, TRACK = "app.kubernetes.io/name", "fastapi-platform/track"
STABLE = {NAME: "orders", TRACK: "stable"}
CANARY = {NAME: "orders", TRACK: "canary"}


def rollout(weight: int = 10, image: str = "example.com/orders:1.5.0") -> Json:
    return {"canary": {"image": image, "weight_percent": weight}}


@functools.cache
def canary() -> Recorder[FastApiService]:
    return make(
        rollout=rollout(),
        public=PUBLIC,
        callers=["catalog"],
        uses=EVERYTHING,
        monitored=True,
        scaling={"requests_per_second": 50},
        replicas={"min": 3, "max": 20},
    )


def template(cloud: Recorder[FastApiService], name: str) -> Json:
    return cast("Json", spec(one(cloud, "Deployment", name))["template"])


def pod_labels(cloud: Recorder[FastApiService], name: str) -> Json:
    return cast("Json", cast("Json", template(cloud, name)["metadata"])["labels"])


def container(cloud: Recorder[FastApiService], name: str) -> Json:
    pod = cast("Json", template(cloud, name)["spec"])
    (found,) = cast("Sequence[Json]", pod["containers"])
    return found


def backends(cloud: Recorder[FastApiService], route: str) -> object:
    (rule,) = cast("Sequence[Json]", spec(one(cloud, "HTTPRoute", route))["rules"])
    return rule["backendRefs"]


def test_every_call_in_the_mesh_is_shared_out_by_weight():
    shares = [
        {"name": "orders", "port": 8000, "weight": 90},
        {"name": "orders-canary", "port": 8000, "weight": 10},
    ]
    assert backends(canary(), "orders-rest") == shares
    assert backends(canary(), "orders-rest-retried") == shares
    assert backends(plain(), "orders-rest") == [{"name": "orders", "port": 8000}]


def test_the_gateway_leaves_it_to_its_proxy_or_a_canary_would_get_its_share_twice():
    assert backends(canary(), "orders") == [{"name": "orders", "port": 8000}]
    service = annotations(one(canary(), "Service"))
    assert service["ingress.kubernetes.io/service-upstream"] == "true"


def test_each_service_has_the_pods_of_one_version():
    assert spec(one(canary(), "Service"))["selector"] == STABLE
    assert spec(one(canary(), "Service", "orders-canary"))["selector"] == CANARY
    for name, wanted in (("orders", STABLE), ("orders-canary", CANARY)):
        deployment = spec(one(canary(), "Deployment", name))
        assert deployment["selector"] == {"matchLabels": wanted}
        assert wanted.items() <= pod_labels(canary(), name).items()
        pod = cast("Json", template(canary(), name)["spec"])
        spread = cast("Sequence[Json]", pod["topologySpreadConstraints"])
        assert [each["labelSelector"] for each in spread] == [{"matchLabels": wanted}] * 2


def test_the_versions_are_told_apart_and_alike_in_all_else():
    versions = [
        pod_labels(canary(), n)["app.kubernetes.io/version"] for n in ("orders", "orders-canary")
    ]
    assert versions == ["1.4.2", "1.5.0"]
    stable, newer = (container(canary(), n) for n in ("orders", "orders-canary"))
    assert (stable["image"], newer["image"]) == (
        "example.com/orders:1.4.2",
        "example.com/orders:1.5.0",
    )

    def variables(of: Json) -> list[Json]:
        listed = cast("Sequence[Json]", of["env"])
        return [item for item in listed if item["name"] != "SERVICE_VERSION"]

    assert variables(stable) == variables(newer)
    rest = {"image", "env"}
    assert {k: v for k, v in stable.items() if k not in rest} == {
        k: v for k, v in newer.items() if k not in rest
    }
    accounts = {
        cast("Json", template(canary(), n)["spec"])["serviceAccountName"]
        for n in ("orders", "orders-canary")
    }
    assert accounts == {"orders"}


@pytest.mark.parametrize("name", ["NetworkPolicy", "PodDisruptionBudget", "Server"])
def test_policies_and_the_budget_are_of_both(name: str):
    called = "orders-http" if name == "Server" else "orders"
    wanted = spec(one(canary(), name, called))
    selector = cast("Json", wanted.get("podSelector") or wanted.get("selector"))
    assert selector == {"matchLabels": {NAME: "orders"}}
    assert len(kind(canary(), name)) == 1
    assert len(kind(canary(), "ServiceAccount")) == 1


def test_both_are_scaled_each_by_its_own():
    """Field report 15: the number of pods is the autoscaler's, here too."""
    stable = spec(one(canary(), "ScaledObject"))
    assert cast("Json", stable["scaleTargetRef"])["name"] == "orders"
    (trigger,) = [
        t for t in cast("Sequence[Json]", stable["triggers"]) if t["type"] == "prometheus"
    ]
    assert 'track="stable"' in str(cast("Json", trigger["metadata"])["query"])
    (scaler,) = kind(canary(), "HorizontalPodAutoscaler")
    assert cast("Json", spec(scaler)["scaleTargetRef"])["name"] == "orders-canary"
    assert (spec(scaler)["minReplicas"], spec(scaler)["maxReplicas"]) == (1, 20)
    newer = one(canary(), "Deployment", "orders-canary")
    assert "replicas" not in spec(newer)
    assert newer.ignore_changes == ("spec.replicas",)
    fixed = make(rollout=rollout(50), callers=["catalog"], replicas={"min": 3, "max": 3})
    assert kind(fixed, "HorizontalPodAutoscaler") == []
    assert spec(one(fixed, "Deployment", "orders-canary"))["replicas"] == 2


@pytest.mark.parametrize(
    ("weight", "replicas", "pods"), [(0, 10, 1), (10, 3, 1), (50, 3, 2), (100, 20, 20), (1, 200, 2)]
)
def test_a_share_of_the_requests_has_its_share_of_the_pods(weight: int, replicas: int, pods: int):
    given = {"image": "1.5.0", "weight_percent": weight}
    assert CanarySpec.model_validate(given).share(replicas) == pods


def test_a_version_gets_requests_when_its_pods_serve():
    for route in ("orders-rest", "orders-rest-retried"):
        for name in ("orders", "orders-canary"):
            later = one(canary(), "HTTPRoute", route)
            assert canary().comes_after(later, one(canary(), "Deployment", name))
            assert canary().comes_after(later, one(canary(), "Service", name))


def test_metrics_tell_the_version_and_belong_to_the_service():
    monitor = one(canary(), "ServiceMonitor")
    (endpoint,) = cast("Sequence[Json]", spec(monitor)["endpoints"])
    relabelled = {
        str(item["targetLabel"]): item["sourceLabels"]
        for item in cast("Sequence[Json]", endpoint["relabelings"])
    }
    assert relabelled == {
        "service": ["__meta_kubernetes_service_label_app_kubernetes_io_name"],
        "version": ["__meta_kubernetes_pod_label_app_kubernetes_io_version"],
        "track": ["__meta_kubernetes_pod_label_fastapi_platform_track"],
    }
    selected = cast("Json", cast("Json", spec(monitor)["selector"])["matchLabels"])
    for service in kind(canary(), "Service"):
        assert selected.items() <= cast("Json", metadata(service)["labels"]).items()


@needs_crds
@pytest.mark.parametrize("name", ["HTTPRoute", "ServiceMonitor", "ScaledObject"])
def test_custom_resources_are_as_their_definitions_say(name: str):
    found = kind(canary(), name)
    assert found
    assert [crd_problems(DEFINITIONS[name], r.inputs) for r in found] == [[]] * len(found)


def test_requests_are_shared_also_where_none_is_tried_again():
    shared = (Backend("a", 1), Backend("b", 3))
    (route,) = service_routes(ServiceTraffic("a", 80, retries=None, backends=shared))
    (rule,) = cast("Sequence[Json]", route.spec["rules"])
    assert [ref["weight"] for ref in cast("Sequence[Json]", rule["backendRefs"])] == [1, 3]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"rollout": rollout(101)}, "rollout.canary.weightPercent"),
        ({"rollout": rollout(-1)}, "rollout.canary.weightPercent"),
        ({"rollout": rollout(image="example.com/orders:latest")}, "latest"),
        ({"rollout": rollout(image="example.com/it:1.0.0")}, "is what serves already"),
        ({"rollout": {}}, "canary is missing"),
        ({"rollout": rollout(), "callers": []}, "nobody calls it: public or callers is needed"),
    ],
)
def test_a_canary_that_can_not_be_is_refused(given: Json, reason: str):
    assert reason in refused(**{"callers": ["b"], **given})


def test_a_worker_has_none():
    worker = {"image": "example.com/a:1.0.0", "queue": {"name": "q"}, "uses": {"rabbitmq": True}}
    assert WorkerSpec.model_validate(worker)
    with pytest.raises(ValidationError, match="rollout"):
        WorkerSpec.model_validate({**worker, "rollout": rollout()})


def test_a_canary_needs_a_repository_and_a_name_of_its_own():
    args = {**WIRING, "image": "example.com/orders:1.4.2", "callers": ["catalog"]}
    args["rollout"] = rollout(image="1.5.0")
    with pytest.raises(InvalidInput, match=r"rollout\.canary\.image: repository_url is needed"):
        plan_fastapi_service(cast("FastApiServiceArgs", args), "orders")
    caller = FastApiServiceSpec.model_validate({"image": "example.com/a:1.0.0"})
    shown = caller.model_copy(
        update={
            "callers": ("orders-canary",),
            "rollout": FastApiServiceSpec.model_validate(
                {"image": "example.com/a:1.0.0", "callers": ["x"], "rollout": rollout()}
            ).rollout,
        }
    )
    problems = service_problems({"orders": shown, "orders-canary": caller})
    assert [problem.path for problem in problems] == ["services.orders.rollout.canary"]


def test_whoever_reads_a_topic_reads_it_whatever_the_weight():
    args = {**WIRING, "image": "example.com/orders:1.4.2", "callers": ["catalog"]}
    args |= {"rollout": rollout(), "uses": {"kafka": {"consume": ["orders.events"]}}}
    (note,) = plan_fastapi_service(cast("FastApiServiceArgs", args), "orders").notes
    assert "whatever its weight" in note
