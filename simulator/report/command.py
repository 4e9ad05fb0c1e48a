"""`python -m simulator report`: collects, computes, writes."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from simulator.console import fail
from simulator.engine import pulumi_command
from simulator.errors import Exit
from simulator.report import archive, html, markdown
from simulator.report.collect import collect
from simulator.report.cost import over_budget
from simulator.report.model import Report
from simulator.report.views import Views, views_of
from simulator.workspace import ROOT

BUILD = ROOT / "build"
"""Where reports go unless told otherwise; git ignores it."""

_WRITERS: Mapping[str, tuple[str, Callable[[Views], str]]] = {
    "html": (".html", html.write),
    "json": (".json", archive.write),
    "markdown": (".md", markdown.write),
}

HELP = "write what a stack would be: diagram, cost, rights, reach, differences"


def configure(command: argparse.ArgumentParser) -> None:
    """Describe the command line of `report`."""
    command.add_argument("--stack", default="local", help="stack name (default: local)")
    command.add_argument("--format", choices=_WRITERS, default="html", help="default: html")
    command.add_argument("--out", help="file; - is standard output (default: build/report-STACK.*)")
    command.add_argument(
        "--against",
        metavar="STACK|FILE",
        help="compare with another stack, or with a report of --format json",
    )
    command.add_argument(
        "--budget",
        type=float,
        metavar="USD",
        help="fail when the estimate is more than that a month",
    )


def run(args: argparse.Namespace) -> Exit:
    """Write a report; tell by the exit code if a policy or the budget refuses the stack."""
    against: str | None = args.against
    base = archive.read(Path(against)) if against and _is_file(against) else None
    engine = pulumi_command(lambda text: print(text, file=sys.stderr))
    if against and base is None:
        base = collect(against, engine)
    report = collect(args.stack, engine)
    views = views_of(report, base=base, budget=args.budget)
    _write(views, args.format, args.out)
    return _verdict(report, views)


def _is_file(text: str) -> bool:
    return text.endswith(".json") or "/" in text


def _write(views: Views, form: str, out: str | None) -> None:
    suffix, writer = _WRITERS[form]
    if out == "-":
        print(writer(views))
        return
    path = Path(out) if out else BUILD / f"report-{views.report.stack}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(writer(views), encoding="utf-8")
    print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _verdict(report: Report, views: Views) -> Exit:
    refused = [finding for finding in report.findings if finding.level == "mandatory"]
    for finding in refused:
        fail(f"[{finding.policy}] {finding.message}")
    if refused:
        return Exit.REFUSED
    too_much = over_budget(report.stack, views.cost, views.budget)
    if too_much:
        fail(too_much)
        return Exit.FAILED
    return Exit.OK
