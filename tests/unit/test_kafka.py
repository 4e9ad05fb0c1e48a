"""What a Kafka cluster registers: every resource's inputs, who gets in, and what waits for what."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pulumi
import pulumi_aws as aws
import pytest

from components._base.errors import InvalidInput
from components._base.iam import Statement, document
from components.kafka import Kafka, KafkaArgs, consume_statements, produce_statements
from simulator.cloud.core import Cloud, CloudError
from tests.harness import Recorder, build
from tests.iam_lint import lint

CLUSTER = "aws:msk/cluster:Cluster"
SERVERLESS = "aws:msk/serverlessCluster:ServerlessCluster"
CONFIGURATION = "aws:msk/configuration:Configuration"
TOPIC = "aws:msk/topic:Topic"
KEY = "aws:kms/key:Key"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
TARGET = "aws:appautoscaling/target:Target"
POLICY = "aws:appautoscaling/policy:Policy"

LOG_DELIVERY = ("UNKNOWN_CONDITION_FOR_ACTION", "MISMATCHED_TYPE")
"""The statement that AWS itself gives for log groups: parliament knows the context's keys as text,
and not for DescribeKey. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

WIRING = {
    "vpc_id": "vpc-1",
    "subnet_ids": ["subnet-1", "subnet-2", "subnet-3"],
    "zone_count": 3,
    "clients": {"cluster": "sg-nodes"},
}
ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/kafka-1/abc-2"


def kafka(**given: object) -> Callable[[], Kafka]:
    return lambda: Kafka("kafka", cast("KafkaArgs", {**WIRING, **given}))


class Whole(pulumi.ComponentResource):
    """A cluster whose client is a resource, as in a platform."""

    kafka: Kafka

    def __init__(self) -> None:
        super().__init__("test:index:Whole", "whole", {})
        own = pulumi.ResourceOptions(parent=self)
        client = aws.ec2.SecurityGroup("nodes", vpc_id="vpc-1", opts=own)
        self.kafka = Kafka(
            "kafka",
            cast(
                "KafkaArgs",
                {
                    **WIRING,
                    "clients": {"cluster": client.id, "functions": "sg-functions"},
                    "scrapers": {"cluster": client.id},
                    "brokers": 6,
                    "topics": {
                        "orders": {"partitions": 12, "config": {"retention.ms": "1000"}},
                        "order.events": {},
                    },
                    "lag_alarms": {"billing": {"group": "billing", "topic": "orders"}},
                    "alarm_topic_arn": "arn:aws:sns:eu-west-1:123456789012:alarms",
                    "protect": True,
                    "tags": {"team": "core"},
                },
            ),
            opts=own,
        )
        self.register_outputs({})


@functools.cache
def whole() -> Recorder[Whole]:
    return build(Whole)


@functools.cache
def default() -> Recorder[Kafka]:
    return build(kafka())


@functools.cache
def express() -> Recorder[Kafka]:
    return build(kafka(mode="express", topics={"orders": {}}))


@functools.cache
def serverless() -> Recorder[Kafka]:
    lag = {"billing": {"group": "billing", "topic": "orders"}}
    return build(kafka(mode="serverless", lag_alarms=lag))


# The cluster


def test_clients_come_with_iam_and_over_tls_and_no_other_way():
    cluster = default().one(CLUSTER).inputs
    assert cluster["clientAuthentication"] == {
        "sasl": {"iam": True, "scram": False},
        "unauthenticated": False,
    }
    encryption = cast("Mapping[str, object]", cluster["encryptionInfo"])
    assert encryption["encryptionInTransit"] == {"clientBroker": "TLS", "inCluster": True}


def test_data_and_logs_are_encrypted_with_a_key_of_their_own():
    key = whole().one(KEY)
    cluster = whole().one(CLUSTER)
    encryption = cast("Mapping[str, str]", cluster.inputs["encryptionInfo"])
    assert ":kms:" in encryption["encryptionAtRestKmsKeyArn"]
    assert whole().comes_after(cluster, key)
    assert whole().one(LOGS).inputs["kmsKeyId"] == encryption["encryptionAtRestKmsKeyArn"]
    assert key.inputs["enableKeyRotation"] is True
    assert lint(str(key.inputs["policy"]), allowed=LOG_DELIVERY) == []


