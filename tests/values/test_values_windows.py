import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.values import windows as w
from engine.values import zones
from engine.values.business import BusinessCalendar
from engine.values.periods import CalendarPeriod, Elapsed, NoCalendar, add_days
from engine.values.windows import WindowEnd, WindowSpec, WindowState
from engine.values.zones import OutOfRange, distinct_zones, zone

NOT_BEGUN, OPEN, PASSED = WindowState.NOT_BEGUN, WindowState.OPEN, WindowState.PASSED
LA, BERLIN, UTC_ZONE = zone("America/Los_Angeles"), zone("Europe/Berlin"), zone("UTC")
WORK = BusinessCalendar(frozenset({5, 6}), frozenset({date(2026, 5, 1)}), date(2020, 1, 1), date(2030, 12, 31))
SECOND = timedelta(seconds=1)


def days(count: int) -> CalendarPeriod:
    return CalendarPeriod(count, "days")


def months(count: int) -> CalendarPeriod:
    return CalendarPeriod(count, "months")


def working(count: int) -> CalendarPeriod:
    return CalendarPeriod(count, "business days")


def hours(count: int) -> Elapsed:
    return Elapsed(count * 3600)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_worked_number_7_fourteen_days_over_a_clock_change() -> None:
    delivered = datetime(2025, 10, 27, 23, 30, tzinfo=LA).astimezone(UTC)
    spec = WindowSpec(days(14), "after")
    assert w.bounds(spec, delivered, LA, None) == WindowEnd(day("2025-11-10"), utc("2025-11-11T08:00"))
    at = delivered + timedelta(days=14, hours=1)
    assert at.astimezone(LA).isoformat() == "2025-11-10T23:30:00-08:00"
    assert w.state(spec, delivered, at, LA, None) is OPEN
    assert w.state(spec, delivered, at + timedelta(minutes=30), LA, None) is PASSED
    assert w.day_number(spec, delivered, at, LA) == 14
    assert w.state(WindowSpec(hours(14 * 24), "after"), delivered, at, LA, None) is PASSED


def test_worked_number_8_local_dates_not_utc_dates() -> None:
    delivered, asked = datetime(2026, 5, 1, 21, 30, tzinfo=LA), datetime(2026, 5, 31, 22, 0, tzinfo=LA)
    spec = WindowSpec(days(30), "after")
    assert w.state(spec, delivered.astimezone(UTC), asked.astimezone(UTC), LA, None) is OPEN
    assert w.bounds(spec, delivered.astimezone(UTC), LA, None).last_day == day("2026-05-31")
    assert w.bounds(spec, delivered.astimezone(UTC), UTC_ZONE, None).last_day == day("2026-06-01")


def test_worked_number_9_a_delivery_before_the_hand_over() -> None:
    assert w.compare(utc("2026-05-01T10:00"), utc("2026-05-02T10:00"), BERLIN) == -1


def test_elapsed_ends() -> None:
    anchor, end = utc("2026-03-28T20:00"), utc("2026-03-29T20:00")
    inclusive, exclusive = WindowSpec(hours(24), "after"), WindowSpec(hours(24), "after", inclusive=False)
    assert [w.state(inclusive, anchor, at, BERLIN, None) for at in (anchor - SECOND, anchor, end, end + SECOND)] == [
        NOT_BEGUN,
        OPEN,
        OPEN,
        PASSED,
    ]
    assert w.state(exclusive, anchor, end, BERLIN, None) is PASSED
    assert w.state(exclusive, anchor, end - SECOND, BERLIN, None) is OPEN
    before = WindowSpec(hours(24), "before")
    assert w.state(before, end, anchor, BERLIN, None) is OPEN
    assert w.state(before, end, anchor + SECOND, BERLIN, None) is PASSED
    assert w.state(before, end, end + timedelta(days=3), BERLIN, None) is PASSED
    assert w.bounds(before, end, BERLIN, None) == WindowEnd(day("2026-03-28"), anchor)


