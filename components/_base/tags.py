"""Tags: passed down explicitly, so that policies, tests and every language see them."""

from collections.abc import Mapping

import pulumi

Tags = Mapping[str, pulumi.Input[str]]

BACKUP_TAG = "backup"
"""Its value is the name of the backup plan that includes the resource, e.g. `daily`."""


def named(tags: Tags | None, name: str, **more: str) -> dict[str, pulumi.Input[str]]:
    """Return the tags of one resource: the component's, its own `more`, and `Name`."""
    return {**(tags or {}), **more, "Name": name}
