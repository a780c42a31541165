"""Fixed values: which is the greater, whether one is surely above zero, which lie beyond the range that stays exact."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction

from engine.base.diagnostics import Report
from engine.language import core as c
from engine.language.types import CHARGED, Percent, Type, Words
from engine.values.money import MAX_MINOR_UNITS, Money, minor_unit
from engine.values.periods import CalendarPeriod, Elapsed, PeriodRange
from engine.values.zones import FIRST_DAY, LAST_DAY

_DAYS = (LAST_DAY - FIRST_DAY).days
_MOST = {"days": _DAYS, "business days": _DAYS, "months": _DAYS // 28}
"""A longer length leads beyond the days that are covered, wherever it begins."""


def rank(value: object, kind: Type) -> Fraction | None:
    """A number by which fixed values of one type are ordered; None if they are not, or not for certain.

    A bare date and an instant have no certain order, so only dates are ranked.
    """
    if isinstance(kind, Words):
        return Fraction(kind.words.index(str(value))) if kind.ordered and value in kind.words else None
    match value:
        case bool() | datetime():
            return None
        case int() | Fraction():
            return Fraction(value)
        case Money(amount=amount):
            return amount
        case Elapsed(seconds=seconds):
            return Fraction(seconds)
        case date():
            return Fraction(value.toordinal())
        case time():
            return Fraction(value.hour * 3600 + value.minute * 60 + value.second)
    return None


def sign(expr: c.Expr) -> int | None:
    """1, 0 or -1 for a fixed number, amount or length of time; None for anything else."""
    value = expr.value if isinstance(expr, c.Const) else None
    if isinstance(value, date | time | str):
        return None
    size = rank(value, expr.type)
    return None if size is None else (size > 0) - (size < 0)


def positive(expr: c.Expr) -> bool:
    """Whether it is a fixed value above zero."""
    return sign(expr) == 1


def too_large(expr: c.Const, report: Report) -> bool:
    """Report a fixed value beyond the range in which everything stays exact."""
    value = expr.value
    match value:
        case Money(amount=amount, currency=currency):
            step = minor_unit(currency) if currency != CHARGED else Fraction(1, 100)
            if abs(amount) < MAX_MINOR_UNITS * step:
                return False
            most = f"amounts in {currency} stay below {int(MAX_MINOR_UNITS * step):,}"
        case CalendarPeriod(count=count, unit=unit):
            if count <= _MOST[unit]:
                return False
            most = f"days from {FIRST_DAY.year} to {LAST_DAY.year} are covered"
        case PeriodRange(most=longest):
            if longest.count <= _MOST[longest.unit]:
                return False
            most = f"days from {FIRST_DAY.year} to {LAST_DAY.year} are covered"
        case Elapsed(seconds=seconds):
            if seconds <= _DAYS * 86_400:
                return False
            most = f"days from {FIRST_DAY.year} to {LAST_DAY.year} are covered"
        case int() | Fraction() if isinstance(expr.type, Percent):
            if abs(Fraction(value)) < 10**6:
                return False
            most = "percentages stay below 100,000,000%"
        case _:
            return False
    report.add("type-magnitude", f"`{expr.span.text}` lies beyond the range that stays exact", expr.span, help=most)
    return True
