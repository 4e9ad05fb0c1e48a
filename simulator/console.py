"""What a person sees of a run: live progress in a terminal, quiet lines elsewhere."""

import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Self

from pulumi.automation import OpType
from pulumi.automation.events import EngineEvent
from rich.console import Console
from rich.live import Live
from rich.text import Text

from simulator.record import RunRecord, plain, undecided

BANNER = "The cloud is SIMULATED: real Pulumi engine, no AWS account, nothing is created anywhere."

_SIGNS: Mapping[OpType, tuple[str, str]] = {
    OpType.CREATE: ("+", "green"),
    OpType.UPDATE: ("~", "yellow"),
    OpType.DELETE: ("-", "red"),
    OpType.REPLACE: ("+-", "magenta"),
    OpType.CREATE_REPLACEMENT: ("++", "magenta"),
    OpType.DELETE_REPLACED: ("--", "magenta"),
    OpType.REFRESH: ("?", "cyan"),
}

_WIDTH = 3
_SHOWN = 8
"""How many resources under way the live display names."""


class Display:
    """Prints each step as it ends; in a terminal also what is under way."""

    def __init__(self, *, quiet: bool = False) -> None:
        # everything for people goes to standard error: standard output is for data
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self._under_way: dict[str, float] = {}
        self._done = 0
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if not self._quiet:
            self._console.print(Text(BANNER, style="bold yellow"))
        if self._console.is_terminal and not self._quiet:
            self._live = Live(console=self._console, refresh_per_second=8, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def notice(self, text: str) -> None:
        """Print one line for the reader."""
        self._console.print(Text(text))

    def on_event(self, event: EngineEvent) -> None:
        """Show one engine event."""
        if self._quiet:
            return
        if event.resource_pre_event:
            metadata = event.resource_pre_event.metadata
            if metadata.op in _SIGNS:
                self._under_way[metadata.urn] = time.monotonic()
        elif event.res_outputs_event:
            metadata = event.res_outputs_event.metadata
            self._under_way.pop(metadata.urn, None)
            self._done += 1
            if metadata.op in _SIGNS and not metadata.type.startswith("pulumi:pulumi:"):
                self._step(metadata.op, metadata.type, metadata.urn)
        elif event.res_op_failed_event:
            metadata = event.res_op_failed_event.metadata
            self._under_way.pop(metadata.urn, None)
            self._console.print(Text(f"  ! {_label(metadata.type, metadata.urn)} failed", "red"))
        elif event.policy_event and not undecided(event.policy_event):
            level = event.policy_event.enforcement_level
            style = "red" if level == "mandatory" else "cyan"
            text = " ".join(plain(event.policy_event.message).split())
            name = event.policy_event.policy_name
            self._console.print(Text(f"  policy {name} ({level}): {text}", style))
        if self._live:
            self._live.update(self._status())

    def summary(self, verb: str, record: RunRecord, seconds: float) -> None:
        """Print the closing lines of a run."""
        if self._quiet:
            return
        changes = Counter(record.changes())
        counted = ", ".join(f"{n} {op}" for op, n in sorted(changes.items())) or "nothing to do"
        self._console.print(Text(f"{verb}: {counted} in {seconds:.1f} s", style="bold"))
        if record.exempted():
            text = f"  {len(record.exempted())} policy violations are exempted by the stack file"
            self._console.print(Text(text, "cyan"))
        waiting = record.undecided()
        if waiting:
            text = f"  {len(waiting)} policy checks wait for values that only an up can tell"
            self._console.print(Text(text, "cyan"))

    def _step(self, op: OpType, type_: str, urn: str) -> None:
        sign, style = _SIGNS[op]
        self._console.print(Text(f"{sign:>{_WIDTH}} {_label(type_, urn)}", style))

    def _status(self) -> Text:
        now = time.monotonic()
        lines = [f"{self._done} done, {len(self._under_way)} under way"]
        oldest = sorted(self._under_way.items(), key=lambda item: item[1])[:_SHOWN]
        lines += [f"    … {urn.rsplit('::', 1)[-1]} ({now - t:.0f} s)" for urn, t in oldest]
        return Text("\n".join(lines), style="dim")


def fail(message: str) -> None:
    """Print one error."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text("error: ", style="bold red") + Text(message))
    sys.stderr.flush()


def _label(type_: str, urn: str) -> str:
    return f"{type_} {urn.rsplit('::', 1)[-1]}"
