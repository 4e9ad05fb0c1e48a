"""The Kubernetes API is private, or behind an allow-list."""

import pytest

from tests.policies.verdict import UNKNOWN, Inputs, verdict

RULE = "eks-endpoint-allow-list"
CLUSTER = "aws:eks/cluster:Cluster"


def cluster(public: object = None, cidrs: object = None) -> Inputs:
    config = {"endpointPublicAccess": public, "publicAccessCidrs": cidrs}
    return {"vpcConfig": {k: v for k, v in config.items() if v is not None}}


@pytest.mark.parametrize(
    "inputs",
    [
        cluster(public=False),
        cluster(public=False, cidrs=["0.0.0.0/0"]),
        cluster(public=True, cidrs=["198.51.100.7/32", "203.0.113.0/24", "2001:db8::/32"]),
        cluster(cidrs=["198.51.100.0/24"]),
        cluster(public=UNKNOWN, cidrs=["198.51.100.0/24"]),
        cluster(public=False, cidrs=UNKNOWN),
    ],
)
def test_private_or_listed_endpoint_passes(inputs: Inputs) -> None:
    assert verdict(RULE, CLUSTER, inputs).passed


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({}, "has a public endpoint that the whole internet may call"),  # both are AWS's defaults
        (cluster(public=True), "has a public endpoint that the whole internet may call"),
        (cluster(public=True, cidrs=[]), "has a public endpoint that the whole internet may call"),
        (cluster(cidrs=["0.0.0.0/0"]), "open to 0.0.0.0/0, the whole internet"),
        (cluster(cidrs=["10.0.0.0/8", "::/0"]), "open to ::/0, the whole internet"),
        (cluster(cidrs=["0.0.0.0/1"]), "open to 0.0.0.0/1, wider than a /8"),
        (cluster(cidrs=["2000::/3"]), "open to 2000::/3, wider than a /32"),
        (cluster(cidrs=["anywhere"]), "open to anywhere, which is no CIDR"),
    ],
)
def test_endpoint_open_to_the_internet_is_a_violation(inputs: Inputs, problem: str) -> None:
    (message,) = verdict(RULE, CLUSTER, inputs).violations
    assert message.startswith(f"{RULE}: {CLUSTER} 'it' has a public endpoint")
    assert problem in message
    assert message.endswith("or list your own networks in publicAccessCidrs.")


def test_each_bad_network_is_named() -> None:
    both = cluster(cidrs=["0.0.0.0/0", "198.51.100.0/24", "::/0"])
    assert len(verdict(RULE, CLUSTER, both).violations) == 2


@pytest.mark.parametrize(
    "inputs",
    [
        {"vpcConfig": UNKNOWN},
        cluster(public=UNKNOWN),
        cluster(public=UNKNOWN, cidrs=["0.0.0.0/0"]),
        cluster(public=True, cidrs=UNKNOWN),
        cluster(public=True, cidrs=["198.51.100.0/24", UNKNOWN]),
    ],
)
def test_unknown_is_undecided(inputs: Inputs) -> None:
    result = verdict(RULE, CLUSTER, inputs)
    assert result.undecided
    assert result.violations == ()


def test_open_network_is_reported_although_another_is_unknown() -> None:
    result = verdict(RULE, CLUSTER, cluster(public=True, cidrs=[UNKNOWN, "0.0.0.0/0"]))
    assert len(result.violations) == 1
    assert "publicAccessCidrs.0" in result.undecided


def test_narrowest_allow_list_is_configurable() -> None:
    strict = {"widestIpv4Prefix": 24.0}  # as JSON numbers arrive
    assert verdict(RULE, CLUSTER, cluster(cidrs=["10.0.0.0/16"])).passed
    assert verdict(RULE, CLUSTER, cluster(cidrs=["10.0.0.0/16"]), config=strict).violations


def test_other_types_are_left_alone() -> None:
    assert verdict(RULE, "aws:eks/addon:Addon", {}).passed
