"""`python -m tests.upgrade`: write inventories of the stacks, and states of a release."""

import argparse
import sys
from collections.abc import Sequence

from simulator.engine import pulumi_command
from simulator.errors import SimulatorError
from stacks.loading import stack_names
from tests.given import deployed
from tests.upgrade.compare import compare, explain
from tests.upgrade.inventory import FOLDER, Inventory
from tests.upgrade.releases import record, version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    help_ = "write what each stack consists of, and tell what is different"
    inventory = commands.add_parser("inventory", help=help_, description=help_)
    inventory.add_argument("stacks", nargs="*", metavar="STACK", help="default: all")
    inventory.add_argument(
        "--accept-loss", action="store_true", help="write it even if data would be lost"
    )
    help_ = (
        "deploy a commit's stacks on the embedded cloud, and keep their states for upgrade tests"
    )
    state = commands.add_parser("state", help=help_, description=help_)
    state.add_argument("stacks", nargs="*", metavar="STACK", help="default: all")
    state.add_argument("--commit", default="HEAD", help="whose program (default: HEAD)")
    state.add_argument("--release", help="its name (default: the version in pyproject.toml)")
    args = parser.parse_args(arguments)
    if args.command == "state":
        return _state(args.release or version(), args.commit, args.stacks)
    return _inventory(args.stacks or stack_names(), accept_loss=args.accept_loss)


def _inventory(stacks: Sequence[str], *, accept_loss: bool) -> int:
    refused = 0
    for stack in stacks:
        now = Inventory.of(stack, deployed(stack))
        changes = compare(Inventory.read(stack, FOLDER), now)
        print(explain(stack, changes) if changes else f"{stack}: nothing is different")  # noqa: T201
        if any(change.loses for change in changes) and not accept_loss:
            print(f"{stack}: not written; if data may be lost: make inventory FLAGS=--accept-loss")  # noqa: T201
            refused = 1
        else:
            print(f"{stack}: wrote {now.write(FOLDER)}")  # noqa: T201
    return refused


def _state(release: str, commit: str, stacks: Sequence[str]) -> int:
    engine = pulumi_command(lambda text: print(text, file=sys.stderr))  # noqa: T201
    try:
        for each in record(release, commit, stacks, engine):
            file = each.write()
            size = file.stat().st_size
            print(f"{each.stack} of {each.commit[:7]}: wrote {file}, {size} bytes")  # noqa: T201
    except SimulatorError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
