"""One customer-managed key per data domain, rotated, with a least-privilege key policy."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document
from components._base.tags import Tags, named

DELETION_WINDOW_DAYS = 30
"""The longest window KMS offers: a wrongly deleted key can be brought back."""

USE_ACTIONS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)

ADMIN_ACTIONS = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:CreateGrant",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


def domain_key(
    name: str,
    *,
    parent: pulumi.Resource,
    description: str,
    statements: Sequence[Statement] = (),
    via_services: Sequence[str] = (),
    tags: Tags | None = None,
    protect: bool = False,
    region: str | None = None,
) -> aws.kms.Key:
    """Create a key and its alias.

    The account's administrators manage the key and delegate its use through IAM, as AWS advises
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).

    :param statements: who else may use the key, e.g. `log_delivery(...)`.
    :param via_services: services (e.g. `elasticache`) through which principals of this account may
        use the key without an IAM grant of their own.
    :param protect: refuse to delete the key by accident.
    :param region: where the key is to be, for a copy of the data there; default: the provider's.
    """
    own = pulumi.InvokeOptions(parent=parent)
    account = aws.get_caller_identity_output(opts=own).account_id
    partition = aws.get_partition_output(opts=own).partition
    root = pulumi.Output.concat("arn:", partition, ":iam::", account, ":root")
    rules = [
        Statement("Administer", ADMIN_ACTIONS, ["*"], {"AWS": [root]}),
        Statement("DelegateToIam", USE_ACTIONS, ["*"], {"AWS": [root]}),
        *statements,
    ]
    if via_services:
        here = region or aws.get_region_output(opts=own).region
        rules.append(_via(via_services, account, here))
    key = aws.kms.Key(
        name,
        description=description,
        enable_key_rotation=True,
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        policy=document(*rules),
        region=region,
        tags=named(tags, name),
        opts=pulumi.ResourceOptions(parent=parent, protect=protect),
    )
    aws.kms.Alias(
        f"{name}-alias",
        name_prefix=f"alias/{name}-",
        target_key_id=key.key_id,
        region=region,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return key


def _via(
    services: Sequence[str], account: pulumi.Input[str], region: pulumi.Input[str]
) -> Statement:
    endpoints = [
        pulumi.Output.concat(service, ".", region, ".amazonaws.com") for service in services
    ]
    return Statement(
        "UseThroughServices",
        (*USE_ACTIONS, "kms:CreateGrant"),
        ["*"],
        {"AWS": ["*"]},
        {"StringEquals": {"kms:CallerAccount": account, "kms:ViaService": endpoints}},
    )


def log_delivery(parent: pulumi.Resource) -> Statement:
    """Let CloudWatch Logs of this account and region encrypt log groups with the key.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    own = pulumi.InvokeOptions(parent=parent)
    region = aws.get_region_output(opts=own).region
    account = aws.get_caller_identity_output(opts=own).account_id
    partition = aws.get_partition_output(opts=own).partition
    groups = pulumi.Output.concat("arn:", partition, ":logs:", region, ":", account, ":log-group:*")
    return Statement(
        "CloudWatchLogs",
        USE_ACTIONS,
        ["*"],
        {"Service": [pulumi.Output.concat("logs.", region, ".amazonaws.com")]},
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )
