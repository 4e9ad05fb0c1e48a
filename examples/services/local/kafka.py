"""A real Kafka: one broker in KRaft mode, from Apache's jars on Maven Central."""

import subprocess
from pathlib import Path

from local.java import jars, java
from local.process import Process, free_port, listens, start

CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg"
"""Any cluster id: 16 bytes in base64."""


def start_kafka(directory: Path, port: int) -> Process:
    """Start a broker that makes topics when they are written to, or one that was started before."""
    directory.mkdir(parents=True, exist_ok=True)
    found = jars("kafka")
    properties = directory / "server.properties"
    if not properties.exists():
        properties.write_text(_properties(directory, port, free_port()))
        format_ = ["format", "--standalone", "-t", CLUSTER, "-c", str(properties)]
        subprocess.run(
            java(found, "kafka.tools.StorageTool", *format_), check=True, capture_output=True
        )
    broker = java(found, "kafka.Kafka", str(properties))
    process = start("kafka", broker, directory=directory)
    process.wait_until(listens(port), seconds=90)
    return process


def _properties(directory: Path, port: int, controller: int) -> str:
    values = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
        "log.dirs": str(directory / "data"),
        "num.partitions": "3",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())
