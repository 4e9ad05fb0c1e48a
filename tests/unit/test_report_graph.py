import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from simulator.report import diagram
from simulator.report.graph import Edge, Graph, graph_of
from simulator.report.layers import LAYERS, layer_of
from tests.unit.reports import Deployment, platform


def test_resources_are_grouped_by_component():
    graph = graph_of(platform().report())
    sizes = {c.name: (c.kind, c.layer, len(c.resources)) for c in graph.components}
    assert sizes == {
        "network": ("Network", "network", 5),
        "cluster": ("Cluster", "cluster", 1),
        "kafka": ("Kafka", "data", 4),
    }


def test_edges_are_real_dependencies_between_components():
    graph = graph_of(platform().report())
    assert {(e.source, e.target): e.count for e in graph.edges} == {
        ("cluster", "network"): 3,  # a subnet in each zone
        ("kafka", "cluster"): 1,  # the rule that lets the cluster in
        ("kafka", "network"): 4,
    }


def test_what_a_chain_implies_is_not_drawn_at_first():
    graph = graph_of(platform().report())
    essential = {(e.source, e.target) for e in graph.essential()}
    assert essential == {("kafka", "cluster"), ("cluster", "network")}
    svg = diagram.draw(graph, {})
    assert svg.count('class="edge implied') == 1


def test_what_needs_each_other_keeps_all_that_both_need():
    edges = (Edge("a", "b", 1), Edge("a", "c", 1), Edge("b", "a", 1), Edge("b", "c", 1))
    kept = {(e.source, e.target) for e in Graph((), edges, {}).essential()}
    assert {("a", "b"), ("b", "a")} <= kept
    assert len(kept & {("a", "c"), ("b", "c")}) == 1


def test_a_component_within_another_counts_as_the_outer_one():
    made = Deployment()
    outer = made.component("Cluster", "cluster")
    inner = made.component("Identity", "cluster-identity", parent=outer)
    made.add("aws:iam/role:Role", "cluster-identity-role", parent=inner)
    components = graph_of(made.report()).components
    assert [(c.name, len(c.resources)) for c in components] == [("cluster", 1)]


def test_what_a_provider_needs_its_resources_need():
    made = Deployment()
    cluster = made.component("Cluster", "cluster")
    eks = made.add("aws:eks/cluster:Cluster", "cluster-eks", parent=cluster)
    provider = made.add("pulumi:providers:kubernetes", "cluster", id="1", needs=[eks])
    mesh = made.component("Mesh", "mesh")
    made.add("kubernetes:core/v1:Namespace", "mesh-ns", parent=mesh, provider=provider)
    edges = graph_of(made.report()).edges
    assert [(e.source, e.target) for e in edges] == [("mesh", "cluster")]


def test_two_components_of_one_name_stay_apart():
    made = Deployment()
    for kind in ("Cache", "Kafka"):
        component = made.component(kind, "data")
        made.add("aws:kms/key:Key", f"{kind}-key", parent=component)
    names = {c.name for c in graph_of(made.report()).components}
    assert names == {"data (Cache)", "data (Kafka)"}


def test_resources_without_a_component_are_shown_too():
    made = Deployment()
    made.add("aws:s3/bucket:Bucket", "loose")
    (component,) = graph_of(made.report()).components
    assert (component.name, len(component.resources)) == ("stack", 1)


@pytest.mark.parametrize(
    ("kind", "types", "layer"),
    [
        ("Kafka", ["aws:msk/cluster:Cluster"], "data"),
        ("NobodyKnows", ["kubernetes:core/v1:Namespace"], "platform"),
        ("NobodyKnows", ["aws:s3/bucket:Bucket"], "operations"),
        ("NobodyKnows", [], "operations"),
    ],
)
def test_layers(kind: str, types: list[str], layer: str):
    assert layer_of(kind, types) == layer
    assert layer in {item.key for item in LAYERS}


def drawn(made: Deployment):
    svg = diagram.draw(graph_of(made.report()), {"kafka": 482.3})
    return svg, ET.fromstring(svg)  # noqa: S314 - our own output


def test_the_diagram_is_well_formed_and_shows_each_component_with_its_cost():
    svg, root = drawn(platform())
    ns = "{http://www.w3.org/2000/svg}"
    names = [a.get("data-component") for a in root.iter(f"{ns}a")]
    assert sorted(filter(None, names)) == ["cluster", "kafka", "network"]
    assert "$482 / month" in svg
    assert len(list(root.iter(f"{ns}path"))) == 1 + 3  # the arrowhead, and an arrow for each edge
    assert root.get("aria-label") == "3 components and what each needs"


def test_boxes_never_overlap_and_stay_inside_however_many_there_are():
    made = Deployment()
    for number in range(11):
        component = made.component("Cache", f"cache-{number}")
        made.add("aws:kms/key:Key", f"cache-{number}-key", parent=component)
    svg, root = drawn(made)
    width, height = map(float, (root.get("viewBox") or "").split()[2:])
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="252.0" height="92.0"', svg)
    boxes = [(float(x), float(y)) for x, y in found]
    assert len(boxes) == 11
    assert all(0 <= x <= width - 252 and 0 <= y <= height - 92 for x, y in boxes)
    for (x1, y1), (x2, y2) in combinations(boxes, 2):
        assert abs(x1 - x2) >= 252 or abs(y1 - y2) >= 92


def test_an_arrow_between_neighbours_in_the_first_lane_is_not_cut_off():
    made = Deployment()
    keys = [
        made.add("aws:kms/key:Key", f"{name}-key", parent=made.component("Cache", name))
        for name in ("one", "two")
    ]
    made.add("aws:kms/key:Key", "three", parent=made.component("Cache", "three"), needs=keys)
    svg, _ = drawn(made)
    arcs = re.findall(r'd="M[\d.]+ ([\d.]+) C[\d.]+ (-?[\d.]+) ', svg)
    assert len(arcs) == 2
    for start, handle in arcs:  # a Bézier curve rises by three quarters of its handles
        assert float(start) + 0.75 * (float(handle) - float(start)) > 0


def test_lanes_stand_in_the_order_of_the_layers():
    svg, _ = drawn(platform())
    titles = re.findall(r'lane-title layer-\w+">(\w+)<', svg)
    assert titles == ["Cluster", "Data", "Network"]


def test_a_hostile_name_is_only_text():
    made = Deployment()
    component = made.component("Cache", '"><script>alert(1)</script>')
    made.add("aws:kms/key:Key", "key", parent=component)
    svg, _ = drawn(made)
    assert "<script" not in svg
