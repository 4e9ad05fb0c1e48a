"""Environments' stacks, as they are, through the whole life of a deployment on the real engine."""

from collections.abc import Callable

import pytest

from tests.engine.conftest import Bench
from tests.engine.life import live


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_the_whole_life_of_a_stack(stack: str, bench: Callable[[str], Bench]):
    live(bench(stack))
