"""The processes of a cluster: each has a log, and none outlives this one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

LEASH = Path(__file__).with_name("leash.py")
TAIL_LINES = 15
POLL_SECONDS = 0.1

Found = TypeVar("Found")


class ClusterError(Exception):
    """A process of the cluster ended, or something did not come in time; the message is whole."""


class Process:
    """One process, from its start to `end`."""

    def __init__(
        self, name: str, command: Sequence[str | Path], home: Path, env: Mapping[str, str] = {}
    ) -> None:
        """Start it.

        :param home: its working folder and home, where `<name>.log` gets all that it prints.
        :param env: variables besides PATH; it inherits no others, so no proxy of the machine and
            no kubeconfig of the user.
        """
        self.name = name
        self.log = home / f"{name}.log"
        inherited = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home)}
        with self.log.open("ab") as log:
            self._leash = subprocess.Popen(
                [sys.executable, "-S", "-E", LEASH, *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=home,
                env={**inherited, **env},
                start_new_session=True,  # a terminal's Ctrl-C is not for it
            )

    @property
    def running(self) -> bool:
        """Whether it does."""
        return self._leash.poll() is None

    def check(self) -> None:
        """Make sure that it runs.

        :raises ClusterError: it ended, with the end of its log.
        """
        if not self.running:
            raise ClusterError(f"{self.obituary()}:\n{self.tail()}")

    def obituary(self) -> str:
        """Say that it ended, and where to read why."""
        return f"{self.name} ended with code {self._leash.poll()}. The end of {self.log}"

    def tail(self) -> str:
        """Return the last lines that it printed."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:])

    def end(self) -> None:
        """Kill it, as a power cut would, and wait until it is gone."""
        if self._leash.stdin:
            self._leash.stdin.close()
        self._leash.wait()


def until(
    found: Callable[[], Found | None], what: str, seconds: float, *, of: Sequence[Process] = ()
) -> Found:
    """Return the first answer of `found` that is not None.

    :param what: what is waited for, for the message.
    :param of: processes without which it never comes.
    :raises ClusterError: it did not come in time, or one of the processes ended.
    """
    end = time.monotonic() + seconds
    while (answer := found()) is None:
        for process in of:
            process.check()
        if time.monotonic() > end:
            logs = "".join(f"\n{process.log}:\n{process.tail()}" for process in of)
            raise ClusterError(f"{what}: not within {seconds:g} s{logs}")
        time.sleep(POLL_SECONDS)
    return answer


def running(word: str) -> dict[int, str]:
    """Return the command lines of the processes with `word` in an argument, by process."""
    found: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_text(errors="replace").split("\0")
        except OSError:
            continue  # it has just ended
        if any(word in argument for argument in command[1:]):
            found[int(entry.name)] = " ".join(command)
    return found
