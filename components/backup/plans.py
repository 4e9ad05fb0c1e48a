"""Plans: what is backed up when, and for how long."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.names import AUTONAME_LENGTH, short_name
from components._base.scope import Scope
from components._base.tags import BACKUP_TAG
from components.backup.plan import Series
from components.backup.spec import BackupRuleSpec
from components.backup.vault import NAME_LIMIT

ROOM = NAME_LIMIT - AUTONAME_LENGTH


def make_plan(
    scope: Scope,
    plan: str,
    series: Sequence[Series],
    *,
    vault: aws.backup.Vault,
    role_arn: pulumi.Input[str],
    copy_vault_arn: pulumi.Input[str] | None,
) -> aws.backup.Plan:
    """Create a plan, and have it include all resources with its name in their `backup` tag."""
    name = short_name(f"{scope.name}-{plan}", ROOM)
    made = aws.backup.Plan(
        name,
        rules=[_rule(each, vault, copy_vault_arn) for each in series],
        tags=scope.tagged(name),
        opts=scope.own,
    )
    aws.backup.Selection(
        short_name(f"{scope.name}-{plan}-selection", ROOM),
        plan_id=made.id,
        iam_role_arn=role_arn,
        selection_tags=[{"type": "STRINGEQUALS", "key": BACKUP_TAG, "value": plan}],
        opts=scope.own,
    )
    return made


def _rule(
    series: Series, vault: aws.backup.Vault, copy_vault_arn: pulumi.Input[str] | None
) -> aws.backup.PlanRuleArgsDict:
    rule = series.rule
    made: aws.backup.PlanRuleArgsDict = {
        "rule_name": series.name,
        "target_vault_name": vault.name,
        "schedule": series.schedule,
        "schedule_expression_timezone": series.time_zone,
        "start_window": rule.start_window_minutes,
        "completion_window": rule.completion_window_minutes,
        "enable_continuous_backup": rule.continuous,
        "lifecycle": _lifecycle(rule),
    }
    if copy_vault_arn is not None and rule.copied:
        made["copy_actions"] = [
            {"destination_vault_arn": copy_vault_arn, "lifecycle": _lifecycle(rule)}
        ]
    return made


def _lifecycle(rule: BackupRuleSpec) -> aws.backup.PlanRuleLifecycleArgsDict:
    lifecycle: aws.backup.PlanRuleLifecycleArgsDict = {"delete_after": rule.delete_after_days}
    if rule.cold_after_days is not None:
        lifecycle["cold_storage_after"] = rule.cold_after_days
    return lifecycle
