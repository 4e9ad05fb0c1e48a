"""What a mesh may be told, and what it makes of it."""

from collections.abc import Mapping
from typing import cast

import pulumi
import pytest

from components._base.errors import InvalidInput
from components.mesh import (
    MeshArgs,
    MeshInboundPolicy,
    MeshPlan,
    MeshSpec,
    node_problems,
    plan_mesh,
)
from components.mesh.spec import MeshVizSpec

NEEDED: Mapping[str, object] = {"cert_manager_namespace": "cert-manager"}


def plan(**given: object) -> MeshPlan:
    return plan_mesh(cast("MeshArgs", {**NEEDED, **given}))


def test_the_defaults_are_those_of_production():
    made = plan()
    assert made.spec.replicas == 3
    assert made.highly_available
    assert made.spec.inbound_policy is MeshInboundPolicy.DENY
    assert made.spec.trust_anchors == ("a",)
    assert made.anchor_hours == 10 * 365 * 24
    assert made.spec.gateway_api
    assert made.spec.viz is None


def test_numbers_may_arrive_as_floats():
    assert plan(replicas=2.0, trust_anchor_years=5.0).spec.replicas == 2


def test_every_step_of_a_rotation_starts_pods_anew():
    steps = [["a"], ["a", "b"], ["b", "a"], ["b"]]
    assert len({plan(trust_anchors=step).trust_version for step in steps}) == len(steps)
    assert plan(trust_anchors=["a"]).trust_version == plan().trust_version


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({"replicas": 0}, "replicas", "greater than or equal to 1"),
        ({"inbound_policy": "allow"}, "inbound_policy", "'deny', 'audit'"),
        ({"inbound_policy": "all-unauthenticated"}, "inbound_policy", "cluster-authenticated"),
        ({"trust_anchors": []}, "trust_anchors", "one to 3 names are needed"),
        ({"trust_anchors": ["a", "b", "c", "d"]}, "trust_anchors", "one to 3 names are needed"),
        ({"trust_anchors": ["A_1"]}, "trust_anchors", "A_1"),
        ({"trust_anchors": ["a", "a"]}, "trust_anchors", "an anchor is named twice"),
        ({"trust_anchor_years": 1}, "trust_anchor_years", "greater than or equal to 2"),
        ({"metrics_namespaces": ["Prometheus"]}, "metrics_namespaces", "Prometheus"),
        ({"viz": {}}, "viz.prometheus_url", "is required"),
        ({"viz": {"prometheus_url": "prometheus:9090"}}, "viz.prometheus_url", "SERVICE.NAMESPACE"),
        (
            {"viz": {"prometheus_url": "http://prometheus.example.com.evil:9090"}},
            "viz.prometheus_url",
            "service in the cluster",
        ),
        (
            {"tracing": {"collector": "http://c.n:1", "service_account": "a", "namespace": "n"}},
            "tracing.collector",
            "without http://",
        ),
        (
            {"proxy": {"memory_mib": 512}},
            "proxy",
            "memory_limit_mib: 250 is less than memory_mib, 512",
        ),
        ({"replica": 3}, "replica", "did you mean 'replicas'?"),
    ],
)
def test_what_is_wrong_is_named(given: Mapping[str, object], path: str, words: str):
    with pytest.raises(InvalidInput) as raised:
        plan(**given)
    assert [problem.path for problem in raised.value.problems] == [path]
    assert words in raised.value.problems[0].reason


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InvalidInput) as raised:
        plan(replicas=0, trust_anchors=[], proxy={"cpu_millis": 0})
    assert {p.path for p in raised.value.problems} == {
        "replicas",
        "trust_anchors",
        "proxy.cpu_millis",
    }


def test_what_decides_over_resources_is_no_output():
    with pytest.raises(InvalidInput, match="must be a plain value"):
        plan(replicas=pulumi.Output.from_input(3))


@pytest.mark.parametrize(
    ("url", "namespace", "port"),
    [
        ("http://prometheus-operated.observability:9090", "observability", 9090),
        ("https://p.n.svc:443/prefix", "n", 443),
        ("http://p.n.svc.cluster.local:9090", "n", 9090),
    ],
)
def test_the_namespace_of_prometheus_is_in_its_url(url: str, namespace: str, port: int):
    viz = MeshVizSpec(prometheus_url=url)  # pyright: ignore[reportCallIssue]
    assert (viz.prometheus_namespace, viz.prometheus_port) == (namespace, port)


def test_a_section_of_a_stack_file_is_the_components_args():
    section = {
        "replicas": 2,
        "trustAnchors": ["b", "a"],
        "viz": {"prometheusUrl": "http://p.n:9090"},
        "inboundPolicy": "audit",
    }
    args = MeshSpec.model_validate(section).to_args(MeshArgs, **NEEDED, tags={"owner": "me"})
    made = plan_mesh(args).spec
    assert (made.replicas, made.trust_anchors) == (2, ("b", "a"))
    assert made.inbound_policy is MeshInboundPolicy.AUDIT
    assert made.viz
    assert made.viz.replicas == 2


def test_each_replica_needs_a_node():
    spec = MeshSpec()  # pyright: ignore[reportCallIssue]
    assert node_problems(spec, 3) == []
    assert node_problems(spec, 2) == ["replicas: 3 need a system node each, but there may be 2"]