def test_brokers_are_sized_as_asked():
    cluster = whole().one(CLUSTER).inputs
    assert cluster["kafkaVersion"] == "4.1.x.kraft"
    assert cluster["numberOfBrokerNodes"] == 6
    nodes = cast("Mapping[str, object]", cluster["brokerNodeGroupInfo"])
    assert nodes["instanceType"] == "kafka.m7g.large"
    assert nodes["clientSubnets"] == ["subnet-1", "subnet-2", "subnet-3"]
    assert nodes["storageInfo"] == {"ebsStorageInfo": {"volumeSize": 100}}
    assert "connectivityInfo" not in nodes  # private: no public addresses
    assert "rebalancing" not in cluster
    assert "storageMode" not in cluster


def test_metrics_and_logs_leave_the_brokers():
    cluster = default().one(CLUSTER).inputs
    exporter = {"enabledInBroker": True}
    assert cluster["openMonitoring"] == {
        "prometheus": {"jmxExporter": exporter, "nodeExporter": exporter}
    }
    assert cluster["enhancedMonitoring"] == "DEFAULT"
    logs = default().one(LOGS)
    delivery = cast("Mapping[str, Mapping[str, object]]", cluster["loggingInfo"])["brokerLogs"]
    to = cast("Mapping[str, object]", delivery["cloudwatchLogs"])
    assert to["enabled"] is True
    assert str(to["logGroup"]).startswith("kafka-broker-logs-")
    assert logs.urn in default().one(CLUSTER).property_dependencies["loggingInfo"]
    assert logs.inputs["retentionInDays"] == 90


def test_monitoring_follows_the_settings():
    made = build(
        kafka(
            monitoring_level="perTopicPerBroker",
            open_monitoring=False,
            scrapers={"cluster": "sg-nodes"},
            broker_log_retention_days=30,
            storage={"tiered": True},
        )
    )
    cluster = made.one(CLUSTER).inputs
    assert cluster["enhancedMonitoring"] == "PER_TOPIC_PER_BROKER"
    assert cluster["storageMode"] == "TIERED"
    assert json.dumps(cluster["openMonitoring"]).count("false") == 2
    assert made.one(LOGS).inputs["retentionInDays"] == 30
    assert [rule.inputs["fromPort"] for rule in made.all(INGRESS)] == [9098]


def test_a_changed_property_reaches_the_brokers_by_its_revision():
    """Field report 21: no pinned versions, and the cluster follows the latest revision."""
    configuration = default().one(CONFIGURATION)
    assert "kafkaVersions" not in configuration.inputs
    assert "unclean.leader.election.enable=false\n" in str(configuration.inputs["serverProperties"])
    cluster = default().one(CLUSTER)
    info = cast("Mapping[str, object]", cluster.inputs["configurationInfo"])
    assert info["revision"] == 1
    assert str(info["arn"]).startswith("arn:aws:kafka:eu-west-1:123456789012:configuration/")
    assert configuration.urn in cluster.property_dependencies["configurationInfo"]


def test_the_description_does_not_change_with_the_properties():
    """Field report 21: of another description the provider would not foresee the new revision."""
    other = build(kafka(server_properties={"num_partitions": 9})).one(CONFIGURATION)
    mine = default().one(CONFIGURATION)
    assert other.inputs["description"] == mine.inputs["description"]
    assert other.inputs["serverProperties"] != mine.inputs["serverProperties"]


# Storage


def test_disks_grow_by_themselves_and_never_shrink():
    target, policy = default().one(TARGET), default().one(POLICY)
    assert target.inputs["resourceId"] == default().output(default().result.cluster_arn)
    assert (target.inputs["minCapacity"], target.inputs["maxCapacity"]) == (100, 500)
    tracking = cast(
        "Mapping[str, object]", policy.inputs["targetTrackingScalingPolicyConfiguration"]
    )
    assert tracking["disableScaleIn"] is True
    assert tracking["targetValue"] == 60
    assert tracking["predefinedMetricSpecification"] == {
        "predefinedMetricType": "KafkaBrokerStorageUtilization"
    }
    assert default().comes_after(policy, target)


def test_a_disk_that_grew_is_no_difference():
    ignored = default().one(CLUSTER).ignore_changes
    assert ignored == ("brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize",)


def test_a_disk_that_may_not_grow_is_followed():
    fixed = build(kafka(storage={"volume_gib": 50, "max_volume_gib": 50}))
    assert fixed.none(TARGET)
    assert fixed.none(POLICY)
    assert fixed.one(CLUSTER).ignore_changes == ()


