"""Amazon MQ for RabbitMQ, by CloudWatch.

https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-monitoring-metrics.html
(2026-11)
"""

from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.rules import Alert, Severity

PAGE = "rabbitmq"

NAMESPACE = "AWS/AmazonMQ"
MEMORY_USED = CloudWatchMetric(NAMESPACE, "RabbitMQMemUsed", "Maximum")
MEMORY_LIMIT = CloudWatchMetric(NAMESPACE, "RabbitMQMemLimit", "Maximum")
DISK_FREE = CloudWatchMetric(NAMESPACE, "RabbitMQDiskFree", "Minimum")
DISK_LIMIT = CloudWatchMetric(NAMESPACE, "RabbitMQDiskFreeLimit", "Maximum")
CPU = CloudWatchMetric(NAMESPACE, "SystemCpuUtilization", "Average")
READY = CloudWatchMetric(NAMESPACE, "MessageReadyCount", "Maximum")
CONSUMERS = CloudWatchMetric(NAMESPACE, "ConsumerCount", "Minimum")

CLOUDWATCH = (MEMORY_USED, MEMORY_LIMIT, DISK_FREE, DISK_LIMIT, CPU, READY, CONSUMERS)

NODE = "dimension_Broker, dimension_Node"
QUEUE = "dimension_Broker, dimension_VirtualHost, dimension_Queue"

ALERTS = (
    Alert(
        "RabbitMemoryHigh",
        f'max by ({NODE}) ({MEMORY_USED}{{dimension_Node!=""}}) '
        f'/ max by ({NODE}) ({MEMORY_LIMIT}{{dimension_Node!=""}}) > 0.8',
        "5m",
        Severity.CRITICAL,
        "RabbitMQ's node {{ $labels.dimension_Node }} is near its memory limit",
        "At the limit the broker stops all publishers.",
        PAGE,
    ),
    Alert(
        "RabbitDiskLow",
        f'min by ({NODE}) ({DISK_FREE}{{dimension_Node!=""}}) '
        f'/ max by ({NODE}) ({DISK_LIMIT}{{dimension_Node!=""}}) < 2',
        "5m",
        Severity.CRITICAL,
        "RabbitMQ's node {{ $labels.dimension_Node }} has little disk left",
        "Below its limit of free disk the broker stops all publishers.",
        PAGE,
    ),
    Alert(
        "RabbitCpuHigh",
        f"max by ({NODE}) ({CPU}) > 80",
        "15m",
        Severity.WARNING,
        "RabbitMQ's node {{ $labels.dimension_Node }} is short of CPU",
        "Publishing and delivery become slow.",
        PAGE,
    ),
    Alert(
        "RabbitQueueLong",
        f'max by ({QUEUE}) ({READY}{{dimension_Queue!=""}}) > 10000',
        "15m",
        Severity.WARNING,
        "More than 10000 messages wait in the queue {{ $labels.dimension_Queue }}",
        "Its consumers are too few, too slow, or gone.",
        PAGE,
    ),
    Alert(
        "RabbitQueueUnread",
        f'max by ({QUEUE}) ({READY}{{dimension_Queue!=""}}) > 100 '
        f'and max by ({QUEUE}) ({CONSUMERS}{{dimension_Queue!=""}}) == 0',
        "30m",
        Severity.CRITICAL,
        "Nobody reads the queue {{ $labels.dimension_Queue }}",
        "More than 100 messages have waited for half an hour, and the queue has no consumer.",
        PAGE,
    ),
)
