"""The one error that user mistakes raise."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class Problem:
    """One wrong input: where it is, and what is wrong and allowed there."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class InvalidInput(pulumi.RunError, pulumi.InputPropertiesError):
    """Every problem found in one set of inputs, reported at once and without a traceback.

    It is a `RunError` so that a Python program ends in one clean message, and an
    `InputPropertiesError` so that programs in other languages get the property paths.
    """

    def __init__(self, owner: str, problems: Sequence[Problem]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        text = "\n".join([f"{owner}: {count}", *(f"  {problem}" for problem in problems)])
        pulumi.InputPropertiesError.__init__(
            self, text, [{"property_path": p.path, "reason": p.reason} for p in problems]
        )
        self.owner = owner
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return self.message


def nearest(key: str, known: Iterable[str], *, prefix: str = "") -> str:
    """Return "did you mean …?" for a misspelt `key`, else the list of what is known.

    :param prefix: written in front of every known key.
    """
    options = sorted(known)
    folded = {option.lower(): option for option in options}
    close = difflib.get_close_matches(key.lower(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"did you mean '{prefix}{folded[close[0]]}'?"
    options = [f"{prefix}{option}" for option in options]
    return f"allowed: {', '.join(options)}" if options else "nothing is allowed here"
