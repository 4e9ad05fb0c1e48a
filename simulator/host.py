"""Runs a program in this process, as the Automation API's inline programs are run."""

import asyncio
import runpy
import sys
import threading
from collections.abc import Callable
from typing import Protocol, cast

from pulumi.runtime.settings import SETTINGS

from simulator.workspace import ROOT

Program = Callable[[], object]


def platform_program() -> None:
    """Run the project's `__main__.py`, the very program of `pulumi up`."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


class Host:
    """Runs one program, as often as the engine asks, and knows whether it still runs."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._idle = threading.Event()
        self._idle.set()

    async def __call__(self) -> None:
        """Run the program, and end when all its outputs have.

        The SDK waits for them itself, but looks at every pending output again each time that one
        ends: with thousands of outputs, half of a run's time. This waits for all of them at once,
        and leaves the SDK nothing to wait for.
        """
        self._idle.clear()
        try:
            self._program()
            while pending := _pending():
                await asyncio.wait(pending)
        finally:
            self._idle.set()

    def join(self) -> None:
        """Wait until the program has ended: an engine that failed does not wait for it.

        Another program must not start before, for the SDK's settings are this process's.
        """
        self._idle.wait(JOIN_SECONDS)


JOIN_SECONDS = 10
"""A program that got no answers any more ends at once; a stuck one must not keep us for ever."""


class _Tracker(Protocol):
    """The part of the SDK's settings that knows which outputs are still to come."""

    lock: threading.Lock
    outputs: "set[asyncio.Future[object]]"


def _pending() -> list["asyncio.Future[object]"]:
    tracker = cast("_Tracker", SETTINGS)
    with tracker.lock:
        return [output for output in tracker.outputs if not output.done()]
