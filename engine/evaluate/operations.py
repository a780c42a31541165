"""The strict operators: all parts known -> compute (`docs/semantics.md`, step 3). Exact numbers, never a binary float.

A part that fails (a date beyond the covered range, an amount beyond the stated one) is an error value, not an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, cast
from zoneinfo import ZoneInfo

from engine.language.core import OpKey
from engine.language.outcome import FALSE, TRUE, Known, Result, unknown
from engine.language.values import DateSpan, Value, WallTime
from engine.values import windows
from engine.values.business import BusinessCalendar
from engine.values.day_patterns import WEEKDAYS, DayPattern, Season, nearest_day
from engine.values.moments import NotYet, span_of
from engine.values.money import MAX_MINOR_UNITS, Money, largest_remainder, minor_unit, share
from engine.values.numbers import Rounding, round_to
from engine.values.periods import (
    CalendarPeriod,
    Elapsed,
    PeriodRange,
    add_elapsed,
    add_period,
    business_calendar,
    days_between,
    months_between,
)
from engine.values.zones import check_day, day_bounds, instant_at, local_date, zone

MAX_NUMBER = Fraction(10) ** 24
"""Numbers beyond this are error values: nothing in a shop's terms is as large."""


class Imprecise(Exception):
    """A bare date stands where the exact instant would decide."""


