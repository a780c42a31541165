"""The values of the language: what an expression can come to, apart from unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Union

from engine.values.moments import NotYet
from engine.values.money import Money
from engine.values.periods import CalendarPeriod, Elapsed, PeriodRange


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A range of local dates, both in."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class TenderShare:
    """What one tender gets back (or pays) in a split."""

    kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class WallTime:
    """A time of day, and the zone in which clocks show it; None is the policy's."""

    clock: time
    zone: str | None


Scalar = (
    bool
    | int
    | Fraction
    | str
    | Money
    | date
    | datetime
    | time
    | NotYet
    | Elapsed
    | CalendarPeriod
    | PeriodRange
    | DateSpan
)
"""One value. Numbers are `int` or `Fraction`; a percentage is the fraction it stands for; a text, a word and a zone
are `str`; an instant is an aware `datetime` in UTC, a time of day a naive `time`; a moment may be a bare
`date`, or `NotYet`."""

Value = Union[Scalar, TenderShare, tuple["Value", ...]]  # noqa: UP007 (a forward reference cannot be written with |)
"""A value, or a list of values (a tuple). Records are never values: only their fields are read."""
