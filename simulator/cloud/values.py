"""Property values on the wire: gRPC structs, unknowns, and the differences between two values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from simulator.cloud.model import Json

UNKNOWN = rpc.UNKNOWN
"""What the engine sends for a value that only exists after the deployment."""

_SIGNATURE = rpc._special_sig_key  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
_SECRET = rpc._special_secret_sig  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def is_unknown(value: object) -> bool:
    """Tell whether `value` is not known before the deployment."""
    return isinstance(value, pulumi.output.Unknown) or value == UNKNOWN


def from_struct(struct: struct_pb2.Struct) -> dict[str, object]:
    """Read a gRPC struct: whole numbers as ints, secrets unwrapped, unknowns kept."""
    return {key: _read(value) for key, value in struct.fields.items()}


def _read(value: struct_pb2.Value) -> object:  # noqa: PLR0911 - a case per kind of value
    match value.WhichOneof("kind"):
        case "struct_value":
            fields = value.struct_value.fields
            if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
                return _read(fields["value"])
            return from_struct(value.struct_value)
        case "list_value":
            return [_read(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def to_struct(values: Json) -> struct_pb2.Struct:
    """Write plain values as a gRPC struct."""
    struct = struct_pb2.Struct()
    struct.update(cast("dict[str, None]", _plain(values)))  # its stubs know no nested values
    return struct


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {key: _plain(item) for key, item in items if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[object]", value)]
    return value.value if isinstance(value, Enum) else value


def known(value: object) -> object:
    """Return `value` without its unknown parts, for checks that need a real value.

    A list with an unknown entry is left out as a whole, so that no check counts what is left.
    """
    if isinstance(value, Mapping):
        items = cast("Json", value).items()
        return {key: known(item) for key, item in items if not _partly_unknown(item)}
    if isinstance(value, list):
        items_ = cast("list[object]", value)
        return [known(item) for item in items_ if not _partly_unknown(item)]
    return value


def _partly_unknown(value: object) -> bool:
    entries = cast("list[object]", value) if isinstance(value, list) else [value]
    return any(is_unknown(entry) for entry in entries)


class Change(Enum):
    """What happened to one property."""

    ADDED = "added"
    DELETED = "deleted"
    UPDATED = "updated"


@dataclass(frozen=True)
class Difference:
    """One changed property, e.g. `vpcConfig.subnetIds[0]`."""

    path: str
    change: Change

    @property
    def bare(self) -> str:
        """The path without list indices, as replacement rules name it."""
        return "".join(part.split("]")[-1] for part in self.path.split("["))


def differences(old: object, new: object, path: str = "") -> Iterator[Difference]:
    """Yield each property that differs, as deep as both sides have the same shape."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        before, after = cast("Json", old), cast("Json", new)
        for key in sorted(before.keys() | after.keys()):
            here = _key(path, key)
            yield from _compare(before.get(key), after.get(key), here)
    elif isinstance(old, list) and isinstance(new, list):
        before_items, after_items = cast("list[object]", old), cast("list[object]", new)
        for index in range(max(len(before_items), len(after_items))):
            left = before_items[index] if index < len(before_items) else None
            right = after_items[index] if index < len(after_items) else None
            yield from _compare(left, right, f"{path}[{index}]")
    elif old != new:
        yield Difference(path, Change.UPDATED)


def _compare(old: object, new: object, path: str) -> Iterator[Difference]:
    if old is None and new is None:
        return
    if old is None:
        yield Difference(path, Change.ADDED)
    elif new is None:
        yield Difference(path, Change.DELETED)
    else:
        yield from differences(old, new, path)


def _key(path: str, key: str) -> str:
    if "." in key or "[" in key:  # tags and annotations: quoted, as the engine's paths are
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key
