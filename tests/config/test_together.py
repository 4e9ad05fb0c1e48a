"""Sections that do not go together: what a user mistypes, and exactly what is said of it."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import yaml

from components._base.errors import InvalidInput
from components.addons import AddonsSpec
from components.search import ElasticsearchSpec
from stacks import load_settings, load_stack
from stacks.nodes import Room, largest, rooms
from tests.golden import configured, golden

PROD = golden(configured("prod"))

SCOPES = "catalog/read, catalog/write, orders/read, orders/write"
LARGEST = "at most 15.5 cores with 122880 MiB"
NO_NAME = "no name for it: small letters, digits and hyphens, at most 40, a letter first"


def changed(changes: Mapping[str, object]) -> Mapping[str, object]:
    """Return prod's configuration with other values at some paths, e.g. `services.orders.image`."""
    config = copy.deepcopy(dict(PROD))
    for path, value in changes.items():
        *above, last = path.split(".")
        holder = config
        for index, step in enumerate(above):
            key = step if index else f"platform:{step}"
            holder = cast("dict[str, object]", holder.setdefault(key, {}))
        if above:
            holder[last] = value
        else:
            config.pop(f"platform:{last}", None)
            config |= {f"platform:{last}": value} if value is not None else {}
    return config


def problems(changes: Mapping[str, object]) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_settings(changed(changes), "test")
    return [str(problem) for problem in caught.value.problems]


@dataclass(frozen=True)
class Case:
    """Changes of prod, and the only problem that they make."""

    name: str
    changes: Mapping[str, object]
    problem: str


def service(**keys: object) -> Mapping[str, object]:
    """Return a fourth service, `billing`."""
    return {"services.billing": {"image": "example.com/billing:1.0.0", **keys}}


def worker(**keys: object) -> Mapping[str, object]:
    queue = {"queue": {"name": "bills"}, "uses": {"rabbitmq": True}}
    return {"workers.biller": {"image": "example.com/biller:1.0.0", **queue, **keys}}


def api(**keys: object) -> Mapping[str, object]:
    """Return prod's serverless API with other keys."""
    return {f"serverless.spending.{key}": value for key, value in keys.items()}


NAMES = (
    Case(
        "an API of a service's name",
        {
            "registry.repositories.catalog": {"lambdaPull": True},
            "serverless.catalog": {"image": "1.0.0"},
        },
        "platform:serverless.catalog: is a name in services, too",
    ),
    Case(
        "an API of a worker's name",
        {
            "registry.repositories.mailer": {"lambdaPull": True},
            "serverless.mailer": {"image": "1.0.0"},
        },
        "platform:serverless.mailer: is a name in workers, too",
    ),
    Case(
        "a service with capitals",
        {"services.Billing": {"image": "example.com/billing:1"}},
        f"platform:services.Billing: {NO_NAME}",
    ),
    Case(
        "an API with an underscore",
        {
            "registry.repositories.it": {"lambdaPull": True},
            "serverless.my_api": {
                "zip": {"key": "a", "version": "1", "handler": "a.b"},
                "codeBucket": "uploads",
            },
        },
        f"platform:serverless.my_api: {NO_NAME}",
    ),
)

ROUTES = (
    Case(
        "two services want the same path",
        service(public={"paths": ["/orders"]}),
        "platform:services: orders and billing both want api.example.com/orders",
    ),
    Case(
        "two services want the same path by one method",
        service(public={"paths": ["/catalog"], "methods": ["POST", "GET"]}),
        "platform:services: catalog and billing both want api.example.com/catalog (GET)",
    ),
    Case(
        "an API at the gateway's host",
        api(domainName="api.example.com"),
        "platform:serverless.spending.domainName: api.example.com is also that of edge.domain",
    ),
    Case(
        "two APIs at one host",
        {
            "registry.repositories.more": {"lambdaPull": True},
            "serverless.more": {
                "image": "1.0.0",
                "domainName": "spending.example.com",
                "zoneId": "Z0123456789EXAMPLE",
            },
        },
        "platform:serverless.more.domainName: "
        "spending.example.com is also that of serverless.spending",
    ),
    Case(
        "a host in no zone",
        api(zoneId=None),
        "platform:serverless.spending.domainName: "
        "no zone of dnsZones has spending.example.com: add it there, or give zoneId",
    ),
    Case(
        "a zone of no host",
        api(domainName=None),
        "platform:serverless.spending.zoneId: is for domainName, which is not given",
    ),
)

