"""What a service's settings say, and what is refused, without Pulumi."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml
from pydantic import ValidationError

from components._base.errors import InvalidInput
from components._base.images import image_version, split_image
from components._base.spec import describe
from components.service import (
    FastApiServiceArgs,
    FastApiServiceSpec,
    WorkerSpec,
    callees,
    plan_fastapi_service,
    service_problems,
)
from components.service.contract import TUNABLE
from components.service.values import NodeLimits
from tests.unit.test_service import EVERYTHING, WIRING, full, variables

CONTRACT = Path(__file__).parents[2] / "docs" / "runtime-contract.md"
DOCS = Path(__file__).parents[2] / "docs" / "workloads.md"
DIGEST = f"sha256:{'0a' * 32}"


def spec(**given: object) -> FastApiServiceSpec:
    return FastApiServiceSpec.model_validate({"image": "example.com/it:1.0.0", **given})


def refused(**given: object) -> str:
    """Return what the stack file's reader says of a service."""
    with pytest.raises(ValidationError) as caught:
        spec(**given)
    found = describe(caught.value, FastApiServiceSpec, by_alias=True)
    return "\n".join(str(problem) for problem in found)


def lacking(**given: object) -> str:
    """Return what the component says of its arguments."""
    args = {"image": "example.com/it:1.0.0", **WIRING, **given}
    kept = {key: value for key, value in args.items() if value is not None}
    with pytest.raises(InvalidInput) as caught:
        plan_fastapi_service(cast("FastApiServiceArgs", kept), "orders")
    return str(caught.value)


@pytest.mark.parametrize(
    "image",
    ["1.4.2", DIGEST, "example.com/orders:1.4.2", f"example.com/a/orders@{DIGEST}", "h:5000/o:1"],
)
def test_images_that_never_move_are_taken(image: str):
    assert spec(image=image).image == image


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("orders", "there is no tag"),
        ("example.com/orders", "there is no tag"),
        ("example.com:5000/orders", "there is no tag"),
        ("example.com/orders:latest", "the tag moves"),
        ("example.com/orders:Main", "the tag moves"),
        ("example.com/orders@sha256:12", "a tag has letters"),
        ("EXAMPLE/orders:1", "'EXAMPLE/orders' is none"),
        ("", "there is no tag"),
    ],
)
def test_images_that_move_are_refused(image: str, reason: str):
    assert reason in refused(image=image)


def test_an_image_s_version():
    assert split_image("h:5000/o:1.2") == ("h:5000/o", "1.2")
    assert split_image(f"h/o@{DIGEST}") == ("h/o", DIGEST)
    assert image_version(f"h/o@{DIGEST}") == "0a0a0a0a0a0a"
    assert image_version("h/o:1.2") == "1.2"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"volumes": []}, "keep data in tables, buckets, cache or search"),
        ({"replicas": {"min": 3, "max": 2}}, "max 2 is less than min 3"),
        ({"cpu": 16}, "fits no node: at most 15.5 cores"),
        ({"memoryMib": 200_000}, "fits no node: at most 122880 MiB"),
        ({"public": {"paths": ["orders"]}}, "a prefix such as /orders"),
        ({"public": {"paths": ["/a"], "methods": ["FETCH"]}}, "'FETCH' not valid"),
        ({"public": {"paths": []}}, "0 given; 1 to 16 allowed"),
        ({"public": {"paths": ["/a"], "anonymous": True, "scopes": ["a"]}}, "in a token"),
        ({"public": {"paths": ["/a"], "cors": {"origins": ["a.com"]}}}, "no origin such as"),
        (
            {"public": {"paths": ["/a"], "cors": {"origins": ["*"], "credentials": True}}},
            "name the origins",
        ),
        ({"public": {"paths": ["/a"], "rateLimit": {"perMinute": None}}}, "is needed"),
        ({"public": {"paths": ["/a"], "rateLimit": {"by": "header"}}}, "header"),
        ({"uses": {"kafka": {}}}, "topics are needed"),
        ({"uses": {"kafka": {"produce": ["a"], "group": "g"}}}, "group is for consume"),
        ({"uses": {"kafka": {"produce": ["a b"]}}}, "letters, digits"),
        ({"uses": {"tables": {"orders": "rw"}}}, "'rw' is not valid"),
        ({"uses": {"postgres": True}}, "unknown key"),
        ({"scaling": {"kafkaLag": 5}}, "uses.kafka.consume names no topics"),
        ({"callers": ["a", "a"]}, "a: named twice"),
        ({"callers": ["A"]}, "small letters"),
    ],
)
def test_what_can_not_be_is_refused(given: Mapping[str, object], reason: str):
    assert reason in refused(**given)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("page_size", "no name of a variable"),
        ("DB_PASSWORD", "the name of a secret"),
        ("STRIPE_API_KEY", "the name of a secret"),
        ("AWS_REGION", "are set by others"),
        ("SERVICE_NAME", "the platform sets all that begins with SERVICE_"),
        ("CORS_ORIGINS", "the platform sets all that begins with CORS_"),
        ("LOG_LEVLE", "did you mean 'LOG_LEVEL'?"),
        ("HTTP_PORT", "is not yours to set"),
        ("CACHE_TTL_SECONDS", "uses.cache"),
    ],
)
def test_variables_that_are_not_a_service_s_own_are_refused(name: str, reason: str):
    assert reason in refused(env={name: "1"})


