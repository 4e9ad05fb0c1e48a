"""Which engine is pinned, read from the Go module beside this file."""

from pathlib import Path

from simulator.gobuild.recipe import Program, Recipe, Version, pinned

MODULE = Path(__file__).parent
"""The Go module that pins the engine: `go.mod`, and `go.sum` with every checksum."""

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
"""The Automation API refuses an engine without a version."""


def read_pin(module: Path = MODULE) -> Recipe:
    """Read what is built when the machine has no suitable engine.

    :raises ValueError: `go.mod` does not name the engine.
    """
    engine = Version.parse(pinned(module, r"^\s*github\.com/pulumi/pulumi/pkg/v3 (v\S+)"))
    return Recipe(
        title=f"Pulumi engine {engine}",
        module=module,
        programs=[Program("pulumi", PACKAGE, engine, ask="version")],
        takes="3 to 7 minutes",
        linked={VERSION: f"v{engine}"},
        substitute="Pulumi",
    )


def key(pin: Recipe) -> str:
    """Return the name of its folder in the cache."""
    return f"{version(pin)}-{pin.digest}"


def version(pin: Recipe) -> Version:
    """Return the version of the pinned engine."""
    return Version.parse(pin.title)
