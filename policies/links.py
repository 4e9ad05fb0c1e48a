"""What goes with what: resources that another one must name, by an id that may not be known yet."""

from collections.abc import Iterable, Iterator, Sequence

from pulumi_policy.proxy import UnknownValueError

from policies.rule import Verdict, Violation
from policies.subject import Subject


def unnamed(
    owners: Sequence[Subject],
    ids: Sequence[str],
    references: Iterable[object],
    violation: Violation,
) -> Iterator[tuple[Subject, Verdict]]:
    """Give the verdicts on owners that no reference names.

    Inputs don't have the id that AWS gives: where it is not there, there must be as many other
    references as there are such owners.

    :param ids: properties that identify an owner, in the order in which they are tried.
    """
    given = list(references)
    unknown = [each for each in given if isinstance(each, UnknownValueError)]
    known = {each for each in given if isinstance(each, str)}
    nameless: list[Subject] = []
    for owner in owners:
        own = {value for value in map(owner.get, ids) if isinstance(value, str)}
        if not own:
            nameless.append(owner)
        elif own & known:
            known -= own
        elif unknown:
            yield owner, unknown[0]
        else:
            yield owner, violation
    if len(known) + len(unknown) >= len(nameless):
        return
    for owner in nameless:
        yield owner, unknown[0] if unknown else violation
