"""What the platform gives its workloads: read from a simulated stack, by the platform's own code.

`tests/given.py` of the repository runs the stack's program; it needs the repository's environment.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import cast

import yaml
from pydantic_settings import BaseSettings

from platform_runtime.settings import sections

PLATFORM = Path(__file__).parents[3]
PYTHON = PLATFORM / ".venv" / "bin" / "python"
STACK = "prod"
"""Whose workloads are started; those of the others are given the same."""

STACKS = ("dev", "local", "prod", "staging")

MISSING = "" if PYTHON.exists() else f"no environment of the platform: run make setup in {PLATFORM}"

Given = Mapping[str, object]
"""Values of variables; those from a secret are `{"secret": PROPERTY}`."""


@cache
def workloads(stack: str) -> Mapping[str, Mapping[str, Given]]:
    """Return `environment` and `command` of each workload of a stack."""
    done = subprocess.run(
        [str(PYTHON), "-m", "tests.given", stack],
        cwd=PLATFORM,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
    )
    return cast("Mapping[str, Mapping[str, Given]]", json.loads(done.stdout))


def environment(stack: str, name: str) -> Given:
    """Return what a workload is given."""
    return workloads(stack)[name]["environment"]


def stack_file(stack: str) -> Mapping[str, object]:
    """Return a stack file's sections, without `platform:`."""
    text = (PLATFORM / "stacks" / f"Pulumi.{stack}.yaml").read_text()
    config = cast("dict[str, dict[str, object]]", yaml.safe_load(text))["config"]
    return {key.removeprefix("platform:"): value for key, value in config.items()}


def filled_in(given: Given, here: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a process is started with: each one that is given, no other.

    :param here: values that must be others on this machine: addresses and secrets.
    :raises KeyError: when there is none for a secret.
    """
    values = {
        name: here[name] if name in here or not isinstance(value, str) else value
        for name, value in given.items()
    }
    # Kubernetes does so with the variables that come before: `k8s.pod.uid=$(POD_UID)`
    for name, value in values.items():
        for other, text in values.items():
            value = value.replace(f"$({other})", text)  # noqa: PLW2901 - step by step
        values[name] = value
    return values


def known(settings: type[BaseSettings]) -> set[str]:
    """Return the variables that a settings class reads."""
    return {
        f"{section}_{field}".upper()
        for section, kind in sections(settings)
        for field in kind.model_fields
    }


def required(settings: type[BaseSettings]) -> set[str]:
    """Return those without which a service does not start; whose tokens it takes is among them."""
    return {
        f"{section}_{field}".upper()
        for section, kind in sections(settings)
        for field, info in kind.model_fields.items()
        if info.is_required()
    }


def operations(service: str) -> Iterable[tuple[str, str, frozenset[str]]]:
    """Give method, path and scopes of each operation of a service's document."""
    path = PLATFORM / "examples" / "services" / "openapi" / f"{service}.json"
    document = cast("dict[str, dict[str, dict[str, object]]]", json.loads(path.read_text()))
    for route, methods in document["paths"].items():
        for method, operation in methods.items():
            fields = cast("dict[str, list[dict[str, list[str]]]]", operation)
            asked = fields.get("security", [])
            scopes = {scope for each in asked for names in each.values() for scope in names}
            yield method.upper(), route, frozenset(scopes)
