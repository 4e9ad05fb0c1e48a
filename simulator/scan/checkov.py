"""Runs checkov on a folder, and reads what it says.

It is run by uv in an environment of its own, as it pins what our tools need in other versions.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from simulator.errors import SimulatorError
from simulator.scan.justified import Finding

VERSION = "3.3.30"
"""https://pypi.org/project/checkov/ (2026-11-25)"""

FRAMEWORKS = ("terraform_plan", "kubernetes")


@dataclass(frozen=True)
class Result:
    """What checkov says of one framework's files."""

    framework: str
    passed: int
    failed: Sequence[Finding]


def run(folder: Path) -> list[Result]:
    """Run every check of checkov on the plan and the manifests of a folder.

    :raises SimulatorError: when it can't be run, or did not look at something.
    """
    uvx = Path(sys.executable).with_name("uvx")
    command = [str(uvx), "--from", f"checkov=={VERSION}", "checkov", "--directory", str(folder)]
    command += ["--framework", *FRAMEWORKS, "--output", "json", "--quiet", "--compact"]
    command += ["--soft-fail", "--skip-download"]
    env = {**os.environ, "LOG_LEVEL": "ERROR"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SimulatorError(f"checkov {VERSION} failed:\n{done.stderr[-2000:]}")
    return read(done.stdout)


def read(output: str) -> list[Result]:
    """Return the results of checkov's JSON, one for each framework.

    :raises SimulatorError: when there is none of a framework, or a file was not understood.
    """
    content = cast("object", json.loads(output))
    reports = cast(
        "list[Mapping[str, object]]", content if isinstance(content, list) else [content]
    )
    results: list[Result] = []
    for report in reports:
        summary = cast("Mapping[str, int]", report.get("summary", report))
        if summary.get("parsing_errors"):
            raise SimulatorError(f"checkov understood no {report.get('check_type')}: our mistake")
        found = cast("Mapping[str, list[Mapping[str, str]]]", report.get("results", {}))
        failed = [
            Finding(each["check_id"], each["check_name"], each["resource"])
            for each in found.get("failed_checks", [])
        ]
        results.append(Result(str(report.get("check_type")), summary.get("passed", 0), failed))
    missing = set(FRAMEWORKS) - {result.framework for result in results if result.passed}
    if missing:
        raise SimulatorError(f"checkov looked at no {' and no '.join(sorted(missing))}")
    return results
