"""Reads a deployment as the engine stores it, without showing its secrets."""

from collections.abc import Mapping
from typing import cast

from simulator.cloud.model import Json

SECRET = "[secret]"  # noqa: S105 - the mask, not a secret
_SECRET_KEY = "4dabf18193072939515e22adb298388d"  # noqa: S105
"""How the engine marks a secret in a state: pulumi/sdk, `resource.SigKey`."""

_STACK = "pulumi:pulumi:Stack"


def masked(value: object) -> object:
    """Replace each secret of a state by a mark."""
    if isinstance(value, Mapping):
        items = cast("Json", value)
        if _SECRET_KEY in items:
            return SECRET
        return {key: masked(item) for key, item in items.items()}
    if isinstance(value, list):
        return [masked(item) for item in cast("list[object]", value)]
    return value


def stack_outputs(deployment: Mapping[str, object]) -> dict[str, object]:
    """Return what the stack exports, by name, secrets masked."""
    for resource in cast("list[Json]", deployment.get("resources") or []):
        if resource.get("type") == _STACK:
            found = cast("Json", masked(resource.get("outputs") or {}))
            return dict(sorted(found.items()))
    return {}
