"""Runs a script of CI where every command that reaches out only takes notes."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FAKE = """#!/usr/bin/env bash
# Notes how it was called; says what the test wants.
name=${0##*/}
jq --null-input --compact-output '$ARGS.positional' --args -- "$0" "$@" >>"$NOTES"
for word in "$@"; do
  file=${word#body=@}
  [[ $file != "$word" ]] && cp "$file" "$SAID/body"
  [[ ${previous:-} == --body-file ]] && cp "$word" "$SAID/body"
  [[ ${previous:-} == --jq ]] && filter=$word
  previous=$word
done
all=$*
for end in "${all//[^a-zA-Z]/-}" "$name"; do
  if [[ -f $SAID/$end ]]; then
    if [[ -n ${filter:-} ]]; then jq --raw-output "$filter" "$SAID/$end"; else cat "$SAID/$end"; fi
    [[ -f $SAID/$end.code ]] && exit "$(<"$SAID/$end.code")"
    exit 0
  fi
done
"""
"""What it says is the file of its arguments, or of its name, in `$SAID`; gh's `--jq` is done."""

OUTSIDE = (
    "make",
    "gh",
    "git",
    "docker",
    "aws",
    "pulumi",
    "apt-get",
    "apk",
    "curl",
    "zap-api-scan.py",
)


@dataclass(frozen=True)
class Ran:
    """What came of a script."""

    code: int
    out: str
    error: str
    calls: Sequence[Sequence[str]]
    """Command and arguments of each noted command, in order."""

    def of(self, command: str) -> list[Sequence[str]]:
        """Return the arguments of each call of one command."""
        return [arguments for name, *arguments in self.calls if name == command]


@dataclass
class Sandbox:
    """A folder to run scripts in."""

    folder: Path
    fakes: Sequence[str] = (*OUTSIDE, ".venv/bin/python", "scripts/deploy")
    """Commands that take notes; those with a path are files of the folder."""
    env: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        for name in ("bin", "said", "work", "temp"):
            (self.folder / name).mkdir(parents=True)
        for fake in self.fakes:
            path = self.work / fake if "/" in fake else self.folder / "bin" / fake
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(FAKE)
            path.chmod(0o755)

    @property
    def work(self) -> Path:
        """Where scripts run."""
        return self.folder / "work"

    def say(self, call: str, text: str, code: int = 0) -> None:
        """Have a command say `text` when it is called so, or whenever, by its name alone.

        :param call: its arguments, each character but letters as `-`; or its name.
        """
        (self.folder / "said" / call).write_text(text)
        if code:
            (self.folder / "said" / f"{call}.code").write_text(str(code))

    @property
    def body(self) -> str:
        """What the last comment or issue was given."""
        return (self.folder / "said" / "body").read_text()

    def run(self, script: str, env: Mapping[str, str] | None = None) -> Ran:
        """Run a script as GitHub does: https://docs.github.com/actions (bash -e -o pipefail)."""
        notes = self.folder / "notes"
        notes.write_text("")
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.work,
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "HOME": str(self.folder),
                "NOTES": str(notes),
                "SAID": str(self.folder / "said"),
                "RUNNER_TEMP": str(self.folder / "temp"),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
                "GITHUB_OUTPUT": str(self.folder / "output"),
                "GITHUB_REPOSITORY": "acme/platform",
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_RUN_ID": "7",
                **self.env,
                **(env or {}),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        calls = [json.loads(line) for line in notes.read_text().splitlines()]
        plain = [[Path(name).name if "/bin/" in name else name, *rest] for name, *rest in calls]
        return Ran(done.returncode, done.stdout, done.stderr, plain)
