"""The objects of a stack: as Pulumi's state has them, and as the API server does."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from simulator.state import SECRET, masked
from tests.e2e.api import Api, Json, Resource
from tests.e2e.platform import RELEASE

PROVIDER_TYPE = "pulumi:providers:kubernetes"

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|[kMGT]|[KMGT]i)?")
_UNITS: Mapping[str | None, Decimal] = {
    None: Decimal(1),
    "m": Decimal("0.001"),
    **{unit: Decimal(1000) ** power for power, unit in enumerate("kMGT", 1)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGT", 1)},
}
"""What a quantity may end in."""


@dataclass(frozen=True)
class Managed:
    """One resource of the state that is in the cluster."""

    urn: str
    type: str
    id: str
    inputs: Json
    goes_with_cluster: bool
    """It is left to the cluster's own deletion."""

    @property
    def name(self) -> str:
        """Logical name."""
        return self.urn.rsplit("::", 1)[-1]

    @property
    def kind(self) -> str:
        """The object's kind; `Release` of a Helm release."""
        return self.type.rsplit(":", 1)[-1]

    def resource(self, api: Api) -> Resource:
        """Return what the API server calls this kind."""
        return api.resource(str(self.inputs["apiVersion"]), self.kind)

    def path(self, api: Api) -> str:
        """Return its address."""
        namespace, _, name = self.id.rpartition("/")
        return self.resource(api).path(name, namespace)

    def lost(self, api: Api) -> list[str]:
        """Return the paths of what was asked for and is not there, or otherwise."""
        found = list(lost(self.inputs, self.live(api)))
        if not self.resource(api).namespaced:
            # The provider takes a kind for one with namespaces until it is defined.
            found = [each for each in found if each != ".metadata.namespace: gone"]
        return found

    def live(self, api: Api) -> Json:
        """Return it as the API server has it.

        :raises ApiError: with code 404 when it is not there.
        """
        return api.get(self.path(api))


def managed(state: Mapping[str, object]) -> list[Managed]:
    """Return what a deployment has in the cluster."""
    return [
        Managed(
            str(each["urn"]),
            str(each["type"]),
            str(each["id"]),
            cast("Json", masked(each.get("inputs") or {})),
            bool(each.get("deletedWith")),
        )
        for each in cast("list[Json]", state.get("resources") or [])
        if str(each["type"]).startswith("kubernetes:")
    ]


def objects(state: Mapping[str, object]) -> list[Managed]:
    """Return the same without Helm releases, which are no objects."""
    return [each for each in managed(state) if each.type != RELEASE]


def releases(state: Mapping[str, object]) -> list[Managed]:
    """Return the Helm releases of a deployment."""
    return [each for each in managed(state) if each.type == RELEASE]


def part(of: Json, *keys: str) -> Json:
    """Return the mapping at a path of keys; an empty one if there is none."""
    for key in keys:
        of = cast("Json", of.get(key) or {})
    return of


def metadata(of: Json) -> Mapping[str, str]:
    """Return an object's metadata, of which only strings are read."""
    return cast("Mapping[str, str]", part(of, "metadata"))


def uid(of: Json) -> str:
    """Return what tells an object from another of the same name."""
    return metadata(of)["uid"]


def conditions(of: Json) -> dict[str, str]:
    """Return the status of each of an object's conditions."""
    rows = cast("list[Mapping[str, str]]", part(of, "status").get("conditions") or [])
    return {row["type"]: row["status"] for row in rows}


def lost(wanted: object, there: object, path: str = "") -> Iterator[str]:
    """Give the paths of what was asked for and is not there, or otherwise.

    An API server drops a custom resource's fields that its definition doesn't have, unsaid.
    """
    if wanted is None or wanted == SECRET:
        return
    if isinstance(wanted, Mapping) and isinstance(there, Mapping):
        found = cast("Json", there)
        for key, value in cast("Json", wanted).items():
            if value is not None and key not in found:
                yield f"{path}.{key}: gone"
            else:
                yield from lost(value, found.get(key), f"{path}.{key}")
    elif isinstance(wanted, list) and isinstance(there, list):
        items, others = cast("list[object]", wanted), cast("list[object]", there)
        if len(items) != len(others):
            yield f"{path}: {len(others)} items, not {len(items)}"
        for index, (value, other) in enumerate(zip(items, others, strict=False)):
            yield from lost(value, other, f"{path}[{index}]")
    elif not _same(cast("object", wanted), there):
        yield f"{path}: {there!r}, not {wanted!r}"


def _same(wanted: object, there: object) -> bool:
    if wanted == there:
        return True
    amounts = _amount(wanted), _amount(there)
    return None not in amounts and amounts[0] == amounts[1]


def _amount(value: object) -> Decimal | None:
    """Return a quantity's value: 0.5 and 500m are the same."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    match = _QUANTITY.fullmatch(str(value))
    return Decimal(match[1]) * _UNITS[match[2]] if match else None
