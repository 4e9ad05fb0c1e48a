"""Runs a program in this process, as the Automation API's inline programs are run."""

import asyncio
import runpy
import sys
import threading
from collections.abc import Callable
from typing import Protocol, cast

import grpc
from pulumi.runtime.settings import SETTINGS

from simulator.settled import Registrations
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
        self._loop: asyncio.AbstractEventLoop | None = None
        self.registrations = Registrations()
        """What the last run registered."""

    async def __call__(self) -> None:
        """Run the program, and end when all its outputs have.

        The SDK waits for them itself, but looks at every pending output again each time that one
        ends: with thousands of outputs, half of a run's time. This waits for all of them at once,
        and leaves the SDK nothing to wait for.
        """
        self._idle.clear()
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_stay)
        self.registrations = Registrations()
        self.registrations.watch(cast("_Tracker", SETTINGS).monitor)
        try:
            self._program()
            while pending := _pending():
                await asyncio.wait(pending)
        finally:
            self._idle.set()

    def stop(self) -> None:
        """End the program if it still runs: an engine that failed answers it no more.

        Another program must not start before, for the SDK's settings are this process's.
        """
        if not self._idle.is_set() and self._loop:
            self._loop.call_soon_threadsafe(_cancel_all, self._loop)
            self._idle.wait(JOIN_SECONDS)


def _stay(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Go on when a call to the engine failed unseen: `stop` ends the program, in order.

    The SDK's own handler stops the loop, and leaves coroutines that end when Python happens to
    collect them: in another run, to which they then add the stack's outputs.
    """
    if not isinstance(context.get("exception"), grpc.RpcError):
        loop.default_exception_handler(context)


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


JOIN_SECONDS = 10
"""A cancelled program ends at once, unless it does something else than waiting."""


class _Tracker(Protocol):
    """The part of the SDK's settings that knows the engine, and which outputs are still to come."""

    lock: threading.Lock
    monitor: object
    outputs: "set[asyncio.Future[object]]"


def _pending() -> list["asyncio.Future[object]"]:
    tracker = cast("_Tracker", SETTINGS)
    with tracker.lock:
        return [output for output in tracker.outputs if not output.done()]
