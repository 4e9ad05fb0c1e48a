"""What metrics, traces, logs, dashboards and alerts stand on."""

import functools
from collections.abc import Mapping
from typing import cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components._base.errors import InvalidInput
from components._base.order import after
from components.charts import CATALOG
from components.gateway.names import ROUTES_ALLOWED
from components.observability import Observability, ObservabilityArgs
from components.observability.names import AGENTS_NAMESPACE, NAMESPACE
from tests.harness import Recorder, build

RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"

Json = Mapping[str, object]


def make(**given: object) -> Recorder[Observability]:
    def program() -> Observability:
        cluster = aws.eks.Cluster(
            "eks", name="blue", role_arn="r", vpc_config={"subnet_ids": ["a", "b"]}
        )
        inside = pulumi.ResourceOptions(deleted_with=cluster)
        storage = kubernetes.storage.v1.StorageClass("gp3", provisioner="ebs.csi.aws.com")
        ready = after(pulumi.Output.from_input("gp3"), [storage])
        args = {"requires": [ready], **given}
        return Observability("observability", cast("ObservabilityArgs", args), inside)

    return build(program)


@functools.cache
def production() -> Recorder[Observability]:
    return make(protect=True, mirror="registry.example.com/mirror")


@functools.cache
def small() -> Recorder[Observability]:
    return make()


@pytest.mark.parametrize(
    ("name", "level"), [(NAMESPACE, "restricted"), (AGENTS_NAMESPACE, "privileged")]
)
def test_only_what_reads_the_nodes_files_is_privileged(name: str, level: str):
    metadata = cast(
        "Mapping[str, Json]",
        small().named(f"observability-{name}-namespace").inputs["metadata"],
    )
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == level
    assert metadata["annotations"] == {"linkerd.io/inject": "disabled"}


def test_both_are_closed_and_those_who_watch_talk_to_each_other():
    names = {policy.name for policy in small().all(POLICY)}
    closed = {
        f"observability-{space}-{what}"
        for space in (NAMESPACE, AGENTS_NAMESPACE)
        for what in ("closed", "dns")
    }
    assert names == {*closed, "observability-own"}
    spec = cast("Json", small().named("observability-own").inputs["spec"])
    assert spec["ingress"] == [{"from": [{"podSelector": {}}]}]
    assert spec["egress"] == [{"to": [{"podSelector": {}}]}]


def test_volumes_of_metrics_are_deleted_before_the_cluster_is():
    """Report 10, and what it must not do: an orphaned volume costs for ever."""
    made = small()
    cluster = made.one("aws:eks/cluster:Cluster")
    outside = [
        each.name
        for each in made.resources
        if each.type.startswith("kubernetes:") and each.deleted_with != cluster.urn
    ]
    assert outside == ["gp3", f"observability-{NAMESPACE}-namespace"]


def test_production_deletes_neither_definitions_nor_metrics():
    made = production()
    protected = {each.name for each in made.resources if each.protect and each.custom}
    assert protected == {
        f"observability-{NAMESPACE}-namespace",
        "observability-prometheus-operator-crds",
    }
    crds = cast("Mapping[str, Json]", made.one(RELEASE).inputs["values"])["crds"]
    assert crds == {"annotations": {"helm.sh/resource-policy": "keep"}}
    assert made.one(RELEASE).inputs["chart"] == (
        "oci://registry.example.com/mirror/charts/prometheus-operator-crds"
    )
    assert not any(each.protect for each in small().resources)


def test_the_definitions_are_those_of_the_operator_that_is_installed():
    versions = {chart.name: chart.app_version for chart in CATALOG}
    stack = versions.get("kube-prometheus-stack", versions["prometheus-operator-crds"])
    assert versions["prometheus-operator-crds"] == stack


def test_ready_is_the_api_version_once_all_of_it_is_there():
    made = small()
    assert made.output(made.result.ready) == "monitoring.coreos.com/v1"
    assert made.output(made.result.namespace) == "observability"
    assert made.output(made.result.agents_namespace) == "node-agents"


def test_a_misspelt_input_is_told():
    with pytest.raises(InvalidInput, match="mirrors: unknown input; did you mean 'mirror'"):
        make(mirrors="x")


def test_the_gateway_takes_routes_from_here_only_if_something_is_shown():
    name = f"observability-{NAMESPACE}-namespace"
    shown = cast("Mapping[str, Json]", make(shown=True).named(name).inputs["metadata"])
    hidden = cast("Mapping[str, Json]", small().named(name).inputs["metadata"])
    assert ROUTES_ALLOWED.items() <= shown["labels"].items()
    assert not ROUTES_ALLOWED.keys() & hidden["labels"].keys()
