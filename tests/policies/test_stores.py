"""Data stores: from each compliant resource, everything that can break it."""

import pytest

from policies import authentication, availability, backups, deletion, store_logs, stores, transit
from simulator.cloud.schema import input_problems
from tests.policies.stores import TABLES
from tests.policies.verdict import UNKNOWN, Inputs, Step, Verdict, places, replaced, verdict

CASES = [
    pytest.param(rule, type_, id=f"{rule}-{type_}")
    for rule, table in TABLES.items()
    for type_ in table.compliant
]
PARTS = [
    pytest.param(rule, type_, place, value, id=f"{rule}-{type_}-{'.'.join(map(str, place))}")
    for rule, table in TABLES.items()
    for type_, inputs in table.compliant.items()
    for place, value in places(inputs)
]
PLACES = [pytest.param(*part.values[:3], id=part.id) for part in PARTS]
LEAVES = [part for part in PARTS if not isinstance(part.values[3], dict | list)]
# Their inputs share their name with a nested type, which the schema reader takes for them; the
# same properties are checked on `…V2`.
AMBIGUOUS = {"aws:s3/bucketVersioning:BucketVersioning"}


def key(type_: str, place: tuple[Step, ...]) -> str:
    path = "".join("[]" if isinstance(s, int) else f".{s}" for s in place).removeprefix(".")
    return f"{type_} {path}"


def judged(rule: str, type_: str, inputs: Inputs) -> Verdict:
    return verdict(rule, type_, inputs, protect=TABLES[rule].protect)


@pytest.mark.parametrize(
    ("rule", "types"),
    [
        ("encryption-in-transit", transit.NEEDS),
        ("no-unauthenticated-access", authentication.NEEDS),
        ("multi-az", availability.NEEDS),
        ("backups-enabled", backups.NEEDS),
        ("data-store-logs", store_logs.NEEDS),
        ("deletion-protection", {**deletion.GUARDED, **deletion.PROTECTED}),
        ("no-public-data-store", stores.NEEDS),
        ("secrets-recovery", deletion.RECOVERY),
    ],
)
def test_every_type_of_a_table_has_a_compliant_case(rule: str, types: dict[str, object]) -> None:
    assert set(TABLES[rule].compliant) == set(types)


@pytest.mark.parametrize(("rule", "type_"), CASES)
def test_compliant_resource_passes(rule: str, type_: str) -> None:
    assert judged(rule, type_, TABLES[rule].compliant[type_]).passed


@pytest.mark.parametrize(("rule", "type_"), [c for c in CASES if c.values[1] not in AMBIGUOUS])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tables_name_properties_that_the_sdk_knows(rule: str, type_: str) -> None:
    """Guards against a misspelt path, which would never match anything."""
    problems = input_problems(type_, TABLES[rule].compliant[type_])
    assert [p for p in problems if "not a property" in p.reason] == []


@pytest.mark.parametrize(("rule", "type_", "place"), PLACES)
def test_taking_any_part_away_is_a_violation(
    rule: str, type_: str, place: tuple[Step, ...]
) -> None:
    table = TABLES[rule]
    result = judged(rule, type_, replaced(table.compliant[type_], place, None))
    if key(type_, place) in table.optional:
        assert result.passed
    else:
        assert result.violations
        assert not result.undecided


@pytest.mark.parametrize(("rule", "type_", "place"), PLACES)
def test_an_unknown_part_is_undecided_never_passed(
    rule: str, type_: str, place: tuple[Step, ...]
) -> None:
    table = TABLES[rule]
    result = judged(rule, type_, replaced(table.compliant[type_], place, UNKNOWN))
    assert result.violations == ()
    if key(type_, place) in table.counted:
        assert result.passed
    else:
        assert "can't be known during preview" in result.undecided


@pytest.mark.parametrize(("rule", "type_", "place", "value"), LEAVES)
def test_any_other_value_is_a_violation(
    rule: str, type_: str, place: tuple[Step, ...], value: object
) -> None:
    table = TABLES[rule]
    other = not value if isinstance(value, bool) else "OTHER" if isinstance(value, str) else 0
    result = judged(rule, type_, replaced(table.compliant[type_], place, other))
    assert result.passed == (key(type_, place) in table.free)
    assert bool(result.violations) != result.passed
    assert all(well_said(message, rule, type_) for message in result.violations)


@pytest.mark.parametrize("rule", TABLES)
def test_other_types_are_left_alone(rule: str) -> None:
    assert verdict(rule, "aws:ec2/vpc:Vpc", {"publiclyAccessible": True}).passed


def well_said(message: str, rule: str, type_: str) -> bool:
    """One sentence that names rule, resource, problem and remedy."""
    problem, _, remedy = message.partition("; ")
    return (
        problem.startswith(f"{rule}: {type_} 'it' is not compliant, as ")
        and len(remedy) > 10
        and message.endswith(".")
        and "\n" not in message
    )


@pytest.mark.parametrize("type_", deletion.PROTECTED)
def test_what_aws_would_delete_is_protected_by_pulumi(type_: str) -> None:
    (message,) = verdict("deletion-protection", type_, {}).violations
    assert message == (
        f"deletion-protection: {type_} 'it' is not protected from deletion; "
        "set the resource option protect to true."
    )


CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"
KAFKA = "aws:msk/cluster:Cluster"
SEARCH = "aws:opensearch/domain:Domain"
KEY = "aws:kms/key:Key"


@pytest.mark.parametrize(
    ("rule", "type_", "inputs"),
    [
        ("no-unauthenticated-access", CACHE, {"authToken": UNKNOWN, "userGroupIds": ["group"]}),
        ("no-unauthenticated-access", CACHE, {"authToken": "token"}),
        ("no-unauthenticated-access", CACHE, {"authTokenWo": "token"}),
        (
            "no-unauthenticated-access",
            USER,
            {"accessString": "off ~* -@all", "noPasswordRequired": True},
        ),
        (
            "no-unauthenticated-access",
            USER,
            {
                "accessString": "off -@all",
                "authenticationMode": {"type": "no-password-required"},
            },
        ),
        ("no-unauthenticated-access", KAFKA, {"clientAuthentication": {"sasl": {"scram": True}}}),
        (
            "no-unauthenticated-access",
            KAFKA,
            {"clientAuthentication": {"tls": {"certificateAuthorityArns": ["arn"]}}},
        ),
        ("multi-az", "aws:mq/broker:Broker", {"deploymentMode": "ACTIVE_STANDBY_MULTI_AZ"}),
        ("data-store-logs", KAFKA, {"loggingInfo": {"brokerLogs": {"s3": {"enabled": True}}}}),
        (
            "data-store-logs",
            KAFKA,
            {"loggingInfo": {"brokerLogs": {"firehose": {"enabled": True}}}},
        ),
        ("kms-rotation", KEY, {"customerMasterKeySpec": "RSA_2048"}),
        ("kms-rotation", KEY, {"customKeyStoreId": "store"}),
        (
            "ecr-immutable-scanned",
            "aws:ecr/repository:Repository",
            {
                "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                "imageScanningConfiguration": {"scanOnPush": True},
            },
        ),
    ],
)
def test_other_ways_to_comply(rule: str, type_: str, inputs: Inputs) -> None:
    assert verdict(rule, type_, inputs).passed


@pytest.mark.parametrize(
    ("rule", "type_", "inputs", "problem"),
    [
        ("encryption-in-transit", CACHE, {}, "transitEncryptionEnabled is not set"),
        (
            "encryption-in-transit",
            SEARCH,
            {
                **TABLES["encryption-in-transit"].compliant[SEARCH],
                "domainEndpointOptions": {
                    "enforceHttps": True,
                    "tlsSecurityPolicy": "Policy-Min-TLS-1-0-2019-07",
                },
            },
            "tlsSecurityPolicy is not Policy-Min-TLS-1-2-2019-07 or ",
        ),
        (
            "no-unauthenticated-access",
            USER,
            {"accessString": "on ~* +@all", "noPasswordRequired": True},
            "noPasswordRequired is not false",
        ),
        (
            "no-unauthenticated-access",
            USER,
            {
                "accessString": "on ~* +@all",
                "authenticationMode": {"type": "no-password-required"},
            },
            "authenticationMode.type is no-password-required",
        ),
        (
            "no-unauthenticated-access",
            "aws:memorydb/cluster:Cluster",
            {"aclName": "open-access"},
            "aclName is open-access",
        ),
        ("multi-az", "aws:efs/fileSystem:FileSystem", {"availabilityZoneName": "a"}, "one zone"),
        (
            "multi-az",
            SEARCH,
            {"clusterConfig": {"zoneAwarenessEnabled": True}},
            "clusterConfig.instanceCount is 1, below 2",
        ),
        ("backups-enabled", CACHE, {"snapshotRetentionLimit": 6}, "is 6, below 7"),
        ("backups-enabled", "aws:rds/cluster:Cluster", {}, "backupRetentionPeriod is 1, below 7"),
        ("no-public-data-store", "aws:s3/bucketAcl:BucketAcl", {"acl": "public-read"}, "acl is"),
        ("data-store-logs", CACHE, {}, "logDeliveryConfigurations lacks slow-log and engine-log"),
        (
            "kms-rotation",
            KEY,
            {"customerMasterKeySpec": "SYMMETRIC_DEFAULT"},
            "enableKeyRotation is not set",
        ),
        (
            "secrets-recovery",
            "aws:secretsmanager/secret:Secret",
            {"recoveryWindowInDays": 0},
            "recoveryWindowInDays is 0, below 7",
        ),
    ],
)
def test_what_is_wrong_is_named(rule: str, type_: str, inputs: Inputs, problem: str) -> None:
    (message,) = verdict(rule, type_, inputs).violations
    assert problem in message
    assert well_said(message, rule, type_)


def test_another_way_that_is_not_known_yet_is_undecided() -> None:
    assert verdict("no-unauthenticated-access", CACHE, {"authToken": UNKNOWN}).undecided
    assert verdict("kms-rotation", KEY, {"customerMasterKeySpec": UNKNOWN}).undecided


def test_days_are_configurable() -> None:
    assert verdict(
        "backups-enabled", CACHE, {"snapshotRetentionLimit": 3}, config={"minDays": 3.0}
    ).passed
    assert verdict(
        "secrets-recovery", KEY, {"deletionWindowInDays": 20}, config={"minDays": 30.0}
    ).violations
