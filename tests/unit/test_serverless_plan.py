"""What serverless configs mean, and what is wrong with wrong ones. Without Pulumi."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml

from components._base.errors import InvalidInput
from components.serverless import (
    ServerlessApiArgs,
    ServerlessApiSpec,
    ServerlessPlan,
    plan_serverless,
)
from components.serverless.gateway import route_name

Json = Mapping[str, object]

DIGEST = "sha256:" + "0a" * 32
REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/catalog"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"

IMAGE: Json = {
    "image": "1.4.2",
    "repository_url": REPOSITORY,
    "issuer": "https://id.example.com",
    "audiences": ["catalog"],
}
ZIP: Json = {
    "zip": {"key": "catalog.zip", "version": "v1", "handler": "catalog.main.handler"},
    "code_bucket": "code",
    "issuer": "https://id.example.com",
    "audiences": ["catalog"],
}
JOBS: Json = {"command": ["catalog.jobs.handler"]}
SHOP: Json = {"origins": ["https://shop.example.com"]}


def planned(inputs: Json) -> ServerlessPlan:
    return plan_serverless(cast("ServerlessApiArgs", inputs))


def problems(inputs: Json) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        planned(inputs)
    return [str(problem) for problem in caught.value.problems]


BAD_PATH = (
    "a path has parts such as orders and {id} between single slashes, and {proxy+} at the end only"
)
BAD_ORIGIN = "https:// and a host without a path, or http://localhost:PORT, or '*'"

WRONG: Mapping[str, tuple[Json, str]] = {
    "a tag that moves": (
        {"image": "latest"},
        (
            "image: 'latest' is not valid: the tag moves from image to image; "
            "give a version or a digest"
        ),
    ),
    "an environment's tag": (
        {"image": "Prod"},
        "image: 'Prod' is not valid: the tag moves from image to image; give a version or a digest",
    ),
    "a whole image": (
        {"image": "repo/catalog:1.2"},
        (
            "image: 'repo/catalog:1.2' is not valid: a tag such as 1.4.2 or a digest sha256:… is "
            "needed, without the repository"
        ),
    ),
    "half a digest": (
        {"image": "sha256:0a0a"},
        (
            "image: 'sha256:0a0a' is not valid: a tag such as 1.4.2 or a digest sha256:… is "
            "needed, without the repository"
        ),
    ),
    "no code": ({"image": None}, "one of image and zip is needed"),
    "code twice": ({**ZIP}, "one of image and zip is needed"),
    "little memory": (
        {"memory_mb": 64},
        "memory_mb: 64 is not valid: greater than or equal to 128",
    ),
    "much memory": (
        {"memory_mb": 10_241},
        "memory_mb: 10241 is not valid: less than or equal to 10240",
    ),
    "longer than API Gateway waits": (
        {"timeout_seconds": 30},
        "timeout_seconds: 30 is not valid: less than or equal to 29",
    ),
    "more warm than allowed": (
        {"reserved_concurrency": 5, "provisioned": {"min": 1, "max": 6}},
        "provisioned.max 6 is more than reserved_concurrency 5",
    ),
    "warm instances upside down": (
        {"provisioned": {"min": 3, "max": 2}},
        "provisioned: max 2 is less than min 3",
    ),
    "all for the newest": (
        {"rollout": {"stable_version": "12", "percent": 100}},
        "rollout.percent: 100 is not valid: less than or equal to 99",
    ),
    "a version that is none": (
        {"rollout": {"stable_version": "$LATEST", "percent": 10}},
        (
            "rollout.stable_version: '$LATEST' is not valid: the number of a published version is "
            "needed, e.g. '12'"
        ),
    ),
    "a password in plain text": (
        {"environment": {"DB_PASSWORD": "x", "AWS_REGION": "x", "9": "x"}},
        (
            "environment: '9' is no name of a variable: letters, digits and '_', a letter first; "
            "AWS_REGION is set by Lambda; "
            "DB_PASSWORD is the name of a secret; pass its ARN in secret_arns"
        ),
    ),
    "a method that does not exist": (
        {"routes": {"FETCH /orders": {}}},
        (
            "routes.FETCH /orders: 'FETCH /orders' is not valid: a method and a path are needed, "
            "e.g. 'GET /orders/{id}', or $default; methods: ANY, DELETE, GET, HEAD, OPTIONS, "
            "PATCH, POST, PUT"
        ),
    ),
    "a greedy part in the middle": (
        {"routes": {"GET /{all+}/items": {}}},
        f"routes.GET /{{all+}}/items: 'GET /{{all+}}/items' is not valid: {BAD_PATH}",
    ),
    "scopes of a public route": (
        {"routes": {"GET /": {"public": True, "scopes": ["a"]}}},
        "routes.GET /: scopes are for routes that need a token, and this one is public",
    ),
    "too many scopes": (
        {"routes": {"GET /": {"scopes": [f"s{i}" for i in range(11)]}}},
        "routes.GET /: 11 scopes; 10 allowed",
    ),
    "all sites with cookies": (
        {"cors": {"origins": ["*"], "credentials": True}},
        "cors: origins '*' with credentials would let any site act for its visitors; name them",
    ),
    "all sites and one": (
        {"cors": {"origins": ["*", "https://shop.example.com"]}},
        "cors: origins: '*' is all there are; leave the others out",
    ),
    "a site without TLS": (
        {"cors": {"origins": ["http://shop.example.com"]}},
        f"cors.origins[0]: 'http://shop.example.com' is not valid: {BAD_ORIGIN}",
    ),
    "some of a site": (
        {"cors": {"origins": ["https://*.example.com"]}},
        f"cors.origins[0]: 'https://*.example.com' is not valid: {BAD_ORIGIN}",
    ),
    "a page": (
        {"cors": {"origins": ["https://shop.example.com/"]}},
        f"cors.origins[0]: 'https://shop.example.com/' is not valid: {BAD_ORIGIN}",
    ),
    "any method": (
        {"cors": {**SHOP, "methods": ["ANY"]}},
        "cors: methods ANY; allowed: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
    ),
    "messages that come back too soon": (
        {"background": {**JOBS, "timeout_seconds": 60, "visibility_timeout_seconds": 300}},
        (
            "background: visibility_timeout_seconds 300 is less than 6 times timeout_seconds and "
            "batch_window_seconds, which is 360"
        ),
    ),
    "large batches at once": (
        {"background": {**JOBS, "batch_size": 100}},
        "background: batch_size 100 needs batch_window_seconds; 10 allowed without",
    ),
    "more batches than instances": (
        {"background": {**JOBS, "reserved_concurrency": 5}},
        (
            "background: max_concurrency 10 is more than reserved_concurrency 5: messages would be "
            "refused, and end in the dead-letter queue"
        ),
    ),
    "an image's function without a command": (
        {"background": {}},
        "background: an image needs command, and no handler",
    ),
    "no route at all": ({"routes": {}}, "routes: one or more is needed"),
    "a retention that CloudWatch does not know": (
        {"log_retention_days": 31},
        (
            "log_retention_days: 31 is not valid: allowed days: 1, 3, 5, 7, 14, 30, 60, 90, 120, "
            "150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
        ),
    ),
}


@pytest.mark.parametrize(("changes", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_config_is_refused_by_name(changes: Json, message: str):
    assert problems({**IMAGE, **changes}) == [message]


WRONG_ZIPS: Mapping[str, tuple[Json, str]] = {
    "a command": ({"command": ["x"]}, "command is for image; a zip has its handler"),
    "a worker without a handler": (
        {"background": JOBS},
        "background: a zip needs handler, and no command",
    ),
    "two answers to cold starts": (
        {"zip": {**cast("Json", ZIP["zip"]), "snap_start": True}, "provisioned": {}},
        "zip.snap_start and provisioned are two answers to cold starts; choose one",
    ),
    "a large snapshot": (
        {"zip": {**cast("Json", ZIP["zip"]), "snap_start": True}, "tmp_mb": 1024},
        "zip.snap_start needs tmp_mb 512, not 1024",
    ),
    "a handler that is none": (
        {"zip": {**cast("Json", ZIP["zip"]), "handler": "main"}},
        (
            "zip.handler: 'main' is not valid: a module and a function are needed, "
            "e.g. orders.main.handler"
        ),
    ),
    "a Python that is gone": (
        {"zip": {**cast("Json", ZIP["zip"]), "runtime": "python3.9"}},
        (
            "zip.runtime: 'python3.9' is not valid: allowed: 'python3.12', 'python3.13' or "
            "'python3.14'"
        ),
    ),
}


@pytest.mark.parametrize(("changes", "message"), WRONG_ZIPS.values(), ids=WRONG_ZIPS.keys())
def test_a_wrong_zip_is_refused_by_name(changes: Json, message: str):
    assert problems({**ZIP, **changes}) == [message]


WRONG_WIRING: Mapping[str, tuple[Json, list[str]]] = {
    "nothing wired": (
        {"image": "1.4.2", "domain_name": "api.example.com", "tracing": "otlp"},
        [
            "repository_url: is required by image",
            "issuer: is required by routes that are not public",
            "audiences: is required by routes that are not public",
            "certificate_arn: is required by domain_name without zone_id",
            "otlp_endpoint: is required by tracing otlp",
        ],
    ),
    "a zip without its bucket": (
        {"zip": ZIP["zip"], "routes": {"$default": {"public": True}}},
        ["code_bucket: is required by zip"],
    ),
    "subnets without their VPC": (
        {**IMAGE, "subnet_ids": ["subnet-1"]},
        ["vpc_id: is required by subnet_ids"],
    ),
    "stores without subnets": (
        {
            **IMAGE,
            "stores": {
                "cache": {"security_group_id": "sg-1", "ports": [70000]},
                "Kafka": {"security_group_id": "sg-1", "ports": [9098]},
            },
        },
        [
            "subnet_ids: is required by stores",
            "stores: 'Kafka' is no short name of small letters, digits, hyphens",
            "stores.cache.ports: one or more ports of 1 to 65535 needed",
        ],
    ),
    "a zone without a name": (
        {**IMAGE, "zone_id": "Z1"},
        ["zone_id: is for domain_name, which is not given"],
    ),
    "secrets that are none": (
        {
            **IMAGE,
            "values": {"API_TOKEN": "x"},
            "secret_arns": {"DB_PASSWORD": SECRET},
            "secret_key_arns": {"OTHER_ARN": "arn:x"},
        },
        [
            "values: API_TOKEN is the name of a secret; pass its ARN in secret_arns",
            "secret_arns: 'DB_PASSWORD' must be a variable's name and end in _ARN",
            "secret_key_arns: 'OTHER_ARN' is not in secret_arns",
        ],
    ),
    "a variable twice": (
        {
            **IMAGE,
            "environment": {"TABLE": "a", "SERVICE_NAME": "b"},
            "values": {"TABLE": "c"},
        },
        ["environment: set twice, or by the platform itself: SERVICE_NAME, TABLE"],
    ),
    "more than Lambda takes": (
        {**IMAGE, "environment": {"TEXT": "x" * 4093}},
        ["environment: names and values have 4097 bytes; 4096 allowed"],
    ),
    "a misspelt key": (
        {**IMAGE, "memoryMb": 512},
        ["memoryMb: unknown input; did you mean 'memory_mb'?"],
    ),
}


@pytest.mark.parametrize(("inputs", "messages"), WRONG_WIRING.values(), ids=WRONG_WIRING.keys())
def test_what_is_not_wired_is_told_all_at_once(inputs: Json, messages: list[str]):
    assert problems(inputs) == messages


@pytest.mark.parametrize("image", ["1.4.2", "v2", "2026-11-25.1", "3f2c1aa", DIGEST])
def test_an_image_is_named_by_what_does_not_move(image: str):
    assert planned({**IMAGE, "image": image}).spec.image == image


def test_everything_needs_a_token_unless_a_route_says_otherwise():
    plan = planned(IMAGE)
    assert {key: route.public for key, route in plan.routes.items()} == {"$default": False}
    assert plan.needs_token
    public = planned(
        {"image": "1", "repository_url": REPOSITORY, "routes": {"GET /": {"public": True}}}
    )
    assert not public.needs_token


PREFLIGHTS: Mapping[str, tuple[Json, set[str]]] = {
    "all with a token": ({"$default": {}}, {"OPTIONS /", "OPTIONS /{proxy+}"}),
    "any method of a path": (
        {"ANY /orders/{id}": {}, "GET /": {}},
        {"OPTIONS /orders/{id}"},
    ),
    "one method": ({"GET /orders": {}}, set()),
    "all without a token": ({"$default": {"public": True}}, set()),
}


@pytest.mark.parametrize(("routes", "added"), PREFLIGHTS.values(), ids=PREFLIGHTS.keys())
def test_browsers_may_ask_beforehand_without_a_token(routes: Json, added: set[str]):
    plan = planned({**IMAGE, "routes": routes, "cors": SHOP})
    assert set(plan.routes) - set(routes) == added
    assert all(plan.routes[key].public for key in added)
    assert set(planned({**IMAGE, "routes": routes}).routes) == set(routes)


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({}, 360),
        ({"timeout_seconds": 900, "batch_window_seconds": 300, "batch_size": 1000}, 5700),
        ({"visibility_timeout_seconds": 600}, 600),
    ],
)
def test_a_message_stays_hidden_for_six_times_the_timeout_and_the_window(
    changes: Json, seconds: int
):
    background = planned({**IMAGE, "background": {**JOBS, **changes}}).spec.background
    assert background is not None
    assert background.visibility == seconds


def test_both_functions_are_of_one_code_with_sizes_of_their_own():
    plan = planned(
        {**IMAGE, "memory_mb": 2048, "timeout_seconds": 20, "background": JOBS, "command": ["a.b"]}
    )
    assert plan.background is not None
    assert (plan.api.memory_mb, plan.api.timeout_seconds, plan.api.command) == (2048, 20, ("a.b",))
    jobs = (plan.background.memory_mb, plan.background.timeout_seconds, plan.background.command)
    assert jobs == (512, 60, ("catalog.jobs.handler",))


def test_routes_have_names_of_their_own():
    keys = [
        *("$default", "GET /", "GET /root", "ANY /{proxy+}", "GET /orders/{id}"),
        *("GET /orders/id", "POST /orders/{id}", "GET /orders-{id}"),
    ]
    names = [route_name(key) for key in keys]
    assert names[:2] == ["default", "get/"]
    assert len(set(names)) == len(keys), names


def test_the_documented_example_is_a_good_one():
    text = (Path(__file__).parents[2] / "docs" / "serverless.md").read_text()
    example, *_ = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    spec = ServerlessApiSpec.model_validate(yaml.safe_load(example)["catalog"])
    assert spec.image == "1.4.2"
    assert spec.routes["GET /health/live"].public
