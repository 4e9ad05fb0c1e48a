"""The Pulumi CLI as the Automation API drives it, with an orderly Ctrl-C."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

import semver
from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error

OnOutput = Callable[[str], object]


class EngineCommand(PulumiCommand):
    """Runs a given Pulumi binary in a process group of its own.

    A terminal sends Ctrl-C to every process at once. The engine must get it alone and once: the
    first asks it to stop after the operations under way and to save its state, while this process,
    which serves the program and the providers, stays to answer them.
    """

    def __init__(self, binary: Path) -> None:
        env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        found = subprocess.run(
            [binary, "version"], env=env, capture_output=True, text=True, check=True
        )
        self.command = str(binary)
        self.version = semver.VersionInfo.parse(found.stdout.strip().removeprefix("v"))
        self.interrupted = False
        self._running: subprocess.Popen[str] | None = None

    @contextmanager
    def forwarding_interrupts(self) -> Generator[None]:
        """Forward SIGINT and SIGTERM to the engine while the block runs."""

        def forward(_number: int, _frame: FrameType | None) -> None:
            self.interrupted = True
            if self._running is None:
                raise KeyboardInterrupt
            self._running.send_signal(signal.SIGINT)

        before = {s: signal.signal(s, forward) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> CommandResult:
        """Run one Pulumi command, as the base class does.

        :raises CommandError: when it exits with another code than 0.
        """
        env = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        process = subprocess.Popen(
            [self.command, "--non-interactive", *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            env=env,
            encoding="utf-8",
            start_new_session=True,
        )
        self._running = process
        chunks: tuple[list[str], list[str]] = ([], [])
        readers = [
            threading.Thread(target=_read, args=(stream, callback, into))
            for stream, callback, into in zip(
                (process.stdout, process.stderr), (on_output, on_error), chunks, strict=True
            )
        ]
        try:
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()
            code = process.wait()
        finally:
            self._running = None
            if process.poll() is None:
                process.kill()
        result = CommandResult(stdout="\n".join(chunks[0]), stderr="\n".join(chunks[1]), code=code)
        if code != 0:
            raise create_command_error(result)
        return result


def _read(stream: IO[str], callback: OnOutput | None, into: list[str]) -> None:
    with stream:
        for line in stream:
            text = line.rstrip()
            if callback:
                callback(text)
            into.append(text)
