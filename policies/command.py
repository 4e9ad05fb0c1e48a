"""`python -m policies`: list, explain and configure the policies, and check a stack offline."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from policies.catalogue import as_rows, as_table, explained
from policies.check import FailOn, check
from policies.configuration import configuration_problems, read_configuration
from policies.environments import (
    Configuration,
    config_file,
    exempted,
    stack_exemptions,
    stack_file,
    stacks,
)
from policies.mistakes import MistakeError, nearest
from policies.pack import NAME, POLICIES
from policies.package import package
from policies.reports import FORMATS, Report, summary
from policies.states import read_resources

EPILOG = """\
exit codes: 0 fine; 1 violations; 2 wrong input.

examples:
  python -m policies explain log-retention
  pulumi stack export -s prod | python -m policies check - --stack prod
  python -m policies check state.json --config policies.json --format sarif --output policies.sarif
  python -m policies config --stack prod > policies.json
  pulumi preview -s prod --policy-pack policies --policy-pack-config policies.json
"""


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    root = argparse.ArgumentParser(
        prog="python -m policies",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    listing = command("list", "list the policies, with their level in each stack")
    listing.add_argument("--stack", metavar="NAME", help="only this stack's levels")
    listing.add_argument("--json", action="store_true", help="as JSON")
    explain = command("explain", "tell all about one policy")
    explain.add_argument("policy", metavar="ID")
    checking = command("check", "check the resources of a stack, without an engine or AWS")
    checking.add_argument(
        "state",
        type=Path,
        metavar="STATE.json",
        help="a state or preview; - is stdin",
    )
    checking.add_argument("--format", choices=tuple(FORMATS), default="text", help="default: text")
    checking.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    checking.add_argument(
        "--fail-on",
        choices=[each.value for each in FailOn],
        action="append",
        default=[],
        help="what gives exit code 1 beside violations of mandatory policies: those of advisory "
        "ones, what is undecided; may be given twice (default: mandatory)",
    )
    config = command("config", "write a configuration, with the exemptions of the stack file")
    for each in (checking, config):
        chosen = each.add_mutually_exclusive_group()
        chosen.add_argument("--stack", metavar="NAME", help="whose configuration holds")
        chosen.add_argument("--config", type=Path, metavar="FILE", help="as --policy-pack-config")
        each.add_argument(
            "--stack-file",
            type=Path,
            metavar="FILE",
            help="with exemptions (default: NAME's)",
        )
    packing = command("package", "write the pack as a folder that other repositories can have")
    packing.add_argument("folder", type=Path, metavar="FOLDER", help="must not exist")
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 fine, 1 violations, 2 wrong input."""
    args = parser().parse_args(arguments)
    try:
        return _COMMANDS[args.command](args)
    except MistakeError as error:
        sys.stderr.write(f"error: {error.message}\n")
        return 2
    except BrokenPipeError:  # by `| head`
        sys.stderr.close()
        return 0


def _list(args: argparse.Namespace) -> int:
    files = {name: _of_stack(name) for name in ((args.stack,) if args.stack else stacks())}
    if args.json:
        sys.stdout.write(json.dumps(as_rows(POLICIES, files), indent=2) + "\n")
    else:
        sys.stdout.write(as_table(POLICIES, files))
    return 0


def _explain(args: argparse.Namespace) -> int:
    known = {policy.name: policy for policy in POLICIES}
    if args.policy not in known:
        raise MistakeError(args.policy, [f"there is no such policy; {nearest(args.policy, known)}"])
    files = {name: _of_stack(name) for name in stacks()}
    sys.stdout.write(explained(known[args.policy], files))
    return 0


def _config(args: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(_configuration(args), indent=2) + "\n")
    return 0


def _package(args: argparse.Namespace) -> int:
    package(args.folder)
    sys.stdout.write(f"wrote {args.folder}: see its README.md\n")
    return 0


def _check(args: argparse.Namespace) -> int:
    configured = _configuration(args)
    stdin = str(args.state) == "-"
    source = "standard input" if stdin else str(args.state)
    content = sys.stdin.read() if stdin else _text(args.state)
    outcome = check(NAME, POLICIES, read_resources(source, content), configured)
    report = Report(outcome, source, content, frozenset(map(FailOn, args.fail_on)))
    told = FORMATS[args.format](report)
    if args.output:
        try:
            args.output.write_text(told, encoding="utf-8")
        except OSError as error:
            raise MistakeError(str(args.output), [f"can't be written: {error.strerror}"]) from None
        sys.stderr.write(f"{summary(outcome)}\n")
    else:
        sys.stdout.write(told)
    return 1 if report.failures else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise MistakeError(str(path), [f"can't be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise MistakeError(str(path), ["is not UTF-8 text"]) from None


def _configuration(args: argparse.Namespace) -> Configuration:
    """Return what holds: of a stack or a file, and the exemptions of a stack file.

    :raises MistakeError: with everything that is wrong with it.
    """
    configured: Mapping[str, object] = {}
    if args.config:
        configured = read_configuration(args.config, POLICIES)
    elif args.stack:
        configured = _of_stack(args.stack)
    path: Path | None = args.stack_file or (stack_file(args.stack) if args.stack else None)
    if path:
        configured = exempted(configured, stack_exemptions(path))
        problems = list(configuration_problems(configured, POLICIES))
        if problems:
            raise MistakeError(str(path), problems)
    return configured


def _of_stack(stack: str) -> Configuration:
    path = config_file(stack)
    if path is None:
        hint = nearest(stack, stacks())
        raise MistakeError(stack, [f"there is no configuration of such a stack; {hint}"])
    return read_configuration(path, POLICIES)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "explain": _explain,
    "check": _check,
    "config": _config,
    "package": _package,
}
