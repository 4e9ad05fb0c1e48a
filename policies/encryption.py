"""Encryption at rest, with keys of your own where customers' data or secrets live."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pulumi_policy import Policy, Severity

from policies.needs import Need, includes, is_false, is_set, is_true, on, one_of, verdicts
from policies.rule import CONTROLS, Verdict, resource_policy
from policies.subject import Subject


@dataclass(frozen=True)
class Store:
    """What one type of store needs."""

    encrypted: tuple[Need, ...] = ()
    """For data to be encrypted at all, where AWS does not do so by itself."""
    own_key: tuple[Need, ...] = ()
    """For it to be encrypted with a customer-managed key: who may decrypt is then your decision,
    and logged."""


def _type(service: str, name: str) -> str:
    return f"aws:{service}/{name[0].lower()}{name[1:]}:{name}"


def _key(path: str) -> Need:
    return Need(path, is_set, f"set {path} to the ARN of a customer-managed KMS key")


def _volumes(mappings: str) -> tuple[Need, ...]:
    """Every volume named and encrypted; a volume left to the image may be encrypted or not."""
    return (
        Need(mappings, is_set, f"map the image's volumes in {mappings}, encrypted"),
        Need(f"{mappings}[].ebs", _encrypted_volume, "set ebs.encrypted to true"),
    )


def _encrypted_volume(ebs: object) -> str | None:
    if not isinstance(ebs, Mapping):
        return None  # an instance store, or a device taken away
    complaint = is_true(cast("Mapping[str, object]", ebs).get("encrypted"))
    return f"has encrypted, which {complaint}" if complaint else None


_RDS = Store((on("storageEncrypted"),), (_key("kmsKeyId"),))
_SEARCH = Store((on("encryptAtRest.enabled"),), (_key("encryptAtRest.kmsKeyId"),))
_BUCKET = Store(
    (
        Need("rules", is_set, "add a rule with sseAlgorithm aws:kms"),
        Need(
            "rules[].applyServerSideEncryptionByDefault.sseAlgorithm",
            # AES256 too: load balancers can write their logs to no other bucket,
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
            one_of("aws:kms", "aws:kms:dsse", "AES256"),
            "set sseAlgorithm to aws:kms with kmsMasterKeyId",
        ),
    ),
)

STORES: Mapping[str, Store] = {
    "aws:backup/vault:Vault": Store(own_key=(_key("kmsKeyArn"),)),
    "aws:cloudwatch/logGroup:LogGroup": Store(own_key=(_key("kmsKeyId"),)),
    "aws:docdb/cluster:Cluster": _RDS,
    "aws:dynamodb/table:Table": Store(
        own_key=(on("serverSideEncryption.enabled"), _key("serverSideEncryption.kmsKeyArn"))
    ),
    "aws:ebs/volume:Volume": Store((on("encrypted"),)),
    "aws:ec2/instance:Instance": Store(
        (
            Need(
                "rootBlockDevice.encrypted",
                is_true,
                "set rootBlockDevice.encrypted to true",
                unless=Need("launchTemplate", is_set, ""),
            ),
            Need("ebsBlockDevices[].encrypted", is_true, "set encrypted to true"),
        )
    ),
    "aws:ec2/launchConfiguration:LaunchConfiguration": Store(
        (
            on("rootBlockDevice.encrypted"),
            Need("ebsBlockDevices[].encrypted", is_true, "set encrypted to true"),
        )
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Store(_volumes("blockDeviceMappings")),
    "aws:ecr/repository:Repository": Store(
        own_key=(
            Need("encryptionConfigurations", is_set, "set encryptionType to KMS, with kmsKey"),
            Need("encryptionConfigurations[].encryptionType", one_of("KMS"), "set it to KMS"),
            Need("encryptionConfigurations[].kmsKey", is_set, "set kmsKey to the ARN of a KMS key"),
        )
    ),
    "aws:efs/fileSystem:FileSystem": Store((on("encrypted"),), (_key("kmsKeyId"),)),
    "aws:eks/cluster:Cluster": Store(
        own_key=(
            _key("encryptionConfig.provider.keyArn"),
            Need(
                "encryptionConfig.resources",
                includes("secrets"),
                'set resources to the list ["secrets"]',
            ),
        )
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": Store(
        (on("atRestEncryptionEnabled"),), (_key("kmsKeyId"),)
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": Store(own_key=(_key("kmsKeyId"),)),
    "aws:elasticsearch/domain:Domain": _SEARCH,
    "aws:kinesis/stream:Stream": Store(
        (Need("encryptionType", one_of("KMS"), "set encryptionType to KMS"),), (_key("kmsKeyId"),)
    ),
    # of its variables
    "aws:lambda/function:Function": Store(own_key=(_key("kmsKeyArn"),)),
    "aws:memorydb/cluster:Cluster": Store(own_key=(_key("kmsKeyArn"),)),
    "aws:mq/broker:Broker": Store(
        own_key=(
            Need(
                "encryptionOptions.useAwsOwnedKey",
                is_false,
                "set encryptionOptions.useAwsOwnedKey to false",
            ),
            _key("encryptionOptions.kmsKeyId"),
        )
    ),
    "aws:msk/cluster:Cluster": Store(own_key=(_key("encryptionInfo.encryptionAtRestKmsKeyArn"),)),
    "aws:neptune/cluster:Cluster": Store((on("storageEncrypted"),), (_key("kmsKeyArn"),)),
    "aws:opensearch/domain:Domain": _SEARCH,
    "aws:rds/cluster:Cluster": _RDS,
    "aws:rds/instance:Instance": _RDS,
    _type("s3", "BucketServerSideEncryptionConfiguration"): _BUCKET,
    _type("s3", "BucketServerSideEncryptionConfigurationV2"): _BUCKET,
    "aws:secretsmanager/secret:Secret": Store(own_key=(_key("kmsKeyId"),)),
    "aws:sns/topic:Topic": Store((_key("kmsMasterKeyId"),)),
    "aws:sqs/queue:Queue": Store(
        (
            Need(
                "kmsMasterKeyId",
                is_set,
                "set kmsMasterKeyId to a KMS key, or sqsManagedSseEnabled to true",
                unless=Need("sqsManagedSseEnabled", is_true, ""),
            ),
        )
    ),
    # Karpenter's nodes. Left out, its defaults encrypt: https://karpenter.sh/docs/concepts/nodeclasses
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": Store(
        (Need("spec.blockDeviceMappings[].ebs", _encrypted_volume, "set ebs.encrypted to true"),)
    ),
}
"""By type. Types that AWS always encrypts and that take no key of ours are left out."""


def _check(resource: Subject) -> Iterator[Verdict]:
    store = STORES[resource.type]
    yield from verdicts(resource, *store.encrypted)
    if resource.flag("customerManagedKeys"):
        yield from verdicts(resource, *store.own_key)


POLICIES: Sequence[Policy] = (
    resource_policy(
        _check,
        name="encryption-at-rest",
        display_name="Data is encrypted at rest",
        description="Stores are encrypted at rest, with customer-managed keys where AWS takes one.",
        types=STORES,
        severity=Severity.HIGH,
        remediation_steps=(
            "Set the property that the message names; take the key from the component that owns "
            "the data. Where AWS's own keys are enough, set customerManagedKeys to false in the "
            "pack's configuration."
        ),
        tags=("encryption", "data-protection"),
        url=f"{CONTROLS}eks-controls.html#eks-3",
        settings={
            "customerManagedKeys": {
                "type": "boolean",
                "default": True,
                "description": "Require customer-managed KMS keys, not only encryption.",
            }
        },
    ),
)
