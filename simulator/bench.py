"""`python -m simulator.bench`: how long a stack takes on the embedded engine, and how much memory.

Each figure is the median of several runs, each run a process of its own in a new folder:

  program   building the stack under mocks, without an engine: our code and the SDK alone
  preview   `preview` of an empty stack, wall time and peak memory of all processes together
  up        `up` of an empty stack
  bare      the same two for a program of as many plain resources, without policies: the floor
  extra     the `local` stack with 10, 100 and 300 more resources
  policies  `preview` of production with the policy pack and without it
  services  production with 10, 50 and 200 services more: processor time of the program alone and
            of a whole preview, all processes together, which other work on the machine blurs least
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import pulumi
import pulumi_aws as aws

from policies.check import check
from policies.environments import configuration
from policies.pack import NAME, POLICIES
from policies.states import read_resources
from simulator.engine import pulumi_command
from simulator.host import platform_program
from simulator.many import STACK, program_seconds, stack_with
from simulator.mocks import CloudMocks
from simulator.record import RunRecord
from simulator.session import POLICY_PACK, Session
from simulator.workspace import ROOT
from stacks.loading import DIRECTORY, load_stack, read_stack_file, stack_names, stack_path

SAMPLE_SECONDS = 0.05
MIB = 1024 * 1024


@dataclass(frozen=True)
class Task:
    """What one child process measures."""

    operation: str
    """`program`, `preview`, `up`, or `check`: the policies alone on what a preview shows."""
    stack: str
    bare: int = 0
    """Run a program of this many plain resources instead of the platform."""
    extra: int = 0
    """Add this many plain resources to the platform."""
    services: int = 0
    """Add this many services to it."""
    policies: bool = True
    """Check the platform by the policy pack."""


@dataclass(frozen=True)
class Figures:
    """What a run took."""

    seconds: float
    mebibytes: float
    resources: int
    processor: float
    """Seconds of all processors together."""


def _plain_resources(count: int) -> None:
    for index in range(count):
        aws.ssm.Parameter(
            f"parameter-{index}",
            type="String",
            value=str(index),
            tags={"Name": "x", "owner": "x", "environment": "x", "project": "x"},
        )


def _program(task: Task) -> Callable[[], None]:
    def run() -> None:
        if not task.bare:
            platform_program()
        _plain_resources(task.bare or task.extra)

    return run


def _child(task: Task) -> tuple[float, int]:
    if task.operation == "program":
        return program_seconds(task.services, platform_program) if task.services else _mocked(task)
    policies = (POLICY_PACK,) if task.policies and not task.bare else ()
    engine = pulumi_command(None)
    with tempfile.TemporaryDirectory() as folder:
        files = stack_with(task.services, Path(folder)) if task.services else DIRECTORY
        begin = time.monotonic()
        with Session.open(
            task.stack, engine, program=_program(task), policies=policies, stack_files=files
        ) as session:
            record = session.up() if task.operation == "up" else session.preview()
            if task.operation == "check":
                return _checked(record, task.stack)
        return time.monotonic() - begin, sum(record.changes().values())


def _checked(record: RunRecord, stack: str) -> tuple[float, int]:
    """Return the processor time of all policies on a preview's resources, without an engine."""
    resources = read_resources("preview", json.dumps(list(record.resources())))
    begin = time.process_time()
    check(NAME, POLICIES, resources, configuration(stack))
    return time.process_time() - begin, len(resources)


def _mocked(task: Task) -> tuple[float, int]:
    mocks = CloudMocks()
    pulumi.runtime.set_mocks(mocks, project="fastapi-platform", stack=task.stack, preview=False)
    config = cast("dict[str, object]", read_stack_file(stack_path(task.stack))["config"])
    as_text = {k: v if isinstance(v, str) else json.dumps(v) for k, v in config.items()}
    pulumi.runtime.set_all_config(as_text)
    begin = time.monotonic()
    pulumi.runtime.test(_program(task))()
    return time.monotonic() - begin, len(mocks.cloud.inventory.alive())


def measure(task: Task, runs: int) -> Figures:
    """Run `task` in `runs` new processes, and return the median of each figure."""
    taken: list[Figures] = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            command = [sys.executable, "-m", "simulator.bench", "--child", json.dumps(asdict(task))]
            env = {**os.environ, "FASTAPI_PLATFORM_SIMULATOR": home}
            child = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
            peak, before = _Peak(child.pid), _processor_seconds()
            out, _ = child.communicate()
            if child.returncode:
                raise SystemExit(f"bench: {task} failed")
            seconds, resources = json.loads(out.splitlines()[-1])
            processor = _processor_seconds() - before
            taken.append(Figures(seconds, peak.stop() / MIB, resources, processor))
    return Figures(
        statistics.median(f.seconds for f in taken),
        statistics.median(f.mebibytes for f in taken),
        taken[0].resources,
        statistics.median(f.processor for f in taken),
    )


