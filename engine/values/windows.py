"""Windows: whether an act lies before, inside or after a stretch of time that hangs on an event.

An elapsed window compares instants in absolute time. A calendar window turns both sides into local
dates first: the day of the anchor is day 0, the whole last day is in, month ends clamp. Both sides may
be bare local dates. Nothing here sees "not yet"; that is decided before a window is asked.

A result of None means that it cannot be known from a bare date, or from a zone that is missing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from engine.values.business import BusinessCalendar
from engine.values.moments import span_of
from engine.values.periods import (
    CalendarPeriod,
    Elapsed,
    add_days,
    add_elapsed,
    add_period,
    business_calendar,
    days_between,
)
from engine.values.zones import OutOfRange, day_bounds, local_date, same_in_every_zone

Side = Literal["after", "before"]

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


class WindowState(enum.Enum):
    """Where an act lies; the value is the word a condition uses."""

    NOT_BEGUN = "not begun"
    OPEN = "open"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """How a window lies to its anchor, as its author wrote it.

    After an anchor it opens with the anchor and lasts so long. Before an anchor it is open until so
    long before it, and passed from then on. `inclusive` says whether the last moment, or the last day,
    is still in. With an `anchor_day` of 1 the anchor's own day counts as the first; it means nothing
    for elapsed time.
    """

    lasts: Elapsed | CalendarPeriod
    side: Side
    inclusive: bool = True
    anchor_day: Literal[0, 1] = 0


@dataclass(frozen=True, slots=True)
class WindowEnd:
    """Where a window ends: its last local day, and the instant (UTC) of its end.

    For an elapsed window `end` is anchor + length, its last moment if the window is inclusive. For a
    calendar window it is the first moment after the last day, which is no longer in.
    """

    last_day: date | None
    end: datetime | None


def state(
    spec: WindowSpec,
    anchor: datetime | date,
    act: datetime | date,
    zone: ZoneInfo,
    calendar: BusinessCalendar | None,
) -> WindowState | None:
    """Say whether at `act` the window of `anchor` is not begun, open or passed.

    Elapsed: a bare date is known only if both ends of that day in `zone` give the same state, else
    None. Calendar: always known. Before an anchor there is no "not begun". Raises `OutOfRange` if the
    end of the window lies beyond the days covered, `NoCalendar` if business days have no calendar.
    """
    if isinstance(spec.lasts, Elapsed):
        return _elapsed_state(spec, span_of(anchor, zone), span_of(act, zone))
    return _calendar_state(spec, _local(anchor, zone), _local(act, zone), calendar)


def _local(moment: datetime | date, zone: ZoneInfo) -> date:
    return local_date(moment, zone) if isinstance(moment, datetime) else moment


def _elapsed_state(
    spec: WindowSpec, anchor: tuple[datetime, datetime], act: tuple[datetime, datetime]
) -> WindowState | None:
    # A later act, or an earlier anchor, only ever moves the state on; so the two extremes decide.
    least = _instant_state(spec, anchor[1], act[0])
    most = _instant_state(spec, anchor[0], act[1])
    return least if least is most else None


def _instant_state(spec: WindowSpec, anchor: datetime, act: datetime) -> WindowState:
    end = _elapsed_end(spec, anchor)
    if spec.side == "after" and act < anchor:
        return WindowState.NOT_BEGUN
    inside = act <= end if spec.inclusive else act < end
    return WindowState.OPEN if inside else WindowState.PASSED


def _elapsed_end(spec: WindowSpec, anchor: datetime) -> datetime:
    assert isinstance(spec.lasts, Elapsed)
    return add_elapsed(anchor, spec.lasts, 1 if spec.side == "after" else -1)


def _calendar_state(spec: WindowSpec, anchor: date, act: date, calendar: BusinessCalendar | None) -> WindowState:
    last = _last_day(spec, anchor, calendar)
    if spec.side == "after" and act < anchor:
        return WindowState.NOT_BEGUN
    return WindowState.OPEN if act <= last else WindowState.PASSED


@lru_cache(maxsize=4096)
def _last_day(spec: WindowSpec, anchor: date, calendar: BusinessCalendar | None) -> date:
    assert isinstance(spec.lasts, CalendarPeriod)
    sign = 1 if spec.side == "after" else -1
    if spec.lasts.unit == "business days":
        working = business_calendar(calendar)
        counted = spec.anchor_day == 1 and working.is_business_day(anchor)
        last = working.add(anchor, sign * (spec.lasts.count - counted))
    else:
        last = add_days(add_period(anchor, spec.lasts, calendar, sign), -sign * spec.anchor_day)
    return last if spec.inclusive else add_days(last, -1)


def bounds(
    spec: WindowSpec, anchor: datetime | date, zone: ZoneInfo | None, calendar: BusinessCalendar | None
) -> WindowEnd:
    """Give the last day and the end of the window of `anchor`; what cannot be known is None.

    Elapsed: `end` needs an anchor that is an instant; `last_day` is the local day of the last moment
    inside, given also for a bare date if it is the same from the whole of that day. Calendar: both are
    known in a known zone; without one, only the last day of a bare date is. Errors as for `state`.
    """
    if isinstance(spec.lasts, Elapsed):
        return _elapsed_bounds(spec, anchor, zone)
    if zone is None and isinstance(anchor, datetime):
        return WindowEnd(None, None)
    day = anchor if zone is None else _local(anchor, zone)
    last = _last_day(spec, day, calendar)
    return WindowEnd(last, None if zone is None else day_bounds(last, zone)[1])


def _elapsed_bounds(spec: WindowSpec, anchor: datetime | date, zone: ZoneInfo | None) -> WindowEnd:
    end = _elapsed_end(spec, anchor) if isinstance(anchor, datetime) else None
    if zone is None:
        return WindowEnd(None, end)
    inside = timedelta(0) if spec.inclusive else _MICROSECOND
    first, last = (_elapsed_end(spec, instant) - inside for instant in span_of(anchor, zone))
    if end is not None:
        return WindowEnd(local_date(first, zone), end)
    day = local_date(first, zone)
    opens, closes = day_bounds(day, zone)
    return WindowEnd(day if opens <= first and last < closes else None, None)


def day_number(
    spec: WindowSpec,
    anchor: datetime | date,
    act: datetime | date,
    zone: ZoneInfo,
    calendar: BusinessCalendar | None = None,
) -> int:
    """Count on which day of a calendar window `act` falls: "day 34 of 30".

    The anchor's day is day 0, or day 1 where `anchor_day` says so. Business-day windows count business
    days, others local days, also where the length is in months. After an anchor the count grows with
    the act, before an anchor it is the number of days still to go; on the wrong side of the anchor it
    is negative. Raises `ValueError` for an elapsed window, else as `state`.
    """
    if isinstance(spec.lasts, Elapsed):
        raise ValueError("an elapsed window has no days")
    start, day = _local(anchor, zone), _local(act, zone)
    if spec.lasts.unit == "business days":
        working = business_calendar(calendar)
        count = working.between(start, day) if spec.side == "after" else working.back_to(start, day)
        return count + (spec.anchor_day == 1 and working.is_business_day(start))
    count = days_between(start, day)
    return (count if spec.side == "after" else -count) + spec.anchor_day


@lru_cache(maxsize=8192)
def state_in_any_zone(
    spec: WindowSpec, anchor: datetime | date, act: datetime | date, calendar: BusinessCalendar | None
) -> WindowState | None:
    """Give the state if it is the same in every zone of the pinned data, else None.

    This is what a missing zone means: there is no fallback zone, since one that a later fact overturns
    would have been a lie. Raises as `state`, unless two zones tried earlier differ already.
    """
    try:
        sure = _state_whatever_the_zone(spec, anchor, act, calendar)
    except OutOfRange:
        sure = None  # the days tried here may lie beyond those of any real zone
    if sure is not None:
        return sure
    return same_in_every_zone(lambda zone: state(spec, anchor, act, zone, calendar))


def _state_whatever_the_zone(
    spec: WindowSpec, anchor: datetime | date, act: datetime | date, calendar: BusinessCalendar | None
) -> WindowState | None:
    """Give the state if a day more or less on either side cannot change it.

    No offset reaches 24 hours, so the local date of an instant is within a day of its date in UTC, and
    a bare date lies within a day of the same date in UTC. Most windows are settled by this alone.
    """
    if isinstance(spec.lasts, Elapsed):
        return _elapsed_state(spec, _widest_span(anchor), _widest_span(act))
    first, last = _widest_days(anchor), _widest_days(act)
    least = _calendar_state(spec, first[1], last[0], calendar)
    most = _calendar_state(spec, first[0], last[1], calendar)
    return least if least is most else None


def _widest_span(moment: datetime | date) -> tuple[datetime, datetime]:
    if isinstance(moment, datetime):
        return moment, moment
    midnight = datetime.combine(moment, time(), UTC)
    return midnight - _DAY, midnight + 2 * _DAY


def _widest_days(moment: datetime | date) -> tuple[date, date]:
    if not isinstance(moment, datetime):
        return moment, moment
    day = moment.astimezone(UTC).date()
    return add_days(day, -1), add_days(day, 1)


def compare(x: datetime | date, y: datetime | date, zone: ZoneInfo) -> int | None:
    """Compare two moments: -1 if `x` is earlier, 0 if they are the same, 1 if `x` is later.

    Two bare dates compare as dates. A bare date and an instant are known only if the whole of that day
    in `zone` lies on one side of the instant, else None. OutOfRange if a bare date is not covered.
    """
    if isinstance(x, datetime) is isinstance(y, datetime):
        return (x > y) - (x < y)
    first, second = span_of(x, zone), span_of(y, zone)
    if first[1] < second[0]:
        return -1
    return 1 if first[0] > second[1] else None


def within(
    x: datetime | date,
    period: Elapsed | CalendarPeriod,
    side: Side,
    y: datetime | date,
    zone: ZoneInfo,
    calendar: BusinessCalendar | None,
) -> bool | None:
    """Test `x within P after y` (y <= x <= y + P) or `x within P before y` (y - P <= x <= y).

    Both ends are in. Calendar periods compare local dates in `zone`, elapsed time instants; None if a
    bare date leaves it open. Errors as for `state`, as for the three tests below.
    """
    act, anchor = _ranges(x, period, 0, y, zone, calendar)
    if side == "after":
        begun = _at_most(anchor, act)
        ended = _at_most(*_ranges(x, period, 1, y, zone, calendar))
    else:
        begun = _at_most(act, anchor)
        ended = _at_most(*reversed(_ranges(x, period, -1, y, zone, calendar)))
    if begun is False or ended is False:
        return False
    return True if begun and ended else None


def later_than(
    x: datetime | date,
    period: Elapsed | CalendarPeriod,
    y: datetime | date,
    zone: ZoneInfo,
    calendar: BusinessCalendar | None,
) -> bool | None:
    """Test `x later than P after y`: x > y + P. Unlike `not within`, it is false before y."""
    in_time = _at_most(*_ranges(x, period, 1, y, zone, calendar))
    return None if in_time is None else not in_time


def at_least_before(
    x: datetime | date,
    period: Elapsed | CalendarPeriod,
    y: datetime | date,
    zone: ZoneInfo,
    calendar: BusinessCalendar | None,
) -> bool | None:
    """Test `x at least P before y`: x <= y - P. The anchor y is shifted; at month ends that matters."""
    return _at_most(*_ranges(x, period, -1, y, zone, calendar))


def at_least_after(
    x: datetime | date,
    period: Elapsed | CalendarPeriod,
    y: datetime | date,
    zone: ZoneInfo,
    calendar: BusinessCalendar | None,
) -> bool | None:
    """Test `x at least P after y`: x >= y + P."""
    act, shifted = _ranges(x, period, 1, y, zone, calendar)
    return _at_most(shifted, act)


_Range = tuple[date, date]


def _ranges(
    x: datetime | date,
    period: Elapsed | CalendarPeriod,
    sign: int,
    y: datetime | date,
    zone: ZoneInfo,
    calendar: BusinessCalendar | None,
) -> tuple[_Range, _Range]:
    """Give the earliest and latest x, and the earliest and latest y shifted by `sign` periods.

    Both are instants for elapsed time (as `datetime` is a `date` to the type checker), else dates.
    """
    if isinstance(period, Elapsed):
        first, last = span_of(y, zone)
        return span_of(x, zone), (add_elapsed(first, period, sign), add_elapsed(last, period, sign))
    day, start = _local(x, zone), _local(y, zone)
    shifted = add_period(start, period, calendar, sign) if sign else start
    return (day, day), (shifted, shifted)


def _at_most(a: _Range, b: _Range) -> bool | None:
    if a[1] <= b[0]:
        return True
    return False if a[0] > b[1] else None
