"""Weekly and daily windows, UTC, in which AWS maintains a store and takes its snapshots."""

import re
from typing import Annotated

from pydantic import AfterValidator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

SHORTEST_MINUTES = 60
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(2026-11)"""

CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
DAILY = re.compile(rf"{CLOCK}-{CLOCK}")
WEEKLY = re.compile(rf"({'|'.join(DAYS)}):{CLOCK}-({'|'.join(DAYS)}):{CLOCK}")


def _daily(window: str) -> str:
    match = DAILY.fullmatch(window)
    if not match:
        raise ValueError("a daily window in UTC such as 03:00-04:00 is needed")
    return _long_enough(window, *daily_minutes(window), DAY_MINUTES)


def _weekly(window: str) -> str:
    lowered = window.lower()  # AWS stores it so, and anything else would differ for ever
    if not WEEKLY.fullmatch(lowered):
        raise ValueError("a weekly window in UTC such as sun:04:30-sun:05:30 is needed")
    return _long_enough(lowered, *weekly_minutes(lowered), WEEK_MINUTES)


def _long_enough(window: str, start: int, end: int, period: int) -> str:
    if (end - start) % period < SHORTEST_MINUTES:
        raise ValueError(f"{SHORTEST_MINUTES} minutes or more are needed")
    return window


DailyWindow = Annotated[str, AfterValidator(_daily)]
"""Such as `03:00-04:00`, an hour or more; may pass midnight."""

WeeklyWindow = Annotated[str, AfterValidator(_weekly)]
"""Such as `sun:04:30-sun:05:30`, an hour or more; may pass the end of the week."""


def daily_minutes(window: str) -> tuple[int, int]:
    """Return the start and the end of a daily window, in minutes of the day."""
    start, end = window.split("-")
    return _clock(start), _clock(end)


def weekly_minutes(window: str) -> tuple[int, int]:
    """Return the start and the end of a weekly window, in minutes of the week."""
    start, end = (part.split(":", 1) for part in window.split("-"))
    return (
        DAYS.index(start[0]) * DAY_MINUTES + _clock(start[1]),
        DAYS.index(end[0]) * DAY_MINUTES + _clock(end[1]),
    )


def overlap(weekly: str, daily: str) -> bool:
    """Tell whether a weekly and a daily window share a minute on any day."""
    start, end = weekly_minutes(weekly)
    week_length = (end - start) % WEEK_MINUTES
    day_start, day_end = daily_minutes(daily)
    day_length = (day_end - day_start) % DAY_MINUTES
    for day in range(len(DAYS)):
        other = day * DAY_MINUTES + day_start
        if (other - start) % WEEK_MINUTES < week_length:
            return True
        if (start - other) % WEEK_MINUTES < day_length:
            return True
    return False


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
