"""What a preview would change, a line for each step: to be approved, compared, or told as drift."""

from collections.abc import Iterable, Iterator, Sequence

from stacks.guard import Step

QUIET = frozenset(
    {"same", "read", "read-replacement", "discard", "discard-replaced", "refresh", "diff"}
)
"""Operations that change nothing in the cloud.

https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/resource/deploy/step.go
"""

MOST_SHOWN = 100
"""Lines of a Markdown list; a comment or an issue on GitHub takes 65,536 characters."""


def changes(steps: Iterable[Step]) -> list[str]:
    """Return what changes, e.g. `update aws:ec2/vpc:Vpc network-vpc (tags)`, each line once.

    The order is that of names, so that two previews of the same changes have the same lines.
    """
    return sorted({_line(step) for step in steps if step.operation not in QUIET})


def as_markdown(lines: Sequence[str]) -> str:
    """Return the lines as a list, cut where it gets too long to be read."""
    return "".join(_items(lines))


def _line(step: Step) -> str:
    name = step.urn.rsplit("::", 1)[-1]
    why = f" ({', '.join(sorted(step.properties))})" if step.properties else ""
    return f"{step.operation} {step.type or 'resource'} {name}{why}"


def _items(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:MOST_SHOWN]:
        yield f"- `{line}`\n"
    if len(lines) > MOST_SHOWN:
        yield f"- and {len(lines) - MOST_SHOWN} more\n"
