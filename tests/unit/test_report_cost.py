import csv
from collections.abc import Mapping
from datetime import date

import pytest

from simulator.report.cost import Estimate, Line, estimate, is_free, items_of, over_budget
from simulator.report.cost_rules import RULES
from simulator.report.cost_usage import HOURS
from simulator.report.graph import graph_of
from simulator.report.model import Resource
from simulator.report.prices import TABLE, Price, Prices
from simulator.report.references import References
from tests.unit.reports import Deployment, platform, urn

ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8")))


def estimated(made: Deployment, region: str = "eu-west-1") -> Estimate:
    report = made.report(region=region)
    return estimate(report, graph_of(report))


def items(type_: str, inputs: Mapping[str, object]) -> dict[str, float]:
    resource = Resource(urn(type_, "it"), type_, inputs=inputs)
    return {item.price: item.quantity for item in items_of(resource, References({}))}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['key']}@{row['region']}" for row in ROWS])
def test_each_price_has_its_unit_region_source_and_date(row: dict[str, str]):
    assert float(row["usd"]) > 0
    assert row["unit"]
    assert row["region"] == "*" or row["region"].count("-") == 2
    assert len(row["source"]) > 10
    assert date(2026, 1, 1) <= date.fromisoformat(row["date"])


def test_each_price_is_there_once():
    keys = [(row["key"], row["region"]) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_a_region_s_own_price_comes_before_another_region_s():
    there = Price("x", 1, "hour", "us-east-1", "test", "2026-01-01")
    here = Price("x", 2, "hour", "eu-west-1", "test", "2026-01-01")
    prices = Prices({"x": {"us-east-1": there, "eu-west-1": here}})
    assert prices.find("x", "eu-west-1") is here
    assert prices.find("x", "us-east-1") is there
    assert prices.find("x", "eu-north-1") is there
    assert prices.find("y", "eu-west-1") is None


def test_a_price_of_elsewhere_is_marked_and_one_of_everywhere_is_not():
    made = Deployment()
    made.add("aws:eks/cluster:Cluster", "cluster-eks")
    made.add("aws:ec2/natGateway:NatGateway", "nat")
    marked = {line.what: line.elsewhere for line in estimated(made, "eu-north-1").lines}
    assert marked == {"control plane": False, "NAT gateway": True, "data through NAT": True}
    assert not any(line.elsewhere for line in estimated(made, "eu-west-1").lines)


CHARGED: list[tuple[str, Mapping[str, object], dict[str, float]]] = [
    ("aws:eks/cluster:Cluster", {}, {"eks.cluster": HOURS}),
    (
        "aws:eks/cluster:Cluster",
        {"upgradePolicy": {"supportType": "EXTENDED"}},
        {"eks.cluster.extended": HOURS},
    ),
    (
        "aws:eks/nodeGroup:NodeGroup",
        {"instanceTypes": ["m7g.large", "m6g.large"], "scalingConfig": {"desiredSize": 3}},
        {"ec2.m7g.large": 3 * HOURS, "ebs.gp3": 60},
    ),
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]},
        {"endpoint.hour": 3 * HOURS},
    ),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway"}, {}),
    (
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {"engine": "valkey", "nodeType": "cache.t4g.small", "numCacheClusters": 3},
        {"elasticache.valkey.cache.t4g.small": 3 * HOURS},
    ),
    (
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {
            "engine": "redis",
            "nodeType": "cache.r7g.large",
            "numNodeGroups": 2,
            "replicasPerNodeGroup": 2,
        },
        {"elasticache.redis.cache.r7g.large": 6 * HOURS},
    ),
    (
        "aws:mq/broker:Broker",
        {
            "engineType": "RabbitMQ",
            "deploymentMode": "CLUSTER_MULTI_AZ",
            "hostInstanceType": "mq.m7g.large",
        },
        {"mq.rabbitmq.mq.m7g.large": 3 * HOURS},
    ),
    (
        "aws:opensearch/domain:Domain",
        {
            "clusterConfig": {
                "instanceType": "m7g.large.search",
                "instanceCount": 3,
                "dedicatedMasterType": "m7g.medium.search",
                "dedicatedMasterCount": 3,
            },
            "ebsOptions": {"volumeSize": 100},
        },
        {
            "opensearch.m7g.large.search": 3 * HOURS,
            "opensearch.m7g.medium.search": 3 * HOURS,
            "opensearch.gp3": 300,
        },
    ),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricName": "CPU"}, {"alarm": 1}),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {"metricQueries": [{"id": "e", "expression": "a+b"}, {"metric": {"a": 1}}]},
        {"alarm": 1},
    ),
    (
        "aws:cloudwatch/logGroup:LogGroup",
        {"retentionInDays": 60},
        {"logs.ingest": 5, "logs.store": 10},
    ),
    ("aws:secretsmanager/secret:Secret", {"replicas": [{"region": "x"}]}, {"secret": 2}),
    (
        "aws:dynamodb/table:Table",
        {"billingMode": "PROVISIONED", "readCapacity": 5, "writeCapacity": 2},
        {
            "dynamodb.read-capacity": 5 * HOURS,
            "dynamodb.write-capacity": 2 * HOURS,
            "dynamodb.store": 25,
        },
    ),
    ("aws:backup/vault:Vault", {}, {"backup.gb": 100}),
    # 100,000 series of 87,600 samples; 2 bytes each, for 5 months
    ("aws:amp/workspace:Workspace", {}, {"amp.samples": 8760, "amp.store": 87.6}),
    ("aws:apigatewayv2/route:Route", {}, {}),
    ("aws:lambda/alias:Alias", {}, {}),
    ("aws:cognito/userPoolClient:UserPoolClient", {"allowedOauthFlows": ["code"]}, {}),
    (
        "aws:cognito/userPoolClient:UserPoolClient",
        {"allowedOauthFlows": ["client_credentials"]},
        {"cognito.client": 1, "cognito.tokens": 2},
    ),
    ("aws:lb/loadBalancer:LoadBalancer", {}, {"alb.hour": HOURS, "alb.lcu": HOURS}),
    (
        "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch",
        {
            "spec": {
                "nodeSets": [
                    {
                        "count": 3,
                        "volumeClaimTemplates": [
                            {"spec": {"resources": {"requests": {"storage": "50Gi"}}}}
                        ],
                    }
                ]
            }
        },
        {"ebs.gp3": 150},
    ),
    (
        "kubernetes:core/v1:PersistentVolumeClaim",
        {"spec": {"resources": {"requests": {"storage": "1Ti"}}}},
        {"ebs.gp3": 1024},
    ),
    ("kubernetes:core/v1:Namespace", {}, {}),
    ("aws:iam/role:Role", {}, {}),
]