USES = (
    Case(
        "table",
        service(uses={"tables": {"order": "read"}}),
        "platform:services.billing.uses.tables.order: "
        "the stack has no table 'order'; did you mean 'orders'?",
    ),
    Case(
        "bucket of a worker",
        worker(uses={"rabbitmq": True, "buckets": {"upload": "write"}}),
        "platform:workers.biller.uses.buckets.upload: "
        "the stack has no bucket 'upload'; did you mean 'uploads'?",
    ),
    Case(
        "topic",
        service(uses={"kafka": {"produce": ["order.events"]}}),
        "platform:services.billing.uses.kafka.produce: "
        "there is no topic 'order.events'; did you mean 'orders.events'?",
    ),
    Case(
        "topic without dead letters",
        service(uses={"kafka": {"consume": ["orders.events"]}}),
        "platform:services.billing.uses.kafka.consume: records that can't be handled go to "
        "'orders.events.billing.dlq': add it to kafka.topics",
    ),
    Case(
        "search that is not there",
        {
            "search": None,
            "logging.elasticsearch": None,
            "services.catalog.uses": {"cache": True, "search": True},
        },
        "platform:services.catalog.uses.search: the stack has no section search",
    ),
    Case(
        "table of an API",
        api(uses={"tables": {"spendings": "read"}}),
        "platform:serverless.spending.uses.tables.spendings: "
        "the stack has no table 'spendings'; allowed: orders",
    ),
    Case(
        "bucket of an API",
        api(uses={"buckets": {"downloads": "read"}}),
        "platform:serverless.spending.uses.buckets.downloads: "
        "the stack has no bucket 'downloads'; did you mean 'uploads'?",
    ),
    Case(
        "no such data service",
        api(uses={"postgres": True}),
        "platform:serverless.spending.uses.postgres: unknown key; allowed: buckets, cache, tables",
    ),
    Case(
        "variable of the platform",
        api(environment={"AUTH_ISSUER": "https://id.example.com"}),
        "platform:serverless.spending: environment: AUTH_ISSUER is not yours to set: allowed: "
        "AUTH_ALGORITHMS, AUTH_JWKS_RETRY_SECONDS, AUTH_JWKS_TTL_SECONDS, AUTH_LEEWAY_SECONDS",
    ),
)

WHO = (
    Case(
        "scope of a service",
        service(public={"paths": ["/bills"], "scopes": ["order/read"]}),
        "platform:services.billing.public.scopes: "
        "there is no scope 'order/read'; did you mean 'orders/read'?",
    ),
    Case(
        "scope of an API",
        api(routes={"GET /v1/spending/{customer}": {"scopes": ["order/read"]}}),
        "platform:serverless.spending.routes.GET /v1/spending/{customer}.scopes: "
        "there is no scope 'order/read'; did you mean 'orders/read'?",
    ),
    Case(
        "scope of nobody's",
        api(routes={"$default": {"scopes": ["x"]}}),
        f"platform:serverless.spending.routes.$default.scopes: there is no scope 'x'; "
        f"allowed: {SCOPES}",
    ),
    Case(
        "caller of itself",
        service(callers=["billing"]),
        "platform:services.billing.callers: billing is the service itself",
    ),
)

SIZES = (
    Case(
        "more cores than any node",
        service(cpu=16),
        "platform:services.billing.cpu: 16 is not valid: "
        "fits no node: at most 15.5 cores; more pods share the load",
    ),
    Case(
        "more memory than this stack's nodes have",
        {**service(memoryMib=40_000), "addons.nodePools.general": {"categories": ["c"]}},
        "platform:services.billing: 0.25 cores with 40000 MiB fit no node of addons.nodePools: "
        "at most 15.5 cores with 30720 MiB",
    ),
    Case(
        "more cores than the pool's smaller nodes have",
        {**service(cpu=6), "addons.nodePools.general": {"maxCpus": 4}},
        "platform:services.billing: 6 cores with 512 MiB fit no node of addons.nodePools: "
        "at most 3.5 cores with 30720 MiB",
    ),
    Case(
        "a spot worker without spot nodes",
        {**worker(spot=True), "addons.nodePools": {"general": {}}},
        "platform:workers.biller: 0.25 cores with 512 MiB fit no spot node of addons.nodePools: "
        "no node pool takes it",
    ),
    Case(
        "fewer pods at most than at least",
        service(replicas={"min": 5, "max": 3}),
        "platform:services.billing.replicas: max 3 is less than min 5",
    ),
    Case(
        "fewer warm instances at most than at least",
        api(provisioned={"min": 5, "max": 3}),
        "platform:serverless.spending.provisioned: max 3 is less than min 5",
    ),
    Case(
        "more warm instances than are reserved",
        api(provisioned={"min": 1, "max": 101}),
        "platform:serverless.spending: provisioned.max 101 is more than reservedConcurrency 100",
    ),
)

