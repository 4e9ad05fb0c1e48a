from collections.abc import Mapping

import pytest

from simulator.report.exposure import Origin, Reach, origin_of, reaches, ways_out
from simulator.report.graph import graph_of
from tests.unit.reports import Deployment, platform


def reached(made: Deployment) -> tuple[Reach, ...]:
    report = made.report()
    return reaches(report, graph_of(report))


def test_a_rule_leads_from_what_has_one_group_to_what_has_the_other():
    (reach,) = reached(platform())
    assert reach == Reach(
        Origin.COMPONENT,
        "eks Cluster cluster-eks",
        "msk Cluster kafka-cluster",
        "kafka",
        "tcp 9098",
        "kafka-from-cluster",
    )


@pytest.mark.parametrize(
    ("cidr", "kind", "shown"),
    [
        ("0.0.0.0/0", Origin.INTERNET, "anywhere"),
        ("::/0", Origin.INTERNET, "anywhere"),
        ("8.8.8.0/24", Origin.INTERNET, "8.8.8.0/24"),
        ("10.0.0.0/16", Origin.NETWORK, "10.0.0.0/16"),
        ("[unknown]", Origin.NETWORK, "[unknown]"),
    ],
)
def test_where_a_range_is(cidr: str, kind: Origin, shown: str):
    assert origin_of(cidr) == (kind, shown)


@pytest.mark.parametrize(
    ("rule", "ports", "origins"),
    [
        (
            {"cidrIpv4": "10.0.0.0/8", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443},
            "tcp 443",
            ["10.0.0.0/8"],
        ),
        ({"cidrIpv6": "::/0", "ipProtocol": "-1"}, "all", ["anywhere"]),
        (
            {"prefixListId": "pl-1", "ipProtocol": "udp", "fromPort": 1, "toPort": 9},
            "udp 1 to 9",
            ["prefix list pl-1"],
        ),
        (
            {"referencedSecurityGroupId": "sg-11111111", "ipProtocol": "-1"},
            "all",
            ["itself"],
        ),
    ],
)
def test_rules(rule: Mapping[str, object], ports: str, origins: list[str]):
    made = Deployment()
    made.add("aws:ec2/securityGroup:SecurityGroup", "group", id="sg-11111111")
    made.add(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "rule",
        inputs={"securityGroupId": "sg-11111111", **rule},
    )
    found = reached(made)
    assert [reach.origin for reach in found] == origins
    assert {reach.ports for reach in found} == {ports}
    assert {reach.target for reach in found} == {"security group group"}


def test_rules_within_a_group_count_too():
    made = Deployment()
    ports = {"protocol": "tcp", "fromPort": 80, "toPort": 80}
    inputs = {"ingress": [{"cidrBlocks": ["0.0.0.0/0", "10.0.0.0/8"], **ports}]}
    made.add("aws:ec2/securityGroup:SecurityGroup", "g", id="sg-11111111", inputs=inputs)
    assert [(r.kind, r.origin) for r in reached(made)] == [
        (Origin.INTERNET, "anywhere"),
        (Origin.NETWORK, "10.0.0.0/8"),
    ]


def test_many_holders_of_a_group_are_counted():
    made = Deployment()
    network = made.component("Network", "network")
    made.add("aws:ec2/securityGroup:SecurityGroup", "g", parent=network, id="sg-11111111")
    for number in range(3):
        inputs = {"securityGroupIds": ["sg-11111111"]}
        made.add("aws:ec2/vpcEndpoint:VpcEndpoint", f"e{number}", parent=network, inputs=inputs)
    rule = {"securityGroupId": "sg-11111111", "cidrIpv4": "10.0.0.0/8", "ipProtocol": "-1"}
    made.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "r", inputs=rule)
    assert [reach.target for reach in reached(made)] == ["3 of VpcEndpoint in network"]


@pytest.mark.parametrize(
    ("type_", "closed", "opened"),
    [
        (
            "aws:eks/cluster:Cluster",
            {"vpcConfig": {"endpointPublicAccess": False}},
            {"vpcConfig": {"endpointPublicAccess": True}},
        ),
        ("aws:lb/loadBalancer:LoadBalancer", {"internal": True}, {"internal": False}),
        ("aws:mq/broker:Broker", {"publiclyAccessible": False}, {"publiclyAccessible": True}),
        (
            "aws:msk/cluster:Cluster",
            {},
            {
                "brokerNodeGroupInfo": {
                    "connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}
                }
            },
        ),
        (
            "aws:apigateway/restApi:RestApi",
            {"endpointConfiguration": {"types": "PRIVATE"}},
            {"endpointConfiguration": {"types": "REGIONAL"}},
        ),
    ],
)
def test_public_endpoints(type_: str, closed: Mapping[str, object], opened: Mapping[str, object]):
    for inputs, kinds in ((closed, []), (opened, [Origin.INTERNET])):
        made = Deployment()
        made.add(type_, "it", inputs=inputs)
        assert [reach.kind for reach in reached(made)] == kinds


def test_an_api_behind_an_allow_list_is_on_the_internet_for_those_on_it():
    made = Deployment()
    config = {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]}
    made.add("aws:eks/cluster:Cluster", "eks", inputs={"vpcConfig": config})
    (reach,) = reached(made)
    assert (reach.kind, reach.origin) == (Origin.INTERNET, "203.0.113.0/24")


def test_a_balancer_is_open_on_its_listeners_ports():
    made = Deployment()
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/edge/1"
    made.add("aws:lb/loadBalancer:LoadBalancer", "edge", id=arn)
    for port in (443, 80):
        listener = {"loadBalancerArn": arn, "port": port}
        made.add("aws:lb/listener:Listener", f"edge-{port}", inputs=listener)
    (reach,) = reached(made)
    assert (reach.target, reach.ports) == ("lb LoadBalancer edge", "tcp 443, 80")


def test_a_balancer_with_known_security_groups_is_as_open_as_they_are():
    made = Deployment()
    made.add("aws:ec2/securityGroup:SecurityGroup", "edge", id="sg-11111111")
    balancer = {"securityGroups": ["sg-11111111"], "internal": False}
    made.add("aws:lb/loadBalancer:LoadBalancer", "edge", inputs=balancer)
    rule = {"securityGroupId": "sg-11111111", "cidrIpv4": "10.0.0.0/8", "ipProtocol": "-1"}
    made.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "r", inputs=rule)
    assert [(r.origin, r.target) for r in reached(made)] == [("10.0.0.0/8", "lb LoadBalancer edge")]


def test_the_ways_out_are_told():
    report = platform().report()
    assert ways_out(report, graph_of(report)) == (("network", "NatGateway network-nat-1"),)
