"""What a `Backup` will make, computed before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import pulumi

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name
from components._base.spec import read_spec
from components.backup.args import BackupArgs, BackupFrequency, VaultLockMode
from components.backup.spec import BackupPlanSpec, BackupRuleSpec, BackupSpec

CRONS = {
    BackupFrequency.DAILY: "cron(0 {hour} ? * * *)",
    BackupFrequency.WEEKLY: "cron(0 {hour} ? * SUN *)",
    BackupFrequency.MONTHLY: "cron(0 {hour} 1 * ? *)",
}

COOLING_OFF_DAYS = 7


@dataclass(frozen=True)
class Series:
    """One series of backups."""

    name: str
    schedule: str
    time_zone: str
    rule: BackupRuleSpec


@dataclass(frozen=True)
class VaultLock:
    """Bounds on retention that AWS keeps."""

    min_retention_days: int
    max_retention_days: int | None
    cooling_off_days: int | None
    """None: it can be taken away for ever."""


@dataclass(frozen=True)
class BackupPlan:
    """A vault, and the series of backups of each plan that fills it."""

    plans: Mapping[str, tuple[Series, ...]]
    lock: VaultLock | None
    copy_region: str | None
    """Where a second vault is made, if one is."""
    allow_deletion: bool
    protect: bool


def plan_backup(args: BackupArgs, name: str = "backup", owner: str = "Backup") -> BackupPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    check_name(name, owner)
    spec = read_spec(BackupSpec, BackupArgs, _checkable(args), owner)
    if spec.copy_region and args.get("copy_vault_arn") is not None:
        raise InvalidInput(owner, [Problem("copy_region", "excludes copy_vault_arn; give one")])
    return BackupPlan(
        plans={plan: _series(spec.plans[plan]) for plan in sorted(spec.plans)},
        lock=_lock(spec),
        copy_region=spec.copy_region,
        allow_deletion=spec.allow_deletion,
        protect=spec.protect,
    )


def _checkable(args: BackupArgs) -> Mapping[str, object]:
    """Leave out the other vault when this program makes it: only a plain ARN can be checked."""
    plain = not isinstance(args.get("copy_vault_arn"), pulumi.Output)
    given = cast("Mapping[str, object]", args)
    return {key: value for key, value in given.items() if plain or key != "copy_vault_arn"}


def _series(spec: BackupPlanSpec) -> tuple[Series, ...]:
    return tuple(
        Series(name, _schedule(rule, spec.hour), spec.time_zone, rule)
        for name, rule in sorted(spec.rules.items())
    )


def _schedule(rule: BackupRuleSpec, hour: int) -> str:
    if rule.schedule is not None:
        return rule.schedule
    if rule.frequency is None:  # the spec has seen to it
        raise AssertionError("a frequency or a schedule is needed")
    return CRONS[rule.frequency].format(hour=hour)


def _lock(spec: BackupSpec) -> VaultLock | None:
    lock = spec.lock
    if lock is None:
        return None
    for_good = lock.mode is VaultLockMode.COMPLIANCE
    return VaultLock(
        lock.min_retention_days,
        lock.max_retention_days,
        (lock.cooling_off_days or COOLING_OFF_DAYS) if for_good else None,
    )
