"""What a program asked for, of an object as its cluster has it.

The engine hands a stack policy what a cluster answered: the object with all defaults, and with what
controllers wrote, such as the number of pods that an autoscaler chose. Whose a field is, the object
says itself, in the notation of server-side apply:
https://kubernetes.io/docs/reference/using-api/server-side-apply/ (2026-11).
"""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from pulumi_policy.proxy import UnknownValueError

MANAGER = "pulumi-kubernetes"
"""What the names begin with under which Pulumi's provider applies objects."""

IDENTITY = frozenset({"apiVersion", "kind", "name", "namespace"})
"""Fields that tell which object it is: nobody's in particular."""

Fields = Mapping[str, object]
"""Fields that somebody owns: by `f:KEY` those of a mapping, by `k:KEYS` and `v:VALUE` a list's."""


def applied(properties: Mapping[str, object], ignored: Sequence[str] = ()) -> Mapping[str, object]:
    """Return of an object's properties those that Pulumi applied, in the same shape.

    Properties that tell nothing of it, as inputs do, or are not all known, are returned as they
    are.

    :param ignored: paths of properties that the program leaves to others (`ignoreChanges`): an
        update applies them as they are in the cluster.
    """
    try:
        found = _applied(properties)
    except UnknownValueError:
        return properties
    if found is None:
        return properties
    for path in ignored:
        _forget(found, path.split("."))
    return found


def _applied(properties: Mapping[str, object]) -> dict[str, object] | None:
    """Return what Pulumi's provider owns; None if nothing is said of that."""
    metadata = cast("Mapping[str, object]", properties.get("metadata") or {})
    rows = cast("Sequence[Mapping[str, object]]", metadata.get("managedFields") or ())
    owned = [
        cast("Fields", row["fieldsV1"])
        for row in rows
        if row.get("operation") == "Apply" and str(row.get("manager")).startswith(MANAGER)
    ]
    return _of_mapping(properties, owned) if owned else None


def _of_mapping(value: Mapping[str, object], owned: Sequence[Fields]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, content in value.items():
        fields = [cast("Fields", each[f"f:{key}"]) for each in owned if f"f:{key}" in each]
        if fields or key == "metadata":
            found[key] = _of(content, fields)
        elif key in IDENTITY:
            found[key] = content
    return found


def _forget(holder: dict[str, object], path: Sequence[str]) -> None:
    """Take what is at a path away, if anything is."""
    first, *rest = path
    inner = holder.get(first)
    if not rest:
        holder.pop(first, None)
    elif isinstance(inner, dict):
        _forget(cast("dict[str, object]", inner), rest)


def _of(value: object, owned: Sequence[Fields]) -> object:
    """Return what is owned of a value; all of it where no more is said."""
    if any(not each for each in owned):
        return value
    if isinstance(value, Mapping):
        return _of_mapping(cast("Mapping[str, object]", value), owned)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _of_items(cast("Sequence[object]", value), owned)
    return value


def _of_items(value: Sequence[object], owned: Sequence[Fields]) -> list[object]:
    found: list[object] = []
    for content in value:
        keys = {key for each in owned for key in each if _is(key, content)}
        if not keys:
            continue
        item = _of(content, [cast("Fields", o[key]) for o in owned for key in keys if key in o])
        if isinstance(item, dict):  # what tells it from the others is nobody's in particular
            told = cast("Mapping[str, object]", json.loads(min(keys).partition(":")[2]))
            item = {**told, **cast("Mapping[str, object]", item)}
        found.append(item)
    return found


def _is(key: str, content: object) -> bool:
    """Tell whether the key of an owned item is that of `content`."""
    notation, _, said = key.partition(":")
    if notation == "v":
        return json.loads(said) == content
    if notation == "k" and isinstance(content, Mapping):
        item = cast("Mapping[str, object]", content)
        return all(item.get(each) == value for each, value in json.loads(said).items())
    return False