# Topics


def test_topics_are_resources():
    topics = whole().all(TOPIC)
    assert [t.inputs["name"] for t in topics] == ["order.events", "orders"]
    assert [t.inputs["partitionCount"] for t in topics] == [3, 12]
    assert [t.inputs["replicationFactor"] for t in topics] == [3, 3]
    assert "configs" not in topics[0].inputs
    assert json.loads(str(topics[1].inputs["configs"])) == {"retention.ms": "1000"}


def test_whoever_is_told_of_brokers_or_topics_finds_the_topics():
    made = whole().result.kafka
    assert whole().output(made.topic_names) == ["order.events", "orders"]

    class Reader(pulumi.ComponentResource):
        kafka: Kafka

        def __init__(self) -> None:
            super().__init__("test:index:Reader", "reader", {})
            own = pulumi.ResourceOptions(parent=self)
            self.kafka = Kafka("kafka", cast("KafkaArgs", {**WIRING, "topics": {"a": {}}}), own)
            aws.ssm.Parameter(
                "brokers", type="String", value=self.kafka.bootstrap_brokers, opts=own
            )
            self.register_outputs({})

    cloud = build(Reader)
    assert cloud.comes_after(cloud.named("brokers"), cloud.one(TOPIC))


# Access


def test_only_named_clients_reach_the_brokers_and_only_scrapers_their_metrics():
    rules = {
        r.name: (r.inputs["fromPort"], r.inputs["referencedSecurityGroupId"])
        for r in whole().all(INGRESS)
    }
    assert set(rules) == {
        "kafka-from-cluster",
        "kafka-from-cluster-jmx",
        "kafka-from-cluster-node",
        "kafka-from-functions",
    }
    assert rules["kafka-from-functions"] == (9098, "sg-functions")
    assert [rules[f"kafka-from-cluster-{n}"][0] for n in ("jmx", "node")] == [11001, 11002]
    assert [r for r in whole().all(INGRESS) if "cidrIpv4" in r.inputs] == []


def test_no_plaintext_port_is_open():
    ports = {r.inputs["fromPort"] for r in whole().all(INGRESS)}
    assert ports == {9098, 11001, 11002}
    assert "ingress" not in whole().one(GROUP, "kafka-access").inputs


def test_nothing_but_the_rules_waits_for_the_clients():
    """Not even the component: what is in it would wait too, ten minutes for an EKS cluster."""
    client = whole().named("nodes")
    waiting = {r.type for r in whole().resources if whole().comes_after(r, client)}
    assert waiting - {client.type} == {INGRESS}


# Modes


def test_prometheus_is_told_all_brokers_that_serve_metrics_and_not_some():
    made = build(kafka(brokers=6))
    hosts = cast("Sequence[str]", made.output(made.result.broker_hosts))
    some = str(made.output(made.result.bootstrap_brokers)).split(",")
    assert len(hosts) == 6 > len(some)
    assert {host.rsplit(":", 1)[0] for host in some} < set(hosts)
    assert [host.split(".")[0] for host in hosts] == [f"b-{number}" for number in range(1, 7)]
    for made in (build(kafka(open_monitoring=False)), serverless()):
        assert made.output(made.result.broker_hosts) == []


def test_express_brokers_have_no_disks_to_size():
    cluster = express().one(CLUSTER)
    nodes = cast("Mapping[str, object]", cluster.inputs["brokerNodeGroupInfo"])
    assert "storageInfo" not in nodes
    assert nodes["instanceType"] == "express.m7g.large"
    assert cluster.inputs["rebalancing"] == {"status": "ACTIVE"}
    assert cluster.ignore_changes == ()
    assert express().none(TARGET)
    properties = str(express().one(CONFIGURATION).inputs["serverProperties"])
    assert "replication.factor" not in properties
    assert express().one(TOPIC).inputs["replicationFactor"] == 3


def test_a_serverless_cluster_has_iam_only_and_is_private():
    cluster = serverless().one(SERVERLESS).inputs
    assert cluster["clientAuthentication"] == {"sasl": {"iam": {"enabled": True}}}
    (place,) = cast("Sequence[Mapping[str, object]]", cluster["vpcConfigs"])
    assert place["subnetIds"] == ["subnet-1", "subnet-2", "subnet-3"]
    assert len(cast("list[str]", place["securityGroupIds"])) == 1
    for type_ in (CLUSTER, CONFIGURATION, TOPIC, KEY, LOGS, TARGET):
        assert serverless().none(type_)
    assert [a.name for a in serverless().all(ALARM)] == ["kafka-lag-billing"]


