"""What a `Storage` will make, computed before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from components._base.names import check_name
from components._base.spec import read_spec
from components.storage.args import StorageArgs
from components.storage.spec import BucketSpec, StorageSpec


@dataclass(frozen=True)
class StoragePlan:
    """Buckets, by short name, and the one that holds their access logs."""

    buckets: Mapping[str, BucketSpec]
    log_bucket: BucketSpec | None
    """None when no bucket wants logs."""
    protect: bool

    @property
    def logged(self) -> tuple[str, ...]:
        """Short names of the buckets whose requests are logged."""
        return tuple(name for name, spec in self.buckets.items() if spec.access_logs)


def plan_storage(args: StorageArgs, name: str = "storage", owner: str = "Storage") -> StoragePlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    check_name(name, owner)
    spec = read_spec(StorageSpec, StorageArgs, args, owner)
    buckets = dict(sorted(spec.buckets.items()))
    log_bucket = BucketSpec(
        expire_days=spec.access_logs.retention_days,
        force_destroy=spec.access_logs.force_destroy,
        access_logs=False,  # of its own requests: each log object would be the cause of another
    )
    wanted = any(bucket.access_logs for bucket in buckets.values())
    return StoragePlan(buckets, log_bucket if wanted else None, spec.protect)