CODE = (
    Case(
        "an image of no repository",
        {"services.billing": {"image": "1.0.0"}},
        "platform:services.billing.image: '1.0.0' names no repository, and there is none of its "
        "name: add billing to registry.repositories",
    ),
    Case(
        "an image that Lambda may not pull",
        {"registry.repositories.spending": {}},
        "platform:serverless.spending.image: is in the repository spending: "
        "registry.repositories needs spending: {lambdaPull: true}",
    ),
    Case(
        "a zip in no bucket",
        api(image=None, zip={"key": "a", "version": "1", "handler": "a.b"}, codeBucket="cod"),
        "platform:serverless.spending.codeBucket: the stack has no bucket 'cod'; allowed: uploads",
    ),
    Case(
        "a zip in a bucket that is not named",
        api(image=None, zip={"key": "a", "version": "1", "handler": "a.b"}),
        "platform:serverless.spending.codeBucket: is required by zip: a bucket of storage",
    ),
)

LOGIN_CLIENT = "identity.cognito.interactiveClients.grafana"

NO_LOGIN = (
    "platform:grafana.roles: people log in by the client 'grafana': add it to "
    "identity.cognito.interactiveClients"
)

WATCHING = (
    Case(
        "dashboards without metrics",
        {"metrics": None, "alerts": None},
        "platform:grafana: needs the section metrics",
    ),
    Case(
        "alerts without metrics",
        {"metrics": None, "grafana": None},
        "platform:alerts: needs the section metrics",
    ),
    Case(
        "logs to an Elasticsearch that is not there",
        {"search": None, "services.catalog.uses": {"cache": True}},
        "platform:logging.elasticsearch: needs search by Elasticsearch; without it there is "
        "cloudwatch",
    ),
    Case(
        "Grafana under a name that the gateway does not have",
        {
            "grafana.host": "dashboards.example.com",
            f"{LOGIN_CLIENT}.callbackUrls": ["https://dashboards.example.com/login/generic_oauth"],
        },
        "platform:grafana.host: 'dashboards.example.com' is none of edge.domain.names: "
        "api.example.com, grafana.example.com",
    ),
    Case(
        "Grafana for all the world",
        {"grafana.roles": None},
        "platform:grafana.host: is for all the world to see: say in roles who gets in",
    ),
    Case(
        "nobody knows Grafana's client",
        {"identity.cognito.interactiveClients": {}},
        NO_LOGIN,
    ),
    Case(
        "people come back to another place",
        {f"{LOGIN_CLIENT}.callbackUrls": ["https://grafana.example.com/login"]},
        f"platform:{LOGIN_CLIENT}.callbackUrls: Grafana's is missing: "
        "https://grafana.example.com/login/generic_oauth",
    ),
    Case(
        "a client without a secret",
        {f"{LOGIN_CLIENT}.confidential": False},
        f"platform:{LOGIN_CLIENT}.confidential: Grafana runs on a server: true is needed",
    ),
    Case(
        "requests that nobody counts",
        {
            **dict.fromkeys(("metrics", "alerts", "grafana")),
            "services.orders.scaling": {"requestsPerSecond": 50},
        },
        "platform:services.orders.scaling.requestsPerSecond: needs the section metrics, which "
        "counts them",
    ),
)

CASES = (*NAMES, *ROUTES, *USES, *WHO, *SIZES, *CODE, *WATCHING)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_message_says_what_is_wrong_and_what_is_allowed(case: Case):
    assert problems(case.changes) == [case.problem]


def test_a_caller_that_is_not_there_may_be_another_one():
    (problem,) = problems(service(callers=["order"]))
    assert problem.startswith("platform:services.billing.callers: there is no service")
    assert problem.endswith(" 'order'; did you mean 'orders'?")


def test_a_name_is_taken_once_and_a_group_by_one_workload_only():
    (taken,) = problems({**worker(), "workers.catalog": dict(worker())["workers.biller"]})
    assert "catalog" in taken
    assert "is the name of a " in taken
    consumer = {"uses": {"kafka": {"consume": ["orders.events"], "group": "notifications"}}}
    assert problems(service(**consumer)) == [
        (
            "platform:services.notifications.uses.kafka.group: "
            "'notifications' is also that of services.billing"
        ),
        (
            "platform:services.billing.uses.kafka.group: "
            "'notifications' is also that of services.notifications"
        ),
    ]


def test_elasticsearch_without_settings_of_its_own_is_on_the_cluster_too():
    bare = load_settings(changed({"search": {"engine": "elasticsearch"}}), "test")
    assert bare.elasticsearch == ElasticsearchSpec.model_validate({})
    domain = changed({"search": {"engine": "opensearch"}, "logging.elasticsearch": None})
    assert load_settings(domain, "test").elasticsearch is None


