"""Breaks one thing of a stack at a time, and asks a policy what it thinks of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import cast

from pulumi_policy import (
    Policy,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import unknown_checking_proxy

from policies.environments import Configuration
from tests.harness import Registration
from tests.policies.verdict import Inputs, Step


class Absent(Enum):
    """What a mutation puts where something is taken away."""

    GONE = "gone"


GONE = Absent.GONE

Place = tuple[Step, ...]
Change = Callable[[object], object]
"""From what there is to what shall be there."""


@dataclass(frozen=True)
class Mutation:
    """One thing of one resource that is not as it should be."""

    policy: str
    resource: Registration
    changes: tuple[tuple[Place, object], ...] = ()
    """Values by place. None at all: the whole resource is away."""
    unprotected: bool = False
    """Pulumi may delete the resource."""
    without: tuple[str, ...] = ()
    """Names of resources that are away too."""
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    """Of the policy, beside those of the stack."""

    @property
    def kind(self) -> str:
        """What is done, whichever item of a list it is done to."""
        keys = [".".join(s for s in place if isinstance(s, str)) for place, _ in self.changes]
        values = [value for _, value in self.changes]
        return repr((self.unprotected, keys, [str(value)[:40] for value in values]))

    @property
    def differs(self) -> bool:
        """Tell whether anything is other than before."""
        changes = self.changes
        if not changes:
            return not self.unprotected or self.resource.protect
        return any(found(self.resource.inputs, place) != value for place, value in changes)

    def __str__(self) -> str:
        places = [
            f"{'.'.join(map(str, place))} = {value!r:.60}" for place, value in self.changes
        ] or ["protect = False" if self.unprotected else "gone"]
        return f"{self.policy}: {self.resource.type} '{self.resource.name}': {', '.join(places)}"


def places(holder: object, path: str) -> Iterator[Place]:
    """Give the place of each value at a policy's path, `disks[].encrypted`, there or not."""
    if not path:
        yield ()
        return
    step, _, rest = path.partition(".")
    key = step.removesuffix("[]")
    content = cast("dict[str, object]", holder).get(key) if isinstance(holder, dict) else None
    if key == step:
        yield from ((key, *place) for place in places(content, rest))
    elif isinstance(content, list):
        for index, each in enumerate(cast("list[object]", content)):
            yield from ((key, index, *place) for place in places(each, rest))


def found(inputs: object, place: Place) -> object:
    """Return what stands at a place, None if nothing."""
    for step in place:
        try:
            inputs = cast("dict[Step, object]", inputs)[step]
        except (KeyError, IndexError, TypeError):
            return None
    return inputs


def changed(holder: object, place: Place, value: object) -> object:
    """Return a copy with another value at a place; what is not on the way is shared."""
    if not place:
        return value
    step, rest = place[0], place[1:]
    if isinstance(holder, list):
        listed = cast("list[object]", holder).copy()
        listed[cast("int", step)] = changed(listed[cast("int", step)], rest, value)
        return listed
    mapped = dict(cast("dict[Step, object]", holder)) if isinstance(holder, dict) else {}
    if not rest and value is GONE:
        mapped.pop(step, None)
    else:
        mapped[step] = changed(mapped.get(step), rest, value)
    return mapped


class Stack:
    """What a program registered, as policies see it."""

    def __init__(self, resources: Sequence[Registration], configured: Configuration) -> None:
        self.resources = resources
        self._configured = configured
        self._seen = {r.urn: _seen(r, dict(r.inputs), protected=r.protect) for r in resources}
        for each in resources:
            seen = self._seen[each.urn]
            seen.parent = self._seen.get(each.parent.urn) if each.parent else None
            seen.dependencies = [self._seen[urn] for urn in each.depends_on if urn in self._seen]
            seen.property_dependencies = {
                key: [self._seen[urn] for urn in urns if urn in self._seen]
                for key, urns in each.property_dependencies.items()
            }

    def violations(self, policy: Policy, mutation: Mutation | None = None) -> list[str]:
        """Return what a policy has against the stack, or of a mutation's resource."""
        chosen = self._configured.get(policy.name)
        settings = dict(cast("Inputs", chosen)) if isinstance(chosen, dict) else {}
        settings |= mutation.settings if mutation else {}
        settings.pop("enforcementLevel", None)
        if isinstance(policy, ResourceValidationPolicy):
            looked_at = [self._mutated(mutation)] if mutation else list(self._seen.values())
            return [told for each in looked_at if each for told in _asked(policy, each, settings)]
        seen = dict(self._seen)
        if mutation:
            other = self._mutated(mutation)
            if other is None:
                del seen[mutation.resource.urn]
            else:
                seen[mutation.resource.urn] = other
            seen = {urn: each for urn, each in seen.items() if each.name not in mutation.without}
        told: list[str] = []
        args = StackValidationArgs(list(seen.values()), settings)
        cast("StackValidationPolicy", policy).validate(args, lambda said, _=None: told.append(said))
        return told

    def _mutated(self, mutation: Mutation) -> PolicyResource | None:
        if not mutation.changes and not mutation.unprotected:
            return None
        inputs: object = dict(mutation.resource.inputs)
        for place, value in mutation.changes:
            inputs = changed(inputs, place, value)
        as_it_was = self._seen[mutation.resource.urn]
        protected = mutation.resource.protect and not mutation.unprotected
        other = _seen(mutation.resource, cast("Inputs", inputs), protected=protected)
        other.parent, other.dependencies = as_it_was.parent, as_it_was.dependencies
        other.property_dependencies = as_it_was.property_dependencies
        return other


def _seen(resource: Registration, inputs: Inputs, *, protected: bool) -> PolicyResource:
    options = PolicyResourceOptions(protected, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
    properties = cast("Mapping[str, object]", unknown_checking_proxy(inputs))
    return PolicyResource(
        resource.type, properties, resource.urn, resource.name, options, None, None, [], {}
    )


def _asked(
    policy: ResourceValidationPolicy, resource: PolicyResource, settings: Inputs
) -> list[str]:
    told: list[str] = []
    args = ResourceValidationArgs(
        resource.resource_type,
        resource.props,
        resource.urn,
        resource.name,
        resource.opts,
        None,
        settings,
    )
    policy.validate(args, lambda said, _=None: told.append(said))
    return told
