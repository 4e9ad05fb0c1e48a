"""Dashboards as Grafana's JSON: the classic model, which files and ConfigMaps are provisioned in.

Names and values are those of https://www.npmjs.com/package/@grafana/schema 13.2.3 (2026-11);
tests/unit/test_dashboards.py compares with Grafana's own models.
"""

import json
import string
from collections.abc import Mapping, Sequence

from components.grafana.dashboards.kinds import field_config, options
from components.grafana.dashboards.layout import HEADING, Place, places
from components.grafana.dashboards.model import (
    COLUMNS,
    Annotation,
    Choice,
    Dashboard,
    Kind,
    Link,
    LogCount,
    LogSearch,
    Panel,
    Query,
    Row,
    Source,
    Target,
    TraceSearch,
    Variable,
)

Json = Mapping[str, object]

SCHEMA_VERSION = 42
"""`defaultDashboard.schemaVersion` of @grafana/schema 13.2.3 (2026-11)."""

TAG = "fastapi-platform"
"""Of all dashboards; by it they link to each other."""

REFRESH = "1m"

INSTANT = (Kind.STAT, Kind.GAUGE, Kind.BAR_GAUGE, Kind.TABLE)
"""Panels that show the latest values, and ask for no others."""


def render(dashboard: Dashboard) -> str:
    """Return the file's text: equal dashboards give equal texts."""
    return json.dumps(dashboard_json(dashboard), sort_keys=True, separators=(",", ":"))


