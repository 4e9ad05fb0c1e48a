"""What a person got wrong: one error with every problem, and the nearest name that there is.

The pack stands alone, so this is not the components' own.
"""

import difflib
from collections.abc import Collection, Sequence


class MistakeError(Exception):
    """Input that can't be used: where it came from, and everything that is wrong with it."""

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        super().__init__(source)
        self.problems = tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        head = f"{source}: {problems[0]}" if len(problems) == 1 else f"{source}: {count}"
        rest = [f"  {problem}" for problem in problems] if len(problems) > 1 else []
        self.message = "\n".join([head, *rest])


def nearest(name: str, known: Collection[str]) -> str:
    """Return "did you mean …?" for a misspelt name, else all that there are."""
    close = difflib.get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"there are: {', '.join(sorted(known))}" if known else "there are none"
