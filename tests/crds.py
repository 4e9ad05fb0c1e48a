"""Checks custom resources against the schemas of their definitions, where these are at hand."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

CRDS = Path(__file__).parents[2] / "shared" / "crds"

OBJECT = frozenset({"apiVersion", "kind", "metadata", "status"})
"""Fields of every object."""

needs_crds = pytest.mark.skipif(
    not CRDS.is_dir(), reason=f"the custom resource definitions are not in {CRDS}"
)


def crd_problems(definition: str, resource: Mapping[str, object]) -> list[str]:
    """Return what is wrong with a custom resource: unknown fields too, which Kubernetes drops.

    :param definition: its name, e.g. `certificates.cert-manager.io`.
    :param resource: the resource's inputs, with `apiVersion` and `spec`, or the fields that some
        have in its place.
    """
    version = str(resource["apiVersion"]).rsplit("/", 1)[-1]
    validator = jsonschema.Draft202012Validator(_schema(definition, version))
    body = cast("Any", {key: value for key, value in resource.items() if key not in OBJECT})
    return [
        f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message}"
        for error in validator.iter_errors(body)  # pyright: ignore[reportUnknownMemberType]
    ]


@functools.cache
def _schema(definition: str, version: str) -> dict[str, Any]:
    found = json.loads((CRDS / f"{definition}.json").read_text())
    versions = {each["name"]: each for each in found["spec"]["versions"]}
    schema = versions[version]["schema"]["openAPIV3Schema"]
    fields = {key: value for key, value in schema["properties"].items() if key not in OBJECT}
    required = ["spec"] if set(fields) == {"spec"} else schema.get("required", [])
    return _closed({"type": "object", "properties": fields, "required": required})


def _closed(value: Any) -> Any:
    """Return a schema that refuses unknown fields, but where it says that it keeps them."""
    if isinstance(value, list):
        return [_closed(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, Any]", value)
    shut = {key: _closed(item) for key, item in given.items()}
    if given.get("x-kubernetes-int-or-string"):
        shut.pop("type", None)
    open_ = given.get("x-kubernetes-preserve-unknown-fields")
    if isinstance(given.get("properties"), dict) and "type" in given and not open_:
        shut.setdefault("additionalProperties", False)
    return shut
