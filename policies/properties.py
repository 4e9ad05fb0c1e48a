"""What the engine sends of a resource, decoded when it is read and no further.

A policy reads a few properties of one resource in ten. Pulumi's own server decodes every resource
in full, once for each policy; these views cost what is read, and can be shared by all policies.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, cast, overload

from google.protobuf import json_format, struct_pb2
from pulumi_policy import proxy
from pulumi_policy.deserialize import (
    SPECIAL_SECRET_SIG,
    SPECIAL_SIG_KEY,
    deserialize_properties,
)
from pulumi_policy.proxy import UnknownValueError

UNKNOWNS = frozenset(
    value
    for name, value in vars(proxy).items()
    if name.startswith("UNKNOWN_") and isinstance(value, str)
)
"""What stands in for values that a preview can't know, by the SDK's own table."""

Path = tuple[str, ...]

ValueT = TypeVar("ValueT")


Decode = Callable[[ValueT, Path], object]
"""Gives what stands at a path, or raises `UnknownValueError`."""


class View(Mapping[str, object], Generic[ValueT]):
    """A read-only view of a mapping. Reading an unknown value raises `UnknownValueError`."""

    __slots__ = ("_content", "_decode", "_path")

    def __init__(
        self, content: Mapping[str, ValueT], decode: Decode[ValueT], path: Path = ()
    ) -> None:
        self._content = content
        self._decode = decode
        self._path = path

    def __getitem__(self, key: str) -> object:
        if key not in self._content:  # protobuf would add it
            raise KeyError(key)
        return self._decode(self._content[key], (*self._path, key))

    def __contains__(self, key: object) -> bool:
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


class ItemsView(Sequence[object], Generic[ValueT]):
    """A read-only view of a list. Reading an unknown item raises `UnknownValueError`."""

    __slots__ = ("_content", "_decode", "_path")

    def __init__(self, content: Sequence[ValueT], decode: Decode[ValueT], path: Path) -> None:
        self._content = content
        self._decode = decode
        self._path = path

    @overload
    def __getitem__(self, index: int) -> object: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[object]: ...
    def __getitem__(self, index: int | slice) -> object:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        return self._decode(self._content[index], (*self._path, str(index)))

    def __len__(self) -> int:
        return len(self._content)


class Properties(View[struct_pb2.Value]):
    """The view of what the engine sends of a resource."""

    __slots__ = ()

    def __init__(self, struct: struct_pb2.Struct, path: Path = ()) -> None:
        super().__init__(struct.fields, _decoded, path)


def _decoded(value: struct_pb2.Value, path: Path) -> object:
    match value.WhichOneof("kind"):
        case "string_value":
            if value.string_value in UNKNOWNS:
                raise UnknownValueError(value.string_value, list(path))
            return value.string_value
        case "struct_value":
            return _object(value.struct_value, path)
        case "list_value":
            return ItemsView(value.list_value.values, _decoded, path)
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _object(struct: struct_pb2.Struct, path: Path) -> object:
    if SPECIAL_SIG_KEY not in struct.fields:
        return Properties(struct, path)
    if struct.fields[SPECIAL_SIG_KEY].string_value == SPECIAL_SECRET_SIG:
        return _decoded(struct.fields["value"], path)
    # an asset or an archive
    whole = cast("dict[str, object]", json_format.MessageToDict(struct))
    return cast("dict[str, object]", deserialize_properties({"it": whole}))["it"]
