"""The nightly look at orders' outbox."""

import pytest

from orders.backlog import stuck
from platform_runtime.events import Event


def event(name: str) -> Event:
    return Event("order.placed", "1", b"{}", "orders", id=name)


class Outbox:
    """Events that wait at each look."""

    def __init__(self, *looks: list[str]) -> None:
        self._looks = list(looks)

    async def waiting(self, limit: int) -> list[Event]:
        assert limit == 1
        return [event(each) for each in self._looks.pop(0)]


CASES: list[tuple[list[list[str]], str | None]] = [
    ([[]], None),
    ([["a"], []], None),
    ([["a"], ["b"]], None),
    ([["a"], ["a"]], "a"),
]


@pytest.mark.parametrize(("looks", "told"), CASES)
async def test_an_event_that_stays_the_oldest_is_told(looks: list[list[str]], told: str | None):
    assert await stuck(Outbox(*looks), 0) == told
