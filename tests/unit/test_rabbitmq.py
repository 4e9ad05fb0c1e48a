"""RabbitMQ: what is refused, and the inputs of its broker, password and secret."""

import functools
import json
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components.rabbitmq import RabbitMq
from components.rabbitmq.args import RabbitMqArgs
from components.rabbitmq.plan import plan_rabbitmq
from tests.harness import Recorder, build

BROKER = "aws:mq/broker:Broker"
CONFIGURATION = "aws:mq/configuration:Configuration"
PASSWORD = "random:index/randomPassword:RandomPassword"
VALUE = "aws:secretsmanager/secretVersion:SecretVersion"

WIRING: dict[str, object] = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": [f"subnet-0000000000000000{zone}" for zone in "abc"],
    "clients": {"cluster": "sg-0000000000000000c"},
}


def arguments(**args: object) -> RabbitMqArgs:
    return cast("RabbitMqArgs", {**WIRING, **args})


def rabbitmq(**args: object) -> Recorder[RabbitMq]:
    return build(lambda: RabbitMq("broker", arguments(**args)))


@functools.cache
def default() -> Recorder[RabbitMq]:
    return rabbitmq()


def test_the_broker_is_private_encrypted_and_in_three_zones():
    broker = default().one(BROKER).inputs
    assert broker["deploymentMode"] == "CLUSTER_MULTI_AZ"
    assert broker["publiclyAccessible"] is False
    encryption = cast("dict[str, object]", broker["encryptionOptions"])
    assert encryption["useAwsOwnedKey"] is False
    assert broker["logs"] == {"general": True}
    subnets = cast("list[str]", broker["subnetIds"])
    assert len(subnets) == 3
    assert rabbitmq(mode="single").one(BROKER).inputs["subnetIds"] == subnets[:1]


def test_settings_are_sorted_lines_with_milliseconds():
    made = rabbitmq(consumer_timeout_seconds=90).one(CONFIGURATION)
    lines = cast("str", made.inputs["data"]).splitlines()
    assert lines == sorted(lines)
    assert "consumer_timeout=90000" in lines


def test_the_secret_holds_the_password_also_as_a_url():
    written = cast("str", default().one(VALUE).inputs["secretString"])
    content = cast("dict[str, object]", json.loads(written))
    url = f"amqps://platform:{content['password']}@{content['host']}:5671/%2F"
    assert content["url"] == url
    assert content["port"] == 5671


def test_another_version_is_another_password_for_the_same_broker():
    made = {version: rabbitmq(password_version=version) for version in (1, 2)}
    assert made[1].one(PASSWORD).inputs == default().one(PASSWORD).inputs
    assert made[2].one(PASSWORD).inputs["keepers"] == {"version": "2"}
    assert made[1].one(BROKER).name == made[2].one(BROKER).name


@pytest.mark.parametrize(
    ("args", "key", "reason"),
    [
        ({"password_version": 0}, "password_version", "greater than or equal to 1"),
        ({"version": "4.2.1"}, "version", "AWS chooses the patch; say '4.2'"),
        ({"instance_type": "mq.m7g.larg"}, "instance_type", "mq.m7g.large"),
        ({"maintenance_start": "someday"}, "maintenance_start", "sun:03:00"),
        ({"heartbeat_seconds": 5}, "heartbeat_seconds", "greater than or equal to 60"),
    ],
)
def test_what_is_wrong_is_told_by_its_key(args: dict[str, object], key: str, reason: str):
    with pytest.raises(InvalidInput) as error:
        plan_rabbitmq(arguments(**args))
    assert key in str(error.value)
    assert reason in str(error.value)
