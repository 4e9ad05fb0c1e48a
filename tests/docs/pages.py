"""The Markdown of this repository, read as GitHub reads it."""

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.docs.guides import ROOT
from scripts.docs.markdown import slug

DOCS = ROOT / "docs"
PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Link:
    """A link or an image."""

    target: str
    """As it is written."""
    image: bool


@dataclass(frozen=True)
class PageText:
    """What is in a page."""

    path: Path
    tokens: Sequence[Token]

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    def links(self) -> Iterator[Link]:
        for token in self._inline():
            for name in ("href", "src"):
                target = token.attrGet(name)
                if target is not None:
                    yield Link(unquote(str(target)), image=name == "src")

    def code(self) -> Iterator[str]:
        """Give code within lines, and each line of blocks of code."""
        for token in self._inline():
            if token.type == "code_inline":
                yield token.content
        for block in self.blocks():
            yield from block.splitlines()

    def blocks(self) -> Iterator[str]:
        """Give the blocks of code."""
        for token in self.tokens:
            if token.type in ("fence", "code_block"):
                yield token.content

    def headings(self) -> Iterator[str]:
        for before, token in pairwise(self.tokens):
            if before.type == "heading_open":
                yield token.content

    def anchors(self) -> Sequence[str]:
        """Return the headings' anchors, in order; GitHub numbers those that come again."""
        seen = Counter[str]()
        anchors: list[str] = []
        for heading in self.headings():
            anchor = slug(heading)
            anchors.append(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1
        return anchors

    def words(self) -> list[str]:
        """Return the words that are no code."""
        text = " ".join(t.content for t in self._inline() if t.type == "text")
        return re.findall(r"\w+", text)

    def _inline(self) -> Iterator[Token]:
        for token in self.tokens:
            yield from token.children or ()


@functools.cache
def read(path: Path) -> PageText:
    return PageText(path, PARSER.parse(path.read_text(encoding="utf-8")))


@functools.cache
def written() -> Sequence[Path]:
    """Every page that people read: those of the root, docs/ and examples/."""
    found = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    return sorted(p for p in found if not {".venv", "node_modules"} & set(p.parts))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
