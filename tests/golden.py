"""Stack files as the repository has them, also where `make new-service` has added to them.

A copy of the repository grows services; tests that spell out what is said of stack files are about
those of the golden path.
"""

import copy
from collections.abc import Mapping
from typing import cast

from stacks.files import DIRECTORY, read_stack_file

SERVICES = ("orders", "catalog", "notifications")

Section = dict[str, dict[str, object]]


def configured(stack: str) -> Mapping[str, object]:
    """Return a stack's configuration as its file has it."""
    return cast(
        "Mapping[str, object]", read_stack_file(DIRECTORY / f"Pulumi.{stack}.yaml")["config"]
    )


def golden(config: Mapping[str, object]) -> Mapping[str, object]:
    """Return a stack's configuration without services that were added, and what they brought."""
    made = cast("dict[str, Section]", copy.deepcopy(dict(config)))
    services = made["platform:services"]
    for name in [name for name in services if name not in SERVICES]:
        for holder in (
            services,
            made["platform:registry"]["repositories"],
            made["platform:identity"]["cognito"]["resourceServers"],
        ):
            cast("dict[str, object]", holder).pop(name, None)
    return made
