"""`python -m stacks`: check stack files, write their schema, guard a preview."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import cast

from components._base.errors import InvalidInput
from stacks.guard import explain, losses, steps_of_preview
from stacks.loading import load_stack, stack_names
from stacks.schema import PATH, render


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 fine, 1 refused, 2 wrong input."""
    parser = argparse.ArgumentParser(prog="python -m stacks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check stack files against the schema and its rules")
    check.add_argument("stacks", nargs="*", metavar="STACK", help="default: all")
    commands.add_parser("schema", help=f"write {PATH.name}, for editors")
    guard = commands.add_parser(
        "guard", help="refuse a preview that loses a stateful resource (reads standard input)"
    )
    guard.add_argument("stack", metavar="STACK", help="whose platform:allowReplacement counts")
    guard.epilog = "pulumi preview -s prod --json | python -m stacks guard prod"
    args = parser.parse_args(arguments)
    if args.command == "schema":
        PATH.write_text(render())
        print(f"wrote {PATH}")  # noqa: T201 - a command's output
        return 0
    try:
        return _guard(args.stack) if args.command == "guard" else _check(args.stacks)
    except InvalidInput as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command's output
        return 2


def _check(stacks: Sequence[str]) -> int:
    wrong = 0
    for stack in stacks or stack_names():
        try:
            load_stack(stack)
            print(f"{stack}: ok")  # noqa: T201 - a command's output
        except InvalidInput as error:
            wrong = 1
            print(error, file=sys.stderr)  # noqa: T201 - a command's output
    return wrong


def _guard(stack: str) -> int:
    settings = load_stack(stack)
    try:
        preview = cast("object", json.load(sys.stdin))
    except ValueError:
        preview = None
    if not isinstance(preview, dict) or "steps" not in preview:
        print("standard input is no output of `pulumi preview --json`", file=sys.stderr)  # noqa: T201
        return 2
    steps = list(steps_of_preview(cast("Mapping[str, object]", preview)))
    lost = losses(steps, settings.allow_replacement)
    if lost:
        print(explain(lost), file=sys.stderr)  # noqa: T201 - a command's output
        return 1
    print(f"{len(steps)} steps, no stateful resource is lost")  # noqa: T201 - a command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
