"""Draws the architecture: lanes for layers, boxes for components, arrows for needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from simulator.report import svg
from simulator.report.graph import Component, Edge, Graph
from simulator.report.layers import LAYERS, Layer

WIDTH = 1240
_LABEL = 150
_BOX, _HEIGHT = 252, 92
_GAP, _ROW_GAP, _LANE_PADDING = 18, 16, 18
_LANE_GAP = 26
_ARC = 20
"""How high an arc's handles are; it rises by three quarters of that, less than the gap of rows."""
_COLUMNS = (WIDTH - _LABEL) // (_BOX + _GAP)


@dataclass(frozen=True)
class _Box:
    component: Component
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.x + _BOX / 2


def draw(graph: Graph, costs: Mapping[str, float]) -> str:
    """Return the diagram as SVG.

    :param costs: US dollars a month by component.
    """
    lanes = [(layer, _in_lane(layer, graph)) for layer in LAYERS]
    content: list[str] = []
    boxes: dict[str, _Box] = {}
    y = 0.0
    for layer, components in lanes:
        if not components:
            continue
        placed, height = _place(components, y)
        boxes |= {box.component.name: box for box in placed}
        content.append(_lane(layer, y, height))
        y += height + _LANE_GAP
    arrows = "".join(_arrows(graph, boxes))
    content.append(svg.element("g", arrows, class_="edges"))
    content += [_draw_box(box, costs.get(box.component.name, 0)) for box in boxes.values()]
    label = f"{len(boxes)} components and what each needs"
    return svg.drawing(
        _ARROWHEAD + "".join(content), WIDTH, y - _LANE_GAP, label, id="architecture"
    )


_ARROWHEAD = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto-start-reverse"><path d="M0 0.5 8 4 0 7.5z" class="tip"/></marker></defs>'
)


def _in_lane(layer: Layer, graph: Graph) -> list[Component]:
    """Return a layer's components, the most needed in the middle of the row."""
    needed = {component.name: 0 for component in graph.components}
    for edge in graph.edges:
        needed[edge.target] = needed.get(edge.target, 0) + 1
    inside = [component for component in graph.components if component.layer == layer.key]
    inside.sort(key=lambda component: (needed[component.name], component.name))
    return inside[::2] + inside[1::2][::-1]


def _place(components: Sequence[Component], top: float) -> tuple[list[_Box], float]:
    """Spread components over rows of a lane that begins at `top`; return its height too."""
    rows = [components[i : i + _COLUMNS] for i in range(0, len(components), _COLUMNS)]
    placed: list[_Box] = []
    for index, row in enumerate(rows):
        used = len(row) * (_BOX + _GAP) - _GAP
        left = _LABEL + (WIDTH - _LABEL - _GAP - used) / 2
        y = top + _LANE_PADDING + index * (_HEIGHT + _ROW_GAP)
        placed += [_Box(item, left + i * (_BOX + _GAP), y) for i, item in enumerate(row)]
    return placed, 2 * _LANE_PADDING + len(rows) * (_HEIGHT + _ROW_GAP) - _ROW_GAP


def _lane(layer: Layer, y: float, height: float) -> str:
    parts = [
        svg.rect(0, y, WIDTH, height, f"lane layer-{layer.key}"),
        svg.text(layer.title, 18, y + height / 2 - 2, f"lane-title layer-{layer.key}"),
    ]
    for index, line in enumerate(_wrapped(layer.about, 22)):
        parts.append(svg.text(line, 18, y + height / 2 + 15 + index * 14, "lane-about"))
    return "".join(parts)


