import re
from xml.etree import ElementTree as ET

import pytest

from simulator.report import gantt
from simulator.report.graph import graph_of
from tests.unit.reports import Deployment, platform


def test_the_critical_path_and_long_waits_are_rows_in_order_of_their_start():
    report = platform().report()
    rows = gantt.rows_of(report.timeline, graph_of(report))
    starts = [row.start for row in rows]
    assert starts == sorted(starts)
    labels = {row.label: row.critical for row in rows}
    assert labels["kafka-cluster"] is True
    assert labels["cluster-eks"] is False


def test_what_takes_the_same_time_is_one_row():
    made = Deployment()
    for number in range(4):
        made.add("aws:ec2/vpcEndpoint:VpcEndpoint", f"endpoint-{number}")
    report = made.report()
    rows = gantt.rows_of(report.timeline, graph_of(report))
    assert {row.label for row in rows if not row.critical} == {"endpoint-1 and 2 more"}


def test_bars_stay_inside_the_drawing():
    report = platform().report()
    svg = gantt.draw(report.timeline, graph_of(report))
    ET.fromstring(svg)  # noqa: S314 - our own output
    bars = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    assert bars
    assert all(float(x) + float(width) < gantt.WIDTH for x, width in bars)


def test_an_empty_stack_has_an_empty_timeline():
    report = Deployment().report()
    assert "0 s" in gantt.draw(report.timeline, graph_of(report))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (100, "1 min 40 s"), (1430, "24 min")],
)
def test_times(seconds: float, text: str):
    assert gantt.minutes(seconds) == text
