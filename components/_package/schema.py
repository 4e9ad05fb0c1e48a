"""The package's schema, in which other languages read what a component takes and gives."""

import ast
import inspect
import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TypedDict, cast

from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.util import camel_case

from components._package.public import NAME, PUBLIC

PATH = Path(__file__).parent.parent / "schema.json"
"""The committed schema: `make schema` writes it, and a test compares it."""

FACTS = {
    "displayName": "FastAPI platform",
    "description": "A production AWS platform for FastAPI microservices",
    "license": "Apache-2.0",
    "keywords": ["kind/component", "category/cloud"],
}

Json = dict[str, object]


def documented(schema: str, analyzer: Analyzer) -> str:
    """Return `schema`, as the SDK's analyzer made it, with all that our docstrings say.

    The analyzer takes the indentation of docstrings for text, repeats on the items of a list what
    is said of the list, and does not look for what a base says of an input. It names types as
    Python does: with a suffix that the generators of SDKs add themselves.
    """
    found = cast("Json", json.loads(_without_suffix(schema)))
    resources = cast("Mapping[str, Json]", found["resources"])
    for component in PUBLIC:
        inputs = resources[f"{NAME}:index:{component.__name__}"]["inputProperties"]
        args = cast("type", inspect.get_annotations(component.__init__)["args"])
        for key, text in _inherited(args, analyzer):
            cast("Mapping[str, Json]", inputs)[key].setdefault("description", text)
    types = cast("Mapping[str, Json]", found["types"])
    objects = {f"#/types/{token}" for token, type_ in types.items() if "enum" not in type_}
    _free_entries(found, objects)
    return json.dumps({**cast("Json", _tidy(found)), **FACTS}, indent=2) + "\n"


def _without_suffix(schema: str) -> str:
    """Name types as generators want them, which make `XArgsArgs` of `XArgs`, and in Go fail.

    A name of a type is in a schema as a key or at the end of a reference.
    """
    return re.sub(rf'({NAME}:index:\w+)Args"', r'\1"', schema)


def _free_entries(value: object, objects: Collection[str]) -> None:
    """Let the objects in lists and mappings be outputs: without that, Go's generator forgets types.

    What is in them is as plain as before, and the package refuses such an output as a whole.
    """
    if isinstance(value, list):
        for item in cast("list[object]", value):
            _free_entries(item, objects)
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            if key in ("items", "additionalProperties"):
                entry = cast("Json", item)
                if entry.get("$ref") in objects:
                    entry.pop("plain", None)
            _free_entries(item, objects)


def _inherited(args: type, analyzer: Analyzer) -> Iterator[tuple[str, str]]:
    """Give what the bases of a `TypedDict` say, which it does not remember before Python 3.12."""
    (written,) = ast.parse(inspect.getsource(args)).body
    for name in cast("ast.ClassDef", written).bases:
        base = cast("type", getattr(sys.modules[args.__module__], cast("ast.Name", name).id))
        if base is TypedDict:
            continue
        for key in inspect.get_annotations(base):
            text = analyzer.get_docstring(base, key)
            if text:
                yield camel_case(key), text
        yield from _inherited(base, analyzer)


def _tidy(value: object, *, repeats: bool = False) -> object:
    """Clean descriptions, at any depth.

    :param repeats: leave this object's own description out.
    """
    if isinstance(value, list):
        return [_tidy(item) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    tidied: Json = {}
    for key, item in cast("Json", value).items():
        if item is None:
            continue
        if key != "description" or not isinstance(item, str):
            tidied[key] = _tidy(item, repeats=key in ("items", "additionalProperties"))
        elif not repeats:
            tidied[key] = inspect.cleandoc(item)
    return tidied
