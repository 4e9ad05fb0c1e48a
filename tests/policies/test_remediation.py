"""What policies correct by themselves where they are told to, and what they leave alone."""

from collections.abc import Mapping
from typing import cast

import pytest
from google.protobuf import json_format, struct_pb2
from grpc import ServicerContext
from pulumi.runtime.proto import analyzer_pb2

from policies.configuration import corrects
from policies.pack import POLICIES
from policies.server import Analyzer
from tests.policies.verdict import UNKNOWN, Inputs

NO_CONTEXT = cast("ServicerContext", None)
GROUP = "aws:cloudwatch/logGroup:LogGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
QUEUE = "aws:sqs/queue:Queue"
VALUES = {"values": {"owner": "shop", "environment": "prod", "project": "shop"}}
TAGS = {"Name": "it", "environment": "prod", "owner": "shop", "project": "shop"}

SECRET: Inputs = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    "value": "hush",
}


def corrected(
    policy: str, type_: str, inputs: Inputs, settings: Mapping[str, object] | None = None
) -> Inputs | str | None:
    """Return what a resource becomes, the reason why it can't be said, or None: it stays."""
    analyzer = Analyzer("pack", POLICIES)
    configuring = analyzer_pb2.ConfigureAnalyzerRequest()
    configuring.policyConfig[policy].enforcementLevel = analyzer_pb2.REMEDIATE
    json_format.ParseDict(dict(settings or {}), configuring.policyConfig[policy].properties)
    analyzer.Configure(configuring, NO_CONTEXT)
    request = analyzer_pb2.AnalyzeRequest(
        type=type_,
        urn=f"urn:pulumi:prod::shop::{type_}::it",
        name="it",
        properties=json_format.ParseDict(inputs, struct_pb2.Struct()),
    )
    response = analyzer.Remediate(request, NO_CONTEXT)
    if not response.remediations:
        return None
    (remediation,) = response.remediations
    assert remediation.policyName == policy
    if remediation.diagnostic:
        return remediation.diagnostic
    request.properties.CopyFrom(remediation.properties)
    for told in analyzer.Analyze(request, NO_CONTEXT).diagnostics:
        assert told.policyName != policy, f"still violates: {told.message}"
    return cast("Inputs", json_format.MessageToDict(remediation.properties))


@pytest.mark.parametrize(
    ("policy", "type_", "before", "after", "settings"),
    [
        ("log-retention", GROUP, {}, {"retentionInDays": 3653}, {}),
        ("log-retention", GROUP, {"retentionInDays": 0}, {"retentionInDays": 3653}, {}),
        ("log-retention", GROUP, {"retentionInDays": 3}, {"retentionInDays": 7}, {}),
        ("log-retention", GROUP, {"retentionInDays": 3}, {"retentionInDays": 60}, {"minDays": 31}),
        ("log-retention", GROUP, {"retentionInDays": 90}, {"retentionInDays": 60}, {"maxDays": 89}),
        (
            "imdsv2-required",
            TEMPLATE,
            {"imageId": "ami"},
            {
                "imageId": "ami",
                "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
            },
            {},
        ),
        (
            "imdsv2-required",
            "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
            {"spec": {"role": "r", "metadataOptions": {"httpTokens": "optional"}}},
            {
                "spec": {
                    "role": "r",
                    "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
                }
            },
            {},
        ),
        (
            "imdsv2-required",
            TEMPLATE,
            {"metadataOptions": {"httpEndpoint": "enabled", "httpPutResponseHopLimit": 2}},
            {
                "metadataOptions": {
                    "httpEndpoint": "enabled",
                    "httpTokens": "required",
                    "httpPutResponseHopLimit": 2,
                }
            },
            {"hopLimit": 3},
        ),
        ("required-tags", QUEUE, {}, {"tags": TAGS}, VALUES),
        (
            "required-tags",
            QUEUE,
            {"tags": {"owner": " ", "Name": "mine", "team": "a"}},
            {"tags": {**TAGS, "Name": "mine", "team": "a"}},
            VALUES,
        ),
    ],
)
def test_what_violates_is_corrected(
    policy: str, type_: str, before: Inputs, after: Inputs, settings: Mapping[str, object]
) -> None:
    assert corrected(policy, type_, before, settings) == after


@pytest.mark.parametrize(
    ("policy", "type_", "inputs"),
    [
        ("log-retention", GROUP, {"retentionInDays": 30}),
        ("log-retention", GROUP, {"retentionInDays": UNKNOWN}),
        ("log-retention", GROUP, {"logGroupClass": "DELIVERY"}),
        ("log-retention", QUEUE, {}),
        ("imdsv2-required", TEMPLATE, {"metadataOptions": {"httpEndpoint": "disabled"}}),
        ("imdsv2-required", "aws:ec2/instance:Instance", {"launchTemplate": {"id": "lt"}}),
        ("imdsv2-required", "aws:eks/nodeGroup:NodeGroup", {}),
        ("imdsv2-required", TEMPLATE, {"metadataOptions": UNKNOWN}),
        ("required-tags", QUEUE, {"tags": TAGS}),
        ("required-tags", QUEUE, {"tags": UNKNOWN}),
        ("required-tags", "aws:autoscaling/group:Group", {"tags": [{"key": "a", "value": "b"}]}),
    ],
)
def test_what_complies_or_is_unknown_or_is_not_safe_stays(
    policy: str, type_: str, inputs: Inputs
) -> None:
    assert corrected(policy, type_, inputs, VALUES if policy == "required-tags" else {}) is None


def test_what_is_unknown_or_secret_beside_it_stays_so() -> None:
    before: Inputs = {"userData": SECRET, "imageId": UNKNOWN, "tags": {"a": UNKNOWN}}
    after = corrected("imdsv2-required", TEMPLATE, before)
    assert isinstance(after, dict)
    assert after.pop("metadataOptions")
    assert after == before


def test_tags_without_a_value_to_give_stay_a_violation() -> None:
    """Only `Name` is known by itself: an invented owner would be worse than none."""
    with pytest.raises(AssertionError, match="lacks the tags 'environment'"):
        corrected("required-tags", QUEUE, {})


def test_nothing_is_corrected_unless_it_is_configured() -> None:
    request = analyzer_pb2.AnalyzeRequest(type=GROUP, urn="urn:it", name="it")
    answer = Analyzer("pack", POLICIES).Remediate(request, NO_CONTEXT)
    assert answer == analyzer_pb2.RemediateResponse()


def test_which_policies_correct() -> None:
    assert {policy.name for policy in POLICIES if corrects(policy)} == {
        "imdsv2-required",
        "log-retention",
        "required-tags",
    }
