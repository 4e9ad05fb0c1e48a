"""The section on what is different from another stack or an earlier report."""

import json
from collections.abc import Iterator

from simulator.report import money
from simulator.report.markup import (
    Cell,
    Markup,
    Table,
    badge,
    html,
    lines,
    section,
    strong,
)
from simulator.report.views import Views

_FEW = 15
"""Rows that are shown at once; more would push everything else away."""


def differences(views: Views) -> str:
    """Return what is different from the base, or nothing without one."""
    if views.against is None:
        return ""
    comparison, base_cost = views.against.comparison, views.against.cost
    base = comparison.base
    headers = ("Resource", "Type", "Component", "What")
    rows = list(_difference_rows(views))
    difference = views.cost.total - base_cost.total
    lead = (
        f"Against {base.stack} of {base.made}: {len(comparison.added)} more, "
        f"{len(comparison.removed)} fewer, {len(comparison.changed)} different resources; "
        f"{money.change(difference)} a month."
    )
    table = Table("differences-table", headers, rows).html() if rows else ""
    if table:
        opened = " open" if len(rows) <= _FEW else ""
        summary = f"<summary>{len(rows)} resources that differ</summary>"
        table = f"<details{opened}>{summary}{table}</details>"
    return section("differences", "Differences", lead, _cost_differences(views), table)


def _difference_rows(views: Views) -> Iterator[tuple[Cell, ...]]:
    against = views.against
    if against is None:
        return
    for resource in against.comparison.added:
        owner = views.graph.owner(resource.urn)
        yield strong(resource.name), resource.short_type, owner, badge("added", "good")
    for resource in against.comparison.removed:
        owner = against.graph.owner(resource.urn)
        yield strong(resource.name), resource.short_type, owner, badge("removed", "bad")
    for change in against.comparison.changed:
        resource, owner = change.resource, views.graph.owner(change.resource.urn)
        changes = [
            Markup(f"<code>{html(path)}</code> {_value(old)} <b>→</b> {_value(new)}")
            for path, old, new in change.properties
        ]
        shown = lines(*changes[:4])
        rest = lines(*changes[4:]).html
        if rest:
            more = f"<details><summary>{len(changes) - 4} more</summary>{rest}</details>"
            shown = Markup(shown.html + more)
        yield strong(resource.name), resource.short_type, owner, shown


def _value(value: object) -> str:
    if value is None:
        return '<span class="muted">none</span>'
    text = value if isinstance(value, str) else json.dumps(value)
    return html(text if len(text) <= 80 else text[:79] + "…")


def _cost_differences(views: Views) -> str:
    if views.against is None:
        return ""
    rows = [
        (strong(name), money.dollars(before), money.dollars(now), money.change(now - before))
        for name, before, now in views.cost_changes()
    ]
    headers = ("Component", views.against.comparison.base.stack, views.report.stack, "Difference")
    table = Table("cost-differences", headers, rows, numbers=(1, 2, 3), searchable=False)
    return table.html() if rows else ""