class Arithmetic:
    """Computes operators in the policy's zone and business calendar."""

    def __init__(self, zone: ZoneInfo, calendar: BusinessCalendar | None) -> None:
        self.zone = zone
        self.calendar = calendar

    def compute(self, key: OpKey, args: Sequence[Value], detail: object) -> Value:
        """The value of an operator over known values (none of them `NotYet`).

        Raises ValueError (or a subclass of the values layer) for what lies outside the stated ranges, and `Imprecise`
        if a bare date does not settle it.
        """
        method: Callable[..., Value] = getattr(self, f"_{key}")
        return method(*args) if detail is None else method(*args, detail=detail)

    # numbers, amounts, times -----------------------------------------------------------------------------------------

    def _add(self, a: Value, b: Value) -> Value:
        return self._shift(a, b, 1)

    def _subtract(self, a: Value, b: Value) -> Value:
        return self._shift(a, b, -1)

    def _shift(self, a: Value, b: Value, sign: int) -> Value:
        match a, b:
            case (Money(), Money()):
                return money(a.amount + sign * b.amount, a.currency)
            case (Elapsed(), Elapsed()):
                return Elapsed(a.seconds + sign * b.seconds)
            case (datetime(), Elapsed()):
                return add_elapsed(a, b, sign)
            case (date(), Elapsed()):
                raise Imprecise
            case (date(), CalendarPeriod()):
                return add_period(self.day(a), b, self.calendar, sign)
            case (date(), PeriodRange()):
                day = self.day(a)
                ends = (add_period(day, b.least, self.calendar, sign), add_period(day, b.most, self.calendar, sign))
                return DateSpan(min(ends), max(ends))
        return number(fraction(a) + sign * fraction(b))

    def _negate(self, a: Value) -> Value:
        if isinstance(a, Money):
            return Money(-a.amount, a.currency)
        return Elapsed(-a.seconds) if isinstance(a, Elapsed) else number(-fraction(a))

    def _multiply(self, a: Value, b: Value) -> Value:
        for one, other in ((a, b), (b, a)):
            if isinstance(other, Money):
                return money(fraction(one) * other.amount, other.currency)
            if isinstance(other, Elapsed):
                return Elapsed(int(fraction(one)) * other.seconds)
        return number(fraction(a) * fraction(b))

    def _divide(self, a: Value, b: Value) -> Value:
        top, bottom = _size(a), _size(b)
        if bottom == 0:
            raise ValueError("division by zero")
        quotient = top / bottom
        return money(quotient, a.currency) if isinstance(a, Money) and not isinstance(b, Money) else number(quotient)

    def _round(self, a: Value, step: Value, detail: Rounding) -> Value:
        rounded = round_to(_size(a), _size(step), detail)
        return money(rounded, a.currency) if isinstance(a, Money) else number(rounded)

    def _share(self, amount: Value, part: Value, whole: Value, before: Value) -> Value:
        step = minor_unit(amount.currency) if isinstance(amount, Money) else Fraction(1)
        got = share(_size(amount), _size(part), _size(whole), _size(before), step)
        return money(got, amount.currency) if isinstance(amount, Money) else number(got)

    def _share_of(self, amount: Value, weights: Value, members: Value, own: Value | None = None) -> Value:
        """A member's part of an amount spread over a list: by its number, or all those that have its `id`."""
        assert isinstance(amount, Money)
        listed = cast("tuple[Value, ...]", weights)
        if own is None:
            mine = [cast("int", members) - 1]
        else:
            mine = [i for i, one in enumerate(cast("tuple[Value, ...]", members)) if one == own]
        sizes = [_size(weight) for weight in listed]
        parts = largest_remainder(amount.amount, sizes, minor_unit(amount.currency)) if mine else []
        return money(sum((parts[i] for i in mine), Fraction(0)), amount.currency)

    # comparisons -----------------------------------------------------------------------------------------------------

    def _equal(self, a: Value, b: Value, detail: object = None) -> Value:
        return self.order(a, b, detail) == 0 if _timed(a, b) else _plain(a) == _plain(b)

    def _not_equal(self, a: Value, b: Value, detail: object = None) -> Value:
        return not self._equal(a, b, detail)

    def _less(self, a: Value, b: Value, detail: object = None) -> Value:
        return self.order(a, b, detail) < 0

    def _less_equal(self, a: Value, b: Value, detail: object = None) -> Value:
        return self.order(a, b, detail) <= 0

    def order(self, a: Value, b: Value, detail: object = None) -> int:
        """-1, 0 or 1; ordered words by their place in `detail`, moments in the policy's zone."""
        if _timed(a, b):
            found = windows.compare(cast("date", a), cast("date", b), self.zone)
            if found is None:
                raise Imprecise
            return found
        if isinstance(detail, tuple):
            left, right = detail.index(a), detail.index(b)
            return (left > right) - (left < right)
        x, y = _size(a), _size(b)
        return (x > y) - (x < y)

    def _in_values(self, item: Value, *choices: Value, detail: object = None) -> Value:
        members = cast("tuple[Value, ...]", choices[0]) if detail == ("list",) else choices
        return any(self._equal(item, member) for member in members)

    # extremes --------------------------------------------------------------------------------------------------------

    def _greater(self, *parts: Value) -> Value:
        return max(parts, key=_size)

    def _lesser(self, *parts: Value) -> Value:
        return min(parts, key=_size)

    def _later(self, *parts: Value) -> Value:
        return self._last(parts, 1)

    def _earlier(self, *parts: Value) -> Value:
        return self._last(parts, -1)

    def _last(self, parts: Sequence[Value], sign: int) -> Value:
        """The moment that none of the others passes; the order in which they stand does not matter.

        A bare date can only be told from an instant outside that day. The one part that can be the last is the one whose
        nearer end lies furthest; whether it is, is then held against every other part.
        """
        moments = [cast("date", part) for part in parts]
        if all(not isinstance(m, datetime) for m in moments):
            return max(moments) if sign > 0 else min(moments)
        ends = [span_of(m, self.zone) for m in moments]
        numbers = range(len(moments))
        best = moments[max(numbers, key=lambda i: ends[i][0]) if sign > 0 else min(numbers, key=lambda i: ends[i][1])]
        if any(m is not best and self.order(m, best) * sign > 0 for m in moments):
            raise Imprecise
        return best

    # dates -----------------------------------------------------------------------------------------------------------

    def day(self, moment: Value) -> date:
        """The local date of a moment in the policy's zone; a bare date is its own."""
        return local_date(moment, self.zone) if isinstance(moment, datetime) else cast("date", moment)

    def _date_of(self, moment: Value) -> Value:
        return self.day(moment)

    def _days(self, a: Value, b: Value) -> Value:
        return days_between(self.day(a), self.day(b))

    def _months(self, a: Value, b: Value) -> Value:
        return months_between(self.day(a), self.day(b))

    def _business_days(self, a: Value, b: Value) -> Value:
        return business_calendar(self.calendar).between(self.day(a), self.day(b))

    def _elapsed(self, a: Value, b: Value) -> Value:
        if not (isinstance(a, datetime) and isinstance(b, datetime)):
            raise Imprecise
        passed = b - a
        return Elapsed(passed.days * 86_400 + passed.seconds)

    # the calendar ----------------------------------------------------------------------------------------------------

    def _weekday(self, moment: Value) -> Value:
        return WEEKDAYS[self.day(moment).weekday()]

    def _day_of_month(self, moment: Value) -> Value:
        return self.day(moment).day

    def _month(self, moment: Value) -> Value:
        return self.day(moment).month

    def _year(self, moment: Value) -> Value:
        return self.day(moment).year

    def _time(self, moment: Value) -> Value:
        if not isinstance(moment, datetime):
            raise Imprecise
        return moment.astimezone(self.zone).time()

    def _start(self, moment: Value) -> Value:
        return self._bound(moment, 0)

    def _end(self, moment: Value) -> Value:
        return self._bound(moment, 1)

    def _bound(self, moment: Value, which: int) -> datetime:
        instant = day_bounds(self.day(moment), self.zone)[which]
        check_day(instant.date())
        return instant

    def _at_time(self, moment: Value, detail: WallTime) -> Value:
        return instant_at(self.day(moment), detail.clock, self.zone_of(detail))

    def zone_of(self, wall: WallTime) -> ZoneInfo:
        """The zone in which clocks show a time of day."""
        return self.zone if wall.zone is None else zone(wall.zone)

    def _first_day(self, moment: Value, detail: DayPattern) -> Value:
        return nearest_day(detail, self.day(moment), self.calendar, 1)

    def _last_day(self, moment: Value, detail: DayPattern) -> Value:
        return nearest_day(detail, self.day(moment), self.calendar, -1)

    def _falls_in(self, moment: Value, detail: Season) -> Value:
        return self.day(moment) in detail

    # timing ----------------------------------------------------------------------------------------------------------

    def _within_after(self, x: Value, period: Value, y: Value) -> Value:
        return self.timed(windows.within(_when(x), _length(period), "after", _when(y), self.zone, self.calendar))

    def _within_before(self, x: Value, period: Value, y: Value) -> Value:
        return self.timed(windows.within(_when(x), _length(period), "before", _when(y), self.zone, self.calendar))

    def _later_than_after(self, x: Value, period: Value, y: Value) -> Value:
        return self.timed(windows.later_than(_when(x), _length(period), _when(y), self.zone, self.calendar))

    def _at_least_after(self, x: Value, period: Value, y: Value) -> Value:
        return self.timed(windows.at_least_after(_when(x), _length(period), _when(y), self.zone, self.calendar))

    def _at_least_before(self, x: Value, period: Value, y: Value) -> Value:
        return self.timed(windows.at_least_before(_when(x), _length(period), _when(y), self.zone, self.calendar))

    def timed(self, found: bool | None) -> bool:
        """A comparison of moments that a bare date may leave open."""
        if found is None:
            raise Imprecise
        return found

    # further back ----------------------------------------------------------------------------------------------------

    def with_earlier(self, key: OpKey, args: Sequence[Value], at: int, by_day: bool) -> bool | None:
        """A comparison in which the moment at `at` is any on or before a local date, which stands in its place.

        `by_day`: dates are compared. Returns the answer if it is the same for all of them, else None (`docs/semantics.md`,
        step 3). Raises `Imprecise`.
        """
        last = cast("date", args[at])
        if key in ("less", "less_equal", "equal", "not_equal"):
            other = self.day(args[1 - at])
            at_last = "less_equal" if at == 0 else "less"  # settled also where the moment lies on that last day
            if other < last or (other == last and not (by_day and key == at_last)):
                return None
            return key == "not_equal" or (key != "equal" and at == 0)
        x, period, y = args
        if at == 1 or (isinstance(period, Elapsed) and period.seconds < 0):
            return None
        beyond = self.day(y if at == 0 else x) > last
        if at == 0:
            return self._earlier_act(key, (x, period, y), beyond)
        if key in ("within_before", "at_least_before"):
            return False if beyond else None
        if key == "within_after":
            return False if self._later_than_after(x, period, last) else None
        late = self._later_than_after if key == "later_than_after" else self._at_least_after
        return True if late(x, period, last) else None

    def _earlier_act(self, key: OpKey, args: tuple[Value, Value, Value], beyond: bool) -> bool | None:
        """The act lies on or before a day (`args[0]`); `beyond`: the anchor lies after that day."""
        if key == "within_after":
            return False if beyond else None
        if key == "within_before":
            return False if beyond and not self._within_before(*args) else None
        if key == "at_least_before":
            return True if self._at_least_before(*args) else None
        late = self._later_than_after if key == "later_than_after" else self._at_least_after
        return None if late(*args) else False

    # not yet ---------------------------------------------------------------------------------------------------------

    def with_not_yet(self, key: OpKey, args: Sequence[Value], as_of: datetime | None) -> Value | None:
        """A comparison in which one moment had not been seen by n: it is some moment after n, or never.

        Returns the answer, or None if n cannot settle it (`docs/semantics.md`, the table of "not yet"). Without `as_of`
        nothing is settled: what is ruled out for the whole case must not say less than what somebody saw at one moment.
        """
        events = [a for a in args if isinstance(a, NotYet)]
        if len(events) != 1 or as_of is None:
            return None
        n = events[0].by or as_of
        last_word = n >= as_of
        first = isinstance(args[0], NotYet)
        try:
            return self._unseen(key, args, n, first, last_word)
        except Imprecise:
            return None

    def _unseen(self, key: OpKey, args: Sequence[Value], n: datetime, first: bool, last_word: bool) -> Value | None:
        if key in ("less", "less_equal", "equal", "not_equal"):
            reached = self.order(args[1] if first else args[0], n) <= 0
            if not reached:
                return None
            return key == "not_equal" or (key != "equal" and not first)
        if key == "earlier" and len(args) == 2:
            other = args[1] if first else args[0]
            return other if self.order(other, n) <= 0 else None
        if key not in ("within_after", "within_before", "later_than_after", "at_least_after", "at_least_before"):
            return None
        x, period, y = args
        if isinstance(period, Elapsed) and period.seconds < 0:
            return None  # what the table says of a length of time holds for none that runs backwards
        if first:
            return self._unseen_act(key, period, y, n, last_word)
        return self._unseen_anchor(key, x, period, n, last_word)

    def _past(self, n: datetime, moment: Value, period: Value, last_word: bool) -> bool:
        """Whether an event after n surely comes after a moment too.

        By the calendar the rest of n's own day still counts as that day. Only where n is the case's last word (it has
        reached `as_of`) does nothing come after it, and the clock has simply not started.
        """
        if isinstance(period, Elapsed) or last_word:
            return self.order(moment, n) <= 0
        return self.day(moment) < self.day(n)

    def _unseen_act(self, key: OpKey, period: Value, y: Value, n: datetime, last_word: bool) -> bool | None:
        """x has not been seen by n, so it lies after n."""
        if key == "within_before":
            return False if self._past(n, y, period, last_word) else None
        if key == "at_least_before":
            reached = not self._at_least_before(n, period, y) or (
                isinstance(period, Elapsed) and bool(self._within_before(n, period, y))
            )
            return False if reached else None
        if key == "at_least_after":
            return True if self._at_least_after(n, period, y) else None
        past = self._at_least_after if isinstance(period, Elapsed) else self._later_than_after
        if not past(n, period, y):
            return None
        return key == "later_than_after"

    def _unseen_anchor(self, key: OpKey, x: Value, period: Value, n: datetime, last_word: bool) -> bool | None:
        """y has not been seen by n, so it lies after n."""
        if key == "at_least_before":
            return True if self._at_least_before(x, period, n) else None
        if key == "within_before":
            return False if self._at_least_before(x, period, n) and not self._within_before(x, period, n) else None
        return False if self._past(n, x, period, last_word) else None


