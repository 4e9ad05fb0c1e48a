"""actionlint, which knows GitHub's workflows: built from its Go module, once per machine."""

from pathlib import Path

from simulator.gobuild import Program, Recipe, Version, build
from simulator.gobuild.recipe import cache_directory, pinned
from simulator.gobuild.report import console

MODULE = Path(__file__).parent / "actionlint"
PACKAGE = "github.com/rhysd/actionlint"


def recipe() -> Recipe:
    """Return what is built."""
    version = Version.parse(pinned(MODULE, rf"^\s*{PACKAGE} (v\S+)"))
    return Recipe(
        title=f"actionlint {version}",
        module=MODULE,
        programs=[Program("actionlint", f"{PACKAGE}/cmd/actionlint", version, ask="-version")],
        takes="a minute",
        linked={f"{PACKAGE}.version": f"v{version}"},
    )


def actionlint() -> Path:
    """Return the program, built if it is not there yet.

    :raises BuildError: it can't be built.
    """
    made = recipe()
    folder = cache_directory() / "actionlint" / made.digest
    if not (folder / "actionlint").exists():
        build([made], folder, console())
    return folder / "actionlint"
