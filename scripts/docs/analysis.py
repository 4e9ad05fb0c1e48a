"""What the components take and give: the package's schema, by Python's packages and names."""

import ast
import importlib
import inspect
import json
import re
import textwrap
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from components._package.provider import PackageProvider
from components._package.public import NAME, PUBLIC

Json = Mapping[str, object]

REFERENCE = f"#/types/{NAME}:index:"


@dataclass(frozen=True)
class Package:
    """A package in components/ that has public components."""

    name: str
    """E.g. `network`."""
    doc: str
    components: Sequence[str]
    """Their names, e.g. `Network`."""
    helpers: Sequence[types.FunctionType]
    """Its public functions, but for plans: these are the components' own."""


class Analysis:
    """All packages, and the parts of the schema by their names."""

    def __init__(self) -> None:
        schema = cast("Mapping[str, Mapping[str, Json]]", json.loads(PackageProvider().documented))
        self.components = {_last(token): part for token, part in schema["resources"].items()}
        self._types = {_last(token): part for token, part in schema["types"].items()}
        self.types = {self.python_type(name): part for name, part in self._types.items()}
        self.packages = list(_packages())

    def python_type(self, name: str) -> str:
        """Return how Python calls a type of the schema: choices alike, others with `Args`."""
        return f"{name}Args" if "properties" in self._types.get(name, {}) else name

    def types_of(self, component: str) -> Mapping[str, Json]:
        """Return the types that a component's inputs and outputs name, directly or not."""
        part = self.components[component]
        waiting = [*properties(part, "inputProperties").values(), *properties(part).values()]
        found: dict[str, Json] = {}
        while waiting:
            name = self.python_type(type_name(waiting.pop()))
            if name and name not in found:
                found[name] = self.types[name]
                waiting += properties(found[name]).values()
        return found


def properties(part: Json, key: str = "properties") -> Mapping[str, Json]:
    """Return the properties of a component or a type; a closed choice has none."""
    return cast("Mapping[str, Json]", part.get(key, {}))


def python_name(key: str) -> str:
    """Return how Python spells a key of the schema: `zone_count` for `zoneCount`."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", key)


def inner(property_: Json) -> Json | None:
    """Return what a list or a mapping consists of."""
    found = property_.get("items") or property_.get("additionalProperties")
    return cast("Json | None", found)


def type_name(property_: Json) -> str:
    """Return the name of the package's own type that a property is, or consists of, or nothing."""
    within = inner(property_)
    if within:
        return type_name(within)
    reference = str(property_.get("$ref", ""))
    return reference.removeprefix(REFERENCE) if reference.startswith(REFERENCE) else ""


def signature(function: types.FunctionType) -> str:
    """Return a function's signature as its source has it, without body and docstring."""
    (parsed,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    statement = cast("ast.FunctionDef", parsed)
    arguments, gives = statement.args, statement.returns
    return f"{statement.name}({ast.unparse(arguments)}) -> {ast.unparse(gives) if gives else ''}"


def _last(token: str) -> str:
    return token.rsplit(":", maxsplit=1)[-1]


def _packages() -> Iterator[Package]:
    names: dict[str, list[str]] = {}
    for component in PUBLIC:
        names.setdefault(component.__module__.split(".")[1], []).append(component.__name__)
    for name, components in sorted(names.items()):
        module = importlib.import_module(f"components.{name}")
        yield Package(name, inspect.getdoc(module) or "", components, list(_helpers(module)))


def _helpers(module: types.ModuleType) -> Iterator[types.FunctionType]:
    for name in cast("Sequence[str]", module.__all__):
        value = cast("object", getattr(module, name))
        if isinstance(value, types.FunctionType) and not name.startswith("plan_"):
            yield value
