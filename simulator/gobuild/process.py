"""Child processes whose progress is shown and which end when we do."""

import contextlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path

from simulator.gobuild.report import Report

STOP_SECONDS = 10.0
POLL_SECONDS = 0.2


def ask(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Return what a short command prints.

    :raises OSError, subprocess.SubprocessError: it can't run, fails, or takes over 30 seconds.
    """
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=30, check=True
    ).stdout


def watch(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    report: Report,
    describe: Callable[[float], str],
) -> int:
    """Run `command` with its output added to `log`, and return its exit code.

    :param describe: gives the text of a tick, from the seconds since the start.
    """
    start = time.monotonic()
    due = start + min(report.pace, 1.0)
    child: subprocess.Popen[bytes] | None = None
    try:
        with log.open("ab") as out, _interrupts_held():
            child = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(POLL_SECONDS)
            now = time.monotonic()
            if now >= due:
                report.tick(describe(now - start))
                due = now + report.pace
    finally:
        if child:
            _stop(child)
        report.clear()


@contextlib.contextmanager
def _interrupts_held() -> Generator[None]:
    """Hold a Ctrl-C back until the end of the block.

    One that comes while a child is being started would leave it running: nobody knows it yet.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # interrupts never come here
        return
    came = threading.Event()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: came.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came.is_set():
        signal.raise_signal(signal.SIGINT)


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End `child` if it still runs, gently first: `go build` then removes its own files."""
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGINT)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