@pytest.mark.parametrize(("type_", "inputs", "expected"), CHARGED)
def test_what_a_resource_is_charged_for(
    type_: str, inputs: Mapping[str, object], expected: dict[str, float]
):
    assert items(type_, inputs) == expected


def test_a_node_group_s_disks_come_from_its_launch_template():
    made = Deployment()
    disks = [{"ebs": {"volumeSize": 4}}, {"ebs": {"volumeSize": "50"}}]
    made.add(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "template",
        id="lt-0123456789",
        inputs={"blockDeviceMappings": disks},
    )
    group = {
        "instanceTypes": ["t4g.large"],
        "scalingConfig": {"desiredSize": 2},
        "launchTemplate": {"id": "lt-0123456789"},
    }
    made.add("aws:eks/nodeGroup:NodeGroup", "nodes", inputs=group)
    (line,) = [line for line in estimated(made).lines if line.what == "node disks"]
    assert line.quantity == 108


def test_warm_instances_have_the_memory_of_their_function():
    made = Deployment()
    made.add(
        "aws:lambda/function:Function", "api", id="spending-api-01", inputs={"memorySize": 512}
    )
    warm = {"functionName": "spending-api-01", "provisionedConcurrentExecutions": 4}
    type_ = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
    made.add(type_, "warm", inputs=warm)
    (line,) = [line for line in estimated(made).lines if line.what == "warm instances"]
    assert line.quantity == 4 * 0.5 * HOURS * 3600
    assert line.assumption.startswith("4 instances of 0.5 GiB")


def test_an_unknown_price_is_unknown_and_never_zero():
    made = Deployment()
    made.add("aws:neptune/cluster:Cluster", "graph")
    made.add("aws:eks/cluster:Cluster", "cluster-eks")
    cost = estimated(made)
    assert [(line.what, line.monthly) for line in cost.unknown] == [("Cluster", None)]
    assert cost.total == pytest.approx(73)


def test_what_is_alike_is_one_line_with_all_names():
    made = Deployment()
    component = made.component("Network", "network")
    for zone in range(3):
        made.add("aws:ec2/natGateway:NatGateway", f"nat-{zone}", parent=component)
    lines = {line.what: line for line in estimated(made).lines}
    assert lines["NAT gateway"].resources == ("nat-0", "nat-1", "nat-2")
    assert lines["NAT gateway"].monthly == pytest.approx(3 * HOURS * 0.048)


def test_every_line_says_what_it_assumes():
    lines = estimated(platform()).lines
    assert lines
    assert all(line.assumption for line in lines)


def test_the_sum_of_the_components_is_the_total_dearest_first():
    cost = estimated(platform())
    sums = cost.by_component()
    assert sum(sums.values()) == pytest.approx(cost.total)
    assert list(sums.values()) == sorted(sums.values(), reverse=True)


def test_no_type_is_both_charged_and_free():
    # buckets are charged, all else of S3 that a stack makes is not: the rule comes first
    assert [type_ for type_ in RULES if is_free(type_)] == ["aws:s3/bucket:Bucket"]


def line(monthly: float | None) -> Line:
    price = None if monthly is None else Price("x", monthly, "month", "*", "test", "2026-01-01")
    return Line("network", "x", ("x",), 1, "test", price)


def test_a_budget_that_holds_says_nothing():
    assert over_budget("dev", Estimate("eu-west-1", (line(100),)), 100) is None
    assert over_budget("dev", Estimate("eu-west-1", (line(100),)), None) is None


def test_a_budget_that_breaks_says_by_how_much_and_what_is_not_in_it():
    cost = Estimate("eu-west-1", (line(1100), line(None)))
    assert over_budget("dev", cost, 1000) == (
        "stack 'dev' would cost about $1,100.00 a month, $100.00 over the budget of $1,000.00; "
        "1 of unknown price would come on top"
    )
