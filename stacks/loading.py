"""Checks the configuration of a stack: from its file, or from the running program."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import cast

import pulumi
from pulumi.runtime import config as runtime_config
from pydantic import ValidationError

from components._base.errors import InvalidInput, Problem, nearest
from components._base.spec import describe
from stacks.files import DIRECTORY, read_stack, read_stack_file, stack_names, stack_path
from stacks.secrecy import hide_value, scrub
from stacks.settings import Settings
from stacks.together import problems_together

__all__ = [
    "DIRECTORY",
    "current_settings",
    "load_settings",
    "load_stack",
    "read_stack_file",
    "stack_names",
    "stack_path",
]

NAMESPACE = "platform"
REGION = "aws:region"

NAMESPACES = (NAMESPACE, "aws", "kubernetes", "pulumi", "random")
"""Ours, Pulumi's own, and those of the providers in use."""


def load_stack(stack: str, directory: Path = DIRECTORY) -> Settings:
    """Read and check one stack file.

    :raises InvalidInput: with every problem, each with its line.
    """
    file = read_stack(stack_path(stack, directory))
    problems = file.problems()
    try:
        settings = load_settings(file.config, file.path.name)
    except InvalidInput as error:
        problems += [file.placed(problem) for problem in error.problems]
        raise InvalidInput(f"stack '{stack}'", problems) from None
    if problems:
        raise InvalidInput(f"stack '{stack}'", problems)
    return settings


def current_settings() -> Settings:
    """Return the settings of the running program, from Pulumi's configuration.

    :raises InvalidInput: with every problem.
    """
    given = cast("Mapping[str, object]", runtime_config.CONFIG.get())
    decrypted = [key for key in given if runtime_config.is_config_secret(key)]
    config = {key: _decoded(value) for key, value in given.items()}
    return load_settings(config, f"stack '{pulumi.get_stack()}'", decrypted)


def load_settings(
    config: Mapping[str, object], source: str, decrypted: Collection[str] = ()
) -> Settings:
    """Check configuration: full keys (`platform:network`) to values.

    :param source: who is speaking in the error, e.g. the file's name.
    :param decrypted: the keys that hold secrets, decrypted by Pulumi. Their values are not shown.
    :raises InvalidInput: with every problem at once.
    """
    scrubbed = scrub(config, decrypted)
    problems = [*_unknown_keys(config), *scrubbed.problems()]
    own = {
        name: scrubbed.config[key]
        for name, key in _keys_of_settings().items()
        if key in scrubbed.config
    }
    settings = None
    try:
        settings = Settings.model_validate(own, by_alias=True, by_name=False)
    except ValidationError as error:
        for found in describe(error, Settings, by_alias=True):
            problem = scrubbed.about(_qualified(found))
            secret = problem and any(problem.path.startswith(key) for key in decrypted)
            if problem:
                problems.append(hide_value(problem) if secret else problem)
    if settings:
        problems += map(_qualified, problems_together(settings))
    if problems or not settings:
        raise InvalidInput(source, problems)
    return settings


def _keys_of_settings() -> dict[str, str]:
    """Return the full key of every top-level setting."""
    names = [field.alias or name for name, field in Settings.model_fields.items()]
    return {name: REGION if name == "region" else f"{NAMESPACE}:{name}" for name in names}


def _qualified(problem: Problem) -> Problem:
    if problem.path == "region":
        return Problem(REGION, problem.reason)
    return Problem(f"{NAMESPACE}:{problem.path}", problem.reason)


def _unknown_keys(config: Mapping[str, object]) -> Iterator[Problem]:
    full = _keys_of_settings()
    ours = [name for name, key in full.items() if key != REGION]
    for key in map(str, config):
        namespace, colon, name = key.partition(":")
        if not colon:
            hint = f"did you mean '{full[key]}'?" if key in full else "write e.g. 'platform:tags'"
            yield Problem(key, f"has no namespace; {hint}")
        elif namespace not in NAMESPACES:
            hint = nearest(namespace, NAMESPACES)
            yield Problem(key, f"unknown namespace '{namespace}'; {hint}")
        elif namespace == NAMESPACE and name == "region":
            yield Problem(key, f"unknown key; did you mean '{REGION}'?")
        elif namespace == NAMESPACE and name not in ours:
            yield Problem(key, f"unknown key; {nearest(name, ours, prefix=f'{NAMESPACE}:')}")


def _decoded(value: object) -> object:
    """Undo how Pulumi hands structured configuration to programs: as JSON text."""
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        return cast("object", json.loads(value))
    except ValueError:
        return value
