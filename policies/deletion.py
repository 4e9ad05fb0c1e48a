"""Deletion: what holds data is not deleted by accident, and what is deleted can be had back."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, at_least, off, on, one_of, verdicts
from policies.rule import CONTROLS, Verdict, Violation, resource_policy
from policies.subject import Subject

_PROTECTION = (on("deletionProtection"),)
_NO_FORCE = (off("forceDestroy"),)

GUARDED: Mapping[str, Sequence[Need]] = {
    "aws:cognito/userPool:UserPool": (
        Need("deletionProtection", one_of("ACTIVE"), "set deletionProtection to ACTIVE"),
    ),
    "aws:docdb/cluster:Cluster": _PROTECTION,
    "aws:dynamodb/table:Table": (
        on("deletionProtectionEnabled"),
        Need(
            "replicas[].deletionProtectionEnabled",
            on("").accepts,
            "set deletionProtectionEnabled to true in each replica",
        ),
    ),
    "aws:eks/cluster:Cluster": _PROTECTION,
    "aws:lb/loadBalancer:LoadBalancer": (on("enableDeletionProtection"),),
    "aws:neptune/cluster:Cluster": _PROTECTION,
    "aws:rds/cluster:Cluster": _PROTECTION,
    "aws:rds/instance:Instance": _PROTECTION,
}
"""What AWS itself refuses to delete."""

PROTECTED: Mapping[str, Sequence[Need]] = {
    "aws:backup/vault:Vault": _NO_FORCE,
    "aws:ecr/repository:Repository": (off("forceDelete"),),
    "aws:efs/fileSystem:FileSystem": (),
    "aws:elasticache/replicationGroup:ReplicationGroup": (),
    "aws:elasticache/serverlessCache:ServerlessCache": (),
    "aws:elasticsearch/domain:Domain": (),
    "aws:kms/key:Key": (),
    "aws:memorydb/cluster:Cluster": (),
    "aws:mq/broker:Broker": (),
    "aws:msk/cluster:Cluster": (),
    "aws:msk/serverlessCluster:ServerlessCluster": (),
    "aws:opensearch/domain:Domain": (),
    "aws:s3/bucket:Bucket": _NO_FORCE,
    "aws:secretsmanager/secret:Secret": (),
}
"""What AWS deletes when told to, so that Pulumi has to refuse; and what must not be set."""


def _guarded(resource: Subject) -> Iterator[Verdict]:
    yield from verdicts(resource, *GUARDED.get(resource.type, ()))
    if resource.type in PROTECTED:
        if not resource.protected:
            yield Violation(
                "is not protected from deletion", "set the resource option protect to true"
            )
        yield from verdicts(resource, *PROTECTED[resource.type])


def _recoverable(resource: Subject) -> Iterator[Verdict]:
    days = resource.number("minDays")
    path = RECOVERY[resource.type]
    need = Need(path, at_least(days), f"set {path} to {days} or more", default=30)
    yield from verdicts(resource, need)


RECOVERY: Mapping[str, str] = {
    "aws:kms/externalKey:ExternalKey": "deletionWindowInDays",
    "aws:kms/key:Key": "deletionWindowInDays",
    "aws:kms/replicaKey:ReplicaKey": "deletionWindowInDays",
    "aws:secretsmanager/secret:Secret": "recoveryWindowInDays",
}
"""Where each type says how many days pass between its deletion and its end, 30 by default."""

POLICIES: Sequence[Policy] = (
    resource_policy(
        _guarded,
        name="deletion-protection",
        display_name="What holds data is not deleted by accident",
        description="Data stores, keys and the cluster are protected from deletion.",
        types=(*GUARDED, *PROTECTED),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Turn the service's own deletion protection on, where it has one; else give the "
            "resource Pulumi's option protect (platform:protect in the stack file). In stacks that "
            "are made to be thrown away, disable this policy in the pack's configuration."
        ),
        tags=("resilience", "data-protection"),
        url=f"{CONTROLS}dynamodb-controls.html#dynamodb-6",
    ),
    resource_policy(
        _recoverable,
        name="secrets-recovery",
        display_name="Deleted keys and secrets can be had back",
        description="Secrets and KMS keys end a minimum number of days after their deletion.",
        types=RECOVERY,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Leave the window at its 30 days. Zero deletes a secret at once and for good; data "
            "whose key is gone can't be read by anybody."
        ),
        tags=("resilience", "secrets"),
        url=f"{CONTROLS}kms-controls.html#kms-3",
        settings={
            "minDays": {
                "type": "integer",
                "minimum": 7,
                "maximum": 30,
                "default": 7,
                "description": "Shortest time, in days, between deletion and the end.",
            }
        },
    ),
)
