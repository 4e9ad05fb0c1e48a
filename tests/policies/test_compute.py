"""IMDSv2 with a hop limit of one."""

import pytest

from tests.policies.verdict import UNKNOWN, Inputs, verdict

RULE = "imdsv2-required"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
INSTANCE = "aws:ec2/instance:Instance"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
WITH_OPTIONS = (
    TEMPLATE,
    INSTANCE,
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
)


def options(tokens: object = "required", hops: object = 1, **more: object) -> Inputs:
    values = {"httpTokens": tokens, "httpPutResponseHopLimit": hops, **more}
    return {"metadataOptions": {k: v for k, v in values.items() if v is not None}}


@pytest.mark.parametrize("type_", WITH_OPTIONS)
def test_required_tokens_and_one_hop_pass(type_: str) -> None:
    assert verdict(RULE, type_, options()).passed
    assert verdict(RULE, type_, options(hops=1.0)).passed


@pytest.mark.parametrize("type_", WITH_OPTIONS)
@pytest.mark.parametrize(
    ("inputs", "properties"),
    [
        ({}, ("httpTokens is not set", "httpPutResponseHopLimit is not set")),
        (options(tokens="optional"), ("httpTokens is not required",)),
        (options(tokens=None), ("httpTokens is not set",)),
        (options(hops=2), ("httpPutResponseHopLimit is 2, above 1",)),
        (options(hops=None), ("httpPutResponseHopLimit is not set",)),
    ],
)
def test_anything_less_is_a_violation(
    type_: str, inputs: Inputs, properties: tuple[str, ...]
) -> None:
    messages = verdict(RULE, type_, inputs).violations
    assert len(messages) == len(properties)
    for message, wrong in zip(messages, properties, strict=True):
        assert message.startswith(
            f"{RULE}: {type_} 'it' is not compliant, as metadataOptions.{wrong};"
        )


@pytest.mark.parametrize(
    "inputs", [{"metadataOptions": UNKNOWN}, options(tokens=UNKNOWN), options(hops=UNKNOWN)]
)
def test_unknown_is_undecided(inputs: Inputs) -> None:
    result = verdict(RULE, TEMPLATE, inputs)
    assert result.undecided
    assert result.violations == ()


def test_no_metadata_service_at_all_is_fine() -> None:
    assert verdict(RULE, TEMPLATE, options("optional", 3, httpEndpoint="disabled")).passed
    assert verdict(RULE, TEMPLATE, options("optional", 1, httpEndpoint=UNKNOWN)).undecided


def test_an_instance_may_take_its_options_from_a_template() -> None:
    template = {"launchTemplate": {"id": UNKNOWN}}
    assert verdict(RULE, INSTANCE, template).passed
    assert verdict(RULE, INSTANCE, {**template, **options(tokens="optional")}).violations


def test_a_node_group_without_a_template_is_a_violation() -> None:
    assert verdict(RULE, NODE_GROUP, {"launchTemplate": {"id": UNKNOWN, "version": 1}}).passed
    (message,) = verdict(RULE, NODE_GROUP, {}).violations
    assert "give the node group a launch template" in message
    assert verdict(RULE, NODE_GROUP, {"launchTemplate": UNKNOWN}).undecided


def test_karpenter_nodes_comply_unless_told_otherwise() -> None:
    assert verdict(RULE, NODE_CLASS, {"spec": {}}).passed
    assert verdict(RULE, NODE_CLASS, {"spec": options(hops=2)}).violations
    assert verdict(RULE, NODE_CLASS, {"spec": options(tokens="optional")}).violations
    assert verdict(RULE, NODE_CLASS, {"spec": UNKNOWN}).undecided


def test_hop_limit_is_configurable() -> None:
    assert verdict(RULE, TEMPLATE, options(hops=2), config={"hopLimit": 2.0}).passed


def test_other_types_are_left_alone() -> None:
    assert verdict(RULE, "aws:ec2/vpc:Vpc", options(tokens="optional")).passed
