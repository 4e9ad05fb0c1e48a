"""The pack as a folder for other repositories: nothing in it needs this project."""

import shutil
from pathlib import Path

from policies.mistakes import MistakeError
from policies.pack import NAME

HERE = Path(__file__).parent

PROJECT = f"""\
name: {NAME}
version: 0.1.0
description: Guard rails for FastAPI services on AWS
runtime:
  name: python
  options:
    virtualenv: venv
main: .
"""

README = """\
# Policies of the FastAPI platform

A pack of Pulumi policies, written by `python -m policies package`. The folder may have any name.

    (cd policies && pulumi install)       # or: python3 -m venv venv && venv/bin/pip install -r …
    pulumi preview --policy-pack policies --policy-pack-config policies/config/prod.json

Without an engine, on what `pulumi stack export` or `pulumi preview --json` writes:

    policies/venv/bin/python policies list
    policies/venv/bin/python policies check state.json --config policies/config/prod.json

`config/` has a configuration for each environment: make them yours. `explain ID` tells the settings
of a policy. Exemptions go in the stack file, `<project>:exemptions`, and come with
`--stack-file Pulumi.prod.yaml`, or in the configuration, as `exempt` of `justified-exemptions`.
"""

LEFT_OUT = (
    *("PulumiPolicy.yaml", "__pycache__", "document.py", "guidelines", "run-pack", "scan-*"),
    "venv",
)
"""Of this project only: its pages, its environment, and its way to run without a language host."""


def package(folder: Path) -> None:
    """Write the pack to a new folder.

    :raises MistakeError: when there is something already, or it can't be written.
    """
    if folder.exists():
        raise MistakeError(str(folder), ["exists; name a folder that does not"])
    try:
        shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        (folder / "PulumiPolicy.yaml").write_text(PROJECT, encoding="utf-8")
        (folder / "README.md").write_text(README, encoding="utf-8")
    except OSError as error:
        raise MistakeError(str(folder), [f"can't be written: {error.strerror}"]) from None
