"""Elasticsearch on the cluster, by prometheus-elasticsearch-exporter.

Metrics: https://github.com/prometheus-community/elasticsearch_exporter/blob/master/metrics.md
(2026-11).
"""

from components.grafana.dashboards.model import (
    Color,
    Dashboard,
    Kind,
    Panel,
    Query,
    Row,
    Threshold,
    Unit,
)
from components.grafana.dashboards.shapes import (
    ANY_IS_BAD,
    DATA,
    Around,
    bad_above,
    chosen,
    series,
    stat,
)

UID = "search"
NODES = '{name=~"$node"}'
EACH = "{{name}}"


def search(around: Around) -> Dashboard:
    """Return the dashboard of Elasticsearch."""
    del around
    return Dashboard(
        UID,
        "Elasticsearch",
        "Whether all shards are there, how fast searches and writes are, and room on the nodes.",
        DATA,
        (_now(), Row("Searches and writes", _work()), Row("Nodes", _nodes())),
        tags=("data",),
        variables=(chosen("node", "Node", "elasticsearch_jvm_memory_max_bytes", "name"),),
    )


def _now() -> Row:
    state = (
        'max(elasticsearch_cluster_health_status{color="red"}) * 2'
        ' + max(elasticsearch_cluster_health_status{color="yellow"})'
    )
    return Row(
        "Now",
        (
            Panel(
                "State",
                "Yellow: copies of shards are missing. Red: data is.",
                Unit.COUNT,
                (Query(state),),
                kind=Kind.STAT,
                width=4,
                height=4,
                texts={"0": "green", "1": "yellow", "2": "red"},
                thresholds=(Threshold(1, Color.WARNING), Threshold(2, Color.BAD)),
            ),
            stat(
                "Nodes",
                "In the cluster.",
                Unit.COUNT,
                "max(elasticsearch_cluster_health_number_of_nodes)",
            ),
            stat(
                "Shards without a node",
                "First ones or copies.",
                Unit.COUNT,
                "max(elasticsearch_cluster_health_unassigned_shards)",
                thresholds=ANY_IS_BAD,
            ),
            stat(
                "Shards on their way",
                "Moved or started: searches may be slower meanwhile.",
                Unit.COUNT,
                "max(elasticsearch_cluster_health_relocating_shards)"
                " + max(elasticsearch_cluster_health_initializing_shards)",
            ),
            stat(
                "Changes that wait",
                "Of indices and mappings, for the master.",
                Unit.COUNT,
                "max(elasticsearch_cluster_health_number_of_pending_tasks)",
                thresholds=bad_above(5, 50),
            ),
        ),
    )


def _spent(seconds: str, number: str, title: str) -> Query:
    """Return how long one takes on average."""
    window = "[$__rate_interval]"
    spent = f"sum(rate(elasticsearch_indices_{seconds}{NODES}{window}))"
    done = f"sum(rate(elasticsearch_indices_{number}{NODES}{window}))"
    return Query(f"{spent} / ({done} > 0)", title)


def _work() -> tuple[Panel, ...]:
    def each(metric: str) -> str:
        return f"sum(rate(elasticsearch_{metric}{NODES}[$__rate_interval]))"

    return (
        series(
            "Searches and writes",
            "In a second; each counts once for every shard.",
            Unit.OPERATIONS,
            Query(each("indices_search_query_total"), "searches"),
            Query(each("indices_indexing_index_total"), "documents written"),
        ),
        series(
            "Time for one",
            "Seconds on average, on a shard.",
            Unit.SECONDS,
            _spent("search_query_time_seconds", "search_query_total", "search"),
            _spent("indexing_index_time_seconds_total", "indexing_index_total", "write"),
        ),
        series(
            "Refused",
            "In a second, as a queue was full: clients get 429.",
            Unit.OPERATIONS,
            Query(
                f"sum by (type) (rate(elasticsearch_thread_pool_rejected_count{NODES}"
                "[$__rate_interval]))",
                "{{type}}",
            ),
            thresholds=bad_above(0.1, 1),
        ),
    )


def _nodes() -> tuple[Panel, ...]:
    heap = 'elasticsearch_jvm_memory_used_bytes{name=~"$node", area="heap"}'
    most = 'elasticsearch_jvm_memory_max_bytes{name=~"$node", area="heap"}'
    free = f"elasticsearch_filesystem_data_available_bytes{NODES}"
    size = f"elasticsearch_filesystem_data_size_bytes{NODES}"
    return (
        series(
            "Heap",
            "Part that is used. Above 85 % for long, requests are refused by circuit breakers.",
            Unit.RATIO,
            Query(f"max by (name) ({heap} / {most})", EACH),
            thresholds=bad_above(0.75, 0.85),
            maximum=1,
        ),
        series(
            "Disk",
            "Part that is used. From 85 % on a node gets no new shards, at 95 % its indices take "
            "no more writes.",
            Unit.RATIO,
            Query(f"1 - min by (name) ({free} / {size})", EACH),
            thresholds=bad_above(0.75, 0.85),
            maximum=1,
        ),
        series(
            "CPU",
            "Of each node's process.",
            Unit.PERCENT,
            Query(f"max by (name) (elasticsearch_process_cpu_percent{NODES})", EACH),
            thresholds=bad_above(80, 95),
            maximum=100,
        ),
        series(
            "Garbage collection",
            "Part of the time.",
            Unit.RATIO,
            Query(
                f"sum by (name) (rate(elasticsearch_jvm_gc_collection_seconds_sum{NODES}"
                "[$__rate_interval]))",
                EACH,
            ),
            thresholds=bad_above(0.05, 0.2),
        ),
        series(
            "Circuit breakers",
            "Requests in an hour that were refused as they would have taken too much memory.",
            Unit.COUNT,
            Query(
                f"sum by (breaker) (increase(elasticsearch_breakers_tripped{NODES}[1h]))",
                "{{breaker}}",
            ),
            thresholds=ANY_IS_BAD,
        ),
        series(
            "Documents",
            "On each node, copies among them.",
            Unit.COUNT,
            Query(f"sum by (name) (elasticsearch_indices_docs{NODES})", EACH),
        ),
    )
