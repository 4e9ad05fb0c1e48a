"""ElastiCache, Valkey or Redis: what CloudWatch knows of it, by way of YACE.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html (2026-11)
"""

from components.grafana.dashboards.cloudwatch import dimension, exported
from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.promql import ratio, total
from components.grafana.dashboards.shapes import (
    DATA,
    Around,
    bad_above,
    bad_below,
    chosen,
    series,
)

UID = "cache"
NAMESPACE = "AWS/ElastiCache"
NODE = dimension("CacheClusterId")
SELECTED = f'{{{NODE}=~"$node"}}'


def cache(around: Around) -> Dashboard:
    """Return the dashboard of the cache."""
    first = exported(NAMESPACE, "EngineCPUUtilization", "Average")
    reads = f'cache_reads_total{{namespace="{around.namespace}"}}'
    hits = f'cache_reads_total{{namespace="{around.namespace}", outcome="hit"}}'
    use = Row(
        "What services get out of it",
        (
            series(
                "Found in the cache",
                "Part of a workload's reads that found a fresh value.",
                Unit.RATIO,
                Query(ratio(total(hits, "job"), total(reads, "job")), "{{job}}"),
                thresholds=bad_below(0.5, 0.8),
                maximum=1,
                width=12,
            ),
            series(
                "Reads",
                "In a second, by outcome. Stale: an old value, as the source did not answer.",
                Unit.OPERATIONS,
                Query(total(reads, "outcome"), "{{outcome}}"),
                stacked=True,
                width=12,
            ),
        ),
    )
    return Dashboard(
        UID,
        "Cache",
        "ElastiCache: load, memory, connections, and what services find there.",
        DATA,
        (use, Row("Nodes", _load()), Row("Memory and connections", _memory())),
        tags=("data",),
        variables=(chosen("node", "Node", first, NODE),),
    )


def _node(metric: str, statistic: str = "Average") -> Query:
    return Query(f"{exported(NAMESPACE, metric, statistic)}{SELECTED}", f"{{{{{NODE}}}}}")


def _load() -> tuple[Panel, ...]:
    return (
        series(
            "CPU of the engine",
            "The engine works on commands in one thread: at 100 % there is no more to be had, "
            "whatever the node has.",
            Unit.PERCENT,
            _node("EngineCPUUtilization", "Maximum"),
            thresholds=bad_above(70, 90),
            maximum=100,
        ),
        series(
            "Found and not found",
            "Keys in a minute, of all nodes.",
            Unit.COUNT,
            Query(f"sum({exported(NAMESPACE, 'CacheHits', 'Sum')}{SELECTED})", "found"),
            Query(f"sum({exported(NAMESPACE, 'CacheMisses', 'Sum')}{SELECTED})", "not found"),
        ),
        series(
            "Lag of replicas",
            "Seconds that a replica is behind: what a failover now would lose.",
            Unit.SECONDS,
            _node("ReplicationLag", "Maximum"),
            thresholds=bad_above(1, 10),
        ),
    )


def _memory() -> tuple[Panel, ...]:
    return (
        series(
            "Memory for data",
            "Part that is used. At 100 % keys are evicted, or writes refused.",
            Unit.PERCENT,
            _node("DatabaseMemoryUsagePercentage", "Maximum"),
            thresholds=bad_above(75, 90),
            maximum=100,
        ),
        series(
            "Evictions",
            "Keys that had to go before their time, in a minute.",
            Unit.COUNT,
            _node("Evictions", "Sum"),
            thresholds=bad_above(1, 1000),
        ),
        series(
            "Connections",
            "Of clients; 65,000 are allowed.",
            Unit.COUNT,
            _node("CurrConnections", "Maximum"),
            thresholds=bad_above(40_000, 60_000),
        ),
        series(
            "Logins that failed",
            "In a minute: a wrong password, or a user that there is not.",
            Unit.COUNT,
            _node("AuthenticationFailures", "Sum"),
            thresholds=bad_above(1, 10),
        ),
        series(
            "New connections",
            "In a minute: clients that connect for each command cost more than the commands.",
            Unit.COUNT,
            _node("NewConnections", "Sum"),
        ),
        series(
            "Held up by the network",
            "Packets in a minute that were queued or dropped as the node's bandwidth was used up.",
            Unit.COUNT,
            _node("NetworkBandwidthInAllowanceExceeded", "Sum"),
            _node("NetworkBandwidthOutAllowanceExceeded", "Sum"),
            thresholds=bad_above(1, 1000),
        ),
    )
