"""What a service must be allowed to read or write the objects of a bucket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import pulumi

from components._base.errors import InvalidInput, Problem
from components._base.iam import Condition, Statement


@dataclass(frozen=True)
class Bucket:
    """A bucket as its users see it."""

    label: str
    """Short name, e.g. `uploads`."""
    name: pulumi.Output[str]
    """Name in S3, once all settings are there."""
    arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    """ARN of the key that encrypts its objects."""


class BucketAccess(Enum):
    """What a service does with objects."""

    READ = "read"
    """Find and read them."""
    WRITE = "write"
    """Create and overwrite them, and no more."""
    READ_WRITE = "readWrite"
    """Find, read, create, overwrite and delete them. Old versions are out of its reach."""


_WRITE_OBJECTS = ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject")

OBJECT_ACTIONS: Mapping[BucketAccess, Sequence[str]] = {
    BucketAccess.READ: ("s3:GetObject",),
    BucketAccess.WRITE: _WRITE_OBJECTS,
    BucketAccess.READ_WRITE: ("s3:DeleteObject", "s3:GetObject", *_WRITE_OBJECTS),
}

KEY_ACTIONS: Mapping[BucketAccess, Sequence[str]] = {
    BucketAccess.READ: ("kms:Decrypt",),
    # The parts of a large upload are decrypted again to be put together:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html (2026-11)
    BucketAccess.WRITE: ("kms:Decrypt", "kms:GenerateDataKey"),
    BucketAccess.READ_WRITE: ("kms:Decrypt", "kms:GenerateDataKey"),
}


def bucket_statements(bucket: Bucket, access: BucketAccess, *, prefix: str = "") -> list[Statement]:
    """Return what a service needs to use the objects of `bucket`, in one bucket only.

    :param prefix: of the objects' keys, e.g. `invoices/`. Default: all objects.
    :raises InvalidInput: when `prefix` holds a wildcard.
    """
    if set(prefix) & set("*?$"):
        reason = f"{prefix!r} is not valid: no '*', '?' or '$', which IAM reads as more than text"
        raise InvalidInput("bucket_statements", [Problem("prefix", reason)])
    sid = "".join(word.capitalize() for word in bucket.label.split("-"))
    # A bucket key is used under the bucket's own ARN; copies from elsewhere may have the object's.
    context = [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")]
    statements = [
        Statement(
            f"{sid}Objects",
            OBJECT_ACTIONS[access],
            [pulumi.Output.concat(bucket.arn, f"/{prefix}*")],
        ),
        Statement(
            f"{sid}Key",
            KEY_ACTIONS[access],
            [bucket.key_arn],
            conditions={"StringLike": {"kms:EncryptionContext:aws:s3:arn": context}},
        ),
    ]
    if access is not BucketAccess.WRITE:
        only: dict[str, Condition] = {"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else {}
        statements.append(
            Statement(f"{sid}List", ("s3:ListBucket",), [bucket.arn], conditions=only)
        )
    return statements
