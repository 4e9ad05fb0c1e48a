"""Draws how long a first deployment takes, and what it waits for."""

from html import escape

from simulator.report import svg
from simulator.report.graph import Graph
from simulator.timeline import Span, Timeline

WIDTH = 1240
_LABEL = 380
_ROW = 26
_TOP = 30
_SHORTEST = 30
"""Seconds; what takes less is noise on a scale of many minutes."""
_MOST = 24
"""Rows; the longest are shown."""


def shown_spans(timeline: Timeline) -> list[Span]:
    """Return the critical path and the longest of the rest, in order of their start."""
    critical = {span.urn for span in timeline.critical_path()}
    long = [span for span in timeline.spans.values() if span.end - span.start >= _SHORTEST]
    long.sort(key=lambda span: (span.urn not in critical, span.start - span.end))
    return sorted(long[:_MOST], key=lambda span: (span.start, span.end, span.urn))


def draw(timeline: Timeline, graph: Graph) -> str:
    """Return the timeline as SVG; the critical path stands out."""
    spans, total = shown_spans(timeline), max(timeline.seconds, 1)
    critical = {span.urn for span in timeline.critical_path()}
    height = _TOP + len(spans) * _ROW + 8
    content = [_grid(total, height)]
    scale = (WIDTH - _LABEL - 80) / total
    for index, span in enumerate(spans):
        y = _TOP + index * _ROW
        kind = f"{graph.owner(span.urn)} · {span.type.rsplit(':', 1)[-1]}"
        on_path = "critical" if span.urn in critical else "beside"
        left, width = _LABEL + span.start * scale, max((span.end - span.start) * scale, 2)
        title = f"<title>{escape(span.name)}: {minutes(span.start)} to {minutes(span.end)}</title>"
        content += [
            svg.text(svg.clipped(span.name, 30), 0, y + 16, f"bar-name {on_path}"),
            svg.text(svg.clipped(kind, 26), _LABEL - 16, y + 16, "bar-kind", text_anchor="end"),
            svg.element(
                "rect",
                title,
                x=f"{left:.1f}",
                y=y + 4,
                width=f"{width:.1f}",
                height=_ROW - 10,
                class_=f"bar {on_path}",
            ),
            svg.text(minutes(span.end - span.start), left + width + 6, y + 16, "bar-time"),
        ]
    label = f"a first deployment takes about {minutes(timeline.seconds)}"
    return svg.drawing("".join(content), WIDTH, height, label, id="gantt")


def _grid(total: float, height: float) -> str:
    """Draw a line every so many minutes."""
    steps = (60, 120, 300, 600, 1200, 3600)
    step = next((s for s in steps if total / s <= 9), steps[-1])
    scale = (WIDTH - _LABEL - 80) / total
    parts: list[str] = []
    for tick in range(0, int(total) + 1, step):
        x = _LABEL + tick * scale
        parts.append(svg.path(f"M{x:.1f} 20V{height:g}", "grid"))
        parts.append(svg.text(f"{tick // 60} min", x, 12, "tick", text_anchor="middle"))
    return "".join(parts)


def minutes(seconds: float) -> str:
    """Return e.g. `34 min`, or `45 s` below a minute."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    whole, rest = divmod(round(seconds), 60)
    return f"{whole} min {rest} s" if rest and whole < 10 else f"{round(seconds / 60)} min"
