"""What a cache registers: every resource's inputs, and the order between them."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from components._base.iam import Statement, document
from components._base.secret import read_secret_statements
from components.cache import Cache, CacheArgs, connect_statements
from simulator.cloud.core import Cloud
from tests.harness import Recorder, Registration, build
from tests.iam_lint import LOGS_KEY, lint

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache"
USER = "aws:elasticache/user:User"
USER_GROUP = "aws:elasticache/userGroup:UserGroup"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
SECRET = "aws:secretsmanager/secret:Secret"
SECRET_VALUE = "aws:secretsmanager/secretVersion:SecretVersion"
PASSWORD = "random:index/randomPassword:RandomPassword"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
KEY = "aws:kms/key:Key"

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
CLIENTS = {"cluster": "sg-0000000000000000c", "lambda": "sg-0000000000000000d"}


def cache(name: str = "cache", **args: object) -> Recorder[Cache]:
    wiring: dict[str, object] = {
        "vpc_id": "vpc-0a1b2c3d4e5f60718",
        "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
        "clients": CLIENTS,
        "tags": {"team": "core"},
    }
    return build(lambda: Cache(name, cast("CacheArgs", {**wiring, **args})))


@functools.cache
def default() -> Recorder[Cache]:
    return cache(alarm_topic_arn=TOPIC)


@functools.cache
def sharded() -> Recorder[Cache]:
    return cache(
        protect=True,
        engine_version="8.1",
        nodes={
            "cluster_mode": "enabled",
            "shards": 2,
            "replicas": 1,
            "node_type": "cache.r6gd.xlarge",
            "maxmemory_policy": "allkeys-lfu",
            "keyspace_events": "Ex",
            "parameters": {"timeout": "300"},
            "maintenance_window": "Tue:01:00-Tue:02:00",
            "log_retention_days": 90,
            "final_snapshot": True,
            "apply_immediately": False,
        },
        snapshot_retention_days=35,
    )


@functools.cache
def serverless() -> Recorder[Cache]:
    return cache(protect=True, serverless={"max_gib": 5, "max_ecpu_per_second": 2000})


@functools.cache
def iam() -> Recorder[Cache]:
    return cache(auth="iam", engine="redis")


def inputs(cloud: Recorder[Cache], type_: str, name: str | None = None) -> Mapping[str, object]:
    return cloud.one(type_, name).inputs


def parameters(cloud: Recorder[Cache]) -> dict[str, str]:
    found = cast("Sequence[Mapping[str, str]]", inputs(cloud, PARAMETERS)["parameters"])
    return {item["name"]: item["value"] for item in found}


def test_exactly_what_a_cache_is_made_of():
    counts: dict[str, int] = {}
    for resource in default().resources:
        counts[resource.type] = counts.get(resource.type, 0) + 1
    assert counts == {
        "fastapi-platform:index:Cache": 1,
        KEY: 1,
        "aws:kms/alias:Alias": 1,
        SECURITY_GROUP: 1,
        INGRESS: 2,
        "random:index/randomString:RandomString": 1,
        PASSWORD: 2,
        USER: 2,
        USER_GROUP: 1,
        SECRET: 1,
        SECRET_VALUE: 1,
        SUBNETS: 1,
        PARAMETERS: 1,
        LOG_GROUP: 2,
        GROUP: 1,
        ALARM: 3 * 6,
    }
    assert all(r.parent is default().named("cache") for r in default().resources if r.custom)


def test_everything_is_tagged():
    for cloud in (default(), serverless()):
        taggable = [r for r in cloud.resources if r.custom and "tags" in r.inputs]
        assert len(taggable) >= 12
        for resource in taggable:
            tags = cast("Mapping[str, str]", resource.inputs["tags"])
            assert (tags["team"], tags["Name"]) == ("core", resource.name)


def test_encrypted_on_the_wire_and_on_disk_with_a_key_of_its_own():
    for cloud in (default(), sharded(), iam()):
        group = inputs(cloud, GROUP)
        assert group["transitEncryptionEnabled"] is True
        assert group["transitEncryptionMode"] == "required"
        assert group["atRestEncryptionEnabled"] is True
        assert group["kmsKeyId"] == cloud.output(cloud.result.key_arn)
    assert inputs(serverless(), SERVERLESS)["kmsKeyId"] == serverless().output(
        serverless().result.key_arn
    )
    key = inputs(default(), KEY)
    assert key["enableKeyRotation"] is True
    assert "CloudWatchLogs" in str(key["policy"])


def test_three_nodes_over_zones_with_failover_by_default():
    group = inputs(default(), GROUP)
    assert group["numCacheClusters"] == 3
    assert "numNodeGroups" not in group
    assert "replicasPerNodeGroup" not in group
    assert (group["multiAzEnabled"], group["automaticFailoverEnabled"]) == (True, True)
    assert (group["clusterMode"], group["nodeType"]) == ("disabled", "cache.r7g.large")
    assert (group["engine"], group["port"]) == ("valkey", 6379)


def test_one_node_is_in_one_zone():
    cloud = cache(nodes={"replicas": 0})
    group = inputs(cloud, GROUP)
    assert group["numCacheClusters"] == 1
    assert (group["multiAzEnabled"], group["automaticFailoverEnabled"]) == (False, False)
    assert [a.name for a in cloud.all(ALARM)] == [
        "cache-node-1-connections",
        "cache-node-1-cpu",
        "cache-node-1-engine-cpu",
        "cache-node-1-evictions",
        "cache-node-1-memory",
    ]


def test_cluster_mode_has_shards_of_replicas_and_one_endpoint():
    group = inputs(sharded(), GROUP)
    assert (group["numNodeGroups"], group["replicasPerNodeGroup"]) == (2, 1)
    assert "numCacheClusters" not in group
    assert group["clusterMode"] == "enabled"
    assert group["dataTieringEnabled"] is True
    primary = sharded().output(sharded().result.primary_endpoint)
    assert str(primary).startswith("clustercfg.cache-group-")
    assert sharded().output(sharded().result.reader_endpoint) == primary


def test_endpoints_of_a_cache_without_shards():
    result = default().result
    assert str(default().output(result.primary_endpoint)).startswith("master.cache-group-")
    assert str(default().output(result.reader_endpoint)).startswith("replica.cache-group-")
    assert (default().output(result.port), default().output(result.reader_port)) == (6379, 6379)


def test_parameters_are_only_those_that_differ_from_the_engines():
    """What AWS already has as its default would show a difference in every preview."""
    assert parameters(default()) == {}
    assert parameters(sharded()) == {
        "cluster-enabled": "yes",
        "maxmemory-policy": "allkeys-lfu",
        "notify-keyspace-events": "Ex",
        "timeout": "300",
    }


def test_each_family_has_a_parameter_group_of_its_own():
    """An upgrade makes the new group before it leaves the old one, which is in use until then."""
    names = {default().one(PARAMETERS).name, sharded().one(PARAMETERS).name}
    names |= {iam().one(PARAMETERS).name, cache(engine_version="9").one(PARAMETERS).name}
    assert names == {"cache-valkey8", "cache-valkey8-cluster", "cache-redis7", "cache-valkey9"}
    assert inputs(iam(), PARAMETERS)["family"] == "redis7"


def test_an_upgrade_by_aws_is_no_difference_and_a_pinned_version_is_ours():
    """With auto minor upgrades the version in AWS is newer than the one created, and going back to
    it would be a replacement."""
    auto, pinned = default().one(GROUP), sharded().one(GROUP)
    assert auto.inputs["autoMinorVersionUpgrade"] is True
    assert auto.ignore_changes == ("engineVersion",)
    assert auto.inputs["engineVersion"] == "8.2"
    assert pinned.inputs["autoMinorVersionUpgrade"] is False
    assert pinned.ignore_changes == ()
    assert pinned.inputs["engineVersion"] == "8.1"


def test_snapshots_and_windows():
    group = inputs(sharded(), GROUP)
    assert (group["snapshotRetentionLimit"], group["snapshotWindow"]) == (35, "03:00-04:00")
    assert group["maintenanceWindow"] == "tue:01:00-tue:02:00"
    assert str(group["finalSnapshotIdentifier"]).endswith("-final")
    assert group["applyImmediately"] is False
    plain = inputs(default(), GROUP)
    assert "finalSnapshotIdentifier" not in plain
    assert plain["applyImmediately"] is True


def test_slow_and_engine_logs_are_delivered_as_json_to_encrypted_groups():
    found = cast(
        "Sequence[Mapping[str, str]]", inputs(sharded(), GROUP)["logDeliveryConfigurations"]
    )
    assert {item["logType"] for item in found} == {"slow-log", "engine-log"}
    assert {item["logFormat"] for item in found} == {"json"}
    assert {item["destinationType"] for item in found} == {"cloudwatch-logs"}
    groups = sharded().all(LOG_GROUP)
    assert {item["destination"] for item in found} == {g.inputs["name"] for g in groups}
    for group in groups:
        assert str(group.inputs["name"]).startswith("/aws/vendedlogs/elasticache/cache-")
        assert group.inputs["retentionInDays"] == 90
        assert group.inputs["kmsKeyId"] == sharded().output(sharded().result.key_arn)


def test_nobody_may_do_anything_and_the_application_what_is_not_dangerous():
    nobody = inputs(default(), USER, "cache-default-user")
    assert (nobody["userName"], nobody["accessString"]) == ("default", "off ~* -@all")
    assert nobody["userId"] != "default"
    user = inputs(default(), USER, "cache-user")
    assert user["accessString"] == "on ~* &* +@all -@dangerous +info"
    assert user["userId"] == user["userName"]
    group = inputs(default(), USER_GROUP)
    assert group["userIds"] == [nobody["userId"], user["userId"]]
    assert inputs(default(), GROUP)["userGroupIds"] == [group["userGroupId"]]
    assert inputs(serverless(), SERVERLESS)["userGroupId"] == group["userGroupId"]


def test_no_user_is_without_a_password():
    """Valkey's groups refuse users without one, and Redis lets them in."""
    for cloud in (default(), iam(), serverless()):
        for user in cloud.all(USER):
            mode = cast("Mapping[str, object]", user.inputs["authenticationMode"])
            assert mode["type"] in ("password", "iam")
            assert mode["type"] == "iam" or mode["passwords"]
            assert "noPasswordRequired" not in user.inputs


