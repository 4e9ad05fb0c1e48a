"""Which Pulumi CLI to run: the machine's, the cached one, or a new build."""

import os
import shutil
import subprocess
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from simulator.engine.pin import key, read_pin, version
from simulator.gobuild.build import build
from simulator.gobuild.process import ask
from simulator.gobuild.recipe import Version, cache_directory
from simulator.gobuild.report import console, lines

NEXT_MAJOR = 4
"""Pulumi's engine and SDK speak to each other within one major version."""


def pulumi_command(progress: Callable[[str], None] | None = None) -> Path:
    """Return a Pulumi CLI that runs the embedded cloud.

    :param progress: takes each line about what is done: notices, and every 15 seconds how far a
        build is. Default: standard error, where a terminal shows one line that moves.
    :raises BuildError: there is no suitable engine and none can be built.
    """
    report = lines(progress) if progress else console()
    found, reason = installed_pulumi(oldest_suitable())
    if found:
        return found
    pin = read_pin()
    if shutil.which("pulumi"):
        report.note(f"{reason}; the pinned engine {version(pin)} is used instead.")
    target = cache_directory() / "engine" / key(pin) / "pulumi"
    if not target.exists():
        build([pin], target.parent, report, [reason])
    return target


def oldest_suitable() -> Version:
    """Return the version of the Pulumi SDK in use.

    SDK and CLI are released as one, and a CLI serves older SDKs. Policy packs that are executable
    files, which the embedded cloud needs, came with 3.255.0 (pulumi/pulumi#24052, 2026-07).
    """
    found = Version.find(metadata.version("pulumi"))
    return max(found or Version(0, 0), Version(3, 255))


def installed_pulumi(oldest: Version) -> tuple[Path | None, str]:
    """Return the Pulumi CLI on PATH if it is suitable, else the reason why there is none."""
    wanted = f"{oldest} or later, below {NEXT_MAJOR}, is needed"
    found = shutil.which("pulumi")
    if not found:
        return None, f"Pulumi: not on PATH ({wanted})"
    try:
        env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        answer = Version.find(ask([found, "version"], Path("/"), env))
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"Pulumi: {found} does not run ({error})"
    if not answer or answer < oldest or answer.major >= NEXT_MAJOR:
        return None, f"Pulumi: {found} is {answer or 'of unknown version'}, {wanted}"
    return Path(found), ""
