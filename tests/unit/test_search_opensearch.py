"""An OpenSearch domain: what it is made of, who gets in, and what it waits for."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from components._base.errors import InvalidInput
from components._base.iam import document
from components.search import (
    OpenSearchArgs,
    OpenSearchDomain,
    SearchService,
    read_statements,
    read_write_statements,
)
from components.search.opensearch_domain import first_subnets
from tests.harness import Recorder, Registration, build
from tests.iam_lint import LOGS_KEY, lint

DOMAIN = "aws:opensearch/domain:Domain"
POLICY = "aws:opensearch/domainPolicy:DomainPolicy"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
KEY = "aws:kms/key:Key"
ROLE = "arn:aws:iam::123456789012:role/orders"

Json = Mapping[str, object]


def make(name: str = "search", **given: object) -> Recorder[OpenSearchDomain]:
    args = {
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
        "clients": {"cluster": "sg-nodes"},
        "tags": {"owner": "me"},
        **given,
    }
    return build(lambda: OpenSearchDomain(name, cast("OpenSearchArgs", args)))


@functools.cache
def production() -> Recorder[OpenSearchDomain]:
    return make(
        client_roles={"order-service": ROLE}, protect=True, alarm_topic_arn="arn:aws:sns:::topic"
    )


@functools.cache
def with_password() -> Recorder[OpenSearchDomain]:
    return make(auth="password", protect=True)


@functools.cache
def small() -> Recorder[OpenSearchDomain]:
    nodes = {"instance_type": "t3.small.search", "count": 1, "volume_gib": 10}
    return make(zones=1, nodes=nodes, admin_role_arn=ROLE)


def part(owner: Registration, *path: str) -> Json:
    found = owner.inputs
    for key in path:
        found = cast("Json", found[key])
    return found


def statements(text: object) -> Mapping[str, Json]:
    found = cast("Sequence[Json]", json.loads(str(text))["Statement"])
    return {str(statement["Sid"]): statement for statement in found}


def test_the_domain_is_in_the_vpc_in_three_zones_with_masters():
    domain = production().one(DOMAIN)
    assert domain.inputs["engineVersion"] == "OpenSearch_3.5"
    assert part(domain, "clusterConfig") == {
        "instanceType": "r7g.large.search",
        "instanceCount": 3,
        "dedicatedMasterEnabled": True,
        "dedicatedMasterType": "m7g.large.search",
        "dedicatedMasterCount": 3,
        "zoneAwarenessEnabled": True,
        "zoneAwarenessConfig": {"availabilityZoneCount": 3},
        "multiAzWithStandbyEnabled": False,
    }
    assert part(domain, "vpcOptions")["subnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]
    assert domain.parent is not None
    assert domain.parent.type == "fastapi-platform:index:OpenSearchDomain"


def test_it_is_encrypted_at_rest_among_its_nodes_and_to_its_clients():
    domain = production().one(DOMAIN)
    key = production().one(KEY)
    assert key.inputs["enableKeyRotation"] is True
    assert part(domain, "encryptAtRest")["enabled"] is True
    assert ":key/" in str(part(domain, "encryptAtRest")["kmsKeyId"])
    assert part(domain, "nodeToNodeEncryption") == {"enabled": True}
    assert part(domain, "domainEndpointOptions") == {
        "enforceHttps": True,
        "tlsSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
    }


def test_the_service_updates_and_tunes_it_off_peak():
    domain = production().one(DOMAIN)
    assert part(domain, "autoTuneOptions") == {
        "desiredState": "ENABLED",
        "rollbackOnDisable": "NO_ROLLBACK",
        "useOffPeakWindow": True,
    }
    assert part(domain, "offPeakWindowOptions") == {
        "enabled": True,
        "offPeakWindow": {"windowStartTime": {"hours": 21, "minutes": 0}},
    }
    assert part(domain, "softwareUpdateOptions") == {"autoSoftwareUpdateEnabled": True}


def test_burstable_nodes_in_one_zone_have_neither_tuning_nor_masters():
    domain = small().one(DOMAIN)
    assert part(domain, "autoTuneOptions")["desiredState"] == "DISABLED"
    assert part(domain, "clusterConfig") == {
        "instanceType": "t3.small.search",
        "instanceCount": 1,
        "dedicatedMasterEnabled": False,
        "zoneAwarenessEnabled": False,
        "multiAzWithStandbyEnabled": False,
    }
    assert part(domain, "vpcOptions")["subnetIds"] == ["subnet-a"]
    assert part(domain, "ebsOptions") == {
        "ebsEnabled": True,
        "volumeType": "gp3",
        "volumeSize": 10,
        "iops": 3000,
        "throughput": 125,
    }


def test_only_named_security_groups_get_in_and_by_https():
    (rule,) = production().all(RULE)
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (443, 443)
    group = production().one("aws:ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group.inputs
    assert make(clients={}).none(RULE)


def test_only_named_roles_may_call_when_requests_are_signed():
    found = statements(production().one(POLICY).inputs["accessPolicies"])
    assert list(found) == ["Admin", "ClientOrderService"]
    assert found["ClientOrderService"]["Principal"] == {"AWS": [ROLE]}
    assert ":role/search-admin-" in str(found["Admin"]["Principal"])
    security = part(production().one(DOMAIN), "advancedSecurityOptions")
    assert security["internalUserDatabaseEnabled"] is False
    assert "masterUserArn" in cast("Json", security["masterUserOptions"])
    assert production().none("aws:secretsmanager/secret:Secret")


def test_an_existing_role_may_administer():
    assert small().none("aws:iam/role:Role")
    security = part(small().one(DOMAIN), "advancedSecurityOptions")
    assert security["masterUserOptions"] == {"masterUserArn": ROLE}
    assert small().output(small().result.admin_role_arn) == ROLE


def test_a_password_is_generated_kept_in_secrets_manager_and_in_no_output():
    cloud = with_password()
    security = part(cloud.one(DOMAIN), "advancedSecurityOptions")
    master = cast("Mapping[str, str]", security["masterUserOptions"])
    assert security["internalUserDatabaseEnabled"] is True
    assert (master["masterUserName"], len(master["masterUserPassword"])) == ("admin", 32)
    stored = cloud.one("aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"]
    assert json.loads(str(stored)) == {
        "username": "admin",
        "password": master["masterUserPassword"],
    }
    password = cloud.one("random:index/randomPassword:RandomPassword")
    assert [password.inputs[key] for key in ("minLower", "minUpper", "minNumeric")] == [1, 1, 1]
    assert password.inputs["minSpecial"] == 1
    outputs = [cloud.output(value) for value in vars(cloud.result).values()]
    assert all(master["masterUserPassword"] not in str(value) for value in outputs)
    assert cloud.none("aws:iam/role:Role")


def test_whoever_gives_a_password_signs_nothing_so_the_policy_names_nobody():
    found = statements(with_password().one(POLICY).inputs["accessPolicies"])
    assert list(found) == ["WithPassword"]
    assert found["WithPassword"]["Principal"] == {"AWS": ["*"]}


def test_all_four_logs_are_published_to_groups_that_the_service_may_write():
    domain = production().one(DOMAIN)
    options = cast("Sequence[Json]", domain.inputs["logPublishingOptions"])
    assert [option["logType"] for option in options] == [
        "AUDIT_LOGS",
        "ES_APPLICATION_LOGS",
        "INDEX_SLOW_LOGS",
        "SEARCH_SLOW_LOGS",
    ]
    assert all(option["enabled"] is True for option in options)
    groups = production().all(LOGS)
    assert {group.inputs["retentionInDays"] for group in groups} == {90}
    assert all(":key/" in str(group.inputs["kmsKeyId"]) for group in groups)
    policy = production().one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy")
    (statement,) = statements(policy.inputs["policyDocument"]).values()
    assert statement["Principal"] == {"Service": ["es.amazonaws.com"]}
    assert len(cast("list[str]", statement["Resource"])) == 4
    name = domain.inputs["domainName"]
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": f"arn:aws:es:eu-west-1:123456789012:domain/{name}"},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }
    assert production().comes_after(domain, policy)


def test_trouble_is_told_to_the_topic():
    alarms = {alarm.name.removeprefix("search-"): alarm for alarm in production().all(ALARM)}
    assert sorted(alarms) == [
        *("cpu", "errors", "key", "master-cpu", "master-memory", "master-reachable", "memory"),
        *("nodes", "red", "snapshot", "storage", "writes-blocked", "yellow"),
    ]
    for alarm in alarms.values():
        assert alarm.inputs["alarmActions"] == ["arn:aws:sns:::topic"]
        assert alarm.inputs["okActions"] == ["arn:aws:sns:::topic"]
    name = production().one(DOMAIN).inputs["domainName"]
    assert alarms["red"].inputs["namespace"] == "AWS/ES"
    assert alarms["red"].inputs["dimensions"] == {"DomainName": name, "ClientId": "123456789012"}
    assert alarms["red"].inputs["statistic"] == "Maximum"
    assert alarms["storage"].inputs["comparisonOperator"] == "LessThanThreshold"


@pytest.mark.parametrize("cloud", [production, with_password])
def test_what_holds_data_is_protected(cloud: Callable[[], Recorder[OpenSearchDomain]]):
    kept = {r.type for r in cloud().resources if r.protect}
    secret = {"aws:secretsmanager/secret:Secret"} if cloud is with_password else set[str]()
    assert kept == {DOMAIN, KEY, LOGS} | secret
    assert not [r.name for r in make().resources if r.protect]


def test_the_domain_waits_for_no_client():
    """It is made beside the cluster; rules and policy follow when the client is there."""

    def program() -> OpenSearchDomain:
        client = aws.ec2.SecurityGroup("client", vpc_id="vpc-1")
        role = aws.iam.Role("client-role", assume_role_policy=json.dumps({"Statement": []}))
        return OpenSearchDomain(
            "search",
            {
                "vpc_id": "vpc-1",
                "subnet_ids": ["a", "b", "c"],
                "clients": {"cluster": client.id},
                "client_roles": {"orders": role.arn},
            },
        )

    cloud = build(program)
    clients = [cloud.named("client"), cloud.named("client-role")]
    waiting = {
        r.type
        for r in cloud.resources
        if r not in clients and r.custom and any(cloud.comes_after(r, c) for c in clients)
    }
    assert waiting == {RULE, POLICY}


def test_its_name_fits_whatever_the_component_is_called():
    long = make("search-for-everything-that-anybody-wants")
    name = str(long.one(DOMAIN).inputs["domainName"])
    assert len(name) <= 28
    assert name.startswith("search-for-e-")
    assert make("search-for-everything-that-anybody-needs").one(DOMAIN).inputs["domainName"] != name


def test_too_few_subnets_are_refused():
    assert first_subnets(["a", "b", "c"], 2, "search") == ["a", "b"]
    with pytest.raises(InvalidInput, match="subnet_ids: 2 given; zones 3 need one each"):
        first_subnets(["a", "b"], 3, "search")


def test_the_service_s_role_is_made_when_it_is_asked_for():
    cloud = make(service_linked_role=True)
    role = cloud.one("aws:iam/serviceLinkedRole:ServiceLinkedRole")
    assert role.inputs["awsServiceName"] == "opensearchservice.amazonaws.com"
    assert cloud.comes_after(cloud.one(DOMAIN), role)
    assert production().none("aws:iam/serviceLinkedRole:ServiceLinkedRole")


def test_consumers_get_all_they_need_by_outputs():
    service: SearchService = production().result
    cloud = production()
    assert str(cloud.output(service.endpoint)).startswith("https://vpc-search-")
    assert cloud.output(service.ca_secret) == ""
    assert cloud.output(service.secret) == ""
    assert str(cloud.output(service.security_group_id)).startswith("sg-")
    assert ":key/" in str(cloud.output(service.key_arn))
    assert ":secret:search-admin-" in str(with_password().output(with_password().result.secret))
    assert str(cloud.output(cloud.result.dashboard_url)).endswith("/_dashboards")


def test_the_endpoint_is_given_out_when_its_callers_are_let_in():
    def program() -> None:
        search = OpenSearchDomain(
            "search", {"vpc_id": "vpc-1", "subnet_ids": ["a", "b", "c"], "tags": {}}
        )
        aws.ssm.Parameter("endpoint", type="String", value=search.endpoint)

    cloud = build(program)
    assert cloud.comes_after(cloud.named("endpoint"), cloud.one(POLICY))


def test_every_policy_passes_the_linter():
    class Consumer(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Consumer", "consumer", {})
            arn = "arn:aws:es:eu-west-1:123456789012:domain/search"
            self.read = document(*read_statements(arn))
            self.write = document(*read_write_statements(arn))
            self.register_outputs({})

    consumer = build(Consumer)
    documents = [
        (str(r.inputs[key]), LOGS_KEY if r.type == KEY else ())
        for cloud in (production(), with_password())
        for r in cloud.resources
        for key in ("accessPolicies", "assumeRolePolicy", "policy", "policyDocument")
        if key in r.inputs
    ]
    read, write = (
        str(consumer.output(text)) for text in (consumer.result.read, consumer.result.write)
    )
    documents += [(read, ()), (write, ())]
    assert len(documents) == 10
    assert [found for text, allowed in documents for found in lint(text, allowed=allowed)] == []
    assert '"Resource":["arn:aws:es:eu-west-1:123456789012:domain/search/*"]' in write


def test_everything_is_tagged():
    taggable = [r for r in production().resources if r.custom and "tags" in r.inputs]
    assert len(taggable) == 22
    assert all(cast("Mapping[str, str]", r.inputs["tags"])["owner"] == "me" for r in taggable)
