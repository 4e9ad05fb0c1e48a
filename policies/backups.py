"""Backups: what can be had back after a mistake."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, at_least, on, one_of, verdicts
from policies.rule import CONTROLS, Verdict, resource_policy
from policies.subject import Subject

DAYS = 7
"""A mistake made just before a holiday can still be repaired after it."""

Needs = Callable[[int], Sequence[Need]]
"""By the shortest retention in days."""


def _kept(path: str, default: int) -> Needs:
    """Need a retention in days.

    :param default: what AWS takes when the property is left out.
    """
    return lambda days: (Need(path, at_least(days), f"set {path} to {days} or more", default),)


def _table(days: int) -> Sequence[Need]:
    recovery = "pointInTimeRecovery"
    return (
        on(f"{recovery}.enabled"),
        Need(
            f"{recovery}.recoveryPeriodInDays",
            at_least(days),
            f"set {recovery}.recoveryPeriodInDays to {days} or more",
            default=35,
        ),
        Need(f"replicas[].{recovery}", on("").accepts, f"set {recovery} to true in each replica"),
    )


def _versioned(_: int) -> Sequence[Need]:
    path = "versioningConfiguration.status"
    return (Need(path, one_of("Enabled"), f"set {path} to Enabled"),)


def _files(_: int) -> Sequence[Need]:
    return (Need("backupPolicy.status", one_of("ENABLED"), "set backupPolicy.status to ENABLED"),)


NEEDS: Mapping[str, Needs] = {
    "aws:docdb/cluster:Cluster": _kept("backupRetentionPeriod", 1),
    "aws:dynamodb/table:Table": _table,
    "aws:efs/backupPolicy:BackupPolicy": _files,
    "aws:elasticache/replicationGroup:ReplicationGroup": _kept("snapshotRetentionLimit", 0),
    "aws:elasticache/serverlessCache:ServerlessCache": _kept("snapshotRetentionLimit", 0),
    "aws:memorydb/cluster:Cluster": _kept("snapshotRetentionLimit", 0),
    "aws:neptune/cluster:Cluster": _kept("backupRetentionPeriod", 1),
    "aws:rds/cluster:Cluster": _kept("backupRetentionPeriod", 1),
    "aws:rds/instance:Instance": _kept("backupRetentionPeriod", 0),
    "aws:redshift/cluster:Cluster": _kept("automatedSnapshotRetentionPeriod", 1),
    "aws:s3/bucketVersioning:BucketVersioning": _versioned,
    "aws:s3/bucketVersioningV2:BucketVersioningV2": _versioned,
}
"""By type. OpenSearch domains take a snapshot each hour by themselves and keep it for 14 days;
MSK and Amazon MQ have no backups."""


def _check(store: Subject) -> Iterator[Verdict]:
    yield from verdicts(store, *NEEDS[store.type](store.number("minDays")))


POLICIES: Sequence[Policy] = (
    resource_policy(
        _check,
        name="backups-enabled",
        display_name="Data can be had back",
        description="Data stores keep backups, or old versions, for a minimum time.",
        types=NEEDS,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Turn on the store's own backups: snapshots, point-in-time recovery or versioning. "
            "AWS Backup (the backup component) adds copies out of reach of whoever can delete the "
            "store, and does not replace them."
        ),
        tags=("resilience", "data-protection"),
        url=f"{CONTROLS}dynamodb-controls.html#dynamodb-2",
        settings={
            "minDays": {
                "type": "integer",
                "minimum": 1,
                "maximum": 35,
                "default": DAYS,
                "description": "Shortest time, in days, for which backups are kept.",
            }
        },
    ),
)
