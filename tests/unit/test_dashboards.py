"""Dashboards: valid for Grafana and Prometheus, and of what was declared only."""

import functools
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import promql_parser
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard as Model

from components.grafana.dashboards import (
    PARTS,
    Around,
    Dashboard,
    Declared,
    Objective,
    dashboard_json,
    dashboards,
    render,
)
from components.grafana.dashboards.cloudwatch import dimension, exported
from components.grafana.dashboards.layout import places
from components.grafana.dashboards.model import (
    COLUMNS,
    Annotation,
    Choice,
    Kind,
    Panel,
    Query,
    Unit,
)
from components.grafana.dashboards.promql import pods_of, ratio
from components.grafana.dashboards.render import SCHEMA_VERSION, TAG
from components.metrics.cloudwatch import WANTED
from components.service.slo import BUCKET_SECONDS
from tests.alerts.promtool import complaint, promtool

__all__ = ["promtool"]

Json = dict[str, Any]

ORDERS = Declared(
    "orders",
    public=True,
    objective=Objective(0.999, 0.5),
    cache=True,
    search=True,
    tables=("orders",),
    produces=("orders.events",),
    calls=("catalog", "prices"),
)
CONSUMER = Declared("notifications", consumes=("orders.events",), group="notes")
MAILER = Declared("mailer", worker=True, cache=True, rabbitmq=True, queue="mails")
PLAIN = Declared("plain")
EVERYTHING = Around(logs=True, traces=True, parts=frozenset([*PARTS, "rabbitmq"]))


@functools.cache
def every() -> tuple[Dashboard, ...]:
    return tuple(dashboards(EVERYTHING, [ORDERS, CONSUMER, MAILER, PLAIN]))


@functools.cache
def of(declared: Declared, around: Around = EVERYTHING) -> Dashboard:
    return dashboards(around, [declared])[-1]


def titles(dashboard: Dashboard) -> set[str]:
    return {panel.title for panel in dashboard.panels}


def rows(dashboard: Dashboard) -> list[str]:
    return [row.title for row in dashboard.rows]


def panels_of(model: Mapping[str, Any]) -> list[Json]:
    """Return all panels of the JSON, rows and what is folded up in them among them."""
    top = cast("list[Json]", model["panels"])
    return [*top, *itertools.chain.from_iterable(each.get("panels", []) for each in top)]


# What is asked of Prometheus ----------------------------------------------------------------------


def filled(expr: str) -> str:
    """Return an expression with values where Grafana puts some."""
    expr = expr.replace("$__rate_interval", "5m")
    return re.sub(r'(["|.])\$\w+', r"\1some", expr)


def expressions(dashboard: Dashboard) -> Iterator[tuple[str, str]]:
    """Give each PromQL expression, and where it is."""
    for panel in dashboard.panels:
        for target in panel.targets:
            if isinstance(target, Query):
                yield f"{dashboard.uid}: {panel.title}", filled(target.expr)
    for annotation in dashboard.annotations:
        yield f"{dashboard.uid}: {annotation.title}", filled(annotation.expr)
    for variable in dashboard.variables:
        if isinstance(variable, Choice):
            match = re.fullmatch(r"label_values\((.+), \w+\)", variable.query)
            assert match, variable.query
            yield f"{dashboard.uid}: ${variable.name}", filled(match[1])


def all_expressions() -> list[tuple[str, str]]:
    return [pair for dashboard in every() for pair in expressions(dashboard)]


def selectors(expr: str) -> list[promql_parser.VectorSelector]:
    found: list[promql_parser.VectorSelector] = []

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.MatrixSelector):
            found.append(node.vector_selector)
        elif isinstance(node, promql_parser.VectorSelector):
            found.append(node)

    promql_parser.walk(promql_parser.parse(expr), visit)
    return found


def test_every_expression_is_promql():
    wrong: list[str] = []
    for where, expr in all_expressions():
        try:
            promql_parser.parse(expr)
        except ValueError as error:
            wrong.append(f"{where}: {error}: {expr}")
    assert not wrong, "\n".join(wrong)
    assert len(all_expressions()) > 250
    assert not [expr for _, expr in all_expressions() if "$" in expr]


def test_prometheus_itself_takes_every_expression(promtool: str, tmp_path: Path):
    rules = [
        {"record": f"dashboards:r{index}", "expr": expr}
        for index, (_, expr) in enumerate(all_expressions())
    ]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": "dashboards", "rules": rules}]}))
    assert complaint(promtool, "check", "rules", "--lint=none", file) == ""


