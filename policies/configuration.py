"""Checks a configuration of the pack: what `--policy-pack-config` takes, as the engine reads it.

The engine tells a wrong value, and says nothing of a policy or a setting that there is not.
"""

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy

from policies.mistakes import MistakeError, nearest

ALL = "all"
"""Stands for the level of every policy that has none of its own."""

LEVELS = tuple(level.value for level in EnforcementLevel)

Schema = Mapping[str, object]

TYPES: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}


def read_configuration(path: Path, policies: Sequence[Policy]) -> Mapping[str, object]:
    """Return what a file configures, by policy.

    :raises MistakeError: with everything that is wrong with it.
    """
    try:
        content = cast("object", json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise MistakeError(str(path), [f"can't be read: {error.strerror}"]) from None
    except ValueError as error:
        raise MistakeError(str(path), [f"is no JSON: {error}"]) from None
    if not isinstance(content, dict):
        raise MistakeError(str(path), ["must be a mapping of policies to levels or settings"])
    configured = _policies(cast("Mapping[str, object]", content))
    problems = list(configuration_problems(configured, policies))
    if problems:
        raise MistakeError(str(path), problems)
    return configured


def _policies(content: Mapping[str, object]) -> Mapping[str, object]:
    """Return the part of a file that is about policies; the rest is Pulumi's own affair."""
    if content.get("version") == 2 and isinstance(content.get("policies", {}), dict):
        return cast("Mapping[str, object]", content.get("policies", {}))
    return {name: value for name, value in content.items() if name != "environments"}


def configuration_problems(
    configured: Mapping[str, object], policies: Sequence[Policy]
) -> Iterator[str]:
    """Give everything that is wrong with a configuration."""
    known = {policy.name: policy for policy in policies}
    for name, chosen in configured.items():
        policy = known.get(name)
        if policy is None and name != ALL:
            yield f"{name}: there is no such policy; {nearest(name, known)}"
        elif isinstance(chosen, str):
            yield from _level_problems(name, chosen, policy)
        elif isinstance(chosen, dict):
            settings = dict(cast("Mapping[str, object]", chosen))
            if "enforcementLevel" in settings:
                yield from _level_problems(name, settings.pop("enforcementLevel"), policy)
            yield from _setting_problems(name, settings, policy)
        else:
            yield f"{name}: must be a level ({', '.join(LEVELS)}) or a mapping of settings"


def _level_problems(name: str, level: object, policy: Policy | None) -> Iterator[str]:
    if level not in LEVELS:
        yield f"{name}: {level!r} is no level; there are {', '.join(LEVELS)}"
    elif level == EnforcementLevel.REMEDIATE.value and not corrects(policy):
        yield f"{name}: can't remediate, it only tells; use mandatory"


def corrects(policy: Policy | None) -> bool:
    """Tell whether a policy can correct what violates it."""
    return isinstance(policy, ResourceValidationPolicy) and policy.has_remediation()


def _setting_problems(
    name: str, settings: Mapping[str, object], policy: Policy | None
) -> Iterator[str]:
    schemas = policy.config_schema.properties if policy and policy.config_schema else {}
    for key, value in settings.items():
        if key not in schemas:
            yield f"{name}.{key}: there is no such setting; {nearest(key, schemas)}"
        else:
            yield from _value_problems(f"{name}.{key}", value, schemas[key])


def _value_problems(path: str, value: object, schema: Schema) -> Iterator[str]:
    """Give what is wrong by the part of JSON Schema that policies use."""
    kind = cast("str | None", schema.get("type"))
    if kind and (
        not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")
    ):
        yield f"{path}: must be of type {kind}, and is {json.dumps(value)}"
        return
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, int | float) and isinstance(low, int | float) and value < low:
        yield f"{path}: must be at least {low}, and is {value}"
    if isinstance(value, int | float) and isinstance(high, int | float) and value > high:
        yield f"{path}: must be at most {high}, and is {value}"
    allowed = cast("Sequence[object] | None", schema.get("enum"))
    if allowed is not None and value not in allowed:
        yield f"{path}: must be one of {json.dumps(allowed)}, and is {json.dumps(value)}"
    if isinstance(value, str):
        yield from _text_problems(path, value, schema)
    elif isinstance(value, list):
        yield from _list_problems(path, cast("Sequence[object]", value), schema)
    elif isinstance(value, dict):
        yield from _object_problems(path, cast("Mapping[str, object]", value), schema)


def _text_problems(path: str, value: str, schema: Schema) -> Iterator[str]:
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not re.search(pattern, value):
        yield f"{path}: {value!r} must match {pattern}"
    elif schema.get("format") == "cidr":
        yield from _network_problems(path, value)
    if len(value) < cast("int", schema.get("minLength", 0)):
        yield f"{path}: is too short"


def _network_problems(path: str, value: str) -> Iterator[str]:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        yield f"{path}: {error}; a network is needed, such as 10.0.0.0/8"


def _list_problems(path: str, value: Sequence[object], schema: Schema) -> Iterator[str]:
    least = cast("int", schema.get("minItems", 0))
    if len(value) < least:
        yield f"{path}: must have at least {least} items, and has {len(value)}"
    each = cast("Schema", schema.get("items", {}))
    for index, item in enumerate(value):
        yield from _value_problems(f"{path}[{index}]", item, each)


def _object_problems(path: str, value: Mapping[str, object], schema: Schema) -> Iterator[str]:
    properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
    others = schema.get("additionalProperties", {})
    for key in cast("Sequence[str]", schema.get("required", ())):
        if key not in value:
            yield f"{path}.{key}: is required"
    for key, item in value.items():
        if key in properties:
            yield from _value_problems(f"{path}.{key}", item, properties[key])
        elif others is False:
            yield f"{path}.{key}: there is no such key; {nearest(key, properties)}"
        elif isinstance(others, dict):
            yield from _value_problems(f"{path}.{key}", item, cast("Schema", others))
