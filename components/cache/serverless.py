"""A cache that grows and shrinks by itself."""

from collections.abc import Sequence
from typing import cast

import pulumi
import pulumi_aws as aws

from components._base.names import AUTONAME_LENGTH, short_name
from components._base.scope import Scope
from components.cache.nodes import CacheStore
from components.cache.plan import ID_LIMIT, CachePlan
from components.cache.spec import CacheServerlessSpec


def make_serverless(
    scope: Scope,
    plan: CachePlan,
    spec: CacheServerlessSpec,
    *,
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
    security_group_id: pulumi.Input[str],
    user_group_id: pulumi.Input[str],
    key: aws.kms.Key,
) -> CacheStore:
    """Create the cache.

    AWS always runs it over several zones and with TLS, and upgrades its minor version. It has no
    parameters, no maintenance window and no logs.
    """
    name = short_name(f"{scope.name}-serverless", ID_LIMIT - AUTONAME_LENGTH)
    cache = aws.elasticache.ServerlessCache(
        name,
        description=f"Cache {scope.name}",
        engine=plan.engine.value,
        major_engine_version=plan.major,
        cache_usage_limits={
            "data_storage": {"maximum": spec.max_gib, "unit": "GB"},
            "ecpu_per_seconds": [{"maximum": spec.max_ecpu_per_second}],
        },
        daily_snapshot_time=plan.snapshot_window.split("-", maxsplit=1)[0],
        snapshot_retention_limit=plan.snapshot_retention_days,
        kms_key_id=key.arn,
        subnet_ids=subnet_ids,
        security_group_ids=[security_group_id],
        user_group_id=user_group_id,
        tags=scope.tagged(name),
        # a cache can't be had again as it was
        opts=pulumi.ResourceOptions(parent=scope.parent, protect=scope.protect),
    )
    return CacheStore(
        name=cache.name,
        arn=cache.arn,
        primary_endpoint=cache.endpoints.apply(lambda endpoints: endpoints[0].address),
        reader_endpoint=cache.reader_endpoints.apply(lambda endpoints: endpoints[0].address),
        members=cast("pulumi.Output[Sequence[str]]", pulumi.Output.from_input([])),
    )
