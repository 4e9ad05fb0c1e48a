"""Writes a stack's Kubernetes objects down as manifests, which scanners read."""

from collections.abc import Iterator, Sequence
from typing import cast

from simulator.cloud.model import Json
from simulator.state import masked

KUBERNETES = "kubernetes:"
CHART = "kubernetes:helm.sh/"
"""What a chart makes is in the chart, not in the stack."""


def manifests(resources: Sequence[Json]) -> Iterator[dict[str, object]]:
    """Give the manifest of each Kubernetes object of a state; secrets are masked."""
    for resource in resources:
        type_ = cast("str", resource["type"])
        if not resource.get("custom") or not type_.startswith(KUBERNETES):
            continue
        if not type_.startswith(CHART):
            inputs = cast("Json", masked(resource.get("inputs") or {}))
            yield {**_kind(type_), **inputs}


def _kind(type_: str) -> dict[str, object]:
    """Return version and kind by the type, `kubernetes:apps/v1:Deployment`."""
    _, version, kind = type_.split(":")
    return {"apiVersion": version.removeprefix("core/"), "kind": kind}
