"""The table of README.md that tells what each environment costs: `python -m scripts.docs.costs`.

It deploys each stack to the embedded cloud, which takes a minute; a test compares the table with
what the stacks cost now.
"""

from collections.abc import Iterator, Mapping

from scripts.docs.guides import ROOT
from scripts.docs.markdown import table
from simulator.engine import pulumi_command
from simulator.report.collect import collect
from simulator.report.cost import Estimate, estimate
from simulator.report.graph import graph_of
from simulator.report.model import Report
from simulator.report.money import whole_dollars

README = ROOT / "README.md"
BEGIN = "<!-- Written by `python -m scripts.docs.costs`. -->\n"
END = "<!-- End of what is written by it. -->\n"

STACKS = {
    "local": "The least that has every part, for trying",
    "dev": "One of each, in two zones",
    "staging": "As production, smaller",
    "prod": "Three zones, nothing shared between them, everything protected",
}
"""What each stack is for."""

NAMED = 4
"""How many components are named, the dearest first."""


def priced(report: Report) -> Estimate:
    """Return what a stack costs."""
    return estimate(report, graph_of(report))


def written(estimates: Mapping[str, Estimate]) -> str:
    """Return the table, and what no price is known of."""
    rows = ((f"`{stack}`", about, *_row(estimates[stack])) for stack, about in STACKS.items())
    unknown = sorted({line.what for e in estimates.values() for line in e.unknown})
    told = (
        f"Without a known price, and so not in the sums: {', '.join(unknown)}.\n" if unknown else ""
    )
    return "\n".join([*table(("Stack", "What it is", "A month", "Most of it"), rows), told])


def replaced(readme: str, made: str) -> str:
    """Return the README with another table."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}"


def _row(estimated: Estimate) -> Iterator[str]:
    yield whole_dollars(estimated.total)
    dearest = list(estimated.by_component().items())[:NAMED]
    yield ", ".join(f"{component} {whole_dollars(usd)}" for component, usd in dearest)


def main() -> None:
    """Write the table."""
    engine = pulumi_command()
    made = written({stack: priced(collect(stack, engine)) for stack in STACKS})
    README.write_text(replaced(README.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
