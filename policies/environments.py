"""What differs between environments: a configuration of the pack for each stack that has one.

`config/<stack>.json` is what `--policy-pack-config` takes. A stack without a file gets every policy
mandatory, with the defaults of its settings.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from pulumi_policy import EnforcementLevel, Policy

DIRECTORY = Path(__file__).parent / "config"

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
