"""Required tags, on everything that AWS can tag."""

import json

import pytest

from policies import taggable
from policies.tagging import REQUIRED
from tests.policies.verdict import UNKNOWN, Inputs, verdict

RULE = "required-tags"
VPC = "aws:ec2/vpc:Vpc"
SCALING_GROUP = "aws:autoscaling/group:Group"
TAGS: dict[str, object] = dict.fromkeys(REQUIRED, "x")


def without(key: str) -> dict[str, object]:
    return {k: v for k, v in TAGS.items() if k != key}


def test_all_tags_pass() -> None:
    assert verdict(RULE, VPC, {"tags": {**TAGS, "more": UNKNOWN}}).passed


@pytest.mark.parametrize("key", REQUIRED)
def test_each_tag_is_required(key: str) -> None:
    (message,) = verdict(RULE, VPC, {"tags": without(key)}).violations
    assert message == f"{RULE}: {VPC} 'it' lacks the tag '{key}'; add '{key}' to its tags."


def test_all_missing_tags_are_named_at_once() -> None:
    (message,) = verdict(RULE, VPC, {}).violations
    assert all(f"'{key}'" in message for key in REQUIRED)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_tag_says_nothing(blank: str) -> None:
    (message,) = verdict(RULE, VPC, {"tags": {**TAGS, "owner": blank}}).violations
    assert "has the tag 'owner' without a value" in message


@pytest.mark.parametrize("inputs", [{"tags": UNKNOWN}, {"tags": {**TAGS, "owner": UNKNOWN}}])
def test_unknown_is_undecided(inputs: Inputs) -> None:
    result = verdict(RULE, VPC, inputs)
    assert result.undecided
    assert result.violations == ()


def test_tags_are_case_sensitive() -> None:
    assert verdict(RULE, VPC, {"tags": {**without("owner"), "Owner": "x"}}).violations


def test_default_tags_of_the_provider_count() -> None:
    name: Inputs = {"tags": {"Name": "x"}}
    plain: Inputs = {"defaultTags": {"tags": without("Name")}}
    encoded: Inputs = {"defaultTags": json.dumps({"tags": without("Name")})}
    assert verdict(RULE, VPC, name).violations
    assert verdict(RULE, VPC, name, provider=plain).passed
    assert verdict(RULE, VPC, name, provider=encoded).passed
    assert verdict(RULE, VPC, name, provider={"defaultTags": UNKNOWN}).undecided
    assert verdict(RULE, VPC, {"tags": TAGS}, provider={"defaultTags": UNKNOWN}).passed


def test_scaling_groups_list_their_tags() -> None:
    listed = [{"key": k, "value": v, "propagateAtLaunch": True} for k, v in TAGS.items()]
    assert verdict(RULE, SCALING_GROUP, {"tags": listed}).passed
    assert verdict(RULE, SCALING_GROUP, {"tags": listed[1:]}).violations
    assert verdict(RULE, SCALING_GROUP, {"tags": [*listed[1:], UNKNOWN]}).undecided
    assert verdict(RULE, SCALING_GROUP, {"tags": [*listed[1:], {"key": UNKNOWN}]}).undecided


def test_keys_are_configurable() -> None:
    config = {"required": ["team"]}
    assert verdict(RULE, VPC, {"tags": {"team": "x"}}, config=config).passed
    assert verdict(RULE, VPC, {"tags": TAGS}, config=config).violations


@pytest.mark.parametrize(
    "type_",
    [
        "aws:ec2/route:Route",  # can't be tagged
        "aws:inspector/resourceGroup:ResourceGroup",  # its tags select other resources
        "kubernetes:core/v1:Namespace",
        "fastapi-platform:index:Network",
    ],
)
def test_other_types_are_left_alone(type_: str) -> None:
    assert verdict(RULE, type_, {}).passed


def test_list_of_taggable_types_is_that_of_the_installed_sdk() -> None:
    assert taggable.LIST.read_text() == taggable.rendered(), "run: python -m policies.taggable"
    assert len(taggable.taggable_types()) > 800
