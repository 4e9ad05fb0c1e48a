"""What the recording mock engine recorded: registrations, answers, calls of functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

import pulumi

T = TypeVar("T")


@dataclass(frozen=True)
class Registration:
    """One resource as the program registered it."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, object]
    parent: "Registration | None"
    custom: bool
    protect: bool
    provider: str
    """URN and id of the explicit provider, or empty."""
    providers: Mapping[str, str]
    aliases: tuple[str, ...]
    """URNs that the engine takes for its own too, those of the SDK included."""
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    delete_before_replace: bool
    deleted_with: str
    depends_on: frozenset[str]
    """URNs of everything it waits for: `depends_on` and the sources of its inputs."""
    property_dependencies: Mapping[str, frozenset[str]]
    additional_secret_outputs: tuple[str, ...]
    retain_on_delete: bool

    @property
    def ancestors(self) -> tuple["Registration", ...]:
        """Its parent, its parent's parent, and so on."""
        return (self.parent, *self.parent.ancestors) if self.parent else ()


@dataclass
class Invocation:
    """One call of a provider function."""

    token: str
    args: Mapping[str, object]
    provider: str


@dataclass
class Recorder(Generic[T]):
    """All that a program registered, and what it returned."""

    resources: list[Registration] = field(default_factory=list[Registration])
    invokes: list[Invocation] = field(default_factory=list[Invocation])
    exports: dict[str, object] = field(default_factory=dict[str, object])
    outputs: dict[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )
    """What the cloud answered, by URN, with the `id`; secrets are not marked."""
    returned: T | None = None
    resolved: dict[int, object] = field(default_factory=dict[int, object])

    @property
    def result(self) -> T:
        """What the program returned."""
        return cast("T", self.returned)

    def all(self, type_: str) -> list[Registration]:
        """Return the resources of one type, in order of their names."""
        return sorted((r for r in self.resources if r.type == type_), key=lambda r: r.name)

    def one(self, type_: str, name: str | None = None) -> Registration:
        """Return the only resource of a type (and name)."""
        found = [r for r in self.all(type_) if name in (None, r.name)]
        names = [r.name for r in self.all(type_)]
        assert len(found) == 1, f"wanted one {type_} {name or ''}, there are {len(found)}: {names}"
        return found[0]

    def none(self, type_: str) -> bool:
        """Tell that a type was never registered; raise when it was, so it may stand alone."""
        assert not self.all(type_), f"unwanted: {[r.name for r in self.all(type_)]}"
        return True

    def named(self, name: str) -> Registration:
        """Return the only resource of this logical name."""
        found = [r for r in self.resources if r.name == name]
        assert len(found) == 1, f"wanted one {name!r}, there are {len(found)}"
        return found[0]

    def by_urn(self, urn: str) -> Registration:
        """Return a resource by its URN."""
        return next(r for r in self.resources if r.urn == urn)

    def comes_after(self, later: Registration, earlier: Registration) -> bool:
        """Tell whether `later` waits for `earlier`, directly or by way of others.

        A destroy takes the opposite order.
        """
        waiting, seen = [later.urn], set[str]()
        while waiting:
            urn = waiting.pop()
            if urn == earlier.urn:
                return True
            if urn not in seen:
                seen.add(urn)
                waiting.extend(self.by_urn(urn).depends_on)
        return False

    def output(self, value: object) -> object:
        """Return what an output that the program returned resolved to.

        Give the very object that is reachable as an attribute of `result` (or of its members).
        """
        if not isinstance(value, pulumi.Output):
            return value
        assert id(cast("object", value)) in self.resolved, (
            "only outputs that are attributes of the built object (or in a returned dict or list) "
            "are resolved"
        )
        return self.resolved[id(cast("object", value))]
