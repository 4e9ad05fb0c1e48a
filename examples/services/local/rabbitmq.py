"""A real RabbitMQ: Debian's rabbitmq-server, as a node of this machine only."""

import shutil
from pathlib import Path

from local.process import Process, free_port, listens, start

SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"


def available() -> bool:
    """Tell whether the machine has one (Debian: `apt-get install rabbitmq-server`)."""
    return Path(SERVER).exists() and shutil.which("erl") is not None


def start_rabbitmq(directory: Path, port: int) -> Process:
    """Start one that keeps its data in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    names = str(free_port())
    environment = {
        "HOME": str(directory),
        "RABBITMQ_NODENAME": f"local{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(directory / "data"),
        "RABBITMQ_LOG_BASE": str(directory / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "ERL_EPMD_PORT": names,
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    process = start("rabbitmq", [SERVER], directory=directory, environment=environment)
    process.after = ("epmd", "-port", names, "-kill")  # Erlang's name server outlives it
    process.wait_until(listens(port), seconds=90)
    return process
