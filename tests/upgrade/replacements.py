"""What an upgrade may replace or delete: `replacements.toml`, and what is not told there."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from stacks.guard import Step

TABLE = Path(__file__).parent / "replacements.toml"

OPERATIONS: Mapping[str, str] = {
    "create-replacement": "replace",
    "delete": "delete",
    "delete-replaced": "replace",
    "replace": "replace",
}
"""The engine's steps that end a resource, by what the table calls them."""


@dataclass(frozen=True)
class Replacement:
    """One row of the table."""

    resources: str
    """`TYPE::NAME`, in which `*` stands for anything."""
    operation: str
    changelog: str
    stacks: Sequence[str] = ()
    """Those that have such resources; empty: all."""

    def covers(self, ended: str) -> bool:
        """Tell whether it names a resource, given as `OPERATION TYPE::NAME`."""
        return fnmatchcase(ended, f"{self.operation} {self.resources}")


def told(release: str, table: Path = TABLE) -> list[Replacement]:
    """Return the rows of a release."""
    rows = tomllib.loads(table.read_text(encoding="utf-8")).get(release, [])
    return [Replacement(**row) for row in rows]


def ended(steps: Sequence[Step]) -> list[str]:
    """Return what steps replace or delete, as `OPERATION TYPE::NAME`; components are no resources.

    A resource that is replaced has three steps, and is told once.
    """
    found = {
        f"{OPERATIONS[step.operation]} {step.type}::{step.urn.rsplit('::', 1)[-1]}"
        for step in steps
        if step.operation in OPERATIONS and not step.type.startswith("fastapi-platform:")
    }
    return sorted(found)


def surprises(stack: str, steps: Sequence[Step], rows: Sequence[Replacement]) -> Iterator[str]:
    """Yield what an up of a stack ends and no row tells, and each row that is not true of it."""
    happened = ended(steps)
    for each in happened:
        if not any(row.covers(each) for row in rows):
            yield f"{each}: not in {TABLE.name}; CHANGELOG.md tells users, the table where"
    for row in rows:
        expected = not row.stacks or stack in row.stacks
        if expected and not any(row.covers(each) for each in happened):
            yield f"{row.operation} {row.resources}: in {TABLE.name}, but it does not happen"