def test_elapsed_with_bare_dates() -> None:
    spec, anchor = WindowSpec(hours(24), "after"), day("2026-05-01")
    assert w.state(spec, anchor, utc("2026-05-02T23:00"), UTC_ZONE, None) is None
    assert w.state(spec, anchor, utc("2026-05-03T00:00"), UTC_ZONE, None) is PASSED
    assert w.state(spec, anchor, utc("2026-05-01T12:00"), UTC_ZONE, None) is None
    assert w.state(spec, anchor, utc("2026-05-02T00:00"), UTC_ZONE, None) is OPEN
    assert w.state(spec, anchor, utc("2026-04-30T23:59"), UTC_ZONE, None) is NOT_BEGUN
    assert w.state(spec, anchor, anchor, UTC_ZONE, None) is None
    assert w.bounds(spec, anchor, UTC_ZONE, None) == WindowEnd(day("2026-05-02"), None)
    assert w.bounds(WindowSpec(hours(1), "after"), anchor, UTC_ZONE, None) == WindowEnd(None, None)


@pytest.mark.parametrize(
    ("spec", "anchor", "last"),
    [
        (WindowSpec(days(30), "after"), "2026-05-01", "2026-05-31"),
        (WindowSpec(days(30), "after", inclusive=False), "2026-05-01", "2026-05-30"),
        (WindowSpec(days(30), "after", anchor_day=1), "2026-05-01", "2026-05-30"),
        (WindowSpec(months(1), "after"), "2026-01-31", "2026-02-28"),
        (WindowSpec(months(1), "after", anchor_day=1), "2026-01-31", "2026-02-27"),
        (WindowSpec(months(1), "before"), "2026-03-31", "2026-02-28"),
        (WindowSpec(days(5), "before"), "2026-05-10", "2026-05-05"),
        (WindowSpec(days(5), "before", inclusive=False), "2026-05-10", "2026-05-04"),
        (WindowSpec(days(5), "before", anchor_day=1), "2026-05-10", "2026-05-06"),
        (WindowSpec(working(3), "after"), "2026-04-29", "2026-05-05"),  # 1 May is a holiday
        (WindowSpec(working(3), "after", anchor_day=1), "2026-04-29", "2026-05-04"),
        (
            WindowSpec(working(3), "after", anchor_day=1),
            "2026-05-02",
            "2026-05-06",
        ),  # a Saturday is not day 1
        (WindowSpec(working(2), "before"), "2026-05-04", "2026-04-29"),
        (WindowSpec(working(2), "before", anchor_day=1), "2026-05-04", "2026-04-30"),
        (WindowSpec(days(0), "after"), "2026-05-01", "2026-05-01"),
        (WindowSpec(days(0), "after", anchor_day=1), "2026-05-01", "2026-04-30"),
    ],
)
def test_the_last_day(spec: WindowSpec, anchor: str, last: str) -> None:
    end = w.bounds(spec, day(anchor), BERLIN, WORK)
    assert end.last_day == day(last)
    assert end.end == zones.day_bounds(add_days(day(last), 1), BERLIN)[0]
    assert w.bounds(spec, day(anchor), None, WORK) == WindowEnd(day(last), None)
    on_last = w.state(spec, day(anchor), day(last), BERLIN, WORK)
    assert on_last is (OPEN if spec.side == "before" or last >= anchor else NOT_BEGUN)
    after = max(day(last) + timedelta(days=1), day(anchor)) if spec.side == "after" else day(last) + timedelta(days=1)
    assert w.state(spec, day(anchor), after, BERLIN, WORK) is PASSED
    early = w.state(spec, day(anchor), day("2026-01-05"), BERLIN, WORK)
    assert early is (OPEN if spec.side == "before" else NOT_BEGUN)


def test_bounds_without_a_zone() -> None:
    assert w.bounds(WindowSpec(days(3), "after"), utc("2026-05-01T10:00"), None, None) == WindowEnd(None, None)
    ends = w.bounds(WindowSpec(hours(3), "after"), utc("2026-05-01T10:00"), None, None)
    assert ends == WindowEnd(None, utc("2026-05-01T13:00"))


