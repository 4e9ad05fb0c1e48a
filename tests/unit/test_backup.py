"""What a backup accepts and refuses, and what it registers."""

import functools
import json
from collections.abc import Mapping
from typing import cast

import pulumi
import pytest

from components._base.errors import InvalidInput
from components.backup import Backup, BackupArgs, plan_backup
from tests.harness import Recorder, build
from tests.iam_lint import lint

VAULT = "aws:backup/vault:Vault"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY = "aws:backup/vaultPolicy:VaultPolicy"
EVENTS = "aws:backup/vaultNotifications:VaultNotifications"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ROLE, ATTACHMENT = "aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
KEY = "aws:kms/key:Key"

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
ELSEWHERE = "arn:aws:backup:eu-central-1:210987654321:backup-vault:copies"

Json = Mapping[str, object]


def backup(name: str = "backup", **args: object) -> Recorder[Backup]:
    return build(lambda: Backup(name, cast("BackupArgs", args)))


@functools.cache
def default() -> Recorder[Backup]:
    return backup()


@functools.cache
def full() -> Recorder[Backup]:
    return backup(
        plans={
            "daily": {"rules": {"daily": {"frequency": "daily"}}},
            "critical": {
                "hour": 1,
                "time_zone": "Europe/Berlin",
                "rules": {
                    "hourly": {
                        "schedule": "cron(0 * ? * * *)",
                        "continuous": True,
                        "delete_after_days": 14,
                        "copied": False,
                    },
                    "weekly": {"frequency": "weekly", "delete_after_days": 90},
                    "monthly": {
                        "frequency": "monthly",
                        "cold_after_days": 30,
                        "delete_after_days": 365,
                        "start_window_minutes": 60,
                        "completion_window_minutes": 1440,
                    },
                },
            },
        },
        lock={"mode": "compliance", "min_retention_days": 7, "max_retention_days": 400},
        copy_region="eu-central-1",
        alarm_topic_arn=TOPIC,
        protect=True,
        tags={"team": "core"},
    )


def rules(cloud: Recorder[Backup], plan: str) -> dict[str, Json]:
    found = cast("list[Json]", cloud.one(PLAN, f"backup-{plan}").inputs["rules"])
    return {str(rule["ruleName"]): rule for rule in found}


# What is accepted


def problems(**args: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        plan_backup(cast("BackupArgs", args))
    return [str(problem) for problem in caught.value.problems]


def rule_problems(**rule: object) -> list[str]:
    return problems(plans={"p": {"rules": {"r": {"frequency": "daily", **rule}}}})


def test_by_default_what_is_tagged_daily_is_kept_for_35_days() -> None:
    plan = plan_backup({})
    ((name, (series,)),) = plan.plans.items()
    assert (name, series.name, series.schedule) == ("daily", "daily", "cron(0 3 ? * * *)")
    assert (series.rule.delete_after_days, series.rule.cold_after_days) == (35, None)
    assert (series.rule.start_window_minutes, series.rule.completion_window_minutes) == (480, 10080)
    assert (plan.lock, plan.allow_deletion, plan.copy_region) == (None, False, None)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            {"cold_after_days": 30, "delete_after_days": 119},
            (
                "backups stay in cold storage for 90 days: with cold_after_days 30, "
                "delete_after_days must be 120 or more"
            ),
        ),
        (
            {"cold_after_days": 1, "continuous": True},
            "continuous backups can't go to cold storage",
        ),
        (
            {"continuous": True, "delete_after_days": 36},
            "continuous backups reach back 35 days at most; delete_after_days is 36",
        ),
        (
            {"start_window_minutes": 120, "completion_window_minutes": 179},
            "completion_window_minutes must be 60 or more over start_window_minutes",
        ),
        (
            {"schedule": "cron(0 3 * * ? *)"},
            "give a frequency or a schedule, one of them",
        ),
        ({"frequency": None}, "give a frequency or a schedule, one of them"),
    ],
)
def test_rules_that_aws_refuses(rule: dict[str, object], problem: str) -> None:
    assert rule_problems(**rule) == [f"plans.p.rules.r: {problem}"]


