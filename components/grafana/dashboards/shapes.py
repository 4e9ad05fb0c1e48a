"""Panels in the shapes that all dashboards use, thresholds, and links between dashboards."""

from dataclasses import dataclass, field

from components.grafana.dashboards.model import (
    Choice,
    Color,
    Kind,
    Link,
    LogSearch,
    Panel,
    Query,
    Threshold,
    TraceSearch,
    Unit,
)

PLATFORM, SERVICES, DATA = "Platform", "Services", "Data"
"""Folders."""

TIMES = "${__url_time_range}"
"""Grafana's own: the time range of the page that a link is on."""


@dataclass(frozen=True)
class Around:
    """What there is beside metrics."""

    logs: bool = False
    """In Elasticsearch."""
    traces: bool = False
    """In Tempo."""
    namespace: str = "services"
    """Of services and workers."""
    parts: frozenset[str] = field(default_factory=frozenset[str])
    """Dashboards that there are, by uid, so that no link leads to nothing."""


def bad_above(warning: float, bad: float) -> tuple[Threshold, ...]:
    """Return the thresholds of what had better stay low."""
    return Threshold(warning, Color.WARNING), Threshold(bad, Color.BAD)


def bad_below(bad: float, good: float) -> tuple[Threshold, ...]:
    """Return the thresholds of what had better stay high: below `bad` it is red."""
    return Threshold(bad, Color.WARNING), Threshold(good, Color.GOOD)


ANY_IS_BAD = (Threshold(1, Color.BAD),)


def stat(
    title: str,
    description: str,
    unit: Unit,
    expr: str,
    *,
    thresholds: tuple[Threshold, ...] = (),
    links: tuple[Link, ...] = (),
    decimals: int | None = None,
    minimum: float | None = 0,
) -> Panel:
    """Return one number."""
    return Panel(
        title,
        description,
        unit,
        (Query(expr),),
        kind=Kind.STAT,
        width=4,
        height=4,
        thresholds=thresholds,
        links=links,
        decimals=decimals,
        minimum=minimum,
    )


def series(
    title: str,
    description: str,
    unit: Unit,
    *queries: Query,
    thresholds: tuple[Threshold, ...] = (),
    links: tuple[Link, ...] = (),
    stacked: bool = False,
    maximum: float | None = None,
    width: int = 8,
) -> Panel:
    """Return lines over time."""
    return Panel(
        title,
        description,
        unit,
        queries,
        thresholds=thresholds,
        links=links,
        stacked=stacked,
        maximum=maximum,
        width=width,
    )


def table(
    title: str,
    description: str,
    unit: Unit,
    *queries: Query,
    hidden: tuple[str, ...] = (),
    width: int = 12,
) -> Panel:
    """Return the latest values, a line for each combination of labels."""
    return Panel(
        title, description, unit, queries, kind=Kind.TABLE, width=width, height=9, hidden=hidden
    )


def bars(title: str, description: str, unit: Unit, query: Query, *, width: int = 8) -> Panel:
    """Return the latest values, as bars."""
    return Panel(title, description, unit, (query,), kind=Kind.BAR_GAUGE, width=width)


def heatmap(title: str, description: str, unit: Unit, buckets: str, *, width: int = 12) -> Panel:
    """Return how a histogram's observations spread, over time.

    :param buckets: expression that gives a series for each `le`.
    """
    return Panel(
        title, description, unit, (Query(buckets, "{{le}}"),), kind=Kind.HEATMAP, width=width
    )


def log_lines(title: str, description: str, query: str) -> Panel:
    """Return lines of logs; their `trace_id` leads to the trace."""
    return Panel(
        title, description, Unit.LINES, (LogSearch(query),), kind=Kind.LOGS, width=24, height=12
    )


def trace_list(title: str, description: str, query: str) -> Panel:
    """Return traces, each with a link to its picture."""
    return Panel(
        title, description, Unit.LINES, (TraceSearch(query),), kind=Kind.TABLE, width=24, height=9
    )


def link(title: str, uid: str, **variables: str) -> Link:
    """Return a link to another dashboard at the same times."""
    chosen = "".join(f"&var-{name}={value}" for name, value in variables.items())
    return Link(title, f"/d/{uid}?{TIMES}{chosen}")


def chosen(name: str, label: str, selector: str, of: str, description: str = "") -> Choice:
    """Return a variable with the values of the label `of`."""
    return Choice(name, label, f"label_values({selector}, {of})", description)
