"""What the pack costs: counted in calls, which no other work on the machine changes."""

import cProfile
import json
import pstats
from collections.abc import Sequence
from typing import cast

from google.protobuf import json_format, struct_pb2
from grpc import ServicerContext
from pulumi.runtime.proto import analyzer_pb2

from policies.pack import POLICIES
from policies.server import Analyzer
from tests.config.test_program import deployed
from tests.harness import Registration
from tests.policies.verdict import Inputs

NO_CONTEXT = cast("ServicerContext", None)
MOST_CALLS = 1200
"""For each resource of production, all policies together: 860 on 2026-11-30, with 86 of them."""


def request(resources: Sequence[Registration], services: int) -> analyzer_pb2.AnalyzeStackRequest:
    """Return a stack of many services, each with the objects in the cluster that one has."""
    whole = analyzer_pb2.AnalyzeStackRequest()
    for index in range(services):
        for each in resources:
            text = json.dumps(each.inputs, default=str).replace("orders", f"service{index}")
            name = each.name.replace("orders", f"service{index}")
            whole.resources.add(
                type=each.type,
                urn=f"urn:pulumi:prod::shop::{each.type}::{name}",
                name=name,
                properties=json_format.Parse(text, struct_pb2.Struct()),
            )
    return whole


def calls(whole: analyzer_pb2.AnalyzeStackRequest) -> int:
    analyzer = Analyzer("pack", POLICIES)
    with cProfile.Profile() as profile:
        for each in whole.resources:
            analyzer.Analyze(
                analyzer_pb2.AnalyzeRequest(
                    type=each.type, urn=each.urn, name=each.name, properties=each.properties
                ),
                NO_CONTEXT,
            )
        analyzer.AnalyzeStack(whole, NO_CONTEXT)
    return cast("int", cast("Inputs", vars(pstats.Stats(profile)))["total_calls"])


def test_twice_the_services_cost_twice_as_much() -> None:
    own = [
        each
        for each in deployed("prod").resources
        if each.type.startswith("kubernetes:") and each.name.startswith("orders-")
    ]
    assert len(own) > 20
    few, many = (calls(request(own, services)) for services in (5, 20))
    assert many < 4.4 * few


def test_production_costs_what_it_did() -> None:
    resources = [each for each in deployed("prod").resources if "Archive" not in str(each.inputs)]
    whole = request(resources, 1)
    assert calls(whole) < MOST_CALLS * len(resources)
