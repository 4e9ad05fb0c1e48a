"""What only lists allow: networks and families of instances."""

import pytest

from policies import families
from policies.allowlists import CLUSTER
from policies.configuration import configuration_problems
from policies.families import NODE_POOL, SIZED, family_of
from policies.pack import POLICIES
from simulator.cloud.schema import input_problems
from tests.policies.verdict import UNKNOWN, Inputs, verdict

NETWORKS, FAMILIES = "allowed-networks", "allowed-instance-families"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
KNOWN = {"cidrs": ["10.0.0.0/8", "2001:db8::/32"]}


def opening(source: object, port: object = 9000, **more: object) -> Inputs:
    ports: Inputs = {"ipProtocol": "tcp", "fromPort": port, "toPort": port}
    return {**ports, "cidrIpv4": source, **more}


@pytest.mark.parametrize(
    ("inputs", "passes"),
    [
        (opening("10.1.0.0/16"), True),
        (opening("10.0.0.0/8"), True),
        (opening("0.0.0.0/0", 443), True),
        (opening(None, referencedSecurityGroupId="sg-1"), True),
        (opening(None, cidrIpv6="2001:db8:7::/48"), True),
        (opening("192.0.2.0/24"), False),
        (opening("10.0.0.0/7"), False),
        (opening("nonsense"), False),
        (opening(None, cidrIpv6="2001:db9::/32"), False),
        (opening("0.0.0.0/0", 443, toPort=444), False),
        (opening("0.0.0.0/0", 443, ipProtocol="-1"), False),
    ],
)
def test_rules_let_in_known_networks(inputs: Inputs, *, passes: bool) -> None:
    assert verdict(NETWORKS, INGRESS, inputs, config=KNOWN).passed is passes
    assert verdict(NETWORKS, INGRESS, inputs).passed, "without a list, all are allowed"


def test_what_is_not_known_of_a_rule_is_undecided() -> None:
    assert verdict(NETWORKS, INGRESS, opening(UNKNOWN), config=KNOWN).undecided
    assert verdict(NETWORKS, INGRESS, opening("192.0.2.0/24", UNKNOWN), config=KNOWN).undecided
    assert verdict(NETWORKS, INGRESS, opening("10.0.0.0/9", UNKNOWN), config=KNOWN).passed
    assert verdict(NETWORKS, INGRESS, opening(UNKNOWN, 443), config=KNOWN).passed


def test_groups_and_the_cluster_are_looked_at_too() -> None:
    rule = {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["192.0.2.0/24"]}
    (message,) = verdict(NETWORKS, GROUP, {"ingress": [rule]}, config=KNOWN).violations
    assert "lets in 192.0.2.0/24, which is in none of the networks that may" in message

    def endpoint(cidrs: object, public: object = True) -> Inputs:
        return {"vpcConfig": {"endpointPublicAccess": public, "publicAccessCidrs": cidrs}}

    assert verdict(NETWORKS, CLUSTER, endpoint(["10.0.0.0/8"]), config=KNOWN).passed
    assert verdict(NETWORKS, CLUSTER, endpoint(["192.0.2.0/24"]), config=KNOWN).violations
    assert verdict(NETWORKS, CLUSTER, endpoint(None), config=KNOWN).violations
    assert verdict(NETWORKS, CLUSTER, endpoint(None, public=False), config=KNOWN).passed
    assert verdict(NETWORKS, CLUSTER, endpoint(UNKNOWN), config=KNOWN).undecided
    assert verdict(NETWORKS, CLUSTER, endpoint(None, UNKNOWN), config=KNOWN).undecided
    wide = {**KNOWN, "ports": ["22"]}
    assert verdict(NETWORKS, INGRESS, opening("0.0.0.0/0", 22), config=wide).passed
    assert verdict(NETWORKS, INGRESS, opening("0.0.0.0/0", 443), config=wide).violations


