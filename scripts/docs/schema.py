"""Words for JSON Schema: what a value may be, and what it is if it is left out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from scripts.docs.markdown import code

Schema = Mapping[str, object]

NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
    "array": "list",
}
FORMATS = {"date": "a day as `2027-01-31`", "ipv4network": "a range as `10.0.0.0/16`"}
BOUNDS = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "above {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "below {}"),
    ("multipleOf", "in steps of {}"),
)
SIZES = (("Length", "characters"), ("Items", "entries"), ("Properties", "entries"))


class Definitions:
    """The named parts of a schema."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions

    def resolve(self, schema: Schema) -> tuple[str, Schema]:
        """Return what a schema stands for, and the name of the definition it refers to, if any.

        `X or null` stands for X: null is only how a default of nothing is written.
        """
        choices = [s for s in _schemas(schema.get("anyOf")) if s.get("type") != "null"]
        if len(choices) == 1:
            return self.resolve(choices[0])
        reference = str(schema.get("$ref", ""))
        name = reference.rsplit("/", maxsplit=1)[-1]
        return name, self._definitions[name] if name else schema

    def settings_in(self, schema: Schema) -> tuple[str, str, Schema] | None:
        """Return the settings that a value is or consists of, or nothing.

        :return: what comes after the key on the way there (`""`, `.NAME`, `[]`), the definition's
            name, and the definition.
        """
        name, resolved = self.resolve(schema)
        if "properties" in resolved:
            return "", name, resolved
        for key, step in (("additionalProperties", ".NAME"), ("items", "[]")):
            inner = resolved.get(key)
            found = self.settings_in(cast("Schema", inner)) if isinstance(inner, Mapping) else None
            if found:
                return f"{step}{found[0]}", *found[1:]
        return None

    def words(self, schema: Schema) -> str:
        """Return what is allowed, e.g. `whole number, 2 to 3`."""
        _, resolved = self.resolve(schema)
        choices = _schemas(resolved.get("anyOf"))
        if choices:
            return " or ".join(self.words(choice) for choice in choices)
        if "enum" in resolved:
            values = cast("Sequence[object]", resolved["enum"])
            return f"one of {', '.join(code(shown(value)) for value in values)}"
        return ", ".join([self._kind(resolved), *_limits(resolved)])

    def _kind(self, schema: Schema) -> str:
        name = NAMES[str(schema["type"])]
        inner = schema.get("items") or schema.get("additionalProperties")
        if isinstance(inner, Mapping):
            words = self.words(cast("Schema", inner))
            return f"{name}{' of names to' if name == 'mapping' else ' of'} {words}"
        return "settings" if "properties" in schema else name


def default_of(schema: Schema, *, required: bool) -> str:
    """Return what a key is when it is left out; nothing where there is none."""
    if required:
        return "**required**"
    default = schema.get("default")
    if isinstance(default, Mapping):
        return ""  # its parts say theirs
    return "" if default in (None, [], "") else code(shown(default))


def shown(value: object) -> str:
    """Return a value as a stack file has it."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _limits(schema: Schema) -> Iterator[str]:
    if "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']} to {schema['maximum']}"
        schema = {k: v for k, v in schema.items() if k not in ("minimum", "maximum")}
    for key, words in BOUNDS:
        if key in schema:
            yield words.format(schema[key])
    for what, unit in SIZES:
        least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
        if least is not None and most is not None:
            yield f"{least} to {most} {unit}"
        elif least is not None:
            yield f"at least {least} {unit if least != 1 else unit.removesuffix('s')}"
        elif most is not None:
            yield f"at most {most} {unit}"
    if "format" in schema:
        yield FORMATS[str(schema["format"])]
    if "pattern" in schema:
        yield f"as {code(str(schema['pattern']))}"


def _schemas(value: object) -> Sequence[Schema]:
    return cast("Sequence[Schema]", value or ())
