"""Lengths of time: elapsed time in seconds, and calendar periods in days, months or business days.

The two never mix. A day is a calendar word here, because a local day may have 23 or 25 hours; an
hour is an elapsed one. Weeks are read as 7 days and years as 12 months.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from engine.values.business import BusinessCalendar
from engine.values.zones import FIRST_DAY, LAST_DAY, OutOfRange, check_day

CalendarUnit = Literal["days", "months", "business days"]

_LARGEST_FIRST = ((3600, "hour"), (60, "minute"), (1, "second"))


class NoCalendar(ValueError):
    """Business days were asked for without a calendar that says which days they are."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A length of absolute time in seconds; a clock change adds nothing to it and takes nothing off."""

    seconds: int

    def __str__(self) -> str:
        """Write it in the largest unit that is exact, never in days: `24 hours`, `90 minutes`."""
        if self.seconds:
            for size, unit in _LARGEST_FIRST:
                if self.seconds % size == 0:
                    return _counted(self.seconds // size, unit)
        return "0 seconds"


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """A number of local days, months or business days; the unit is written in the plural."""

    count: int
    unit: CalendarUnit

    def __str__(self) -> str:
        """Write it as an author would: `30 days`, `1 month`, `3 business days`."""
        return _counted(self.count, self.unit.removesuffix("s"))


@dataclass(frozen=True, slots=True)
class PeriodRange:
    """A span that a text leaves open, such as 3 to 10 business days; for deadlines, never for a state."""

    least: CalendarPeriod
    most: CalendarPeriod

    def __str__(self) -> str:
        """Write it as an author would, with the unit once if both ends share it."""
        if self.least.unit == self.most.unit:
            return f"{self.least.count} to {self.most}"
        return f"{self.least} to {self.most}"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if abs(count) == 1 else f"{count} {unit}s"


def add_days(day: date, days: int) -> date:
    """Give the day that is `days` local days after `day`; OutOfRange beyond the days covered."""
    try:
        return check_day(day + timedelta(days=days))
    except OverflowError:
        raise _beyond(f"{days} days after {day}") from None


def add_months(day: date, months: int) -> date:
    """Give the same day of the month, `months` later; a month too short for it gives its last day.

    A negative count goes back. Clamping loses the day, so adding one month twice is not adding two:
    add the whole period at once. OutOfRange beyond the days covered.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise _beyond(f"{months} months after {day}")
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def add_period(day: date, period: CalendarPeriod, calendar: BusinessCalendar | None, sign: int = 1) -> date:
    """Give the day that is one calendar period after `day`, or before it with a `sign` of -1.

    The start is day 0. Business days are counted in `calendar`; `NoCalendar` if there is none.
    OutOfRange beyond the days covered, by the engine or by the calendar.
    """
    count = sign * period.count
    match period.unit:
        case "days":
            return add_days(day, count)
        case "months":
            return add_months(day, count)
        case "business days":
            return business_calendar(calendar).add(day, count)


def business_calendar(calendar: BusinessCalendar | None) -> BusinessCalendar:
    """Give the calendar back; `NoCalendar` if there is none."""
    if calendar is None:
        raise NoCalendar("business days need a calendar, and the policy names none")
    return calendar


def add_elapsed(instant: datetime, elapsed: Elapsed, sign: int = 1) -> datetime:
    """Give the instant that is `elapsed` after `instant` (UTC), or before it with a `sign` of -1.

    OutOfRange if its day, in UTC, is not covered.
    """
    try:
        moved = instant + timedelta(seconds=sign * elapsed.seconds)
    except OverflowError:
        raise _beyond(f"{elapsed} {'after' if sign > 0 else 'before'} {instant}") from None
    check_day(moved.date())
    return moved


def days_between(a: date, b: date) -> int:
    """Count the local days from `a` to `b`; negative if `b` comes first."""
    return (b - a).days


def months_between(a: date, b: date) -> int:
    """Give the largest m, of either sign, for which `a` plus m months is not after `b`.

    So 31 January to 28 February is one month, and 31 March to 1 March is minus one. Because of the
    clamping, `months_between(b, a)` is not always the negative of `months_between(a, b)`.
    """
    months = (b.year - a.year) * 12 + b.month - a.month
    return months if add_months(a, months) <= b else months - 1


def _beyond(what: str) -> OutOfRange:
    return OutOfRange(f"{what} lies outside of {FIRST_DAY} .. {LAST_DAY}")
