"""The last day on which something that must be in hand can be handed in, and whether it is over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.outcome import Env, Known
from engine.values.windows import WindowEnd
from engine.values.zones import local_date, same_in_every_zone


def last_day_of(evaluation: Evaluation, one: c.CoreRequirement, env: Env) -> tuple[date | None, bool]:
    """The last day of a requirement (None if it has none, or it is not known), and whether it is over at `as_of`.

    A window ends by its own zone, a date by the policy's.
    """
    as_of = evaluation.case.as_of
    if one.by is None:
        return None, False
    if isinstance(one.by, c.WindowUse):
        end = evaluation.expressions.clocks.read(one.by, env).end
        return (None, False) if end is None else (end.last_day, as_of is not None and _over(end, as_of))
    found = evaluation.expressions.value(one.by, env)
    if isinstance(found, Known) and isinstance(found.value, date):
        day = evaluation.expressions.arithmetic.day
        return day(found.value), as_of is not None and day(as_of) > day(found.value)
    return None, False


def _over(end: WindowEnd, as_of: datetime) -> bool:
    """Whether a window has ended at a moment; while its zone is not known, whether it has in every zone."""
    if end.end is not None:
        return as_of >= end.end
    last = end.last_day
    if last is None:
        return False
    days = (as_of.astimezone(UTC).date() - last).days
    if not 0 <= days <= 1:  # no zone is a day away from UTC
        return days > 1

    def past(zone: ZoneInfo) -> bool:
        return local_date(as_of, zone) > last

    return same_in_every_zone(past) is True
