"""What the policies demand of a stack's resources, heard from them, and how to meet it no more.

Most mutations follow from this: a policy that asks for a property has to miss it, whichever table
the demand is from. What no table describes is in `tests/policies/claims.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unittest.mock import patch

from pulumi_policy import Policy

from policies import needs
from policies.needs import Need
from policies.subject import Subject
from tests.harness import Registration
from tests.policies.mutated import GONE, Mutation, Place, Stack, found, places

BAD: tuple[object, ...] = (
    *(False, True, 0, 1, 9_999_999, "NONE", "public-read", "example.com/it:latest", ""),
    *([], ["one"], [{"any": "thing"}], {"encrypted": False}, {"path": "/"}),
)
"""Values of which each demand refuses some; which one it gets is of the kind that is there."""


@dataclass(frozen=True)
class Demand:
    """What a policy asked of a resource."""

    policy: str
    urn: str
    need: Need


def asked(stack: Stack, policies: Sequence[Policy]) -> list[Demand]:
    """Return all that policies with tables of needs ask of a stack's resources."""
    urns = {(r.type, r.name): r.urn for r in stack.resources}
    heard: list[Demand] = []
    ways: list[Need] = []
    """Needs that are being looked at: those after the first are other ways to comply."""
    original = needs._findings  # pyright: ignore[reportPrivateUsage]

    def listening(policy: Policy) -> Callable[[Subject, Need], Sequence[object]]:
        def listen(subject: Subject, need: Need) -> Sequence[object]:
            if not ways:
                heard.append(Demand(policy.name, urns[subject.type, subject.name], need))
            ways.append(need)
            try:
                return original(subject, need)
            finally:
                ways.pop()

        return listen

    for policy in policies:
        with patch.object(needs, "_findings", listening(policy)):
            stack.violations(policy)
    return heard


def unmet(demand: Demand, resource: Registration) -> Iterator[Mutation]:
    """Give the mutations after which a demand is met in no way: taken away, and another value."""
    for place in places(resource.inputs, demand.need.path):
        if place == ():
            continue
        present = found(resource.inputs, place)
        for value in _refused(demand.need, present):
            others = list(_other_ways(demand.need.unless, resource, place))
            if all(bad is not None for _, bad in others):
                yield Mutation(demand.policy, resource, ((place, value), *others))


def _refused(need: Need, present: object) -> Iterator[object]:
    if present is not None and need.accepts(need.default):
        yield GONE
    for value in BAD:
        if need.accepts(value) and (present is None or _alike(value, present)):
            yield value
            return


def _alike(value: object, present: object) -> bool:
    numbers = (int, float)
    if isinstance(value, bool) or isinstance(present, bool):
        return isinstance(value, bool) and (isinstance(present, bool) or present in ("true", ""))
    if isinstance(value, numbers):
        return isinstance(present, numbers)
    return type(value) is type(present)


def _other_ways(
    need: Need | None, resource: Registration, main: Place
) -> Iterator[tuple[Place, object]]:
    """Give what closes each other way to comply; None for one that can't be closed."""
    if need is None:
        return
    for place in places(resource.inputs, need.path):
        if place != main:
            present = found(resource.inputs, place)
            if present is not None or not need.accepts(need.default):
                yield place, next(_refused(need, present), None)
    yield from _other_ways(need.unless, resource, main)
