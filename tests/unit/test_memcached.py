"""Memcached: what is refused, and every resource's inputs."""

import functools
from collections.abc import Mapping
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components.memcached import Memcached, MemcachedArgs, MemcachedSpec, plan_memcached
from simulator.cloud.core import Cloud
from tests.harness import Recorder, build

CLUSTER = "aws:elasticache/cluster:Cluster"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
CLIENT = "sg-0000000000000000c"
WIRING: dict[str, object] = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "clients": {"cluster": CLIENT},
    "tags": {"team": "core"},
}


def arguments(**args: object) -> MemcachedArgs:
    return cast("MemcachedArgs", {**WIRING, **args})


def memcached(name: str = "objects", **args: object) -> Recorder[Memcached]:
    return build(lambda: Memcached(name, arguments(**args)))


@functools.cache
def default() -> Recorder[Memcached]:
    return memcached(alarm_topic_arn=TOPIC)


@functools.cache
def single() -> Recorder[Memcached]:
    return memcached(
        nodes=1,
        node_type="cache.t4g.micro",
        engine_version="1.6.17",
        parameters={"max_item_size": "2097152"},
        maintenance_window="Mon:01:00-Mon:02:00",
        apply_immediately=False,
        protect=True,
    )


def refusal(**args: object) -> Mapping[str, str]:
    with pytest.raises(InvalidInput) as error:
        plan_memcached(arguments(**args))
    return {problem.path: problem.reason for problem in error.value.problems}


def test_production_grade_defaults():
    spec = plan_memcached(arguments())
    assert spec == MemcachedSpec.model_validate({})
    assert (spec.nodes, spec.node_type, spec.engine_version) == (3, "cache.m7g.large", "1.6.22")


@pytest.mark.parametrize(
    ("args", "path", "reason"),
    [
        ({"nodes": 0}, "nodes", "greater than or equal to 1"),
        ({"nodes": 41}, "nodes", "less than or equal to 40"),
        (
            {"engine_version": "1.5.16"},
            "engine_version",
            "'1.5.16' is not valid: not known here; known versions: 1.6.22, 1.6.17, 1.6.12",
        ),
        (
            {"node_type": "cache.m1.small"},
            "node_type",
            "a node type of a current family is needed, such as cache.r7g.large",
        ),
        ({"maintenance_window": "sunday"}, "maintenance_window", "a weekly window in UTC"),
        ({"node_count": 3}, "node_count", "unknown input"),
    ],
)
def test_bad_input_is_refused_by_name(args: dict[str, object], path: str, reason: str):
    problems = refusal(**args)
    assert list(problems) == [path]
    assert reason in problems[path]


def test_all_problems_are_told_at_once():
    assert refusal(nodes=0, node_type="big", engine_version="1").keys() == {
        "nodes",
        "node_type",
        "engine_version",
    }


def test_a_long_name_is_refused():
    with pytest.raises(InvalidInput, match="at most 40"):
        plan_memcached(arguments(), "Memcached", "m" * 41)


def test_exactly_what_it_is_made_of():
    counts: dict[str, int] = {}
    for resource in default().resources:
        counts[resource.type] = counts.get(resource.type, 0) + 1
    assert counts == {
        "fastapi-platform:index:Memcached": 1,
        SECURITY_GROUP: 1,
        INGRESS: 1,
        SUBNETS: 1,
        PARAMETERS: 1,
        CLUSTER: 1,
        ALARM: 3 * 4,
    }
    for resource in default().resources:
        assert not resource.custom or resource.parent is default().named("objects")
        tags = cast("Mapping[str, str]", resource.inputs.get("tags") or {})
        assert tags.get("team") == "core"


def test_encrypted_on_the_wire_and_over_zones():
    cluster = default().one(CLUSTER).inputs
    assert cluster["transitEncryptionEnabled"] is True
    assert (cluster["engine"], cluster["engineVersion"]) == ("memcached", "1.6.22")
    assert (cluster["numCacheNodes"], cluster["azMode"]) == (3, "cross-az")
    assert (cluster["port"], cluster["nodeType"]) == (11211, "cache.m7g.large")


def test_one_node_is_in_one_zone():
    cluster = single().one(CLUSTER)
    assert (cluster.inputs["numCacheNodes"], cluster.inputs["azMode"]) == (1, "single-az")
    assert cluster.inputs["maintenanceWindow"] == "mon:01:00-mon:02:00"
    assert cluster.inputs["applyImmediately"] is False
    assert cluster.protect
    assert not default().one(CLUSTER).protect


def test_parameters():
    found = single().one(PARAMETERS).inputs
    assert found["family"] == "memcached1.6"
    assert found["parameters"] == [{"name": "max_item_size", "value": "2097152"}]


def test_only_named_clients_are_admitted():
    rule = default().one(INGRESS)
    assert rule.inputs["referencedSecurityGroupId"] == CLIENT
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (11211, 11211)
    assert not rule.inputs.keys() & {"cidrIpv4", "cidrIpv6"}
    group = default().output(default().result.security_group_id)
    assert default().one(CLUSTER).inputs["securityGroupIds"] == [group]


def test_each_node_has_its_alarms():
    alarms = default().all(ALARM)
    nodes = {cast("Mapping[str, str]", a.inputs["dimensions"])["CacheNodeId"] for a in alarms}
    assert nodes == {"0001", "0002", "0003"}
    assert {a.inputs["metricName"] for a in alarms} == {
        "CPUUtilization",
        "CurrConnections",
        "Evictions",
        "SwapUsage",
    }
    assert all(a.inputs["alarmActions"] == [TOPIC] for a in alarms)


def test_outputs():
    result = default().result
    endpoint = str(default().output(result.configuration_endpoint))
    assert endpoint.startswith("objects-cluster-")
    assert endpoint.endswith(".cfg.euw1.cache.amazonaws.com")
    assert default().output(result.port) == 11211
    assert ":cluster:objects-cluster-" in str(default().output(result.arn))


def test_names_fit_whatever_it_is_called():
    cloud = memcached("the-objects-of-the-orders-of-the-clients")
    dimensions = cast("Mapping[str, str]", cloud.all(ALARM)[0].inputs["dimensions"])
    assert 40 < len(dimensions["CacheClusterId"]) <= 50


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"azMode": "cross-az", "numCacheNodes": 1}, "cross-az needs two or more nodes"),
        ({"engine": "memcached", "engineVersion": "1.6"}, "'1.6' is not major.minor.patch"),
        ({"clusterId": "A" * 51}, "at most 50"),
    ],
)
def test_the_simulated_cloud_refuses_what_elasticache_does(args: dict[str, object], expected: str):
    _, problems = Cloud().check(CLUSTER, "it", args)
    assert any(expected in str(problem) for problem in problems), problems
