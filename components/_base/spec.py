"""Validated inputs: the pydantic side of a component's arguments.

A component takes a `TypedDict` (Pulumi's schema analyzer wants one). Its structural inputs
(counts, sizes, modes, CIDRs) are read into a `Spec`, which owns defaults, coercion and checks;
its wiring inputs (ids, ARNs, secrets) may be Pulumi outputs and pass through untouched.
The same `Spec` is the component's section of a stack file, so the two can never disagree.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar, cast, get_args

import pulumi
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from components._base.errors import InvalidInput, Problem, nearest

SpecT = TypeVar("SpecT", bound="Spec")
ArgsT = TypeVar("ArgsT")

PLAIN_ONLY = "must be a plain value, not a Pulumi output: it decides which resources exist"

_NEEDED = {
    "a list is needed": ("list_type", "tuple_type"),
    "a mapping is needed": ("dict_type", "model_attributes_type", "model_type"),
    "a number is needed": ("float_parsing", "float_type"),
    "a whole number is needed": ("int_from_float", "int_parsing", "int_parsing_size", "int_type"),
    "keys must be text": ("invalid_key",),
    "text is needed": ("string_type",),
    "true or false is needed": ("bool_parsing", "bool_type"),
}
PLAIN_WORDS = {kind: words for words, kinds in _NEEDED.items() for kind in kinds}
"""What is allowed, by pydantic's type of error, for people who know neither pydantic nor Python."""


class Spec(BaseModel):
    """Base of all validated inputs: immutable, and an unknown key is an error.

    Keys are camelCase in stack files and snake_case in Python.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        validate_by_alias=True,
        validate_by_name=True,
        validate_default=True,
    )

    def to_args(self, args_type: type[ArgsT], /, **wiring: object) -> ArgsT:
        """Return component arguments: these settings plus `wiring` (outputs of other components).

        A section's own `protect` adds to the stack's, and never takes it away.

        Example: `Network("network", settings.network.to_args(NetworkArgs, tags=tags))`.
        """
        known = set(getattr(args_type, "__annotations__", {}))
        own = {k: v for k, v in self.model_dump(mode="json").items() if k in known}
        if own.get("protect"):
            wiring["protect"] = True
        return cast("ArgsT", {**own, **wiring})


def read_spec(
    spec_type: type[SpecT], args_type: type, args: Mapping[str, object], owner: str
) -> SpecT:
    """Validate the structural part of a component's `args`.

    Keys of `args_type` that `spec_type` does not have are wiring, and are left to the component.

    :param owner: who is speaking in the error, e.g. `Network 'main'`.
    :raises InvalidInput: with every problem at once.
    """
    known = set(args_type.__annotations__)
    problems = [
        Problem(key, f"unknown input; {nearest(key, known)}") for key in args if key not in known
    ]
    structural = {
        key: value
        for key, value in args.items()
        if key in spec_type.model_fields and value is not None
    }
    for key, value in list(structural.items()):
        if isinstance(value, pulumi.Output):
            problems.append(Problem(key, PLAIN_ONLY))
            del structural[key]
    try:
        spec = spec_type.model_validate(structural)
    except ValidationError as error:
        told = {problem.path for problem in problems}
        found = describe(error, spec_type, by_alias=False)
        problems += [problem for problem in found if problem.path not in told]
        raise InvalidInput(owner, problems) from None
    if problems:
        raise InvalidInput(owner, problems)
    return spec


def describe(error: ValidationError, root: type[BaseModel], *, by_alias: bool) -> Iterator[Problem]:
    """Turn pydantic's errors into problems with a path, the value given and what is allowed.

    :param by_alias: name keys as stack files do (camelCase), not as Python does.
    """
    for detail in error.errors(include_url=False):
        yield Problem(_path(detail, root, by_alias=by_alias), _reason(detail, root, by_alias))


def _path(detail: ErrorDetails, root: type[BaseModel], *, by_alias: bool) -> str:
    path = ""
    model: type[BaseModel] | None = root
    unknown = detail["loc"][-1] if detail["type"] == "extra_forbidden" else None
    for part in detail["loc"]:
        if isinstance(part, int):
            path += f"[{part}]"
            continue
        own_name = part in ("function-after", "function-before") or "[" in part
        if own_name and part is not unknown:
            continue  # pydantic's own names of validators and union branches
        name = part
        field = _field(model, part)
        if model and field and part is not unknown:
            name = (model.model_fields[field].alias or field) if by_alias else field
            model = _model_of(model.model_fields[field].annotation)
        path += f".{name}" if path else name
    return path


def _reason(detail: ErrorDetails, root: type[BaseModel], by_alias: bool) -> str:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known_keys(detail, root, by_alias=by_alias)
        return f"unknown key; {nearest(str(detail['loc'][-1]), known)}"
    if kind == "missing":
        return "is required"
    message = PLAIN_WORDS.get(kind, detail["msg"])
    if kind == "string_type" and isinstance(given, int | float):
        message += "; put it in quotes"
    if kind in ("value_error", "assertion_error"):
        message = str(context.get("error", message))
        if by_alias:
            message = _in_camel_case(message, detail, root)
        if isinstance(given, Mapping | BaseModel | list | tuple):
            return message  # a rule over several values: the message names them
    if kind in ("enum", "literal_error"):
        message = f"allowed: {context.get('expected', '')}"
    message = message.removeprefix("Input should be ").removeprefix("Value error, ")
    return f"{_shown(given)} is not valid: {message}"


def _shown(value: object) -> str:
    """Show a wrong value, but nothing long and never what may be a secret."""
    if isinstance(value, str | int | float | bool) or value is None:
        text = repr(value)
        return text if len(text) <= 60 else f"{text[:57]}..."
    if isinstance(value, list):
        return "a list"
    return "a mapping" if isinstance(value, dict) else type(value).__name__


def _in_camel_case(message: str, detail: ErrorDetails, root: type[BaseModel]) -> str:
    """Spell the fields that a rule names as stack files do."""
    names = {n: f.alias for m in _models(detail["loc"], root) for n, f in m.model_fields.items()}
    return re.sub(r"\b[a-z]+(_[a-z]+)+\b", lambda word: names.get(word[0]) or word[0], message)


def _known_keys(detail: ErrorDetails, root: type[BaseModel], *, by_alias: bool) -> list[str]:
    *_, model = _models(detail["loc"][:-1], root)
    return [(f.alias or n) if by_alias else n for n, f in model.model_fields.items()]


def _models(loc: tuple[int | str, ...], root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Give the models along a path, from the root on."""
    model = root
    yield model
    for part in loc:
        field = _field(model, part) if isinstance(part, str) else None
        below = _model_of(model.model_fields[field].annotation) if field else None
        if below:
            model = below
            yield model


def _field(model: type[BaseModel] | None, part: str) -> str | None:
    """Find the field that pydantic names by `part`, its name or its alias."""
    if model is None:
        return None
    for name, field in model.model_fields.items():
        if part in (name, field.alias):
            return name
    return None


def _model_of(annotation: object) -> type[BaseModel] | None:
    """Find the model inside `Model`, `Model | None`, `tuple[Model, ...]` or `dict[str, Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _model_of(argument)
        if found:
            return found
    return None