@pytest.mark.parametrize("mode", ["provisioned", "express", "serverless"])
def test_every_mode_has_the_same_outputs(mode: str):
    made = build(kafka(mode=mode))
    brokers = str(made.output(made.result.bootstrap_brokers))
    assert brokers
    assert all(broker.endswith(":9098") for broker in brokers.split(","))
    name = str(made.output(made.result.cluster_name))
    assert f":cluster/{name}/" in str(made.output(made.result.cluster_arn))
    assert str(made.output(made.result.security_group_id)).startswith("sg-")
    assert made.output(made.result.topic_names) == []


# Alarms


def test_the_cluster_and_each_broker_are_watched():
    names = [alarm.name for alarm in whole().all(ALARM)]
    assert len(names) == 2 + 3 * 6 + 1
    assert {"kafka-controller", "kafka-offline-partitions", "kafka-lag-billing"} < set(names)
    for broker in range(1, 7):
        for suffix in ("cpu", "disk", "under-replicated"):
            alarm = whole().one(ALARM, f"kafka-broker-{broker}-{suffix}").inputs
            dimensions = cast("Mapping[str, str]", alarm["dimensions"])
            assert dimensions["Broker ID"] == str(broker)
            assert dimensions["Cluster Name"] == whole().output(whole().result.kafka.cluster_name)


def test_a_lagging_group_is_told_of():
    alarm = whole().one(ALARM, "kafka-lag-billing").inputs
    assert (alarm["metricName"], alarm["threshold"]) == ("SumOffsetLag", 10000)
    dimensions = cast("Mapping[str, str]", alarm["dimensions"])
    assert (dimensions["Consumer Group"], dimensions["Topic"]) == ("billing", "orders")
    assert alarm["alarmActions"] == alarm["okActions"]
    assert alarm["alarmActions"] == ["arn:aws:sns:eu-west-1:123456789012:alarms"]


def test_express_brokers_are_not_watched_for_what_they_have_no_metric_of():
    metrics = {a.inputs["metricName"] for a in express().all(ALARM)}
    assert metrics == {"ActiveControllerCount", "OfflinePartitionsCount", "CpuIdle"}


def test_without_a_topic_nobody_is_told():
    assert {len(cast("list[str]", a.inputs["alarmActions"])) for a in default().all(ALARM)} == {0}


# Protection, names, tags


def test_what_holds_data_is_protected():
    protected = {r.type for r in whole().resources if r.protect}
    assert protected == {CLUSTER, TOPIC, KEY, LOGS}
    assert build(kafka(mode="serverless", protect=True)).one(SERVERLESS).protect
    assert [r.name for r in default().resources if r.protect] == []


def test_everything_is_tagged_and_belongs_to_the_component():
    own = [r for r in whole().resources if r.name.startswith("kafka-")]
    assert len(own) > 30
    for resource in own:
        assert resource.parent
        assert resource.parent.type == "fastapi-platform:index:Kafka"
        if "tags" in resource.inputs:
            tags = cast("Mapping[str, str]", resource.inputs["tags"])
            assert (tags["team"], tags["Name"]) == ("core", resource.name)
    tagless = {r.type for r in own if "tags" not in r.inputs}
    assert tagless == {CONFIGURATION, TOPIC, POLICY, "aws:kms/alias:Alias"}


def test_names_fit_whatever_the_stack_is_called():
    name = "k" + "a" * 39
    made = build(lambda: Kafka(name, cast("KafkaArgs", WIRING)), stack="s" * 40)
    physical = str(made.output(made.result.cluster_name))
    assert physical.startswith(f"{name}-cluster-")
    assert len(physical) <= 64


def test_as_many_subnets_as_zones_are_needed():
    with pytest.raises(InvalidInput, match="subnet_ids: 3 subnets; zone_count says 2"):
        build(kafka(zone_count=2))


# Statements for services


def policy(
    statements: Callable[[], Sequence[Statement]],
) -> Mapping[str, Mapping[str, object]]:
    class Holder(pulumi.ComponentResource):
        text: pulumi.Output[str]

        def __init__(self) -> None:
            super().__init__("test:index:Holder", "holder", {})
            self.text = document(*statements())
            self.register_outputs({})

    made = build(Holder)
    text = str(made.output(made.result.text))
    assert lint(text) == []
    return {
        str(s["Sid"]): s for s in cast("list[Mapping[str, object]]", json.loads(text)["Statement"])
    }


