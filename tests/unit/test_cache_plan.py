"""The plan of a cache: versions, shapes, and what is refused. No Pulumi engine involved."""

from collections.abc import Mapping
from typing import cast

import pulumi
import pytest

from components._base.errors import InvalidInput
from components.cache.args import CacheArgs, CacheClusterMode
from components.cache.plan import CachePlan, Passwords, Topology, plan_cache, topology
from components.cache.spec import ALL_BUT_DANGEROUS, CacheNodesSpec, CacheServerlessSpec, CacheSpec
from components.cache.versions import DEFAULT_MAJOR, VERSIONS

WIRING = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}


def plan(**args: object) -> CachePlan:
    return plan_cache(cast("CacheArgs", {**WIRING, **args}))


def shape(**nodes: object) -> Topology:
    deployment = plan(nodes=nodes).deployment
    assert isinstance(deployment, CacheNodesSpec)
    return topology(deployment)


def refusal(**args: object) -> Mapping[str, str]:
    with pytest.raises(InvalidInput) as error:
        plan(**args)
    return {problem.path: problem.reason for problem in error.value.problems}


def test_production_grade_defaults():
    made = plan()
    assert (made.engine.value, made.major, made.family, made.pinned) == (
        "valkey",
        "8",
        "valkey8",
        False,
    )
    assert (made.passwords, made.access_string) == (Passwords(1, None), ALL_BUT_DANGEROUS)
    assert (made.snapshot_retention_days, made.snapshot_window) == (7, "03:00-04:00")
    assert made.deployment == CacheNodesSpec.model_validate({})
    default = shape()
    assert (default.nodes, default.multi_az, default.automatic_failover) == (3, True, True)


@pytest.mark.parametrize(
    ("engine", "asked", "version", "pinned", "family"),
    [
        ("valkey", None, "8.2", False, "valkey8"),
        ("valkey", "8", "8.2", False, "valkey8"),
        ("valkey", "8.0", "8.0", True, "valkey8"),
        ("valkey", "9", "9.1", False, "valkey9"),
        ("valkey", "7.2", "7.2", True, "valkey7"),
        ("redis", None, "7.1", False, "redis7"),
        ("redis", "7.0", "7.0", True, "redis7"),
    ],
)
def test_a_major_version_is_upgraded_by_aws_and_a_minor_one_stays(
    engine: str, asked: str | None, version: str, pinned: bool, family: str
):
    made = plan(engine=engine, engine_version=asked)
    assert (made.version, made.pinned, made.family) == (version, pinned, family)


def test_every_engine_has_a_default_among_its_versions():
    assert DEFAULT_MAJOR.keys() == VERSIONS.keys()
    for engine, major in DEFAULT_MAJOR.items():
        assert VERSIONS[engine][major]
    for majors in VERSIONS.values():
        for major, minors in majors.items():
            assert all(minor.startswith(f"{major}.") for minor in minors)
            assert list(minors) == sorted(minors, reverse=True)


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ({"replicas": 0}, (1, False, False)),
        ({"replicas": 1}, (2, True, True)),
        ({"replicas": 5, "multi_az": True}, (6, True, True)),
        ({"replicas": 0, "multi_az": False}, (1, False, False)),
        ({"cluster_mode": "enabled", "shards": 3, "replicas": 1}, (6, True, True)),
        # AWS wants failover said with cluster mode, replicas or not
        ({"cluster_mode": "enabled", "shards": 2, "replicas": 0}, (2, False, True)),
        ({"cluster_mode": "compatible", "replicas": 1}, (2, True, True)),
    ],
)
def test_several_nodes_are_multi_az_with_failover(
    nodes: dict[str, object], expected: tuple[int, bool, bool]
):
    made = shape(**nodes)
    assert (made.nodes, made.multi_az, made.automatic_failover) == expected
    assert made.clustered is (made.mode is not CacheClusterMode.DISABLED)


@pytest.mark.parametrize(
    ("version", "good"),
    [(1, Passwords(1, None)), (2, Passwords(2, 1)), (7, Passwords(7, 6))],
)
def test_a_new_password_keeps_the_one_before_and_no_older_one(version: int, good: Passwords):
    assert plan(password_version=version).passwords == good


def test_iam_auth_has_no_password():
    assert plan(auth="iam").passwords is None


def test_a_serverless_cache_is_read_at_a_port_of_its_own():
    made = plan(serverless={"max_gib": 5})
    assert isinstance(made.deployment, CacheServerlessSpec)
    assert (made.deployment.max_gib, made.deployment.max_ecpu_per_second) == (5, 10_000)
    assert (made.reader_port, plan().reader_port) == (6380, 6379)


def test_what_a_stack_file_says_is_what_the_component_gets():
    """A spec written out in full is read again: its defaults are no choices of the user's."""
    sections: list[dict[str, object]] = [
        {},
        {"serverless": {}},
        {"nodes": {"replicas": 0}, "engineVersion": "8.1"},
    ]
    for section in sections:
        spec = CacheSpec.model_validate(section)
        args = spec.to_args(CacheArgs, **WIRING)
        assert plan_cache(args) == plan(**{k: v for k, v in args.items() if k not in WIRING})
        assert (plan_cache(args).deployment == spec.serverless) is bool(spec.serverless)


MULTI_AZ = "multi_az needs two or more nodes; replicas must be 1 or more"
TYPE = "a node type of a current family is needed, such as cache.r7g.large"


