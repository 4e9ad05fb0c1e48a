"""When a cache is in trouble."""

from collections.abc import Sequence

import pulumi

from components._base.alarms import AlarmRule, make_alarms
from components._base.scope import Scope
from components.cache.nodes import CacheStore
from components.cache.plan import CachePlan, topology
from components.cache.spec import CacheServerlessSpec

NAMESPACE = "AWS/ElastiCache"

EVICTIONS = AlarmRule(
    "evictions",
    "Evictions",
    100,
    "More than 100 keys a minute are thrown out for want of memory: a larger cache, or shorter "
    "lives of keys.",
    statistic="Sum",
    periods=15,
)

CONNECTIONS = AlarmRule(
    "connections",
    "CurrConnections",
    10_000,
    "More than 10000 connections: some client does not share its own. The engine's limit is 65000.",
    statistic="Maximum",
)

NODE_RULES = (
    AlarmRule(
        "cpu",
        "CPUUtilization",
        90,
        "The node's processors are busy: on small nodes the engine shares them with backups.",
    ),
    AlarmRule(
        "engine-cpu",
        "EngineCPUUtilization",
        90,
        "The engine's only thread of commands is busy: look for slow commands in the slow log, "
        "then read from replicas, or add shards.",
    ),
    AlarmRule(
        "memory",
        "DatabaseMemoryUsagePercentage",
        90,
        "Memory is nearly full: keys are going to be thrown out, or writes to fail.",
    ),
    EVICTIONS,
    CONNECTIONS,
)
"""For each node.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
(2026-11)
"""

REPLICATION_LAG = AlarmRule(
    "replication-lag",
    "ReplicationLag",
    10,
    "The replica is more than 10 seconds behind: it serves old data, and a failover to it would "
    "lose what it has not got.",
)
"""For each node that may be a replica, which after a failover is any."""

SECONDS_PER_MINUTE = 60
BYTES_PER_GIB = 1024**3
NEAR_LIMIT = 0.8


def serverless_rules(spec: CacheServerlessSpec) -> Sequence[AlarmRule]:
    """Return the alarms of a serverless cache, near the limits that `spec` sets.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html
    (2026-11)
    """
    return (
        AlarmRule(
            "memory",
            "BytesUsedForCache",
            NEAR_LIMIT * spec.max_gib * BYTES_PER_GIB,
            f"80% of {spec.max_gib} GiB are used: beyond it keys are thrown out. Raise max_gib.",
            statistic="Maximum",
        ),
        AlarmRule(
            "requests",
            "ElastiCacheProcessingUnits",
            NEAR_LIMIT * spec.max_ecpu_per_second * SECONDS_PER_MINUTE,
            f"80% of {spec.max_ecpu_per_second} ECPU/s are used: beyond it requests are throttled. "
            "Raise max_ecpu_per_second.",
            statistic="Sum",
        ),
        AlarmRule(
            "throttled",
            "ThrottledCmds",
            0,
            "Commands are refused: raise max_ecpu_per_second.",
            statistic="Sum",
        ),
        EVICTIONS,
        CONNECTIONS,
    )


def make_cache_alarms(
    scope: Scope, plan: CachePlan, store: CacheStore, topic_arn: pulumi.Input[str] | None
) -> None:
    """Create the alarms: of each node, or of a serverless cache."""
    if isinstance(plan.deployment, CacheServerlessSpec):
        make_alarms(
            scope,
            serverless_rules(plan.deployment),
            namespace=NAMESPACE,
            dimensions={"clusterId": store.name},
            topic_arn=topic_arn,
        )
        return
    shape = topology(plan.deployment)
    rules = (*NODE_RULES, REPLICATION_LAG) if shape.replicas else NODE_RULES
    for index in range(shape.nodes):
        make_alarms(
            scope,
            rules,
            namespace=NAMESPACE,
            dimensions={"CacheClusterId": _member(store, index)},
            topic_arn=topic_arn,
            of=f"node-{index + 1}",
        )


def _member(store: CacheStore, index: int) -> pulumi.Output[str]:
    """Return the name of a node: AWS numbers them, with gaps where nodes were replaced.

    One that is missing just now must not keep an `up` from making it again.
    """
    return store.members.apply(
        lambda names: sorted(names)[index] if index < len(names) else f"missing-{index + 1}"
    )
