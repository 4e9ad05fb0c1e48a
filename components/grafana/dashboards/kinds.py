"""How each kind of panel looks: its options, and how its values are written."""

from collections.abc import Mapping

from components.grafana.dashboards.model import Color, Kind, Panel, Unit

Json = Mapping[str, object]

LATEST: Json = {"values": False, "calcs": ["lastNotNull"], "fields": ""}

OPTIONS: Mapping[Kind, Json] = {
    Kind.TIME_SERIES: {
        "legend": {
            "displayMode": "table",
            "placement": "bottom",
            "showLegend": True,
            "calcs": ["mean", "max", "lastNotNull"],
        },
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    Kind.STAT: {
        "reduceOptions": LATEST,
        "colorMode": "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "textMode": "auto",
        "wideLayout": True,
        "showPercentChange": False,
        "percentChangeColorMode": "standard",
        "orientation": "auto",
    },
    Kind.GAUGE: {
        "reduceOptions": LATEST,
        "showThresholdLabels": False,
        "showThresholdMarkers": True,
        "sizing": "auto",
        "minVizWidth": 75,
        "minVizHeight": 75,
        "orientation": "auto",
    },
    Kind.BAR_GAUGE: {
        "reduceOptions": LATEST,
        "displayMode": "basic",
        "valueMode": "color",
        "namePlacement": "auto",
        "showUnfilled": True,
        "sizing": "auto",
        "minVizWidth": 8,
        "minVizHeight": 16,
        "maxVizHeight": 300,
        "orientation": "horizontal",
        "legend": {
            "displayMode": "list",
            "placement": "bottom",
            "showLegend": False,
            "calcs": [],
        },
    },
    Kind.TABLE: {"showHeader": True, "cellHeight": "sm"},
    Kind.HEATMAP: {
        "calculate": False,
        "cellGap": 1,
        "color": {
            "mode": "scheme",
            "scheme": "Oranges",
            "scale": "exponential",
            "exponent": 0.5,
            "steps": 64,
            "reverse": False,
            "fill": "dark-orange",
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "showValue": "never",
        "tooltip": {"mode": "single", "yHistogram": False},
    },
    Kind.LOGS: {
        "dedupStrategy": "none",
        "enableLogDetails": True,
        "prettifyLogMessage": False,
        "showCommonLabels": False,
        "showLabels": False,
        "showLogContextToggle": False,
        "showTime": True,
        "sortOrder": "Descending",
        "wrapLogMessage": True,
    },
    Kind.TRACES: {},
}


def options(panel: Panel) -> Json:
    """Return the panel's options."""
    if panel.kind is Kind.HEATMAP:
        return {**OPTIONS[Kind.HEATMAP], "yAxis": {"unit": panel.unit.value, "reverse": False}}
    return OPTIONS[panel.kind]


def field_config(panel: Panel) -> Json:
    """Return how the panel's values are written and colored."""
    if panel.kind in (Kind.LOGS, Kind.TRACES):
        return {"defaults": {}, "overrides": []}
    defaults: dict[str, object] = {"color": {"mode": _coloring(panel)}, "thresholds": _steps(panel)}
    if panel.unit is not Unit.LINES:
        defaults["unit"] = panel.unit.value
    if panel.decimals is not None:
        defaults["decimals"] = panel.decimals
    if panel.minimum is not None and panel.kind is not Kind.TABLE:
        defaults["min"] = panel.minimum
    top = 1.0 if panel.kind is Kind.GAUGE and panel.unit is Unit.RATIO else panel.maximum
    if top is not None:
        defaults["max"] = top
    if panel.texts:
        words = {value: {"text": text} for value, text in panel.texts.items()}
        defaults["mappings"] = [{"type": "value", "options": words}]
    custom = _custom(panel)
    if custom:
        defaults["custom"] = custom
    return {"defaults": defaults, "overrides": []}


def _coloring(panel: Panel) -> str:
    if panel.kind is Kind.TIME_SERIES:
        return "palette-classic"
    return "thresholds"


def _steps(panel: Panel) -> Json:
    """Return the thresholds; the first color has no value: it is below all others."""
    first = Color.GOOD if panel.thresholds else Color.NEUTRAL
    if panel.thresholds and panel.thresholds[-1].color is Color.GOOD:
        first = Color.BAD  # the more, the better
    steps: list[Json] = [{"value": None, "color": first.value}]
    steps += [{"value": each.value, "color": each.color.value} for each in panel.thresholds]
    return {"mode": "absolute", "steps": steps}


def _custom(panel: Panel) -> dict[str, object]:
    """Return how lines are drawn, where Grafana's own way is another."""
    if panel.kind is not Kind.TIME_SERIES:
        return {}
    custom: dict[str, object] = {"fillOpacity": 8, "showPoints": "never"}
    if panel.stacked:
        custom |= {"fillOpacity": 30, "stacking": {"group": "A", "mode": "normal"}}
    if panel.thresholds:  # lines where a value turns bad
        custom["thresholdsStyle"] = {"mode": "dashed"}
    return custom
