"""Builds programs from Go modules of ours, once per machine.

A module pins what is built: `go.mod` names it and `go.sum` has every checksum. `build` makes a
`Recipe`'s programs in a cache with the machine's Go or PyPI's.
"""

from simulator.gobuild.build import build
from simulator.gobuild.errors import BuildError
from simulator.gobuild.recipe import Program, Recipe, Version

__all__ = ["BuildError", "Program", "Recipe", "Version", "build"]
