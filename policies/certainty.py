"""Answers that may be open, as what they depend on is not known yet, and how they combine."""

from collections.abc import Iterable

from pulumi_policy.proxy import UnknownValueError

Answer = bool | UnknownValueError
"""Yes, no, or what has to be known first."""


def same(one: object, other: object) -> Answer:
    """Tell whether two values are the same."""
    for value in (one, other):
        if isinstance(value, UnknownValueError):
            return value
    return one == other


def among(value: object, allowed: Iterable[object]) -> Answer:
    """Tell whether a value is one of some known ones."""
    return value if isinstance(value, UnknownValueError) else value in allowed


def every(answers: Iterable[Answer]) -> Answer:
    """Tell whether all answers are yes: a single no decides, whatever else is open."""
    doubt: UnknownValueError | None = None
    for answer in answers:
        if answer is False:
            return False
        if isinstance(answer, UnknownValueError):
            doubt = doubt or answer
    return doubt or True


def some(answers: Iterable[Answer]) -> Answer:
    """Tell whether any answer is yes: a single yes decides, whatever else is open."""
    return opposite(every(opposite(answer) for answer in answers))


def opposite(answer: Answer) -> Answer:
    """Return no for yes, and yes for no; what is open stays so."""
    return answer if isinstance(answer, UnknownValueError) else not answer
