"""The plan of a network: sizes, stability, and what is refused. No Pulumi engine involved."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from itertools import combinations
from typing import cast

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components._base.errors import InvalidInput
from components.network.args import InterfaceEndpoint, NatMode, NetworkArgs
from components.network.layout import EXTRA_BITS, MAX_ZONES, SMALLEST_SUBNET, Tier, lay_out
from components.network.plan import NetworkPlan, NewVpc, plan_network
from components.network.spec import ExistingVpcSpec, NetworkSpec

EXISTING = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "private_subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "data_subnet_ids": ["subnet-0000000000000000c", "subnet-0000000000000000d"],
}


def plan(**args: object) -> NetworkPlan:
    return plan_network(cast("NetworkArgs", args))


def new(**args: object) -> NewVpc:
    made = plan(**args).vpc
    assert isinstance(made, NewVpc)
    return made


def refusal(**args: object) -> Mapping[str, str]:
    with pytest.raises(InvalidInput) as error:
        plan(**args)
    return {problem.path: problem.reason for problem in error.value.problems}


def strings(networks: tuple[IPv4Network, ...]) -> list[str]:
    return [str(network) for network in networks]


def test_a_16_is_cut_into_known_subnets() -> None:
    made = new(cidr="10.0.0.0/16")
    assert {tier.value: strings(found) for tier, found in made.subnets.items()} == {
        "private": ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"],
        "public": ["10.0.192.0/22", "10.0.196.0/22", "10.0.200.0/22"],
        "data": ["10.0.204.0/22", "10.0.208.0/22", "10.0.212.0/22"],
    }
    assert strings(made.leftover) == ["10.0.216.0/21", "10.0.224.0/19"]
    assert made.usable_addresses == {
        "private": 16379,
        "public": 1019,
        "data": 1019,
        "leftover": 10240,
    }


def test_production_grade_defaults() -> None:
    made = plan(cidr="10.0.0.0/16")
    vpc = new(cidr="10.0.0.0/16")
    assert (vpc.zone_count, vpc.zone_names, vpc.nat) == (3, None, NatMode.PER_ZONE)
    assert (vpc.pod_cidr, vpc.pod_subnets) == (None, ())
    assert made.flow_logs is not None
    assert (made.flow_logs.retention_days, made.flow_logs.traffic.value) == (365, "ALL")
    assert made.interface_endpoints == ()


@pytest.mark.parametrize(("nat", "zones"), [("none", []), ("shared", [1]), ("perZone", [1, 2, 3])])
def test_zones_with_a_nat_gateway(nat: str, zones: list[int]) -> None:
    assert list(new(cidr="10.0.0.0/16", nat=nat).nat_zones) == zones


@pytest.mark.parametrize("prefix", range(16, 22))
def test_going_from_two_zones_to_three_moves_no_subnet(prefix: int) -> None:
    two = new(cidr=f"10.8.0.0/{prefix}", zone_count=2, pod_cidr="100.64.0.0/16")
    three = new(cidr=f"10.8.0.0/{prefix}", zone_count=3, pod_cidr="100.64.0.0/16")
    for tier in Tier:
        assert two.subnets[tier] == three.subnets[tier][:2]
        assert two.reserved[tier] == three.subnets[tier][2:]
    assert two.leftover == three.leftover
    assert two.pod_subnets == three.pod_subnets[:2]


def test_nothing_but_the_range_and_the_prefixes_moves_a_subnet() -> None:
    plain = new(cidr="10.0.0.0/16")
    other = new(
        cidr="10.0.0.0/16",
        nat="shared",
        pod_cidr="100.64.0.0/16",
        interface_endpoints=["sts", "ecr.api"],
        flow_logs={"enabled": False},
        availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    )
    assert plain.subnets == other.subnets


@given(
    vpc=st.integers(16, 21),
    sizes=st.dictionaries(st.sampled_from(Tier), st.integers(14, 30)),
)
def test_a_layout_never_overlaps_and_accounts_for_every_address(
    vpc: int, sizes: Mapping[Tier, int]
) -> None:
    cidr = IPv4Network(f"10.64.0.0/{vpc}")
    try:
        layout = lay_out(cidr, sizes)
    except ValueError:
        prefixes = [sizes.get(tier, vpc + EXTRA_BITS[tier]) for tier in Tier]
        needed = sum(MAX_ZONES * 2 ** (32 - prefix) for prefix in prefixes)
        bounded = all(vpc < prefix <= SMALLEST_SUBNET for prefix in prefixes)
        assert needed > cidr.num_addresses or not bounded
        return
    parts = [*layout.leftover, *(s for tier in layout.subnets.values() for s in tier)]
    assert all(part.subnet_of(cidr) for part in parts)
    assert not any(a.overlaps(b) for a, b in combinations(parts, 2))
    assert sum(part.num_addresses for part in parts) == cidr.num_addresses
    assert all(len(tier) == MAX_ZONES for tier in layout.subnets.values())
    assert all(s.prefixlen <= SMALLEST_SUBNET for tier in layout.subnets.values() for s in tier)


def test_given_prefixes_replace_the_computed_ones() -> None:
    made = new(cidr="10.0.0.0/16", subnet_prefixes={"private": 19, "data": 24})
    assert strings(made.subnets[Tier.PRIVATE]) == ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"]
    assert made.subnets[Tier.PUBLIC][0].prefixlen == 22
    assert made.subnets[Tier.DATA][0].prefixlen == 24


def test_prefixes_that_do_not_fit_are_refused_with_the_sum() -> None:
    problems = refusal(cidr="10.0.0.0/20", subnet_prefixes={"public": 22})
    assert problems == {
        "subnet_prefixes": (
            "3 x private /22 + 3 x public /22 + 3 x data /26 need 6,336 addresses, "
            "but 10.0.0.0/20 has 4,096 (room for 3 zones is always kept)"
        )
    }


def test_prefixes_out_of_bounds_are_refused() -> None:
    problems = refusal(cidr="10.0.0.0/16", subnet_prefixes={"public": 28, "data": 16})
    assert problems == {
        "subnet_prefixes": "public /28, data /16 out of bounds: in 10.0.0.0/16, /17 to /27 allowed"
    }


def test_pods_have_subnets_of_their_own_in_each_zone() -> None:
    made = new(cidr="10.0.0.0/16", zone_count=2, pod_cidr="100.64.0.0/16")
    assert strings(made.pod_subnets) == ["100.64.0.0/18", "100.64.64.0/18"]
    assert made.usable_addresses["pods"] == 16379


def test_whole_numbers_may_arrive_as_floats_from_other_languages() -> None:
    made = plan(cidr="10.0.0.0/16", zone_count=2.0, flow_logs={"retention_days": 30.0})
    assert isinstance(made.vpc, NewVpc)
    assert made.vpc.zone_count == 2
    assert made.flow_logs is not None
    assert made.flow_logs.retention_days == 30


NO_RANGE = "an IPv4 range such as 10.0.0.0/16 is needed"


@pytest.mark.parametrize(
    ("args", "path", "reason"),
    [
        ({}, "cidr", "is required"),
        ({"cidr": "10.0.0.0/22"}, "cidr", "too small; /16 to /21 allowed"),
        ({"cidr": "10.0.0.0/15"}, "cidr", "too large; /16 to /21 allowed"),
        ({"cidr": "10.0.0.1/16"}, "cidr", "did you mean '10.0.0.0/16'?"),
        ({"cidr": "10.0.0.0"}, "cidr", NO_RANGE),
        ({"cidr": "ten/16"}, "cidr", NO_RANGE),
        ({"cidr": 10}, "cidr", NO_RANGE),
        ({"cidr": "8.8.0.0/16"}, "cidr", "must lie within 10.0.0.0/8"),
        ({"cidr": "172.17.0.0/16"}, "cidr", "overlaps 172.17.0.0/16"),
        ({"cidr": "10.0.0.0/16", "pod_cidr": "10.0.0.0/16"}, "pod_cidr", "100.64.0.0/10"),
        ({"cidr": "10.0.0.0/16", "pod_cidr": "100.64.0.0/21"}, "pod_cidr", "too small"),
        ({"cidr": "10.0.0.0/16", "zone_count": 1}, "zone_count", "2 to 3 allowed"),
        ({"cidr": "10.0.0.0/16", "zone_count": 4}, "zone_count", "2 to 3 allowed"),
        ({"cidr": "10.0.0.0/16", "zone_count": "many"}, "zone_count", "whole number"),
        ({"cidr": "10.0.0.0/16", "nat": "one"}, "nat", "'none', 'shared' or 'perZone'"),
        ({"cidr": "10.0.0.0/16", "natt": "none"}, "natt", "did you mean 'nat'?"),
        (
            {"cidr": "10.0.0.0/16", "interface_endpoints": ["ecr"]},
            "interface_endpoints[0]",
            "'ecr.api', 'ecr.dkr'",
        ),
        (
            {"cidr": "10.0.0.0/16", "interface_endpoints": ["sts", "sts"]},
            "interface_endpoints",
            "listed twice: sts",
        ),
        (
            {"cidr": "10.0.0.0/16", "availability_zones": ["eu-west-1a"]},
            "availability_zones",
            "2 to 3 different zones",
        ),
        (
            {"cidr": "10.0.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1a"]},
            "availability_zones",
            "2 to 3 different zones",
        ),
        (
            {"cidr": "10.0.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-2b"]},
            "availability_zones",
            "one region",
        ),
        (
            {"cidr": "10.0.0.0/16", "availability_zones": ["a", "b"]},
            "availability_zones",
            "no zone names such as eu-central-1a: a, b",
        ),
        (
            {
                "cidr": "10.0.0.0/16",
                "availability_zones": ["eu-west-1a", "eu-west-1b"],
                "zone_count": 3,
            },
            "zone_count",
            "2 availability zones are named",
        ),
        (
            {"cidr": "10.0.0.0/16", "flow_logs": {"retention_days": 42}},
            "flow_logs.retention_days",
            "42 is not valid: allowed days: 1, 3, 5, 7, 14, 30",
        ),
        (
            {"cidr": "10.0.0.0/16", "flow_logs": {"retention_days": 0}},
            "flow_logs.retention_days",
            "allowed days",
        ),
        (
            {"cidr": "10.0.0.0/16", "flow_logs": {"trafic": "ALL"}},
            "flow_logs.trafic",
            "did you mean 'traffic'?",
        ),
    ],
)
def test_bad_input_is_refused_by_name(args: dict[str, object], path: str, reason: str) -> None:
    problems = refusal(**args)
    assert list(problems) == [path]
    assert reason in problems[path]


def test_all_problems_are_told_at_once() -> None:
    problems = refusal(
        cidr="10.0.0.0/24", zone_count=9, nat="two", pod_cidr="10.0.0.0/16", tag="typo"
    )
    assert set(problems) == {"cidr", "zone_count", "nat", "pod_cidr", "tag"}


def test_an_output_cannot_decide_what_exists() -> None:
    problems = refusal(cidr=pulumi.Output.from_input("10.0.0.0/16"), zone_count=3)
    assert "must be a plain value" in problems["cidr"]


def test_an_existing_vpc_gets_nothing_that_was_not_asked_for() -> None:
    made = plan(existing=EXISTING)
    assert isinstance(made.vpc, ExistingVpcSpec)
    assert made.vpc.public_subnet_ids == ()
    assert made.vpc.tag_subnets is False
    assert made.flow_logs is None
    assert made.interface_endpoints == ()
    asked = plan(existing=EXISTING, flow_logs={}, interface_endpoints=["sts"])
    assert asked.flow_logs is not None
    assert asked.interface_endpoints == (InterfaceEndpoint.STS,)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cidr", "10.0.0.0/16"),
        ("zone_count", 2),
        ("availability_zones", ["eu-west-1a", "eu-west-1b"]),
        ("subnet_prefixes", {"private": 19}),
        ("pod_cidr", "100.64.0.0/16"),
        ("nat", "shared"),
    ],
)
def test_a_mixture_of_new_and_existing_is_refused(key: str, value: object) -> None:
    problems = refusal(**{"existing": EXISTING, key: value})
    assert list(problems) == [key]
    assert "can't be combined with 'existing'" in problems[key]


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"vpc_id": "vpc-1"}, "existing.vpc_id", "pattern"),
        ({"private_subnet_ids": ["subnet-00000001"]}, "existing.private_subnet_ids", "two or more"),
        ({"data_subnet_ids": []}, "existing.data_subnet_ids", "two or more"),
        ({"public_subnet_ids": ["subnet-00000001"]}, "existing.public_subnet_ids", "two or more"),
        (
            {"private_subnet_ids": ["subnet-00000001", "subnet-00000001"]},
            "existing.private_subnet_ids",
            "listed twice: subnet-00000001",
        ),
        (
            {"public_subnet_ids": EXISTING["private_subnet_ids"]},
            "existing.public_subnet_ids",
            "also in private_subnet_ids; a subnet has one purpose",
        ),
    ],
)
def test_a_wrong_existing_vpc_is_refused(change: dict[str, object], path: str, reason: str) -> None:
    problems = refusal(existing={**EXISTING, **change})
    assert list(problems) == [path]
    assert reason in problems[path]


def test_data_stores_may_share_the_private_subnets_of_an_existing_vpc() -> None:
    shared = {**EXISTING, "data_subnet_ids": EXISTING["private_subnet_ids"]}
    made = plan(existing=shared).vpc
    assert isinstance(made, ExistingVpcSpec)
    assert made.data_subnet_ids == made.private_subnet_ids


@pytest.mark.parametrize(
    "section",
    [
        {"cidr": "10.0.0.0/16"},
        {"cidr": "10.0.0.0/16", "zoneCount": 2, "nat": "shared", "subnetPrefixes": {"data": 24}},
        {
            "existing": {
                "vpcId": "vpc-0a1b2c3d4e5f60718",
                "privateSubnetIds": ["subnet-00000001", "subnet-00000002"],
                "dataSubnetIds": ["subnet-00000003", "subnet-00000004"],
            }
        },
    ],
)
def test_a_stack_file_and_the_arguments_mean_the_same(section: dict[str, object]) -> None:
    spec = NetworkSpec.model_validate(section)
    args = spec.to_args(NetworkArgs, discovery="platform")
    assert args.get("discovery") == "platform"
    again = plan_network(args)
    if spec.existing:
        assert again.vpc == spec.existing
    else:
        assert isinstance(again.vpc, NewVpc)
        assert again.vpc.cidr == spec.cidr
        assert again.vpc.zone_count == (spec.zone_count or 3)
