"""What is not known yet never passes: whatever can break production, unknown, is undecided."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from tests.policies.mutated import Mutation, Place
from tests.policies.test_mutations import BY_NAME, mutations, production
from tests.policies.verdict import UNKNOWN

OPEN = UnknownValueError(UNKNOWN, ["it"])


def unknown(mutation: Mutation) -> Iterator[Mutation]:
    """Give the mutations in which a value that is changed, or all around it, is not known."""
    for index, (place, _) in enumerate(mutation.changes):
        for length in range(1, len(place) + 1):
            hidden = place[:length]
            others = [
                change
                for other, change in enumerate(mutation.changes)
                if other != index and change[0][:length] != hidden
            ]
            yield replace(mutation, changes=(*others, (hidden, UNKNOWN)))


def test_whatever_could_be_wrong_is_not_passed_unseen() -> None:
    tried: set[tuple[str, str, tuple[Place, ...]]] = set()
    passed: list[str] = []
    for mutation in mutations():
        for each in unknown(mutation):
            case = (each.policy, each.resource.urn, tuple(place for place, _ in each.changes))
            if case in tried:
                continue
            tried.add(case)
            try:
                seen = bool(production().violations(BY_NAME[each.policy], each))
            except UnknownValueError:
                seen = True
            if not seen:
                passed.append(str(each))
    assert passed == []
    assert len(tried) >= 1500


@pytest.mark.parametrize(
    ("answers", "all_of_them", "any_of_them"),
    [
        ((), True, False),
        ((True, True), True, True),
        ((True, False), False, True),
        ((OPEN, False), False, OPEN),
        ((OPEN, True), OPEN, True),
        ((OPEN,), OPEN, OPEN),
    ],
)
def test_one_answer_may_decide(
    answers: tuple[Answer, ...], all_of_them: Answer, any_of_them: Answer
) -> None:
    assert every(answers) is all_of_them
    assert some(answers) is any_of_them


def test_what_is_open_stays_open() -> None:
    assert opposite(OPEN) is OPEN
    assert (opposite(True), opposite(False)) == (False, True)
    assert same(OPEN, OPEN) is OPEN
    assert among(OPEN, [OPEN]) is OPEN
    assert same("a", "a") is True
    assert among("b", ["a"]) is False