def test_cold_storage_may_begin_90_days_before_the_end() -> None:
    args = {"p": {"rules": {"r": {"frequency": "monthly", "cold_after_days": 30}}}}
    args["p"]["rules"]["r"]["delete_after_days"] = 120
    (series,) = plan_backup(cast("BackupArgs", {"plans": args})).plans["p"]
    assert series.rule.cold_after_days == 30


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (
            {"plans": {"p": {"rules": {}}}},
            "plans.p.rules: one rule or more is needed",
        ),
        (
            {"plans": {"a b": {"rules": {"r": {"frequency": "daily"}}}}},
            "plans: no names of 1 to 40 letters, digits, '-', '_' and '.': a b",
        ),
        (
            {"plans": {"p": {"rules": {"every night": {"frequency": "daily"}}}}},
            "plans.p.rules: no names of 1 to 50 letters, digits, '-', '_' and '.': every night",
        ),
        (
            {"plans": {"p": {"rules": {"r": {"schedule": "0 3 * * *"}}}}},
            (
                "plans.p.rules.r.schedule: '0 3 * * *' is not valid: a cron expression of six "
                "fields such as cron(0 3 * * ? *) is needed"
            ),
        ),
        (
            {"plans": {"p": {"time_zone": "Berlin", "rules": {"r": {"frequency": "daily"}}}}},
            (
                "plans.p.time_zone: 'Berlin' is not valid: a time zone such as Europe/Berlin or "
                "Etc/UTC is needed"
            ),
        ),
        (
            {"lock": {"min_retention_days": 30, "max_retention_days": 7}},
            "lock: max_retention_days is less than min_retention_days",
        ),
        (
            {"lock": {"cooling_off_days": 7}},
            "lock: cooling_off_days is for mode compliance: governance has no end",
        ),
        (
            {"lock": {"mode": "compliance", "cooling_off_days": 2}},
            "lock.cooling_off_days: 2 is not valid: greater than or equal to 3",
        ),
        (
            {"lock": {"min_retention_days": 36}},
            (
                "the lock allows 36 to 36500 days; delete_after_days is outside in: "
                "plans.daily.rules.daily (35)"
            ),
        ),
        (
            {"copy_region": "Frankfurt"},
            (
                "copy_region: 'Frankfurt' is not valid: the name of a region such as eu-central-1 "
                "is needed"
            ),
        ),
        (
            {"copy_vault_arn": "copies"},
            (
                "copy_vault_arn: 'copies' is not valid: the ARN of a vault is needed, "
                "arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME"
            ),
        ),
        (
            {"copy_vault_arn": ELSEWHERE, "copy_region": "eu-central-1"},
            "copy_region: excludes copy_vault_arn; give one",
        ),
    ],
)
def test_wrong_input_is_named(args: dict[str, object], wanted: str) -> None:
    assert problems(**args) == [wanted]


# What is registered


def test_default_backup_has_exactly_these_resources() -> None:
    kinds = (VAULT, LOCK, POLICY, EVENTS, PLAN, SELECTION, ALARM, ROLE, ATTACHMENT, KEY)
    assert {kind: len(default().all(kind)) for kind in kinds} == {
        **dict.fromkeys(kinds, 1),
        LOCK: 0,
        EVENTS: 0,
        ALARM: 2,
        ROLE: 2,
        ATTACHMENT: 4,
    }
    component = default().one("fastapi-platform:index:Backup")
    assert all(component in r.ancestors for r in default().resources if r is not component)


