"""What goes with what: resources that another one must name, by an id that may not be known yet."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, some
from policies.rule import Verdict, Violation
from policies.subject import Subject


@dataclass(frozen=True)
class Reference:
    """What a property says of another resource."""

    value: object
    """Its id, its ARN or whatever it is named by."""
    urns: Collection[str] = ()
    """Of the resources that the value is made of: none where nobody says so."""


def reference(subject: Subject, path: str) -> Reference:
    """Return what stands at a path."""
    return Reference(subject.get(path), subject.refers.get(path.partition(".")[0], ()))


def unnamed(
    owners: Sequence[Subject],
    ids: Sequence[str],
    references: Iterable[Reference],
    violation: Violation,
) -> Iterator[tuple[Subject, Verdict]]:
    """Give the verdicts on owners that no reference names.

    Inputs don't have the id that AWS gives; of what a reference is made tells then. A file may not
    tell that either: there must be as many other references as there are such owners.

    :param ids: properties that identify an owner, in the order in which they are tried.
    """
    given = list(references)
    untold = not any(each.urns for each in given)
    loose = {each.value for each in given if isinstance(each.value, str)}
    nameless: list[Subject] = []
    for owner in owners:
        own = {value for value in map(owner.get, ids) if isinstance(value, str)}
        loose -= own
        named = some(_names(each, owner, own) for each in given)
        if named is False and untold and not own:
            nameless.append(owner)
        elif named is not True:
            yield owner, named or violation
    if len(loose) < len(nameless):
        yield from ((owner, violation) for owner in nameless)


def _names(reference: Reference, owner: Subject, own: Collection[str]) -> Answer:
    if owner.urn in reference.urns or reference.value in own:
        return True
    if isinstance(reference.value, UnknownValueError) and not reference.urns:
        return reference.value
    return False
