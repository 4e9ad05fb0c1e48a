"""What a serverless API of a stack is wired to, by what it names in `uses`."""

import functools
import json
from collections.abc import Mapping
from typing import cast

import pulumi

from components.cache import Cache, CacheArgs
from components.network import Network, NetworkArgs
from components.storage import Storage, StorageArgs
from stacks import Settings, load_settings
from stacks.data import DataServices
from stacks.serverless import make_serverless
from tests.harness import Recorder, build

FUNCTION = "aws:lambda/function:Function"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"


@functools.cache
def settings() -> Settings:
    return load_settings(
        {
            "aws:region": "eu-west-1",
            "platform:tags": {"owner": "team", "environment": "test"},
            "platform:network": {"cidr": "10.0.0.0/16", "zoneCount": 2},
            "platform:cache": {"nodes": {"nodeType": "cache.t4g.small", "replicas": 0}},
            "platform:storage": {"buckets": {"code": {}, "uploads": {}}},
            "platform:serverless": {
                "thumbnails": {
                    "zip": {"key": "a.zip", "version": "v7", "handler": "thumbnails.main.handler"},
                    "codeBucket": "code",
                    "routes": {"$default": {"public": True}},
                    "uses": {"cache": True, "buckets": {"uploads": "readWrite"}},
                }
            },
        },
        "test",
    )


def program() -> None:
    s = settings()
    assert s.cache
    assert s.storage
    network = Network("network", s.network.to_args(NetworkArgs))
    place = {"vpc_id": network.vpc_id, "subnet_ids": network.data_subnet_ids}
    clients = {"clients": {"cluster": "sg-0000000000000000c"}}
    nothing = dict.fromkeys(DataServices.__dataclass_fields__)
    found: dict[str, object] = {
        **nothing,
        "cache": Cache("cache", s.cache.to_args(CacheArgs, **place, **clients)),
        "storage": Storage("storage", s.storage.to_args(StorageArgs)),
    }
    data = DataServices(**found)  # pyright: ignore[reportArgumentType] - the fields, by name
    make_serverless(s, network, data, None, pulumi.Output.from_input(TOPIC))


@functools.cache
def cloud() -> Recorder[None]:
    return build(program)


def test_a_store_in_the_vpc_brings_the_functions_there_and_lets_them_in():
    function = cloud().one(FUNCTION)
    network = cast("Mapping[str, list[str]]", function.inputs["vpcConfig"])
    assert len(network["subnetIds"]) == 2
    (group,) = network["securityGroupIds"]
    rules = {r.inputs.get("referencedSecurityGroupId") for r in cloud().all(INGRESS)}
    assert rules == {"sg-0000000000000000c", group}
    assert cloud().named("thumbnails-into-cache-6379").inputs["fromPort"] == 6379


def test_variables_and_permissions_are_of_what_it_uses():
    function = cloud().one(FUNCTION)
    environment = cast("Mapping[str, Mapping[str, str]]", function.inputs["environment"])
    assert sorted(environment["variables"]) == [
        *("BUCKETS_REGION", "BUCKETS_UPLOADS", "CACHE_SECRET_ARN", "CACHE_URL"),
        *("SERVICE_ENVIRONMENT", "SERVICE_NAME", "SERVICE_VERSION"),
    ]
    assert environment["variables"]["SERVICE_VERSION"] == "v7"
    assert function.inputs["s3ObjectVersion"] == "v7"
    policy = cloud().named("thumbnails-api-role-may-buckets").inputs["policy"]
    actions = str(json.loads(str(policy))["Statement"])
    assert "s3:DeleteObject" in actions
    assert "dynamodb" not in actions
