"""What a cluster plan accepts, refuses and warns of; no Pulumi involved."""

from datetime import date, timedelta
from typing import cast

import pytest

from components._base.errors import InvalidInput
from components.cluster import ClusterArgs, ClusterSpec, plan_cluster
from components.cluster.args import AccessLevel, NodeOs
from components.cluster.versions import ADDONS, DEFAULT_VERSION, RELEASES, WARN_DAYS, Addon

TODAY = date(2026, 11, 25)
WIRING: ClusterArgs = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
ADMIN = {"deployer": {"principal": "role/deployer", "level": "admin"}}


def args(**given: object) -> ClusterArgs:
    return cast("ClusterArgs", {**WIRING, **given})


def problems(today: date = TODAY, **given: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        plan_cluster(args(**given), today=today)
    return [str(problem) for problem in caught.value.problems]


def test_defaults_are_fit_for_production() -> None:
    plan = plan_cluster(WIRING, today=TODAY)
    nodes = plan.system_nodes
    assert plan.version == DEFAULT_VERSION == "1.36"
    assert plan.access == {}
    assert plan.api_endpoint.public_cidrs == plan.api_endpoint.private_cidrs == ()
    assert plan.log_retention_days == 365
    assert nodes.os is NodeOs.BOTTLEROCKET
    assert nodes.instance_types == ("m7g.large", "m6g.large")
    assert (nodes.min_size, nodes.first, nodes.largest) == (3, 3, 6)
    assert (nodes.disk_gib, nodes.max_unavailable) == (50, 1)
    assert plan.protect is False


def test_a_stack_file_needs_no_cluster_section() -> None:
    assert ClusterSpec().version == DEFAULT_VERSION


# Versions


def test_the_table_of_versions_is_consistent() -> None:
    versions = list(RELEASES)
    assert versions == sorted(versions, key=lambda v: int(v.split(".")[1]), reverse=True)
    for version, release in RELEASES.items():
        standard = release.standard_until - release.released
        # 14 months, give or take what EKS gives; then 12 more.
        assert timedelta(days=400) < standard < timedelta(days=440), version
        assert release.extended_until.replace(year=2000) == release.standard_until.replace(
            year=2000
        )
        assert release.extended_until.year == release.standard_until.year + 1


def test_every_pinned_version_has_every_addon() -> None:
    assert list(ADDONS) == ["1.36", "1.35", "1.34"]
    for version, addons in ADDONS.items():
        assert set(addons) == set(Addon)
        assert addons[Addon.KUBE_PROXY].startswith(f"v{version}.")


def test_the_default_is_the_newest_pinned_version() -> None:
    assert next(iter(ADDONS)) == DEFAULT_VERSION


SUPPORTED = "supported: 1.36 (until 2027-08-02), 1.35 (until 2027-03-27), 1.34 (until 2026-12-02)"


@pytest.mark.parametrize(
    ("version", "today", "expected"),
    [
        (
            "1.33",
            TODAY,
            f"version: Kubernetes 1.33 left standard support on 2026-07-29; {SUPPORTED}",
        ),
        (
            "1.34",
            date(2026, 12, 3),
            (
                "version: Kubernetes 1.34 left standard support on 2026-12-02; "
                "supported: 1.36 (until 2027-08-02), 1.35 (until 2027-03-27)"
            ),
        ),
        (
            "1.36",
            date(2026, 6, 1),
            (
                "version: Kubernetes 1.36 is not on EKS before 2026-06-02; "
                "supported: 1.35 (until 2027-03-27), 1.34 (until 2026-12-02)"
            ),
        ),
        (
            "1.33",
            date(2026, 7, 29),
            (
                "version: Kubernetes 1.33 is supported by EKS, but its add-ons are not pinned in "
                f"versions.py; {SUPPORTED}"
            ),
        ),
        (
            "1.36",
            date(2027, 8, 3),
            (
                "version: Kubernetes 1.36 left standard support on 2027-08-02; "
                "add a newer one to versions.py"
            ),
        ),
    ],
)
def test_an_unsupported_version_is_refused_with_the_supported_ones(
    version: str, today: date, expected: str
) -> None:
    assert problems(today, version=version) == [expected]


def test_the_last_day_of_standard_support_still_counts() -> None:
    assert plan_cluster(args(version="1.34"), today=date(2026, 12, 2)).version == "1.34"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1.36, 'version: 1.36 is not valid: a version is text: write it in quotes, "1.36"'),
        (
            "1.99",
            (
                "version: '1.99' is not valid: not known here; "
                "known versions: 1.36, 1.35, 1.34, 1.33, 1.32, 1.31"
            ),
        ),
    ],
)
def test_what_is_no_version_is_refused(given: object, expected: str) -> None:
    assert problems(version=given) == [expected]


