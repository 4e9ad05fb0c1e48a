"""Maintenance and snapshot windows: what they may be, and when two of them share a minute."""

import pytest
from pydantic import TypeAdapter, ValidationError

from components._base.windows import DailyWindow, WeeklyWindow, overlap

DAILY: TypeAdapter[str] = TypeAdapter(DailyWindow)
WEEKLY: TypeAdapter[str] = TypeAdapter(WeeklyWindow)


@pytest.mark.parametrize("window", ["03:00-04:00", "23:30-00:30", "00:00-23:59"])
def test_daily_windows(window: str):
    assert DAILY.validate_python(window) == window


@pytest.mark.parametrize(
    ("window", "reason"),
    [
        ("03:00-03:59", "60 minutes or more are needed"),
        ("03:00-03:00", "60 minutes or more are needed"),
        ("3:00-4:00", "a daily window in UTC such as 03:00-04:00 is needed"),
        ("24:00-25:00", "a daily window in UTC such as 03:00-04:00 is needed"),
        ("sun:03:00-sun:04:00", "a daily window in UTC such as 03:00-04:00 is needed"),
    ],
)
def test_wrong_daily_windows(window: str, reason: str):
    with pytest.raises(ValidationError, match=reason):
        DAILY.validate_python(window)


def test_weekly_windows_are_written_as_aws_keeps_them():
    assert WEEKLY.validate_python("Sun:23:30-Mon:00:30") == "sun:23:30-mon:00:30"


@pytest.mark.parametrize(
    ("window", "reason"),
    [
        ("sun:04:30-sun:05:00", "60 minutes or more are needed"),
        ("son:04:30-son:05:30", "a weekly window in UTC such as sun:04:30-sun:05:30 is needed"),
        ("04:30-05:30", "a weekly window in UTC such as sun:04:30-sun:05:30 is needed"),
    ],
)
def test_wrong_weekly_windows(window: str, reason: str):
    with pytest.raises(ValidationError, match=reason):
        WEEKLY.validate_python(window)


@pytest.mark.parametrize(
    ("weekly", "daily", "expected"),
    [
        ("sun:04:30-sun:05:30", "03:00-04:00", False),
        ("sun:04:30-sun:05:30", "03:30-04:30", False),
        ("sun:04:30-sun:05:30", "05:30-06:30", False),
        ("sun:04:30-sun:05:30", "03:31-04:31", True),
        ("sun:04:30-sun:05:30", "05:29-06:29", True),
        ("sun:04:30-sun:05:30", "04:00-08:00", True),
        ("sun:23:30-mon:00:30", "00:00-01:00", True),
        ("sun:23:30-mon:00:30", "22:30-23:30", False),
        ("wed:00:00-wed:01:00", "23:30-00:30", True),
        ("mon:00:00-tue:00:00", "12:00-13:00", True),
    ],
)
def test_windows_overlap_on_any_day(weekly: str, daily: str, expected: bool):
    assert overlap(weekly, daily) is expected
