"""MSK by CloudWatch, and what services do with records.

https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html (2026-11); limits as in
components/kafka/alarms.py. UnderReplicatedPartitions needs `monitoringLevel: perBroker`; the alert
is silent without. `kafka_records_total` is the runtime library's.
"""

from components.alerts.cloudwatch import CloudWatchMetric
from components.alerts.rules import Alert, Severity

PAGE = "kafka"

NAMESPACE = "AWS/Kafka"
CONTROLLERS = CloudWatchMetric(NAMESPACE, "ActiveControllerCount", "Maximum")
OFFLINE = CloudWatchMetric(NAMESPACE, "OfflinePartitionsCount", "Maximum")
UNDER_REPLICATED = CloudWatchMetric(NAMESPACE, "UnderReplicatedPartitions", "Maximum")
DISK = CloudWatchMetric(NAMESPACE, "KafkaDataLogsDiskUsed", "Maximum")
IDLE = CloudWatchMetric(NAMESPACE, "CpuIdle", "Average")
TIME_LAG = CloudWatchMetric(NAMESPACE, "EstimatedMaxTimeLag", "Maximum")
LAG = CloudWatchMetric(NAMESPACE, "SumOffsetLag", "Maximum")

CLOUDWATCH = (CONTROLLERS, OFFLINE, UNDER_REPLICATED, DISK, IDLE, TIME_LAG, LAG)

CLUSTER, BROKER = "dimension_Cluster_Name", "dimension_Broker_ID"
GROUP, TOPIC = "dimension_Consumer_Group", "dimension_Topic"

DEAD = 'kafka_records_total{direction="received",outcome="dead"}'
FAILED = 'kafka_records_total{direction="sent",outcome="failed"}'

ALERTS = (
    Alert(
        "KafkaNoController",
        f"sum by ({CLUSTER}) (max by ({CLUSTER}, {BROKER}) ({CONTROLLERS})) != 1",
        "10m",
        Severity.CRITICAL,
        f"Kafka {{{{ $labels.{CLUSTER} }}}} does not have just one active controller",
        "Without one no leader can be elected; with two, brokers may disagree.",
        PAGE,
    ),
    Alert(
        "KafkaOfflinePartitions",
        f"max by ({CLUSTER}) ({OFFLINE}) > 0",
        "5m",
        Severity.CRITICAL,
        f"Partitions of Kafka {{{{ $labels.{CLUSTER} }}}} have no leader",
        "Nobody can write to or read from them.",
        PAGE,
    ),
    Alert(
        "KafkaUnderReplicated",
        f"max by ({CLUSTER}, {BROKER}) ({UNDER_REPLICATED}) > 0",
        "30m",
        Severity.WARNING,
        f"Replicas of broker {{{{ $labels.{BROKER} }}}} lag behind",
        "The next loss of a broker may lose data or stop writes.",
        PAGE,
    ),
    Alert(
        "KafkaDiskHigh",
        f"max by ({CLUSTER}, {BROKER}) ({DISK}) > 85",
        "10m",
        Severity.WARNING,
        f"The disk of broker {{{{ $labels.{BROKER} }}}} is 85% full",
        "When it is full the broker stops.",
        PAGE,
    ),
    Alert(
        "KafkaCpuHigh",
        f"min by ({CLUSTER}, {BROKER}) ({IDLE}) < 40",
        "30m",
        Severity.WARNING,
        f"Broker {{{{ $labels.{BROKER} }}}} uses more than 60% of its CPU",
        "There is no reserve for the loss of a broker.",
        PAGE,
    ),
    Alert(
        "KafkaConsumerBehind",
        f"max by ({GROUP}, {TOPIC}) ({TIME_LAG}) > 600",
        "10m",
        Severity.WARNING,
        f"{{{{ $labels.{GROUP} }}}} is ten minutes behind in {{{{ $labels.{TOPIC} }}}}",
        "MSK's estimate. What the records tell happens late.",
        PAGE,
    ),
    Alert(
        "KafkaDeadLetters",
        f"sum by (namespace, topic) (increase({DEAD}[15m]) > 0 "
        f"or ({DEAD} > 0 unless {DEAD} offset 15m)) > 0",
        "0m",
        Severity.WARNING,
        "Records of {{ $labels.topic }} could not be handled",
        "They are in the topic of dead letters, where nobody looks at them by himself.",
        PAGE,
    ),
    Alert(
        "KafkaSendFailures",
        f"sum by (namespace, topic) (rate({FAILED}[5m])) > 0.05",
        "10m",
        Severity.CRITICAL,
        "Records can't be sent to {{ $labels.topic }}",
        "Brokers refuse or do not answer. Services keep what they have in their outbox, or fail.",
        PAGE,
    ),
)
