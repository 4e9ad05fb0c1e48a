"""Elasticsearch on the cluster, by its exporter.

https://github.com/prometheus-community/elasticsearch_exporter (2026-11); watermarks are
Elasticsearch's own (cluster.routing.allocation.disk.watermark: 85, 90 and 95 %).
"""

from components.alerts.rules import Alert, Severity

PAGE = "elasticsearch"

STATUS = "elasticsearch_cluster_health_status"
FREE = (
    "min by (cluster, name) (elasticsearch_filesystem_data_available_bytes "
    "/ elasticsearch_filesystem_data_size_bytes)"
)
HEAP = (
    'max by (cluster, name) (elasticsearch_jvm_memory_used_bytes{area="heap"} '
    '/ elasticsearch_jvm_memory_max_bytes{area="heap"})'
)

ALERTS = (
    Alert(
        "ElasticsearchRed",
        f'max by (cluster) ({STATUS}{{color="red"}}) == 1',
        "2m",
        Severity.CRITICAL,
        "Elasticsearch {{ $labels.cluster }} is red",
        "A primary shard is missing: searches lack data, and writes to it fail.",
        PAGE,
    ),
    Alert(
        "ElasticsearchYellow",
        f'max by (cluster) ({STATUS}{{color="yellow"}}) == 1',
        "30m",
        Severity.WARNING,
        "Elasticsearch {{ $labels.cluster }} is yellow",
        "A replica is missing: the loss of a node may lose data.",
        PAGE,
    ),
    Alert(
        "ElasticsearchShardsUnassigned",
        "max by (cluster) (elasticsearch_cluster_health_unassigned_shards) > 0",
        "2h",
        Severity.WARNING,
        "Shards of Elasticsearch {{ $labels.cluster }} have had no node for two hours",
        "It does not get better by itself any more.",
        PAGE,
    ),
    Alert(
        "ElasticsearchDiskHigh",
        f"{FREE} < 0.15",
        "15m",
        Severity.WARNING,
        "The disk of Elasticsearch's node {{ $labels.name }} is 85% full",
        "It is given no new shards (low watermark).",
        PAGE,
    ),
    Alert(
        "ElasticsearchDiskFlood",
        f"{FREE} < 0.07",
        "5m",
        Severity.CRITICAL,
        "The disk of Elasticsearch's node {{ $labels.name }} is 93% full",
        "At 95% its indices refuse writes (flood stage).",
        PAGE,
    ),
    Alert(
        "ElasticsearchHeapHigh",
        f"{HEAP} > 0.9",
        "15m",
        Severity.WARNING,
        "The heap of Elasticsearch's node {{ $labels.name }} is 90% full",
        "Requests are refused (circuit breakers), and long collections may cost the node its "
        "place.",
        PAGE,
    ),
    Alert(
        "ElasticsearchUnwatched",
        "absent(elasticsearch_cluster_health_status)",
        "15m",
        Severity.WARNING,
        "No metrics of Elasticsearch arrive",
        "The exporter does not run, or Elasticsearch does not answer it.",
        PAGE,
    ),
)
