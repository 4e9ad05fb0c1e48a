"""The pack's own server: the same answers as Pulumi's, without decoding what no policy reads."""

import copy
from collections.abc import Mapping, Sequence
from typing import cast

import pytest
from google.protobuf import json_format, struct_pb2
from grpc import ServicerContext
from pulumi import FileArchive, StringAsset
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import (
    SPECIAL_ARCHIVE_SIG,
    SPECIAL_ASSET_SIG,
    SPECIAL_SECRET_SIG,
    SPECIAL_SIG_KEY,
    deserialize_properties,
)
from pulumi_policy.policy import (
    _PolicyAnalyzerServicer,  # pyright: ignore[reportPrivateUsage] - what ours is compared with
)
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from policies.pack import POLICIES
from policies.properties import UNKNOWNS, Properties
from policies.server import VERSION, Analyzer
from policies.subject import entries, items
from tests.policies.verdict import UNKNOWN, Inputs

SECRET: Inputs = {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": {"password": "x", "ids": [UNKNOWN]}}
PROPERTIES: Inputs = {
    "text": "a",
    "whole": 3,
    "part": 2.5,
    "yes": True,
    "nothing": None,
    "later": UNKNOWN,
    "list": ["a", UNKNOWN, {"b": [1, [UNKNOWN]]}],
    "empty": {"list": [], "mapping": {}},
    "secret": SECRET,
    "secretLater": {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": UNKNOWN},
}


def struct(content: Mapping[str, object]) -> struct_pb2.Struct:
    return json_format.ParseDict(copy.deepcopy(dict(content)), struct_pb2.Struct())


def sdk_view(content: Mapping[str, object]) -> object:
    whole = cast("dict[str, object]", json_format.MessageToDict(struct(content)))
    return unknown_checking_proxy(deserialize_properties(whole))


def told(view: object) -> object:
    """Everything that can be read from a view, unknowns by their message."""
    if isinstance(view, UnknownValueError):
        return view.message
    if isinstance(view, Mapping):
        return {key: told(value) for key, value in entries(cast("object", view))}
    if isinstance(view, Sequence) and not isinstance(view, str):
        return [told(value) for value in items(cast("object", view))]
    return view


def test_views_tell_what_the_sdk_tells() -> None:
    assert told(Properties(struct(PROPERTIES))) == told(sdk_view(PROPERTIES))


def test_the_sdks_marks_of_unknown_values_are_known() -> None:
    assert UNKNOWN in UNKNOWNS
    assert len(UNKNOWNS) == 7


def test_a_view_reads_like_a_mapping() -> None:
    view = Properties(struct(PROPERTIES))
    assert set(view) == set(PROPERTIES)
    assert len(view) == len(PROPERTIES)
    assert "later" in view  # there, though unknown
    assert "other" not in view
    assert view.get("other") is None
    assert "other" not in view, "asking for a property must not add it"
    with pytest.raises(UnknownValueError):
        view["later"]
    assert cast("list[object]", view["list"])[0:1] == ["a"]


def test_assets_and_archives_are_the_sdks() -> None:
    view = Properties(
        struct(
            {
                "asset": {SPECIAL_SIG_KEY: SPECIAL_ASSET_SIG, "text": "a"},
                "archive": {SPECIAL_SIG_KEY: SPECIAL_ARCHIVE_SIG, "path": "."},
            }
        )
    )
    assert isinstance(view["asset"], StringAsset)
    assert isinstance(view["archive"], FileArchive)


def resource_policy(name: str, level: EnforcementLevel | None = None) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if name == "not-applicable":
            args.not_applicable("wrong day")
        provider = args.provider.props if args.provider else None
        report(f"{args.props['text']} {args.get_config()} {args.opts.protect}", None)
        report(f"{args.stack_tags} {told(provider)} {args.name} {args.opts.parent}", "urn:other")
        if name == "unknown":
            report(str(args.props["later"]), None)

    return ResourceValidationPolicy(name, f"About {name}.", validate, level, severity=Severity.HIGH)


def stack_policy(name: str) -> Policy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for resource in args.resources:
            parent = resource.parent.name if resource.parent else None
            uses = [each.name for each in resource.dependencies]
            by = {
                key: [r.name for r in used] for key, used in resource.property_dependencies.items()
            }
            report(f"{resource.name}: {parent}, {uses}, {by}, {args.stack_tags}", resource.urn)
        report(str(args.resources[0].props["later"]), None)

    return StackValidationPolicy(name, f"About {name}.", validate)


SAMPLE = [
    resource_policy("plain"),
    resource_policy("advisory", EnforcementLevel.ADVISORY),
    resource_policy("disabled", EnforcementLevel.DISABLED),
    resource_policy("remediate", EnforcementLevel.REMEDIATE),
    resource_policy("unknown"),
    resource_policy("not-applicable"),
    resource_policy("configured"),
    stack_policy("stack"),
    stack_policy("stack-configured"),
    ResourceValidationPolicy("remediates", "Only corrects.", remediate=lambda _: None),
]


def analyze_request() -> analyzer_pb2.AnalyzeRequest:
    request = analyzer_pb2.AnalyzeRequest(
        type="aws:s3/bucket:Bucket", properties=struct(PROPERTIES), urn="urn:it", name="it"
    )
    request.options.protect = True
    request.options.parent = "urn:parent"
    request.provider.type = "pulumi:providers:aws"
    request.provider.properties.CopyFrom(struct({"region": "eu-west-1"}))
    return request


def stack_request() -> analyzer_pb2.AnalyzeStackRequest:
    request = analyzer_pb2.AnalyzeStackRequest()
    for name, parent in (("parent", ""), ("child", "urn:parent"), ("orphan", "urn:gone")):
        resource = request.resources.add(urn=f"urn:{name}", name=name, type="t", parent=parent)
        resource.properties.CopyFrom(struct(PROPERTIES))
        resource.dependencies.extend(["urn:parent", "urn:gone"])
        resource.propertyDependencies["text"].urns.extend(["urn:child", "urn:gone"])
    return request


def configured(server: _PolicyAnalyzerServicer) -> _PolicyAnalyzerServicer:
    configuration = analyzer_pb2.ConfigureAnalyzerRequest()
    for name in ("configured", "stack-configured"):
        configuration.policyConfig[name].enforcementLevel = analyzer_pb2.ADVISORY
        configuration.policyConfig[name].properties.CopyFrom(struct({"minDays": 3}))
    server.Configure(configuration, None)
    server.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(tags={"team": "a"}), None)
    return server


@pytest.mark.parametrize(
    ("call", "request_"),
    [
        ("Analyze", analyze_request()),
        ("AnalyzeStack", stack_request()),
        ("Remediate", analyze_request()),
        ("GetAnalyzerInfo", None),
    ],
)
def test_answers_are_those_of_pulumis_server(call: str, request_: object) -> None:
    """Any update of pulumi-policy that changes what the engine is told fails here."""
    theirs = configured(
        _PolicyAnalyzerServicer("pack", VERSION, SAMPLE, EnforcementLevel.MANDATORY)
    )
    ours = configured(Analyzer("pack", SAMPLE))
    answer = getattr(ours, call)(request_, None)
    assert answer == getattr(theirs, call)(request_, None)
    assert str(answer)


def test_a_pack_that_corrects_nothing_decodes_nothing_for_it() -> None:
    unreadable = cast("analyzer_pb2.AnalyzeRequest", None)
    answer = Analyzer("pack", POLICIES).Remediate(unreadable, cast("ServicerContext", None))
    assert answer == analyzer_pb2.RemediateResponse()
