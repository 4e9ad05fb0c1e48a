"""`python -m components.scans.findings REPORT.json…`: what ZAP's reports say, as a Markdown list.

For CI, where no function compares reports. Nothing is printed when there is nothing to tell.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from components.scans.compare.handler import RISKS, Finding, findings

MOST_SHOWN = 100
"""Lines; an issue on GitHub takes 65,536 characters."""


def listed(found: Iterable[Finding], least: int) -> list[str]:
    """Return a line for each finding of at least that risk, the worst first, each once."""
    kept = {finding.key: finding for finding in found if finding.risk >= least}.values()
    return [str(finding) for finding in sorted(kept, key=lambda each: (-each.risk, each.key))]


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(prog="python -m components.scans.findings")
    made.add_argument("reports", nargs="+", type=Path, metavar="REPORT.json")
    made.add_argument(
        "--from", dest="least", choices=RISKS, default="medium", help="least risk told: %(default)s"
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the list; return the exit code: 0 fine, 2 a report is none."""
    args = parser().parse_args(arguments)
    found: list[Finding] = []
    for path in args.reports:
        try:
            found += findings(path.read_bytes())
        except (OSError, ValueError) as error:
            sys.stderr.write(f"error: {path}: {error}\n")
            return 2
    lines = listed(found, RISKS.index(args.least))
    sys.stdout.writelines(f"- {line}\n" for line in lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        sys.stdout.write(f"- and {len(lines) - MOST_SHOWN} more\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