@pytest.mark.parametrize(("days_left", "warned"), [(WARN_DAYS + 1, False), (WARN_DAYS, True)])
def test_the_end_of_support_is_announced(days_left: int, warned: bool) -> None:
    today = RELEASES["1.36"].standard_until - timedelta(days=days_left)
    plan = plan_cluster(args(access=ADMIN), today=today)
    expected = (
        f"Kubernetes 1.36 leaves standard support on 2027-08-02, in {days_left} days; "
        "EKS then upgrades the cluster by itself"
    )
    assert plan.warnings == ((expected,) if warned else ())


# Access


@pytest.mark.parametrize(
    "access",
    [{}, {"sre": {"principal": "role/sre", "level": "edit"}}, {"sre": {"principal": "role/sre"}}],
)
def test_a_cluster_without_an_admin_is_warned_of(access: dict[str, object]) -> None:
    """Field report 3: the creator is no admin, so somebody else must be."""
    (warning,) = plan_cluster(args(access=access), today=TODAY).warnings
    assert warning.startswith("access names no admin: nobody can put anything into the cluster")


@pytest.mark.parametrize(
    "principal",
    [
        "role/deployer",
        "role/path/to/deployer",
        "user/jane@example.org",
        "arn:aws:iam::111122223333:role/deployer",
        "arn:aws-cn:iam::111122223333:user/jane",
    ],
)
def test_a_principal_is_a_lasting_identity(principal: str) -> None:
    plan = plan_cluster(args(access={"x": {"principal": principal}}), today=TODAY)
    assert plan.access["x"].principal == principal
    assert plan.access["x"].level is AccessLevel.VIEW


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (
            {"x": {"principal": "arn:aws:sts::111122223333:assumed-role/deployer/jane"}},
            (
                "access.x.principal: 'arn:aws:sts::111122223333:assumed-role/deployer/jane' is not "
                "valid: a session ends; name the role: 'role/deployer'"
            ),
        ),
        (
            {"x": {"principal": "*"}},
            (
                "access.x.principal: '*' is not valid: role/NAME, user/NAME or the ARN of an IAM "
                "role or user is needed"
            ),
        ),
        (
            {"x": {"principal": "role/a", "level": "root"}},
            "access.x.level: 'root' is not valid: allowed: 'admin', 'edit', 'view' or 'adminView'",
        ),
        (
            {"x": {"principal": "role/a", "level": "admin", "namespaces": ["shop"]}},
            "access.x: level admin is for the whole cluster; use edit, or no namespaces",
        ),
        (
            {"x": {"principal": "role/a", "namespaces": ["Shop"]}},
            "access.x.namespaces: no names of namespaces: Shop",
        ),
        (
            {"x": {"principal": "role/a"}, "y": {"principal": "role/a"}},
            "access: role/a is both x and y; EKS takes it once",
        ),
        (
            {"X Y": {"principal": "role/a"}},
            "access: no short names of small letters, digits and hyphens: X Y",
        ),
    ],
)
def test_wrong_access_is_refused(access: object, expected: str) -> None:
    assert problems(access=access) == [expected]


# Endpoint


@pytest.mark.parametrize(
    ("key", "cidr", "expected"),
    [
        (
            "public_cidrs",
            "0.0.0.0/0",
            (
                "0.0.0.0/0 is the whole internet; list your own networks, /8 or narrower, or none "
                "for a private endpoint only"
            ),
        ),
        (
            "public_cidrs",
            "52.0.0.0/7",
            (
                "52.0.0.0/7 is too wide; list your own networks, /8 or narrower, or none for "
                "a private endpoint only"
            ),
        ),
        (
            "public_cidrs",
            "10.1.0.0/16",
            "10.1.0.0/16 is private and never seen there; use private_cidrs",
        ),
        (
            "private_cidrs",
            "203.0.113.0/24",
            (
                "203.0.113.0/24 must lie within "
                "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"
            ),
        ),
        (
            "private_cidrs",
            "10.0.0.0/7",
            "10.0.0.0/7 must lie within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10",
        ),
    ],
)
def test_the_endpoint_is_open_to_named_networks_only(key: str, cidr: str, expected: str) -> None:
    assert problems(api_endpoint={key: [cidr]}) == [f"api_endpoint.{key}: {expected}"]


