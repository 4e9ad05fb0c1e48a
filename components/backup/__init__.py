"""AWS Backup: a vault out of the reach of whoever can delete the data, and plans by tag."""

from components.backup.args import BackupArgs
from components.backup.component import Backup
from components.backup.plan import BackupPlan, plan_backup
from components.backup.spec import BackupSpec

__all__ = ["Backup", "BackupArgs", "BackupPlan", "BackupSpec", "plan_backup"]
