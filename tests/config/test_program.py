"""The program itself: the same composition for every stack, as often as it is run."""

import json
from functools import cache
from typing import cast

from simulator.session import platform_program
from stacks.files import DIRECTORY, read_stack_file
from tests.harness import Recorder, build

SUBNET = "aws:ec2/subnet:Subnet"


@cache
def deployed(stack: str) -> Recorder[None]:
    file = read_stack_file(DIRECTORY / f"Pulumi.{stack}.yaml")
    config = cast("dict[str, object]", file["config"])
    handed = {k: v if isinstance(v, str) else json.dumps(v) for k, v in config.items()}
    return build(platform_program, config=handed, stack=stack)


def test_karpenter_finds_the_subnets_of_its_own_stack_only():
    found = {
        stack: {
            cast("dict[str, str]", subnet.inputs["tags"]).get("karpenter.sh/discovery")
            for subnet in deployed(stack).all(SUBNET)
        }
        for stack in ("local", "prod")
    }
    assert found == {
        "local": {"fastapi-platform-local", None},
        "prod": {"fastapi-platform-prod", None},
    }


def test_only_production_protects_what_can_not_be_had_again():
    assert not [r.name for r in deployed("local").resources if r.protect]
    assert deployed("prod").one("aws:eks/cluster:Cluster").protect
    assert deployed("prod").one("aws:ec2/vpc:Vpc").protect


def test_the_provider_is_known_by_the_cluster_and_holds_no_token():
    provider = deployed("prod").one("pulumi:providers:kubernetes")
    assert provider.inputs["clusterIdentifier"]
    assert "get-token" in str(provider.inputs["kubeconfig"])
    assert '"token"' not in str(provider.inputs["kubeconfig"])
