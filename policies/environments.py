"""What differs between environments: a configuration of the pack for each stack that has one.

`config/<stack>.json` is what `--policy-pack-config` takes. A stack without a file gets every policy
mandatory, with the defaults of its settings.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import yaml
from pulumi_policy import EnforcementLevel, Policy

from policies import exemptions
from policies.mistakes import MistakeError

DIRECTORY = Path(__file__).parent / "config"

STACK_FILES = Path(__file__).parent.parent / "stacks"
"""Where this project has its stack files; another that uses the pack has its own."""

Configuration = Mapping[str, object]
"""By policy: a level, or settings with or without `enforcementLevel`."""


def stacks() -> tuple[str, ...]:
    """Return the stacks that have a configuration."""
    return tuple(sorted(path.stem for path in DIRECTORY.glob("*.json")))


def config_file(stack: str) -> Path | None:
    """Return the file for `--policy-pack-config`, or None if the stack has none."""
    path = DIRECTORY / f"{stack}.json"
    return path if path.is_file() else None


def configuration(stack: str) -> Configuration:
    """Return what a stack configures, nothing if it has no file."""
    path = config_file(stack)
    return cast("Configuration", json.loads(path.read_text(encoding="utf-8"))) if path else {}


def level(policy: Policy, configured: Configuration) -> EnforcementLevel:
    """Return what a violation of `policy` is worth: a configured level is stronger than its own."""
    chosen = configured.get(policy.name, configured.get("all"))
    if isinstance(chosen, Mapping):
        chosen = cast("Mapping[str, object]", chosen).get("enforcementLevel")
    if chosen is not None:
        return EnforcementLevel(chosen)
    return policy.enforcement_level or EnforcementLevel.MANDATORY


def stack_file(stack: str) -> Path | None:
    """Return the stack file of this project, or None if there is none."""
    path = STACK_FILES / f"Pulumi.{stack}.yaml"
    return path if path.is_file() else None


def exempted(configured: Configuration, entries: Sequence[Mapping[str, str]]) -> Configuration:
    """Return a configuration with exemptions, beside those that it may have itself."""
    if not entries:
        return configured
    chosen = configured.get(exemptions.NAME, {})
    settings = dict(_mapping(chosen))
    if isinstance(chosen, str):
        settings["enforcementLevel"] = chosen
    before = cast("Sequence[object]", settings.get(exemptions.SETTING, ()))
    settings[exemptions.SETTING] = [*before, *map(dict, entries)]
    return {**configured, exemptions.NAME: settings}


def stack_exemptions(path: Path) -> list[Mapping[str, str]]:
    """Return the exemptions in a stack file, `<project>:exemptions` of its configuration.

    :raises MistakeError: when it can't be read, or they are no list of mappings.
    """
    try:
        content = cast("object", yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise MistakeError(str(path), [f"can't be read: {error.strerror}"]) from None
    except (ValueError, yaml.YAMLError):
        raise MistakeError(str(path), ["is no YAML"]) from None
    found: list[Mapping[str, str]] = []
    for key, value in _mapping(_mapping(content).get("config")).items():
        if str(key).rpartition(":")[2] != "exemptions":
            continue
        if not isinstance(value, list) or not all(
            isinstance(each, dict) for each in cast("list[object]", value)
        ):
            raise MistakeError(str(path), [f"{key}: must be a list of mappings"])
        # An unquoted date is one to YAML, and text to everything else here.
        found += [
            {name: str(text) for name, text in each.items()}
            for each in cast("list[Mapping[str, object]]", value)
        ]
    return found


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
