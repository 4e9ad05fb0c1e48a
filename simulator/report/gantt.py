"""Draws how long a first deployment takes, and what it waits for."""

from dataclasses import dataclass
from html import escape

from simulator.report import svg
from simulator.report.graph import Graph
from simulator.timeline import Span, Timeline

WIDTH = 1240
_LABEL, _SCALE = 400, 760
_ROW, _TOP = 26, 30
_SHORTEST = 30
"""Seconds; what takes less is noise on a scale of many minutes."""
_MOST = 24
"""Rows; the longest are shown."""


@dataclass(frozen=True)
class Row:
    """One resource, or several of a kind that take the same time."""

    spans: tuple[Span, ...]
    critical: bool
    """Whether it is on the chain that decides how long the deployment takes."""

    @property
    def start(self) -> float:
        """Seconds from the start of the deployment."""
        return min(span.start for span in self.spans)

    @property
    def end(self) -> float:
        """When the last of them is there."""
        return max(span.end for span in self.spans)

    @property
    def label(self) -> str:
        """The first one's name, and how many more."""
        more = len(self.spans) - 1
        return self.spans[0].name + (f" and {more} more" if more else "")


def rows_of(timeline: Timeline, graph: Graph) -> list[Row]:
    """Return the critical path and the longest of the rest, in order of their start."""
    critical = {span.urn for span in timeline.critical_path()}
    alike: dict[object, list[Span]] = {}
    for span in timeline.spans.values():
        lasts = span.end - span.start
        if lasts >= _SHORTEST:
            own = span.urn if span.urn in critical else ""
            alike.setdefault((graph.owner(span.urn), span.type, lasts, own), []).append(span)
    rows = [Row(tuple(spans), spans[0].urn in critical) for spans in alike.values()]
    rows.sort(key=lambda row: (not row.critical, row.start - row.end))
    return sorted(rows[:_MOST], key=lambda row: (row.start, row.end, row.label))


def draw(timeline: Timeline, graph: Graph) -> str:
    """Return the timeline as SVG; the critical path stands out."""
    rows, total = rows_of(timeline, graph), max(timeline.seconds, 1)
    height = _TOP + len(rows) * _ROW + 8
    bars = "".join(_bar(index, row, total, graph) for index, row in enumerate(rows))
    label = f"a first deployment takes about {minutes(timeline.seconds)}"
    return svg.drawing(_grid(total, height) + bars, WIDTH, height, label, id="gantt")


def _bar(index: int, row: Row, total: float, graph: Graph) -> str:
    y, first = _TOP + index * _ROW, row.spans[0]
    left = _LABEL + row.start / total * _SCALE
    width = max((row.end - row.start) / total * _SCALE, 2)
    kind = f"{graph.owner(first.urn)} · {first.type.rsplit(':', 1)[-1]}"
    tone = "critical" if row.critical else "beside"
    names = ", ".join(span.name for span in row.spans)
    title = f"<title>{escape(names)}: {minutes(row.start)} to {minutes(row.end)}</title>"
    bar = svg.rect(left, y + 4, width, _ROW - 10, f"bar {tone}")
    lasts = minutes(first.end - first.start)
    return svg.element(
        "g",
        title
        + svg.text(svg.clipped(row.label, 32), 0, y + 16, f"bar-name {tone}")
        + svg.text(svg.clipped(kind, 26), _LABEL - 16, y + 16, "bar-kind", text_anchor="end")
        + bar
        + svg.text(lasts, left + width + 6, y + 16, "bar-time"),
    )


def _grid(total: float, height: float) -> str:
    """Draw a line every so many minutes."""
    steps = (60, 120, 300, 600, 1200, 3600)
    step = next((s for s in steps if total / s <= 9), steps[-1])
    parts: list[str] = []
    for tick in range(0, int(total) + 1, step):
        x = _LABEL + tick / total * _SCALE
        parts.append(svg.path(f"M{x:.1f} 20V{height:g}", "grid"))
        parts.append(svg.text(f"{tick // 60} min", x, 12, "tick", text_anchor="middle"))
    return "".join(parts)


def minutes(seconds: float) -> str:
    """Return e.g. `34 min`, with seconds below ten minutes, or `45 s` below one."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    whole, rest = divmod(round(seconds), 60)
    return f"{whole} min {rest} s" if rest and whole < 10 else f"{round(seconds / 60)} min"
