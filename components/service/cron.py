"""Schedules as Kubernetes reads them: five fields in cron's syntax, or one of its short names.

https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format (2026-11)
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator

SHORT_NAMES = ("@annually", "@daily", "@hourly", "@midnight", "@monthly", "@weekly", "@yearly")

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

LEAP_YEAR = 2028


@dataclass(frozen=True)
class _Field:
    """One of the five: what it counts."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, MONTHS),
    _Field("day of the week", 0, 6, DAYS),
)

PART = re.compile(r"(\*|\?|(?P<first>\w+)(-(?P<last>\w+))?)(/(?P<step>\d+))?", re.ASCII)


def _schedule(text: str) -> str:
    if text.startswith("@"):
        if text not in SHORT_NAMES:
            raise ValueError(f"of the names with @ allowed: {', '.join(SHORT_NAMES)}")
        return text
    parts = text.split()
    if len(parts) != len(FIELDS):
        raise ValueError(
            "five fields such as '30 2 * * *' are needed: minute, hour, day of the month, month, "
            "day of the week; the time zone is timezone's"
        )
    values = [set(_values(part, field)) for part, field in zip(parts, FIELDS, strict=True)]
    if _open(parts[4]) and not _exists(days=values[2], months=values[3]):
        raise ValueError("it never comes: none of its months has such a day")
    return " ".join(parts)


def _values(text: str, field: _Field) -> Iterator[int]:
    """Give the values that one field names.

    :raises ValueError: saying what is wrong with it.
    """
    for part in text.split(","):
        match = PART.fullmatch(part)
        if not match:
            raise ValueError(f"{field.name}: {part!r} is none of '*', '5', '1-5', '*/15', '1,15'")
        step = int(match["step"] or 1)
        if step < 1:
            raise ValueError(f"{field.name}: {part!r} has a step of 0")
        first, last = field.least, field.most
        if match["first"]:
            first = _number(match["first"], field)
            # '5/10' is '5-59/10'
            last = first if not match["step"] else field.most
            last = _number(match["last"], field) if match["last"] else last
        if last < first:
            raise ValueError(f"{field.name}: {part!r} ends before it begins")
        yield from range(first, last + 1, step)


def _number(text: str, field: _Field) -> int:
    if text.lower() in field.names:
        return field.names.index(text.lower()) + field.least
    if not text.isdecimal() or not field.least <= int(text) <= field.most:
        named = f" or {field.names[0]} to {field.names[-1]}" if field.names else ""
        sunday = "; Sunday is 0" if text == "7" and field.names == DAYS else ""
        raise ValueError(
            f"{field.name}: {text} is not {field.least} to {field.most}{named}{sunday}"
        )
    return int(text)


def _open(text: str) -> bool:
    """Tell whether a field of days restricts nothing: otherwise either day is enough."""
    return text[0] in "*?"


def _exists(*, days: set[int], months: set[int]) -> bool:
    return any(min(days) <= monthrange(LEAP_YEAR, month)[1] for month in months)


def _time_zone(name: str) -> str:
    known = available_timezones()
    # a machine without time zones knows none; Kubernetes has its own
    if known and name not in known:
        raise ValueError("no time zone of IANA's list, such as Europe/Berlin or Etc/UTC")
    return name


Schedule = Annotated[str, AfterValidator(_schedule)]
"""`MINUTE HOUR DAY MONTH WEEKDAY`, e.g. `30 2 * * *`, or `@daily` and the like."""

TimeZone = Annotated[str, AfterValidator(_time_zone)]
"""A name of IANA's list, e.g. `Europe/Berlin`."""
