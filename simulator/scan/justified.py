"""Findings of the scanner that are right as they are: `policies/scan-justified.yaml`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import cast

import yaml

from simulator.workspace import ROOT

FILE = ROOT / "policies" / "scan-justified.yaml"

KEYS = frozenset({"check", "resources", "reason"})
STACKS = "stacks"


@dataclass(frozen=True)
class Finding:
    """One check of the scanner that failed for one resource."""

    check: str
    """Id, e.g. CKV_AWS_18."""
    title: str
    resource: str
    """Terraform's address (`aws_s3_bucket.edge-logs`), or kind, namespace and name."""


@dataclass(frozen=True)
class Justification:
    """Why a check need not hold of some resources."""

    check: str
    resources: tuple[str, ...]
    """Patterns as of file names."""
    reason: str
    stacks: tuple[str, ...] = ()
    """Of which it holds; empty: of all."""

    def covers(self, finding: Finding) -> bool:
        """Tell whether it speaks of a finding."""
        return self.check == finding.check and any(
            fnmatchcase(finding.resource, pattern) for pattern in self.resources
        )


def read(path: Path = FILE, stack: str | None = None) -> list[Justification]:
    """Return what a file justifies, of one stack if it is given.

    :raises ValueError: with everything that is wrong with it, in one message.
    """
    content = cast("object", yaml.safe_load(path.read_text(encoding="utf-8")))
    entries = cast("list[object]", content) if isinstance(content, list) else [content]
    problems = [f"  entry {i + 1}: {p}" for i, entry in enumerate(entries) for p in _wrong(entry)]
    if problems:
        raise ValueError("\n".join([f"{path}:", *problems]))
    found = [
        Justification(
            check=cast("str", entry["check"]),
            resources=tuple(cast("list[str]", entry["resources"])),
            reason=" ".join(cast("str", entry["reason"]).split()),
            stacks=tuple(cast("list[str]", entry.get(STACKS, []))),
        )
        for entry in cast("list[Mapping[str, object]]", entries)
    ]
    return [each for each in found if stack is None or not each.stacks or stack in each.stacks]


def _wrong(entry: object) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"must be a mapping with {', '.join(sorted(KEYS))}"
        return
    given = cast("Mapping[str, object]", entry)
    for key in sorted(KEYS - given.keys()):
        yield f"{key} is missing"
    for key in sorted(given.keys() - KEYS - {STACKS}):
        yield f"{key!r} is unknown; there are {', '.join(sorted({*KEYS, STACKS}))}"
    for key in ("check", "reason"):
        value = given.get(key, "x")
        if not isinstance(value, str) or not value.strip():
            yield f"{key} must be a text"
    for key, example in (("resources", "aws_s3_bucket.*"), (STACKS, "dev")):
        value = given.get(key, [example])
        listed = cast("list[object]", value) if isinstance(value, list) else []
        if not listed or not all(isinstance(each, str) and each for each in listed):
            yield f"{key} must be a list, e.g. [{example}]"


def left(findings: Sequence[Finding], justified: Sequence[Justification]) -> list[Finding]:
    """Return the findings that nothing justifies."""
    return [f for f in findings if not any(each.covers(f) for each in justified)]


def unused(findings: Sequence[Finding], justified: Sequence[Justification]) -> list[str]:
    """Return the patterns that cover no finding, each with its check."""
    return [
        f"{each.check} {pattern}"
        for each in justified
        for pattern in each.resources
        if not any(f.check == each.check and fnmatchcase(f.resource, pattern) for f in findings)
    ]
