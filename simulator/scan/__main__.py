"""`python -m simulator.scan`: checkov's opinion of a stack, on the embedded cloud or from a state.

Exit codes: 0 nothing is wrong that is not justified in policies/scan-justified.yaml; 1 something
is, or checkov failed; 2 wrong command line or file.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import yaml

from simulator.cloud.model import Json
from simulator.engine import pulumi_command
from simulator.errors import Exit, SimulatorError
from simulator.scan import checkov
from simulator.scan.justified import left, read, unused
from simulator.scan.manifests import manifests
from simulator.scan.terraform import plan
from simulator.session import Session
from stacks.loading import stack_names


def resources_of(stack: str) -> Sequence[Json]:
    """Return a stack's resources, after an up on an embedded cloud of its own."""
    engine = pulumi_command(lambda text: print(text, file=sys.stderr))
    with (
        tempfile.TemporaryDirectory() as home,
        Session.open(stack, engine, policies=(), home=Path(home)) as session,
    ):
        session.up()
        return _resources(session.state())


def resources_in(path: Path) -> Sequence[Json]:
    """Return the resources of a file that `pulumi stack export` wrote.

    :raises ValueError: when it is none.
    """
    content = cast("Json", json.loads(path.read_text(encoding="utf-8")))
    return _resources(cast("Json", content.get("deployment", content)))


def _resources(deployment: Json) -> Sequence[Json]:
    found = deployment.get("resources")
    if not isinstance(found, list):
        raise ValueError("no resources: the output of `pulumi stack export` is needed")  # noqa: TRY004
    return cast("Sequence[Json]", found)


def write(resources: Sequence[Json], folder: Path) -> None:
    """Write the plan and the manifests of some resources into a folder."""
    (folder / "plan.json").write_text(json.dumps(plan(resources)), encoding="utf-8")
    text = yaml.safe_dump_all(list(manifests(resources)))
    (folder / "manifests.yaml").write_text(text, encoding="utf-8")


def scan(resources: Sequence[Json], stack: str) -> bool:
    """Print what checkov finds, and return whether all of it is justified of that stack."""
    justified = read(stack=stack)
    with tempfile.TemporaryDirectory() as folder:
        write(resources, Path(folder))
        results = checkov.run(Path(folder))
    found = [finding for result in results for finding in result.failed]
    for result in results:
        open_ = left(result.failed, justified)
        print(
            f"checkov {checkov.VERSION}, {result.framework}: {result.passed} passed, "
            f"{len(result.failed) - len(open_)} failed and justified, {len(open_)} failed"
        )
    for finding in left(found, justified):
        print(f"  {finding.check} {finding.resource}: {finding.title}")
    for pattern in unused(found, justified):
        print(f"  note: justified and not found here: {pattern}")
    return not left(found, justified)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.scan",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", default="prod", choices=stack_names(), help="default: prod")
    parser.add_argument("--state", type=Path, help="scan an exported state of the stack instead")
    args = parser.parse_args(arguments)
    try:
        found = resources_in(args.state) if args.state else resources_of(args.stack)
        return Exit.OK if scan(found, args.stack) else Exit.FAILED
    except SimulatorError as error:
        print(error, file=sys.stderr)
        return error.code
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return Exit.BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
