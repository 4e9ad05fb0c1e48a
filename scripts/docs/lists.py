"""Lists as MkDocs needs them: what belongs to an entry is indented by four, not by its marker."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

INDENT = 4


@dataclass(frozen=True)
class Entry:
    """An entry of a list, by its lines."""

    first: int
    after: int
    offset: int
    """Column in which its text begins."""
    apart: bool
    """An empty line must come before it, or it would be taken for text."""


def indented(markdown: str) -> str:
    """Return the same page with its lists' contents indented by four for each depth.

    GitHub goes by CommonMark, where `1. ` is three columns wide and so is the indentation below
    it. Python-Markdown, which MkDocs is built on, knows four and nothing else.
    """
    lines = markdown.split("\n")
    entries = _entries(lines)
    made: list[str] = []
    for number, line in enumerate(lines):
        around = [entry for entry in entries if entry.first <= number < entry.after]
        if not around or not line.strip():
            made.append(line)
            continue
        depth, entry = len(around), around[-1]
        text = line.lstrip(" ")
        if number == entry.first:
            if entry.apart and made and made[-1].strip():
                made.append("")
            made.append(" " * INDENT * (depth - 1) + text)
        else:
            inside = max(len(line) - len(text) - entry.offset, 0)
            made.append(" " * (INDENT * depth + inside) + text)
    return "\n".join(made)


def _entries(lines: Sequence[str]) -> list[Entry]:
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    entries: list[Entry] = []
    for position, token in enumerate(tokens):
        if token.type != "list_item_open" or not token.map:
            continue
        first, after = token.map
        line = lines[first]
        marker = line[: len(line) - len(line.lstrip(" "))] + token.info + token.markup + " "
        before = tokens[position - 1]
        blocks = _blocks_before(tokens, position)
        begins = before.type in ("bullet_list_open", "ordered_list_open")
        apart = blocks > 1 or (begins and before.level == 0)
        entries.append(Entry(first, after, len(marker), apart))
    return entries


def _blocks_before(tokens: Sequence[Token], position: int) -> int:
    """Return how many blocks the entry before this one has, 0 for the first one."""
    blocks, level = 0, tokens[position].level
    for token in reversed(tokens[:position]):
        if token.level < level:
            return 0
        if token.level == level and token.type == "list_item_open":
            return blocks
        if token.level == level + 1 and token.nesting >= 0:
            blocks += 1
    return 0
