"""What README.md says that the environments cost."""

import re

import pytest

from scripts.docs.costs import BEGIN, END, NAMED, README, STACKS, priced
from simulator.report.money import whole_dollars
from tests.docs.mocked import reported


@pytest.mark.parametrize("stack", STACKS)
def test_costs_are_those_of_the_stack(stack: str):
    """If not: python -m scripts.docs.costs."""
    cost = priced(reported(stack))
    dearest = [f"{c} {whole_dollars(usd)}" for c, usd in list(cost.by_component().items())[:NAMED]]
    row = f"| `{stack}` | {STACKS[stack]} | {whole_dollars(cost.total)} | {', '.join(dearest)} |"
    written = README.read_text().partition(BEGIN)[2].partition(END)[0]
    assert row in written
    assert {line.what for line in cost.unknown} <= set(re.split(r", |: |\.\n", written))
