"""The structural inputs of a `Storage`, checked."""

from itertools import pairwise

from pydantic import Field, ValidationInfo, field_validator, model_validator

from components._base.names import LOGICAL
from components._base.spec import Spec
from components.storage.args import BucketStorageClass, ObjectLockMode

LOG_BUCKET = "access-logs"
"""Short name of the bucket that holds the others' access logs."""

LONGEST_DAYS = 36500
"""A hundred years: the longest retention of an object lock is given in years up to that.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html (2026-11)
"""

LEAST_AGE_DAYS = {BucketStorageClass.STANDARD_IA: 30, BucketStorageClass.ONEZONE_IA: 30}
"""Age at which an object may come to a storage class."""

LEAST_STAY_DAYS = {
    BucketStorageClass.STANDARD_IA: 30,
    BucketStorageClass.ONEZONE_IA: 30,
    BucketStorageClass.GLACIER_IR: 90,
    BucketStorageClass.GLACIER: 90,
}
"""Days before one rule may move an object on from a storage class."""

_COLDEST = (BucketStorageClass.GLACIER, BucketStorageClass.DEEP_ARCHIVE)

FOLLOWERS = {
    BucketStorageClass.STANDARD_IA: (
        BucketStorageClass.INTELLIGENT_TIERING,
        BucketStorageClass.ONEZONE_IA,
        BucketStorageClass.GLACIER_IR,
        *_COLDEST,
    ),
    BucketStorageClass.INTELLIGENT_TIERING: (
        BucketStorageClass.ONEZONE_IA,
        BucketStorageClass.GLACIER_IR,
        *_COLDEST,
    ),
    BucketStorageClass.ONEZONE_IA: _COLDEST,
    BucketStorageClass.GLACIER_IR: _COLDEST,
    BucketStorageClass.GLACIER: (BucketStorageClass.DEEP_ARCHIVE,),
    BucketStorageClass.DEEP_ARCHIVE: (),
}
"""Where an object may go next.

This and the days above:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
(2026-11)
"""


class BucketTransitionSpec(Spec):
    """One step of an object's way to cheaper storage."""

    after_days: int = Field(ge=0, le=LONGEST_DAYS)
    """Days since the object was created."""
    storage_class: BucketStorageClass
    """Where it goes."""


class BucketObjectLockSpec(Spec):
    """Each new object version is locked for a time."""

    mode: ObjectLockMode
    """Who may delete a version that is locked."""
    days: int = Field(ge=1, le=LONGEST_DAYS)
    """Days for which a new version is locked."""


class BucketSpec(Spec):
    """One bucket."""

    versioning: bool = True
    """Keep what is overwritten and deleted."""
    noncurrent_days: int = Field(default=90, ge=1, le=LONGEST_DAYS)
    """Days until an overwritten or deleted version is gone for good."""
    abort_uploads_days: int = Field(default=7, ge=1, le=LONGEST_DAYS)
    """Days until the parts of an unfinished upload are deleted."""
    transitions: tuple[BucketTransitionSpec, ...] = ()
    """An object's way to cheaper storage, in order."""
    expire_days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS)
    """Days until an object is deleted."""
    object_lock: BucketObjectLockSpec | None = None
    """Lock new versions for a time."""
    access_logs: bool = True
    """Log each request."""
    backup: str | None = Field(default=None, min_length=1, max_length=256)
    """Backup plan that includes the bucket: the value of its `backup` tag."""
    force_destroy: bool = False
    """Delete the bucket even with objects in it."""

    @field_validator("transitions")
    @classmethod
    def _downhill(cls, steps: tuple[BucketTransitionSpec, ...]) -> tuple[BucketTransitionSpec, ...]:
        for step in steps:
            least = LEAST_AGE_DAYS.get(step.storage_class, 0)
            if step.after_days < least:
                raise ValueError(
                    f"{step.storage_class.value} takes objects of {least} days or more"
                )
        for before, step in pairwise(steps):
            here, there = before.storage_class, step.storage_class
            if there not in FOLLOWERS[here]:
                allowed = ", ".join(each.value for each in FOLLOWERS[here]) or "nothing"
                raise ValueError(f"{there.value} can't follow {here.value}; allowed: {allowed}")
            least = before.after_days + max(LEAST_STAY_DAYS.get(here, 0), 1)
            if step.after_days < least:
                raise ValueError(
                    f"objects stay in {here.value} until day {least}; "
                    f"{there.value} after {step.after_days} days is too early"
                )
        return steps

    @field_validator("expire_days")
    @classmethod
    def _after_the_last_step(cls, days: int | None, info: ValidationInfo) -> int | None:
        steps: tuple[BucketTransitionSpec, ...] = info.data.get("transitions", ())
        if days is not None and steps and days <= steps[-1].after_days:
            raise ValueError(
                f"must be after the last transition, which is on day {steps[-1].after_days}"
            )
        return days

    @model_validator(mode="after")
    def _versions_kept(self) -> "BucketSpec":
        if not self.versioning and self.object_lock:
            raise ValueError("object_lock locks versions: versioning can't be false")
        if not self.versioning and self.backup:
            raise ValueError("AWS Backup needs versions: versioning can't be false with backup")
        return self


class StorageAccessLogsSpec(Spec):
    """The bucket that holds the others' access logs."""

    retention_days: int = Field(default=365, ge=1, le=LONGEST_DAYS)
    """Days until a log object is deleted."""
    force_destroy: bool = False
    """Delete the bucket even with logs in it."""


class StorageSpec(Spec):
    """Buckets for services, private, encrypted and over TLS only."""

    buckets: dict[str, BucketSpec]
    """The buckets, by a short name of each."""
    access_logs: StorageAccessLogsSpec = StorageAccessLogsSpec()
    """Where access logs go."""
    protect: bool = False
    """Refuse to delete buckets, their key and their logs."""

    @field_validator("buckets")
    @classmethod
    def _short_names(cls, buckets: dict[str, BucketSpec]) -> dict[str, BucketSpec]:
        wrong = [name for name in buckets if not LOGICAL.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"no short names of small letters, digits and hyphens: {', '.join(wrong)}"
            )
        if not buckets:
            raise ValueError("one bucket or more is needed")
        if LOG_BUCKET in buckets:
            raise ValueError(f"{LOG_BUCKET} is the name of the bucket that holds the others' logs")
        return buckets

    @model_validator(mode="after")
    def _protected_is_kept(self) -> "StorageSpec":
        forced = [f"buckets.{n}" for n, bucket in self.buckets.items() if bucket.force_destroy]
        if self.access_logs.force_destroy:
            forced.append("access_logs")
        if self.protect and forced:
            raise ValueError(f"protect and force_destroy exclude each other: {', '.join(forced)}")
        return self
