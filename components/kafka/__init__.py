"""Apache Kafka on Amazon MSK."""
