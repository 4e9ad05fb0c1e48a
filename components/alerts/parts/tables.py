"""DynamoDB, by CloudWatch.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html (2026-11)
"""

from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.rules import Alert, Severity

PAGE = "tables"

NAMESPACE = "AWS/DynamoDB"
READS = CloudWatchMetric(NAMESPACE, "ReadThrottleEvents", "Sum")
WRITES = CloudWatchMetric(NAMESPACE, "WriteThrottleEvents", "Sum")
SYSTEM_ERRORS = CloudWatchMetric(NAMESPACE, "SystemErrors", "Sum")

CLOUDWATCH = (READS, WRITES, SYSTEM_ERRORS)

TABLE = "dimension_TableName"

ALERTS = (
    Alert(
        "TableThrottled",
        f"sum by ({TABLE}) ({READS}) > 10 or sum by ({TABLE}) ({WRITES}) > 10",
        "10m",
        Severity.WARNING,
        f"DynamoDB refuses requests to {{{{ $labels.{TABLE} }}}} for want of capacity",
        "Clients try again and become slow; some requests fail.",
        PAGE,
    ),
    Alert(
        "TableSystemErrors",
        f"sum by ({TABLE}) ({SYSTEM_ERRORS}) > 10",
        "10m",
        Severity.WARNING,
        f"DynamoDB itself fails requests to {{{{ $labels.{TABLE} }}}}",
        "Nothing of ours is to blame. Clients must try again.",
        PAGE,
    ),
)
