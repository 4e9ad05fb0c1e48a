"""What becomes of objects with time."""

from collections.abc import Sequence

import pulumi_aws as aws

from components.storage.spec import BucketSpec

Rule = aws.s3.BucketLifecycleConfigurationRuleArgsDict

ALL_OBJECTS: aws.s3.BucketLifecycleConfigurationRuleFilterArgsDict = {"prefix": ""}
"""Not an empty filter: S3 takes it away when a rule is edited in the console, and it would differ
for ever (terraform-aws-modules/terraform-aws-s3-bucket#262)."""


def lifecycle_rules(spec: BucketSpec) -> Sequence[Rule]:
    """Return the rules of a bucket: what is left over goes, and objects age if they are to."""
    leftovers: Rule = {
        "id": "leftovers",
        "status": "Enabled",
        "filter": ALL_OBJECTS,
        "abort_incomplete_multipart_upload": {"days_after_initiation": spec.abort_uploads_days},
        "noncurrent_version_expiration": {"noncurrent_days": spec.noncurrent_days},
        # marks of deletion with no version left behind them
        "expiration": {"expired_object_delete_marker": True},
    }
    if not spec.transitions and spec.expire_days is None:
        return [leftovers]
    ageing: Rule = {"id": "ageing", "status": "Enabled", "filter": ALL_OBJECTS}
    if spec.transitions:
        ageing["transitions"] = [
            {"days": step.after_days, "storage_class": step.storage_class.value}
            for step in spec.transitions
        ]
    if spec.expire_days is not None:
        ageing["expiration"] = {"days": spec.expire_days}
    return [leftovers, ageing]
