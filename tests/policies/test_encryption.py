"""Encryption at rest: one compliant resource of each type, then everything that can break it."""

import pytest

from policies.encryption import STORES
from simulator.cloud.schema import input_problems
from tests.policies.verdict import UNKNOWN, Inputs, Step, places, replaced, verdict

RULE = "encryption-at-rest"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
BUCKET = {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]}

COMPLIANT: dict[str, Inputs] = {
    "aws:backup/vault:Vault": {"kmsKeyArn": KEY},
    "aws:cloudwatch/logGroup:LogGroup": {"kmsKeyId": KEY},
    "aws:docdb/cluster:Cluster": {"storageEncrypted": True, "kmsKeyId": KEY},
    "aws:dynamodb/table:Table": {"serverSideEncryption": {"enabled": True, "kmsKeyArn": KEY}},
    "aws:ebs/volume:Volume": {"encrypted": True},
    "aws:ec2/instance:Instance": {
        "rootBlockDevice": {"encrypted": True},
        "ebsBlockDevices": [{"encrypted": True}],
    },
    "aws:ec2/launchConfiguration:LaunchConfiguration": {
        "rootBlockDevice": {"encrypted": True},
        "ebsBlockDevices": [{"encrypted": True}],
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        "blockDeviceMappings": [{"ebs": {"encrypted": "true"}}]
    },
    "aws:ecr/repository:Repository": {
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": KEY}]
    },
    "aws:efs/fileSystem:FileSystem": {"encrypted": True, "kmsKeyId": KEY},
    "aws:eks/cluster:Cluster": {
        "encryptionConfig": {"provider": {"keyArn": KEY}, "resources": ["secrets"]}
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "atRestEncryptionEnabled": True,
        "kmsKeyId": KEY,
    },
    "aws:elasticache/serverlessCache:ServerlessCache": {"kmsKeyId": KEY},
    "aws:elasticsearch/domain:Domain": {"encryptAtRest": {"enabled": True, "kmsKeyId": KEY}},
    "aws:kinesis/stream:Stream": {"encryptionType": "KMS", "kmsKeyId": KEY},
    "aws:lambda/function:Function": {"kmsKeyArn": KEY},
    "aws:memorydb/cluster:Cluster": {"kmsKeyArn": KEY},
    "aws:mq/broker:Broker": {"encryptionOptions": {"useAwsOwnedKey": False, "kmsKeyId": KEY}},
    "aws:msk/cluster:Cluster": {"encryptionInfo": {"encryptionAtRestKmsKeyArn": KEY}},
    "aws:neptune/cluster:Cluster": {"storageEncrypted": True, "kmsKeyArn": KEY},
    "aws:opensearch/domain:Domain": {"encryptAtRest": {"enabled": True, "kmsKeyId": KEY}},
    "aws:rds/cluster:Cluster": {"storageEncrypted": True, "kmsKeyId": KEY},
    "aws:rds/instance:Instance": {"storageEncrypted": True, "kmsKeyId": KEY},
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        **BUCKET
    },
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {
        **BUCKET
    },
    "aws:secretsmanager/secret:Secret": {"kmsKeyId": KEY},
    "aws:sns/topic:Topic": {"kmsMasterKeyId": KEY},
    "aws:sqs/queue:Queue": {"kmsMasterKeyId": KEY},
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": {
        "spec": {"blockDeviceMappings": [{"ebs": {"encrypted": True}}]}
    },
}

