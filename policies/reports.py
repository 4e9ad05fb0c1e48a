"""The result of a check as text, JSON, SARIF 2.1.0 or JUnit XML."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from pulumi_policy import Policy, Severity

from policies.check import FailOn, Finding, Kind, Outcome
from policies.standards import group, standards

TOOL = "fastapi-platform-policies"
VERSION = "0.1.0"
"""Of PulumiPolicy.yaml."""
SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

SCORES: Mapping[Severity, str] = {
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.0",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
"""`security-severity`, by which GitHub sorts alerts: over 9 critical, from 7 high, from 4 medium.

https://docs.github.com/en/code-security/reference/code-scanning/sarif-support (2026-11)
"""

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not have."""


@dataclass(frozen=True)
class Report:
    """What is reported: the outcome of a check of a file, and which violations fail it."""

    outcome: Outcome
    source: str
    """Path of the file, as given."""
    content: str
    """Its text: where its resources are found."""
    fail_on: frozenset[FailOn] = frozenset()

    @property
    def failures(self) -> Sequence[Finding]:
        """The findings that fail the check."""
        return self.outcome.failures(self.fail_on)


def as_text(report: Report) -> str:
    """Return a line for each finding, and a summary."""
    lines = [_line(finding) for finding in report.outcome.findings]
    return "\n".join([*lines, summary(report.outcome)]) + "\n"


def summary(outcome: Outcome) -> str:
    """Return how much was checked, and what was found."""
    mandatory = len(outcome.failures())
    advisory = len(outcome.of(Kind.VIOLATION)) - mandatory
    return (
        f"{outcome.resources} resources, {len(outcome.policies)} policies: {mandatory} mandatory "
        f"and {advisory} advisory violations, {len(outcome.of(Kind.EXEMPTED))} exempted, "
        f"{len(outcome.of(Kind.UNDECIDED))} undecided"
    )


def _line(finding: Finding) -> str:
    level = _level(finding)
    severity = finding.policy.severity.value if finding.policy.severity else "-"
    where = f" [{finding.urn}]" if finding.urn else ""
    return f"{level:<9} {severity:<8} {' '.join(finding.message.split())}{where}"


def _level(finding: Finding) -> str:
    if finding.kind is not Kind.VIOLATION:
        return finding.kind.value
    return "mandatory" if finding.mandatory else "advisory"


def as_json(report: Report) -> str:
    """Return the findings and their numbers."""
    outcome = report.outcome
    content = {
        "source": report.source,
        "resources": outcome.resources,
        "policies": [policy.name for policy in outcome.policies],
        "failed": bool(report.failures),
        "findings": [
            {
                "policy": finding.policy.name,
                "level": _level(finding),
                "severity": finding.policy.severity.value if finding.policy.severity else None,
                "urn": finding.urn or None,
                "message": finding.message,
            }
            for finding in outcome.findings
        ],
    }
    return json.dumps(content, indent=2) + "\n"


def as_sarif(report: Report) -> str:
    """Return a SARIF 2.1.0 log, as code scanning takes it."""
    policies = list(report.outcome.policies)
    rules = {policy.name: index for index, policy in enumerate(policies)}
    lines = _lines_of_urns(report)
    run = {
        "tool": {
            "driver": {
                "name": TOOL,
                "version": VERSION,
                "semanticVersion": VERSION,
                "rules": [_rule(policy) for policy in policies],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(report, finding, rules[finding.policy.name], lines.get(finding.urn, 1))
            for finding in report.outcome.findings
        ],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _lines_of_urns(report: Report) -> Mapping[str, int]:
    """Return on which line of the file each resource is first named as one."""
    urn = re.compile(r'"urn"\s*:\s*"([^"\\]+)"')
    found: dict[str, int] = {}
    for number, line in enumerate(report.content.splitlines(), 1):
        for match in urn.finditer(line):
            found.setdefault(match[1], number)
    return found


def _rule(policy: Policy) -> Mapping[str, object]:
    answered = [f"{s.name} {s.version}: {s.reference}" for s in standards(policy)]
    help_text = f"{policy.remediation_steps or policy.description}"
    return {
        "id": policy.name,
        "name": "".join(part.capitalize() for part in policy.name.split("-")),
        "shortDescription": {"text": f"{policy.display_name or policy.name}."},
        "fullDescription": {"text": policy.description},
        "help": {"text": help_text},
        **({"helpUri": policy.url} if policy.url else {}),
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["security", group(policy), *answered],
            "problem.severity": "error",
            "security-severity": SCORES[policy.severity or Severity.MEDIUM],
        },
    }


def _result(report: Report, finding: Finding, rule: int, line: int) -> Mapping[str, object]:
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": {"uri": Path(report.source).as_posix().lstrip("/") or "stdin"},
            "region": {"startLine": line},
        }
    }
    if finding.urn:
        name = finding.urn.rsplit("::", 1)[-1]
        named = {"name": name, "fullyQualifiedName": finding.urn, "kind": "resource"}
        location["logicalLocations"] = [named]
    identity = "\0".join((finding.policy.name, finding.urn, finding.message.partition(";")[0]))
    result: dict[str, object] = {
        "ruleId": finding.policy.name,
        "ruleIndex": rule,
        "kind": "open" if finding.kind is Kind.UNDECIDED else "fail",
        "level": _sarif_level(finding),
        "message": {"text": finding.message},
        "locations": [location],
        "partialFingerprints": {
            "policyAndResource/v1": hashlib.sha256(identity.encode()).hexdigest()
        },
    }
    if finding.kind is Kind.EXEMPTED:
        reason = finding.message.rpartition("Exempted until ")[2]
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": f"Until {reason}"}
        ]
    return result


def _sarif_level(finding: Finding) -> str:
    if finding.kind is Kind.UNDECIDED:
        return "none"
    return "error" if finding.mandatory else "warning"


def as_junit(report: Report) -> str:
    """Return JUnit XML: a case for each finding, and one for each policy without any."""
    outcome = report.outcome
    suites = ET.Element("testsuites", name=TOOL)
    suite = ET.SubElement(suites, "testsuite", name=report.source, time="0")
    seen: set[str] = set()
    for finding in outcome.findings:
        seen.add(finding.policy.name)
        kind = finding.urn.split("::", 3)[-2:] if finding.urn else ["stack"]
        name = f"{finding.policy.name}: {'::'.join(kind).rpartition('$')[2]}"
        case = _case(suite, finding.policy, name)
        text = NOT_XML.sub("?", finding.message)
        if finding.fails(report.fail_on):
            failed = ET.SubElement(case, "failure", type=_level(finding), message=text)
            failed.text = f"{text}\n{finding.urn}\n{finding.policy.url or ''}"
        elif finding.kind is Kind.VIOLATION:
            ET.SubElement(case, "system-out").text = f"advisory: {text}"
        else:
            ET.SubElement(case, "skipped", message=text)
    for policy in outcome.policies:
        if policy.name not in seen:
            _case(suite, policy, policy.name)
    for holder in (suites, suite):
        holder.set("tests", str(len(suite.findall("testcase"))))
        holder.set("failures", str(len(suite.findall("testcase/failure"))))
        holder.set("skipped", str(len(suite.findall("testcase/skipped"))))
        holder.set("errors", "0")
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, policy: Policy, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=f"policies.{group(policy)}", name=name)


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "junit": as_junit,
}