@pytest.mark.parametrize(
    ("args", "path", "reason"),
    [
        ({"nodes": {"replicas": 0, "multi_az": True}}, "nodes", MULTI_AZ),
        (
            {"nodes": {"replicas": 1, "multi_az": False}},
            "nodes",
            "more than one node is always Multi-AZ; leave multi_az out, or replicas 0",
        ),
        ({"nodes": {"shards": 2}}, "nodes", "2 shards need cluster_mode enabled"),
        (
            {"nodes": {"shards": 2, "cluster_mode": "compatible"}},
            "nodes",
            "2 shards need cluster_mode enabled",
        ),
        (
            {"nodes": {"shards": 200, "cluster_mode": "enabled"}},
            "nodes",
            "600 nodes; at most 500 allowed",
        ),
        ({"nodes": {"replicas": 6}}, "nodes.replicas", "less than or equal to 5"),
        (
            {"nodes": {"node_type": "cache.m3.large"}},
            "nodes.node_type",
            f"'cache.m3.large' is not valid: {TYPE}",
        ),
        (
            {"nodes": {"node_type": "r7g.large"}},
            "nodes.node_type",
            f"'r7g.large' is not valid: {TYPE}",
        ),
        (
            {"nodes": {"keyspace_events": "xg"}},
            "nodes.keyspace_events",
            "K (by key) or E (by event) is needed",
        ),
        (
            {"nodes": {"keyspace_events": "Kq"}},
            "nodes.keyspace_events",
            "letters of KEAg$lshzxetdmn are allowed",
        ),
        (
            {"nodes": {"parameters": {"maxmemory-policy": "noeviction"}}},
            "nodes.parameters",
            "maxmemory-policy is set by maxmemory_policy",
        ),
        ({"nodes": {"log_retention_days": 31}}, "nodes.log_retention_days", "allowed days: 1, 3"),
        (
            {"nodes": {"maintenance_window": "sun:04:30-sun:05:00"}},
            "nodes.maintenance_window",
            "60 minutes or more are needed",
        ),
        (
            {"nodes": {"maxmemory_policy": "lru"}},
            "nodes.maxmemory_policy",
            "allowed: 'volatile-lru', 'volatile-lfu'",
        ),
        ({"nodes": {"node_typ": "x"}}, "nodes.node_typ", "did you mean 'node_type'?"),
        (
            {"snapshot_window": "04:00-05:00"},
            "",
            "04:00-05:00 and the nodes' maintenance window sun:04:30-sun:05:30 overlap",
        ),
        (
            {"nodes": {}, "serverless": {}},
            "",
            "nodes and serverless can't be combined; give one of them",
        ),
        (
            {"serverless": {}, "engine_version": "8.2"},
            "",
            "of a serverless cache AWS chooses the minor version; name the major one only",
        ),
        (
            {"engine_version": "6.2"},
            "",
            "'6.2' of valkey is not known here; known versions: 9, 8, 7, 9.1, 9.0, 8.2, 8.1, 8.0",
        ),
        (
            {"engine": "redis", "engine_version": "8"},
            "",
            "engine_version '8' of redis is not known here; known versions: 7, 7.1, 7.0",
        ),
        (
            {"engine_version": 8.2},
            "engine_version",
            '8.2 is not valid: a version is text: write it in quotes, "8.2"',
        ),
        ({"engine": "memcached"}, "engine", "allowed: 'valkey' or 'redis'"),
        ({"auth": "token"}, "auth", "allowed: 'password' or 'iam'"),
        ({"password_version": 0}, "password_version", "greater than or equal to 1"),
        ({"snapshot_retention_days": 36}, "snapshot_retention_days", "less than or equal to 35"),
        ({"access_string": "off ~* +@all"}, "access_string", "must begin with 'on'"),
        (
            {"access_string": "on ~* +@all nopass"},
            "",
            "access_string: passwords are no part of it; see auth",
        ),
        ({"serverless": {"max_gib": 0}}, "serverless.max_gib", "greater than or equal to 1"),
        (
            {"serverless": {"max_ecpu_per_second": 10}},
            "serverless.max_ecpu_per_second",
            "greater than or equal to 1000",
        ),
        ({"engin": "redis"}, "engin", "did you mean 'engine'?"),
    ],
)
def test_bad_input_is_refused_by_name(args: dict[str, object], path: str, reason: str):
    problems = refusal(**args)
    assert list(problems) == [path]
    assert reason in problems[path]


def test_all_problems_are_told_at_once():
    problems = refusal(
        engine="mysql",
        snapshot_window="later",
        password_version=0,
        nodes={"node_type": "big", "replicas": 9},
    )
    assert problems.keys() == {
        "engine",
        "snapshot_window",
        "password_version",
        "nodes.node_type",
        "nodes.replicas",
    }


def test_a_password_in_the_access_string_is_not_repeated_in_the_error():
    assert refusal(access_string="on >hunter22 ~* +@all") == {
        "": "access_string: passwords are no part of it; see auth"
    }


def test_an_output_can_not_decide_which_resources_exist():
    assert "must be a plain value" in refusal(engine=pulumi.Output.from_input("redis"))["engine"]


def test_a_long_name_is_refused():
    with pytest.raises(InvalidInput, match="at most 40"):
        plan_cache(cast("CacheArgs", WIRING), "Cache", "c" * 41)
