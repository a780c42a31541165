"""Typing of what speaks of time: `x within P after y`, `days from A to B`, and how long a window may last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.check.constants import sign
from engine.check.scope import Scope
from engine.check.typing import brief, hours_from, shown
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import Boolean, Date, ElapsedType, Integer, PeriodRangeType, PeriodType, Type
from engine.values.periods import CalendarPeriod, PeriodRange

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator

_TIMINGS: dict[str, c.OpKey] = {
    "within after": "within_after",
    "within before": "within_before",
    "later than after": "later_than_after",
    "at least after": "at_least_after",
    "at least before": "at_least_before",
}
_BETWEEN: dict[str, c.OpKey] = {
    "days": "days",
    "business days": "business_days",
    "months": "months",
    "elapsed": "elapsed",
}


def timing(el: Elaborator, node: s.Timing, scope: Scope) -> c.Expr | None:
    """`x within P after y` and its kin."""
    x, y = el.moment(node.moment, scope), el.moment(node.anchor, scope)
    period = el.expr(node.period, scope)
    if x is None or y is None or period is None:
        return None
    if not check_period(el, period, (x, y)):
        return None
    return c.Op(type=Boolean(), span=node.span, key=_TIMINGS[node.kind], args=(x, period, y))


def check_period(el: Elaborator, period: c.Expr, moments: Sequence[c.Expr]) -> bool:
    """Whether a length of time can be held against these moments; reports if not."""
    if isinstance(period.type, PeriodRangeType):
        el.report.add(
            "type-range",
            "a range of days has no one end",
            period.span,
            help=f"say which of the two counts: {_either_end(period)}",
        )
        return False
    if not isinstance(period.type, PeriodType | ElapsedType):
        number = f"`{shown(period)} days`" if isinstance(period, c.Const) else "`30 days`"
        el.report.add(
            "type-mismatch",
            f"a length of time is needed, but this is {brief(period.type)}",
            period.span,
            help=f"write {number} or `24 hours`",
        )
        return False
    if _negative(el, period):
        el.report.add(
            "bad-value",
            "a length of time is never negative",
            period.span,
            help="write it without the minus, and `before` instead of `after`",
        )
        return False
    day = next((x for x in moments if isinstance(x.type, Date)), None)
    if isinstance(period.type, ElapsedType) and day is not None:
        el.report.add(
            "type-periods",
            f"hours are counted from a moment, but `{shown(day)}` is a date, which has no time of day",
            period.span,
            help=hours_from(day),
        )
        return False
    return True


def _negative(el: Elaborator, period: c.Expr) -> bool:
    if isinstance(period, c.ParameterRef):
        value = el.symbols.parameter_values.get(period.name)
        return isinstance(value, c.Const) and sign(value) == -1
    return isinstance(period, c.Op) and period.key == "negate"


def _either_end(period: c.Expr) -> str:
    if isinstance(period, c.Const) and isinstance(period.value, PeriodRange):
        return f"`{period.value.least}` or `{period.value.most}`"
    return "write one length, such as `10 days`"


def needs_calendar(el: Elaborator, constant: c.Const) -> bool:
    """Report business days in a policy that does not say which days those are."""
    value = constant.value.most if isinstance(constant.value, PeriodRange) else constant.value
    business = isinstance(value, CalendarPeriod) and value.unit == "business days"
    if not business or el.symbols.policy.calendar is not None:
        return False
    calendar_missing(el, constant)
    return True


def calendar_missing(el: Elaborator, expr: c.Expr | s.Node) -> None:
    """Report that business days are counted although the policy has no calendar."""
    el.report.add(
        "calendar-missing",
        "business days are counted, but the policy does not say which days those are",
        expr.span,
        help="add `calendar:` to the policy, with `weekend`, `holidays`, `from` and `until`",
    )


def between(el: Elaborator, node: s.Between, scope: Scope) -> c.Expr | None:
    """`days from A to B` and its kin."""
    start, end = el.moment(node.start, scope), el.moment(node.end, scope)
    if start is None or end is None:
        return None
    day = next((x for x in (start, end) if isinstance(x.type, Date)), None)
    if node.unit == "elapsed" and day is not None:
        el.report.add(
            "type-periods",
            f"`{shown(day)}` is a date, which has no time of day",
            day.span,
            help=f"write `days from A to B`, or name a moment of that day, such as `start of {shown(day)}`",
        )
        return None
    if node.unit == "business days" and el.symbols.policy.calendar is None:
        calendar_missing(el, node)
        return None
    kind: Type = ElapsedType() if node.unit == "elapsed" else Integer()
    return c.Op(type=kind, span=node.span, key=_BETWEEN[node.unit], args=(start, end))
