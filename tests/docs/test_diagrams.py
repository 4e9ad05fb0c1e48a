"""Diagrams of the site."""

import base64
import re
import sys

import pytest
from markdown import Markdown

from scripts.docs.diagrams import fence, fitted

SOURCE = "flowchart LR\n  a[one & two] --> b"


def made(source: str) -> str:
    return fence(source, "mermaid", "diagram", {}, Markdown())


def test_a_diagram_is_drawn_into_the_page():
    pytest.importorskip("mmdr", reason="not installed; `make docs` installs it")
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', made(SOURCE))
    assert found
    svg = base64.b64decode(found[1]).decode()
    assert svg.startswith("<svg")
    assert "one &amp; two" in svg
    assert "http://" not in re.sub(r"http://www\.w3\.org/\S+", "", svg)
    assert 'alt="flowchart"' in made(SOURCE)


def test_its_source_is_shown_where_nothing_draws_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "mmdr", None)
    assert made(SOURCE) == ("<pre><code>flowchart LR\n  a[one &amp; two] --&gt; b</code></pre>")


def test_a_drawing_shrinks_to_what_can_be_read():
    assert fitted('<svg width="100%" viewBox="4 4 1000 146">') == "width: 1000px; min-width: 650px"
