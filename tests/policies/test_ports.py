"""Data ports are closed to the internet, in whatever form the rule comes."""

import pytest

from policies.ports import DATA_PORTS
from tests.policies.verdict import UNKNOWN, Inputs, verdict

RULE = "no-public-data-port"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
CLASSIC = "aws:ec2/securityGroupRule:SecurityGroupRule"


def rule(
    cidr: object = "0.0.0.0/0", first: object = 6379, last: object = None, protocol: object = "tcp"
) -> Inputs:
    key = "cidrIpv6" if isinstance(cidr, str) and ":" in cidr else "cidrIpv4"
    ports = {"fromPort": first, "toPort": first if last is None else last}
    return {"ipProtocol": protocol, key: cidr, **ports}


def classic(cidr: object = "0.0.0.0/0", port: object = 5432, protocol: object = "tcp") -> Inputs:
    key = "ipv6CidrBlocks" if isinstance(cidr, str) and ":" in cidr else "cidrBlocks"
    return {"protocol": protocol, "fromPort": port, "toPort": port, key: [cidr]}


@pytest.mark.parametrize("port", [6379, 6380, 11211, 9092, 9098, 2181, 9200, 5671, 3306, 5432])
@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "2000::/3"])
def test_a_data_port_open_to_the_internet_is_a_violation(port: int, cidr: str) -> None:
    (message,) = verdict(RULE, INGRESS, rule(cidr, port)).violations
    assert message.startswith(f"{RULE}: {INGRESS} 'it' opens port ")
    assert f" to {cidr}, " in message
    assert message.endswith("; name the clients' security group instead of a range of addresses.")


@pytest.mark.parametrize(
    "inputs",
    [
        rule(first=443),
        rule(first=80, last=443),
        rule("10.0.0.0/8"),
        rule("203.0.113.0/24"),
        rule("fd00::/48"),
        rule(protocol="icmp", first=-1),
        {"ipProtocol": "tcp", "fromPort": 6379, "toPort": 6379, "referencedSecurityGroupId": "sg"},
        {
            "ipProtocol": "tcp",
            "fromPort": 6379,
            "toPort": 6379,
            "referencedSecurityGroupId": UNKNOWN,
        },
        rule(UNKNOWN, first=443),
        rule("10.0.0.0/8", first=UNKNOWN),
    ],
)
def test_other_ports_and_other_sources_pass(inputs: Inputs) -> None:
    assert verdict(RULE, INGRESS, inputs).passed


@pytest.mark.parametrize(
    ("inputs", "reached"),
    [
        (rule(first=1, last=65535), "port 1433 (SQL Server)"),
        (rule(first=6300, last=6379), "port 6379-6380 (Redis and Valkey)"),
        (rule(protocol="-1", first=None), "every port"),
        (rule(protocol="udp", first=11211), "port 11211 (Memcached)"),
        (rule("anywhere"), "which is no CIDR"),
    ],
)
def test_ranges_and_all_traffic_cover_data_ports(inputs: Inputs, reached: str) -> None:
    (message,) = verdict(RULE, INGRESS, inputs).violations
    assert reached in message


@pytest.mark.parametrize(
    "inputs",
    [
        rule(UNKNOWN),
        rule(first=UNKNOWN),
        rule(protocol=UNKNOWN),
        {**rule("10.0.0.0/8"), "cidrIpv6": UNKNOWN},
    ],
)
def test_unknown_is_undecided(inputs: Inputs) -> None:
    result = verdict(RULE, INGRESS, inputs)
    assert result.undecided
    assert result.violations == ()


@pytest.mark.parametrize("type_", [GROUP, DEFAULT_GROUP])
def test_rules_inside_a_group_count(type_: str) -> None:
    good, bad, ipv6 = classic("10.0.0.0/8"), classic(), classic("::/0")
    assert verdict(
        RULE, type_, {"ingress": [good, {**bad, "fromPort": 5433, "toPort": 5433}]}
    ).passed
    assert len(verdict(RULE, type_, {"ingress": [good, bad, ipv6]}).violations) == 2
    assert verdict(RULE, type_, {}).passed
    assert verdict(RULE, type_, {"ingress": UNKNOWN}).undecided
    assert verdict(RULE, type_, {"ingress": [good, UNKNOWN]}).undecided
    assert verdict(RULE, type_, {"ingress": [{**bad, "cidrBlocks": UNKNOWN}]}).undecided
    assert verdict(RULE, type_, {"egress": [bad]}).passed


def test_classic_rules_count_when_they_let_in() -> None:
    assert verdict(RULE, CLASSIC, {"type": "ingress", **classic()}).violations
    assert verdict(RULE, CLASSIC, {"type": "egress", **classic()}).passed
    assert verdict(RULE, CLASSIC, {"type": UNKNOWN, **classic("10.0.0.0/8")}).passed
    assert verdict(RULE, CLASSIC, {"type": UNKNOWN, **classic()}).undecided


def test_ports_and_width_are_configurable() -> None:
    assert verdict(RULE, INGRESS, rule(), config={"ports": ["9092"]}).passed
    (message,) = verdict(
        RULE, INGRESS, rule(first=8080), config={"ports": ["8000-9000"]}
    ).violations
    assert "opens port 8000-9000 to 0.0.0.0/0" in message
    assert verdict(RULE, INGRESS, rule("10.0.0.0/8"), config={"widestIpv4Prefix": 16.0}).violations


def test_ports_are_in_order() -> None:
    first = [int(port.split("-")[0]) for port in DATA_PORTS]
    assert first == sorted(first)


def test_other_types_are_left_alone() -> None:
    assert verdict(RULE, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", rule()).passed
