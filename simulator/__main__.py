"""`python -m simulator`: run a stack on the embedded cloud."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from components._base.errors import InvalidInput
from simulator.cloud.faults import Fault, Faults
from simulator.console import Display, fail
from simulator.engine import pulumi_command
from simulator.errors import Exit, SimulatorError
from simulator.gobuild import BuildError
from simulator.record import RunRecord
from simulator.report import command as report
from simulator.session import Session
from simulator.timeline import describe, timeline
from simulator.workspace import Workspace

EPILOG = """\
exit codes: 0 done; 1 the engine, the program or the simulated cloud failed; 2 wrong command line
or configuration; 3 a policy or the replacement guard refused; 130 interrupted.

examples:
  python -m simulator up --stack local
  python -m simulator preview --stack prod --json | jq .changes
  python -m simulator up --stack dev --fault aws:ec2/subnet:Subnet:2   # then run it again
"""


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    root = argparse.ArgumentParser(
        prog="python -m simulator",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    helps = {
        "preview": "show what an up would do, policies included",
        "up": "deploy",
        "refresh": "compare the state with the simulated cloud and correct the state",
        "destroy": "delete everything, and check that nothing is left",
        "outputs": "print the stack's outputs",
        "resources": "print every resource of a preview as JSON, whatever policies say of it",
        "lose": "make a resource vanish behind the engine's back",
        "cancel": "remove the lock of a command that was killed",
    }
    for name, text in helps.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--stack", default="local", help="stack name (default: local)")
        command.add_argument(
            "--json", action="store_true", help="result as JSON on standard output"
        )
        if name == "up":
            command.add_argument(
                "--fault",
                action="append",
                default=[],
                metavar="TYPE:N",
                help="fail the Nth create of a type, e.g. aws:ec2/subnet:Subnet:2 (repeatable)",
            )
            command.add_argument(
                "--slow",
                type=float,
                default=0,
                metavar="SECONDS",
                help="let every create take that long, e.g. to try Ctrl-C",
            )
        if name == "lose":
            command.add_argument("resource", help="URN or id")
    report.configure(commands.add_parser("report", help=report.HELP, description=report.HELP))
    return root


def main(arguments: Sequence[str] | None = None) -> Exit:
    """Run one command; return its exit code."""
    args = parser().parse_args(arguments)
    try:
        if args.command == "cancel":
            return _cancel(args.stack)
        return report.run(args) if args.command == "report" else _run(args)
    except InvalidInput as error:
        fail(str(error))
        return Exit.BAD_INPUT
    except BuildError as error:
        fail(str(error))
        return Exit.FAILED
    except SimulatorError as error:
        fail(str(error))
        return error.code
    except KeyboardInterrupt:
        fail("interrupted before the engine had started; nothing was touched")
        return Exit.INTERRUPTED


def _cancel(stack: str) -> Exit:
    workspace = Workspace.of(stack)
    with workspace.locked():
        workspace.break_stale_lock()
    print(f"stack '{stack}' is unlocked", file=sys.stderr)
    return Exit.OK


def _run(args: argparse.Namespace) -> Exit:
    try:
        planned = tuple(Fault.parse(text) for text in getattr(args, "fault", []))
    except ValueError as error:
        raise SimulatorError(str(error), Exit.BAD_INPUT) from None
    faults = Faults(planned, getattr(args, "slow", 0))
    quiet = args.command in ("outputs", "resources") or args.json
    engine = pulumi_command(lambda text: print(text, file=sys.stderr))
    with (
        Session.open(args.stack, engine, faults=faults) as session,
        Display(quiet=quiet) as display,
    ):
        for notice in session.notices:
            display.notice(notice)
        _COMMANDS[args.command](session, display, args)
    return Exit.OK


def _deployment(session: Session, display: Display, args: argparse.Namespace) -> None:
    operation = getattr(session, args.command)
    begin = time.monotonic()
    record: RunRecord = operation(display.on_event)
    display.summary(args.command, record, time.monotonic() - begin)
    clock = timeline(session.state()) if args.command == "up" else None
    if args.json:
        result: dict[str, object] = {
            "stack": args.stack,
            "simulated": True,
            "changes": record.changes(),
            "policies": [
                {"policy": p.policy_name, "level": p.enforcement_level, "urn": p.resource_urn}
                for p in record.policies
            ],
        }
        if clock:
            result["realSeconds"] = clock.seconds
            result["criticalPath"] = [s.urn for s in clock.critical_path()]
        _print_json(result)
    elif clock:
        display.notice(describe(clock))
        _print_outputs(session.outputs(), width=_SUMMARY_WIDTH)


def _outputs(session: Session, _display: Display, args: argparse.Namespace) -> None:
    if args.json:
        _print_json(session.outputs())
    else:
        _print_outputs(session.outputs())


def _resources(session: Session, _display: Display, _args: argparse.Namespace) -> None:
    _print_json(list(session.planned().resources()))


def _lose(session: Session, display: Display, args: argparse.Namespace) -> None:
    found = session.cloud.inventory.find(args.resource)
    if found is None:
        raise SimulatorError(f"there is no resource {args.resource!r} in the simulated cloud")
    session.cloud.inventory.remove(found.type, found.id)
    display.notice(f"{found.type} {found.id} is gone; `make refresh` will notice")


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, indent=2, sort_keys=True)
    print()


_SUMMARY_WIDTH = 100
"""Characters of an output that the end of an `up` shows; `outputs` shows them all."""


def _print_outputs(outputs: dict[str, object], *, width: int | None = None) -> None:
    column = max((len(key) for key in outputs), default=0)
    for key, value in outputs.items():
        shown = value if isinstance(value, str) else json.dumps(value)
        cut = width is not None and len(shown) > width
        print(f"{key:<{column}}  {shown[:width]}{'…' if cut else ''}")


_COMMANDS = {
    "preview": _deployment,
    "up": _deployment,
    "refresh": _deployment,
    "destroy": _deployment,
    "outputs": _outputs,
    "resources": _resources,
    "lose": _lose,
}

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
