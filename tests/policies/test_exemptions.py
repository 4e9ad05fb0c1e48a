"""Exemptions: what they cover becomes a note, what they don't stays a violation, and they end."""

import json
from datetime import timedelta
from typing import cast

import pytest
from google.protobuf import json_format
from grpc import ServicerContext
from pulumi.runtime.proto import analyzer_pb2

from components._base.errors import InvalidInput
from policies.check import Kind, check
from policies.exemptions import MARK, NAME, Exemption, today
from policies.pack import POLICIES, RULES
from policies.server import Analyzer
from policies.states import read_resources
from stacks import load_settings
from stacks.files import DIRECTORY, read_stack_file

URN = "urn:pulumi:prod::fastapi-platform::fastapi-platform:index:Logs$"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
KNOWN = [rule.name for rule in RULES]
NO_CONTEXT = cast("ServicerContext", None)
SOON = today() + timedelta(days=30)


def entry(**changes: str) -> dict[str, str]:
    return {
        "policy": "log-retention",
        "resource": f"{GROUP}::audit-logs",
        "reason": "the auditors keep a copy of their own",
        "owner": "security",
        "expires": str(SOON),
        **changes,
    }


def told(*entries: dict[str, str], name: str = "audit-logs") -> dict[str, list[str]]:
    """Run the pack on a log group that is kept for ever; give its words by level."""
    analyzer = Analyzer("pack", POLICIES)
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    request.policyConfig[NAME].enforcementLevel = analyzer_pb2.MANDATORY
    json_format.ParseDict({"exempt": list(entries)}, request.policyConfig[NAME].properties)
    analyzer.Configure(request, NO_CONTEXT)
    group = analyzer_pb2.AnalyzeRequest(type=GROUP, urn=f"{URN}{GROUP}::{name}", name=name)
    json_format.ParseDict(
        {
            "kmsKeyId": "arn",
            "tags": dict.fromkeys(("Name", "environment", "owner", "project"), "x"),
        },
        group.properties,
    )
    diagnostics = [
        *analyzer.Analyze(group, NO_CONTEXT).diagnostics,
        *analyzer.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(), NO_CONTEXT).diagnostics,
    ]
    found: dict[str, list[str]] = {"mandatory": [], "advisory": []}
    for each in diagnostics:
        mandatory = each.enforcementLevel == analyzer_pb2.MANDATORY
        found["mandatory" if mandatory else "advisory"].append(each.message)
    return found


def test_without_exemption_it_is_a_violation() -> None:
    found = told()
    assert len(found["mandatory"]) == 1
    assert not found["advisory"]


@pytest.mark.parametrize(
    "resource", [f"{GROUP}::audit-logs", f"{GROUP}::audit-*", f"{URN}{GROUP}::audit-logs"]
)
def test_an_exempted_violation_is_still_told(resource: str) -> None:
    found = told(entry(resource=resource))
    assert not found["mandatory"]
    (note,) = found["advisory"]
    assert "keeps its logs for ever" in note
    assert note.endswith(f"{MARK} {SOON} by security: the auditors keep a copy of their own")


@pytest.mark.parametrize(
    "changes",
    [
        {"resource": f"{GROUP}::audit"},
        {"resource": f"{GROUP}::*-trail"},
        {"resource": "aws:s3/bucket:Bucket::audit-logs"},
        {"policy": "kms-rotation"},
    ],
)
def test_one_that_covers_nothing_is_told(changes: dict[str, str]) -> None:
    found = told(entry(**changes))
    assert len(found["mandatory"]) == 1
    (note,) = found["advisory"]
    assert "covers nothing" in note


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"expires": str(today() - timedelta(days=1))}, "expired on"),
        ({"expires": str(today() + timedelta(days=400))}, "more than a year ahead"),
        ({"expires": "next week"}, "is no date"),
        ({"policy": "log-retentoin"}, "did you mean 'log-retention'?"),
        ({"policy": NAME}, "itself can't be exempted"),
        ({"resource": f"{GROUP}::*"}, "is every resource of a type"),
        ({"resource": "audit-logs"}, "names no resource"),
        ({"reason": " "}, "reason is empty"),
    ],
)
def test_one_that_is_not_right_is_a_violation_and_covers_nothing(
    changes: dict[str, str], words: str
) -> None:
    found = told(entry(**changes))
    assert len(found["mandatory"]) == 2
    assert any(NAME in text and words in text for text in found["mandatory"])
    assert not found["advisory"]


def test_the_last_day_counts() -> None:
    assert not told(entry(expires=str(today())))["mandatory"]
    assert not list(Exemption(**entry()).problems(KNOWN, SOON))
    assert list(Exemption(**entry()).problems(KNOWN, SOON + timedelta(days=1)))


def test_what_only_the_whole_stack_tells_is_exempted_too() -> None:
    deployment = "kubernetes:apps/v1:Deployment"
    spec = {"replicas": 3, "template": {"metadata": {"labels": {"app": "shop"}}, "spec": {}}}
    inputs = {"metadata": {"namespace": "shop"}, "spec": spec}
    urn = f"urn:pulumi:prod::shop::{deployment}::shop"
    resources = read_resources(
        "x", json.dumps([{"urn": urn, "type": deployment, "inputs": inputs}])
    )
    change = entry(policy="disruption-budget", resource=f"{deployment}::shop")
    for entries, kind in (([], Kind.VIOLATION), ([change], Kind.EXEMPTED)):
        configured = {NAME: {"exempt": entries}}
        found = check("pack", POLICIES, resources, configured).findings
        (finding,) = [each for each in found if each.policy.name == "disruption-budget"]
        assert finding.kind is kind
        assert finding.urn == urn


LOCAL = cast("dict[str, object]", read_stack_file(DIRECTORY / "Pulumi.local.yaml")["config"])


def test_a_stack_file_has_them() -> None:
    settings = load_settings({**LOCAL, "platform:exemptions": [entry()]}, "test")
    assert [each.model_dump() for each in settings.exemptions] == [entry()]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"policy": "kms-rotatoin"}, "is no policy; did you mean 'kms-rotation'?"),
        ({"expires": "2026-01-31"}, "expires: expired on 2026-01-31; comply, or justify it anew"),
        ({"expires": "2036-01-31"}, "expires: 2036-01-31 is more than a year ahead; at most"),
        ({"resource": "audit-logs"}, "names no resource; write e.g. aws:s3/bucket:Bucket::"),
    ],
)
def test_a_stack_file_with_a_wrong_one_is_refused(changes: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_settings({**LOCAL, "platform:exemptions": [entry(**changes)]}, "test")
    (problem,) = caught.value.problems
    assert problem.path == "platform:exemptions[0]"
    assert words in problem.reason
