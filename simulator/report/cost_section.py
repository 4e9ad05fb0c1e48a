"""The section on cost: bars by component, every line, and where the prices come from."""

from simulator.report import money
from simulator.report.cost import NOT_COUNTED, Line
from simulator.report.markup import (
    Cell,
    Table,
    badge,
    code,
    html,
    lines,
    listed,
    section,
    strong,
)
from simulator.report.views import Views


def cost(views: Views) -> str:
    """Return the estimate: bars by component, then every line."""
    estimate = views.cost
    lead = (
        f"About {money.dollars(estimate.total)} a month in {estimate.region}, "
        "on demand, in US dollars, before taxes. Each line says what it assumes."
    )
    table = Table(
        "cost-lines",
        ("Component", "What", "Monthly", "Unit price", "Quantity", "Assumes"),
        [_cost_row(line) for line in estimate.lines],
        numbers=(2, 3, 4),
        groups=[line.component for line in estimate.lines],
    )
    parts = (_bars(views), _warnings(views), table.html(), _not_counted(), _sources(views))
    return section("cost", "Monthly cost", lead, *parts)


def _bars(views: Views) -> str:
    by_component = views.cost.by_component()
    layers = {component.name: component.layer for component in views.graph.components}
    most = max(by_component.values(), default=0) or 1
    rows = "".join(
        f"<li><span>{html(name)}</span>"
        f'<i class="layer-{layers.get(name, "operations")}" style="--part:{amount / most:.4f}"></i>'
        f"<b>{money.dollars(amount)}</b></li>"
        for name, amount in by_component.items()
        if amount
    )
    return f'<ol class="bars">{rows}</ol>'


def _cost_row(line: Line) -> tuple[Cell, ...]:
    monthly: Cell = money.dollars(line.monthly)
    if line.price is None:
        monthly = badge("unknown", "warn")
    elif line.elsewhere:
        monthly = lines(monthly, badge(f"{line.price.region} price", "warn"))
    what = lines(line.what, listed(line.resources, 1))
    quantity = f"{line.quantity:,.10g}" if line.quantity < 1000 else f"{line.quantity:,.0f}"
    name = strong(line.component)
    return (name, what, monthly, money.unit_price(line), quantity, line.assumption)


def _warnings(views: Views) -> str:
    estimate = views.cost
    notes: list[str] = []
    if estimate.unknown:
        names = ", ".join(dict.fromkeys(line.what for line in estimate.unknown))
        notes.append(f"No price is known for: {names}. They come on top of the total.")
    if estimate.elsewhere:
        part = sum(line.monthly or 0 for line in estimate.elsewhere)
        notes.append(
            f"{money.dollars(part)} of it rests on prices of another region, for want of "
            f"{estimate.region}'s own; those lines are marked."
        )
    return "".join(f'<p class="note">{html(note)}</p>' for note in notes)


def _not_counted() -> str:
    items = "".join(f"<li>{html(item)}</li>" for item in NOT_COUNTED)
    return f'<div class="aside"><h3>Not counted</h3><ul>{items}</ul></div>'


def _sources(views: Views) -> str:
    prices = {line.price.key: line.price for line in views.cost.lines if line.price}
    rows = [
        (code(key), f"${price.usd:g} / {price.unit}", price.region, price.date, price.source)
        for key, price in sorted(prices.items())
    ]
    headers = ("Price", "US dollars", "Region", "Read on", "Source")
    table = Table("price-sources", headers, rows, numbers=(1,), searchable=False)
    return f"<details><summary>Where the prices come from</summary>{table.html()}</details>"
