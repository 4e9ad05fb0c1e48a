"""`python -m stacks`: check stack files, write their schema, judge a preview, add a service."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from components._base.errors import InvalidInput
from stacks import new_service
from stacks.changes import as_markdown, changes
from stacks.guard import Step, explain, losses, steps_of_preview
from stacks.loading import load_stack, stack_names
from stacks.scanning import write_documents
from stacks.schema import PATH, render

PREVIEW = "pulumi preview -s prod --json | python -m stacks"


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    root = argparse.ArgumentParser(prog="python -m stacks", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check stack files against the schema and its rules")
    check.add_argument("stacks", nargs="*", metavar="STACK", help="default: all")
    commands.add_parser("schema", help=f"write {PATH.name}, for editors")
    guard = commands.add_parser(
        "guard", help="refuse a preview that loses a stateful resource (reads standard input)"
    )
    guard.add_argument("stack", metavar="STACK", help="whose platform:allowReplacement counts")
    guard.epilog = f"{PREVIEW} guard prod"
    changing = commands.add_parser(
        "changes", help="list what a preview changes, a line each (reads standard input)"
    )
    changing.add_argument("--markdown", action="store_true", help="as a list, cut when it is long")
    changing.epilog = f"{PREVIEW} changes"
    public = commands.add_parser("public", help="list the services that a stack shows to the world")
    public.add_argument("stack", metavar="STACK")
    scanned = commands.add_parser(
        "scan-documents", help="write what ZAP may ask of each public service from outside"
    )
    scanned.add_argument("stack", metavar="STACK")
    scanned.add_argument("url", metavar="URL", help="of the API, e.g. https://api.example.com")
    scanned.add_argument("folder", type=Path, metavar="FOLDER")
    new_service.configure(commands.add_parser("new-service", help=new_service.HELP))
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 fine, 1 refused, 2 wrong input."""
    args = parser().parse_args(arguments)
    try:
        return _COMMANDS[args.command](args)
    except InvalidInput as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command's output
        return 2


def _schema(_: argparse.Namespace) -> int:
    PATH.write_text(render())
    print(f"wrote {PATH}")  # noqa: T201 - a command's output
    return 0


def _check(args: argparse.Namespace) -> int:
    wrong = 0
    for stack in args.stacks or stack_names():
        try:
            load_stack(stack)
            print(f"{stack}: ok")  # noqa: T201 - a command's output
        except InvalidInput as error:
            wrong = 1
            print(error, file=sys.stderr)  # noqa: T201 - a command's output
    return wrong


def _guard(args: argparse.Namespace) -> int:
    settings = load_stack(args.stack)
    steps = _preview()
    if steps is None:
        return 2
    lost = losses(steps, settings.allow_replacement)
    if lost:
        print(explain(lost), file=sys.stderr)  # noqa: T201 - a command's output
        return 1
    print(f"{len(steps)} steps, no stateful resource is lost")  # noqa: T201 - a command's output
    return 0


def _changes(args: argparse.Namespace) -> int:
    steps = _preview()
    if steps is None:
        return 2
    lines = changes(steps)
    sys.stdout.write(as_markdown(lines) if args.markdown else "".join(f"{e}\n" for e in lines))
    return 0


def _public(args: argparse.Namespace) -> int:
    services = load_stack(args.stack).services
    sys.stdout.write("".join(f"{name}\n" for name, spec in services.items() if spec.public))
    return 0


def _scan_documents(args: argparse.Namespace) -> int:
    for path in write_documents(args.stack, args.url, args.folder):
        print(path)  # noqa: T201 - a command's output
    return 0


def _preview() -> list[Step] | None:
    """Read a preview from standard input; None, when it is none, which has been told."""
    try:
        preview = cast("object", json.load(sys.stdin))
    except ValueError:
        preview = None
    if not isinstance(preview, dict) or "steps" not in preview:
        print("standard input is no output of `pulumi preview --json`", file=sys.stderr)  # noqa: T201
        return None
    return list(steps_of_preview(cast("Mapping[str, object]", preview)))


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "changes": _changes,
    "check": _check,
    "guard": _guard,
    "new-service": new_service.run,
    "public": _public,
    "scan-documents": _scan_documents,
    "schema": _schema,
}

if __name__ == "__main__":
    sys.exit(main())
