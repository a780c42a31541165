"""Days that come back: a weekday, a day of the month, a day of the year, a business day; and seasons.

All of them are local dates. The set is closed: there is no language of recurrence behind it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.values.business import BusinessCalendar
from engine.values.periods import add_days, add_months, business_calendar

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_LEAP = 2024
"""A year in which every day of a year exists."""


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week; Monday is 0."""

    number: int

    def __str__(self) -> str:
        return WEEKDAYS[self.number]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every month; where a month is shorter, its last day."""

    day: int

    def __str__(self) -> str:
        return f"day {self.day}"


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year; 29 February is 28 February where there is none."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]}"


DayPattern = Weekday | MonthDay | YearDay | Literal["business day", "last day of the month"]
"""Which days are meant by `first ... on or after` and `last ... on or before`."""


@dataclass(frozen=True, slots=True)
class Season:
    """The days of every year from `first` to `last`, both in; it runs over the new year if `last` comes before `first`."""

    first: YearDay
    last: YearDay

    def __contains__(self, day: date) -> bool:
        """Whether a date lies in it. Days are held against each other by month and day; nothing is clamped."""
        first, last = (self.first.month, self.first.day), (self.last.month, self.last.day)
        at = (day.month, day.day)
        return first <= at <= last if first <= last else at >= first or at <= last

    def __str__(self) -> str:
        return f"{self.first} .. {self.last}"


def longest_month(month: int) -> int:
    """How many days a month has at most: 29 for February."""
    return monthrange(_LEAP, month)[1]


def nearest_day(pattern: DayPattern, day: date, calendar: BusinessCalendar | None, sign: int) -> date:
    """The first day of a pattern on or after `day`, or with a `sign` of -1 the last one on or before it.

    Business days are those of `calendar`; `NoCalendar` if there is none. OutOfRange if the day found lies beyond the
    days covered, by the engine or by the calendar.
    """
    if pattern == "business day":
        days = business_calendar(calendar)
        return day if days.is_business_day(day) else days.add(day, sign)
    if isinstance(pattern, Weekday):
        return add_days(day, sign * ((pattern.number - day.weekday()) * sign % 7))
    found = _in_period_of(pattern, day)
    if (found - day).days * sign >= 0:
        return found
    months = 12 if isinstance(pattern, YearDay) else 1
    return _in_period_of(pattern, add_months(day.replace(day=1), sign * months))


def stands_in(pattern: DayPattern, found: date) -> bool:
    """Whether `found` stands for a day that its month lacks, such as 28 February for `day 31`."""
    return isinstance(pattern, MonthDay | YearDay) and found.day < pattern.day


def _in_period_of(pattern: DayPattern, day: date) -> date:
    """The day of a pattern in the month (or, for a day of the year, in the year) of a date."""
    month = pattern.month if isinstance(pattern, YearDay) else day.month
    number = pattern.day if isinstance(pattern, YearDay | MonthDay) else 31
    return date(day.year, month, min(number, monthrange(day.year, month)[1]))