def test_users_are_of_the_engine_that_a_cache_keeps_on_its_way_to_valkey():
    for cloud in (default(), iam()):
        users = [*cloud.all(USER), *cloud.all(USER_GROUP)]
        assert len(users) == 3
        assert {u.inputs["engine"] for u in users} == {"redis"}


def passwords(cloud: Recorder[Cache]) -> list[str]:
    mode = inputs(cloud, USER, "cache-user")["authenticationMode"]
    return cast("Mapping[str, list[str]]", mode)["passwords"]


def test_first_password_needs_no_second_step_and_a_new_one_leaves_the_old_one_good():
    """Field report 19: a token that was added with ROTATE left the empty one good, and a change
    needs ROTATE and then SET. There is no token here: the first password is there from the start,
    and a change has the new one beside the one before, and only that."""
    versions = [cache(password_version=version) for version in (1, 2, 3)]
    for cloud in versions:
        assert "authToken" not in inputs(cloud, GROUP)
        assert "authTokenUpdateStrategy" not in inputs(cloud, GROUP)
    first, second, third = map(passwords, versions)
    assert (len(first), len(second), len(third)) == (1, 2, 2)
    assert second[1] == first[0]
    assert third[1] == second[0]
    assert first[0] not in third


def test_a_leaked_password_is_cut_off_by_a_step_of_two():
    assert not set(passwords(cache(password_version=1))) & set(passwords(cache(password_version=3)))


