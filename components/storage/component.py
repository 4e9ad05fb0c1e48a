"""Buckets for services."""

from collections.abc import Mapping, Sequence
from typing import Optional

import pulumi
import pulumi_aws as aws

from components._base.errors import InvalidInput, Problem, nearest
from components._base.iam import Statement
from components._base.kms import domain_key
from components._base.outputs import by_name
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.storage.access import Bucket
from components.storage.args import StorageArgs
from components.storage.bucket import MadeBucket, make_bucket
from components.storage.plan import plan_storage
from components.storage.spec import LOG_BUCKET, BucketSpec


class Storage(pulumi.ComponentResource):
    """S3 buckets: private, versioned, encrypted with one key, over TLS only, requests logged.

    Services are given what `bucket_statements(storage.bucket("uploads"), …)` returns.

    Example: `Storage("storage", {"buckets": {"uploads": {}, "exports": {"expire_days": 30}}})`.
    """

    bucket_names: pulumi.Output[Mapping[str, str]]
    """Names in S3 by short name, once all settings are there."""
    bucket_arns: pulumi.Output[Mapping[str, str]]
    """ARNs by short name, once all settings are there."""
    key_arn: pulumi.Output[str]
    """ARN of the key that encrypts the objects."""
    log_bucket_name: pulumi.Output[str]
    """Name of the bucket that holds the access logs; empty when there is none."""

    @all_given
    def __init__(
        self, name: str, args: StorageArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_storage(args, name, f"Storage {name!r}")
        super().__init__("fastapi-platform:index:Storage", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        key = domain_key(
            f"{name}-key",
            parent=self,
            description=f"Objects in storage {name}",
            tags=scope.tags,
            protect=plan.protect,
        )
        made = {
            label: make_bucket(scope, label, spec, key=key) for label, spec in plan.buckets.items()
        }
        self.log_bucket_name = pulumi.Output.from_input("")
        if plan.log_bucket:
            logged = {label: made[label] for label in plan.logged}
            log_bucket = _log_bucket(scope, plan.log_bucket, list(logged.values()))
            _log_requests(scope, logged, log_bucket)
            self.log_bucket_name = log_bucket.name
        self._buckets = {
            label: Bucket(label, bucket.name, bucket.arn, key.arn) for label, bucket in made.items()
        }
        self.bucket_names = by_name({n: b.name for n, b in self._buckets.items()})
        self.bucket_arns = by_name({n: b.arn for n, b in self._buckets.items()})
        self.key_arn = key.arn
        self.register_outputs(
            {
                "bucketNames": self.bucket_names,
                "bucketArns": self.bucket_arns,
                "keyArn": self.key_arn,
                "logBucketName": self.log_bucket_name,
            }
        )

    def bucket(self, label: str) -> Bucket:
        """Return the bucket of a short name, for `bucket_statements`.

        :raises InvalidInput: when there is none.
        """
        if label not in self._buckets:
            reason = f"there is no bucket {label!r}; {nearest(label, self._buckets)}"
            raise InvalidInput("Storage", [Problem("buckets", reason)])
        return self._buckets[label]


def _log_bucket(scope: Scope, spec: BucketSpec, sources: Sequence[MadeBucket]) -> MadeBucket:
    """Create the bucket to which S3 delivers the access logs of `sources`.

    Encrypted with S3's own key: no log is delivered to a bucket whose default is another one,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    (2026-11).
    """
    place = place_of(scope.parent)

    def admit(bucket: aws.s3.Bucket) -> Sequence[Statement]:
        return [
            Statement(
                "AccessLogs",
                ["s3:PutObject"],
                [pulumi.Output.concat(bucket.arn, "/*")],
                {"Service": ["logging.s3.amazonaws.com"]},
                {
                    # Only for these buckets: the service acts for other accounts too.
                    "StringEquals": {"aws:SourceAccount": place.account},
                    "ArnLike": {"aws:SourceArn": [source.bucket.arn for source in sources]},
                },
            )
        ]

    return make_bucket(scope, LOG_BUCKET, spec, key=None, admit=admit)


def _log_requests(scope: Scope, logged: Mapping[str, MadeBucket], log_bucket: MadeBucket) -> None:
    for label, source in logged.items():
        aws.s3.BucketLogging(
            f"{scope.name}-{label}-logging",
            bucket=source.bucket.bucket,
            # once S3 may write there
            target_bucket=log_bucket.name,
            target_prefix=f"{label}/",
            target_object_key_format={
                # by the day of the request: what is searched by day is found in one place
                "partitioned_prefix": {"partition_date_source": "EventTime"}
            },
            opts=scope.own,
        )
