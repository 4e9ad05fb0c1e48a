"""Production's stack, as it is, on the real engine. The whole lives of all are in tests/stacks."""

from collections.abc import Callable

import pytest

from simulator.errors import SimulatorError
from tests.engine.conftest import Bench
from tests.engine.life import inventory


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
