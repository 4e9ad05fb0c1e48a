"""`python -m tests.workflows`: check all files of CI by the programs and schemas made for it.

GitHub's by actionlint and its schema, GitLab's by its schema, scripts by shellcheck, pre-commit's
by itself. actionlint is built from its Go module, once per machine.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from simulator.gobuild import BuildError
from tests.workflows.files import ACTIONS, COPIED, GITHUB, GITLAB, PRE_COMMIT, ROOT
from tests.workflows.linter import actionlint

BIN = Path(sys.executable).parent
SCRIPTS = [ROOT / ".ci" / "run", *(path for path in (ROOT / "scripts").iterdir() if path.is_file())]


def commands(linter: Path) -> Sequence[Sequence[str | Path]]:
    """Return what is run."""
    schema = [BIN / "check-jsonschema", "--builtin-schema"]
    shell = [path for path in SCRIPTS if path.read_text().startswith("#!/usr/bin/env bash")]
    return (
        [*schema, "vendor.github-workflows", *GITHUB, *COPIED],
        [*schema, "vendor.github-actions", *ACTIONS],
        [*schema, "vendor.dependabot", ROOT / ".github" / "dependabot.yml"],
        [*schema, "vendor.gitlab-ci", *GITLAB],
        [linter, "-no-color", "-shellcheck", BIN / "shellcheck", *GITHUB, *COPIED],
        [BIN / "shellcheck", *shell],
        [BIN / "pre-commit", "validate-config", PRE_COMMIT],
    )


def main() -> int:
    """Run all of them; return 1 when one of them finds something."""
    try:
        linter = actionlint()
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command's output
        return 1
    failed = [
        command
        for command in commands(linter)
        if subprocess.run(command, check=False, cwd=ROOT).returncode
    ]
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
