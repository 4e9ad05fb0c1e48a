"""What the AWS APIs themselves allow, from botocore's service models.

Names, enums, ranges and counts are checked where an input has the same name, but for case, as a
member of the API call that creates the resource.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Protocol, cast

import botocore.loaders
import botocore.model

from components._base.errors import Problem
from simulator.cloud.model import ApiCall, Json


class _Shape(Protocol):
    """The part of botocore's shapes that carries limits."""

    type_name: str
    metadata: Mapping[str, object]


@functools.cache
def _service(name: str) -> botocore.model.ServiceModel:
    loader = botocore.loaders.Loader()
    description = cast("Mapping[str, object]", loader.load_service_model(name, "service-2"))
    return botocore.model.ServiceModel(description, name)


def limit_problems(call: ApiCall, inputs: Json) -> Iterator[Problem]:
    """Return which of `inputs` the API `call` would refuse."""
    operation = _service(call.service).operation_model(call.operation)
    shape = cast("object", operation.input_shape)
    if isinstance(shape, botocore.model.StructureShape):
        yield from _members(shape, inputs, "", dict(call.renames))


def _members(
    shape: botocore.model.StructureShape, inputs: Json, path: str, renames: Mapping[str, str]
) -> Iterator[Problem]:
    declared = cast("Mapping[str, botocore.model.Shape]", shape.members)
    members = {name.lower(): member for name, member in declared.items()}
    for key, value in inputs.items():
        member = members.get(renames.get(key, key).lower())
        if member is not None:
            yield from _value(member, value, f"{path}.{key}" if path else key)


def _value(shape: botocore.model.Shape, value: object, path: str) -> Iterator[Problem]:
    if isinstance(shape, botocore.model.StructureShape):
        if isinstance(value, Mapping):
            yield from _members(shape, cast("Json", value), path, {})
    elif isinstance(shape, botocore.model.ListShape):
        if isinstance(value, list):
            items = cast("list[object]", value)
            yield from _range(shape, len(items), path, "entries")
            for index, item in enumerate(items):
                yield from _value(
                    cast("botocore.model.Shape", shape.member), item, f"{path}[{index}]"
                )
    elif isinstance(value, str) and shape.type_name == "string":
        yield from _text(shape, value, path)
    elif isinstance(value, int | float) and shape.type_name in ("integer", "long"):
        yield from _range(shape, value, path, "")


def _text(shape: botocore.model.Shape, value: str, path: str) -> Iterator[Problem]:
    limits = cast("_Shape", shape).metadata
    allowed = cast("list[str]", limits.get("enum") or [])
    if allowed and value not in allowed:
        yield Problem(path, f"{value!r} is not one of {', '.join(allowed)}")
        return
    yield from _range(shape, len(value), path, "characters")
    pattern = limits.get("pattern")
    if isinstance(pattern, str):
        try:
            fits = re.search(f"^(?:{pattern})$", value, re.DOTALL)
        except re.error:
            return  # some patterns use Java's syntax
        if not fits:
            yield Problem(path, f"{value!r} does not match {pattern}")


def _range(shape: botocore.model.Shape, size: float, path: str, unit: str) -> Iterator[Problem]:
    limits = cast("_Shape", shape).metadata
    low, high = limits.get("min"), limits.get("max")
    what = f"has {size} {unit}" if unit else f"is {size}"
    if isinstance(low, int | float) and size < low:
        yield Problem(path, f"{what}, at least {low} allowed")
    if isinstance(high, int | float) and size > high:
        yield Problem(path, f"{what}, at most {high} allowed")
