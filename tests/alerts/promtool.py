"""Prometheus's own checker of rules, where it can be had."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")  # noqa: S108 - only the folder that TemporaryDirectory makes in it
"""Each case has a database of its own, which promtool is quicker to write there."""


@pytest.fixture(scope="session")
def promtool() -> str:
    """Return where it is; `scripts/promtool` says why there is none."""
    found = subprocess.run(
        [ROOT / "scripts" / "promtool"], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip(found.stderr.strip())
    return found.stdout.strip()


def complaint(promtool: str, *arguments: str | Path) -> str:
    """Return what it says when it does not like what it is given."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as scratch:
        done = subprocess.run(
            [promtool, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TMPDIR": scratch},
        )
    return done.stdout + done.stderr if done.returncode else ""
