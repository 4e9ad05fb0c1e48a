"""Progress of a build: one line that moves in a terminal, quiet lines in CI."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

QUIET_SECONDS = 15.0
LIVE_SECONDS = 0.5
CLEAR_LINE = "\r\033[K"


@dataclass(frozen=True)
class Report:
    """Where the words about a build go."""

    note: Callable[[str], None]
    """Takes a line that stays."""
    tick: Callable[[str], None]
    """Takes how far the work is; the next one overtakes it."""
    clear: Callable[[], None]
    """Takes away the last tick, so that something else can be printed."""
    pace: float
    """Seconds between ticks."""


def lines(write: Callable[[str], None]) -> Report:
    """Report every line to `write`."""
    return Report(write, write, lambda: None, QUIET_SECONDS)


def console(stream: TextIO | None = None) -> Report:
    """Report to a terminal, or to the log of a CI. Default: standard error."""
    out = stream or sys.stderr

    def note(text: str) -> None:
        print(text, file=out, flush=True)

    def moving(text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        print(f"{CLEAR_LINE}{text[:width]}", end="", file=out, flush=True)

    if not out.isatty() or os.environ.get("CI"):
        return lines(note)
    return Report(note, moving, lambda: moving(""), LIVE_SECONDS)


def elapsed(seconds: float) -> str:
    """Return e.g. `3 min 05 s`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
