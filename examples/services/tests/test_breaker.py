"""The circuit breaker."""

import asyncio

import pytest

from platform_runtime.breaker import Breaker, CircuitOpen, State


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def breaker_of(clock: Clock, **options: tuple[type[BaseException], ...]) -> Breaker:
    return Breaker("test", failures=3, reset_seconds=5, clock=clock, **options)


async def fail(breaker: Breaker, error: BaseException | None = None) -> None:
    with pytest.raises(type(error) if error else ConnectionError):
        async with breaker:
            raise error or ConnectionError


async def test_it_opens_after_failures_in_a_row_only():
    breaker = breaker_of(Clock())
    for _ in range(5):
        await fail(breaker)
        await fail(breaker)
        async with breaker:
            pass
    assert breaker.state is State.CLOSED
    for _ in range(3):
        await fail(breaker)
    assert breaker.state is State.OPEN
    with pytest.raises(CircuitOpen):
        async with breaker:
            pytest.fail("the call was made")


async def test_one_call_is_tried_and_closes_it():
    clock = Clock()
    breaker = breaker_of(clock)
    for _ in range(3):
        await fail(breaker)
    clock.now += 5
    async with breaker:
        assert breaker.state is State.HALF_OPEN
        with pytest.raises(CircuitOpen):
            async with breaker:
                pytest.fail("a second trial")
    assert breaker.state is State.CLOSED


async def test_a_failed_or_cancelled_trial_opens_it_again():
    for error in (ConnectionError(), asyncio.CancelledError()):
        clock = Clock()
        breaker = breaker_of(clock)
        for _ in range(3):
            await fail(breaker)
        clock.now += 5
        await fail(breaker, error)
        assert breaker.state is State.OPEN
        clock.now += 5
        async with breaker:
            pass
        assert breaker.state is State.CLOSED


async def test_answers_are_no_failures():
    breaker = breaker_of(Clock(), ignore=(KeyError,))
    for _ in range(9):
        await fail(breaker, KeyError())
        await fail(breaker, asyncio.CancelledError())
    assert breaker.state is State.CLOSED
