"""A real Redis: Debian's redis-server."""

import shutil
from pathlib import Path

from local.process import Process, listens, start


def available() -> bool:
    """Tell whether the machine has one (Debian: `apt-get install redis-server`)."""
    return shutil.which("redis-server") is not None


def start_redis(directory: Path, port: int) -> Process:
    """Start one that keeps nothing on disk."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1"]
    process = start("redis", [*command, "--save", "", "--appendonly", "no"], directory=directory)
    process.wait_until(listens(port))
    return process
