"""One bucket with all its settings: private, encrypted, over TLS only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.iam import Effect, Statement, document
from components._base.names import AUTONAME_LENGTH, short_name
from components._base.order import after
from components._base.scope import Scope
from components._base.tags import BACKUP_TAG
from components.storage.lifecycle import lifecycle_rules
from components.storage.spec import BucketSpec

NAME_LIMIT = 63
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (2026-11)"""

LEAST_TLS = "1.2"

REFUSED_ENCRYPTION = "SSE-C"
"""Keys that come with each request: whoever loses them loses the object, and extortionists bring
their own. S3 refuses them in new buckets from 2026-04 on.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html
(2026-11)
"""


@dataclass(frozen=True)
class MadeBucket:
    """A bucket and its settings."""

    bucket: aws.s3.Bucket
    settings: Sequence[pulumi.Resource]

    @property
    def name(self) -> pulumi.Output[str]:
        """Name in S3; whoever uses it waits until all settings are there."""
        return after(self.bucket.bucket, self.settings)

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN; whoever uses it waits until all settings are there."""
        return after(self.bucket.arn, self.settings)


def make_bucket(
    scope: Scope,
    label: str,
    spec: BucketSpec,
    *,
    key: aws.kms.Key | None,
    admit: Callable[[aws.s3.Bucket], Sequence[Statement]] = lambda _: (),
) -> MadeBucket:
    """Create a bucket and its settings.

    :param label: short name, e.g. `uploads`.
    :param key: encrypts the objects. None: S3's own key, for writers that can use no other.
    :param admit: who may use the bucket without an IAM policy of their own.
    """
    name = short_name(f"{scope.name}-{label}", NAME_LIMIT - AUTONAME_LENGTH)
    bucket = aws.s3.Bucket(
        name,
        force_destroy=spec.force_destroy,
        object_lock_enabled=True if spec.object_lock else None,
        tags=scope.tagged(name, {BACKUP_TAG: spec.backup} if spec.backup else None),
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    own = pulumi.ResourceOptions(parent=scope.parent)
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning",
        bucket=bucket.bucket,
        # suspended, not disabled: there is no way back to that
        versioning_configuration={"status": "Enabled" if spec.versioning else "Suspended"},
        opts=own,
    )
    closed = aws.s3.BucketPublicAccessBlock(
        f"{name}-private",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=own,
    )
    settings: list[pulumi.Resource] = [
        versioning,
        closed,
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=own,
        ),
        _encryption(name, bucket, key, own),
        aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=document(*admit(bucket), *_tls_only(bucket)),
            # S3 refuses two changes at once to who may use a bucket: 409 OperationAborted
            opts=pulumi.ResourceOptions(parent=scope.parent, depends_on=[closed]),
        ),
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.bucket,
            rules=lifecycle_rules(spec),
            # rules for old versions are for buckets that keep some
            opts=pulumi.ResourceOptions(parent=scope.parent, depends_on=[versioning]),
        ),
    ]
    if spec.object_lock:
        settings.append(_lock(name, bucket, spec, own))
    return MadeBucket(bucket, settings)


def _encryption(
    name: str, bucket: aws.s3.Bucket, key: aws.kms.Key | None, own: pulumi.ResourceOptions
) -> aws.s3.BucketServerSideEncryptionConfiguration:
    algorithm = "aws:kms" if key else "AES256"
    return aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.bucket,
        rules=[
            {
                "apply_server_side_encryption_by_default": {
                    "sse_algorithm": algorithm,
                    "kms_master_key_id": key.arn if key else None,
                },
                # one call of KMS for many objects
                "bucket_key_enabled": bool(key),
                "blocked_encryption_types": [REFUSED_ENCRYPTION],
            }
        ],
        opts=own,
    )


def _lock(
    name: str, bucket: aws.s3.Bucket, spec: BucketSpec, own: pulumi.ResourceOptions
) -> aws.s3.BucketObjectLockConfiguration:
    if spec.object_lock is None:  # the caller has seen to it
        raise AssertionError("an object lock is needed")
    retention: aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgsDict = {
        "mode": spec.object_lock.mode.name,
        "days": spec.object_lock.days,
    }
    return aws.s3.BucketObjectLockConfiguration(
        f"{name}-lock", bucket=bucket.bucket, rule={"default_retention": retention}, opts=own
    )


def _tls_only(bucket: aws.s3.Bucket) -> Sequence[Statement]:
    """Refuse whatever comes without TLS, and over old versions of it.

    All actions of S3, as Security Hub's control S3.5 wants it: this gives nobody a right.
    """
    everything = [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")]
    anybody = {"AWS": ["*"]}
    conditions = {
        "TlsOnly": {"Bool": {"aws:SecureTransport": "false"}},
        "NoOldTls": {"NumericLessThan": {"s3:TlsVersion": LEAST_TLS}},
    }
    return [
        Statement(sid, ["s3:*"], everything, anybody, condition, Effect.DENY)
        for sid, condition in conditions.items()
    ]