def runtime_metrics() -> dict[str, set[str]]:
    """Return the runtime's metrics and their labels, as its module declares them."""
    root = Path(__file__).parents[2] / "examples" / "services" / "runtime" / "src"
    text = (root / "platform_runtime" / "metrics.py").read_text()
    declared = re.findall(
        r"(Histogram|Gauge|Counter)\(\s*\"(\w+)\",\s*\"[^\"]*\",?\s*(\([^)]*\))?", text
    )
    found: dict[str, set[str]] = {}
    for kind, name, labels in declared:
        names = set(re.findall(r'"(\w+)"', labels))
        ends = ("_count", "_sum", "_bucket") if kind == "Histogram" else ("",)
        for end in ends:
            found[name + end] = names | ({"le"} if end == "_bucket" else set())
    return found


def test_services_are_asked_for_metrics_and_labels_that_the_runtime_has():
    known = runtime_metrics()
    assert len(known) == 8
    ours = re.compile(r"http_server_|circuit_|dependency_|cache_reads|kafka_records")
    scraped = {"namespace", "job", "pod"}
    used: set[str] = set()
    for where, expr in all_expressions():
        for selector in selectors(expr):
            name = selector.name or ""
            if not ours.match(name):
                continue
            used.add(name)
            labels = {matcher.name for matcher in selector.matchers.matchers}
            assert labels <= known[name] | scraped, f"{where}: {name}"
    assert used == set(known) - {"http_server_request_duration_seconds_sum"}


def test_a_promised_latency_is_one_that_the_runtime_counts():
    """A threshold between two bounds of the histogram would find no series at all."""
    for seconds in BUCKET_SECONDS:
        promised = Declared("orders", objective=Objective(0.999, seconds))
        (panel,) = [p for p in of(promised).panels if p.title.startswith("Within")]
        (target,) = panel.targets
        assert isinstance(target, Query)
        (bound,) = [
            m for s in selectors(filled(target.expr)) for m in s.matchers.matchers if m.name == "le"
        ][:1]
        # as the library writes it, and as Prometheus 3 does
        for text in {str(float(seconds)), f"{seconds:g}" if "e" not in f"{seconds:g}" else ""}:
            assert re.fullmatch(bound.value, text), (seconds, bound.value)


def test_a_ratio_is_0_where_nothing_failed_yet_and_nothing_where_nothing_happened():
    assert ratio("a", "b") == "((a) or 0 * (b)) / ((b) > 0)"


def test_pods_of_one_workload_are_not_those_of_another():
    pods = re.compile(pods_of("orders"))
    assert pods.fullmatch("orders-7d4b9c6f58-x2x7k")
    assert not pods.fullmatch("orders-export-7d4b9c6f58-x2x7k")


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        (("AWS/ElastiCache", "CurrConnections", "Average"), "curr_connections_average"),
        (("AWS/ElastiCache", "EngineCPUUtilization", "Maximum"), "engine_cpuutilization_maximum"),
        (("AWS/AmazonMQ", "RabbitMQMemUsed", "Maximum"), "rabbit_mqmem_used_maximum"),
        (("AWS/Lambda", "Duration", "p99"), "duration_p99"),
        (("AWS/ApiGateway", "5xx", "Sum"), "5xx_sum"),
    ],
)
def test_cloudwatch_metrics_have_the_exporters_names(metric: tuple[str, str, str], name: str):
    head = metric[0].lower().replace("/", "_")
    assert exported(*metric) == f"{head}_{name}"
    assert dimension("Broker ID") == "dimension_Broker_ID"


def test_what_is_asked_of_cloudwatch_is_what_the_exporter_reads():
    """Each metric costs money with every read, so the exporter reads what is on its list only."""
    read = {
        exported(wanted.namespace, metric, statistic)
        for wanted in WANTED.values()
        for metric, statistics in wanted.metrics.items()
        for statistic in statistics
    }
    asked = {
        selector.name or ""
        for _, expr in all_expressions()
        for selector in selectors(expr)
        if (selector.name or "").startswith("aws_")
    }
    assert len(asked) > 30
    assert asked - read == set()


# What Grafana is given ----------------------------------------------------------------------------


