"""Mermaid diagrams, drawn when the site is built; GitHub draws them by itself."""

import base64
import html
import importlib
import re
from collections.abc import Mapping
from typing import Protocol, cast

from markdown import Markdown

LEAST = 0.65
"""To which part of its size a drawing may shrink: its letters are of 14 px."""


class _Drawn(Protocol):
    def svg(self) -> str: ...


class _Drawing(Protocol):
    """What is used of mmdr, which is in a group of its own: see pyproject.toml."""

    def render(self, diagram: str) -> _Drawn: ...


def fence(
    source: str,
    _language: str,
    css_class: str,
    _options: Mapping[str, object],
    _markdown: Markdown,
    **_attributes: object,
) -> str:
    """Return a diagram as a picture; its source, where nothing is installed that draws it.

    Pictures are apart from the page, so the ids in one can't be taken for those in another.
    """
    try:
        drawing = cast("_Drawing", cast("object", importlib.import_module("mmdr")))
    except ImportError:
        return f"<pre><code>{html.escape(source)}</code></pre>"
    svg = drawing.render(source).svg()
    kind = html.escape(source.split(maxsplit=1)[0])
    address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    picture = f'<img class="{css_class}" alt="{kind}" style="{fitted(svg)}" src="{address}">'
    return f'<div class="{css_class}">{picture}</div>'


def fitted(svg: str) -> str:
    """Return how wide a drawing is shown: as the page allows, or to be scrolled, but readable.

    The drawing itself says that it is as wide as the page, whatever it has to say.
    """
    box = re.search(r'viewBox="\S+ \S+ (\S+) \S+"', svg)
    width = float(box[1]) if box else 0
    least = width * LEAST
    return f"width: {width:.0f}px; min-width: {least:.0f}px"
