"""No page is a stub, and each has one title."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, name, read, written

UNDONE = re.compile(r"\b(TODO|TBD|FIXME|WIP)\b|(?i:coming soon|to be written|lorem ipsum)")
LEAST_WORDS = 40
"""Of a page that is no table of what the code says."""

PAGES = [path for path in written() if path.is_relative_to(DOCS)]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_page_is_a_stub(path: Path):
    page = read(path)
    assert len(page.words()) >= LEAST_WORDS
    assert not UNDONE.search(path.read_text())
    titles = [t for t in page.tokens if t.type == "heading_open" and t.tag == "h1"]
    assert len(titles) == 1
    assert page.tokens[0] is titles[0]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_chapter_is_empty(path: Path):
    """A heading is followed by something, or by a heading below it."""
    opened = [t for t in read(path).tokens if t.nesting >= 0 and t.type != "inline"]
    empty = [
        second.map
        for first, second in pairwise(opened)
        if first.type == second.type == "heading_open" and second.tag <= first.tag
    ]
    assert empty == []
    assert opened[-1].type != "heading_open"


def test_stubs_would_be_found():
    assert UNDONE.search("This chapter is coming soon.")
    assert UNDONE.search("TODO: the rest")
    assert not UNDONE.search("make todo-list")
