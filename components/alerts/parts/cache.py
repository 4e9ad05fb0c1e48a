"""ElastiCache, by CloudWatch.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
(2026-11); limits as in components/cache/alarms.py.
"""

from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.rules import Alert, Severity

PAGE = "cache"

NAMESPACE = "AWS/ElastiCache"
MEMORY = CloudWatchMetric(NAMESPACE, "DatabaseMemoryUsagePercentage", "Maximum")
EVICTIONS = CloudWatchMetric(NAMESPACE, "Evictions", "Sum")
CPU = CloudWatchMetric(NAMESPACE, "EngineCPUUtilization", "Average")
CONNECTIONS = CloudWatchMetric(NAMESPACE, "CurrConnections", "Maximum")
LAG = CloudWatchMetric(NAMESPACE, "ReplicationLag", "Maximum")
AUTHENTICATION = CloudWatchMetric(NAMESPACE, "AuthenticationFailures", "Sum")

CLOUDWATCH = (MEMORY, EVICTIONS, CPU, CONNECTIONS, LAG, AUTHENTICATION)

NODE = "dimension_CacheClusterId"

ALERTS = (
    Alert(
        "CacheMemoryHigh",
        f"max by ({NODE}) ({MEMORY}) > 90",
        "15m",
        Severity.WARNING,
        f"The cache node {{{{ $labels.{NODE} }}}} has used 90% of its memory",
        "Keys are going to be thrown out, or writes to fail.",
        PAGE,
    ),
    Alert(
        "CacheEvictions",
        f"sum by ({NODE}) ({EVICTIONS}) > 500",
        "15m",
        Severity.WARNING,
        f"The cache node {{{{ $labels.{NODE} }}}} throws out keys",
        "More than 500 in each five minutes, for want of memory. Queues of workers in the cache "
        "may lose tasks.",
        PAGE,
    ),
    Alert(
        "CacheCpuHigh",
        f"max by ({NODE}) ({CPU}) > 90",
        "10m",
        Severity.CRITICAL,
        f"The thread of commands of the cache node {{{{ $labels.{NODE} }}}} is busy",
        "Every command waits, in services and in the gateway's rate limits.",
        PAGE,
    ),
    Alert(
        "CacheConnectionsHigh",
        f"max by ({NODE}) ({CONNECTIONS}) > 10000",
        "10m",
        Severity.WARNING,
        f"The cache node {{{{ $labels.{NODE} }}}} has more than 10000 connections",
        "Some client does not share its own. The limit is 65000.",
        PAGE,
    ),
    Alert(
        "CacheReplicationLag",
        f"max by ({NODE}) ({LAG}) > 10",
        "5m",
        Severity.WARNING,
        f"The cache replica {{{{ $labels.{NODE} }}}} is more than ten seconds behind",
        "It serves old data, and a failover to it would lose what it has not got.",
        PAGE,
    ),
    Alert(
        "CacheAuthenticationFailures",
        f"sum by ({NODE}) ({AUTHENTICATION}) > 10",
        "10m",
        Severity.WARNING,
        f"Logins to the cache node {{{{ $labels.{NODE} }}}} fail",
        "A client has an old password, or somebody tries some.",
        PAGE,
    ),
)