# Without these, there is nothing to encrypt, or the default is safe.
HARMLESS_TO_DROP = {
    ("aws:ec2/instance:Instance", "ebsBlockDevices"),
    ("aws:ec2/instance:Instance", "ebsBlockDevices[]"),
    ("aws:ec2/launchConfiguration:LaunchConfiguration", "ebsBlockDevices"),
    ("aws:ec2/launchConfiguration:LaunchConfiguration", "ebsBlockDevices[]"),
    ("aws:ec2/launchTemplate:LaunchTemplate", "blockDeviceMappings[].ebs"),
    ("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "spec"),
    ("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "spec.blockDeviceMappings"),
    ("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "spec.blockDeviceMappings[]"),
    ("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "spec.blockDeviceMappings[].ebs"),
}


SAFE_BY_DEFAULT = {"kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"}


def path(place: tuple[Step, ...]) -> str:
    return "".join("[]" if isinstance(s, int) else f".{s}" for s in place).removeprefix(".")


PARTS = [
    pytest.param(type_, place, id=f"{type_.rsplit(':')[-1]}-{path(place)}")
    for type_, inputs in COMPLIANT.items()
    for place, _ in places(inputs)
]


def test_every_type_of_the_table_has_a_compliant_case() -> None:
    assert set(COMPLIANT) == set(STORES)


@pytest.mark.parametrize("type_", COMPLIANT)
def test_compliant_resource_passes(type_: str) -> None:
    assert verdict(RULE, type_, COMPLIANT[type_]).passed


# Its inputs share their name with a nested type, which the schema reader takes for them; the same
# properties are checked on its predecessor, `…V2`.
AMBIGUOUS = {
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
}


@pytest.mark.parametrize("type_", sorted(COMPLIANT.keys() - AMBIGUOUS))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_table_names_properties_that_the_sdk_knows(type_: str) -> None:
    """Guards against a misspelt path, which would never match anything."""
    problems = input_problems(type_, COMPLIANT[type_])
    assert [p for p in problems if "not a property" in p.reason] == []


@pytest.mark.parametrize(("type_", "place"), PARTS)
def test_taking_any_part_away_is_a_violation(type_: str, place: tuple[Step, ...]) -> None:
    result = verdict(RULE, type_, replaced(COMPLIANT[type_], place, None))
    if (type_, path(place)) in HARMLESS_TO_DROP:
        assert result.passed
    else:
        assert result.violations
        assert not result.undecided


@pytest.mark.parametrize(("type_", "place"), PARTS)
def test_an_unknown_part_is_undecided_never_passed(type_: str, place: tuple[Step, ...]) -> None:
    result = verdict(RULE, type_, replaced(COMPLIANT[type_], place, UNKNOWN))
    assert result.violations == ()
    assert "can't be known during preview" in result.undecided


@pytest.mark.parametrize("type_", sorted(COMPLIANT.keys() - SAFE_BY_DEFAULT))
def test_message_names_rule_resource_and_remedy_in_one_sentence(type_: str) -> None:
    messages = verdict(RULE, type_, {}).violations
    assert messages
    for message in messages:
        assert message.startswith(f"encryption-at-rest: {type_} 'it' is not compliant, as ")
        assert "; " in message
        assert message.endswith(".")
        assert "\n" not in message


def test_values_that_look_encrypted_are_not() -> None:
    cases: dict[str, Inputs] = {
        "aws:ebs/volume:Volume": {"encrypted": False},
        "aws:cloudwatch/logGroup:LogGroup": {"kmsKeyId": ""},
        "aws:eks/cluster:Cluster": {
            "encryptionConfig": {"provider": {"keyArn": KEY}, "resources": ["configmaps"]}
        },
        "aws:ec2/launchTemplate:LaunchTemplate": {
            "blockDeviceMappings": [{"ebs": {"encrypted": "true"}}, {"ebs": {"encrypted": "false"}}]
        },
        "aws:ecr/repository:Repository": {"encryptionConfigurations": []},
        "aws:mq/broker:Broker": {"encryptionOptions": {"useAwsOwnedKey": True, "kmsKeyId": KEY}},
        "aws:kinesis/stream:Stream": {"encryptionType": "NONE", "kmsKeyId": KEY},
    }
    assert {
        t: len(verdict(RULE, t, inputs).violations) for t, inputs in cases.items()
    } == dict.fromkeys(cases, 1)


def test_a_violation_is_reported_although_another_value_is_unknown() -> None:
    table: Inputs = {"serverSideEncryption": {"enabled": False, "kmsKeyArn": UNKNOWN}}
    result = verdict(RULE, "aws:dynamodb/table:Table", table)
    assert len(result.violations) == 1
    assert "serverSideEncryption.kmsKeyArn" in result.undecided


def test_a_queue_may_use_the_key_of_sqs() -> None:
    queue = "aws:sqs/queue:Queue"
    assert verdict(RULE, queue, {"sqsManagedSseEnabled": True}).passed
    assert verdict(RULE, queue, {"sqsManagedSseEnabled": True, "kmsMasterKeyId": UNKNOWN}).passed
    assert verdict(RULE, queue, {"sqsManagedSseEnabled": False}).violations
    assert verdict(RULE, queue, {"sqsManagedSseEnabled": UNKNOWN}).undecided


def test_volumes_of_an_instance_may_come_from_its_template() -> None:
    instance = "aws:ec2/instance:Instance"
    assert verdict(RULE, instance, {"launchTemplate": {"id": UNKNOWN}}).passed
    explicit: Inputs = {"launchTemplate": {"id": "lt-1"}, "ebsBlockDevices": [{"encrypted": False}]}
    assert len(verdict(RULE, instance, explicit).violations) == 1


def test_instance_stores_and_removed_devices_need_no_encryption() -> None:
    mappings: list[Inputs] = [
        {"ebs": {"encrypted": "true"}},
        {"virtualName": "ephemeral0"},
        {"noDevice": "true"},
    ]
    template = "aws:ec2/launchTemplate:LaunchTemplate"
    assert verdict(RULE, template, {"blockDeviceMappings": mappings}).passed


def test_own_keys_can_be_left_to_aws_by_configuration() -> None:
    relaxed = {"customerManagedKeys": False}
    assert verdict(RULE, "aws:dynamodb/table:Table", {}, config=relaxed).passed
    assert verdict(RULE, "aws:rds/instance:Instance", {}, config=relaxed).violations


def test_other_types_are_left_alone() -> None:
    assert verdict(RULE, "aws:ec2/vpc:Vpc", {"encrypted": False}).passed
