"""Apache Kafka on Amazon MSK: brokers, topics, and what services may do with them."""

from components.kafka.access import consume_statements, produce_statements
from components.kafka.args import KafkaArgs
from components.kafka.component import Kafka
from components.kafka.layout import zone_problems
from components.kafka.plan import KafkaPlan, plan_kafka
from components.kafka.spec import KafkaSpec

__all__ = [
    "Kafka",
    "KafkaArgs",
    "KafkaPlan",
    "KafkaSpec",
    "consume_statements",
    "plan_kafka",
    "produce_statements",
    "zone_problems",
]
