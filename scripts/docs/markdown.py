"""Markdown as GitHub and MkDocs both read it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading; the site is told to give the same."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def link(text: str, target: str) -> str:
    """Return a link to a page, or to a heading of this one when `target` begins with `#`."""
    return f"[{text}]({quote(target, safe='#/.-_~%')})"


def code(text: str) -> str:
    """Return code within a line; two quotes where the text has one itself."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def prose(docstring: str | None) -> str:
    """Return a docstring's text: a line for each paragraph, and addresses as links."""
    paragraphs = re.split(r"\n\s*\n", (docstring or "").strip())
    return "\n\n".join(_linked(" ".join(paragraph.split())) for paragraph in paragraphs)


def _linked(text: str) -> str:
    """Return text whose web addresses are links, but for those within code."""
    return re.sub(r"(`[^`]*`)|(https?://[^\s)]*[^\s).,;:])", _address, text)


def _address(match: re.Match[str]) -> str:
    quoted, address = match.groups()
    return f"<{address}>" if address else str(quoted)


def cell(text: str) -> str:
    """Return text for a table: on one line, and no `|` that would end the cell."""
    return re.sub(r"\s*\n\s*", "<br>", text.strip()).replace("|", "\\|")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give the lines of a table, and an empty one after it."""
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(cell(text) for text in row)} |"
    yield ""
