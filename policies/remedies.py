"""What a policy may correct by itself where its level is `remediate`.

Pulumi's SDK hands a remediation properties in which unknown values are plain strings, by which one
would take them for wrong and overwrite them. It is read here through a view that tells them apart.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import cast

from pulumi_policy.proxy import UnknownValueError

from policies.properties import UNKNOWNS, ItemsView, Path, View
from policies.subject import Subject

Corrections = Mapping[Path, object]
"""New values by the way to each property; mappings on the way are made where there are none."""

Correct = Callable[[Subject], Corrections]
"""Says what would make a violating resource comply, as far as that is safe; {} if it is not."""


def known(properties: Mapping[str, object]) -> Mapping[str, object]:
    """Return a view of properties of which reading an unknown value raises `UnknownValueError`."""
    return View(properties, _known)


def _known(value: object, path: Path) -> object:
    if isinstance(value, str):
        if value in UNKNOWNS:
            raise UnknownValueError(value, list(path))
        return value
    if isinstance(value, Mapping):
        return View(cast("Mapping[str, object]", value), _known, path)
    if isinstance(value, Sequence):
        return ItemsView(cast("Sequence[object]", value), _known, path)
    return value


def corrected(
    properties: Mapping[str, object], corrections: Corrections
) -> Mapping[str, object] | None:
    """Return the properties, changed in place, or None if there is nothing to change.

    They are the SDK's own view, which keeps what is unknown or secret as it is.

    :raises UnknownValueError: when a mapping on the way to a correction is unknown.
    """
    for (*way, key), value in corrections.items():
        holder = cast("MutableMapping[str, object]", properties)
        for index, step in enumerate(way):
            if step not in holder or holder[step] is None:
                holder[step] = {}
            _known(holder[step], tuple(way[: index + 1]))
            holder = cast("MutableMapping[str, object]", holder[step])
        holder[key] = value
    return properties if corrections else None
