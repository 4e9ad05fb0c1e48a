"""Parts of the stack files, word for word, as examples."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from scripts.docs.guides import ROOT

STACKS = ("prod", "staging", "dev", "local")
"""The files in which an example is looked for, the fullest first."""

OTHERS = Path(__file__).parent / "examples.yaml"
"""Where it is, if no stack file has the section."""


def example(key: str) -> Iterator[str]:
    """Give an example of `platform:KEY` as Markdown."""
    for stack in STACKS:
        path = ROOT / "stacks" / f"Pulumi.{stack}.yaml"
        lines = _lines(path, key)
        if lines:
            yield from (f"As in `stacks/{path.name}`:", "", "```yaml", lines, "```", "")
            return
    yield from ("For example:", "", "```yaml", _lines(OTHERS, key), "```", "")


def _lines(path: Path, key: str) -> str:
    """Return the lines of a key, or nothing where the file does not have it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(f"  platform:{key}:")]
    if not starts:
        return ""
    end = starts[0] + 1
    while end < len(lines) and (lines[end].startswith("   ") or not lines[end].strip()):
        end += 1
    return textwrap.dedent("\n".join(lines[starts[0] : end])).rstrip()
