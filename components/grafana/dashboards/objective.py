"""What a service promises, and how much of what may fail is left.

After https://sre.google/workbook/alerting-on-slos/ (2026-11); metrics as in `served.py`.
"""

from components.grafana.dashboards.declared import Declared, Objective
from components.grafana.dashboards.model import Panel, Query, Row, Unit
from components.grafana.dashboards.promql import ratio, total
from components.grafana.dashboards.served import DURATION, failing, rate_of, requests
from components.grafana.dashboards.shapes import Around, bad_above, bad_below, series, stat
from components.service.slo import hour_burn


def budget(declared: Declared, around: Around, objective: Objective) -> Row:
    """Return the row of a service's objective."""
    allowed, days = 1 - objective.availability, objective.days
    missed = failing(declared, around, f"{days}d")
    panels = [
        stat(
            f"Availability, {days} days",
            f"Objective: {objective.availability * 100:g} % of the requests do not fail.",
            Unit.RATIO,
            f"1 - {missed}",
            thresholds=bad_below(objective.availability, objective.availability),
            decimals=3,
        ),
        stat(
            "Budget left",
            f"Part of the failures that the objective allows in {days} days, and that did not "
            "happen. Below 0 the objective is missed.",
            Unit.RATIO,
            f"1 - {missed} / {allowed:.6g}",
            thresholds=bad_below(0, 0.25),
            minimum=None,
        ),
        _burn(declared, around, objective),
    ]
    if objective.latency_seconds:
        panels.insert(2, _latency(declared, around, objective))
    return Row("Service level objective", tuple(panels))


def _burn(declared: Declared, around: Around, objective: Objective) -> Panel:
    allowed, page = 1 - objective.availability, hour_burn(objective.days)
    return series(
        "How fast the budget burns",
        f"1: it lasts for exactly {objective.days} days. {page:g} for an hour uses up 2 % of it, "
        "and pages.",
        Unit.COUNT,
        *(
            Query(f"{failing(declared, around, window)} / {allowed:.6g}", window)
            for window in ("5m", "1h", "6h")
        ),
        thresholds=bad_above(1, page),
        width=12,
    )


def _latency(declared: Declared, around: Around, objective: Objective) -> Panel:
    le = f"{objective.latency_seconds:g}"  # the runtime's library writes 1.0 for 1
    bound = requests(declared, around, le=le if "." in le else f'=~"{le}([.]0)?"')
    fast = total(f"{DURATION}_bucket{{{bound}}}", window=f"{objective.days}d")
    return stat(
        f"Within {objective.latency_seconds:g} s, {objective.days} days",
        f"Objective: {objective.latency_share * 100:g} % of the requests.",
        Unit.RATIO,
        ratio(fast, rate_of(declared, around, f"{objective.days}d")),
        thresholds=bad_below(objective.latency_share, objective.latency_share),
        decimals=3,
    )
