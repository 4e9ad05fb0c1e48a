"""What the pages in docs/ name and tell people to type."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^(?:(?: {4}|\t).*\n)+", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
QUOTED = re.compile(r"'[^']*'", re.DOTALL)
INNERMOST = re.compile(r"\$\(([^()]*)\)")
SEPARATOR = re.compile(r"\n|;|&&|\|\|?|&(?=\s|$)|<<")
LEADING = re.compile(
    r"^(?:\s*\(?(?:do|then|watch|export|if|else|\w+\(\)\s*\{|\w+=[^\s]*)(?:\s+|$))*"
)

KEPT = "\N{BULLET}"
"""Stands for a quoted text while a line is taken apart."""


@dataclass(frozen=True)
class Command:
    """One command, without what comes before and after it in a pipe."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


def pages() -> list[Path]:
    """Return all pages, in order."""
    return sorted(DOCS.rglob("*.md"))


def text_of(page: Path) -> str:
    """Return what a page, or any file, has in it."""
    return page.read_text(encoding="utf-8")


def code(text: str) -> Iterator[str]:
    """Yield the code of a page: blocks, then what stands in backticks."""
    yield from BLOCK.findall(text)
    prose = BLOCK.sub("", text)
    yield from INDENTED.findall(prose)
    yield from (span.replace("\n", " ") for span in SPAN.findall(INDENTED.sub("", prose)))


def commands(page: Path, *programs: str) -> Iterator[Command]:
    """Yield each call of one of `programs` on a page, also those within other commands."""
    name = str(page.relative_to(ROOT))
    for text in code(text_of(page)):
        for line in _apart(text.replace("\\\n", " ")):
            words = _words(line)
            if words and words[0] in programs and len(words) > 1:
                yield Command(name, words)


def _apart(text: str) -> Iterator[str]:
    """Yield each command of a piece of code, with quoted texts as they were."""
    quotes: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quotes.append(found[0])
        return f"{KEPT}{len(quotes) - 1}{KEPT}"

    def restore(line: str) -> str:
        return re.sub(f"{KEPT}(\\d+){KEPT}", lambda found: quotes[int(found[1])], line)

    left = QUOTED.sub(keep, re.sub(r"\s# .*$", "", text, flags=re.MULTILINE))
    while inner := INNERMOST.search(left):
        yield from map(restore, SEPARATOR.split(inner[1]))
        left = f"{left[: inner.start()]}VALUE{left[inner.end() :]}"
    yield from map(restore, SEPARATOR.split(left))


def _words(line: str) -> tuple[str, ...]:
    try:
        found = shlex.split(LEADING.sub("", line.strip()), comments=True)
    except ValueError:
        return ()
    if found and found[-1].endswith(")") and "(" not in line:
        found[-1] = found[-1].rstrip(")")
    end = next((i for i, word in enumerate(found) if word.startswith((">", "2>"))), len(found))
    return tuple(word for word in found[:end] if word not in ("}", "done"))
