"""What an explanation adds where the calendar had no plain answer: clock changes, and months that are too short."""

from __future__ import annotations

from datetime import date

from engine.evaluate.expressions import Expressions
from engine.language import core as c
from engine.language.outcome import Env, Known
from engine.language.values import WallTime
from engine.language.wording import clock_text, say
from engine.values.day_patterns import MONTHS, MonthDay, YearDay, stands_in
from engine.values.zones import clock_change


def calendar_note(expressions: Expressions, expr: c.Op, env: Env) -> str | None:
    """The note for an operator of the calendar in a case; None if there is nothing to add or its date is not known."""
    if isinstance(expr.detail, WallTime):
        day = expressions.value(expr.args[0], env)
        if isinstance(day, Known) and isinstance(day.value, date):
            return _change(expressions, expressions.arithmetic.day(day.value), expr.detail)
    if isinstance(expr.detail, MonthDay | YearDay):
        found = expressions.value(expr, env)
        if isinstance(found, Known) and isinstance(found.value, date) and stands_in(expr.detail, found.value):
            month = f"{MONTHS[found.value.month - 1]} {found.value.year}"
            return f"{month} has no day {expr.detail.day}, so its last day is meant"
    return None


def _change(expressions: Expressions, day: date, wall: WallTime) -> str | None:
    zone = expressions.arithmetic.zone_of(wall)
    where = f"on {say(day)} in {zone.key}"
    match clock_change(day, wall.clock, zone):
        case "skipped":
            return f"clocks skip {clock_text(wall.clock)} {where}; it is read with the offset before the change"
        case "doubled":
            return f"clocks show {clock_text(wall.clock)} twice {where}; the first is meant"
    return None
