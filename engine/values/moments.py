"""Moments: instants, bare local dates, and events that had not happened when somebody looked.

Text is read strictly. A time without an offset is not a moment at all, and nothing is completed from
the host's clock or zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeAlias
from zoneinfo import ZoneInfo

from engine.values.zones import FIRST_DAY, LAST_DAY, day_span


@dataclass(frozen=True, slots=True)
class NotYet:
    """An event that had not been seen by the instant `by` (UTC); None stands for the case's `as_of`.

    It is a fact like any other: the event lies somewhere after that instant, or never comes.
    """

    by: datetime | None = None


Moment: TypeAlias = datetime | date | NotYet
"""When an event was: an instant in UTC, a local date where that is all there is, or not yet."""

_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def parse_instant(text: str) -> datetime | None:
    """Read an RFC 3339 time with its offset (`Z` or `+hh:mm`) as an instant in UTC; None if it is none.

    Seconds may be left out, a fraction has up to six digits, `T` and `Z` are capitals. A leap second,
    an offset of 24 hours or more, and an instant whose day in UTC is not covered are refused.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(found[i]) for i in range(1, 6))
    second = int(found[6] or 0)
    micro = int((found[7] or "").ljust(6, "0"))
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    if int(found[10] or 0) > 59:
        return None
    zone = timezone(-offset if found[8] == "-" else offset) if offset < timedelta(days=1) else None
    if zone is None:
        return None
    try:
        instant = datetime(year, month, day, hour, minute, second, micro, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if FIRST_DAY <= instant.date() <= LAST_DAY else None


def parse_date(text: str) -> date | None:
    """Read a date written YYYY-MM-DD; None if it is none or is not covered."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def instant_text(utc: datetime) -> str:
    """Write an instant in its one canonical form: `2026-05-01T23:30:00Z`, six digits if it has a fraction.

    A time without an offset is a `ValueError`.
    """
    if utc.tzinfo is None:
        raise ValueError(f"{utc} has no offset")
    return f"{utc.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def span_of(moment: datetime | date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the earliest and the latest instant (UTC) that a moment may be.

    An instant is both of them. A bare date is anywhere in that day of `zone`, from its first moment to
    its last microsecond. OutOfRange if the date is not covered.
    """
    if isinstance(moment, datetime):
        return moment, moment
    return day_span(moment, zone)