@pytest.mark.parametrize(
    ("cidr", "words"),
    [
        ("10.0.0.0", "must match"),
        ("10.0.0.0/33", "must match"),
        ("300.0.0.0/8", "'300.0.0.0/8' does not appear to be an IPv4 or IPv6 network"),
        ("10.0.0.1/8", "10.0.0.1/8 has host bits set; a network is needed, such as 10.0.0.0/8"),
        ("2001:db8::/32", ""),
        ("10.0.0.0/8", ""),
    ],
)
def test_a_network_of_the_settings_is_one(cidr: str, words: str) -> None:
    problems = list(configuration_problems({NETWORKS: {"cidrs": [cidr]}}, POLICIES))
    assert len(problems) == bool(words)
    assert all(f"{NETWORKS}.cidrs[0]: " in each and words in each for each in problems)


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("m7g.large", "m7g"),
        ("kafka.m7g.large", "m7g"),
        ("express.m7g.large", "m7g"),
        ("db.r6gd.xlarge", "r6gd"),
        ("r7g.large.search", "r7g"),
        ("ra3.xlplus", "ra3"),
        ("u-6tb1.metal", "u-6tb1"),
        ("db.serverless", None),
    ],
)
def test_a_family_is_told_from_a_type(kind: str, family: str | None) -> None:
    assert family_of(kind) == family


def at(path: str, value: object) -> Inputs:
    """Return inputs with a value at a policy's path, in lists of one."""
    step, _, rest = path.partition(".")
    key = step.removesuffix("[]")
    content = at(rest, value) if rest else value
    return {key: content if key == step else [content]}


@pytest.mark.parametrize(("type_", "path"), [(t, p) for t, paths in SIZED.items() for p in paths])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_instances_are_of_allowed_families(type_: str, path: str) -> None:
    only = {"families": ["m7*", "r7g"]}
    assert verdict(FAMILIES, type_, at(path, "m7g.large"), config=only).passed
    assert verdict(FAMILIES, type_, at(path, "p5.large"), config=only).violations
    assert verdict(FAMILIES, type_, at(path, "p5.large")).passed
    assert verdict(FAMILIES, type_, at(path, "m3.large")).violations
    assert verdict(FAMILIES, type_, at(path, UNKNOWN)).undecided
    assert verdict(FAMILIES, type_, {}).passed
    problems = input_problems(type_, at(path, "m7g.large"))
    assert [p for p in problems if "not a property" in p.reason] == []


def pool(*requirements: Inputs) -> Inputs:
    return {"spec": {"template": {"spec": {"requirements": list(requirements)}}}}


def one_of(key: str, *values: object, operator: str = "In") -> Inputs:
    return {"key": key, "operator": operator, "values": list(values)}


@pytest.mark.parametrize(
    ("requirement", "passes"),
    [
        (one_of(families.OF_FAMILY, "m7g", "c7g"), True),
        (one_of(families.OF_TYPE, "m7g.large"), True),
        (one_of(families.OF_CATEGORY, "m"), True),
        (one_of(families.OF_FAMILY, "m7g", "p5"), False),
        (one_of(families.OF_CATEGORY, "m", "t"), False),
        (one_of(families.OF_CATEGORY, "c"), False),
        (one_of(families.OF_FAMILY, "p5", operator="NotIn"), False),
        (one_of("kubernetes.io/arch", "arm64"), False),
    ],
)
def test_node_pools_start_allowed_families(requirement: Inputs, *, passes: bool) -> None:
    only = {"families": ["m*", "c7g"]}
    assert verdict(FAMILIES, NODE_POOL, pool(requirement), config=only).passed is passes
    assert verdict(FAMILIES, NODE_POOL, pool(requirement)).passed


def test_node_pools_to_come_are_undecided() -> None:
    only = {"families": ["m*"]}
    hidden = pool(one_of(families.OF_FAMILY, UNKNOWN))
    assert verdict(FAMILIES, NODE_POOL, hidden, config=only).undecided
    unknown: Inputs = {"spec": UNKNOWN}
    assert verdict(FAMILIES, NODE_POOL, unknown, config=only).undecided
    assert verdict(FAMILIES, NODE_POOL, pool(one_of(families.OF_FAMILY, "m1"))).violations
