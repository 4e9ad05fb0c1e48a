"""The report as Markdown, short enough for a comment on a pull request."""

import re
from collections.abc import Iterator, Sequence

from simulator.report import gantt, money
from simulator.report.cost import NOT_COUNTED, Line
from simulator.report.graph import Component, Graph
from simulator.report.layers import LAYERS
from simulator.report.views import Against, Views

_MOST = 40
"""Rows of a table; GitHub takes 65,536 characters in a comment."""


def write(views: Views) -> str:
    """Return the comment."""
    parts = [
        f"## Plan of `{views.report.stack}`\n",
        _summary(views),
        *_findings(views),
        *_differences(views),
        *_architecture(views.graph),
        *_folded(_cost_title(views), _costs(views)),
        *_folded("What is reachable from where", _reach(views)),
        f"_Made on {views.report.made} by the real Pulumi engine on a simulated cloud._",
    ]
    return "\n".join(parts) + "\n"


def _summary(views: Views) -> str:
    cost, report = views.cost, views.report
    violated, advised = views.guidelines_by("violated"), views.guidelines_by("advised")
    monthly = money.dollars(cost.total)
    if views.budget is not None:
        word = "over" if views.over_budget else "within"
        monthly += f" ({word} the budget of {money.dollars(views.budget)})"
    if cost.unknown:
        monthly += f" and {money.unknown_prices(len(cost.unknown))}"
    held = f"{len(views.guidelines_by('holds'))} of {len(views.guidelines)} hold"
    broken = f"{len(violated)} violated, {len(advised)} advised"
    outside = len(views.from_internet)
    rows = [
        ("Cost a month", monthly),
        ("Resources", f"{len(report.cloud_resources)} in {len(views.graph.components)} components"),
        ("First deployment", f"about {gantt.minutes(report.timeline.seconds)}"),
        ("Guidelines", f"{held}, {broken}"),
        ("Open to the internet", str(outside) if outside else "nothing"),
    ]
    return "\n".join(_table(("", views.report.region), rows))


def _findings(views: Views) -> Iterator[str]:
    findings = views.report.findings
    if findings:
        yield "### Guidelines that don't hold\n"
        rows = [(f.level, f"`{f.policy}`", f.message) for f in findings]
        yield "\n".join(_table(("Level", "Guideline", "What to do"), rows))


def _differences(views: Views) -> Iterator[str]:
    against = views.against
    if against is None:
        return
    base = against.comparison.base
    difference = money.change(views.cost.total - against.cost.total)
    yield f"### Against `{base.stack}` of {base.made}: {difference} a month\n"
    if against.comparison.nothing:
        yield "No resource is different.\n"
        return
    rows = [
        (name, money.dollars(before), money.dollars(now), money.change(now - before))
        for name, before, now in views.cost_changes()
    ]
    if rows:
        headers = ("Component", base.stack, views.report.stack, "Difference")
        yield "\n".join(_table(headers, rows))
    changes = list(_changes(against))
    yield from _folded(
        f"{len(changes)} resources differ", _table(("", "Resource", "What"), changes)
    )


def _changes(against: Against) -> Iterator[tuple[str, str, str]]:
    for resource in against.comparison.added:
        yield "added", f"`{resource.name}`", f"`{resource.type}`"
    for resource in against.comparison.removed:
        yield "removed", f"`{resource.name}`", f"`{resource.type}`"
    for change in against.comparison.changed:
        paths = ", ".join(f"`{path}`" for path, _, _ in change.properties[:6])
        more = len(change.properties) - 6
        yield (
            "changed",
            f"`{change.resource.name}`",
            paths + (f" and {more} more" if more > 0 else ""),
        )


def _cost_title(views: Views) -> str:
    return f"Cost: {money.dollars(views.cost.total)} a month"


def _costs(views: Views) -> Iterator[str]:
    sums = [(name, money.dollars(amount)) for name, amount in views.cost.by_component().items()]
    yield from _table(("Component", "A month"), sums)
    dear = [line for line in views.cost.lines if line.price is None or (line.monthly or 0) >= 1]
    rows = [(x.component, x.what, money.dollars(x.monthly), _assumed(x)) for x in dear]
    yield from _table(("Component", "What", "A month", "Assumes"), rows)
    yield "Lines below a dollar are left out. Not counted:\n"
    yield "\n".join(f"- {text}" for text in NOT_COUNTED) + "\n"


def _assumed(line: Line) -> str:
    if line.price and line.elsewhere:
        return f"{line.assumption} (price of {line.price.region})"
    return line.assumption


def _reach(views: Views) -> Iterator[str]:
    rows = [(r.origin, r.target, r.ports, r.component) for r in views.reaches]
    yield from _table(("From", "To", "Ports", "Component"), rows)


def _architecture(graph: Graph) -> Iterator[str]:
    if len(graph.components) <= _MOST:
        yield from _folded("Architecture", [_diagram(graph)])


def _diagram(graph: Graph) -> str:
    """Return the architecture as Mermaid, which GitHub and GitLab draw."""
    drawn = ["```mermaid", "flowchart TB"]
    for layer in LAYERS:
        inside = [component for component in graph.components if component.layer == layer.key]
        if inside:
            drawn.append(f'  subgraph {layer.key}_layer["{layer.title}"]')
            drawn += [f'    {_node(c.name)}["{_named(c)}"]' for c in inside]
            drawn.append("  end")
    essential = graph.essential()
    edges = [edge for edge in graph.edges if edge in essential]
    drawn += [f"  {_node(edge.source)} --> {_node(edge.target)}" for edge in edges]
    return "\n".join([*drawn, "```", ""])


def _node(name: str) -> str:
    return "c_" + re.sub(r"\W", "_", name)


def _named(component: Component) -> str:
    return f"{component.name}<br>{len(component.resources)} resources"


def _folded(title: str, content: Iterator[str] | Sequence[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>\n"
    yield from content
    yield "</details>\n"


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table, cut after so many rows."""
    lines = [_row(headers), "|" + "---|" * len(headers)]
    lines += [_row(row) for row in rows[:_MOST]]
    if len(rows) > _MOST:
        lines.append(_row([f"and {len(rows) - _MOST} more", *[""] * (len(headers) - 1)]))
    return [*lines, ""]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
