"""What is different between two reports: resources, their properties, cost and time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulator.report.model import PROVIDER, STACK, Report, Resource
from simulator.report.references import References
from simulator.report.values import mapping, sequence

_IGNORED = ("tags", "discovery")
"""Inputs that name the environment, and so differ between any two stacks."""


@dataclass(frozen=True)
class Change:
    """One resource that is in both."""

    resource: Resource
    """As it is in the report."""
    properties: tuple[tuple[str, object, object], ...]
    """(path, before, now); None where it is missing."""


@dataclass(frozen=True)
class Comparison:
    """The report against a base."""

    base: Report
    added: tuple[Resource, ...]
    removed: tuple[Resource, ...]
    changed: tuple[Change, ...]

    @property
    def nothing(self) -> bool:
        """Tell whether both have the same resources with the same properties."""
        return not (self.added or self.removed or self.changed)


def compare(report: Report, base: Report) -> Comparison:
    """Compare two reports by the types and names of their resources.

    Ids count as the names of what they belong to, so that only real differences are left.
    """
    now, before = _by_key(report), _by_key(base)
    changed: list[Change] = []
    for key, (resource, inputs) in now.items():
        if key in before:
            found = _properties(before[key][1], inputs)
            if found:
                changed.append(Change(resource, found))
    return Comparison(
        base,
        added=tuple(r for key, (r, _) in now.items() if key not in before),
        removed=tuple(r for key, (r, _) in before.items() if key not in now),
        changed=tuple(changed),
    )


def _by_key(report: Report) -> dict[str, tuple[Resource, Mapping[str, object]]]:
    references = References.of(report)
    found: dict[str, tuple[Resource, Mapping[str, object]]] = {}
    for resource in report.resources:
        if not resource.type.startswith((PROVIDER, STACK)):
            kept = {key: value for key, value in resource.inputs.items() if key not in _IGNORED}
            readable = references.readable(kept)
            found[resource.key] = (resource, dict(_flat(readable, report.stack)))
    return found


def _flat(value: object, stack: str, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield (path, value) of each leaf: `vpcConfig.subnetIds[0]`.

    The project's name for the stack, `fastapi-platform-dev`, becomes one for all.
    """
    if isinstance(value, str):
        yield path, value.replace(f"fastapi-platform-{stack}", "fastapi-platform-${stack}")
    elif items := mapping(value):
        for key, item in items.items():
            yield from _flat(item, stack, f"{path}.{key}" if path else key)
    elif entries := sequence(value):
        for index, item in enumerate(entries):
            yield from _flat(item, stack, f"{path}[{index}]")
    else:
        yield path, value


def _properties(
    before: Mapping[str, object], now: Mapping[str, object]
) -> tuple[tuple[str, object, object], ...]:
    paths = sorted(before.keys() | now.keys())
    pairs = ((path, before.get(path), now.get(path)) for path in paths)
    return tuple(pair for pair in pairs if pair[1] != pair[2])
