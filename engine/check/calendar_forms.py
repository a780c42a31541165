"""Typing of the calendar: parts of a date, a date at a time of day, days that come back, seasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.check.scope import Scope
from engine.check.timing import calendar_missing
from engine.check.typing import shown
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import Boolean, Date, Integer, MomentType, TimeOfDay, Type, Words
from engine.language.values import WallTime
from engine.values.day_patterns import WEEKDAYS

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator

_PARTS: dict[str, tuple[c.OpKey, Type]] = {
    "weekday": ("weekday", Words(WEEKDAYS)),
    "day of month": ("day_of_month", Integer()),
    "month": ("month", Integer()),
    "year": ("year", Integer()),
    "time": ("time", TimeOfDay()),
    "start": ("start", MomentType()),
    "end": ("end", MomentType()),
}
_TIMED = ("at_time", "start", "end")


def part_of(el: Elaborator, node: s.PartOf, scope: Scope) -> c.Expr | None:
    """`weekday of D` and its kin."""
    operand = el.moment(node.operand, scope)
    if operand is None:
        return None
    key, kind = _PARTS[node.part]
    if key == "time" and isinstance(operand.type, Date):
        message = f"`{shown(operand)}` is a date, which has no time of day"
        help = "ask for the time of a fact that is a moment, such as `time of request.at`"
        el.report.add("type-mismatch", message, operand.span, help=help)
        return None
    return c.Op(type=kind, span=node.span, key=key, args=(operand,))


def at_time(el: Elaborator, node: s.AtTime, scope: Scope) -> c.Expr | None:
    """`D at 18:00`."""
    day = el.moment(node.day, scope)
    if day is None:
        return None
    detail = WallTime(node.clock, node.zone)
    return c.Op(type=MomentType(), span=node.span, key="at_time", args=(day,), detail=detail)


def near_day(el: Elaborator, node: s.NearDay, scope: Scope) -> c.Expr | None:
    """`first Friday on or after D`, `last Friday on or before D`."""
    day = el.moment(node.day, scope)
    if day is None:
        return None
    if node.pattern == "business day" and el.symbols.policy.calendar is None:
        calendar_missing(el, node)
        return None
    key: c.OpKey = "first_day" if node.side == "first" else "last_day"
    return c.Op(type=Date(), span=node.span, key=key, args=(day,), detail=node.pattern)


def falls_in(el: Elaborator, node: s.FallsIn, scope: Scope) -> c.Expr | None:
    """`D falls in 10 November .. 20 December`."""
    day = el.moment(node.day, scope)
    if day is None:
        return None
    return c.Op(type=Boolean(), span=node.span, key="falls_in", args=(day,), detail=node.season)


def loses_its_time(el: Elaborator, moment: c.Expr, node: s.Binary) -> bool:
    """Report days added to a time of day that was written out: what comes of them is a date, and the time is lost."""
    if not (isinstance(moment, c.Op) and moment.key in _TIMED):
        return False
    (day,) = moment.args
    text, length = shown(day), node.right.span.text
    moved = f"{text} {node.op} {length}"
    form = f"({moved}) at ..." if moment.key == "at_time" else f"{moment.key} of ({moved})"
    message = f"days are counted from date to date, so the time of day of `{shown(moment)}` would be lost"
    el.report.add("type-periods", message, node.span, help=f"count the days first: `{form}`; or count hours")
    return True
