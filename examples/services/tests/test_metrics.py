"""The metrics that the platform's alerts, dashboards and autoscalers ask for are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from deployed import PLATFORM
from prometheus_client import REGISTRY

from platform_runtime import metrics

READERS = (
    *("components/alerts/slo.py", "components/service/scaling.py", "components/service/slo.py"),
    *(
        f"components/grafana/dashboards/{name}.py"
        for name in ("dependencies", "served", "service", "worker", "workers")
    ),
)
OURS = re.compile(
    r"(?<![\w:])(?:http_server_request_duration|http_server_active|circuit_breaker|dependency_calls"
    r"|kafka_records|cache_reads)\w*"
)
LABELS = re.compile(r"\bhttp_(?:request_method|route|response_status_code)\b|\bhttp_\w+(?==)")

MISSING = "" if (PLATFORM / "components").is_dir() else f"the platform is not in {PLATFORM}"
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def texts(path: Path) -> Iterator[str]:
    """Give all texts of a module but those that explain it."""
    tree = ast.parse(path.read_text())
    explaining = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in explaining
        ):
            yield node.value


def read(pattern: re.Pattern[str]) -> dict[str, set[str]]:
    """Return what the readers have of a pattern, by reader."""
    return {
        reader: {found for text in texts(PLATFORM / reader) for found in pattern.findall(text)}
        for reader in READERS
    }


def exposed() -> set[str]:
    """Return the names of all series, after one of each was made."""
    metrics.duration("GET", "/", 200).observe(0.1)
    metrics.cache_reads("hit").inc()
    metrics.BREAKER.labels("peer").set(0)
    metrics.CALLS.labels("peer", "ok").inc()
    metrics.RECORDS.labels("topic", "sent", "ok").inc()
    series = {sample.name for family in REGISTRY.collect() for sample in family.samples}
    # a query adds the suffix of the series that it wants
    return series | {family.name for family in REGISTRY.collect()}


def test_each_metric_that_is_asked_for_is_there():
    asked = read(OURS)
    assert {name: found - exposed() for name, found in asked.items() if found - exposed()} == {}
    together = set[str]().union(*asked.values())
    assert together >= {"http_server_request_duration_seconds", "http_server_active_requests"}
    assert together >= {"circuit_breaker_open", "cache_reads_total", "kafka_records_total"}


def test_requests_have_the_labels_that_are_asked_for():
    labels = {"http_request_method", "http_route", "http_response_status_code"}
    sample = next(s for f in metrics.DURATION.collect() for s in f.samples)
    assert set(sample.labels) - {"le"} == labels
    asked = set[str]().union(*read(LABELS).values())
    assert {"http_route", "http_response_status_code"} <= asked <= labels


def test_thresholds_of_service_levels_are_bounds_of_the_histogram():
    tree = ast.parse((PLATFORM / "components/service/slo.py").read_text())
    (bounds,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "BUCKET_SECONDS"
    )
    numbers = [n.value for n in ast.walk(bounds) if isinstance(n, ast.Constant)]
    assert numbers == list(metrics.BUCKETS)
