"""Calendar windows in every zone, against the C library's clock walked hour by hour.

The C library reads the very files of the pinned package (`TZ=:/path`) with its own code, so nothing of
what is tested takes part in the expected answer. It also changes the host's zone all the time.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files

import pytest

from engine.values.business import BusinessCalendar
from engine.values.periods import CalendarPeriod, Elapsed
from engine.values.windows import WindowSpec, WindowState, bounds, state
from engine.values.zones import zone, zone_names

HOUR, DAY = 3600, 86400
ONE = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORK = BusinessCalendar(frozenset({5, 6}), frozenset(), date(1960, 1, 1), date(2045, 12, 31))
WINDOWS = [
    WindowSpec(CalendarPeriod(0, "days"), "after"),
    WindowSpec(CalendarPeriod(14, "days"), "after"),
    WindowSpec(CalendarPeriod(14, "days"), "after", inclusive=False),
    WindowSpec(CalendarPeriod(3, "days"), "after", anchor_day=1),
    WindowSpec(CalendarPeriod(1, "months"), "after"),
    WindowSpec(CalendarPeriod(5, "business days"), "after"),
    WindowSpec(CalendarPeriod(1, "days"), "before"),
]
MONTH_ENDS = ["2024-01-31", "2024-02-29", "2025-01-31", "2023-12-31", "2028-02-29", "2026-03-31"]


@pytest.fixture(scope="module")
def data() -> Iterator[str]:
    with as_file(files("tzdata").joinpath("zoneinfo")) as path:
        yield str(path)


def local_day(second: int) -> date:
    t = time.localtime(second)
    return date(t.tm_year, t.tm_mon, t.tm_mday)


def clock_changes() -> list[int]:
    """Hours after which the clock of the current host zone was changed, from 1962 to 2040."""
    found = []
    low, offset = -8 * 365 * DAY, time.localtime(-8 * 365 * DAY).tm_gmtoff
    for high in range(low, 70 * 365 * DAY, 25 * DAY):
        if time.localtime(high).tm_gmtoff != offset:
            before, after = high - 25 * DAY, high
            while after - before > HOUR:
                middle = (before + after) // 2
                before, after = (middle, after) if time.localtime(middle).tm_gmtoff == offset else (before, middle)
            found.append(after)
            offset = time.localtime(high).tm_gmtoff
    return found


def last_day(spec: WindowSpec, anchor: date) -> date:
    """Find the last day by walking the calendar one day at a time."""
    assert isinstance(spec.lasts, CalendarPeriod)
    day, left = anchor, spec.lasts.count - spec.anchor_day
    if spec.side == "before":
        return day - left * ONE
    if spec.lasts.unit == "months":
        month = anchor.month % 12 + 1
        while day.month != month:
            day += ONE
        while day.day < anchor.day and (day + ONE).month == month:
            day += ONE
    else:
        while left:
            day += ONE
            left -= spec.lasts.unit == "days" or day.isoweekday() < 6
    return day if spec.inclusive else day - ONE


def edges(anchor: int) -> Iterator[tuple[int, date]]:
    """Walk hour by hour and give the hours on both sides of each change of the local date."""
    second = anchor - 50 * HOUR
    day = local_day(second)
    while second < anchor + 34 * DAY:
        following = local_day(second + HOUR)
        if following != day:
            yield second, day
            yield second + HOUR, following
        second, day = second + HOUR, following


def check(name: str, anchor: int) -> None:
    z, start, first = zone(name), EPOCH + timedelta(seconds=anchor), local_day(anchor)
    lasts = [(spec, last_day(spec, first)) for spec in WINDOWS]
    for spec, last in lasts:
        assert bounds(spec, start, z, WORK).last_day == last, (name, start, spec)
    for second, day in edges(anchor):
        act = EPOCH + timedelta(seconds=second)
        for spec, last in lasts:
            want = WindowState.OPEN if day <= last else WindowState.PASSED
            if day < first and spec.side == "after":
                want = WindowState.NOT_BEGUN
            assert state(spec, start, act, z, WORK) is want, (name, start, act, spec)


def test_every_zone(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        for name in zone_names():
            monkeypatch.setenv("TZ", f":{data}/{name}")
            time.tzset()
            choose = random.Random(name)
            changes = clock_changes()
            for change in choose.sample(changes, min(2, len(changes))):
                check(name, change + choose.randrange(-16 * DAY, DAY))
            noon = datetime.fromisoformat(choose.choice(MONTH_ENDS)).replace(hour=12, tzinfo=UTC)
            check(name, int(noon.timestamp()) + choose.randrange(-20 * HOUR, 20 * HOUR))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_elapsed_time_ignores_clock_changes() -> None:
    spec = WindowSpec(Elapsed(DAY), "after")
    for name in ("America/New_York", "Europe/London", "Australia/Lord_Howe"):
        for start in (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 31, 20, tzinfo=UTC)):
            inside, beyond = start + timedelta(seconds=DAY), start + timedelta(seconds=DAY + 1)
            assert state(spec, start, inside, zone(name), None) is WindowState.OPEN
            assert state(spec, start, beyond, zone(name), None) is WindowState.PASSED
