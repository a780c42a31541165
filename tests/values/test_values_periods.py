from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.business import BusinessCalendar, UnknownCalendar, holiday_calendar
from engine.values.periods import (
    CalendarPeriod,
    Elapsed,
    NoCalendar,
    PeriodRange,
    add_days,
    add_elapsed,
    add_months,
    add_period,
    days_between,
    months_between,
)
from engine.values.zones import FIRST_DAY, LAST_DAY, OutOfRange

YEARS = (date(2023, 1, 1), date(2028, 12, 31))
dates = st.dates(date(1950, 1, 1), date(2150, 1, 1))
HOLIDAYS = frozenset({date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6)})
WORK = BusinessCalendar(frozenset({5, 6}), HOLIDAYS, *YEARS, label="test")
near = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Elapsed(86400), "24 hours"),
        (Elapsed(5400), "90 minutes"),
        (Elapsed(3600), "1 hour"),
        (Elapsed(61), "61 seconds"),
        (Elapsed(0), "0 seconds"),
        (CalendarPeriod(30, "days"), "30 days"),
        (CalendarPeriod(1, "months"), "1 month"),
        (CalendarPeriod(3, "business days"), "3 business days"),
        (CalendarPeriod(1, "business days"), "1 business day"),
        (
            PeriodRange(CalendarPeriod(3, "business days"), CalendarPeriod(10, "business days")),
            "3 to 10 business days",
        ),
        (PeriodRange(CalendarPeriod(10, "days"), CalendarPeriod(1, "months")), "10 days to 1 month"),
    ],
)
def test_text(value: object, text: str) -> None:
    assert str(value) == text


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-10", -13, "2023-12-10"),
        ("2025-05-31", 0, "2025-05-31"),
    ],
)
def test_months_clamp(day: str, months: int, result: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(result)


@given(dates, dates, st.integers(-500, 500))
def test_month_laws(a: date, b: date, months: int) -> None:
    moved = add_months(a, months)
    assert (moved.year * 12 + moved.month) - (a.year * 12 + a.month) == months
    assert moved.day == a.day or (moved.day < a.day and (moved + timedelta(days=1)).day == 1)
    if a <= b:
        assert moved <= add_months(b, months)
    if a.day <= 28:
        assert add_months(moved, -months) == a


@given(dates, dates)
def test_months_between_is_the_largest(a: date, b: date) -> None:
    months = months_between(a, b)
    assert add_months(a, months) <= b < add_months(a, months + 1)


@pytest.mark.parametrize(
    ("a", "b", "months"),
    [
        ("2025-01-31", "2025-02-28", 1),
        ("2025-01-31", "2025-02-27", 0),
        ("2025-03-31", "2025-03-01", -1),
        ("2025-02-28", "2025-01-31", -1),
        ("2025-05-01", "2025-05-01", 0),
        ("2024-02-29", "2025-02-28", 12),
    ],
)
def test_months_between(a: str, b: str, months: int) -> None:
    assert months_between(date.fromisoformat(a), date.fromisoformat(b)) == months


@given(dates, st.integers(-9000, 9000))
def test_days_add_and_count_back(day: date, days: int) -> None:
    assert days_between(day, add_days(day, days)) == days
    assert add_period(day, CalendarPeriod(days, "days"), None) == add_period(
        day, CalendarPeriod(-days, "days"), None, -1
    )


def test_beyond_the_days_covered() -> None:
    for call in (
        lambda: add_days(LAST_DAY, 1),
        lambda: add_days(FIRST_DAY, -1),
        lambda: add_days(FIRST_DAY, 10**12),
        lambda: add_months(LAST_DAY, 1),
        lambda: add_months(FIRST_DAY, -(10**9)),
        lambda: add_elapsed(datetime(2200, 12, 31, tzinfo=UTC), Elapsed(86400)),
        lambda: add_elapsed(datetime(2200, 12, 31, tzinfo=UTC), Elapsed(10**20)),
        lambda: WORK.add(YEARS[1], 1),
        lambda: WORK.add(date(2022, 12, 31), 1),
        lambda: WORK.add(date(2029, 1, 1), 0),
        lambda: WORK.between(YEARS[0], date(2029, 1, 1)),
        lambda: WORK.is_business_day(date(2029, 1, 1)),
    ):
        with pytest.raises(OutOfRange):
            call()
    with pytest.raises(NoCalendar):
        add_period(YEARS[0], CalendarPeriod(1, "business days"), None)


def test_business_days_at_christmas() -> None:
    wednesday = date(2025, 12, 24)
    assert WORK.add(wednesday, 1) == date(2025, 12, 29)
    assert WORK.add(date(2025, 12, 27), 1) == date(2025, 12, 29)
    assert WORK.add(date(2025, 12, 27), -1) == wednesday
    assert WORK.add(date(2025, 12, 27), 0) == date(2025, 12, 27)
    assert WORK.between(wednesday, date(2026, 1, 2)) == 4
    assert hash(WORK) == hash(BusinessCalendar(frozenset({6, 5}), HOLIDAYS, *YEARS, label="test"))


@given(near, st.integers(-200, 200))
def test_business_days_one_by_one(day: date, count: int) -> None:
    step, walked, left = (1 if count > 0 else -1), day, abs(count)
    while left:
        walked += timedelta(days=step)
        left -= walked.weekday() < 5 and walked not in HOLIDAYS
    assert WORK.add(day, count) == walked


@given(near, near, st.integers(-200, 200))
def test_business_day_laws(a: date, b: date, count: int) -> None:
    assert WORK.between(a, b) == -WORK.between(b, a)
    assert WORK.back_to(a, b) == -WORK.back_to(b, a)
    assert (WORK.between(a, WORK.add(a, count)) if count > 0 else WORK.back_to(a, WORK.add(a, count))) == abs(count)
    if WORK.is_business_day(a):
        assert WORK.add(WORK.add(a, count), -count) == a
        assert WORK.between(a, WORK.add(a, count)) == count
    if b > a and WORK.is_business_day(b):
        assert WORK.add(a, WORK.between(a, b)) == b


def test_a_week_without_work() -> None:
    with pytest.raises(OutOfRange):
        BusinessCalendar(frozenset(range(7)), frozenset(), *YEARS).add(date(2025, 1, 1), 1)
    with pytest.raises(ValueError):
        BusinessCalendar(frozenset({7}), frozenset(), *YEARS)


def test_named_holiday_calendars() -> None:
    us = holiday_calendar("US", None, (5, 6), *YEARS)
    assert not us.is_business_day(date(2026, 7, 3))  # the 4th is a Saturday, kept on Friday
    assert us.version.startswith("holidays 0.") and us.label == "US"
    bavaria = holiday_calendar("DE", "BY", [5, 6], *YEARS)
    assert not bavaria.is_business_day(date(2026, 1, 6)) and bavaria.label == "DE-BY"
    assert holiday_calendar("DE", None, [5, 6], *YEARS).is_business_day(date(2026, 1, 6))
    assert holiday_calendar(None, None, [6], *YEARS).is_business_day(date(2026, 12, 26))
    # New Year's Day 2028 is a Saturday and is kept in the year before, also where the range ends there.
    short = holiday_calendar("US", None, (5, 6), date(2027, 1, 1), date(2027, 12, 31))
    assert not short.is_business_day(date(2027, 12, 31))


def test_unknown_calendars_name_the_known_ones() -> None:
    with pytest.raises(UnknownCalendar) as found:
        holiday_calendar("UK", None, (5, 6), *YEARS)
    assert "GB" in found.value.known
    with pytest.raises(UnknownCalendar) as found:
        holiday_calendar("GB", "Scotland", (5, 6), *YEARS)
    assert "SCT" in found.value.known
    with pytest.raises(UnknownCalendar):
        holiday_calendar(None, "BY", (5, 6), *YEARS)


@pytest.mark.parametrize(("country", "first", "last"), [("DE", 1950, 2030), ("DE", 2020, 2150), ("IN", 2030, 2036)])
def test_a_holiday_table_that_ends_too_soon(country: str, first: int, last: int) -> None:
    with pytest.raises(OutOfRange):
        holiday_calendar(country, None, (5, 6), date(first, 1, 1), date(last, 12, 31))
    assert holiday_calendar("IN", None, [6], date(2030, 1, 1), date(2035, 12, 31)).label == "IN"
