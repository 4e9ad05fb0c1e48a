"""Where snapshots go: a bucket, and the role by which Elasticsearch's pods reach it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement, document, pod_identity_trust, service_role
from components._base.scope import Scope
from components.search.elasticsearch_plan import SERVICE_ACCOUNT
from components.storage.access import Bucket, BucketAccess, bucket_statements
from components.storage.bucket import MadeBucket, make_bucket
from components.storage.spec import BucketSpec

LABEL = "snapshots"

REPOSITORY_ACTIONS = (
    "s3:GetBucketLocation",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
)
"""Beside what every reader and writer needs.

https://www.elastic.co/docs/deploy-manage/tools/snapshot-and-restore/s3-repository (2026-11)
"""

NONCURRENT_DAYS = 30
"""How long what was overwritten or deleted can be brought back. Nothing else may expire: snapshots
share their files, and Elasticsearch alone knows which are still needed."""


@dataclass(frozen=True)
class SnapshotStore:
    """The bucket and the way to it."""

    bucket: pulumi.Output[str]
    """Name; whoever uses it finds it encrypted and closed."""
    identity: aws.eks.PodIdentityAssociation


def make_snapshot_store(
    scope: Scope,
    *,
    key: aws.kms.Key,
    cluster_name: pulumi.Input[str],
    namespace: pulumi.Input[str],
) -> SnapshotStore:
    """Create the bucket, and the role of the service account in `namespace`."""
    spec = BucketSpec(noncurrent_days=NONCURRENT_DAYS)  # pyright: ignore[reportCallIssue]
    made = make_bucket(scope, LABEL, spec, key=key)
    role = service_role(
        f"{scope.name}-{LABEL}-role",
        parent=scope.parent,
        trust_policy=pod_identity_trust(),
        description=f"Snapshots of Elasticsearch {scope.name}",
        inline={"bucket": document(*_statements(made, key))},
        tags=scope.tags,
    )
    child = f"{scope.name}-identity"
    identity = aws.eks.PodIdentityAssociation(
        child,
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=SERVICE_ACCOUNT,
        role_arn=role.arn,
        tags=scope.tagged(child),
        opts=scope.own,
    )
    return SnapshotStore(made.name, identity)


def _statements(made: MadeBucket, key: aws.kms.Key) -> list[Statement]:
    bucket = Bucket(LABEL, made.name, made.arn, key.arn)
    return [
        *bucket_statements(bucket, BucketAccess.READ_WRITE),
        Statement("SnapshotsRepository", REPOSITORY_ACTIONS, [made.arn]),
    ]
