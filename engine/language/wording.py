"""Values in words: for messages to customers (`say`) and for documents (`plain`). The same on every machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from engine.language import types as t
from engine.language.outcome import Mixed
from engine.language.types import Decimal, Percent, Type
from engine.language.values import DateSpan, TenderShare, Value
from engine.values.day_patterns import MONTHS
from engine.values.moments import NotYet, instant_text
from engine.values.money import Money
from engine.values.numbers import decimal_text
from engine.values.periods import CalendarPeriod, Elapsed, PeriodRange
from engine.values.zones import zone_label


def say(value: Value | Mixed, kind: Type | None = None, zone: ZoneInfo | None = None) -> str:
    """A value for people: `7.00 USD`, `12 May 2026`, `20%`; an instant on the clock of `zone`, which is named."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | Fraction():
            if isinstance(kind, Percent):
                return decimal_text(Fraction(value) * 100) + "%"
            return decimal_text(value)
        case str():
            return value if isinstance(kind, t.Text | t.Zone) else value.replace("_", " ")
        case datetime():
            return _say_instant(value, zone)
        case date():
            return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        case time():
            return clock_text(value)
        case DateSpan(first=first, last=last):
            return f"{say(first)} to {say(last)}" if first != last else say(first)
        case NotYet():
            return "not yet"
        case TenderShare(kind=tender, amount=amount):
            return f"{amount} to {tender.replace('_', ' ')}"
        case Mixed(members=members):
            return "; ".join(
                f"{say(v, kind, zone)} (line {', '.join(str(i + 1) for i in numbers)})" for v, numbers in members
            )
        case tuple():
            return ", ".join(say(v, kind, zone) for v in value) or "nothing"
        case Money() | Elapsed() | CalendarPeriod() | PeriodRange():
            return str(value)


def _say_instant(value: datetime, zone: ZoneInfo | None) -> str:
    local = value.astimezone(zone or UTC)
    return f"{say(local.date())}, {clock_text(local.time())} {zone_label(local)}"


def clock_text(clock: time) -> str:
    """A time of day as it is written: `08:30`, with seconds only where there are some; fractions are left off."""
    return f"{clock.hour:02}:{clock.minute:02}" + (f":{clock.second:02}" if clock.second else "")


EXACT_IN_JSON = 2**53 - 1
"""Whole numbers beyond this are text in JSON: many readers would round them."""


def plain(value: Value | Mixed | None, kind: Type | None = None) -> Any:
    """A value as JSON data: amounts with their currency, exact numbers as text, dates and instants in ISO form.

    A decimal is text even where it happens to be whole, so that one output is always of one JSON type.
    """
    match value:
        case None | bool() | str():
            return value
        case int() | Fraction():
            return _plain_number(value, kind)
        case Money(currency=currency):
            return {"amount": str(value).removesuffix(f" {currency}"), "currency": currency}
        case datetime():
            return instant_text(value)
        case date() | time():
            return value.isoformat()
        case DateSpan(first=first, last=last):
            return {"from": first.isoformat(), "to": last.isoformat()}
        case NotYet(by=by):
            return {"not_by": None if by is None else instant_text(by)}
        case TenderShare(kind=tender, amount=amount):
            return {"kind": tender, **plain(amount)}
        case Mixed(members=members):
            return {"mixed": [{"value": plain(v, kind), "members": list(numbers)} for v, numbers in members]}
        case tuple():
            return [plain(v, kind) for v in value]
        case Elapsed() | CalendarPeriod() | PeriodRange():
            return str(value)


def _plain_number(value: int | Fraction, kind: Type | None) -> int | str:
    if isinstance(kind, Percent):
        return decimal_text(Fraction(value) * 100) + "%"
    if isinstance(value, Fraction) or isinstance(kind, Decimal) or abs(value) > EXACT_IN_JSON:
        return decimal_text(value)
    return value


def type_word(kind: Type) -> str:
    """A type in one word, for documents: `word`, `money`, `date_range`; a list is `list`, whatever it holds."""
    match kind:
        case t.Boolean():
            return "boolean"
        case t.Text():
            return "text"
        case t.Words():
            return "word"
        case t.Integer():
            return "integer"
        case t.Decimal():
            return "decimal"
        case t.Percent():
            return "percent"
        case t.MoneyType():
            return "money"
        case t.Date():
            return "date"
        case t.DateRange():
            return "date_range"
        case t.MomentType():
            return "moment"
        case t.TimeOfDay():
            return "time"
        case t.ElapsedType():
            return "elapsed"
        case t.PeriodType():
            return "period"
        case t.PeriodRangeType():
            return "period_range"
        case t.Zone():
            return "zone"
        case t.ListOf():
            return "list"
        case t.Record():
            return "record"
        case t.TenderSplit():
            return "tender_split"
    assert_never(kind)