def _when(value: Value) -> datetime | date:
    return cast("datetime | date", value)


def _length(value: Value) -> Elapsed | CalendarPeriod:
    return cast("Elapsed | CalendarPeriod", value)


def _timed(a: Value, b: Value) -> bool:
    return isinstance(a, date) and isinstance(b, date)


def _plain(value: Value) -> object:
    return (value.amount, value.currency) if isinstance(value, Money) else value


def fraction(value: Value) -> Fraction:
    """A number as an exact fraction."""
    return Fraction(cast("int | Fraction", value))


def _size(value: Value) -> Fraction:
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, time):
        return Fraction(((value.hour * 60 + value.minute) * 60 + value.second) * 10**6 + value.microsecond, 10**6)
    return Fraction(value.seconds) if isinstance(value, Elapsed) else fraction(value)


def number(value: Fraction) -> int | Fraction:
    """A number within the stated range; a whole one as an integer."""
    if abs(value) > MAX_NUMBER:
        raise ValueError("a number beyond the stated range")
    return int(value) if value.denominator == 1 else value


def money(amount: Fraction, currency: str) -> Money:
    """An amount within the stated range."""
    if abs(amount) >= MAX_MINOR_UNITS * minor_unit(currency):
        raise ValueError("an amount beyond the stated range")
    return Money(amount, currency)


def truth(value: Any) -> Result:
    """A boolean as a result."""
    return TRUE if value else FALSE


def failed(what: str) -> Result:
    """An error value."""
    return unknown("error", what)


def known(value: Value) -> Result:
    """A value as a result."""
    return truth(value) if isinstance(value, bool) else Known(value)
