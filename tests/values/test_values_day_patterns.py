"""Days that come back, seasons and times of day, each against a plain scan of days or of minutes."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.values.business import BusinessCalendar
from engine.values.day_patterns import (
    MONTHS,
    WEEKDAYS,
    DayPattern,
    MonthDay,
    Season,
    Weekday,
    YearDay,
    longest_month,
    nearest_day,
    stands_in,
)
from engine.values.periods import NoCalendar
from engine.values.zones import FIRST_DAY, LAST_DAY, OutOfRange, clock_change, day_bounds, instant_at, zone

ONE = timedelta(days=1)
HOLIDAYS = frozenset({date(2027, 12, 24), date(2027, 12, 27), date(2028, 1, 3), date(2028, 2, 29)})
CALENDAR = BusinessCalendar(frozenset({5, 6}), HOLIDAYS, date(2026, 1, 1), date(2029, 12, 31))
ZONES = ("Europe/Lisbon", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC")

days = st.dates(date(1901, 1, 1), date(2199, 12, 31))
year_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: YearDay(day.month, day.day))
patterns: st.SearchStrategy[DayPattern] = st.one_of(
    st.integers(0, 6).map(Weekday), st.integers(1, 31).map(MonthDay), year_days, st.just("last day of the month")
)


def fits(pattern: DayPattern, day: date) -> bool:
    """Whether a day is of a pattern, from the words alone."""
    last = monthrange(day.year, day.month)[1]
    match pattern:
        case Weekday():
            return day.strftime("%A") == str(pattern)
        case MonthDay(day=number):
            return day.day == number or (number > last and day.day == last)
        case YearDay(month=month, day=number):
            return day.month == month and (day.day == number or (number > last and day.day == last))
        case "business day":
            return day.weekday() < 5 and day not in HOLIDAYS
    return day.day == last


def scan(pattern: DayPattern, day: date, sign: int) -> date:
    while not fits(pattern, day):
        day += sign * ONE
    return day


@given(patterns, days, st.sampled_from((1, -1)))
@example(MonthDay(31), date(2027, 2, 1), 1)
@example(MonthDay(31), date(2027, 3, 30), -1)
@example(MonthDay(30), date(2027, 3, 1), -1)
@example(YearDay(2, 29), date(2027, 3, 1), 1)
@example(YearDay(2, 29), date(2028, 2, 28), 1)
@example(YearDay(2, 29), date(2028, 2, 28), -1)
@example(YearDay(1, 1), date(2027, 12, 31), 1)
@example(YearDay(12, 31), date(2027, 1, 1), -1)
@example("last day of the month", date(2028, 2, 29), 1)
def test_the_nearest_day_is_the_first_that_a_scan_meets(pattern: DayPattern, day: date, sign: int) -> None:
    found = nearest_day(pattern, day, None, sign)
    assert found == scan(pattern, day, sign)
    assert nearest_day(pattern, found, None, -sign) == found


@given(st.dates(date(2026, 1, 10), date(2029, 12, 20)), st.sampled_from((1, -1)))
@example(date(2027, 12, 24), 1)
@example(date(2028, 1, 3), -1)
def test_business_days_are_those_of_the_calendar(day: date, sign: int) -> None:
    assert nearest_day("business day", day, CALENDAR, sign) == scan("business day", day, sign)


def test_business_days_need_a_calendar_that_covers_them() -> None:
    with pytest.raises(NoCalendar):
        nearest_day("business day", date(2027, 1, 1), None, 1)
    for day in (date(2030, 1, 1), date(2025, 12, 31)):
        with pytest.raises(OutOfRange):
            nearest_day("business day", day, CALENDAR, 1)


@pytest.mark.parametrize(
    ("pattern", "day", "sign"),
    [
        (Weekday(0), LAST_DAY, 1),
        (Weekday(6), FIRST_DAY, -1),
        (MonthDay(30), LAST_DAY, 1),
        (MonthDay(2), FIRST_DAY, -1),
        (YearDay(12, 30), LAST_DAY, 1),
    ],
)
def test_days_beyond_those_covered_are_refused(pattern: DayPattern, day: date, sign: int) -> None:
    with pytest.raises(OutOfRange):
        nearest_day(pattern, day, None, sign)


@given(patterns, days)
def test_a_day_stands_in_only_where_its_month_lacks_the_one_meant(pattern: DayPattern, day: date) -> None:
    found = nearest_day(pattern, day, None, 1)
    meant = pattern.day if isinstance(pattern, MonthDay | YearDay) else found.day
    assert stands_in(pattern, found) == (meant != found.day)


@given(year_days, year_days, days)
@example(YearDay(11, 10), YearDay(1, 6), date(2027, 1, 6))
@example(YearDay(2, 29), YearDay(2, 29), date(2028, 2, 29))
@example(YearDay(3, 1), YearDay(2, 28), date(2028, 2, 29))
def test_a_season_holds_the_days_that_a_leap_year_counts_through(first: YearDay, last: YearDay, day: date) -> None:
    at, end = date(2024, first.month, first.day), (last.month, last.day)
    held = {(at.month, at.day)}
    while (at.month, at.day) != end:
        at = at + ONE if (at.month, at.day) != (12, 31) else date(2024, 1, 1)
        held.add((at.month, at.day))
    assert (day in Season(first, last)) == ((day.month, day.day) in held)


def test_names_are_those_of_the_calendar() -> None:
    assert [date(2027, 2, n).strftime("%A") for n in range(1, 8)] == list(WEEKDAYS)
    assert [date(2027, n, 1).strftime("%B") for n in range(1, 13)] == list(MONTHS)
    assert [longest_month(n) for n in range(1, 13)] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    shown = [str(one) for one in (Weekday(4), MonthDay(8), YearDay(3, 5), Season(YearDay(11, 10), YearDay(12, 20)))]
    assert shown == ["Friday", "day 8", "5 March", "10 November .. 20 December"]


@given(st.dates(date(2005, 1, 1), date(2036, 12, 31)), st.times(), st.sampled_from(ZONES))
@example(date(2027, 3, 28), time(1, 30), "Europe/Lisbon")
@example(date(2027, 10, 31), time(1, 30), "Europe/Lisbon")
@example(date(2017, 10, 15), time(0, 30), "America/Sao_Paulo")
@example(date(2027, 4, 4), time(1, 45), "Australia/Lord_Howe")
@example(date(2011, 12, 30), time(18), "Pacific/Apia")
def test_a_time_of_day_is_the_first_instant_that_shows_it(day: date, clock: time, name: str) -> None:
    where = zone(name)
    found, change = instant_at(day, clock, where), clock_change(day, clock, where)
    wall = datetime.combine(day, clock)
    around = datetime.combine(day, clock, UTC)
    offsets = sorted({(around + timedelta(hours=h)).astimezone(where).utcoffset() for h in range(-30, 31)}, key=str)
    showing = sorted(
        instant
        for offset in offsets
        if offset is not None
        for instant in [(wall - offset).replace(tzinfo=UTC)]
        if instant.astimezone(where).replace(tzinfo=None) == wall
    )
    assert change == {0: "skipped", 1: None, 2: "doubled"}[len(showing)]
    if showing:
        assert found == showing[0]
    else:
        before = (found - timedelta(hours=25)).astimezone(where).utcoffset()
        assert before is not None and found == (wall - before).replace(tzinfo=UTC)


def test_skipped_and_doubled_times_by_hand() -> None:
    lisbon = zone("Europe/Lisbon")
    assert instant_at(date(2027, 3, 28), time(1, 30), lisbon) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert instant_at(date(2027, 10, 31), time(1, 30), lisbon) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert instant_at(date(2027, 10, 31), time(2, 30), lisbon) == datetime(2027, 10, 31, 2, 30, tzinfo=UTC)
    assert day_bounds(date(2027, 3, 28), lisbon)[1] == datetime(2027, 3, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize(("day", "name"), [(FIRST_DAY, "Asia/Kathmandu"), (LAST_DAY, "America/Denver")])
def test_an_instant_whose_day_is_not_covered_is_refused(day: date, name: str) -> None:
    clock = time(0, 0) if day == FIRST_DAY else time(23, 0)
    with pytest.raises(OutOfRange):
        instant_at(day, clock, zone(name))
