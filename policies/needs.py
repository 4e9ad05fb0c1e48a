"""Table-driven checks: what must hold of a property, of which types, and what to do if it does not.

NEEDS = {"aws:kms/key:Key": (on("enableKeyRotation"),)}
resource_policy(table(NEEDS), types=NEEDS, …)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass

from pulumi_policy.proxy import UnknownValueError

from policies.rule import Check, Verdict, Violation
from policies.subject import Subject, item, items

Condition = Callable[[object], str | None]
"""Says what is wrong with a value, e.g. "is not set", or None."""


@dataclass(frozen=True)
class Need:
    """One row of a table-driven check: what must hold of each value at `path`."""

    path: str
    """As in `Subject.each`."""
    accepts: Condition
    remedy: str
    default: object = None
    """What AWS takes when the property is left out."""
    unless: "Need | None" = None
    """Another way to comply; its path names one value."""


def table(needs: Mapping[str, Sequence[Need]]) -> Check:
    """Return the check of a table of needs by resource type."""
    return lambda subject: verdicts(subject, *needs[subject.type])


def verdicts(subject: Subject, *needs: Need) -> Iterator[Verdict]:
    """Check a resource against some needs."""
    for need in needs:
        yield from _findings(subject, need)


def _findings(subject: Subject, need: Need) -> Sequence[Verdict]:
    findings = list(_failures(subject, need))
    if not findings or not need.unless:
        return findings
    others = _findings(subject, need.unless)
    if others and all(isinstance(other, UnknownValueError) for other in others):
        return others  # it may yet comply in the other way
    return findings if others else ()


def _failures(subject: Subject, need: Need) -> Iterator[Verdict]:
    for value in subject.each(need.path):
        content = need.default if value.content is None else value.content
        complaint = judge(need.accepts, content)
        if isinstance(complaint, UnknownValueError):
            yield complaint
        elif complaint:
            yield Violation(f"is not compliant, as {value.path} {complaint}", need.remedy)


def judge(condition: Condition, content: object) -> str | UnknownValueError | None:
    """Ask a condition about a value of which all or parts may be unknown."""
    if isinstance(content, UnknownValueError):
        return content
    try:
        return condition(content)
    except UnknownValueError as error:
        return error


def is_set(content: object) -> str | None:
    """Accept anything but nothing: not null, not empty."""
    empty = isinstance(content, Sized) and not len(content)
    return "is not set" if content is None or empty else None


def is_true(content: object) -> str | None:
    """Accept true. Some AWS properties spell booleans as strings."""
    if content is None:
        return "is not set"
    return None if content is True or content == "true" else "is not true"


def is_false(content: object) -> str | None:
    """Accept false, said explicitly."""
    if content is None:
        return "is not set"
    return None if content is False or content == "false" else "is not false"


def one_of(*allowed: str) -> Condition:
    """Accept one of some words."""

    def condition(content: object) -> str | None:
        if content is None:
            return "is not set"
        return None if content in allowed else f"is not {' or '.join(allowed)}"

    return condition


def at_most(limit: int) -> Condition:
    """Accept a number up to `limit`."""

    def condition(content: object) -> str | None:
        if not isinstance(content, int | float):
            return "is not set"
        return None if content <= limit else f"is {content:g}, above {limit}"

    return condition


def at_least(limit: int) -> Condition:
    """Accept a number from `limit` on."""

    def condition(content: object) -> str | None:
        if not isinstance(content, int | float):
            return "is not set"
        return None if content >= limit else f"is {content:g}, below {limit}"

    return condition


def several(content: object) -> str | None:
    """Accept a list of two or more."""
    return None if len(list(items(content))) > 1 else "does not name two or more"


def includes(*words: str, key: str | None = None) -> Condition:
    """Accept a list that has all `words`.

    :param key: where each item, which is then a mapping, has its word.
    """

    def condition(content: object) -> str | None:
        found = [item(each, key) if key else each for each in items(content)]
        missing = [word for word in words if word not in found]
        doubts = [word for word in found if isinstance(word, UnknownValueError)]
        if missing and doubts:
            raise doubts[0]
        return f"lacks {' and '.join(missing)}" if missing else None

    return condition


def on(path: str, *, default: object = None) -> Need:
    """Return the need of a switch that is on."""
    return Need(path, is_true, f"set {path} to true", default)


def off(path: str, *, default: object = False) -> Need:
    """Return the need of a switch that is off, as AWS has it unless told otherwise."""
    return Need(path, is_false, f"set {path} to false", default)