def test_an_exclusive_end_at_midnight_belongs_to_the_day_before() -> None:
    spec = WindowSpec(hours(24), "after", inclusive=False)
    assert w.bounds(spec, utc("2026-05-01T00:00"), UTC_ZONE, None).last_day == day("2026-05-01")
    assert w.bounds(spec, day("2026-05-01"), UTC_ZONE, None).last_day is None


def test_day_numbers() -> None:
    anchor = day("2026-04-30")
    assert w.day_number(WindowSpec(days(30), "after"), anchor, day("2026-06-03"), BERLIN) == 34
    assert w.day_number(WindowSpec(days(30), "after", anchor_day=1), anchor, anchor, BERLIN) == 1
    assert w.day_number(WindowSpec(days(30), "after"), anchor, day("2026-04-29"), BERLIN) == -1
    assert w.day_number(WindowSpec(months(1), "before"), anchor, day("2026-04-20"), BERLIN) == 10
    assert w.day_number(WindowSpec(working(3), "after"), anchor, day("2026-05-05"), BERLIN, WORK) == 2
    assert w.day_number(WindowSpec(working(3), "after", anchor_day=1), anchor, day("2026-05-05"), BERLIN, WORK) == 3
    assert w.day_number(WindowSpec(working(3), "before"), day("2026-05-05"), anchor, BERLIN, WORK) == 2
    with pytest.raises(ValueError):
        w.day_number(WindowSpec(hours(3), "after"), anchor, anchor, BERLIN)
    with pytest.raises(NoCalendar):
        w.day_number(WindowSpec(working(3), "after"), anchor, anchor, BERLIN)


near = st.dates(date(2026, 1, 1), date(2026, 12, 31))
specs = st.builds(
    WindowSpec,
    st.builds(CalendarPeriod, st.integers(0, 40), st.sampled_from(["days", "months", "business days"])).map(
        lambda p: CalendarPeriod(p.count % 4, "months") if p.unit == "months" else p
    ),
    st.sampled_from(["after", "before"]),
    st.booleans(),
    st.sampled_from([0, 1]),
)


@given(specs, near, near, st.integers(0, 60))
def test_a_state_only_moves_on(spec: WindowSpec, anchor: date, act: date, later: int) -> None:
    order = [NOT_BEGUN, OPEN, PASSED]
    now = w.state(spec, anchor, act, BERLIN, WORK)
    then = w.state(spec, anchor, act + timedelta(days=later), BERLIN, WORK)
    older = w.state(spec, anchor - timedelta(days=later), act, BERLIN, WORK)
    assert now is not None and then is not None and older is not None
    assert order.index(now) <= order.index(then) and order.index(now) <= order.index(older)


@given(specs, near, near)
def test_the_day_number_tells_the_state(spec: WindowSpec, anchor: date, act: date) -> None:
    assert isinstance(spec.lasts, CalendarPeriod)
    assume(spec.lasts.unit != "months")
    number = w.day_number(spec, anchor, act, BERLIN, WORK)
    got = w.state(spec, anchor, act, BERLIN, WORK)
    if spec.side == "after" and act >= anchor and spec.lasts.unit == "days":
        limit = spec.lasts.count - (not spec.inclusive)
        assert (got is OPEN) == (number <= limit)
    elif spec.side == "before" and spec.lasts.unit == "days":
        assert (got is OPEN) == (number >= spec.lasts.count + (not spec.inclusive))
    elif spec.inclusive and spec.side == "after" and act >= anchor and WORK.is_business_day(act):
        assert (got is OPEN) == (number <= spec.lasts.count)
    elif spec.inclusive and spec.side == "before" and act < anchor and WORK.is_business_day(act):
        assert (got is OPEN) == (number >= spec.lasts.count)


def test_a_few_zones_are_not_enough() -> None:
    spec, anchor, act = WindowSpec(days(30), "after"), utc("2026-05-01T23:30"), utc("2026-06-01T00:30")
    for name in ("Etc/GMT+12", "America/Denver", "Pacific/Kiritimati"):
        assert w.state(spec, anchor, act, zone(name), None) is OPEN
    assert w.state(spec, anchor, act, UTC_ZONE, None) is PASSED
    assert w.state_in_any_zone(spec, anchor, act, None) is None
    assert w.state_in_any_zone(spec, anchor, utc("2026-05-30T23:00"), None) is OPEN
    assert w.state_in_any_zone(spec, anchor, utc("2026-06-02T00:30"), None) is PASSED
    assert w.state_in_any_zone(WindowSpec(hours(24), "after"), anchor, utc("2026-05-02T23:30"), None) is OPEN
    assert w.state_in_any_zone(spec, day("2026-05-01"), day("2026-05-31"), None) is OPEN


