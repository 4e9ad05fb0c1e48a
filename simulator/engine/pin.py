"""Which engine is pinned, read from the Go module beside this file."""

import hashlib
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

MODULE = Path(__file__).parent
"""The Go module that pins the engine: `go.mod`, and `go.sum` with every checksum."""

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

BUILD_FLAGS = ("-trimpath", "-gcflags=all=-dwarf=false")
"""Reproducible, and without debug data that `-s -w` would drop at the end."""


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

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True)
class Pin:
    """The engine that is built when the machine has no suitable one."""

    engine: Version
    go: Version
    """The oldest Go that builds it: what the engine's own `go.mod` asks for."""
    key: str
    """Differs whenever the binary would: by module, checksums, flags and platform."""

    @property
    def flags(self) -> tuple[str, ...]:
        """Arguments of `go build`. The Automation API refuses an engine without a version."""
        version = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
        return (*BUILD_FLAGS, "-ldflags", f"-s -w -X {version}=v{self.engine}")


def read_pin(module: Path = MODULE) -> Pin:
    """Read the pinned versions from `module`.

    :raises ValueError: `go.mod` does not name the engine or the Go version.
    """
    go_mod = (module / "go.mod").read_text()
    go_sum = (module / "go.sum").read_text()
    engine = re.search(r"^\s*github\.com/pulumi/pulumi/pkg/v3 v(\S+)", go_mod, re.MULTILINE)
    go = re.search(r"^go (\S+)", go_mod, re.MULTILINE)
    engine_version = Version.find(engine[1]) if engine else None
    go_version = Version.find(go[1]) if go else None
    if not engine_version or not go_version:
        raise ValueError(f"{module / 'go.mod'} names no Go version, or no Pulumi engine")
    facts = (go_mod, go_sum, *BUILD_FLAGS, platform.system(), platform.machine())
    digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()
    return Pin(engine_version, go_version, f"{engine_version}-{digest[:12]}")
