"""The monthly cost of a stack, line by line, each with its assumption; unknown is never zero."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from simulator.report.claims import claimed_disks
from simulator.report.cost_rules import RULES, Item
from simulator.report.graph import Graph
from simulator.report.model import Report, Resource
from simulator.report.prices import Price, Prices, price_table
from simulator.report.references import References

FREE = Path(__file__).parent / "free.txt"

NOT_COUNTED = (
    "nodes that Karpenter starts: as many as the workloads ask for",
    "data transfer: to the internet, between zones and between regions",
    "requests, snapshots and backups, unless a line says so",
    "free tiers, Savings Plans, reserved capacity, support plans and taxes",
)
"""What no line can tell from a plan."""


@dataclass(frozen=True)
class Line:
    """What the resources of one component are charged for one thing."""

    component: str
    what: str
    resources: tuple[str, ...]
    """Logical names."""
    quantity: float
    assumption: str
    price: Price | None
    """None when it isn't known; the line then counts for nothing, and says so."""
    elsewhere: bool = False
    """Whether the price is another region's, for want of this one's."""

    @property
    def monthly(self) -> float | None:
        """US dollars, or None if unknown."""
        return None if self.price is None else self.price.usd * self.quantity


@dataclass(frozen=True)
class Estimate:
    """All lines of a stack."""

    region: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> float:
        """US dollars a month, of the lines whose price is known."""
        return sum(line.monthly or 0 for line in self.lines)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """The lines without a price."""
        return tuple(line for line in self.lines if line.price is None)

    @property
    def elsewhere(self) -> tuple[Line, ...]:
        """The lines with another region's price."""
        return tuple(line for line in self.lines if line.elsewhere)

    def by_component(self) -> dict[str, float]:
        """Return the known cost of each component, the dearest first."""
        sums: dict[str, float] = {}
        for line in self.lines:
            sums[line.component] = sums.get(line.component, 0) + (line.monthly or 0)
        return dict(sorted(sums.items(), key=lambda item: -item[1]))


def estimate(report: Report, graph: Graph, prices: Prices | None = None) -> Estimate:
    """Price every resource of a report."""
    table, references = prices or price_table(), References.of(report)
    grouped: dict[tuple[str, Item], list[Resource]] = {}
    for resource in report.cloud_resources:
        for item in items_of(resource, references):
            grouped.setdefault((graph.owner(resource.urn), item), []).append(resource)
    lines = [
        _line(component, item, resources, table.find(item.price, report.region), report.region)
        for (component, item), resources in grouped.items()
    ]
    lines.sort(key=lambda line: (-(line.monthly or 0), line.component, line.what))
    return Estimate(report.region, tuple(lines))


def items_of(resource: Resource, references: References) -> Iterator[Item]:
    """Yield what one resource is charged for."""
    rule = RULES.get(resource.type)
    if rule:
        yield from rule(resource, references)
    elif resource.type.startswith("kubernetes:"):
        yield from claimed_disks(resource)
    elif not is_free(resource.type):
        yield Item(resource.kind, resource.type, 1, "no rule for this type yet")


def is_free(type_: str) -> bool:
    """Tell whether a type is known to cost nothing by itself."""
    return any(fnmatchcase(type_, pattern) for pattern in _free_types())


@cache
def _free_types() -> tuple[str, ...]:
    lines = (line.strip() for line in FREE.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _line(
    component: str, item: Item, resources: list[Resource], price: Price | None, region: str
) -> Line:
    return Line(
        component,
        item.what,
        tuple(resource.name for resource in resources),
        item.quantity * len(resources),
        item.assumption,
        price,
        elsewhere=price is not None and not price.holds_in(region),
    )


def over_budget(stack: str, cost: Estimate, budget: float | None) -> str | None:
    """Return why the estimate breaks the budget, or None if it doesn't."""
    if budget is None or cost.total <= budget:
        return None
    unknown = len(cost.unknown)
    rest = f"; {unknown} of unknown price would come on top" if unknown else ""
    return (
        f"stack '{stack}' would cost about ${cost.total:,.2f} a month, "
        f"${cost.total - budget:,.2f} over the budget of ${budget:,.2f}{rest}"
    )
