"""What a workload is told of the stack's data services: outputs of their components."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class StoreCacheArgs(TypedDict):
    """The stack's cache."""

    endpoint: pulumi.Input[str]
    """Host to write to (`Cache.primary_endpoint`)."""
    port: NotRequired[int]
    """Port of the endpoint. Default: 6379."""
    secret_arn: pulumi.Input[str]
    """Secret with `username` and `password`."""


class StoreKafkaArgs(TypedDict):
    """The stack's Kafka."""

    brokers: pulumi.Input[str]
    """`host:9098` of some, separated by commas."""
    cluster_arn: pulumi.Input[str]
    """ARN of the cluster, for the role of who uses it."""


class StoreSearchArgs(TypedDict):
    """The stack's search engine."""

    endpoint: pulumi.Input[str]
    """URL of the REST API."""
    secret_arn: pulumi.Input[str]
    """Secret with `username` and `password`."""
    namespace: NotRequired[str]
    """Namespace of an engine in the cluster. Default: it is outside, in `data_cidrs`."""
    ca_secret: NotRequired[pulumi.Input[str]]
    """Secret with the authority's `ca.crt`, in the workloads' namespace
    (`ServiceNamespace.search_ca_secret`). Default: a public authority."""


class StoreTableArgs(TypedDict):
    """One of the stack's tables."""

    name: pulumi.Input[str]
    """Name in AWS."""
    arn: pulumi.Input[str]
    """ARN of the table, for the role of who uses it."""
    indexes: NotRequired[Sequence[str]]
    """Its secondary indexes."""


class StoreRabbitMqArgs(TypedDict):
    """The stack's RabbitMQ."""

    secret_arn: pulumi.Input[str]
    """Secret with `url`."""


class StoreBucketArgs(TypedDict):
    """One of the stack's buckets."""

    name: pulumi.Input[str]
    """Name in S3."""
    arn: pulumi.Input[str]
    """ARN of the bucket, for the role of who uses it."""
    key_arn: pulumi.Input[str]
    """Key that encrypts its objects."""


class StoresArgs(TypedDict):
    """The data services that the stack has; `uses` may name these."""

    cache: NotRequired[StoreCacheArgs]
    """Outputs of `Cache`. Default: there is none."""
    kafka: NotRequired[StoreKafkaArgs]
    """Outputs of `Kafka`. Default: there is none."""
    search: NotRequired[StoreSearchArgs]
    """Outputs of `ElasticsearchCluster` or `OpenSearchDomain`. Default: there is none."""
    tables: NotRequired[Mapping[str, StoreTableArgs]]
    """Outputs of `Tables`, by the tables' names. Default: there are none."""
    rabbitmq: NotRequired[StoreRabbitMqArgs]
    """Outputs of `RabbitMq`. Default: there is none."""
    buckets: NotRequired[Mapping[str, StoreBucketArgs]]
    """Outputs of `Storage`, by the buckets' short names. Default: there are none."""
