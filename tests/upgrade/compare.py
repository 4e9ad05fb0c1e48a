"""Compares two inventories of a stack, and tells in words what an up would do about it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import cast

from simulator.cloud.model import Json
from tests.upgrade.inventory import Entry, Inventory

SHOWN = 20
"""Resources of one list that are named; the rest is counted."""


class Fate(Enum):
    """What an up would do to a resource, with the word for a list of them."""

    CREATED = "new"
    DELETED = "deleted"
    REPLACED = "replaced"
    RENAMED = "known by an alias"


@dataclass(frozen=True)
class Change:
    """One resource that is not what it was."""

    fate: Fate
    entry: Entry
    """As it is now; as it was, if it is deleted."""
    detail: str = ""
    """Which inputs force a replacement; the name before; what may be the new name."""

    @property
    def loses(self) -> bool:
        """Tell whether data goes with it, or what everything else stands on."""
        return self.entry.holds is not None and self.fate in (Fate.DELETED, Fate.REPLACED)

    def __str__(self) -> str:
        what = f"the {self.entry.holds}" if self.loses else self.entry.type
        verb = f"would be {self.fate.value}: " if self.loses else ""
        detail = f", {self.detail}" if self.detail else ""
        return f"{verb}{what} '{self.entry.name}'{detail}"


def compare(before: Inventory, now: Inventory) -> list[Change]:
    """Return what an up would do to each resource that changes, in the order of the keys.

    :param now: taken from the program, so that it knows aliases.
    """
    kept = _kept(before, now)
    names = {before.entries[old].name: now.entries[new].name for old, new in kept.items()}
    gone = [entry for key, entry in before.entries.items() if key not in kept]
    new = [entry for key, entry in now.entries.items() if key not in kept.values()]
    changes = [Change(Fate.CREATED, entry) for entry in new]
    changes += [Change(Fate.DELETED, entry, _maybe_renamed(entry, new)) for entry in gone]
    for old, key in kept.items():
        was, entry = before.entries[old], now.entries[key]
        forced = list(_forced(cast("Json", _with_names(was.forcing, names)), entry.forcing))
        if forced:
            changes.append(Change(Fate.REPLACED, entry, f"because of {', '.join(forced)}"))
        elif old != key or was.parent != entry.parent:
            changes.append(Change(Fate.RENAMED, entry, f"it was '{was.name}' of '{was.parent}'"))
    return sorted(changes, key=lambda change: change.entry.key)


def explain(stack: str, changes: Sequence[Change]) -> str:
    """Return what a reviewer has to know: dangers first, then what to do."""
    lost = [change for change in changes if change.loses]
    lines: list[str] = []
    if lost:
        lines += [f"DANGER: an up of stack '{stack}' would lose what can't be had again:"]
        lines += [f"  {change}" for change in lost]
        lines += [
            "What only has another name or parent is kept by an alias, as in",
            '  pulumi.ResourceOptions(aliases=[pulumi.Alias(name="its-name-before")])',
            "What the cloud can't change in place is moved by hand, or not at all: see",
            "docs/upgrades.md, Stateful resources.",
        ]
    rest = [change for change in changes if not change.loses]
    for fate in Fate:
        lines += _listed(stack, fate, [change for change in rest if change.fate is fate])
    if any(change.fate in (Fate.DELETED, Fate.REPLACED) for change in rest):
        lines.append("What users notice of that goes into CHANGELOG.md.")
    if not lost:
        lines.append(f"If all of it is meant, regenerate {stack}'s inventory: make inventory")
    return "\n".join(lines)


def _listed(stack: str, fate: Fate, changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        only = "1 resource is" if len(changes) == 1 else f"{len(changes)} resources are"
        tense = "" if fate in (Fate.CREATED, Fate.RENAMED) else " by an up"
        yield f"{stack}: {only} {fate.value}{tense}:"
        yield from (f"  {change}" for change in changes[:SHOWN])
        if len(changes) > SHOWN:
            yield f"  and {len(changes) - SHOWN} more"


def _kept(before: Inventory, now: Inventory) -> Mapping[str, str]:
    """Return the new key of each resource that the engine finds again."""
    kept = {key: key for key in now.entries if key in before.entries}
    for key, entry in now.entries.items():
        if key not in kept:
            kept |= {old: key for old in entry.former if old in before.entries and old not in kept}
    return kept


def _forced(was: Json, now: Json) -> Iterator[str]:
    for path in sorted(was.keys() | now.keys()):
        if was.get(path) != now.get(path):
            values = (json.dumps(each.get(path)) if path in each else "none" for each in (was, now))
            yield f"{path} ({' → '.join(values)})"


def _maybe_renamed(gone: Entry, new: Sequence[Entry]) -> str:
    """Return a hint at the new resource that this one may have become."""
    alike = [each for each in new if each.type == gone.type and each.forcing == gone.forcing]
    return f"unless '{alike[0].name}' is its new name" if len(alike) == 1 else ""


def _with_names(value: object, names: Mapping[str, str]) -> object:
    """Call other resources as they are called now."""
    if isinstance(value, str):
        for old, new in names.items():
            if old != new:
                value = value.replace(f"${{{old}}}", f"${{{new}}}")
        return value
    if isinstance(value, Mapping):
        return {key: _with_names(item, names) for key, item in cast("Json", value).items()}
    if isinstance(value, list):
        return [_with_names(item, names) for item in cast("list[object]", value)]
    return value