def test_only_the_version_makes_another_password():
    made = {r.name: r.inputs["keepers"] for r in cache(password_version=2).all(PASSWORD)}
    assert made == {
        "cache-default-user-password": {"version": "1"},
        "cache-user-v1-password": {"version": "1"},
        "cache-user-v2-password": {"version": "2"},
    }
    changed = cache(password_version=2, engine="redis", nodes={"replicas": 1}, protect=True)
    assert {r.name: r.inputs["keepers"] for r in changed.all(PASSWORD)} == made


def test_the_secret_holds_the_newest_password_once_the_cache_takes_it():
    cloud = cache(password_version=2)
    value = cloud.one(SECRET_VALUE)
    content = json.loads(str(value.inputs["secretString"]))
    assert content["password"] == passwords(cloud)[0]
    assert content["username"] == cloud.output(cloud.result.user_name)
    assert content["user_arn"] == cloud.output(cloud.result.user_arn)
    assert cloud.comes_after(value, cloud.one(USER, "cache-user"))
    assert cloud.one(SECRET).inputs["kmsKeyId"] == cloud.output(cloud.result.key_arn)


def test_iam_auth_has_no_password_and_no_secret():
    user = inputs(iam(), USER, "cache-user")
    assert user["authenticationMode"] == {"type": "iam"}
    assert iam().none(SECRET)
    assert [r.name for r in iam().all(PASSWORD)] == ["cache-default-user-password"]
    assert iam().output(iam().result.secret_arn) == ""


