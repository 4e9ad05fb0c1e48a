"""Reading plain JSON values of unknown shape, with an empty value where a part is missing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from simulator.cloud.model import Json


def mapping(value: object) -> Json:
    """Return `value` if it is an object, else an empty one."""
    return cast("Json", value) if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[object]:
    """Return `value` if it is a list, else an empty one."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()


def texts(value: object) -> tuple[str, ...]:
    """Return a string, or the strings of a list: IAM documents allow both."""
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in sequence(value))


def number(value: object, default: float = 0) -> float:
    """Return `value` if it is a number, or text of one, else `default`."""
    try:
        return float(cast("str", value))
    except (TypeError, ValueError):
        return default


def at(value: object, *path: str | int) -> object:
    """Return what is at the end of `path`, or None."""
    for step in path:
        if isinstance(step, int):
            items = sequence(value)
            value = items[step] if step < len(items) else None
        else:
            value = mapping(value).get(step)
    return value


def document(value: object) -> Json:
    """Return a JSON document given as text or as an object, or an empty object."""
    if isinstance(value, str):
        try:
            return mapping(json.loads(value))
        except json.JSONDecodeError:
            return {}
    return mapping(value)


def leaves(value: object) -> Iterator[str]:
    """Yield every string of a nested value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in cast("Json", value).values():
            yield from leaves(item)
    else:
        for item in sequence(value):
            yield from leaves(item)
