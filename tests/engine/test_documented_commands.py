"""Every `pulumi` command in docs/ is one that the engine has."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from simulator.engine import pulumi_command
from tests.documented import Command, commands, pages

FLAG = re.compile(r"^ +(?:-(\w), )?--([\w-]+)", re.MULTILINE)
USAGE = re.compile(r"^Usage:\n +pulumi (.+)", re.MULTILINE)

EVERY = [command for page in pages() for command in commands(page, "pulumi")]


@cache
def engine() -> Path:
    return pulumi_command(lambda _: None)


@cache
def help_of(*path: str) -> str:
    run = subprocess.run(
        [engine(), *path, "--help"], capture_output=True, text=True, check=False, timeout=60
    )
    return run.stdout


def problems(command: Command) -> list[str]:
    """Return what the engine would not know of `command`."""
    words = command.words[1:]
    path = [word for word in words[:2] if re.fullmatch(r"[a-z-]+", word) and word[0] != "-"]
    told = help_of(*path)
    usage = USAGE.search(told)
    named = usage[1].split() if usage else []
    if (
        not path
        or named[:1] != path[:1]
        or (path[1:] and "Commands:" in told and path != named[:2])
    ):
        return [f"there is no pulumi {' '.join(path)}"]
    known = {name for pair in FLAG.findall(told) for name in pair if name}
    given = {word.lstrip("-").split("=")[0] for word in words if word.startswith("-") and word[1:]}
    return [f"{path[0]} has no flag {flag}" for flag in sorted(given - known)]


def test_the_engine_has_every_command():
    assert len(EVERY) > 60
    assert {str(command): found for command in EVERY if (found := problems(command))} == {}


@pytest.mark.parametrize(
    "line", ["pulumi deploy -s prod", "pulumi up --stck prod", "pulumi state drop URN"]
)
def test_what_the_engine_has_not_is_found(line: str):
    assert problems(Command("page", tuple(line.split())))
