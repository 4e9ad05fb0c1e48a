"""What the Pulumi SDKs say of a resource type: its inputs, which are required, its outputs.

The SDK packages are generated from the providers' schemas, so their annotations are the schema.
"""

import functools
import importlib
import inspect
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Union, cast, get_args, get_origin

import pulumi
from pulumi import _types as sdk_types  # pyright: ignore[reportPrivateUsage] - no public reader

from components._base.errors import Problem, nearest
from simulator.cloud.model import Json
from simulator.cloud.values import is_unknown

KUBERNETES_META = frozenset({"apiVersion", "kind"})
"""Set by the Kubernetes SDK itself."""

_READING = threading.RLock()
"""The SDK's modules load when they are first looked into, which two threads may not do at once."""


@dataclass(frozen=True)
class ResourceSchema:
    """The declared properties of one resource type, by camelCase name."""

    inputs: Mapping[str, object]
    required: frozenset[str]
    outputs: Mapping[str, object]


@functools.cache
def resource_schema(token: str) -> ResourceSchema | None:
    """Return the schema of `token`, or None when the SDK knows no such type.

    Custom Kubernetes resources have none: any kind may be installed on a cluster.
    """
    with _READING:
        return _read_schema(token)


def _read_schema(token: str) -> ResourceSchema | None:
    resource = _resource_class(token)
    if resource is None:
        return None
    module = importlib.import_module(resource.__module__)
    names = (f"{resource.__name__}InitArgs", f"{resource.__name__}Args")
    args = next((getattr(module, n) for n in names if hasattr(module, n)), None)
    outputs = cast("Mapping[str, object]", sdk_types.resource_types(resource))
    if args is None:
        return ResourceSchema({}, frozenset(), outputs)
    inputs, required = _object_schema(args)
    return ResourceSchema(inputs, required, outputs)


def input_problems(token: str, inputs: Json) -> list[Problem]:
    """Return what the SDK's schema says is wrong with `inputs`: unknown, missing, wrong type."""
    with _READING:
        schema = resource_schema(token)
        if schema is None:
            return []
        return list(_check_object(inputs, schema.inputs, schema.required, ""))


def provider_inputs(package: str) -> Mapping[str, object]:
    """Return what the provider of a package takes, by camelCase name."""
    with _READING:
        provider = importlib.import_module(f"pulumi_{package}.provider")
        return _object_schema(provider.ProviderArgs)[0]


def _resource_class(token: str) -> type | None:
    package, module, name = token.split(":")
    group = module.split("/")[0]
    if package == "kubernetes":
        parts = [group.split(".")[0], *module.split("/")[1:]]
    else:
        parts = [] if group == "index" else ["lambda_" if group == "lambda" else group]
    path = ".".join([f"pulumi_{package}", *parts])
    try:
        found = getattr(importlib.import_module(path), name, None)
    except ImportError:
        return None
    return found if inspect.isclass(found) and issubclass(found, pulumi.Resource) else None


@functools.cache
def _object_schema(args: type) -> tuple[Mapping[str, object], frozenset[str]]:
    types = cast("Mapping[str, object]", sdk_types.input_type_types(args))
    names = cast("Mapping[str, str]", sdk_types.input_type_py_to_pulumi_names(args))
    parameters = inspect.signature(args).parameters.values()
    required = {names[p.name] for p in parameters if p.default is p.empty and p.name in names}
    return types, frozenset(required)


def _check_object(
    value: Json, types: Mapping[str, object], required: frozenset[str], path: str
) -> Iterator[Problem]:
    for key in sorted(required - value.keys() - KUBERNETES_META):
        yield Problem(_join(path, key), "is required")
    for key, item in value.items():
        if key.startswith("__") or item is None:
            continue
        if key not in types:
            if key not in KUBERNETES_META:
                yield Problem(_join(path, key), f"is not a property; {nearest(key, types)}")
            continue
        yield from _check(item, types[key], _join(path, key))


def _check(value: object, expected: object, path: str) -> Iterator[Problem]:
    if value is None or is_unknown(value):
        return
    branches = _branches(expected)
    if not branches:
        return
    failures: list[list[Problem]] = []
    for branch in branches:
        problems = list(_check_one(value, branch, path))
        if not problems:
            return
        failures.append(problems)
    yield from max(failures, key=lambda f: max(len(p.path) for p in f))


@functools.cache
def _branches(expected: object) -> list[object]:
    """Return the plain types inside `Input[T]`, without awaitables and outputs."""
    if get_origin(expected) is not Union:
        return [] if expected is object else [expected]
    branches: list[object] = []
    for branch in get_args(expected):
        text = getattr(branch, "__forward_arg__", None) or str(branch)
        if re.search(r"Awaitable|Output\[|NoneType", text):
            continue
        branches.extend(_branches(branch))
    return branches


def _check_one(value: object, expected: object, path: str) -> Iterator[Problem]:
    origin = get_origin(expected)
    if origin is Literal:  # the kind and version of Kubernetes objects
        allowed = get_args(expected)
        if value not in allowed:
            yield _wrong(path, value, f"one of {', '.join(map(str, allowed))}")
    elif origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            yield _wrong(path, value, "a mapping")
            return
        for key, item in cast("Json", value).items():
            yield from _check(item, get_args(expected)[1], _join(path, key))
    elif origin is not None and issubclass(origin, Sequence):
        if not isinstance(value, list):
            yield _wrong(path, value, "a list")
            return
        for index, item in enumerate(cast("list[object]", value)):
            yield from _check(item, get_args(expected)[0], f"{path}[{index}]")
    elif inspect.isclass(expected):
        yield from _check_class(value, expected, path)


def _check_class(value: object, expected: type[object], path: str) -> Iterator[Problem]:
    if issubclass(expected, Enum):
        allowed = [str(member.value) for member in expected]
        if str(value) not in allowed:
            yield _wrong(path, value, f"one of {', '.join(allowed)}")
    elif expected in _SCALARS:
        wanted, fits = _SCALARS[expected]
        if not fits(value):
            yield _wrong(path, value, wanted)
    elif sdk_types.is_input_type(expected):
        if not isinstance(value, Mapping):
            yield _wrong(path, value, "a mapping")
            return
        types, required = _object_schema(expected)
        yield from _check_object(cast("Json", value), types, required, path)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_SCALARS: Mapping[type, tuple[str, Callable[[object], bool]]] = {
    bool: ("true or false", lambda v: isinstance(v, bool)),
    float: ("a number", _is_number),
    int: ("a whole number", lambda v: isinstance(v, int | float) and _is_number(v) and v == int(v)),
    str: ("a string", lambda v: isinstance(v, str)),
}


def _wrong(path: str, value: object, expected: str) -> Problem:
    given = "a number" if _is_number(value) else "another type"
    for kind, name in _KINDS.items():
        if isinstance(value, kind):
            given = name
    if isinstance(value, str) and expected.startswith("one of"):
        given = repr(value)
    return Problem(path, f"is {given}, must be {expected}")


_KINDS: Mapping[type, str] = {
    bool: "a boolean",
    str: "a string",
    list: "a list",
    Mapping: "a mapping",
}


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
