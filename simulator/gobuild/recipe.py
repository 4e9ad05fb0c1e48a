"""What is built, from which Go module, and where it is kept."""

import hashlib
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

BUILD_FLAGS = ("-trimpath", "-gcflags=all=-dwarf=false")
"""Reproducible, and without debug data that `-s -w` would drop at the end. The same for all that
we build, so that one module's compiled packages serve the next."""


class Version(NamedTuple):
    """`major.minor.patch`; a pre-release counts as its release."""

    major: int
    minor: int
    patch: int = 0

    @classmethod
    def find(cls, text: str) -> "Version | None":
        """Return the first version in `text`, e.g. of `go version go1.26.8 linux/amd64`."""
        match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
        return cls(*(int(part or 0) for part in match.groups())) if match else None

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Return the first version in `text`.

        :raises ValueError: there is none.
        """
        found = cls.find(text)
        if not found:
            raise ValueError(f"{text!r} is no version")
        return found

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True)
class Program:
    """One program of a module."""

    name: str
    """Of its file."""
    package: str
    """Import path of its main package, which the module requires or has itself (`.`)."""
    version: Version | None
    """What it must say it is; None: it can't tell."""
    ask: str = "--version"
    """Argument by which it tells."""


@dataclass(frozen=True)
class Recipe:
    """Programs that one Go module pins, and that are built together."""

    title: str
    """What it is called, e.g. `Pulumi engine 3.274.1`."""
    module: Path
    """Folder of `go.mod` and `go.sum`."""
    programs: Sequence[Program]
    takes: str
    """How long it takes, for people."""
    linked: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values of string variables, by their full names, that the linker sets."""
    substitute: str = ""
    """What does as well when it is on PATH."""

    @property
    def go(self) -> Version:
        """The oldest Go that builds it: what `go.mod` asks for."""
        return Version.parse(pinned(self.module, r"^go (\S+)"))

    def missing(self, folder: Path) -> bool:
        """Tell whether `folder` lacks one of the programs."""
        return not all((folder / program.name).exists() for program in self.programs)

    @property
    def flags(self) -> tuple[str, ...]:
        """Arguments of `go build`."""
        values = "".join(f" -X {name}={value}" for name, value in self.linked.items())
        return (*BUILD_FLAGS, "-ldflags", f"-s -w{values}")

    @property
    def digest(self) -> str:
        """Differs whenever a program would: by module, sources, checksums, flags and platform."""
        sources = [path.read_text() for path in sorted(self.module.glob("*.go"))]
        files = [(self.module / name).read_text() for name in ("go.mod", "go.sum")]
        named = [str(program) for program in self.programs]
        facts = (*files, *sources, *named, *self.flags, platform.system(), platform.machine())
        return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:12]


def pinned(module: Path, pattern: str) -> str:
    """Return what the group of `pattern` finds in a module's `go.mod`, e.g. a version.

    :raises ValueError: nothing.
    """
    found = re.search(pattern, (module / "go.mod").read_text(), re.MULTILINE)
    if not found:
        raise ValueError(f"{module / 'go.mod'} has nothing like {pattern!r}")
    return found[1]


def cache_directory() -> Path:
    """Return this machine's cache: `FASTAPI_PLATFORM_CACHE`, or a place by the XDG rules."""
    chosen = os.environ.get("FASTAPI_PLATFORM_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "fastapi-platform"
