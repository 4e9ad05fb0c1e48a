"""Runs a program in this process, as the Automation API's inline programs are run."""

import asyncio
import runpy
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from pulumi.runtime.settings import SETTINGS

from simulator.workspace import ROOT

Program = Callable[[], object]


def platform_program() -> None:
    """Run the project's `__main__.py`, the very program of `pulumi up`."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


def settled(program: Program) -> Callable[[], Awaitable[None]]:
    """Return `program` as a coroutine that ends when all its outputs have.

    The SDK waits for them itself, but looks at every pending output again each time that one ends:
    with thousands of outputs, half of a run's time. This waits for all of them at once, and leaves
    the SDK nothing to wait for.
    """

    async def run() -> None:
        program()
        while pending := _pending():
            await asyncio.wait(pending)

    return run


class _Tracker(Protocol):
    """The part of the SDK's settings that knows which outputs are still to come."""

    lock: threading.Lock
    outputs: "set[asyncio.Future[object]]"


def _pending() -> list["asyncio.Future[object]"]:
    tracker = cast("_Tracker", SETTINGS)
    with tracker.lock:
        return [output for output in tracker.outputs if not output.done()]