small = st.sampled_from([days(0), days(1), days(2), months(1), working(2), hours(1), hours(30)])
instants = st.datetimes(datetime(2026, 2, 27), datetime(2026, 3, 31)).map(
    lambda d: d.replace(microsecond=0, tzinfo=UTC)
)
moments = st.one_of(instants, st.dates(date(2026, 2, 27), date(2026, 3, 31)))


@settings(max_examples=150, deadline=None)
@given(small, st.sampled_from(["after", "before"]), moments, st.integers(-60, 60), st.booleans())
def test_any_zone_means_every_zone(
    lasts: CalendarPeriod | Elapsed, side: w.Side, anchor: datetime | date, shift: int, as_date: bool
) -> None:
    spec = WindowSpec(lasts, side)
    start = anchor if isinstance(anchor, datetime) else datetime(anchor.year, anchor.month, anchor.day, tzinfo=UTC)
    act: datetime | date = start + timedelta(hours=shift)
    if as_date:
        act = datetime.date(act)  # type: ignore[arg-type]
    found = {w.state(spec, anchor, act, z, WORK) for z in distinct_zones()}
    assert w.state_in_any_zone(spec, anchor, act, WORK) is (found.pop() if len(found) == 1 else None)


def test_any_zone_at_the_ends_of_what_is_covered() -> None:
    spec = WindowSpec(working(1), "after")
    calendar = BusinessCalendar(frozenset({5, 6}), frozenset(), date(2026, 5, 4), date(2026, 5, 8))
    assert w.state_in_any_zone(spec, day("2026-05-07"), day("2026-05-08"), calendar) is OPEN
    assert w.state_in_any_zone(spec, day("2026-05-07"), day("2026-06-30"), calendar) is PASSED
    with pytest.raises(OutOfRange):
        w.state_in_any_zone(spec, day("2026-05-08"), day("2026-05-08"), calendar)


Test = Callable[..., bool | None]


@pytest.mark.parametrize(
    ("test", "x", "period", "y", "want"),
    [
        (w.later_than, "2026-02-28", months(1), "2026-01-31", False),
        (w.later_than, "2026-03-01", months(1), "2026-01-31", True),
        (w.later_than, "2026-01-01", months(1), "2026-01-31", False),
        (w.at_least_before, "2026-02-28", months(1), "2026-03-31", True),
        (w.at_least_before, "2026-03-01", months(1), "2026-03-31", False),
        (w.at_least_after, "2026-02-28", months(1), "2026-01-31", True),
        (w.at_least_after, "2026-02-27", months(1), "2026-01-31", False),
        (w.at_least_after, "2026-05-05", working(3), "2026-04-29", True),
        (w.later_than, "2026-05-05", working(3), "2026-04-29", False),
        (w.at_least_before, "2026-04-29", working(2), "2026-05-04", True),
        (w.later_than, "2026-05-02T10:01", hours(24), "2026-05-01T10:00", True),
        (w.later_than, "2026-05-02T10:00", hours(24), "2026-05-01T10:00", False),
        (w.at_least_after, "2026-05-02T10:00", hours(24), "2026-05-01T10:00", True),
        (w.at_least_before, "2026-05-01T10:00", hours(24), "2026-05-02T10:00", True),
        (w.later_than, "2026-05-02", hours(24), "2026-05-01T10:00", None),
        (w.later_than, "2026-05-03", hours(24), "2026-05-01T10:00", True),
        (w.at_least_after, "2026-05-01", hours(24), "2026-05-01T10:00", False),
        (w.at_least_before, "2026-05-01", hours(24), "2026-05-02", None),
        (w.at_least_before, "2026-04-30", hours(24), "2026-05-02", True),
    ],
)
def test_one_sided(test: Test, x: str, period: CalendarPeriod | Elapsed, y: str, want: bool | None) -> None:
    a, b = (utc(t) if "T" in t else day(t) for t in (x, y))
    assert test(a, period, b, UTC_ZONE, WORK) is want