def test_what_a_store_s_client_may_tune_comes_with_the_store():
    tuned = spec(env={"CACHE_TTL_SECONDS": "5"}, uses={"cache": True})
    assert tuned.env == {"CACHE_TTL_SECONDS": "5"}


def contract() -> dict[str, str]:
    """Return the contract's variables with their defaults."""
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| ([^|]+) \|", CONTRACT.read_text(), re.MULTILINE)
    return dict(rows)


def test_every_variable_that_is_set_is_in_the_contract_and_none_is_missing():
    documented = contract()
    # One is its own; OpenTelemetry's SDK reads the others, whatever the runtime.
    given = set(variables(full())) - {"PAGE_SIZE", "OTEL_RESOURCE_ATTRIBUTES", "POD_UID"}
    # one for each table or bucket: the contract names an example
    named = re.compile(r"(TABLES|BUCKETS)_(?!TIMEOUT|ENDPOINT)")
    assert {name for name in given - set(documented) if not named.match(name)} == set()
    required = {name for name, default in documented.items() if "required" in default}
    assert required - given == set()
    assert documented["HTTP_PORT"] == "`8000`"


def test_what_a_service_may_tune_is_in_the_contract():
    documented = contract()
    tunable = {f"{section}_{name}" for section, names in TUNABLE.items() for name in names}
    assert tunable - set(documented) == set()
    sections = {name.split("_")[0] for name in documented}
    assert sections - set(TUNABLE) == set(), "a section that anybody could set"
    required = {name for name, default in documented.items() if "required" in default}
    assert tunable & required == set()


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_the_endpoints_are_the_contract_s(path: str):
    assert f"| `GET {path}` |" in CONTRACT.read_text()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"stores": {}, "uses": {"cache": True}}, "uses.cache: the stack has no cache"),
        ({"stores": None, "uses": {"search": True}}, "uses.search: the stack has no search"),
        ({"uses": {"tables": {"order": "read"}}}, "no table 'order'; did you mean 'orders'?"),
        ({"uses": {"buckets": {"x": "read"}}}, "no bucket 'x'; allowed: uploads"),
        ({"uses": {"cache": True}, "secret_store": None}, "secret_store: is needed"),
        ({"uses": {"cache": True}, "data_cidrs": None}, "data_cidrs: are needed"),
        ({"uses": {"tables": {"orders": "read"}}, "cluster_name": None}, "cluster_name: is"),
        ({"public": {"paths": ["/a"]}, "hosts": []}, "hosts: are needed"),
        ({"public": {"paths": ["/a"]}, "hosts": ["a b"]}, "'a b' not valid"),
        ({"public": {"paths": ["/a"]}, "identity": None}, "there is no identity"),
        ({"image": "1.2.3"}, "repository_url: is needed"),
        ({"namespace": "A"}, "namespace: the name of a namespace"),
        ({"callers": ["orders"]}, "orders is the service itself"),
        ({"scaling": {"requests_per_second": 5}}, "needs Prometheus"),
        ({"volumes": ["data"]}, "keeps nothing on disk"),
        ({"replica": {}}, "unknown input; did you mean 'replicas'?"),
        (
            {
                "scaling": {"kafka_lag": 5},
                "uses": {"kafka": {"consume": ["a"]}},
                "scaled_objects": None,
            },
            "need KEDA",
        ),
    ],
)
def test_what_the_stack_does_not_have_is_named(given: Mapping[str, object], reason: str):
    assert reason in lacking(**given)


