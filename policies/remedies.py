"""What a policy may correct by itself where its level is `remediate`.

Pulumi's SDK hands a remediation properties in which unknown values are plain strings, by which one
would take them for wrong and overwrite them. It is read here through a view that tells them apart.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import cast, overload

from pulumi_policy.proxy import UnknownValueError

from policies.properties import UNKNOWNS
from policies.subject import Subject

Corrections = Mapping[tuple[str, ...], object]
"""New values by the way to each property; mappings on the way are made where there are none."""

Correct = Callable[[Subject], Corrections]
"""Says what would make a violating resource comply, as far as that is safe; {} if it is not."""

Path = tuple[str, ...]


class Known(Mapping[str, object]):
    """A view of a mapping of which reading an unknown value raises `UnknownValueError`."""

    def __init__(self, content: Mapping[str, object], path: Path = ()) -> None:
        self._content = content
        self._path = path

    def __getitem__(self, key: str) -> object:
        return _known(self._content[key], (*self._path, key))

    def __contains__(self, key: object) -> bool:
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


class KnownItems(Sequence[object]):
    """The same of a list."""

    def __init__(self, content: Sequence[object], path: Path) -> None:
        self._content = content
        self._path = path

    @overload
    def __getitem__(self, index: int) -> object: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[object]: ...
    def __getitem__(self, index: int | slice) -> object:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        return _known(self._content[index], (*self._path, str(index)))

    def __len__(self) -> int:
        return len(self._content)


def _known(value: object, path: Path) -> object:
    if isinstance(value, str):
        if value in UNKNOWNS:
            raise UnknownValueError(value, list(path))
        return value
    if isinstance(value, Mapping):
        return Known(cast("Mapping[str, object]", value), path)
    if isinstance(value, Sequence):
        return KnownItems(cast("Sequence[object]", value), path)
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
