"""Backups of everything that is tagged to be backed up."""

from collections.abc import Mapping
from typing import Optional

import pulumi

from components._base.iam import ServiceRole, service_role, trust
from components._base.outputs import by_name
from components._base.place import Place, place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.backup.args import BackupArgs
from components.backup.plan import plan_backup
from components.backup.plans import make_plan
from components.backup.vault import make_vault, watch_vault

BACKUP_POLICIES = {
    "stores": "service-role/AWSBackupServiceRolePolicyForBackup",
    "s3": "AWSBackupServiceRolePolicyForS3Backup",
}
RESTORE_POLICIES = {
    "stores": "service-role/AWSBackupServiceRolePolicyForRestores",
    "s3": "AWSBackupServiceRolePolicyForS3Restore",
}
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html (2026-11)"""


class Backup(pulumi.ComponentResource):
    """AWS Backup: an encrypted vault from which nothing is deleted early, and plans that fill it.

    A resource is backed up when its `backup` tag names a plan.

    Example: `Backup("backup", {"plans": {"daily": {"rules": {"daily": {"frequency":
    BackupFrequency.DAILY}}}}})`.
    """

    vault_arn: pulumi.Output[str]
    """ARN of the vault, for others' `copy_vault_arn`."""
    vault_name: pulumi.Output[str]
    """Name of the vault, also in the metrics."""
    plan_ids: pulumi.Output[Mapping[str, str]]
    """Ids of the plans by name."""
    restore_role_arn: pulumi.Output[str]
    """ARN of the role to restore with. Backups are made with another one, which can't."""

    @all_given
    def __init__(
        self, name: str, args: BackupArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_backup(args, name, f"Backup {name!r}")
        super().__init__("fastapi-platform:index:Backup", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        place = place_of(self)
        backs_up = _role(scope, place, "role", "Makes, copies and deletes", BACKUP_POLICIES)
        restores = _role(scope, place, "restore", "Restores", RESTORE_POLICIES)
        keeper = [backs_up.role, *backs_up.policies]
        vault = make_vault(scope, plan, "vault", keeper=keeper)
        watch_vault(scope, vault, args.get("alarm_topic_arn"))
        copy_vault_arn = args.get("copy_vault_arn")
        if plan.copy_region:
            copy_vault_arn = make_vault(
                scope, plan, "copies", keeper=keeper, region=plan.copy_region
            ).arn
        made = {
            label: make_plan(
                scope,
                label,
                series,
                vault=vault,
                role_arn=backs_up.arn,
                copy_vault_arn=copy_vault_arn,
            )
            for label, series in plan.plans.items()
        }
        self.vault_arn = vault.arn
        self.vault_name = vault.name
        self.plan_ids = by_name({label: each.id for label, each in made.items()})
        self.restore_role_arn = restores.arn
        self.register_outputs(
            {
                "vaultArn": self.vault_arn,
                "vaultName": self.vault_name,
                "planIds": self.plan_ids,
                "restoreRoleArn": self.restore_role_arn,
            }
        )


def _role(
    scope: Scope, place: Place, suffix: str, purpose: str, policies: Mapping[str, str]
) -> ServiceRole:
    return service_role(
        f"{scope.name}-{suffix}",
        parent=scope.parent,
        trust_policy=trust("backup.amazonaws.com"),
        description=f"{purpose} backups of {scope.name}",
        managed={kind: place.aws_policy(policy) for kind, policy in policies.items()},
        tags=scope.tags,
    )
