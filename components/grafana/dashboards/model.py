"""Dashboards as typed values. What they look like as Grafana's JSON is in `render.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

COLUMNS = 24
"""Of Grafana's grid; https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
(2026-11)."""


class Unit(str, Enum):
    """How a value is written; ids of Grafana's own formats.

    https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
    (2026-11)
    """

    BOOLEAN = "bool_yes_no"
    BYTES = "bytes"
    BYTES_PER_SECOND = "Bps"
    CORES = "suffix: cores"
    COUNT = "short"
    DOLLARS = "currencyUSD"
    HOURS = "h"
    LINES = "none"
    """Lines of logs, and spans: no numbers."""
    MILLISECONDS = "ms"
    OPERATIONS = "ops"
    """Per second."""
    RATIO = "percentunit"
    """0 to 1, shown as per cent."""
    PERCENT = "percent"
    """0 to 100, as CloudWatch has it."""
    REQUESTS = "reqps"
    """Per second."""
    SECONDS = "s"


class Kind(str, Enum):
    """Panels, by the ids of Grafana's plugins."""

    TIME_SERIES = "timeseries"
    STAT = "stat"
    GAUGE = "gauge"
    BAR_GAUGE = "bargauge"
    TABLE = "table"
    HEATMAP = "heatmap"
    LOGS = "logs"
    TRACES = "traces"


class Source(str, Enum):
    """Data sources, by their uid; `components/grafana/sources.py` provisions them."""

    PROMETHEUS = "prometheus"
    ALERTMANAGER = "alertmanager"
    TEMPO = "tempo"
    ELASTICSEARCH = "elasticsearch"
    CLOUDWATCH = "cloudwatch"
    XRAY = "xray"


class Color(str, Enum):
    """Of thresholds."""

    GOOD = "green"
    WARNING = "orange"
    BAD = "red"
    NEUTRAL = "blue"


@dataclass(frozen=True)
class Threshold:
    """From a value on, another color."""

    value: float
    color: Color


@dataclass(frozen=True)
class Query:
    """PromQL."""

    expr: str
    legend: str = ""
    """`{{label}}` stands for a label's value."""


@dataclass(frozen=True)
class LogSearch:
    """Lines of logs in Elasticsearch, newest first."""

    query: str
    """Lucene's syntax."""
    limit: int = 200


@dataclass(frozen=True)
class LogCount:
    """How many lines there are, by the values of a field."""

    query: str
    field: str


@dataclass(frozen=True)
class TraceSearch:
    """Traces in Tempo."""

    query: str
    """TraceQL."""
    limit: int = 20


@dataclass(frozen=True)
class TraceById:
    """One trace in Tempo."""

    trace_id: str


Target = Query | LogSearch | LogCount | TraceSearch | TraceById


@dataclass(frozen=True)
class Link:
    """From a panel to another page."""

    title: str
    url: str


@dataclass(frozen=True)
class Panel:
    """One picture."""

    title: str
    description: str
    """What it shows and, where that is not plain, when to worry."""
    unit: Unit
    targets: tuple[Target, ...]
    kind: Kind = Kind.TIME_SERIES
    width: int = 8
    """Columns at least: a line's panels share what is left."""
    height: int = 8
    thresholds: tuple[Threshold, ...] = ()
    """Colors above the first one; all is good below."""
    links: tuple[Link, ...] = ()
    stacked: bool = False
    minimum: float | None = 0
    maximum: float | None = None
    decimals: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is written for a value, by the value."""
    hidden: tuple[str, ...] = ()
    """Columns of a table that are not shown."""


@dataclass(frozen=True)
class Row:
    """Panels under a heading."""

    title: str
    panels: tuple[Panel, ...]
    collapsed: bool = False


@dataclass(frozen=True)
class Choice:
    """A variable whose values are those of a label."""

    name: str
    label: str
    query: str
    """`label_values(SELECTOR, LABEL)`."""
    description: str = ""
    every: str = ".*"
    """What stands for all of them in a query."""


@dataclass(frozen=True)
class Text:
    """A variable that one types in."""

    name: str
    label: str
    description: str = ""
    default: str = ""


Variable = Choice | Text


@dataclass(frozen=True)
class Annotation:
    """Marks on all time series: a query whose values are times, in milliseconds."""

    title: str
    expr: str
    text: str


@dataclass(frozen=True)
class Dashboard:
    """A page of panels."""

    uid: str
    """Fixed, so that links to it last: small letters, digits and hyphens, at most 40."""
    title: str
    description: str
    folder: str
    rows: tuple[Row, ...]
    tags: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    hours: int = 6
    """How far back it looks at first."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All of them."""
        return tuple(panel for row in self.rows for panel in row.panels)
