"""From the tokens of literals to types and values, or to what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from engine.base.suggest import nearest
from engine.language.types import (
    Boolean,
    Date,
    Decimal,
    ElapsedType,
    Integer,
    MomentType,
    MoneyType,
    Percent,
    PeriodRangeType,
    PeriodType,
    Text,
    TimeOfDay,
    Type,
)
from engine.language.values import Value
from engine.read.condition_stop import clipped
from engine.values.moments import parse_date, parse_instant
from engine.values.money import Money, currencies, is_currency
from engine.values.numbers import MAX_DIGITS, parse_decimal
from engine.values.periods import CalendarPeriod, CalendarUnit, Elapsed, PeriodRange


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, what to write instead, and how far into the words the wrong ones begin."""

    message: str
    help: str
    code: str = "condition-syntax"
    start: int = 0


Read = tuple[Type, Value] | Problem

_UNITS: dict[str, tuple[CalendarUnit, int]] = {
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("months", 1),
    "year": ("months", 12),
    "business day": ("business days", 1),
}
_SECONDS = {"hour": 3600, "minute": 60}


def read(kind: str, text: str) -> Read:
    """The type and value of a literal; `kind` is its terminal in `condition.lark`."""
    match kind:
        case "TRUE" | "FALSE":
            return Boolean(), kind == "TRUE"
        case "WORD":
            return Text(), text[1:-1].replace("''", "'")
        case "NUMBER" | "PERCENT":
            return _number(text)
        case "MONEY":
            return _money(text)
        case "PERIOD":
            return _period(text)
        case "PERIOD_RANGE":
            return _period_range(text)
        case "DATE":
            return _date(text)
        case "INSTANT":
            return _instant(text)
        case "CLOCK":
            found = clock(text)
            return found if isinstance(found, Problem) else (TimeOfDay(), found)
        case "GROUPED":
            joined, apart = clipped(text.replace(",", "")), clipped(text.replace(",", ", "))
            return Problem(
                f"`{clipped(text)}` could be one number or several",
                f"write `{joined}` for one number, `{apart}` for several",
            )
        case _:
            return Problem(f"`{text}` is not how a date is written", "write year-month-day, such as `2026-03-06`")


def _number(text: str) -> Read:
    number = text.removesuffix("%").rstrip()
    value = parse_decimal(number)
    if value is None:
        return _too_long(number)
    if number != text:
        return Percent(), value / 100
    return (Decimal(), value) if "." in number else (Integer(), int(value))


def _too_long(number: str) -> Problem:
    return Problem(
        f"`{clipped(number)}` has more digits than stay exact", f"a number has at most {MAX_DIGITS} digits", "bad-value"
    )


def _money(text: str) -> Read:
    number, code = text.split()
    value = parse_decimal(number)
    if value is None:
        return _too_long(number)
    if is_currency(code):
        return MoneyType(code), Money(value, code)
    start = len(text) - len(code)
    if code in ("AND", "NOT"):
        return Problem(
            f"`{code}` is written in small letters here", f"write `{code.lower()}`", "condition-syntax", start
        )
    near = nearest(code, currencies())
    text = f"did you mean `{near}`?" if near else "write an ISO 4217 code, such as `USD` or `EUR`"
    return Problem(f"no currency has the code `{code}`", text, "bad-currency", start)


def _unit(text: str) -> str:
    return " ".join(text.split()).removesuffix("s")


def _period(text: str) -> Read:
    number, written = text.split(None, 1)
    unit = _unit(written)
    if _too_great(number, unit):
        return _too_long(number)
    if unit in _SECONDS:
        return ElapsedType(), Elapsed(int(number) * _SECONDS[unit])
    name, size = _UNITS[unit]
    return PeriodType(), CalendarPeriod(int(number) * size, name)


def _too_great(number: str, unit: str) -> bool:
    """Whether a count, in days or months, has more digits than a number may have: it must be writable again."""
    return len(number) > MAX_DIGITS or int(number) * _UNITS.get(unit, ("", 1))[1] >= 10**MAX_DIGITS


def _period_range(text: str) -> Read:
    least, _, most, written = text.split(None, 3)
    unit = _unit(written)
    for number in (least, most):
        if _too_great(number, unit):
            return _too_long(number)
    if unit not in _UNITS:
        return Problem(
            "a range of lengths is counted in days, weeks, months, years or business days",
            f"write `{most} {written}`, or use a unit of the calendar",
            "bad-value",
        )
    if int(least) > int(most):
        return Problem(
            f"the range runs from {least} down to {most}", f"write `{most} to {least} {written}`", "bad-value"
        )
    name, size = _UNITS[unit]
    return PeriodRangeType(), PeriodRange(
        CalendarPeriod(int(least) * size, name), CalendarPeriod(int(most) * size, name)
    )


def _date(text: str) -> Read:
    day = parse_date(text)
    if day is not None:
        return Date(), day
    year, month, number = text.split("-")
    padded = f"{year}-{month:0>2}-{number:0>2}"
    if padded != text and parse_date(padded) is not None:
        return Problem(f"`{text}` lacks a zero", f"write `{padded}`", "bad-value")
    return Problem(
        f"there is no day `{text}`, or it lies beyond the years the engine covers",
        "write a day that exists, as year-month-day",
        "bad-value",
    )


def _instant(text: str) -> Read:
    instant = parse_instant(text)
    if instant is not None:
        return MomentType(), instant
    return Problem(
        f"`{clipped(text)}` is not a moment",
        "write date, `T`, time and offset, such as `2026-03-06T09:00:00+01:00`",
        "bad-value",
    )


def clock(text: str) -> time | Problem:
    """The time of day that a text such as `08:30` or `23:59:30` is."""
    hour, *rest = text.split(":")
    if hour == "24" and set(rest) == {"00"}:
        return Problem(f"there is no `{text}`", "write `end of` the day, or `00:00` of the next one", "bad-value")
    if int(hour) > 23 or any(int(part) > 59 for part in rest):
        return Problem(f"there is no time of day `{text}`", "write hours and minutes, such as `18:00`", "bad-value")
    if len(hour) == 1:
        return Problem(f"`{text}` lacks a zero", f"write `0{text}`", "bad-value")
    return time.fromisoformat(text)