@pytest.mark.parametrize(
    ("x", "period", "side", "y", "want"),
    [
        ("2026-05-31", days(30), "after", "2026-05-01", True),
        ("2026-06-01", days(30), "after", "2026-05-01", False),
        ("2026-04-30", days(30), "after", "2026-05-01", False),
        ("2026-02-28", months(1), "before", "2026-03-31", True),
        ("2026-02-27", months(1), "before", "2026-03-31", False),
        ("2026-04-01", months(1), "before", "2026-03-31", False),
        ("2026-05-01T10:00", hours(2), "after", "2026-05-01T10:00", True),
        ("2026-05-01T12:00", hours(2), "after", "2026-05-01T10:00", True),
        ("2026-05-01T12:01", hours(2), "after", "2026-05-01T10:00", False),
        ("2026-05-01T08:00", hours(2), "before", "2026-05-01T10:00", True),
        ("2026-05-01T07:59", hours(2), "before", "2026-05-01T10:00", False),
        ("2026-05-01T10:01", hours(2), "before", "2026-05-01T10:00", False),
        ("2026-05-01", hours(2), "after", "2026-05-01T10:00", None),
        ("2026-05-02", hours(48), "after", "2026-05-01T10:00", True),
        ("2026-05-01", hours(48), "before", "2026-05-02T10:00", True),
        ("2026-05-04", hours(2), "after", "2026-05-01T10:00", False),
    ],
)
def test_within(x: str, period: CalendarPeriod | Elapsed, side: w.Side, y: str, want: bool | None) -> None:
    a, b = (utc(t) if "T" in t else day(t) for t in (x, y))
    assert w.within(a, period, side, b, UTC_ZONE, WORK) is want
    spec = WindowSpec(period, "after")
    if side == "after":
        state = w.state(spec, b, a, UTC_ZONE, WORK)
        assert want is (None if state is None else state is OPEN)


@pytest.mark.parametrize(
    ("x", "y", "want"),
    [
        ("2026-05-01", "2026-05-01", 0),
        ("2026-05-01", "2026-05-02", -1),
        ("2026-05-01T10:00", "2026-05-01T10:00", 0),
        ("2026-05-01T10:01", "2026-05-01T10:00", 1),
        ("2026-05-01", "2026-05-01T10:00", None),
        ("2026-05-01T22:00", "2026-05-01", 1),  # midnight in Berlin
        ("2026-05-01T21:59", "2026-05-01", None),
        ("2026-05-02", "2026-05-01T21:59", 1),
        ("2026-05-02", "2026-05-01T22:00", None),
    ],
)
def test_compare(x: str, y: str, want: int | None) -> None:
    a, b = (utc(t) if "T" in t else day(t) for t in (x, y))
    assert w.compare(a, b, BERLIN) == want
    assert w.compare(b, a, BERLIN) == (None if want is None else -want)


def everything(z: ZoneInfo) -> list[object]:
    anchor = utc("2025-10-27T23:30")
    spec, short = WindowSpec(days(14), "after"), WindowSpec(hours(30), "after")
    found: list[object] = [zones.day_bounds(day("2025-11-02"), z), zones.day_span(day("2026-03-08"), z)]
    for n in range(400):
        act = anchor + timedelta(hours=n)
        found += [w.state(spec, anchor, act, z, None), w.state_in_any_zone(spec, anchor, act, None)]
        found += [w.state(short, anchor.date(), act, z, None), zones.local_date(act, z)]
    return found


def test_the_host_zone_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    try:
        for host in ("UTC", "Pacific/Kiritimati", "America/St_Johns", "XYZ+11"):
            monkeypatch.setenv("TZ", host)
            time.tzset()
            for cached in (w.state_in_any_zone, w._last_day, zones.day_span, zones._first_moment):
                cached.cache_clear()
            results.append(everything(LA))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") != "XYZ+11"
    assert all(result == results[0] for result in results)
