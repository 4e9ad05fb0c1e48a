"""OpenTelemetry's collector with the parts that the platform configures, from its Go module."""

from pathlib import Path

from simulator.gobuild import Program, Recipe, build
from simulator.gobuild.recipe import cache_directory, pinned
from simulator.gobuild.report import Report, console

MODULE = Path(__file__).parent
NAME = "otelcol"


def recipe() -> Recipe:
    """Return what is built."""
    version = pinned(MODULE, r"^\s*go\.opentelemetry\.io/collector/otelcol v(\S+)")
    return Recipe(
        title=f"OpenTelemetry's collector {version}",
        module=MODULE,
        programs=[Program(NAME, ".", version=None)],
        takes="2 to 10 minutes",
    )


def binary() -> Path:
    """Return where the program is, once it is built."""
    return cache_directory() / NAME / recipe().digest / NAME


def collector(report: Report | None = None) -> Path:
    """Return the program, built if it is not there yet.

    :raises BuildError: it can't be built.
    """
    made = recipe()
    if made.missing(binary().parent):
        build([made], binary().parent, report or console())
    return binary()