@pytest.mark.parametrize("key", ["public_cidrs", "private_cidrs"])
def test_a_network_is_listed_once(key: str) -> None:
    cidr = "203.0.113.0/24" if key == "public_cidrs" else "10.0.0.0/16"
    assert problems(api_endpoint={key: [cidr, cidr]}) == [
        f"api_endpoint.{key}: listed twice: {cidr}"
    ]


def test_a_public_network_may_be_a_slash_8() -> None:
    plan = plan_cluster(args(api_endpoint={"public_cidrs": ["52.0.0.0/8"]}), today=TODAY)
    assert [str(cidr) for cidr in plan.api_endpoint.public_cidrs] == ["52.0.0.0/8"]


# Nodes


@pytest.mark.parametrize(
    "kind",
    ["m7g.large", "c8gd.2xlarge", "t4g.medium", "im4gn.xlarge", "r6g.metal", "x2gd.metal-24xl"],
)
def test_graviton_types_are_taken(kind: str) -> None:
    plan = plan_cluster(args(system_nodes={"instance_types": [kind]}), today=TODAY)
    assert plan.system_nodes.instance_types == (kind,)


@pytest.mark.parametrize("kind", ["m5.large", "g4dn.xlarge", "g5g.xlarge", "t4g.micro", "m7g", ""])
def test_other_types_are_refused(kind: str) -> None:
    assert problems(system_nodes={"instance_types": ["m7g.large", kind]}) == [
        (
            "system_nodes.instance_types: no Graviton types of medium size or more, "
            f"such as m7g.large: {kind}"
        )
    ]


@pytest.mark.parametrize("types", [[], ["m7g.large", "m7g.large"]])
def test_instance_types_are_some_and_different(types: list[str]) -> None:
    assert problems(system_nodes={"instance_types": types}) == [
        "system_nodes.instance_types: one or more different instance types are needed"
    ]


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ({"min_size": 4, "max_size": 3}, "max_size 3 is less than min_size 4"),
        ({"min_size": 2, "desired_size": 1}, "desired_size 1 is not within 2 to 4"),
        ({"min_size": 2, "max_size": 4, "desired_size": 5}, "desired_size 5 is not within 2 to 4"),
        ({"min_size": 1, "max_unavailable": 3}, "max_unavailable 3 is more than 2 nodes"),
    ],
)
def test_sizes_are_in_order(nodes: object, expected: str) -> None:
    assert problems(system_nodes=nodes) == [f"system_nodes: {expected}"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("min_size", 0), ("max_size", 451), ("disk_gib", 19), ("disk_gib", 1001), ("os", "windows")],
)
def test_sizes_are_within_bounds(key: str, value: object) -> None:
    (problem,) = problems(system_nodes={key: value})
    assert problem.startswith(f"system_nodes.{key}: {value!r} is not valid: ")


def test_whole_floats_are_numbers() -> None:
    """Numbers arrive as floats from programs in other languages."""
    plan = plan_cluster(args(system_nodes={"min_size": 2.0}), today=TODAY)
    assert (plan.system_nodes.min_size, plan.system_nodes.largest) == (2, 4)


def test_all_problems_are_told_at_once() -> None:
    assert problems(
        versoin="1.36",
        log_retention_days=8,
        api_endpoint={"public_cidr": []},
        system_nodes={"disk_gib": 1},
    ) == [
        "versoin: unknown input; did you mean 'version'?",
        "api_endpoint.public_cidr: unknown key; did you mean 'public_cidrs'?",
        (
            "log_retention_days: 8 is not valid: allowed days: 1, 3, 5, 7, 14, 30, 60, 90, 120, "
            "150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
        ),
        "system_nodes.disk_gib: 1 is not valid: greater than or equal to 20",
    ]
