"""Reports for CI: SARIF 2.1.0 and JUnit XML have what those who read them need."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast
from xml.etree import ElementTree as ET

import pytest
from pulumi_policy import Policy, PolicyComplianceFramework

from policies.check import FailOn, Finding, Kind, Outcome, check
from policies.exemptions import MARK
from policies.pack import NAME, POLICIES
from policies.reports import FORMATS, Report, as_junit, as_sarif, as_text
from policies.standards import CIS_EKS, FSBP, NIST, PSS, Standard, standards
from policies.states import read_resources

Json = Mapping[str, object]

URN = "urn:pulumi:prod::shop::shop:index:Logs$aws:cloudwatch/logGroup:LogGroup::logs"
POLICY = next(policy for policy in POLICIES if policy.name == "log-retention")
OTHER = next(policy for policy in POLICIES if policy.name == "kms-rotation")
SOURCE = "build/state.json"
CONTENT = json.dumps({"resources": [{"urn": URN}]}, indent=1)
VIOLATION = Finding(
    POLICY, Kind.VIOLATION, True, URN, "log-retention: LogGroup 'logs' <&\x00 is bad"
)
FINDINGS = (
    VIOLATION,
    Finding(POLICY, Kind.VIOLATION, False, URN, "log-retention: is not so bad"),
    Finding(POLICY, Kind.EXEMPTED, False, URN, f"is bad. {MARK} 2027-01-31 by legal: by law"),
    Finding(POLICY, Kind.UNDECIDED, False, "", "log-retention: can't be decided"),
)
REPORT = Report(Outcome(FINDINGS, 1, (POLICY, OTHER)), SOURCE, CONTENT)


def sarif(report: Report = REPORT) -> Json:
    return cast("dict[str, list[Json]]", json.loads(as_sarif(report)))["runs"][0]


def results() -> Sequence[Json]:
    return cast("Sequence[Json]", sarif()["results"])


def at(content: object, *way: str | int) -> object:
    for step in way:
        content = cast("dict[str | int, object]", content)[step]
    return content


def test_sarif_has_a_rule_for_each_policy_that_was_asked() -> None:
    rules = cast("Sequence[Json]", at(sarif(), "tool", "driver", "rules"))
    assert [rule["id"] for rule in rules] == ["log-retention", "kms-rotation"]
    rotation = rules[1]
    assert rotation["helpUri"] == OTHER.url
    assert at(rotation, "fullDescription", "text") == OTHER.description
    assert at(rotation, "properties", "security-severity") == "5.0"
    assert "NIST SP 800-53 5: SC-12" in cast("list[str]", at(rotation, "properties", "tags"))


def test_sarif_tells_each_kind_apart() -> None:
    """What is undecided is `open`, what is exempted is suppressed: neither is a new alert."""
    told = [(r["kind"], r["level"], "suppressions" in r) for r in results()]
    assert told == [
        ("fail", "error", False),
        ("fail", "warning", False),
        ("fail", "warning", True),
        ("open", "none", False),
    ]
    (suppression,) = cast("list[Json]", results()[2]["suppressions"])
    assert suppression["justification"] == "Until 2027-01-31 by legal: by law"


def test_sarif_leads_to_the_line_of_the_resource() -> None:
    """Code scanning shows no result without a place in a file."""
    first, *_, last = results()
    assert first["ruleIndex"] == 0
    place = at(first, "locations", 0, "physicalLocation")
    assert at(place, "artifactLocation", "uri") == SOURCE
    assert URN in CONTENT.splitlines()[cast("int", at(place, "region", "startLine")) - 1]
    assert at(first, "locations", 0, "logicalLocations", 0, "fullyQualifiedName") == URN
    assert at(last, "locations", 0, "physicalLocation", "region", "startLine") == 1


def test_sarif_knows_a_result_again() -> None:
    """The remedy may be worded anew, and a resource move in its file: it is the same alert."""
    reworded = Finding(POLICY, Kind.VIOLATION, True, URN, f"{VIOLATION.message}; do this")
    moved = Report(Outcome((reworded,), 1, (POLICY,)), "other.json", f"\n\n{CONTENT}")
    again = cast("Sequence[Json]", sarif(moved)["results"])[0]
    prints = [each["partialFingerprints"] for each in (*results(), again)]
    assert prints[0] == prints[-1]
    assert len({json.dumps(each) for each in prints}) == len(FINDINGS)


def test_junit_has_a_case_for_each_finding_and_each_policy_without() -> None:
    suites = ET.fromstring(as_junit(REPORT))  # noqa: S314 - our own
    suite = suites.find("testsuite")
    assert suite is not None
    numbers = {"tests": "5", "failures": "1", "skipped": "2", "errors": "0"}
    assert suite.attrib.items() >= numbers.items()
    assert suites.attrib.items() >= numbers.items()
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases][-1] == "kms-rotation"
    assert [[each.tag for each in case] for case in cases] == [
        ["failure"],
        ["system-out"],
        ["skipped"],
        ["skipped"],
        [],
    ]
    assert cases[0].get("classname") == "policies.logging"
    assert cases[0].get("name") == "log-retention: aws:cloudwatch/logGroup:LogGroup::logs"
    assert cases[3].get("name") == "log-retention: stack"
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.get("message") == "log-retention: LogGroup 'logs' <&? is bad"
    assert URN in (failure.text or "")


def test_junit_fails_advisory_violations_when_they_do() -> None:
    strict = Report(REPORT.outcome, SOURCE, CONTENT, frozenset({FailOn.ADVISORY}))
    assert ' failures="2"' in as_junit(strict)


def test_junit_fails_what_is_undecided_when_it_does() -> None:
    both = Report(REPORT.outcome, SOURCE, CONTENT, frozenset(FailOn))
    assert ' failures="3"' in as_junit(both)
    assert ' skipped="1"' in as_junit(both)


def test_text_ends_in_a_summary() -> None:
    lines = as_text(REPORT).splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [
        "mandatory",
        "advisory",
        "exempted",
        "undecided",
    ]
    assert lines[-1] == (
        "1 resources, 2 policies: 1 mandatory and 1 advisory violations, 1 exempted, 1 undecided"
    )


@pytest.mark.parametrize("form", FORMATS)
def test_the_whole_pack_can_be_reported(form: str) -> None:
    state: Json = {"urn": URN, "type": "aws:cloudwatch/logGroup:LogGroup", "inputs": {}}
    content = json.dumps([state])
    outcome = check(NAME, POLICIES, read_resources(SOURCE, content), {})
    assert len(outcome.failures()) == 3
    told = FORMATS[form](Report(outcome, SOURCE, content))
    assert told.endswith("\n")
    for finding in outcome.findings:
        assert finding.policy.name in told


@pytest.mark.parametrize("policy", POLICIES, ids=[policy.name for policy in POLICIES])
def test_each_policy_maps_to_a_standard(policy: Policy) -> None:
    answered = standards(policy)
    for each in answered:
        assert isinstance(each, PolicyComplianceFramework)
        assert each.name
        assert each.version
        assert each.reference
    names = [each.name for each in answered]
    assert names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("standard", "form"),
    [
        (FSBP, r"[A-Z][A-Za-z0-9]+\.\d+"),
        (NIST, r"[A-Z]{2}-\d+(\(\d+\))?"),
        (PSS, r"Baseline|Restricted"),
        (CIS_EKS, r"[2-5]\.\d\.\d"),
    ],
    ids=lambda each: each.name if isinstance(each, Standard) else "",
)
def test_a_standard_is_mapped_from_policies_that_there_are(standard: Standard, form: str) -> None:
    assert standard.references.keys() <= {policy.name for policy in POLICIES}
    for reference in standard.references.values():
        listed = reference.split(", ")
        assert all(re.fullmatch(form, each) for each in listed)
        assert len(set(listed)) == len(listed)


def test_the_engine_is_told_of_one_standard() -> None:
    told = {policy.name: policy.framework.name for policy in POLICIES if policy.framework}
    assert told["imdsv2-required"] == FSBP.name
    assert told["kms-rotation"] == NIST.name
    assert told["no-host-access"] == PSS.name
    assert "route-rate-limited" not in told
