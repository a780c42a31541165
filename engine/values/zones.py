"""Time zones from the pinned `tzdata` package, and the local days they make of instants.

The host's own zone data is never read: zone databases on one machine disagree about this year's
offsets, and a decision must not depend on where it was made. An instant is an aware `datetime` in
UTC throughout; a day is a `date` between `FIRST_DAY` and `LAST_DAY`.

Zones read from a file cannot be pickled. Whatever must travel carries the zone's name.
"""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from engine.base.suggest import nearest

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
"""All days lie within FIRST_DAY .. LAST_DAY, both included; anything beyond is refused."""

TZDATA_VERSION: str = str(importlib.import_module("tzdata").IANA_VERSION)
"""The release of the zone data, such as `2026a`; it belongs in every digest that rests on zones."""

_LONGEST_NAME = 60
"""Longer texts are compared with no name: the longest name of a zone has half as many letters."""

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)

T = TypeVar("T")


class OutOfRange(ValueError):
    """A day or an instant lies beyond the range that is covered; the message names both."""


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Give every zone name of the package, aliases included, in the package's own order."""
    return tuple(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


@lru_cache(maxsize=1)
def _name_set() -> frozenset[str]:
    return frozenset(zone_names())


def is_zone(name: str) -> bool:
    """Say whether `name` is a zone of the pinned data, spelt exactly so."""
    return name in _name_set()


@lru_cache(maxsize=512)
def zone_help(name: str) -> str | None:
    """Give a help line with the zone that a wrong name probably means, or None.

    People write the town alone (`Lisbon` for `Europe/Lisbon`), or under its country. An offset (`GMT+1`) is never
    guessed at: the names that look like one count the other way round.
    """
    if len(name) > _LONGEST_NAME or re.search(r"[+-][0-9]", name):
        return None
    town = name.rpartition("/")[2].casefold().replace(" ", "_").replace("-", "_")
    by_town: dict[str, list[str]] = {}
    for one in zone_names():
        if not re.search(r"[+-][0-9]", one):
            by_town.setdefault(one.rpartition("/")[2].casefold().replace("-", "_"), []).append(one)
    found = by_town.get(town)
    if found is None and "/" in name:
        near = nearest(name, zone_names())
        found = None if near is None else [near]
    elif found is None:
        found = by_town.get(nearest(town, by_town) or "")
    return None if found is None else "did you mean " + " or ".join(f"`{one}`" for one in sorted(found)) + "?"


def _zone_bytes(name: str) -> bytes:
    # Only names of the package's own list become a path, so `../x` and `/etc/x` never do.
    if not is_zone(name):
        raise KeyError(name)
    return files("tzdata").joinpath("zoneinfo").joinpath(*name.split("/")).read_bytes()


@cache
def zone(name: str) -> ZoneInfo:
    """Give the zone called `name`; the same object each time. KeyError if there is none."""
    return ZoneInfo.from_file(io.BytesIO(_zone_bytes(name)), key=name)


@lru_cache(maxsize=1)
def distinct_zones() -> tuple[ZoneInfo, ...]:
    """Give one zone for each different set of data, in the package's order; aliases are left out.

    What holds in all of these holds in every zone there is.
    """
    first: dict[bytes, str] = {}
    for name in zone_names():
        first.setdefault(_zone_bytes(name), name)
    return tuple(zone(name) for name in first.values())


@lru_cache(maxsize=1)
def probing_order() -> tuple[ZoneInfo, ...]:
    """Give the distinct zones from the outside in: furthest west, furthest east, next west, ...

    Where zones disagree about a day, the extremes nearly always do, so a search ends after two.
    """
    new_year = datetime(2024, 1, 1, tzinfo=UTC)
    west_to_east = sorted(distinct_zones(), key=lambda z: (new_year.astimezone(z).utcoffset(), z.key))
    half = (len(west_to_east) + 1) // 2
    outside_in: list[ZoneInfo] = []
    for west, east in zip(west_to_east[:half], reversed(west_to_east), strict=False):
        outside_in.extend([west] if west is east else [west, east])
    return tuple(outside_in)


def same_in_every_zone(judge: Callable[[ZoneInfo], T | None]) -> T | None:
    """Give what `judge` says if it says the same of every zone; None if two differ or one says None.

    A missing zone is tried in every zone of the pinned data; a few samples are not enough. An error
    that `judge` raises passes through.
    """
    agreed: T | None = None
    for candidate in probing_order():
        found = judge(candidate)
        if found is None or (agreed is not None and found != agreed):
            return None
        agreed = found
    return agreed


def check_day(day: date) -> date:
    """Give `day` back; OutOfRange if it lies before FIRST_DAY or after LAST_DAY."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise OutOfRange(f"{day} lies outside of {FIRST_DAY} .. {LAST_DAY}")
    return day


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Give the calendar day on which `instant` falls in `zone`.

    OutOfRange if that day is not covered. A time without an offset is a `ValueError`: Python would
    read it in the host's zone.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no offset")
    return check_day(instant.astimezone(zone).date())


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the first moment of `day` in `zone` and the first moment of the day after, as UTC instants.

    The first moment is the earliest instant at which the local calendar shows that day or a later
    one: a midnight that a clock change skips gives the moment of the change, one that is repeated
    the earlier of the two. A day the zone skips altogether (Apia, 30 December 2011) has equal bounds.
    Where clocks go back across midnight the old day returns for a while after the second bound; see
    `day_span`. OutOfRange if `day` is not covered.
    """
    check_day(day)
    return _first_moment(day, zone), _first_moment(day + _DAY, zone)


@lru_cache(maxsize=4096)
def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the earliest and the latest instant, to the microsecond, that fall on `day` in `zone`.

    This differs from `day_bounds` where clocks go back shortly after midnight: the hour that is lived
    twice then belongs to the day before although the new day had begun. A day that was skipped has
    no instant of its own; both ends are the moment of the skip. OutOfRange if `day` is not covered.
    """
    first, following = day_bounds(day, zone)
    if first == following:
        return first, first
    midnight = datetime.combine(day + _DAY, datetime.min.time())
    second = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC) - _MICROSECOND
    if second >= following and _wall_time(second, zone) < midnight:
        return first, second
    return first, following - _MICROSECOND


def instant_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Give the instant (UTC) at which clocks in `zone` show `clock` on `day`.

    A time that a clock change skips is read with the offset before it, one that occurs twice is the first: see
    `clock_change`. OutOfRange if `day` or the instant's day in UTC is not covered.
    """
    check_day(day)
    instant = datetime.combine(day, clock, zone).astimezone(UTC)
    check_day(instant.date())
    return instant


def clock_change(day: date, clock: time, zone: ZoneInfo) -> Literal["skipped", "doubled"] | None:
    """Say whether a clock change in `zone` skips a local time or makes it occur twice; None if neither."""
    first = datetime.combine(day, clock, zone).astimezone(UTC)
    second = datetime.combine(day, clock.replace(fold=1), zone).astimezone(UTC)
    if first == second:
        return None
    return "skipped" if first > second else "doubled"


def _wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def _first_moment(day: date, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, datetime.min.time())
    # `fold` picks between two readings of a wall time that a clock change repeats or skips.
    before = midnight.replace(tzinfo=zone).astimezone(UTC)
    after = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if before <= after:
        return before
    # Midnight was skipped: the change lies between the two readings, on a whole second.
    low, high = 0, int((before - after).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if _wall_time(after + timedelta(seconds=middle), zone) >= midnight:
            high = middle
        else:
            low = middle + 1
    return after + timedelta(seconds=low)


def zone_label(local: datetime) -> str:
    """What to call a local time's zone: its abbreviation where it has letters (MDT), else its offset (UTC+05:30)."""
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
