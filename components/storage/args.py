"""What a `Storage` takes: the edge that other languages see."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi


class BucketStorageClass(str, Enum):
    """Where ageing objects go: the later, the cheaper to keep and the dearer to read.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html (2026-11)
    """

    STANDARD_IA = "STANDARD_IA"
    """Infrequently read; billed for 30 days at least."""
    INTELLIGENT_TIERING = "INTELLIGENT_TIERING"
    """S3 finds out by itself how often each is read."""
    ONEZONE_IA = "ONEZONE_IA"
    """As STANDARD_IA, in one zone: lost with it."""
    GLACIER_IR = "GLACIER_IR"
    """Read a few times a year, at once; billed for 90 days at least."""
    GLACIER = "GLACIER"
    """To be restored before it is read, in minutes or hours; billed for 90 days at least."""
    DEEP_ARCHIVE = "DEEP_ARCHIVE"
    """To be restored before it is read, in half a day; billed for 180 days at least."""


class ObjectLockMode(str, Enum):
    """Who may delete a locked object version."""

    GOVERNANCE = "governance"
    """Whoever has the permission to bypass it."""
    COMPLIANCE = "compliance"
    """Nobody, not even the account's root user."""


class BucketTransitionArgs(TypedDict):
    """One step of an object's way to cheaper storage."""

    after_days: int
    """Days since the object was created."""
    storage_class: BucketStorageClass
    """Where it goes."""


class BucketObjectLockArgs(TypedDict):
    """Write once, read many: each new object version is locked for a time."""

    mode: ObjectLockMode
    """Who may delete a version that is locked."""
    days: int
    """Days for which a new version is locked."""


class BucketArgs(TypedDict):
    """One bucket. Always private, encrypted with the component's key, and reached over TLS only."""

    versioning: NotRequired[bool]
    """Keep what is overwritten and deleted. Default: true."""
    noncurrent_days: NotRequired[int]
    """Days until an overwritten or deleted version is gone for good. Default: 90."""
    abort_uploads_days: NotRequired[int]
    """Days until the parts of an unfinished upload are deleted. Default: 7."""
    transitions: NotRequired[Sequence[BucketTransitionArgs]]
    """An object's way to cheaper storage, in order. Default: none."""
    expire_days: NotRequired[int]
    """Days until an object is deleted (with versioning: becomes an old version).
    Default: never."""
    object_lock: NotRequired[BucketObjectLockArgs]
    """Lock new versions for a time. Can't be turned on or off later without another bucket.
    Default: none."""
    access_logs: NotRequired[bool]
    """Log each request. Default: true."""
    backup: NotRequired[str]
    """Backup plan that includes the bucket: the value of its `backup` tag, e.g. `daily`. Needs
    versioning. Default: none."""
    force_destroy: NotRequired[bool]
    """Delete the bucket even with objects in it. Only without `protect`. Default: false."""


class StorageAccessLogsArgs(TypedDict):
    """The bucket that holds the others' access logs."""

    retention_days: NotRequired[int]
    """Days until a log object is deleted. Default: 365."""
    force_destroy: NotRequired[bool]
    """Delete the bucket even with logs in it. Only without `protect`. Default: false."""


class StorageArgs(TypedDict):
    """Inputs of `Storage`."""

    buckets: Mapping[str, BucketArgs]
    """The buckets, by a short name of each, e.g. `uploads`."""
    access_logs: NotRequired[StorageAccessLogsArgs]
    """Where access logs go. Default: a bucket that keeps them for 365 days; none if no bucket
    wants logs."""
    protect: NotRequired[bool]
    """Refuse to delete buckets, their key and their logs. Default: false."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every resource."""