def lost(ours: object, theirs: object, path: str = "") -> Iterator[str]:
    """Give what Grafana's own model has no place for."""
    if isinstance(ours, dict):
        other = cast("Json", theirs) if isinstance(theirs, dict) else {}
        for key, value in cast("Json", ours).items():
            if key not in other:
                yield f"{path}.{key}"
            else:
                yield from lost(value, other[key], f"{path}.{key}")
    elif isinstance(ours, list):
        assert isinstance(theirs, list), path
        for one, other in zip(
            cast("list[object]", ours), cast("list[object]", theirs), strict=True
        ):
            yield from lost(one, other, f"{path}[]")
    elif ours != theirs:
        yield f"{path}: {ours!r} became {theirs!r}"


PROMETHEUS_ANNOTATIONS = {
    f".annotations.list[].{key}" for key in ("step", "titleFormat", "textFormat", "useValueForTime")
}
"""Fields of Prometheus' annotations, which the model leaves to the data source:
https://www.npmjs.com/package/@grafana/prometheus 13.2.1, `PromQuery` in annotations (2026-11)."""


def test_grafanas_own_models_read_every_dashboard_whole():
    register_default_plugins()
    for dashboard in every():
        ours = cast("Json", json.loads(render(dashboard)))
        read = Model.from_json(ours)
        theirs = json.loads(json.dumps(read.to_json(), cls=JSONEncoder))
        unknown = set(lost(ours, theirs)) - PROMETHEUS_ANNOTATIONS
        assert not unknown, dashboard.uid


def test_every_panel_says_what_it_shows_and_in_which_unit():
    for dashboard in every():
        assert dashboard.description
        for panel in panels_of(dashboard_json(dashboard)):
            if panel["type"] == "row":
                continue
            assert panel["title"], dashboard.uid
            assert panel["description"].endswith((".", "`")), panel["title"]
            lines = panel["type"] in (Kind.LOGS, Kind.TRACES) or panel["title"] == "Traces"
            assert lines or panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            assert 1 <= len(panel["targets"]) <= 26


def test_panels_fill_the_page_and_none_is_over_another():
    for dashboard in every():
        model = dashboard_json(dashboard)
        ids = [panel["id"] for panel in panels_of(model)]
        assert len(ids) == len(set(ids)), dashboard.uid
        shown = cast("list[Json]", model["panels"])
        groups = [shown, *(row["panels"] for row in shown if row.get("panels"))]
        for group in groups:
            taken: set[tuple[int, int]] = set()
            for panel in group:
                spot = panel["gridPos"]
                cells = {
                    (x, y)
                    for x in range(spot["x"], spot["x"] + spot["w"])
                    for y in range(spot["y"], spot["y"] + spot["h"])
                }
                assert not cells & taken, (dashboard.uid, panel["title"])
                assert max(x for x, _ in cells) < COLUMNS
                taken |= cells


def test_a_line_is_as_wide_as_the_page():
    wide = Panel("a", "b", Unit.COUNT, (), width=8)
    found, below = places([wide] * 5, 3)
    assert [spot.json for spot in found] == [
        {"x": 0, "y": 3, "w": 8, "h": 8},
        {"x": 8, "y": 3, "w": 8, "h": 8},
        {"x": 16, "y": 3, "w": 8, "h": 8},
        {"x": 0, "y": 11, "w": 12, "h": 8},
        {"x": 12, "y": 11, "w": 12, "h": 8},
    ]
    assert below == 19


def test_uids_last_and_are_grafanas():
    uids = [dashboard.uid for dashboard in every()]
    assert len(uids) == len(set(uids))
    assert all(re.fullmatch(r"[a-z0-9-]{1,40}", uid) for uid in uids)
    assert {*PARTS, "overview", "logs", "request", "service-orders"} <= set(uids)
    assert len(of(Declared("x" * 40)).uid) == 40
    # a service that is called as a part of the platform is
    assert of(Declared("cache")).uid == "service-cache"


def test_equal_dashboards_are_equal_texts():
    again = tuple(dashboards(EVERYTHING, [ORDERS, CONSUMER, MAILER, PLAIN]))
    assert [render(one) for one in again] == [render(one) for one in every()]
    model = cast("Json", json.loads(render(again[0])))
    assert model["schemaVersion"] == SCHEMA_VERSION == 42
    assert model["editable"] is False
    assert TAG in model["tags"]