def test_all_problems_are_told_at_once():
    text = lacking(stores={}, uses=EVERYTHING, secret_store=None)
    assert text.startswith("FastApiService 'orders': 8 problems")


def test_a_search_engine_in_the_cluster_needs_no_cidrs():
    args = {"image": "example.com/it:1", **WIRING, "uses": {"search": True}}
    args.pop("data_cidrs")
    assert plan_fastapi_service(cast("FastApiServiceArgs", args), "it").notes == ()


def test_one_pod_is_worth_a_note():
    args = {"image": "example.com/it:1", **WIRING, "replicas": {"min": 1}}
    plan = plan_fastapi_service(cast("FastApiServiceArgs", args), "it")
    assert plan.notes == ("it: replicas.min is 1: it is away while its node is replaced",)


def test_settings_become_arguments_and_mean_the_same():
    settings = spec(
        uses={"kafka": {"produce": ["a"]}, "tables": {"orders": "readWrite"}},
        public={"paths": ["/a"], "rateLimit": {"perMinute": 60}},
        replicas={"max": 4},
    )
    args = settings.to_args(FastApiServiceArgs, **WIRING)
    assert plan_fastapi_service(args, "it").spec == settings


ALLOWED = "small letters, digits and hyphens, at most 40, a letter first"
ORDERS = {"public": {"paths": ["/orders"], "scopes": ["orders/read"]}, "callers": ["mailer"]}


def told(services: Mapping[str, FastApiServiceSpec], **known: object) -> list[str]:
    problems = service_problems(services, **known)  # pyright: ignore[reportArgumentType]
    return [str(problem) for problem in problems]


def test_services_that_go_together_have_no_problems():
    services = {"orders": spec(**ORDERS), "catalog": spec(public={"paths": ["/catalog"]})}
    workers = {"mailer": spec()}
    assert service_problems(services, workers, scopes={"orders/read": "x"}, topics=[]) == []
    assert callees(services) == {"mailer": ("orders",)}


def test_what_is_wrong_between_services_is_told():
    shared = {"kafka": {"consume": ["orders.events"], "group": "g"}}
    services = {
        "orders": spec(**ORDERS),
        "Store": spec(public={"paths": ["/orders"]}, uses=shared),
        "catalog": spec(callers=["order", "catalog"], uses=shared, cpu=8),
    }
    nobody = "there is no service, worker or job"
    scope = "there is no scope 'orders/read'"
    topic = "there is no topic 'orders.events'; did you mean 'order.events'?"
    assert told(
        services,
        scopes={"orders/write": "x"},
        topics=["order.events", "orders.events.g.dlq"],
        largest_node=NodeLimits(cpu=4, memory_mib=1024),
    ) == [
        f"services.Store: no name for it: {ALLOWED}",
        "services/orders and services/Store: both want gateway/orders",
        f"services.orders.callers: {nobody} 'mailer'; allowed: Store, catalog",
        f"services.catalog.callers: {nobody} 'order'; did you mean 'orders'?",
        "services.catalog.callers: catalog is the service itself",
        f"services.orders.public.scopes: {scope}; did you mean 'orders/write'?",
        "services.Store.uses.kafka.group: 'g' is also that of services.catalog",
        "services.catalog.uses.kafka.group: 'g' is also that of services.Store",
        f"services.Store.uses.kafka.consume: {topic}",
        f"services.catalog.uses.kafka.consume: {topic}",
        "services.catalog.cpu: 8.0 fits no node: at most 4 cores",
    ]


def test_dead_letters_need_a_topic():
    services = {"orders": spec(uses={"kafka": {"consume": ["a"]}})}
    (problem,) = told(services, topics=["a"])
    assert "'a.orders.dlq': add it to kafka.topics" in problem
    assert told(services, topics=["a", "a.orders.dlq"]) == []
    assert told(services) == []


def documented() -> dict[str, dict[str, object]]:
    text = DOCS.read_text().split("```yaml\n")[1].split("```")[0]
    return yaml.safe_load(text)


def test_the_documented_stack_file_is_right():
    found = documented()
    services = {
        name: FastApiServiceSpec.model_validate(given)
        for name, given in found["platform:services"].items()
    }
    workers = {
        name: WorkerSpec.model_validate(given) for name, given in found["platform:workers"].items()
    }
    topics = ["orders.events", "orders.events.notifications.dlq"]
    scopes = {"orders/read": "r", "orders/write": "w"}
    assert service_problems(services, workers, scopes=scopes, topics=topics) == []
    assert callees(services) == {"orders": ("catalog",)}
