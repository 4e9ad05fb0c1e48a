"""A cache of nodes: a replication group, its parameters and its logs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.logs import log_group
from components._base.names import AUTONAME_LENGTH, short_name
from components._base.scope import Scope
from components.cache.args import CacheClusterMode, EvictionPolicy
from components.cache.plan import ID_LIMIT, PORT, CachePlan, Topology, topology
from components.cache.spec import CacheNodesSpec

LOG_TYPES = ("slow-log", "engine-log")
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html (2026-11)"""

LOG_PREFIX = "/aws/vendedlogs/elasticache"
"""Log groups of which AWS keeps no list in a resource policy, which has room for few.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html (2026-11)
"""


@dataclass(frozen=True)
class CacheStore:
    """What a cache of either kind tells about itself."""

    name: pulumi.Output[str]
    """Physical name."""
    arn: pulumi.Output[str]
    primary_endpoint: pulumi.Output[str]
    reader_endpoint: pulumi.Output[str]
    members: pulumi.Output[Sequence[str]]
    """Names of the nodes, as their metrics have them; none of a serverless cache."""


def make_nodes(
    scope: Scope,
    plan: CachePlan,
    spec: CacheNodesSpec,
    *,
    physical_id: pulumi.Output[str],
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
    security_group_id: pulumi.Input[str],
    user_group_id: pulumi.Input[str],
    key: aws.kms.Key,
) -> CacheStore:
    """Create the replication group, and what it needs."""
    shape = topology(spec)
    subnets_name = f"{scope.name}-subnets"
    subnets = aws.elasticache.SubnetGroup(
        subnets_name,
        description=f"Subnets of cache {scope.name}",
        subnet_ids=subnet_ids,
        tags=scope.tagged(subnets_name),
        opts=scope.own,
    )
    logs = _logs(scope, spec, physical_id, key)
    name = short_name(f"{scope.name}-group", ID_LIMIT - AUTONAME_LENGTH)
    final_snapshot = pulumi.Output.concat(physical_id, "-final") if spec.final_snapshot else None
    group = aws.elasticache.ReplicationGroup(
        name,
        description=f"Cache {scope.name}",
        engine=plan.engine.value,
        engine_version=plan.version,
        auto_minor_version_upgrade=not plan.pinned,
        node_type=spec.node_type,
        data_tiering_enabled=".r6gd." in spec.node_type,  # AWS runs these types in no other way
        cluster_mode=spec.cluster_mode.value,
        # two ways to say how many, and each mode knows one of them
        num_node_groups=shape.shards if shape.clustered else None,
        replicas_per_node_group=shape.replicas if shape.clustered else None,
        num_cache_clusters=None if shape.clustered else shape.nodes,
        multi_az_enabled=shape.multi_az,
        automatic_failover_enabled=shape.automatic_failover,
        port=PORT,
        parameter_group_name=_parameters(scope, plan, spec, shape).name,
        subnet_group_name=subnets.name,
        security_group_ids=[security_group_id],
        user_group_ids=[user_group_id],
        transit_encryption_enabled=True,
        transit_encryption_mode="required",
        at_rest_encryption_enabled=True,
        kms_key_id=key.arn,
        snapshot_retention_limit=plan.snapshot_retention_days,
        snapshot_window=plan.snapshot_window,
        maintenance_window=spec.maintenance_window,
        final_snapshot_identifier=final_snapshot,
        apply_immediately=spec.apply_immediately,
        log_delivery_configurations=[
            {
                "log_type": kind,
                "log_format": "json",
                "destination_type": "cloudwatch-logs",
                "destination": logs[kind].name,
            }
            for kind in LOG_TYPES
        ],
        tags=scope.tagged(name),
        opts=pulumi.ResourceOptions(
            parent=scope.parent,
            # a cache can't be had again as it was
            protect=scope.protect,
            # AWS upgrades the minor version, and going back would be a replacement
            ignore_changes=[] if plan.pinned else ["engineVersion"],
        ),
    )
    endpoint = group.configuration_endpoint_address
    primary, reader = group.primary_endpoint_address, group.reader_endpoint_address
    sharded = spec.cluster_mode is CacheClusterMode.ENABLED
    return CacheStore(
        name=group.replication_group_id,
        arn=group.arn,
        primary_endpoint=endpoint if sharded else primary,
        reader_endpoint=endpoint if sharded else reader,
        members=group.member_clusters,
    )


def _parameters(
    scope: Scope, plan: CachePlan, spec: CacheNodesSpec, shape: Topology
) -> aws.elasticache.ParameterGroup:
    """Create the parameter group.

    Each family has one of its own, so an upgrade makes the new one, moves the cache to it, and
    deletes the old one. What is the engine's default is left out: AWS does not tell it from a value
    that was never set, and it would differ for ever.
    """
    values = dict(spec.parameters)
    if spec.maxmemory_policy is not EvictionPolicy.VOLATILE_LRU:
        values["maxmemory-policy"] = spec.maxmemory_policy.value
    if spec.keyspace_events:
        values["notify-keyspace-events"] = spec.keyspace_events
    if shape.clustered:
        values["cluster-enabled"] = "yes"
    name = f"{scope.name}-{plan.family}{'-cluster' if shape.clustered else ''}"
    return aws.elasticache.ParameterGroup(
        name,
        family=plan.family,
        description=f"Parameters of cache {scope.name}",
        parameters=[{"name": key, "value": values[key]} for key in sorted(values)],
        tags=scope.tagged(name),
        opts=scope.own,
    )


def _logs(
    scope: Scope, spec: CacheNodesSpec, physical_id: pulumi.Output[str], key: aws.kms.Key
) -> dict[str, aws.cloudwatch.LogGroup]:
    return {
        kind: log_group(
            f"{scope.name}-{kind}",
            log_group_name=pulumi.Output.concat(f"{LOG_PREFIX}/", physical_id, f"/{kind}"),
            parent=scope.parent,
            key=key,
            retention_days=spec.log_retention_days,
            tags=scope.tags,
        )
        for kind in LOG_TYPES
    }
