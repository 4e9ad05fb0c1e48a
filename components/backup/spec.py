"""The structural inputs of a `Backup`, checked."""

import re
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from components._base.place import REGION_NAME
from components._base.spec import Spec
from components.backup.args import BackupFrequency, VaultLockMode

LONGEST_DAYS = 36500
SHORTEST_COOLING_OFF_DAYS = 3
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
(2026-11)"""

COLD_DAYS = 90
"""What goes to cold storage stays there for at least so long.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html (2026-11)
"""

CONTINUOUS_DAYS = 35
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html (2026-11)"""

SHORTEST_WINDOW = 60
START_WINDOW = 8 * 60
COMPLETION_WINDOW = 7 * 24 * 60
"""The shortest window, and AWS's own defaults, in minutes.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html (2026-11)
"""

PLAN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
RULE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,50}")
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html (2026-11)"""

CRON = re.compile(r"cron\(\S+( \S+){5}\)")
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html (2026-11)"""


VAULT_ARN = re.compile(
    r"arn:aws[\w-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}", re.ASCII
)


class BackupVaultLockSpec(Spec):
    """Bounds on the retention of every backup in the vault, kept by AWS."""

    mode: VaultLockMode = VaultLockMode.GOVERNANCE
    """Who may take the lock away."""
    min_retention_days: int = Field(default=7, ge=1, le=LONGEST_DAYS)
    """No backup is deleted before."""
    max_retention_days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS)
    """No backup is kept longer."""
    cooling_off_days: int | None = Field(
        default=None, ge=SHORTEST_COOLING_OFF_DAYS, le=LONGEST_DAYS
    )
    """Days in which a compliance lock can still be taken away; default: 7."""

    @model_validator(mode="after")
    def _coherent(self) -> "BackupVaultLockSpec":
        if self.max_retention_days and self.max_retention_days < self.min_retention_days:
            raise ValueError("max_retention_days is less than min_retention_days")
        if self.cooling_off_days and self.mode is VaultLockMode.GOVERNANCE:
            raise ValueError("cooling_off_days is for mode compliance: governance has no end")
        return self


class BackupRuleSpec(Spec):
    """One series of backups."""

    frequency: BackupFrequency | None = None
    """When it runs; or give a schedule."""
    schedule: str | None = None
    """When it runs, as a cron expression of AWS."""
    delete_after_days: int = Field(default=35, ge=1, le=LONGEST_DAYS)
    """Days until a backup is deleted."""
    cold_after_days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS)
    """Days until a backup goes to cold storage."""
    continuous: bool = False
    """Record changes too, to restore any second."""
    copied: bool = True
    """Copy each backup to the other vault, if there is one."""
    start_window_minutes: int = Field(default=START_WINDOW, ge=SHORTEST_WINDOW)
    """Minutes within which a backup starts, or is given up."""
    completion_window_minutes: int = Field(default=COMPLETION_WINDOW, ge=2 * SHORTEST_WINDOW)
    """Minutes within which it is done, or is given up."""

    @field_validator("schedule")
    @classmethod
    def _cron(cls, schedule: str | None) -> str | None:
        if schedule is not None and not CRON.fullmatch(schedule):
            raise ValueError("a cron expression of six fields such as cron(0 3 * * ? *) is needed")
        return schedule

    @model_validator(mode="after")
    def _coherent(self) -> "BackupRuleSpec":
        if (self.frequency is None) == (self.schedule is None):
            raise ValueError("give a frequency or a schedule, one of them")
        if self.cold_after_days is not None:
            least = self.cold_after_days + COLD_DAYS
            if self.continuous:
                raise ValueError("continuous backups can't go to cold storage")
            if self.delete_after_days < least:
                raise ValueError(
                    f"backups stay in cold storage for {COLD_DAYS} days: with cold_after_days "
                    f"{self.cold_after_days}, delete_after_days must be {least} or more"
                )
        if self.continuous and self.delete_after_days > CONTINUOUS_DAYS:
            raise ValueError(
                f"continuous backups reach back {CONTINUOUS_DAYS} days at most; "
                f"delete_after_days is {self.delete_after_days}"
            )
        if self.completion_window_minutes < self.start_window_minutes + SHORTEST_WINDOW:
            raise ValueError(
                f"completion_window_minutes must be {SHORTEST_WINDOW} or more over "
                "start_window_minutes"
            )
        return self


class BackupPlanSpec(Spec):
    """What is done with all resources that have the plan's name in their `backup` tag."""

    rules: dict[str, BackupRuleSpec]
    """Series of backups, by a short name of each."""
    hour: int = Field(default=3, ge=0, le=23)
    """Hour at which `frequency` runs."""
    time_zone: str = "Etc/UTC"
    """Of the schedules."""

    @field_validator("rules")
    @classmethod
    def _named(cls, rules: dict[str, BackupRuleSpec]) -> dict[str, BackupRuleSpec]:
        wrong = [name for name in rules if not RULE_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no names of 1 to 50 letters, digits, '-', '_' and '.': {', '.join(wrong)}"
            )
        if not rules:
            raise ValueError("one rule or more is needed")
        return rules

    @field_validator("time_zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("a time zone such as Europe/Berlin or Etc/UTC is needed")
        return zone


def _default_plans() -> dict[str, BackupPlanSpec]:
    return {
        "daily": BackupPlanSpec(
            rules={"daily": BackupRuleSpec.model_validate({"frequency": BackupFrequency.DAILY})}
        )
    }


class BackupSpec(Spec):
    """A vault, and plans that fill it."""

    plans: dict[str, BackupPlanSpec] = Field(default_factory=_default_plans)
    """Plans by name: resources with the tag `backup` of that value are in it."""
    lock: BackupVaultLockSpec | None = None
    """Bounds on retention that AWS keeps."""
    copy_region: str | None = None
    """Region in which a second vault gets a copy of each backup."""
    copy_vault_arn: str | None = None
    """Vault that gets a copy of each backup, instead of one made in `copy_region`."""
    allow_deletion: bool = False
    """Let backups be deleted by hand before their time."""
    protect: bool = False
    """Refuse to delete the vault and its key."""

    @field_validator("plans")
    @classmethod
    def _named(cls, plans: dict[str, BackupPlanSpec]) -> dict[str, BackupPlanSpec]:
        wrong = [name for name in plans if not PLAN_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no names of 1 to 40 letters, digits, '-', '_' and '.': {', '.join(wrong)}"
            )
        return plans

    @field_validator("copy_region")
    @classmethod
    def _region(cls, region: str | None) -> str | None:
        if region is not None and not REGION_NAME.fullmatch(region):
            raise ValueError("the name of a region such as eu-central-1 is needed")
        return region

    @field_validator("copy_vault_arn")
    @classmethod
    def _vault(cls, arn: str | None) -> str | None:
        if arn is not None and not VAULT_ARN.fullmatch(arn):
            raise ValueError(
                "the ARN of a vault is needed, arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME"
            )
        return arn

    @model_validator(mode="after")
    def _within_the_lock(self) -> "BackupSpec":
        """AWS fails each backup whose retention the lock forbids, night after night."""
        if self.lock is None:
            return self
        least, most = self.lock.min_retention_days, self.lock.max_retention_days or LONGEST_DAYS
        wrong = [
            f"plans.{plan}.rules.{name} ({rule.delete_after_days})"
            for plan, spec in self.plans.items()
            for name, rule in spec.rules.items()
            if not least <= rule.delete_after_days <= most
        ]
        if wrong:
            raise ValueError(
                f"the lock allows {least} to {most} days; delete_after_days is outside in: "
                f"{', '.join(wrong)}"
            )
        return self
