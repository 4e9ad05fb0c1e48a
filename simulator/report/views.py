"""Everything that is computed from a report, once, for whatever form it is written in."""

from dataclasses import dataclass

from simulator.report.cost import Estimate, estimate
from simulator.report.difference import Comparison, compare
from simulator.report.exposure import Origin, Reach, reaches, ways_out
from simulator.report.graph import Graph, graph_of
from simulator.report.guidelines import Guideline, guidelines
from simulator.report.iam import Grant, grants
from simulator.report.model import Report


@dataclass(frozen=True)
class Against:
    """What the report is compared with."""

    comparison: Comparison
    cost: Estimate
    graph: Graph


@dataclass(frozen=True)
class Views:
    report: Report
    graph: Graph
    cost: Estimate
    grants: tuple[Grant, ...]
    reaches: tuple[Reach, ...]
    ways_out: tuple[tuple[str, str], ...]
    guidelines: tuple[Guideline, ...]
    against: Against | None
    budget: float | None
    """US dollars a month."""

    @property
    def from_internet(self) -> tuple[Reach, ...]:
        """What can be reached from outside."""
        return tuple(reach for reach in self.reaches if reach.kind is Origin.INTERNET)

    @property
    def over_budget(self) -> bool:
        """Tell whether the estimate is more than the budget, if there is one."""
        return self.budget is not None and self.cost.total > self.budget

    def cost_changes(self) -> list[tuple[str, float, float]]:
        """Return (component, before, now) in dollars where it is not the same as in the base."""
        if self.against is None:
            return []
        now, before = self.cost.by_component(), self.against.cost.by_component()
        pairs = [(name, before.get(name, 0), now.get(name, 0)) for name in {**now, **before}]
        return [pair for pair in pairs if abs(pair[2] - pair[1]) >= 0.005]

    def guidelines_by(self, status: str) -> tuple[Guideline, ...]:
        """Return the guidelines of one status."""
        return tuple(g for g in self.guidelines if g.status == status)


def views_of(report: Report, *, base: Report | None = None, budget: float | None = None) -> Views:
    """Compute all views of a report, against `base` if there is one."""
    graph = graph_of(report)
    against = None
    if base:
        base_graph = graph_of(base)
        against = Against(compare(report, base), estimate(base, base_graph), base_graph)
    return Views(
        report=report,
        graph=graph,
        cost=estimate(report, graph),
        grants=grants(report, graph),
        reaches=reaches(report, graph),
        ways_out=ways_out(report, graph),
        guidelines=guidelines(report),
        against=against,
        budget=budget,
    )
