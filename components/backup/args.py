"""What a `Backup` takes: the edge that other languages see."""

from collections.abc import Mapping
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class BackupFrequency(str, Enum):
    """When a rule runs, at the plan's hour."""

    DAILY = "daily"
    """Every day."""
    WEEKLY = "weekly"
    """Every Sunday."""
    MONTHLY = "monthly"
    """On the first of each month."""


class VaultLockMode(str, Enum):
    """Who may shorten the retention of backups or take the lock away."""

    GOVERNANCE = "governance"
    """Whoever has the permission."""
    COMPLIANCE = "compliance"
    """Nobody, once the cooling-off days are over: not even AWS, nor the account's root user."""


class BackupVaultLockArgs(TypedDict):
    """Bounds on the retention of every backup in the vault, kept by AWS."""

    mode: NotRequired[VaultLockMode]
    """Who may take the lock away. Default: governance."""
    min_retention_days: NotRequired[int]
    """No backup is deleted before. Default: 7."""
    max_retention_days: NotRequired[int]
    """No backup is kept longer. Default: no bound."""
    cooling_off_days: NotRequired[int]
    """Days in which a compliance lock can still be taken away, 3 or more. Default: 7."""


class BackupRuleArgs(TypedDict):
    """One series of backups. Give `frequency` or `schedule`."""

    frequency: NotRequired[BackupFrequency]
    """When it runs."""
    schedule: NotRequired[str]
    """When it runs, as a cron expression of AWS such as `cron(0 3/6 * * ? *)`."""
    delete_after_days: NotRequired[int]
    """Days until a backup is deleted. Default: 35."""
    cold_after_days: NotRequired[int]
    """Days until a backup goes to cold storage, where it stays for 90 days at least; of stores
    that have one. Default: never."""
    continuous: NotRequired[bool]
    """Record changes too, to restore any second of the last `delete_after_days` (35 at most), of
    stores that can: S3, RDS, Aurora. Default: false."""
    copied: NotRequired[bool]
    """Copy each backup to the other vault, if there is one. Default: true."""
    start_window_minutes: NotRequired[int]
    """Minutes within which a backup starts, or is given up; 60 or more. Default: 480."""
    completion_window_minutes: NotRequired[int]
    """Minutes within which it is done, or is given up. Default: 10080, a week."""


class BackupPlanArgs(TypedDict):
    """What is done with all resources that have the plan's name in their `backup` tag."""

    rules: Mapping[str, BackupRuleArgs]
    """Series of backups, by a short name of each."""
    hour: NotRequired[int]
    """Hour at which `frequency` runs, 0 to 23. Default: 3."""
    time_zone: NotRequired[str]
    """Of the schedules, e.g. `Europe/Berlin`. Default: Etc/UTC."""


class BackupArgs(TypedDict):
    """Inputs of `Backup`."""

    plans: NotRequired[Mapping[str, BackupPlanArgs]]
    """Plans by name: resources with the tag `backup` of that value are in it. Default: `daily`,
    kept for 35 days. None (`{}`) makes a vault for copies only."""
    lock: NotRequired[BackupVaultLockArgs]
    """Bounds on retention that AWS keeps. Default: none."""
    allow_deletion: NotRequired[bool]
    """Let backups be deleted by hand before their time. Default: false."""
    copy_region: NotRequired[str]
    """Region in which a second vault gets a copy of each backup, e.g. `eu-central-1`.
    Default: none."""
    copy_vault_arn: NotRequired[pulumi.Input[str]]
    """Vault that gets a copy of each backup, instead of one made in `copy_region`: another
    account's, whose key and access policy let this one copy into it. Default: none."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that is told of backups, copies and restores that failed. Default: none."""
    protect: NotRequired[bool]
    """Refuse to delete the vault and its key. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
