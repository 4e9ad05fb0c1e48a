"""Inputs as the engine sends them, turned into those that a component takes.

The SDK's own translation (pulumi 3.272, `provider/experimental/component.py`) loses members of
enums in lists and mappings, leaves whole numbers as floats and drops what it does not know.
"""

from collections.abc import Iterator, Mapping
from typing import cast

import pulumi
from pulumi.provider.experimental.analyzer import (
    ComponentDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
)

from components._base.errors import InvalidInput, Problem, nearest
from components._base.spec import PLAIN_ONLY

Properties = Mapping[str, PropertyDefinition]
"""By the name in the schema."""


def python_inputs(
    given: Mapping[str, object],
    component: ComponentDefinition,
    types: Mapping[str, TypeDefinition],
) -> dict[str, object]:
    """Return the `args` of a component.

    :param given: by the schema's names. Outputs are kept as they are.
    :param types: by name, without module.
    :raises InvalidInput: with every name that is unknown or missing, and every wrong choice.
    """
    reader = _Reader(types)
    args = reader.read(given, component.inputs, component.inputs_mapping, "")
    if reader.problems:
        raise InvalidInput(component.name, reader.problems)
    return args


class _Reader:
    def __init__(self, types: Mapping[str, TypeDefinition]) -> None:
        self._types = types
        self.problems: list[Problem] = []

    def read(
        self,
        given: Mapping[str, object],
        properties: Properties,
        names: Mapping[str, str],
        path: str,
    ) -> dict[str, object]:
        """Read the properties of a component or an object, and rename them."""
        present = {name: value for name, value in given.items() if value is not None}
        self.problems += _misnamed(present, properties, path)
        return {
            names[name]: self._value(value, properties[name], _join(path, name))
            for name, value in present.items()
            if name in properties
        }

    def _value(self, value: object, declared: PropertyDefinition, path: str) -> object:
        if isinstance(value, pulumi.Output):
            if declared.plain:
                self.problems.append(Problem(path, _plain_only(declared)))
            return cast("object", value)
        if declared.ref:
            return self._named(value, declared.ref, path)
        if isinstance(value, list) and declared.items:
            items = enumerate(cast("list[object]", value))
            return [self._value(item, declared.items, f"{path}[{n}]") for n, item in items]
        if isinstance(value, dict) and declared.additional_properties:
            entries = cast("Mapping[str, object]", value).items()
            return {
                key: self._value(item, declared.additional_properties, _join(path, key))
                for key, item in entries
            }
        if declared.type is PropertyType.INTEGER and isinstance(value, float):
            # The wire knows one kind of number. What is no whole one is the component's to refuse.
            return int(value) if value.is_integer() else value
        return cast("object", value)

    def _named(self, value: object, reference: str, path: str) -> object:
        """Read an object or a member of an enum; what is of the SDK itself stays as it is."""
        type_ = self._types.get(reference.rpartition(":")[2])
        if type_ is None:
            return value
        if type_.enum:
            members = {member.value for member in type_.enum}
            if value in members:
                return type_.python_type(value)
            allowed = ", ".join(sorted(repr(member) for member in members))
            self.problems.append(Problem(path, f"{value!r} is not valid: allowed: {allowed}"))
            return value
        if not isinstance(value, dict):
            self.problems.append(Problem(path, "a mapping is needed"))
            return value
        given = cast("Mapping[str, object]", value)
        return self.read(given, type_.properties, type_.properties_mapping, path)


def _plain_only(declared: PropertyDefinition) -> str:
    """Say that an output won't do: what it decides is decided before outputs are known."""
    if declared.ref or declared.items or declared.additional_properties:
        return "must not be an output as a whole, though what is in it may be one: write it out"
    return PLAIN_ONLY


def _misnamed(given: Mapping[str, object], known: Properties, path: str) -> Iterator[Problem]:
    for name in given.keys() - known.keys():
        yield Problem(_join(path, name), f"unknown input; {nearest(name, known)}")
    for name, declared in known.items():
        if not declared.optional and name not in given:
            yield Problem(_join(path, name), "is required")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