def test_backups_are_encrypted_with_the_vaults_own_key() -> None:
    vault = default().one(VAULT)
    assert str(vault.inputs["kmsKeyArn"]).startswith("arn:aws:kms:eu-west-1:")
    assert vault.inputs["forceDestroy"] is False
    policy = cast("dict[str, list[Json]]", json.loads(str(default().one(KEY).inputs["policy"])))
    via = next(s for s in policy["Statement"] if s["Sid"] == "UseThroughServices")
    assert via["Condition"] == {
        "StringEquals": {
            "kms:CallerAccount": "123456789012",
            "kms:ViaService": ["backup.eu-west-1.amazonaws.com"],
        }
    }


def test_nobody_deletes_a_backup_early() -> None:
    policy = default().one(POLICY).inputs["policy"]
    assert lint(str(policy)) == []
    (statement,) = cast("dict[str, list[Json]]", json.loads(str(policy)))["Statement"]
    assert statement == {
        "Sid": "KeepBackups",
        "Effect": "Deny",
        "Principal": {"AWS": ["*"]},
        "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
        "Resource": ["*"],
    }
    assert backup(allow_deletion=True).none(POLICY)


def test_the_vault_is_protected_and_goes_before_the_role_that_ends_its_backups() -> None:
    """Without the role, backups would stay, and be paid for, for ever."""
    assert all(r.protect for r in (*full().all(VAULT), *full().all(KEY)))
    assert not any(r.protect for r in (*default().all(VAULT), *default().all(KEY)))
    attached = [r for r in full().all(ATTACHMENT) if r.name.startswith("backup-role")]
    for vault in full().all(VAULT):
        assert {full().one(ROLE, "backup-role").urn, *(r.urn for r in attached)} <= vault.depends_on


def test_locks() -> None:
    """A lock is replaced by the provider, and a vault has one: it must not be deleted last."""
    lock = full().one(LOCK, "backup-vault-lock")
    assert lock.inputs["changeableForDays"] == 7
    assert (lock.inputs["minRetentionDays"], lock.inputs["maxRetentionDays"]) == (7, 400)
    assert lock.delete_before_replace
    governed = backup(lock={}).one(LOCK)
    assert "changeableForDays" not in governed.inputs
    assert governed.inputs["minRetentionDays"] == 7


def test_schedules_are_in_the_plans_time() -> None:
    critical = rules(full(), "critical")
    assert {name: rule["schedule"] for name, rule in critical.items()} == {
        "hourly": "cron(0 * ? * * *)",
        "weekly": "cron(0 1 ? * SUN *)",
        "monthly": "cron(0 1 1 * ? *)",
    }
    assert {rule["scheduleExpressionTimezone"] for rule in critical.values()} == {"Europe/Berlin"}
    assert rules(full(), "daily")["daily"]["scheduleExpressionTimezone"] == "Etc/UTC"


def test_retention_and_cold_storage() -> None:
    critical = rules(full(), "critical")
    assert critical["monthly"]["lifecycle"] == {"coldStorageAfter": 30, "deleteAfter": 365}
    assert critical["weekly"]["lifecycle"] == {"deleteAfter": 90}
    assert (critical["monthly"]["startWindow"], critical["monthly"]["completionWindow"]) == (
        *(60, 1440),
    )
    continuous = {name: rule["enableContinuousBackup"] for name, rule in critical.items()}
    assert continuous == {"hourly": True, "weekly": False, "monthly": False}


def test_what_is_tagged_with_a_plans_name_is_in_it() -> None:
    for plan in ("critical", "daily"):
        selection = full().one(SELECTION, f"backup-{plan}-selection")
        assert selection.inputs["selectionTags"] == [
            {"type": "STRINGEQUALS", "key": "backup", "value": plan}
        ]
        assert full().one(PLAN, f"backup-{plan}").urn in selection.depends_on


def test_whoever_backs_up_can_not_restore() -> None:
    attached = {r.name: str(r.inputs["policyArn"]) for r in full().all(ATTACHMENT)}
    assert attached == {
        "backup-role-stores": "arn:aws:iam::aws:policy/service-role/"
        "AWSBackupServiceRolePolicyForBackup",
        "backup-role-s3": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
        "backup-restore-stores": "arn:aws:iam::aws:policy/service-role/"
        "AWSBackupServiceRolePolicyForRestores",
        "backup-restore-s3": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
    }
    selection = full().one(SELECTION, "backup-daily-selection")
    assert "role/backup-role-" in str(selection.inputs["iamRoleArn"])
    # and not before it can
    assert full().comes_after(selection, full().one(ATTACHMENT, "backup-role-s3"))