def _processor_seconds() -> float:
    """Return what all children that have ended have used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Peak:
    """Samples the resident memory of a process and all its descendants (Linux; 0 elsewhere)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def stop(self) -> int:
        """Return the largest sum of bytes seen."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(_resident(pid) for pid in _family(self._pid)))


def _family(root: int) -> list[int]:
    found, todo = [root], [root]
    while todo:
        pid = todo.pop()
        try:
            files = list(Path(f"/proc/{pid}/task").glob("*/children"))
            pids = [int(child) for file in files for child in file.read_text().split()]
        except OSError:  # it has ended meanwhile
            continue
        found += pids
        todo += pids
    return found


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _row(name: str, figures: Figures) -> None:
    print(
        f"{name:<28} {figures.resources:>5} resources {figures.seconds:>8.2f} s "
        f"{figures.mebibytes:>7.0f} MiB",
        flush=True,
    )


def report(
    stacks: Sequence[str], extras: Sequence[int], services: Sequence[int], runs: int
) -> None:
    """Print every figure."""
    print(f"{os.cpu_count()} processors; median of {runs} runs; memory of all processes together")
    report_services(services, runs)
    for stack in stacks:
        load_stack(stack)
        _row(f"{stack} program", measure(Task("program", stack), runs))
        for operation in ("preview", "up"):
            ours = measure(Task(operation, stack), runs)
            _row(f"{stack} {operation}", ours)
            floor = measure(Task(operation, stack, bare=ours.resources - 2), runs)
            _row(f"{stack} {operation}, bare", floor)
            ratio = ours.seconds / floor.seconds
            print(f"{'':<28} our overhead: {ours.seconds - floor.seconds:+.2f} s, x{ratio:.2f}")
    for extra in extras:
        for operation in ("preview", "up"):
            _row(
                f"local {operation}, {extra} extra",
                measure(Task(operation, "local", extra=extra), runs),
            )


def report_services(counts: Sequence[int], runs: int) -> None:
    """Print what each service costs: by the difference to the run with the fewest."""
    first: tuple[int, Figures, Figures] | None = None
    for count in counts:
        program = measure(Task("program", STACK, services=count), runs)
        _row(f"{count} services, program", program)
        preview = measure(Task("preview", STACK, services=count), runs)
        _row(f"{count} services, preview", preview)
        print(f"{'':<28} {preview.processor:.1f} s of processor time, all processes together")
        if first is None:
            first = count, program, preview
            continue
        more = count - first[0]
        each = 1000 / more
        print(
            f"{'':<28} each service: {(preview.resources - first[2].resources) / more:.1f} "
            f"resources, {(program.seconds - first[1].seconds) * each:.0f} ms program, "
            f"{(preview.processor - first[2].processor) * each:.0f} ms preview (processor time)",
            flush=True,
        )


def report_policies(runs: int) -> None:
    """Print what the policy pack adds to a preview of production."""
    with_pack = measure(Task("preview", STACK), runs)
    without = measure(Task("preview", STACK, policies=False), runs)
    alone = measure(Task("check", STACK), runs)
    _row(f"{STACK} preview, no policies", without)
    _row(f"{STACK} preview, policies", with_pack)
    seconds = with_pack.seconds - without.seconds
    processor = with_pack.processor - without.processor
    print(
        f"{'':<28} the pack: {seconds:+.2f} s ({seconds / without.seconds:+.0%}), {processor:+.2f} "
        f"s of processor time, {1000 * processor / with_pack.resources:.1f} ms a resource with "
        f"start and transfer, {1000 * alone.seconds / alone.resources:.1f} ms without",
        flush=True,
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", action="append", choices=stack_names(), help="default: all")
    parser.add_argument("--runs", type=int, default=3, help="runs per figure (default: 3)")
    parser.add_argument("--extra", type=int, nargs="*", default=[10, 100, 300])
    parser.add_argument("--services", type=int, nargs="*", default=[10, 50, 200])
    parser.add_argument("--services-only", action="store_true", help="leave out all else")
    parser.add_argument("--policies-only", action="store_true", help="leave out all else")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(_child(Task(**json.loads(args.child)))))
        return
    if args.policies_only:
        report_policies(args.runs)
    elif args.services_only:
        report_services(args.services, args.runs)
    else:
        report_policies(args.runs)
        report(args.stack or stack_names(), args.extra, args.services, args.runs)


if __name__ == "__main__":
    main()
