"""Business days: a weekend, a list of holidays, and the range of days they are stated for.

A calendar never guesses. A day outside of its range is an error, since a holiday table that ends
looks exactly like a year without holidays.
"""

from __future__ import annotations

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from engine.values.zones import OutOfRange, check_day


class UnknownCalendar(ValueError):
    """A country or a part of one has no holiday table; `known` lists the names there are."""

    def __init__(self, message: str, known: Iterable[str]) -> None:
        """Keep the sorted names beside the message, for a suggestion."""
        super().__init__(message)
        self.known: list[str] = sorted(known)


@dataclass(frozen=True)
class BusinessCalendar:
    """The business days from `first` to `last` (both in): all but weekends and holidays.

    `weekend` counts Monday as 0. `label` and `version` say where the holidays come from; they belong
    in the digest of whatever was decided with them. Every method raises `OutOfRange` when a day it
    is given, or the day it would give, lies outside of `first` .. `last`.
    """

    weekend: frozenset[int]
    holidays: frozenset[date]
    first: date
    last: date
    label: str = ""
    version: str = ""
    _days: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the business days once, so that counting any number of them is one search."""
        check_day(self.first)
        check_day(self.last)
        if not all(0 <= day <= 6 for day in self.weekend):
            raise ValueError("days of the weekend are numbered 0 (Monday) to 6 (Sunday)")
        span = range((self.last - self.first).days + 1)
        every = (self.first + timedelta(days=n) for n in span)
        working = (d for d in every if d.weekday() not in self.weekend and d not in self.holidays)
        object.__setattr__(self, "_days", tuple(working))

    def _covered(self, day: date) -> date:
        if not self.first <= day <= self.last:
            raise self._beyond(str(day))
        return day

    def _beyond(self, what: str) -> OutOfRange:
        name = self.label or "this one"
        return OutOfRange(f"{what} lies outside of the calendar ({name}: {self.first} .. {self.last})")

    def is_business_day(self, day: date) -> bool:
        """Say whether `day` is neither a weekend day nor a holiday."""
        return self._covered(day).weekday() not in self.weekend and day not in self.holidays

    def add(self, day: date, count: int) -> date:
        """Give the business day that is `count` business days after `day`, or before it if negative.

        The first business day after `day` is 1 and the last one before it is -1, whether or not `day`
        is one itself. A count of 0 gives `day` unchanged, a business day or not.
        """
        self._covered(day)
        if count == 0:
            return day
        next_one = bisect_right(self._days, day) - 1 if count > 0 else bisect_left(self._days, day)
        index = next_one + count
        if not 0 <= index < len(self._days):
            raise self._beyond(f"{abs(count)} business days {'after' if count > 0 else 'before'} {day}")
        return self._days[index]

    def between(self, start: date, end: date) -> int:
        """Count the business days after `start` up to and including `end`.

        With `end` before `start` it is the negative of the count the other way round.
        """
        return bisect_right(self._days, self._covered(end)) - bisect_right(self._days, self._covered(start))

    def back_to(self, start: date, end: date) -> int:
        """Count the business days before `start` back to and including `end`.

        The mirror image of `between`: `back_to(d, add(d, -n))` is n. With `end` after `start` it is the
        negative of the count the other way round.
        """
        return bisect_left(self._days, self._covered(start)) - bisect_left(self._days, self._covered(end))


def holiday_calendar(
    country: str | None, subdivision: str | None, weekend: Iterable[int], first: date, last: date
) -> BusinessCalendar:
    """Build the calendar of a country from the public holidays of the `holidays` package.

    `country` is an ISO 3166 two-letter code, `subdivision` a code the package lists for it; a country
    of None gives weekends only. Days that replace a holiday falling on a weekend count as holidays;
    working days that some countries move to a weekend do not become business days. Raises
    `UnknownCalendar` for a name without a table and `OutOfRange` if the table says that it does not
    reach from `first` to `last`. Tables of feasts that follow the moon may end sooner without saying
    so; a range of a few years ahead is safe.
    """
    return _holiday_calendar(country, subdivision, frozenset(weekend), first, last)


@lru_cache(maxsize=64)
def _holiday_calendar(
    country: str | None, subdivision: str | None, weekend: frozenset[int], first: date, last: date
) -> BusinessCalendar:
    if country is None:
        if subdivision is not None:
            raise UnknownCalendar(f"{subdivision} is part of a country, and none is named", ())
        return BusinessCalendar(weekend, frozenset(), first, last, "no holidays", "no holidays")
    days = _public_holidays(country, subdivision, first, last)
    label = country if subdivision is None else f"{country}-{subdivision}"
    return BusinessCalendar(weekend, days, first, last, label, f"holidays {version('holidays')}")


def _public_holidays(country: str, subdivision: str | None, first: date, last: date) -> frozenset[date]:
    import holidays.registry  # only a policy that names a country needs it, and loading it takes a while

    countries = {codes[1] for codes in holidays.registry.COUNTRIES.values()}  # the public list loads every country
    if country not in countries:
        raise UnknownCalendar(f"there is no holiday table for the country {country}", countries)
    table: Any = getattr(holidays, country)
    if subdivision is not None and subdivision not in table.subdivisions:
        message = f"there is no holiday table for the part {subdivision} of {country}"
        raise UnknownCalendar(message, table.subdivisions)
    if first.year < table.start_year or last.year > table.end_year:
        covered = f"{table.start_year} .. {table.end_year}"
        raise OutOfRange(f"the holidays of {country} are known for the years {covered} only")
    years = range(first.year, last.year + 1)
    with warnings.catch_warnings():
        # The package only warns where a table lacks the movable feasts of a year; a calendar must not.
        warnings.simplefilter("error", UserWarning)
        try:
            found = table(subdiv=subdivision, years=years, expand=False, observed=True, categories=holidays.PUBLIC)
        except UserWarning as warning:
            raise OutOfRange(f"the holidays of {country}: {warning}") from None
    return frozenset(day for day in found if first <= day <= last)
