"""What a workload may do in AWS: what `uses` names, and nothing when it names nothing in IAM."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document, pod_identity_trust, service_role
from components._base.scope import Scope
from components.kafka.access import consume_statements, produce_statements
from components.service.plan import Workload
from components.storage.access import Bucket, BucketAccess, bucket_statements
from components.tables.access import TableAccess, table_statements


def statements(workload: Workload) -> list[Statement]:
    """Return all that the workload's role allows."""
    uses, stores = workload.uses, workload.args.get("stores") or {}
    made: list[Statement] = []
    if uses.kafka and "kafka" in stores:
        cluster = stores["kafka"]["cluster_arn"]
        written = (*uses.kafka.produce, *uses.kafka.dead_letters(workload.group))
        made += produce_statements(cluster, written)
        if uses.kafka.consume:
            made += consume_statements(cluster, uses.kafka.consume, [workload.group])
    tables, buckets = stores.get("tables") or {}, stores.get("buckets") or {}
    for name, access in sorted(uses.tables.items()):
        table = tables[name]
        indexes = table.get("indexes") or ()
        made += table_statements(name, table["arn"], TableAccess(access.value), indexes=indexes)
    for name, access in sorted(uses.buckets.items()):
        given = buckets[name]
        bucket = Bucket(
            label=name,
            name=pulumi.Output.from_input(given["name"]),
            arn=pulumi.Output.from_input(given["arn"]),
            key_arn=pulumi.Output.from_input(given["key_arn"]),
        )
        made += bucket_statements(bucket, BucketAccess(access.value))
    return made


@dataclass(frozen=True)
class Identity:
    """As whom pods act in AWS."""

    role_arn: pulumi.Output[str]
    """Empty: as nobody."""
    resources: tuple[pulumi.Resource, ...] = ()
    """A pod gets its identity when it starts, so pods come after these."""


def make_identity(scope: Scope, workload: Workload, namespace: pulumi.Input[str]) -> Identity:
    """Create the role of the workload's pods, by EKS Pod Identity, if it needs one."""
    cluster = workload.args.get("cluster_name")
    if not workload.needs_role or cluster is None:
        return Identity(pulumi.Output.from_input(""))
    role = service_role(
        f"{scope.name}-role",
        parent=scope.parent,
        trust_policy=pod_identity_trust(),
        description=f"Pods of {scope.name}",
        inline={"uses": document(*statements(workload))},
        tags=scope.tags,
    )
    association = aws.eks.PodIdentityAssociation(
        f"{scope.name}-identity",
        cluster_name=cluster,
        namespace=namespace,
        service_account=workload.name,
        role_arn=role.arn,
        tags=scope.tagged(f"{scope.name}-identity"),
        opts=scope.own,
    )
    return Identity(role.role.arn, (association,))
