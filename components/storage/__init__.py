"""S3 buckets from configuration, and what services may do with their objects."""

from components.storage.access import Bucket, BucketAccess, bucket_statements
from components.storage.args import StorageArgs
from components.storage.component import Storage
from components.storage.plan import StoragePlan, plan_storage
from components.storage.spec import StorageSpec

__all__ = [
    "Bucket",
    "BucketAccess",
    "Storage",
    "StorageArgs",
    "StoragePlan",
    "StorageSpec",
    "bucket_statements",
    "plan_storage",
]
