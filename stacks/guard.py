"""The replacement guard: no cluster, cache, broker, search domain, table or bucket is lost unseen.

It reads the steps of a preview, the embedded engine's or `pulumi preview --json`, and names every
stateful resource that would be replaced or deleted, with the properties that force it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

GUARDED = {
    "aws:backup/vault:Vault": "backup vault",
    "aws:cloudfront/distribution:Distribution": "entrance",
    "aws:cognito/userPool:UserPool": "user pool",
    "aws:docdb/cluster:Cluster": "database",
    "aws:dynamodb/table:Table": "table",
    "aws:ecr/repository:Repository": "image registry",
    "aws:efs/fileSystem:FileSystem": "file system",
    "aws:eks/cluster:Cluster": "cluster",
    "aws:elasticache/cluster:Cluster": "cache",
    "aws:elasticache/replicationGroup:ReplicationGroup": "cache",
    "aws:elasticache/serverlessCache:ServerlessCache": "cache",
    "aws:elasticsearch/domain:Domain": "search domain",
    "aws:kms/key:Key": "encryption key",
    "aws:lb/loadBalancer:LoadBalancer": "entrance",
    "aws:memorydb/cluster:Cluster": "database",
    "aws:mq/broker:Broker": "broker",
    "aws:msk/cluster:Cluster": "broker",
    "aws:msk/serverlessCluster:ServerlessCluster": "broker",
    "aws:msk/topic:Topic": "topic",
    "aws:neptune/cluster:Cluster": "database",
    "aws:opensearch/domain:Domain": "search domain",
    "aws:opensearch/serverlessCollection:ServerlessCollection": "search domain",
    "aws:rds/cluster:Cluster": "database",
    "aws:rds/instance:Instance": "database",
    "aws:s3/bucket:Bucket": "bucket",
    "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch": "search domain",
}
"""What holds data or carries everything else, by type token: the one list of stateful types."""

_DELETES = frozenset({"delete"})
_REPLACES = frozenset({"replace", "create-replacement", "delete-replaced"})


@dataclass(frozen=True)
class Step:
    """One step of a preview."""

    operation: str
    """As Pulumi names it: `create`, `update`, `replace`, `delete`, …"""
    type: str
    urn: str
    properties: Sequence[str] = ()
    """What forces a replacement; else, what differs."""


@dataclass(frozen=True)
class Loss:
    """One guarded resource that a preview would replace or delete."""

    step: Step

    def __str__(self) -> str:
        name = self.step.urn.rsplit("::", 1)[-1]
        kind = GUARDED[self.step.type]
        if self.step.operation in _DELETES:
            what = f"would delete the {kind} '{name}'"
        else:
            why = ", ".join(self.step.properties) or "a change of its provider or parent"
            what = f"would replace the {kind} '{name}', because of {why}"
        return f"{what} ({self.step.urn})"


def losses(steps: Sequence[Step], allowed: Collection[str] = ()) -> list[Loss]:
    """Return the guarded resources that `steps` would lose.

    :param allowed: URNs, or `type::name`, from the stack file (`platform:allowReplacement`).
    """
    found: dict[str, Loss] = {}
    for step in steps:
        if step.type not in GUARDED or step.operation not in _DELETES | _REPLACES:
            continue
        name = step.urn.rsplit("::", 1)[-1]
        if step.urn in allowed or f"{step.type}::{name}" in allowed:
            continue
        known = found.get(step.urn)
        if known is None or (step.properties and not known.step.properties):
            found[step.urn] = Loss(step)
    return sorted(found.values(), key=lambda loss: loss.step.urn)


def explain(lost: Sequence[Loss]) -> str:
    """Return the refusal, with the way to allow it."""
    example = lost[0].step
    name = example.urn.rsplit("::", 1)[-1]
    lines = [
        "refused, because this " + str(lost[0])
        if len(lost) == 1
        else f"refused, because this would lose {len(lost)} stateful resources:",
        *([] if len(lost) == 1 else [f"  {loss}" for loss in lost]),
        "If that is what you want, allow it for each by name in the stack file:",
        "  platform:allowReplacement:",
        f"    - {example.type}::{name}",
    ]
    return "\n".join(lines)


def steps_of_preview(preview: Mapping[str, object]) -> Iterator[Step]:
    """Read the steps of `pulumi preview --json`."""
    for item in cast("Sequence[Mapping[str, object]]", preview.get("steps", [])):
        state = cast("Mapping[str, object]", item.get("newState") or item.get("oldState") or {})
        reasons = cast("Sequence[str]", item.get("replaceReasons") or item.get("diffReasons") or ())
        yield Step(str(item["op"]), str(state.get("type", "")), str(item["urn"]), tuple(reasons))
