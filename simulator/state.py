"""Reads a deployment as the engine stores it, without showing its secrets."""

import json
from collections.abc import Mapping
from typing import TypeGuard, cast

from simulator.cloud.model import Json

SECRET = "[secret]"  # noqa: S105 - the mask, not a secret
_MARK = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105
"""How the engine marks a value that is no plain one, and a secret among these, which may also be
archives and references: pulumi/sdk, `resource.SigKey` and `resource.SecretSig`."""

_STACK = "pulumi:pulumi:Stack"


def is_secret(value: object) -> TypeGuard[Json]:
    """Tell whether a value of a state is a secret, encrypted or not."""
    return isinstance(value, Mapping) and cast("Json", value).get(_MARK) == _SECRET


def revealed(value: object) -> object:
    """Return a value of a state that was exported with its secrets in plain text, without marks."""
    if is_secret(value):
        return json.loads(str(value["plaintext"]))
    if isinstance(value, Mapping):
        return {key: revealed(item) for key, item in cast("Json", value).items()}
    if isinstance(value, list):
        return [revealed(item) for item in cast("list[object]", value)]
    return value


def masked(value: object) -> object:
    """Replace each secret of a state by a mark."""
    if is_secret(value):
        return SECRET
    if isinstance(value, Mapping):
        return {key: masked(item) for key, item in cast("Json", value).items()}
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