def test_a_producer_writes_to_its_topics_only():
    made = policy(lambda: produce_statements(ARN, ["orders", "order.events"]))
    assert made["KafkaProducer"]["Resource"] == [ARN]
    assert made["KafkaProducer"]["Action"] == [
        "kafka-cluster:Connect",
        "kafka-cluster:WriteDataIdempotently",
    ]
    assert made["KafkaProduce"]["Action"] == [
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:WriteData",
    ]
    topic = ARN.replace(":cluster/", ":topic/")
    assert made["KafkaProduce"]["Resource"] == [f"{topic}/orders", f"{topic}/order.events"]
    assert set(made) == {"KafkaProducer", "KafkaProduce"}


def test_transactions_are_for_who_names_them():
    made = policy(lambda: produce_statements(ARN, ["orders"], transactional_ids=["billing-1"]))
    assert made["KafkaTransact"]["Resource"] == [
        f"{ARN.replace(':cluster/', ':transactional-id/')}/billing-1"
    ]


def test_a_consumer_reads_its_topics_in_its_groups_only():
    made = policy(lambda: consume_statements(ARN, ["orders"], ["billing"]))
    assert made["KafkaConsumer"]["Action"] == ["kafka-cluster:Connect"]
    assert made["KafkaConsume"]["Action"] == [
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:ReadData",
    ]
    assert made["KafkaConsume"]["Resource"] == [f"{ARN.replace(':cluster/', ':topic/')}/orders"]
    assert made["KafkaGroup"]["Action"] == [
        "kafka-cluster:AlterGroup",
        "kafka-cluster:DescribeGroup",
    ]
    assert made["KafkaGroup"]["Resource"] == [f"{ARN.replace(':cluster/', ':group/')}/billing"]


def test_a_service_can_do_both():
    made = policy(lambda: [*produce_statements(ARN, ["a"]), *consume_statements(ARN, ["b"], ["g"])])
    assert len(made) == 5  # by Sid: none is there twice


@pytest.mark.parametrize("name", ["*", "orders*", "order?", "", "${aws:username}"])
def test_wildcards_are_refused(name: str):
    with pytest.raises(InvalidInput, match="is a wildcard or empty; name each by itself"):
        produce_statements(ARN, [name])
    with pytest.raises(InvalidInput, match="groups: "):
        consume_statements(ARN, ["orders"], [name])
    with pytest.raises(InvalidInput, match="transactional_ids: "):
        produce_statements(ARN, ["orders"], transactional_ids=[name])


def test_statements_for_nothing_are_refused():
    with pytest.raises(InvalidInput, match="topics: name one or more"):
        produce_statements(ARN, [])
    with pytest.raises(InvalidInput, match="groups: name one or more"):
        consume_statements(ARN, ["orders"], [])


# What the simulated cloud says no to


def nodes(**given: object) -> dict[str, object]:
    return {
        "kafkaVersion": "4.1.x.kraft",
        "numberOfBrokerNodes": 3,
        "brokerNodeGroupInfo": {
            "instanceType": "kafka.m7g.large",
            "clientSubnets": ["a", "b", "c"],
            "securityGroups": ["g"],
            "storageInfo": {"ebsStorageInfo": {"volumeSize": 100}},
        },
        **given,
    }


def sized(kind: str, volume: int | None = 100) -> dict[str, object]:
    storage = {"storageInfo": {"ebsStorageInfo": {"volumeSize": volume}}} if volume else {}
    own = {"instanceType": kind, "clientSubnets": ["a", "b", "c"], "securityGroups": ["g"]}
    return {"brokerNodeGroupInfo": {**own, **storage}}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (nodes(numberOfBrokerNodes=4), "must be a multiple of the number of Availability Zones, 3"),
        (nodes(kafkaVersion="2.8.1"), "unsupported KafkaVersion 2.8.1"),
        (nodes(**sized("express.m7g.large")), "express brokers take no storage info"),
        (nodes(**sized("kafka.t3.small")), "kafka.t3.small is not for KRaft mode"),
        (nodes(**sized("kafka.m7g.large", 20000)), "is 20000, at most 16384 allowed"),
        (nodes(clusterName="k" * 65), "has 65 characters, at most 64 allowed"),
        (nodes(enhancedMonitoring="ALL"), "'ALL' is not one of DEFAULT, PER_BROKER"),
    ],
)
def test_the_cloud_refuses_what_msk_refuses(inputs: dict[str, object], expected: str):
    _, found = Cloud().check(CLUSTER, "k", inputs)
    assert any(expected in str(problem) for problem in found), found


