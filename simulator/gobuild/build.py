"""Build the programs of a recipe, once per machine.

Everything is made in a scratch directory beside the target and moved in place when it has proved
to work, under a lock, so that a stopped or failed build leaves nothing behind that looks finished.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from simulator.gobuild.errors import BuildError
from simulator.gobuild.process import POLL_SECONDS, ask, watch
from simulator.gobuild.recipe import Program, Recipe, Version
from simulator.gobuild.report import Report, elapsed
from simulator.gobuild.toolchain import Go, find_go

LOG = "build.log"
TAIL_LINES = 12
FREE_GIB = 8
"""What sources, compiled packages and programs of the largest module take, rounded up."""
OFFLINE = re.compile(
    r"dial tcp|no such host|i/o timeout|TLS handshake|connection re|GOPROXY=off|network is un",
    re.IGNORECASE,
)
TAMPERED = re.compile(r"checksum mismatch|SECURITY ERROR|missing go\.sum entry", re.IGNORECASE)


def build(
    recipes: Sequence[Recipe], folder: Path, report: Report, reasons: Sequence[str] = ()
) -> None:
    """Build the programs of `recipes` that `folder` has not yet.

    :param folder: `<cache>/<key>`; the cache holds the lock and the log too.
    :param reasons: why nothing else will do, for the message when one can't be built either.
    :raises BuildError: no Go and no network, a compile error, an unwritable cache.
    """
    cache = folder.parent
    titles = " and ".join(recipe.title for recipe in recipes)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_one(titles, cache / "lock", report), _scratch(cache / "building") as workdir:
            for recipe in recipes:
                if recipe.missing(folder):  # else by the build that we waited for
                    go = find_go(recipe, workdir, report, reasons)
                    _make(recipe, go, workdir, folder, report)
            shutil.rmtree(cache / "go", ignore_errors=True)
    except OSError as error:
        raise BuildError(
            f"The cache {cache} of {titles} can't be used: {error.strerror or error}.\n"
            f"Set FASTAPI_PLATFORM_CACHE to a writable directory with {FREE_GIB} GB free, where "
            "programs may run."
        ) from error


def _make(recipe: Recipe, go: Go, workdir: Path, folder: Path, report: Report) -> None:
    """Build one recipe's programs, and move them into `folder` when they have proved to work."""
    log = folder.parent / LOG
    start = time.monotonic()
    made = _compile(recipe, go, workdir, log, report)
    folder.mkdir(exist_ok=True)
    for path in made:
        path.replace(folder / path.name)
    log.unlink()
    report.note(f"{recipe.title} built in {elapsed(time.monotonic() - start)}.")


@contextlib.contextmanager
def _only_one(titles: str, lock: Path, report: Report) -> Generator[None]:
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
                    report.tick(f"{titles}: waiting for another build, {elapsed(now - start)}")
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


def _compile(recipe: Recipe, go: Go, workdir: Path, log: Path, report: Report) -> list[Path]:
    # GOTMPDIR: what an interrupted compiler leaves goes with the scratch directory.
    env = {**go.env, "GOTMPDIR": str(workdir)}
    listed, made = workdir / "packages", workdir / "made"
    made.mkdir(exist_ok=True)
    listed.unlink(missing_ok=True)
    log.write_bytes(b"")
    start = time.monotonic()

    def run(command: list[str | Path], output: Path, describe: Callable[[float], str]) -> None:
        code = watch(
            command, cwd=recipe.module, env=env, log=output, report=report, describe=describe
        )
        if code:
            raise BuildError(_explain(recipe, output, log))

    def downloading(seconds: float) -> str:
        count = listed.read_bytes().count(b"go: downloading")
        return f"{recipe.title}: downloaded {count} Go modules, {elapsed(seconds)}"

    report.note(f"Building {recipe.title}: once per machine, {recipe.takes}.")
    packages = [program.package for program in recipe.programs]
    run([go.command, "list", "-deps", *packages], listed, downloading)
    total = sum(not line.startswith(b"go: ") for line in listed.read_bytes().splitlines())

    def compiling(_seconds: float) -> str:
        done, seconds = log.read_bytes().count(b"\n"), time.monotonic() - start
        return f"{recipe.title}: compiled {done} of {total} packages, {elapsed(seconds)}"

    programs: list[Path] = []
    for program in recipe.programs:
        target = made / program.name
        run(
            [go.command, "build", "-v", *recipe.flags, "-o", target, program.package],
            log,
            compiling,
        )
        _check(target, program)
        programs.append(target)
    return programs


def _check(made: Path, program: Program) -> None:
    """Refuse a program that does not run, or is not the one that was asked for."""
    if not program.version:
        return
    try:
        said = ask(
            [made, program.ask], made.parent, {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
        )
    except subprocess.SubprocessError as error:
        raise BuildError(f"{program.name} was built but does not run: {error}") from error
    if Version.find(said) != program.version:
        raise BuildError(
            f"The {program.name} that was built says it is {said.strip()}, not the pinned "
            f"{program.version}."
        )


def _explain(recipe: Recipe, output: Path, log: Path) -> str:
    """Return why Go failed, from what it printed, which stays in `log`."""
    text = output.read_text(errors="replace")
    if output != log:
        log.write_text(text)
    said = [line for line in text.splitlines() if not line.startswith("go: downloading")]
    offline = next(filter(OFFLINE.search, said), None)
    tampered = next(filter(TAMPERED.search, said), None)
    if tampered:
        return (
            f"{recipe.title} was not built: a Go module is not the one recorded in go.sum.\n"
            f"  {tampered.strip()}\n"
            f"Do not work around this before you know why. Full log: {log}"
        )
    if offline:
        substitute = f", or put a suitable {recipe.substitute} on PATH" if recipe.substitute else ""
        return (
            f"{recipe.title} was not built: its Go modules could not be downloaded.\n"
            f"  {offline.strip()}\n"
            "Run this once with a network connection (GOPROXY names another module "
            f"proxy){substitute}. Full log: {log}"
        )
    tail = "\n".join(f"  {line}" for line in said[-TAIL_LINES:])
    return f"{recipe.title} did not compile. The last lines of {log}:\n{tail}"
