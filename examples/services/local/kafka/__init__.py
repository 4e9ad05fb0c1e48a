"""A real Kafka: one broker in KRaft mode, from Apache's jars on Maven Central."""

import shutil
import subprocess
from pathlib import Path

from local.process import STATE, Process, free_port, listens, start

POM = Path(__file__).parent / "pom.xml"
JARS = STATE / "kafka-jars"
CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg"
"""Any cluster id: 16 bytes in base64."""


def available() -> bool:
    """Tell whether the machine has what it takes: Java, and Maven once to fetch the jars."""
    return shutil.which("java") is not None and (_fetched() or shutil.which("mvn") is not None)


def start_kafka(directory: Path, port: int) -> Process:
    """Start a broker that makes topics when they are written to.

    :raises subprocess.CalledProcessError: when the jars can't be fetched.
    """
    if not _fetched():
        fetch_jars()
    directory.mkdir(parents=True, exist_ok=True)
    properties = directory / "server.properties"
    if not properties.exists():
        properties.write_text(_properties(directory, port, free_port()))
        command = ["format", "--standalone", "-t", CLUSTER, "-c", str(properties)]
        subprocess.run(_java("kafka.tools.StorageTool", *command), check=True, capture_output=True)
    process = start("kafka", _java("kafka.Kafka", str(properties)), directory=directory)
    process.wait_until(listens(port), seconds=90)
    return process


def fetch_jars() -> None:
    """Fetch Kafka and what it needs, once."""
    command = ["mvn", "-q", "-f", str(POM), "dependency:copy-dependencies"]
    subprocess.run([*command, f"-DoutputDirectory={JARS}"], check=True)


def _fetched() -> bool:
    return any(JARS.glob("kafka_2.13-*.jar"))


def _java(main: str, *arguments: str) -> list[str]:
    # quick to start rather than fast to run
    fast = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
    return ["java", *fast, "-cp", f"{JARS}/*", main, *arguments]


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
