"""Environments' stacks, as they are, on the real engine: the smallest through its whole life.

The others' are in tests/e2e.
"""

from collections.abc import Callable

import pytest

from simulator.errors import SimulatorError
from tests.engine.conftest import Bench
from tests.engine.life import inventory, live


def test_the_whole_life_of_a_stack(bench: Callable[[str], Bench]):
    live(bench("local"))


def test_production_can_not_be_destroyed_while_it_is_protected(bench: Callable[[str], Bench]):
    mine = bench("prod")
    with mine.open() as session:
        session.up()
        before = inventory(session)
        with pytest.raises(SimulatorError, match="protect"):
            session.destroy()
    mine.edit(protect=False)
    with mine.open() as session:
        with pytest.raises(SimulatorError, match="deletion-protection"):
            session.up()
        assert inventory(session) == before
