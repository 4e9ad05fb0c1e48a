"""The site: every link of it leads somewhere, it needs nothing from elsewhere, and it says the
same as GitHub does."""

import functools
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typing_extensions import override

from scripts.docs.guides import ROOT
from tests.docs.pages import DOCS, PARSER, name, written

PAGES = [path for path in written() if path.is_relative_to(DOCS)]
"""Whatever is under docs/ is in the site: one that the navigation does not have fails the build."""

SHAPES = {
    "h1",
    "h2",
    "h3",
    "h4",
    "li",
    "ol",
    "ul",
    "pre",
    "table",
    "tr",
    "blockquote",
    "code",
    "img",
}


class Shape(HTMLParser):
    """Counts what a page is made of, and keeps what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.count = Counter[str]()
        self.loads: list[str] = []
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img" and given.get("class") == "diagram":
            self.count.update(("pre", "code"))  # as which GitHub's own Markdown has it
        elif tag in SHAPES:
            self.count[tag] += 1
        if tag in ("script", "img", "iframe"):
            self.loads.append(given.get("src") or "")
        if tag == "link" and given.get("rel") != "canonical":
            self.loads.append(given.get("href") or "")


@functools.cache
def site() -> tuple[Path, str]:
    """Build the site; return its folder, and what the build complains of."""
    folder = Path(tempfile.mkdtemp(prefix="fastapi-platform-site-"))
    command = [sys.executable, "-m", "mkdocs", "build", "--no-strict", "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if not line.startswith("INFO")]
    return folder, "\n".join(told)


def html(path: Path) -> str:
    folder, complaints = site()
    page = (folder / path.relative_to(DOCS)).with_suffix(".html")
    assert page.is_file(), complaints
    return page.read_text(encoding="utf-8")


def test_it_builds_without_a_warning():
    folder, complaints = site()
    assert complaints == ""
    assert (folder / "search" / "search_index.json").is_file()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_needs_nothing_from_elsewhere(path: Path):
    loads = Shape(html(path)).loads
    assert [address for address in loads if re.match(r"(\w+:)?//", address)] == []
    assert 'class="mermaid"' not in html(path), "its program would come from elsewhere"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_is_what_github_shows(path: Path):
    """Lists: four spaces before what belongs to an entry, an empty line between paragraphs."""
    article = re.search(r"<article.*?>(.*)</article>", html(path), re.DOTALL)
    assert article
    there = Shape(PARSER.render(path.read_text(encoding="utf-8"))).count
    assert Shape(article[1]).count == there


def test_a_link_out_of_the_folder_leads_to_the_repository():
    """Without one it is text; a component's folder leads to its page."""
    page = html(DOCS / "guidelines.md")
    assert 'href="reference/components/gateway.html"' in page
    assert "tests/unit" not in page
    assert ">test_guidelines.py<" not in page