def test_clients_are_admitted_by_group_and_nobody_else():
    rules = default().all(INGRESS)
    assert [(r.name, r.inputs["referencedSecurityGroupId"]) for r in rules] == [
        ("cache-from-cluster", CLIENTS["cluster"]),
        ("cache-from-lambda", CLIENTS["lambda"]),
    ]
    assert all((r.inputs["fromPort"], r.inputs["toPort"]) == (6379, 6379) for r in rules)
    assert not any("cidrIpv4" in r.inputs or "cidrIpv6" in r.inputs for r in rules)
    assert not inputs(default(), SECURITY_GROUP).keys() & {"ingress", "egress"}
    ports = [(r.name, r.inputs["fromPort"]) for r in serverless().all(INGRESS)]
    assert ports == [
        ("cache-from-cluster-cache", 6379),
        ("cache-from-cluster-reader", 6380),
        ("cache-from-lambda-cache", 6379),
        ("cache-from-lambda-reader", 6380),
    ]


def test_nothing_but_the_rules_waits_for_a_client():
    """The cache can be created beside the cluster, not after it."""

    class Both(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Both", "both", {})
            own = pulumi.ResourceOptions(parent=self)
            client = aws.ec2.SecurityGroup("client", vpc_id="vpc-1", opts=own)
            args = cast(
                "CacheArgs",
                {"vpc_id": "vpc-1", "subnet_ids": ["a", "b"], "clients": {"cluster": client.id}},
            )
            Cache("cache", args, opts=own)
            self.register_outputs({})

    cloud = build(Both)
    client = cloud.named("client")
    waiting = [r for r in cloud.resources if r.custom and cloud.comes_after(r, client)]
    assert {r.name for r in waiting if r is not client} == {"cache-from-cluster"}


def test_what_can_not_be_had_again_is_protected():
    kept = {r.name for r in sharded().resources if r.protect}
    assert kept == {"cache-group", "cache-key", "cache-user-secret"}
    assert {r.name for r in serverless().resources if r.protect} == {
        "cache-serverless",
        "cache-key",
        "cache-user-secret",
    }
    assert [r.name for r in default().resources if r.protect] == []


def test_a_serverless_cache():
    made = inputs(serverless(), SERVERLESS)
    assert made["majorEngineVersion"] == "8"
    assert made["cacheUsageLimits"] == {
        "dataStorage": {"maximum": 5, "unit": "GB"},
        "ecpuPerSeconds": [{"maximum": 2000}],
    }
    assert (made["dailySnapshotTime"], made["snapshotRetentionLimit"]) == ("03:00", 7)
    assert serverless().none(GROUP)
    assert serverless().none(PARAMETERS)
    assert serverless().none(LOG_GROUP)
    result = serverless().result
    name = serverless().output(result.cache_name)
    assert ".serverless.euw1." in str(serverless().output(result.primary_endpoint))
    assert serverless().output(result.reader_port) == 6380
    assert serverless().output(result.arn) == (
        f"arn:aws:elasticache:eu-west-1:123456789012:serverlesscache:{name}"
    )


def of_node(cloud: Recorder[Cache], name: str) -> Registration:
    return cloud.one(ALARM, name)


def test_each_node_has_its_alarms_and_someone_is_told():
    members = {
        cast("Mapping[str, str]", a.inputs["dimensions"])["CacheClusterId"]
        for a in default().all(ALARM)
    }
    group_id = default().output(default().result.cache_name)
    assert members == {f"{group_id}-{number:03}" for number in (1, 2, 3)}
    for alarm in default().all(ALARM):
        assert alarm.inputs["namespace"] == "AWS/ElastiCache"
        assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [TOPIC]
    lag = of_node(default(), "cache-node-2-replication-lag").inputs
    assert (lag["metricName"], lag["threshold"]) == ("ReplicationLag", 10)
    shards = {
        cast("Mapping[str, str]", a.inputs["dimensions"])["CacheClusterId"].split("-", 3)[-1]
        for a in sharded().all(ALARM)
    }
    assert shards == {"0001-001", "0001-002", "0002-001", "0002-002"}


@pytest.mark.parametrize(
    ("suffix", "metric", "threshold"),
    [
        ("cpu", "CPUUtilization", 90),
        ("engine-cpu", "EngineCPUUtilization", 90),
        ("memory", "DatabaseMemoryUsagePercentage", 90),
        ("evictions", "Evictions", 100),
        ("connections", "CurrConnections", 10_000),
        ("replication-lag", "ReplicationLag", 10),
    ],
)
def test_alarms_of_a_node(suffix: str, metric: str, threshold: float):
    alarm = of_node(default(), f"cache-node-1-{suffix}").inputs
    assert (alarm["metricName"], alarm["threshold"]) == (metric, threshold)
    assert alarm["comparisonOperator"] == "GreaterThanThreshold"


def test_alarms_of_a_serverless_cache_are_near_its_limits():
    alarms = {str(a.inputs["metricName"]): a.inputs for a in serverless().all(ALARM)}
    assert alarms.keys() == {
        "BytesUsedForCache",
        "CurrConnections",
        "ElastiCacheProcessingUnits",
        "Evictions",
        "ThrottledCmds",
    }
    assert alarms["BytesUsedForCache"]["threshold"] == 4 * 1024**3
    assert alarms["ElastiCacheProcessingUnits"]["threshold"] == 2000 * 60 * 0.8
    name = serverless().output(serverless().result.cache_name)
    assert all(a["dimensions"] == {"clusterId": name} for a in alarms.values())


def test_names_fit_whatever_the_cache_is_called():
    name = "the-cache-of-the-orders-of-the-customers"
    assert len(name) == 40
    cloud = cache(name, nodes={"cluster_mode": "enabled", "replicas": 1})
    other = cache(f"{name[:-1]}z", serverless={})
    for built in (cloud, other):
        assert len(str(built.output(built.result.cache_name))) <= 40
        ids = [u.inputs["userId"] for u in built.all(USER)]
        ids.append(built.one(USER_GROUP).inputs["userGroupId"])
        assert len(ids) == 3
        assert all(len(str(id_)) <= 40 for id_ in ids)


STORE = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache-1"
LOGIN = "arn:aws:elasticache:eu-west-1:123456789012:user:cache-1"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cache-AbCdEf"
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-1111-4222-a333-444455556666"


def written(statements: list[Statement]) -> str:
    text = build(lambda: {"document": document(*statements)})
    return str(text.output(text.result["document"]))


@pytest.mark.parametrize(
    ("statements", "actions"),
    [
        (connect_statements(STORE, LOGIN), {"elasticache:Connect"}),
        (
            read_secret_statements(SECRET_ARN, KEY_ARN),
            {"kms:Decrypt", "secretsmanager:GetSecretValue"},
        ),
    ],
)
def test_what_a_consumer_is_allowed_is_least(statements: list[Statement], actions: set[str]):
    assert lint(written(statements)) == []
    assert {action for s in statements for action in s.actions} == actions
    assert not any("*" in str(resource) for s in statements for resource in s.resources)


def test_the_key_policy_passes_the_linter():
    assert lint(str(inputs(default(), KEY)["policy"]), allowed=LOGS_KEY) == []


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            {"multiAzEnabled": True, "numCacheClusters": 2},
            "multiAzEnabled: automatic failover must be enabled if multi-az is enabled",
        ),
        (
            {"automaticFailoverEnabled": True, "numCacheClusters": 1},
            "automaticFailoverEnabled: two or more nodes are needed",
        ),
        ({"userGroupIds": ["a"]}, "userGroupIds: need transitEncryptionEnabled"),
        ({"snapshotRetentionLimit": 36}, "snapshotRetentionLimit: at most 35 days"),
        ({"replicationGroupId": "a" * 41}, "at most 40"),
        ({"replicationGroupId": "a--b"}, "small letters, digits, single '-'"),
        ({"engine": "valkey"}, "engineVersion: is required for valkey"),
        (
            {"nodeType": "cache.r6gd.xlarge"},
            "dataTieringEnabled: r6gd nodes need it, and no others can have it",
        ),
    ],
)
def test_the_simulated_cloud_refuses_what_elasticache_does(args: dict[str, object], expected: str):
    _, problems = Cloud().check(GROUP, "it", {"description": "it", **args})
    assert any(expected in str(problem) for problem in problems), problems


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            {"authenticationMode": {"type": "iam"}, "userName": "other"},
            "User Id and User name must be same",
        ),
        (
            {"authenticationMode": {"type": "password", "passwords": ["a" * 20] * 3}},
            "authenticationMode.passwords: at most two",
        ),
        (
            {"authenticationMode": {"type": "password", "passwords": ["short"]}},
            "16 to 128 characters",
        ),
        (
            {"engine": "valkey", "authenticationMode": {"type": "no-password-required"}},
            "Valkey users need a password or IAM",
        ),
    ],
)
def test_the_simulated_cloud_refuses_users_as_elasticache_does(
    args: dict[str, object], expected: str
):
    base = {"userId": "me", "userName": "me", "engine": "redis", "accessString": "on ~* +@all"}
    _, problems = Cloud().check(USER, "it", {**base, **args})
    assert any(expected in str(problem) for problem in problems), problems
