"""Build the pinned engine, once per machine.

Everything is made in a scratch directory beside the cache and moved in place when it has proved
to work, under a lock, so that a stopped or failed build leaves nothing behind that looks finished.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path

from simulator.engine.errors import EngineError
from simulator.engine.pin import MODULE, PACKAGE, Pin, Version
from simulator.engine.process import POLL_SECONDS, ask, watch
from simulator.engine.report import Report, elapsed
from simulator.engine.toolchain import Go, find_go

LOG = "build.log"
TAIL_LINES = 12
OFFLINE = re.compile(
    r"dial tcp|no such host|i/o timeout|TLS handshake|connection re|GOPROXY=off|network is un",
    re.IGNORECASE,
)
TAMPERED = re.compile(r"checksum mismatch|SECURITY ERROR|missing go\.sum entry", re.IGNORECASE)


def build(pin: Pin, target: Path, report: Report, reasons: list[str]) -> None:
    """Build the engine of `pin` as the file `target`.

    :param target: `<cache>/<key>/pulumi`; the cache holds the lock and the log too.
    :param reasons: why no engine was found, for the message when it can't be built either.
    :raises EngineError: no Go and no network, a compile error, an unwritable cache.
    """
    cache = target.parents[1]
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_one(cache / "lock", report), _scratch(cache / "building") as workdir:
            if target.exists():
                return  # the build that we waited for
            go = find_go(pin, workdir, report, reasons)
            start = time.monotonic()
            made = _compile(pin, go, workdir, cache / LOG, report)
            target.parent.mkdir(exist_ok=True)
            made.replace(target)
            (cache / LOG).unlink()
            shutil.rmtree(cache / "go", ignore_errors=True)
            report.note(f"Pulumi engine {pin.engine} built in {elapsed(time.monotonic() - start)}.")
    except OSError as error:
        raise EngineError(
            f"The engine's cache {cache} can't be used: {error.strerror or error}.\n"
            "Set FASTAPI_PLATFORM_CACHE to a writable directory with 4 GB free, where programs "
            "may run."
        ) from error


@contextlib.contextmanager
def _only_one(lock: Path, report: Report) -> Generator[None]:
    """Hold `lock`. The operating system drops it when the process ends, however it ends."""
    start = due = time.monotonic()
    with lock.open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                now = time.monotonic()
                if now >= due:
                    report.tick(f"waiting for another engine build, {elapsed(now - start)}")
                    due = now + report.pace
                time.sleep(POLL_SECONDS)
        report.clear()
        yield


@contextlib.contextmanager
def _scratch(path: Path) -> Generator[Path]:
    """Give an empty directory that is removed at the end, as is what a killed build left."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _compile(pin: Pin, go: Go, workdir: Path, log: Path, report: Report) -> Path:
    # GOTMPDIR: what an interrupted compiler leaves goes with the scratch directory.
    env = {**go.env, "GOTMPDIR": str(workdir)}
    packages, made = workdir / "packages", workdir / "pulumi"
    log.write_bytes(b"")

    def run(command: list[str | Path], output: Path, describe: Callable[[float], str]) -> None:
        code = watch(command, cwd=MODULE, env=env, log=output, report=report, describe=describe)
        if code:
            raise EngineError(_explain(output, log))

    def downloading(seconds: float) -> str:
        count = packages.read_bytes().count(b"go: downloading")
        return f"engine {pin.engine}: downloaded {count} Go modules, {elapsed(seconds)}"

    report.note(f"Building the Pulumi engine {pin.engine}: once per machine, 3 to 7 minutes.")
    run([go.command, "list", "-deps", PACKAGE], packages, downloading)
    total = sum(not line.startswith(b"go: ") for line in packages.read_bytes().splitlines())

    def compiling(seconds: float) -> str:
        done = log.read_bytes().count(b"\n")
        return f"engine {pin.engine}: compiled {done} of {total} packages, {elapsed(seconds)}"

    run([go.command, "build", "-v", *pin.flags, "-o", made, PACKAGE], log, compiling)
    _check(made, pin.engine)
    return made


def _check(made: Path, wanted: Version) -> None:
    """Refuse an engine that does not run, or is not the one that was asked for."""
    try:
        said = ask([made, "version"], made.parent, {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"})
    except subprocess.SubprocessError as error:
        raise EngineError(f"The engine was built but does not run: {error}") from error
    if Version.find(said) != wanted:
        raise EngineError(f"The engine built says it is {said.strip()}, not the pinned {wanted}.")


def _explain(output: Path, log: Path) -> str:
    """Return why Go failed, from what it printed, which stays in `log`."""
    text = output.read_text(errors="replace")
    if output != log:
        log.write_text(text)
    said = [line for line in text.splitlines() if not line.startswith("go: downloading")]
    offline = next(filter(OFFLINE.search, said), None)
    tampered = next(filter(TAMPERED.search, said), None)
    if tampered:
        return (
            "The engine was not built: a Go module is not the one recorded in go.sum.\n"
            f"  {tampered.strip()}\n"
            f"Do not work around this before you know why. Full log: {log}"
        )
    if offline:
        return (
            "The engine was not built: its Go modules could not be downloaded.\n"
            f"  {offline.strip()}\n"
            "Run this once with a network connection (GOPROXY names another module proxy), or "
            f"put a suitable Pulumi on PATH. Full log: {log}"
        )
    tail = "\n".join(f"  {line}" for line in said[-TAIL_LINES:])
    return f"The engine did not compile. The last lines of {log}:\n{tail}"
