"""Reads the resources of a stack from a file, for a check without an engine.

What a file does not tell (secrets, values known after the deployment only) is unknown to a policy,
exactly as in a preview: it is told as undecided, and never passes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from google.protobuf import json_format, struct_pb2
from pulumi_policy.deserialize import (
    SPECIAL_ARCHIVE_SIG,
    SPECIAL_ASSET_SIG,
    SPECIAL_SECRET_SIG,
    SPECIAL_SIG_KEY,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.mistakes import MistakeError

Json = Mapping[str, object]

MASKED = ("[secret]", "[unknown]")
"""What `pulumi preview --json` and `make resources` write for what they don't show."""

GONE = ("delete", "delete-replaced", "discard", "discard-replaced", "read", "read-discard")
"""Steps of a preview that leave nothing of the stack's own."""

ALLOWED = (
    "the output of `pulumi stack export`, `pulumi preview --json` or `make -s resources` is needed"
)


@dataclass(frozen=True)
class Resource:
    """One resource of a file."""

    urn: str
    type: str
    inputs: struct_pb2.Struct
    provider: str = ""
    """URN, or empty if it has none or the file does not say."""
    protect: bool = False
    parent: str = ""
    dependencies: Sequence[str] = ()
    property_dependencies: Mapping[str, Sequence[str]] = field(
        default_factory=dict[str, Sequence[str]]
    )

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.split("::", 3)[-1]


def read_resources(source: str, text: str) -> list[Resource]:
    """Return the resources that a stack has, or will have.

    :param source: where the text is from, for errors.
    :raises MistakeError: when it is not what Pulumi writes.
    """
    try:
        content = cast("object", json.loads(text))
    except (ValueError, RecursionError):
        raise MistakeError(source, [f"is no JSON; {ALLOWED}"]) from None
    states = _states(content)
    if states is None:
        raise MistakeError(source, [f"is no state of a stack; {ALLOWED}"])
    found: list[Resource] = []
    for index, state in enumerate(states):
        if not isinstance(state, dict):
            raise MistakeError(source, [f"resource {index}: must be a mapping"])
        resource = cast("Json", state)
        if resource.get("delete") or resource.get("external"):
            continue  # on its way out, or read from elsewhere
        if not _is_text(resource, "urn") or not _is_text(resource, "type"):
            raise MistakeError(source, [f"resource {index}: has no urn or no type; {ALLOWED}"])
        found.append(_resource(resource))
    return found


def _states(content: object) -> Sequence[object] | None:
    """Find the resources in any form in which Pulumi writes them."""
    if isinstance(content, list):
        return cast("Sequence[object]", content)
    holder = _mapping(content)
    if isinstance(holder.get("steps"), list):
        return list(_planned(cast("Sequence[object]", holder["steps"])))
    latest = _mapping(_mapping(holder.get("checkpoint")).get("latest"))
    for state in (_mapping(holder.get("deployment")), latest, holder):
        # A stack without any resources has none, or null.
        if "resources" in state or "manifest" in state:
            listed = state.get("resources")
            if listed is None:
                return ()
            return cast("Sequence[object]", listed) if isinstance(listed, list) else None
    return None


def _planned(steps: Sequence[object]) -> Iterator[object]:
    for step in steps:
        state = _mapping(step).get("newState")
        if state is not None and _mapping(step).get("op") not in GONE:
            yield state


def _resource(state: Json) -> Resource:
    reference = str(state.get("provider") or "")
    inputs = {key: _sent(value) for key, value in _mapping(state.get("inputs")).items()}
    return Resource(
        urn=str(state["urn"]),
        type=str(state["type"]),
        inputs=json_format.ParseDict(inputs, struct_pb2.Struct()),
        provider=reference.rpartition("::")[0],  # behind it is the provider's id
        protect=bool(state.get("protect")),
        parent=str(state.get("parent") or ""),
        dependencies=_texts(state.get("dependencies")),
        property_dependencies={
            key: _texts(urns) for key, urns in _mapping(state.get("propertyDependencies")).items()
        },
    )


def _sent(value: object) -> object:
    """Return a value as the engine would send it to a policy."""
    if isinstance(value, list):
        return [_sent(item) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return UNKNOWN_STRING_VALUE if value in MASKED else value
    mapping = cast("Json", value)
    match mapping.get(SPECIAL_SIG_KEY):
        case None:
            return {key: _sent(item) for key, item in mapping.items()}
        case sig if sig == SPECIAL_SECRET_SIG:
            return _secret(mapping)
        case sig if sig in (SPECIAL_ASSET_SIG, SPECIAL_ARCHIVE_SIG):
            whole = any(key in mapping for key in ("text", "path", "uri", "assets"))
            return mapping if whole else UNKNOWN_STRING_VALUE
        case _:
            return UNKNOWN_STRING_VALUE


def _secret(mapping: Json) -> object:
    """Return what `--show-secrets` shows; what is encrypted is unknown."""
    plain = mapping.get("plaintext")
    try:
        return _sent(cast("object", json.loads(plain))) if isinstance(plain, str) else _UNKNOWN
    except ValueError:
        return _UNKNOWN


_UNKNOWN = UNKNOWN_STRING_VALUE


def _is_text(mapping: Json, key: str) -> bool:
    return isinstance(mapping.get(key), str) and bool(mapping[key])


def _mapping(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [str(item) for item in cast("list[object]", value)] if isinstance(value, list) else []
