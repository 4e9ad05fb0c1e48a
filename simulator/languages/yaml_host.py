"""The YAML language host: the machine's, the cached one, or a new build."""

import shutil
from collections.abc import Callable
from pathlib import Path

from simulator.gobuild.build import build
from simulator.gobuild.recipe import Program, Recipe, cache_directory, pinned
from simulator.gobuild.report import console, lines

NAME = "pulumi-language-yaml"
MODULE = Path(__file__).parent / "yaml"
"""The Go module that pins it: `go.mod`, and `go.sum` with every checksum."""


def yaml_host(progress: Callable[[str], None] | None = None) -> Path:
    """Return a YAML language host.

    :param progress: takes each line about what is done. Default: standard error.
    :raises BuildError: there is none and it can't be built.
    """
    found = shutil.which(NAME)
    if found:
        return Path(found)
    pin = read_pin()
    target = cache_directory() / "yaml" / pin.digest / NAME
    if not target.exists():
        reasons = [f"YAML: {NAME} is not on PATH"]
        build([pin], target.parent, lines(progress) if progress else console(), reasons)
    return target


def read_pin() -> Recipe:
    """Read what is built when the machine has none.

    :raises ValueError: `go.mod` does not name it.
    """
    version = pinned(MODULE, r"^\s*github\.com/pulumi/pulumi-yaml v(\S+)")
    package = "github.com/pulumi/pulumi-yaml"
    return Recipe(
        title=f"Pulumi's YAML language host {version}",
        module=MODULE,
        programs=[Program(NAME, f"{package}/cmd/{NAME}", version=None)],
        takes="1 to 5 minutes",
        linked={f"{package}/pkg/version.Version": f"v{version}"},
        substitute="Pulumi",
    )
