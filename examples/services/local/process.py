"""Processes that are started, waited for, and ended."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[1]
STATE = ROOT / ".cache"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """A process, and the file of what it says."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    after: Sequence[str] = ()
    """A command that cleans up what the process leaves behind."""

    def stop(self, *, seconds: float = 20, sig: signal.Signals = signal.SIGTERM) -> int:
        """End it, with force when it takes too long; return its exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(sig)
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            return self.popen.wait()
        finally:
            if self.after:
                subprocess.run(self.after, check=False, capture_output=True)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 30) -> None:
        """Wait until it is of use.

        :raises RuntimeError: when it ended or takes too long, with the last that it said.
        """
        end = time.monotonic() + seconds
        while not ready():
            if self.popen.poll() is not None or time.monotonic() > end:
                said = self.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self.name} did not become ready:\n{said}")
            time.sleep(0.1)


def start(
    name: str,
    command: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str] | None = None,
    inherit: bool = True,
) -> Process:
    """Start a process that writes to `directory/NAME.log`.

    :param inherit: it gets this process's variables, too.
    """
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / f"{name}.log"
    with log.open("wb") as out:
        popen = subprocess.Popen(
            list(command),
            cwd=directory,
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**(os.environ if inherit else {}), **(environment or {})},
            start_new_session=True,  # a person's Ctrl-C is for us; we end them in order
        )
    return Process(name, popen, log)


def listens(port: int) -> Callable[[], bool]:
    """Return what tells whether somebody listens on a port."""

    def ready() -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return ready


def answers(url: str) -> Callable[[], bool]:
    """Return what tells whether a URL answers 200."""

    def ready() -> bool:
        try:
            return httpx2.get(url, timeout=2).status_code == 200
        except httpx2.HTTPError:
            return False

    return ready