def test_the_cloud_takes_more_brokers_than_botocore_knows():
    _, found = Cloud().check(CLUSTER, "k", nodes(numberOfBrokerNodes=18))
    assert found == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (nodes(kafkaVersion="3.9.x.kraft"), "can't be downgraded"),
        (nodes(**sized("kafka.m7g.large", 50)), "volumeSize: is 100 and can't be reduced to 50"),
        (nodes(**sized("express.m7g.large", None)), "standard and express can't be exchanged"),
    ],
)
def test_the_cloud_refuses_to_go_back(new: dict[str, object], expected: str):
    cloud = Cloud()
    old = {**nodes(), "clusterName": "k"}
    id_, state = cloud.create(CLUSTER, "urn:k", "k", old)
    with pytest.raises(CloudError, match=expected):
        cloud.update(CLUSTER, "urn:k", id_, state, {**new, "clusterName": "k"}, preview=False)
    larger = {**old, **sized("kafka.m7g.xlarge", 200), "numberOfBrokerNodes": 6}
    updated = cloud.update(CLUSTER, "urn:k", id_, state, larger, preview=False)
    assert updated["currentVersion"] != state["currentVersion"]


def test_the_cloud_refuses_to_take_partitions_away():
    """A partition's records would be lost; Kafka has no way, and no replacement is made of it."""
    cloud = Cloud()
    topic = {"clusterArn": ARN, "name": "t", "partitionCount": 6, "replicationFactor": 3}
    id_, state = cloud.create(TOPIC, "urn:t", "t", topic)
    assert id_ == f"{ARN},t"
    assert state["arn"] == f"{ARN.replace(':cluster/', ':topic/')}/t"
    with pytest.raises(CloudError, match="partitionCount: is 6 and can't be reduced to 3"):
        cloud.update(TOPIC, "urn:t", id_, state, {**topic, "partitionCount": 3}, preview=True)
    more = cloud.update(TOPIC, "urn:t", id_, state, {**topic, "partitionCount": 9}, preview=False)
    assert more["partitionCount"] == 9


def test_every_update_of_a_configuration_makes_a_revision():
    """Field report 21."""
    cloud = Cloud()
    old = {"name": "k", "serverProperties": "num.partitions=3\n"}
    id_, state = cloud.create(CONFIGURATION, "urn:c", "c", old)
    new = {**old, "serverProperties": "num.partitions=6\n"}
    assert state["latestRevision"] == 1
    updated = cloud.update(CONFIGURATION, "urn:c", id_, state, new, preview=False)
    assert updated["latestRevision"] == 2
    assert cloud.compare(CONFIGURATION, old, new).replaces == []
    pinned = {**old, "kafkaVersions": ["4.1.x.kraft"]}
    assert cloud.compare(CONFIGURATION, old, pinned).replaces == ["kafkaVersions"]


def test_the_cloud_has_no_topics_on_serverless_clusters():
    arn = ARN.replace("-2", "-s1")
    topic = {"clusterArn": arn, "name": "a b", "partitionCount": 1, "replicationFactor": 3}
    _, found = Cloud().check(TOPIC, "t", topic)
    assert [str(p).split(":")[0] for p in found] == ["name", "clusterArn"]


@pytest.mark.parametrize(
    ("type_", "inputs", "expected"),
    [
        (
            TARGET,
            {"minCapacity": 9, "maxCapacity": 5},
            "maxCapacity: is 5, less than minCapacity 9",
        ),
        (TARGET, {"serviceNamespace": "msk"}, "serviceNamespace: 'msk' is not one of ecs, "),
        (
            POLICY,
            {"policyType": "TargetTrackingScaling"},
            "targetTrackingScalingPolicyConfiguration: is required by policyType TargetTracking",
        ),
    ],
)
def test_the_cloud_refuses_scaling_that_makes_no_sense(
    type_: str, inputs: dict[str, object], expected: str
):
    _, found = Cloud().check(type_, "t", inputs)
    assert any(str(problem).startswith(expected) for problem in found), found
