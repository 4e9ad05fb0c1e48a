"""An OpenSearch domain, by CloudWatch.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
(2026-11); limits as in components/search/opensearch_alarms.py.
"""

from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.rules import Alert, Severity

PAGE = "opensearch"

NAMESPACE = "AWS/ES"
RED = CloudWatchMetric(NAMESPACE, "ClusterStatus.red", "Maximum")
YELLOW = CloudWatchMetric(NAMESPACE, "ClusterStatus.yellow", "Maximum")
BLOCKED = CloudWatchMetric(NAMESPACE, "ClusterIndexWritesBlocked", "Maximum")
FREE = CloudWatchMetric(NAMESPACE, "FreeStorageSpace", "Minimum")
HEAP = CloudWatchMetric(NAMESPACE, "JVMMemoryPressure", "Maximum")

CLOUDWATCH = (RED, YELLOW, BLOCKED, FREE, HEAP)

DOMAIN = "dimension_DomainName"

ALERTS = (
    Alert(
        "OpenSearchRed",
        f"max by ({DOMAIN}) ({RED}) > 0",
        "2m",
        Severity.CRITICAL,
        f"OpenSearch {{{{ $labels.{DOMAIN} }}}} is red",
        "An index has lost a primary shard and its replicas: data is missing.",
        PAGE,
    ),
    Alert(
        "OpenSearchYellow",
        f"max by ({DOMAIN}) ({YELLOW}) > 0",
        "30m",
        Severity.WARNING,
        f"OpenSearch {{{{ $labels.{DOMAIN} }}}} is yellow",
        "An index has a replica too few: the loss of a node may lose data.",
        PAGE,
    ),
    Alert(
        "OpenSearchWritesBlocked",
        f"max by ({DOMAIN}) ({BLOCKED}) > 0",
        "5m",
        Severity.CRITICAL,
        f"OpenSearch {{{{ $labels.{DOMAIN} }}}} refuses writes",
        "For want of storage or of memory.",
        PAGE,
    ),
    Alert(
        "OpenSearchStorageLow",
        f"min by ({DOMAIN}) ({FREE}) < 5120",
        "15m",
        Severity.WARNING,
        f"A node of OpenSearch {{{{ $labels.{DOMAIN} }}}} has less than 5 GiB left",
        "When it is full, writes are blocked. The domain's own alarm knows its volumes' size.",
        PAGE,
    ),
    Alert(
        "OpenSearchHeapHigh",
        f"max by ({DOMAIN}) ({HEAP}) > 95",
        "15m",
        Severity.WARNING,
        f"The heap of a node of OpenSearch {{{{ $labels.{DOMAIN} }}}} is full",
        "The node may fall out.",
        PAGE,
    ),
)