def test_a_section_that_all_use_is_missed_by_each():
    assert problems({"cache": None}) == [
        f"platform:{path}.uses.cache: the stack has no section cache"
        for path in (
            *("services.orders", "services.catalog", "services.notifications"),
            "workers.mailer",
        )
    ]
    assert problems({"kafka": None}) == [
        f"platform:services.{name}.uses.kafka: the stack has no section kafka"
        for name in ("orders", "notifications")
    ]
    assert problems({"identity": None}) == [
        (
            "platform:services.orders.public: there is no section identity, whose tokens it could "
            "take; or, for all the world: anonymous"
        ),
        (
            "platform:serverless.spending.routes.GET /v1/spending/{customer}: there is no section "
            "identity, whose tokens it could take; or, for all the world: public"
        ),
        "platform:scans.client: there is no section identity, whose machine client it is",
        NO_LOGIN,
    ]
    assert problems({"mesh": None, "gateway": None}) == [
        "platform:services: services, workers and jobs need addons, mesh and gateway too",
        "platform:grafana.host: needs the section gateway, which shows it",
    ]
    assert problems({"addons.keda": False}) == [
        f"platform:{path}: is scaled by KEDA, and addons.keda is false"
        for path in ("services.notifications", "workers.mailer")
    ]


def test_scans_need_somebody_to_scan_and_a_way_there():
    wanted = {"services.orders.public": None, "services.catalog.public": None}
    assert problems({**wanted, "edge": None}) == [
        "platform:scans: needs edge.domain: scans call services as the world does",
        "platform:scans: needs a service with public",
        "platform:grafana.host: 'grafana.example.com' is none of edge.domain.names: none",
    ]
    risky = {"scans.active": True, "tags.environment": "prod", "scans.client": "scaner"}
    assert problems(risky) == [
        "platform:scans.active: not in environment 'prod'; allowed in: dev, test, staging",
        "platform:scans.client: there is no machine client 'scaner'; did you mean 'scanner'?",
    ]


def test_jobs_are_workloads_like_others():
    (taken,) = problems({"jobs.mailer": {"image": "1.0.0", "schedule": "@daily"}})
    assert taken == "platform:jobs.mailer: is the name of a worker, too"
    uses = {"jobs.orders-backlog.uses": {"tables": {"order": "read"}}}
    (unknown,) = problems(uses)
    assert unknown.startswith("platform:jobs.orders-backlog.uses.tables.order: the stack has no")
    (never,) = problems({"jobs.orders-backlog.schedule": "0 0 31 2 *"})
    assert "never comes" in never


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path):
    config = changed(
        {
            **service(uses={"tables": {"order": "read"}}, callers=["order"]),
            "serverless.spending.uses": {"tables": {"bills": "read"}},
        }
    )
    (tmp_path / "Pulumi.test.yaml").write_text(yaml.safe_dump({"config": dict(config)}))
    with pytest.raises(InvalidInput) as caught:
        load_stack("test", tmp_path)
    keys = [problem.path.split(": ")[1] for problem in caught.value.problems]
    assert keys == [
        "platform:services.billing.callers",
        "platform:services.billing.uses.tables.order",
        "platform:serverless.spending.uses.tables.bills",
    ]
    places = [problem.path.split(": ")[0].rpartition(":") for problem in caught.value.problems]
    assert all(line.isdigit() for _, _, line in places)


def test_a_zone_around_a_host_is_found():
    zones = {"example.com": "Z1", "b.example.com": "Z2", "ple.com": "Z3"}
    given = changed({"dnsZones": zones, **api(zoneId=None, domainName="a.b.example.com")})
    settings = load_settings(given, "test")
    assert settings.serverless["spending"].zone_in(settings.dns_zones) == "Z2"


def test_a_node_keeps_something_for_itself():
    pools = {
        "general": {"maxCpus": 12, "categories": ["c", "r"]},
        "tiny": {"maxCpus": 2, "categories": ["c"]},
        "odd": {"categories": ["im"], "minCpus": 5, "maxCpus": 6},
        "spot": {"capacity": "spot", "dedicated": True, "cpuLimit": 4},
        "batch": {"capacity": "spot", "dedicated": True},
    }
    addons = AddonsSpec.model_validate({"nodePools": pools})
    general, tiny = Room(7.5, 61_440), Room(1.5, 4096 - 1280)
    assert rooms(addons) == [general, tiny]
    assert rooms(addons, spot=True) == [Room(3.5, 30_720)]
    assert general.fits(7.5, 61_440)
    assert not tiny.fits(1, 4096)
    assert largest([tiny]) == "at most 1.5 cores with 2816 MiB"