def test_copies_go_to_a_vault_in_the_other_region() -> None:
    copies = full().one(VAULT, "backup-copies")
    assert copies.inputs["region"] == "eu-central-1"
    assert str(copies.inputs["kmsKeyArn"]).startswith("arn:aws:kms:eu-central-1:")
    for kind in (POLICY, LOCK):
        (there,) = [r for r in full().all(kind) if r.inputs.get("region") == "eu-central-1"]
        assert there.name.startswith("backup-copies-")
    critical = rules(full(), "critical")
    (copy,) = cast("list[Json]", critical["monthly"]["copyActions"])
    assert str(copy["destinationVaultArn"]).startswith(
        "arn:aws:backup:eu-central-1:123456789012:backup-vault:backup-copies-"
    )
    assert copy["lifecycle"] == {"coldStorageAfter": 30, "deleteAfter": 365}
    assert "copyActions" not in critical["hourly"]
    assert "copyActions" not in rules(default(), "daily")["daily"]


def test_copies_may_go_to_a_vault_that_exists() -> None:
    cloud = backup(copy_vault_arn=ELSEWHERE)
    assert len(cloud.all(VAULT)) == 1
    (copy,) = cast("list[Json]", rules(cloud, "daily")["daily"]["copyActions"])
    assert copy["destinationVaultArn"] == ELSEWHERE


def test_copies_may_go_to_a_vault_that_this_program_makes() -> None:
    def program() -> Backup:
        there = Backup("there", {"plans": {}})
        return Backup("here", {"copy_vault_arn": there.vault_arn})

    cloud = build(program)
    assert cloud.one(PLAN).name == "here-daily"
    assert cloud.comes_after(cloud.one(PLAN), cloud.one(VAULT, "there-vault"))


def test_a_vault_for_copies_only_has_no_plans() -> None:
    cloud = backup(plans={})
    assert cloud.none(PLAN)
    assert cloud.output(cloud.result.plan_ids) == {}


def test_failures_are_told() -> None:
    alarms = {r.name: r.inputs for r in full().all(ALARM)}
    assert {name: inputs["metricName"] for name, inputs in alarms.items()} == {
        "backup-expired": "NumberOfBackupJobsExpired",
        "backup-failed": "NumberOfBackupJobsFailed",
    }
    for inputs in alarms.values():
        assert inputs["dimensions"] == {"BackupVaultName": full().output(full().result.vault_name)}
        assert inputs["alarmActions"] == [TOPIC]
        assert (inputs["statistic"], inputs["threshold"]) == ("Sum", 0)
    events = full().one(EVENTS)
    assert events.inputs["snsTopicArn"] == TOPIC
    assert events.inputs["backupVaultEvents"] == [
        *("CONTINUOUS_BACKUP_INTERRUPTED", "COPY_JOB_FAILED"),
        *("RESTORE_JOB_COMPLETED", "S3_BACKUP_OBJECT_FAILED"),
    ]
    assert events.delete_before_replace


def test_names_fit_for_the_longest_logical_names() -> None:
    cloud = backup(
        "b" * 40,
        plans={"p" * 40: {"rules": {"r": {"frequency": "daily"}}}},
        copy_region="eu-central-1",
    )
    assert len(cloud.all(VAULT)) == 2
    with pytest.raises(InvalidInput, match="at most 40"):
        plan_backup({}, "b" * 41)


def test_the_arn_of_a_vault_to_come_is_not_checked_as_text() -> None:
    def program() -> object:
        return plan_backup({"copy_vault_arn": pulumi.Output.from_input("not known yet")})

    assert build(program).result