def dashboard_json(dashboard: Dashboard) -> Json:
    """Return the dashboard as Grafana has it."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": [TAG, *dashboard.tags],
        "timezone": "browser",
        "editable": False,
        "graphTooltip": 1,  # one crosshair over all panels
        "schemaVersion": SCHEMA_VERSION,
        "refresh": REFRESH,
        "time": {"from": f"now-{dashboard.hours}h", "to": "now"},
        "links": [_siblings()],
        "annotations": {"list": [_annotation(each) for each in dashboard.annotations]},
        "templating": {"list": [_variable(each) for each in dashboard.variables]},
        "panels": _panels(dashboard.rows),
    }


def source(uid: Source) -> Json:
    """Return a reference to a data source."""
    kinds = {Source.XRAY: "grafana-x-ray-datasource"}
    return {"type": kinds.get(uid, uid.value), "uid": uid.value}


def _panels(rows: Sequence[Row]) -> list[Json]:
    made: list[Json] = []
    top, number = 0, 1
    for row in rows:
        heading = Place(0, top, COLUMNS, HEADING)
        spots, below = places(row.panels, top + HEADING)
        inner = [
            _panel(panel, spot, number + 1 + index)
            for index, (panel, spot) in enumerate(zip(row.panels, spots, strict=True))
        ]
        made.append(
            {
                "type": "row",
                "id": number,
                "title": row.title,
                "collapsed": row.collapsed,
                "gridPos": heading.json,
                "panels": inner if row.collapsed else [],
            }
        )
        if row.collapsed:
            below = top + HEADING
        else:
            made += inner
        top, number = below, number + 1 + len(inner)
    return made


def _panel(panel: Panel, place: Place, number: int) -> Json:
    targets = [
        _target(target, ref, panel.kind)
        for target, ref in zip(panel.targets, string.ascii_uppercase, strict=False)
    ]
    made: dict[str, object] = {
        "type": panel.kind.value,
        "id": number,
        "title": panel.title,
        "description": panel.description,
        "gridPos": place.json,
        "datasource": targets[0]["datasource"],
        "targets": targets,
        "fieldConfig": field_config(panel),
        "options": options(panel),
    }
    if panel.links:
        made["links"] = [_link(link) for link in panel.links]
    if panel.kind is Kind.TABLE and isinstance(panel.targets[0], Query):
        made["transformations"] = _one_table(panel)
    return made


def _one_table(panel: Panel) -> list[Json]:
    """Return what puts the queries of a table into one, without the times."""
    hidden = dict.fromkeys(("Time", *panel.hidden), True)
    named = {
        f"Value #{ref}" if len(panel.targets) > 1 else "Value": target.legend
        for target, ref in zip(panel.targets, string.ascii_uppercase, strict=False)
        if isinstance(target, Query)
    }
    return [
        {"id": "merge", "options": {}},
        {"id": "organize", "options": {"excludeByName": hidden, "renameByName": named}},
    ]


def _target(target: Target, ref: str, kind: Kind) -> Json:
    if isinstance(target, Query):
        return _promql(target, ref, kind)
    if isinstance(target, LogSearch | LogCount):
        return {"refId": ref, "datasource": source(Source.ELASTICSEARCH), **_logs(target)}
    if isinstance(target, TraceSearch):
        found = {"queryType": "traceql", "query": target.query, "limit": target.limit}
        found["tableType"] = "traces"
    else:
        found = {"queryType": "traceql", "query": target.trace_id}
    return {"refId": ref, "datasource": source(Source.TEMPO), **found}


def _promql(query: Query, ref: str, kind: Kind) -> Json:
    formats = {Kind.TABLE: "table", Kind.HEATMAP: "heatmap"}
    return {
        "refId": ref,
        "datasource": source(Source.PROMETHEUS),
        "expr": query.expr,
        "legendFormat": query.legend or "__auto",
        "format": formats.get(kind, "time_series"),
        **({"instant": True} if kind in INSTANT else {"range": True}),
    }


def _logs(target: LogSearch | LogCount) -> Json:
    if isinstance(target, LogSearch):
        settings = {"limit": str(target.limit)}
        return {
            "query": target.query,
            "timeField": "@timestamp",
            "metrics": [{"id": "1", "type": "logs", "settings": settings}],
            "bucketAggs": [],
        }
    by_value = {"size": "10", "order": "desc", "orderBy": "_count"}
    return {
        "query": target.query,
        "timeField": "@timestamp",
        "metrics": [{"id": "1", "type": "count"}],
        "bucketAggs": [
            {"id": "2", "type": "terms", "field": target.field, "settings": by_value},
            {
                "id": "3",
                "type": "date_histogram",
                "field": "@timestamp",
                "settings": {"interval": "auto"},
            },
        ],
    }


def _variable(variable: Variable) -> Json:
    common = {
        "name": variable.name,
        "label": variable.label,
        "description": variable.description,
    }
    if not isinstance(variable, Choice):
        typed = {"text": variable.default, "value": variable.default}
        return {**common, "type": "textbox", "query": variable.default, "current": typed}
    return {
        **common,
        "type": "query",
        "datasource": source(Source.PROMETHEUS),
        "query": {"query": variable.query, "refId": "variable"},
        "refresh": 2,  # whenever the time range changes
        "sort": 1,  # by the alphabet
        "multi": True,
        "includeAll": True,
        "allValue": variable.every,
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def _annotation(annotation: Annotation) -> Json:
    return {
        "name": annotation.title,
        "datasource": source(Source.PROMETHEUS),
        "enable": True,
        "iconColor": "blue",
        "expr": annotation.expr,
        "step": "1m",
        "titleFormat": annotation.title,
        "textFormat": annotation.text,
        "useValueForTime": True,
    }


def _siblings() -> Json:
    """Return the list of the other dashboards."""
    return {**_LINK, "type": "dashboards", "title": "Dashboards", "tags": [TAG], "keepTime": True}


def _link(link: Link) -> Json:
    return {**_LINK, "type": "link", "title": link.title, "url": link.url, "asDropdown": False}


_LINK: Json = {
    "icon": "external link",
    "tooltip": "",
    "tags": [],
    "asDropdown": True,
    "includeVars": False,
    "keepTime": False,
    "targetBlank": False,
}
