"""The vault: where backups are, and what keeps them there."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.alarms import AlarmRule, make_alarms
from components._base.iam import Effect, Statement, document
from components._base.kms import domain_key
from components._base.names import AUTONAME_LENGTH, short_name
from components._base.scope import Scope
from components.backup.plan import BackupPlan

NAME_LIMIT = 50
"""Of vaults, plans and selections.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html (2026-11)
"""

DELETION_ACTIONS = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")
"""By which a backup is gone before its time. `PutBackupVaultAccessPolicy` is left out, though AWS
Config's rule backup-recovery-point-manual-deletion-disabled wants it too: nobody could change the
policy again. A vault lock is the way to what nobody can undo."""

EVENTS = (
    "CONTINUOUS_BACKUP_INTERRUPTED",
    "COPY_JOB_FAILED",
    "RESTORE_JOB_COMPLETED",
    "S3_BACKUP_OBJECT_FAILED",
)
"""What is told at once. Backups that fail are an alarm: as an event they come with those that
don't, https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html (2026-11).
Restores are rare, and somebody should know."""

RULES = (
    AlarmRule(
        "failed",
        "NumberOfBackupJobsFailed",
        threshold=0,
        description="Backups failed. See the jobs' messages in AWS Backup; often the role lacks a "
        "permission, or a store was being changed.",
        statistic="Sum",
        period_seconds=300,
        periods=1,
    ),
    AlarmRule(
        "expired",
        "NumberOfBackupJobsExpired",
        threshold=0,
        description="Backups did not start within their window. See what else runs then, or "
        "widen the rule's start window.",
        statistic="Sum",
        period_seconds=300,
        periods=1,
    ),
)
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html (2026-11): metrics come
every five minutes."""


def make_vault(
    scope: Scope,
    plan: BackupPlan,
    label: str,
    *,
    keeper: Sequence[pulumi.Resource],
    region: str | None = None,
) -> aws.backup.Vault:
    """Create a vault, its key, and what keeps backups in it.

    :param label: short name, e.g. `vault`.
    :param keeper: the role by which AWS Backup deletes backups when it is their time.
    :param region: where the vault is to be; default: the provider's.
    """
    name = f"{scope.name}-{label}"
    key = domain_key(
        f"{name}-key",
        parent=scope.parent,
        description=f"Backups in {name}",
        # as AWS's own key for backups allows it
        via_services=["backup"],
        tags=scope.tags,
        protect=scope.protect,
        region=region,
    )
    vault = aws.backup.Vault(
        short_name(name, NAME_LIMIT - AUTONAME_LENGTH),
        kms_key_arn=key.arn,
        force_destroy=False,
        region=region,
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            protect=scope.protect,
            # A vault with backups in it can't be deleted. The role stays as long: without it they
            # would never be.
            depends_on=keeper,
        ),
    )
    if not plan.allow_deletion:
        aws.backup.VaultPolicy(
            f"{name}-policy",
            backup_vault_name=vault.name,
            policy=document(
                Statement(
                    "KeepBackups", DELETION_ACTIONS, ["*"], {"AWS": ["*"]}, effect=Effect.DENY
                )
            ),
            region=region,
            opts=scope.own,
        )
    if plan.lock:
        aws.backup.VaultLockConfiguration(
            f"{name}-lock",
            backup_vault_name=vault.name,
            min_retention_days=plan.lock.min_retention_days,
            max_retention_days=plan.lock.max_retention_days,
            changeable_for_days=plan.lock.cooling_off_days,
            region=region,
            opts=_one_of_a_vault(scope),
        )
    return vault


def watch_vault(
    scope: Scope, vault: aws.backup.Vault, alarm_topic_arn: pulumi.Input[str] | None
) -> None:
    """Have somebody told when backups, copies or restores fail."""
    if alarm_topic_arn is not None:
        aws.backup.VaultNotifications(
            f"{scope.name}-events",
            backup_vault_name=vault.name,
            sns_topic_arn=alarm_topic_arn,
            backup_vault_events=list(EVENTS),
            opts=_one_of_a_vault(scope),
        )
    make_alarms(
        scope,
        RULES,
        namespace="AWS/Backup",
        dimensions={"BackupVaultName": vault.name},
        topic_arn=alarm_topic_arn,
    )


def _one_of_a_vault(scope: Scope) -> pulumi.ResourceOptions:
    """Return the options of what the provider replaces, and of which a vault has one.

    Deleting the old one last would delete the new one.
    """
    return pulumi.ResourceOptions(parent=scope.parent, delete_before_replace=True)
