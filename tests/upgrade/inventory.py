"""What makes each resource of a stack the one that it is: change it, and another takes its place.

The engine knows a resource by its URN: types of its parents, type, logical name. The cloud knows it
by what can't be changed in place. An inventory has both, one line a resource, so that a review sees
a change of code that would replace something.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from simulator.cloud.model import ACCOUNT, Json
from simulator.cloud.registry import model_of
from simulator.report.values import leaves
from stacks.guard import GUARDED
from stacks.settings import REGION
from tests.harness import Recorder, Registration

T = TypeVar("T")

FOLDER = Path(__file__).parent / "inventories"

LONGEST = 160
"""Characters of a value; of what is longer, such as a policy, a digest tells that it changed."""

PROVIDER = "pulumi:providers:kubernetes"

CONTENT = frozenset({"binaryData", "data", "secretBinary", "secretString", "spec.template"})
"""What is replaced by being changed, as it is meant to be: content of ConfigMaps and Secrets, runs
of a Job. Secrets have no place here besides. `stringData` is among them by its own name below."""

_NO_INPUTS = frozenset({*CONTENT, "stringData", "apiVersion", "kind"})
"""The last two are in the type already."""


@dataclass(frozen=True)
class Entry:
    """One resource: the key is its URN without stack and project."""

    key: str
    parent: str
    """Logical name of the parent, or empty."""
    forcing: Json = field(default_factory=dict[str, object])
    """The inputs whose change replaces it, by path; what comes from another resource as
    `${its name}`."""
    former: frozenset[str] = frozenset()
    """Keys that it may have had before, by its aliases and those of its parents. Not written."""

    @property
    def type(self) -> str:
        """The type token."""
        return self.key.rsplit("::", 1)[0].rsplit("$", 1)[-1]

    @property
    def name(self) -> str:
        """The logical name."""
        return self.key.rsplit("::", 1)[-1]

    @property
    def holds(self) -> str | None:
        """What is lost with it, e.g. `table`; None when it can be made anew."""
        return GUARDED.get(self.type)


@dataclass(frozen=True)
class Inventory:
    """All resources of one stack, by key."""

    stack: str
    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, stack: str, made: Recorder[T]) -> "Inventory":
        """Take the inventory of what a program registered."""
        named = _Names(made)
        formers = _formers(made.resources)
        entries = [
            Entry(
                _key(each.urn),
                each.parent.name if each.parent else "",
                dict(named.forcing(each)),
                frozenset(map(_key, formers[each.urn])),
            )
            for each in made.resources
        ]
        return cls(stack, {entry.key: entry for entry in entries})

    @classmethod
    def read(cls, stack: str, folder: Path = FOLDER) -> "Inventory":
        """Read the committed one; a stack without one has none of its resources yet."""
        file = folder / f"{stack}.json"
        rows: dict[str, dict[str, object]] = json.loads(file.read_text()) if file.exists() else {}
        entries = {
            key: Entry(key, str(row["parent"]), cast("Json", row.get("replacedBy") or {}))
            for key, row in rows.items()
        }
        return cls(stack, entries)

    def write(self, folder: Path = FOLDER) -> Path:
        """Write it for a commit; return the file."""
        file = folder / f"{self.stack}.json"
        file.write_text(self.rendered())
        return file

    def rendered(self) -> str:
        """Return it as JSON, one line a resource."""
        lines = [
            f" {json.dumps(key)}: {json.dumps(_row(entry), ensure_ascii=False)}"
            for key, entry in sorted(self.entries.items())
        ]
        return "{\n" + ",\n".join(lines) + "\n}\n"


def _row(entry: Entry) -> Json:
    forcing = {"replacedBy": dict(sorted(entry.forcing.items()))} if entry.forcing else {}
    return {"parent": entry.parent, **forcing}


def _key(urn: str) -> str:
    """Return a URN without stack and project, which are the same for all."""
    return urn.split("::", 2)[2]


def forcing_paths(resource: Registration) -> frozenset[str]:
    """Return the inputs that can't change in place: the type's own, and what the program adds."""
    if resource.type == PROVIDER:
        return frozenset({"clusterIdentifier"})  # see simulator.kubernetes.replaces_provider
    own = model_of(resource.type).replaces | frozenset(resource.replace_on_changes)
    return own - frozenset(resource.ignore_changes) - _NO_INPUTS


class _Names:
    """Tells ids and ARNs by the resource that has them: they differ from cloud to cloud."""

    def __init__(self, made: Recorder[T]) -> None:
        self._owners: dict[str, str] = {}
        for resource in made.resources:
            if not resource.custom:
                continue
            given = set(leaves(resource.inputs))
            for text in leaves(made.outputs[resource.urn]):
                if text not in given and _tells_apart(text, resource.type):
                    self._owners.setdefault(text, resource.name)

    def forcing(self, resource: Registration) -> Iterator[tuple[str, object]]:
        """Yield what forces a replacement, and its value."""
        if not resource.custom:
            return
        for path in sorted(forcing_paths(resource)):
            value = _at(resource.inputs, path)
            if value is None:
                continue
            if resource.property_dependencies.get(path.split(".")[0]):
                value = self._readable(value)
            yield path, _short(value)

    def _readable(self, value: object) -> object:
        if isinstance(value, str):
            return self._pattern.sub(lambda found: f"${{{self._owners[found[0]]}}}", value)
        if isinstance(value, Mapping):
            return {key: self._readable(item) for key, item in cast("Json", value).items()}
        if isinstance(value, list):
            return [self._readable(item) for item in cast("list[object]", value)]
        return value

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._owners, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))


def _tells_apart(text: str, type_: str) -> bool:
    """Tell whether a text belongs to one resource; others may contain a word by chance."""
    if REGION.fullmatch(text) or text == ACCOUNT:
        return False
    return len(text) >= (4 if type_.startswith("random:") else 7) and bool(re.search(r"\d", text))


def _at(value: object, path: str) -> object:
    for step in path.split("."):
        value = cast("Json", value).get(step) if isinstance(value, Mapping) else None
    return value


def _short(value: object) -> object:
    text = json.dumps(_whole(value), sort_keys=True, ensure_ascii=False)
    if len(text) <= LONGEST:
        return json.loads(text)
    return f"{len(text)} characters, sha256 {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _whole(value: object) -> object:
    """Write whole numbers without a point: the protocol knows floats only."""
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in cast("Json", value).items()}
    if isinstance(value, list):
        return [_whole(item) for item in cast("list[object]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _formers(resources: Sequence[Registration]) -> dict[str, set[str]]:
    """Return the URNs that each resource may have had: by its own aliases, and its parents'.

    With a component that has an alias, the engine looks for what is in it under the old one, and
    takes the component's name off the front of theirs (pulumi/pkg, `inheritedChildAlias`).
    """
    found: dict[str, set[str]] = {}
    for each in resources:
        aliases = set(each.aliases)
        for above in found[each.parent.urn] if each.parent else ():
            types, old = above.rsplit("::", 1)
            parent = each.parent.name if each.parent else ""
            for urn in (each.urn, *each.aliases):
                name = urn.rsplit("::", 1)[-1]
                if name.startswith(parent):
                    name = old + name.removeprefix(parent)
                aliases.add(f"{types}${each.type}::{name}")
        found[each.urn] = aliases - {each.urn}
    return found