def test_links_lead_to_dashboards_that_there_are():
    for around in (EVERYTHING, Around()):
        made = dashboards(around, [ORDERS, MAILER])
        known = {dashboard.uid for dashboard in made}
        links = [
            (dashboard.uid, link.url)
            for dashboard in made
            for panel in dashboard.panels
            for link in panel.links
        ]
        assert links or around is not EVERYTHING
        for page, url in links:
            match = re.match(r"/d/([a-z0-9-]+)", url)
            assert match, url
            assert match[1] in known, (page, url)


def test_colors_go_up():
    for dashboard in every():
        for panel in panels_of(dashboard_json(dashboard)):
            steps = panel.get("fieldConfig", {}).get("defaults", {}).get("thresholds", {})
            values = [step["value"] for step in steps.get("steps", [])]
            if values:
                assert values[0] is None
                assert values[1:] == sorted(values[1:]), (dashboard.uid, panel["title"])


# What is shown of what was declared ---------------------------------------------------------------


def test_a_service_shows_what_it_uses():
    shown = titles(of(ORDERS))
    assert {"Reads of the cache", "Circuit breakers", "Records", "Requests from outside"} <= shown
    assert "Records that wait" not in shown  # it consumes nothing
    assert {"Availability, 30 days", "Budget left", "Within 0.5 s, 30 days"} <= shown
    calls = next(panel for panel in of(ORDERS).panels if panel.title == "Calls")
    assert (
        'dependency=~"cache|kafka|search|tables|catalog|prices"'
        in cast("Query", calls.targets[0]).expr
    )
    assert [link.title for link in calls.links] == ["Cache", "Kafka", "Elasticsearch"]


def test_a_service_that_uses_nothing_shows_nothing_of_it():
    assert rows(of(PLAIN, Around())) == [
        "Now",
        "Rate, errors, duration",
        "Callers, as the mesh sees them",
        "Saturation: pods and what they use",
    ]


def test_a_consumer_shows_the_lag_of_its_group():
    lag = next(panel for panel in of(CONSUMER).panels if panel.title == "Records that wait")
    assert 'groupId="notes"' in cast("Query", lag.targets[0]).expr


def test_a_budget_is_counted_over_the_days_that_were_promised():
    week = of(Declared("orders", objective=Objective(0.99, days=7)))
    left = next(panel for panel in week.panels if panel.title == "Budget left")
    assert "[7d]" in cast("Query", left.targets[0]).expr
    assert cast("Query", left.targets[0]).expr.endswith("/ 0.01")
    assert left.minimum is None  # a missed objective is below nothing
    assert not [title for title in titles(week) if title.startswith("Within")]


def test_requests_of_the_platform_itself_are_not_counted():
    """Probes come every few seconds: they would hide what users get."""
    for where, expr in all_expressions():
        for selector in selectors(expr):
            if (selector.name or "").startswith("http_server_request_duration"):
                matchers = {m.name: m.value for m in selector.matchers.matchers}
                assert matchers["http_route"] == "/health/.*|/metrics", where


def test_a_worker_shows_its_queue_and_reads_its_pod_monitor():
    mailer = of(MAILER)
    assert {"What KEDA counts", "Queue"} <= titles(mailer)
    queue = next(panel for panel in mailer.panels if panel.title == "Queue")
    asked = [cast("Query", target).expr for target in queue.targets]
    assert any('"mails.dlq"' in expr for expr in asked)
    reads = next(panel for panel in mailer.panels if panel.title == "Reads of the cache")
    assert 'job="services/mailer"' in cast("Query", reads.targets[0]).expr


def test_a_new_version_is_marked():
    (mark,) = of(ORDERS).annotations
    assert mark == Annotation(
        "Deployment",
        "max by (replicaset) (kube_replicaset_created"
        '{namespace="services", replicaset=~"orders-[a-z0-9]+"}) * 1000',
        "{{replicaset}}",
    )


def test_logs_and_traces_are_shown_where_there_are_any():
    assert {"logs", "request"} <= {d.uid for d in every()}
    assert {"logs", "request"}.isdisjoint(d.uid for d in dashboards(Around(), [ORDERS]))
    traces = dashboards(Around(traces=True), [ORDERS])
    assert [d.uid for d in traces] == ["overview", "request", "service-orders"]
    assert "Log" not in rows(traces[-1])
    assert "Traces that failed, or were slow" in rows(traces[-1])