def _wrapped(text: str, limit: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= limit:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _draw_box(box: _Box, cost: float) -> str:
    component, x, y = box.component, box.x, box.y
    kinds = " · ".join(f"{count} {kind}" for kind, count in component.kinds())
    summary = f"{len(component.resources)} resources"
    price = f"${cost:,.0f} / month" if cost >= 1 else ""
    content = "".join(
        (
            f"<title>{escape(component.name)}: {escape(kinds)}</title>",
            svg.rect(x, y, _BOX, _HEIGHT, "box"),
            svg.rect(x, y, 5, _HEIGHT, f"stripe layer-{component.layer}"),
            svg.text(svg.clipped(component.name, 20), x + 18, y + 27, "box-title"),
            svg.text(_kind(component), x + _BOX - 14, y + 27, "box-kind", text_anchor="end"),
            svg.text(summary, x + 18, y + 51, "box-fact"),
            svg.text(price, x + _BOX - 14, y + 51, "box-cost", text_anchor="end"),
            svg.text(svg.clipped(kinds, 36), x + 18, y + 74, "box-kinds"),
        )
    )
    link: dict[str, object] = {"href": "#inventory", "data_component": component.name}
    return svg.element("a", content, class_="component", **link)


def _kind(component: Component) -> str:
    """Return the kind unless the name says it already."""
    same = component.kind.lower() == component.name.lower().replace("-", "")
    return "" if same else svg.clipped(component.kind, 22)


def _arrows(graph: Graph, boxes: Mapping[str, _Box]) -> list[str]:
    """Draw an arrow for each edge; those that meet at a box are spread along its side.

    What other arrows imply already is drawn too, but shown only while one points at a component.
    """
    essential = graph.essential()
    drawn = [(e, boxes[e.source], boxes[e.target]) for e in graph.edges if _between(e, boxes)]
    sides: dict[tuple[str, bool], list[tuple[float, Edge]]] = {}
    for edge, source, target in drawn:
        if edge in essential:
            down = target.y > source.y
            sides.setdefault((edge.source, down), []).append((target.middle, edge))
            sides.setdefault((edge.target, not down), []).append((source.middle, edge))
    for ends in sides.values():
        ends.sort(key=lambda end: (end[0], end[1].source, end[1].target))
    arrows: list[str] = []
    for edge, source, target in drawn:
        down = target.y > source.y
        x1 = _end(source, edge, sides.get((edge.source, down), []))
        x2 = _end(target, edge, sides.get((edge.target, not down), []))
        arrows.append(_arrow(edge, source, target, (x1, x2), implied=edge not in essential))
    return arrows


def _between(edge: Edge, boxes: Mapping[str, _Box]) -> bool:
    return edge.source in boxes and edge.target in boxes


def _end(box: _Box, edge: Edge, ends: Sequence[tuple[float, Edge]]) -> float:
    others = [end[1] for end in ends]
    if edge not in others:
        return box.middle
    position = others.index(edge)
    return box.x + _BOX * (position + 1) / (len(ends) + 1)


def _arrow(
    edge: Edge, source: _Box, target: _Box, ends: tuple[float, float], *, implied: bool
) -> str:
    x1, x2 = ends
    if source.y == target.y:  # beside each other: an arc over both
        y = source.y
        shape = f"M{x1:.1f} {y:g} C{x1:.1f} {y - _ARC:g} {x2:.1f} {y - _ARC:g} {x2:.1f} {y - 1:g}"
    else:
        down = target.y > source.y
        y1 = source.y + (_HEIGHT if down else 0)
        y2 = target.y - 1 if down else target.y + _HEIGHT + 1
        bend = (y2 - y1) * 0.45
        shape = f"M{x1:.1f} {y1:g} C{x1:.1f} {y1 + bend:g} {x2:.1f} {y2 - bend:g} {x2:.1f} {y2:g}"
    title = f"<title>{escape(edge.source)} needs {escape(edge.target)}</title>"
    names: dict[str, object] = {"data_source": edge.source, "data_target": edge.target}
    class_ = f"edge{' implied' if implied else ''} layer-{source.component.layer}"
    return svg.element("path", title, d=shape, class_=class_, marker_end="url(#tip)", **names)
