"""Tracing on the real engine: what a change touches, and in which order all goes."""

from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components._base.order import after
from components.tracing import Tracing, TracingArgs
from simulator.errors import SimulatorError
from simulator.session import Program
from tests.engine.conftest import Bench
from tests.stacks.changes import changes, make_cluster

ORDERS = (
    ("tracing-otel-collector", "tracing-otel-sampler"),
    ("tracing-otel-sampler", "tracing-tempo"),
    ("tracing-tempo", "tracing-tempo-identity"),
    ("tracing-tempo", "tracing-traces"),
    ("tracing-tempo", "tracing-tempo-access"),
    ("tracing-instrumentation", "tracing-opentelemetry-operator"),
    ("tracing-tempo", "eks"),
    ("tracing-otel-sampler", "observability"),
)
"""What is deleted before what."""


def platform(**given: object) -> Program:
    """Return a program with a cluster, a namespace, and tracing."""

    def program() -> None:
        cluster, provider = make_cluster()
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        namespace = kubernetes.core.v1.Namespace(
            "observability",
            metadata={"name": "observability"},
            opts=pulumi.ResourceOptions(provider=provider),
        )
        args = {
            "cluster_name": cluster.name,
            "namespace": after(pulumi.Output.from_input("observability"), [namespace]),
            "trust_version": "0123456789ab",
            "tags": {"owner": "me"},
            **given,
        }
        Tracing("tracing", cast("TracingArgs", args), inside)

    return program


def test_sampling_changes_in_place_and_all_goes_in_order(local: Bench) -> None:
    """Reports 7 and 15: what sends goes before what takes; no diff without a change."""
    with local.open(platform(auto_instrumentation=True), policies=()) as session:
        session.up()
        assert set(session.preview().changes()) == {"same"}
    changed = platform(auto_instrumentation=True, sampling={"percent": 50})
    with local.open(changed, policies=()) as session:
        assert changes(session.preview()) == {"tracing-otel-sampler": "update"}
        order = [step.urn.rsplit("::", 1)[-1] for step in session.destroy().steps()]
        wrong = [(a, b) for a, b in ORDERS if order.index(a) > order.index(b)]
        assert wrong == []
        assert session.cloud.inventory.alive() == []


def test_a_second_layer_comes_and_traces_are_not_lost_unasked(local: Bench) -> None:
    with local.open(platform(min_replicas=1, max_replicas=1), policies=()) as session:
        session.up()
    with local.open(platform(), policies=()) as session:
        done = changes(session.up())
        assert done["tracing-otel-sampler"] == "create"
        assert done["tracing-otel-collector"] == "update"
        assert "delete" not in done.values()
    with (
        local.open(platform(backend="xray"), policies=()) as session,
        pytest.raises(SimulatorError, match="would delete the bucket 'tracing-traces'"),
    ):
        session.preview()


def test_xray_comes_and_goes(local: Bench) -> None:
    with local.open(platform(backend="xray"), policies=()) as session:
        session.up()
        assert set(session.preview().changes()) == {"same"}
        session.destroy()
        assert session.cloud.inventory.alive() == []
