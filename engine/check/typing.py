"""How types go together: coercion of literals, comparison, arithmetic. The rules behind the operator table."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.check.suggestions import word_help
from engine.language import core as c
from engine.language.types import (
    CHARGED,
    Boolean,
    Date,
    DateRange,
    Decimal,
    ElapsedType,
    Integer,
    ListOf,
    MomentType,
    MoneyType,
    Percent,
    PeriodRangeType,
    PeriodType,
    TenderSplit,
    Text,
    TimeOfDay,
    Type,
    Words,
    Zone,
    describe,
)
from engine.values.day_patterns import WEEKDAYS
from engine.values.money import Money
from engine.values.periods import Elapsed
from engine.values.zones import is_zone, zone_help

NUMBERS = (Integer, Decimal)
_TIMES = (Date, MomentType)
_COUNTS = ("days", "business_days", "months")
_SHOWN = 48
"""Longer expressions are underlined, not repeated in a message."""


def is_zero(expr: c.Expr) -> bool:
    """Whether it is the literal 0, which is an amount of every currency and a length of time of every unit."""
    return isinstance(expr, c.Const) and isinstance(expr.type, NUMBERS) and expr.value == 0


def brief(kind: Type) -> str:
    """A type in a few words, for messages that name two."""
    match kind:
        case Words():
            return "a word"
        case PeriodType():
            return "a calendar period"
        case ElapsedType():
            return "a length in hours"
        case ListOf(element=Words() | Text()):
            return "a list of words"
    return describe(kind)


def coerce(expr: c.Expr, want: Type, report: Report) -> c.Expr | None:
    """The expression as a value of `want`, or None after a report. Only literals change their type."""
    have = expr.type
    if have == want:
        return expr
    match have, want:
        case (Text(), Words()) if isinstance(expr, c.Const):
            return _word(expr, want, report)
        case (Text(), Zone()) if isinstance(expr, c.Const):
            return _zone(expr, report)
        case (Words(), Words()):
            if not want.closed or (have.closed and set(have.words) <= set(want.words)):
                return expr
        case (Words(), Text()) | (Zone(), Text()):
            return expr
        case (Integer(), Decimal()) | (Date(), MomentType()):
            return expr
        case (ListOf(element=Words() as a), ListOf(element=Words() as b)):
            if not b.closed or (a.closed and set(a.words) <= set(b.words)):
                return expr
    if is_zero(expr):
        if isinstance(want, MoneyType):
            return c.Const(type=want, span=expr.span, value=Money(Fraction(0), want.currency))
        if isinstance(want, ElapsedType):
            return c.Const(type=want, span=expr.span, value=Elapsed(0))
        if isinstance(want, Percent):
            return c.Const(type=want, span=expr.span, value=Fraction(0))
    mismatch(expr, want, report)
    return None


def _word(expr: c.Const, want: Words, report: Report) -> c.Expr | None:
    word = str(expr.value)
    if want.closed and word not in want.words:
        report.add(
            "type-unknown-word",
            f"`{word}` is not one of the words this can be",
            expr.span,
            help=word_help(word, want.words),
        )
        return None
    return replace(expr, type=want)


def _zone(expr: c.Const, report: Report) -> c.Expr | None:
    name = str(expr.value)
    if not is_zone(name):
        report.add(
            "bad-zone",
            f"there is no time zone `{name}`",
            expr.span,
            help=zone_help(name) or "write an IANA name such as `America/Denver`",
        )
        return None
    return replace(expr, type=Zone())


def mismatch(expr: c.Expr, want: Type, report: Report) -> None:
    """Report that an expression is of another type than is needed."""
    have = expr.type
    if isinstance(have, MoneyType) and isinstance(want, MoneyType):
        report.add(
            "type-currency",
            f"this is {describe(have)}, but {describe(want)} is needed",
            expr.span,
            help=_currency_help(have, want),
        )
        return
    code = "type-not-condition" if isinstance(want, Boolean) else "type-mismatch"
    wanted = "a condition" if isinstance(want, Boolean) else describe(want)
    if isinstance(have, Words) and isinstance(want, Words):
        first = next((word for word in have.words if word in want.words), have.words[0] if have.words else "a")
        other = want.words[0] if want.words else "b"
        choice = f"`if {shown(expr)} == '{first}' then '{other}' else ...`"
        report.add(code, _other_words(have, want), expr.span, help=f"say what follows from which word: {choice}")
        return
    report.add(code, f"this is {brief(have)}, but {wanted} is needed", expr.span, help=_needed(expr, want))


def _other_words(have: Words, want: Words) -> str:
    if not have.closed:
        return f"this can be any word, also one that is not listed, but {describe(want)} is needed"
    other = next(word for word in have.words if word not in want.words)
    why = " where the members differ" if other == "mixed" else ""
    return f"this can be '{other}'{why}, but {describe(want)} is needed"


def _needed(expr: c.Expr, want: Type) -> str:
    """What to write instead of an expression of another type."""
    have, text = expr.type, shown(expr)
    if isinstance(want, Boolean) and isinstance(expr, c.Const):
        return "compare something with it, such as `line.quantity > 3` or `line.category == 'shoes'`"
    if isinstance(want, Boolean):
        return _as_condition(have, text)
    if isinstance(have, PeriodRangeType):
        return "say which of the two ends counts, such as `10 days`"
    if isinstance(want, MoneyType | Percent) and isinstance(have, NUMBERS) and isinstance(expr, c.Const):
        return _with_unit(text, want)
    if isinstance(want, MoneyType) and isinstance(have, Percent):
        return f"say of what: `{text} of line.paid`"
    if isinstance(want, Words):
        return f"write one of its words, such as '{want.words[0]}'" if want.words else "write a word in quotes"
    if isinstance(want, Integer) and isinstance(have, Decimal | Percent):
        return "round it: `round(..., to 1, half up)`"
    if isinstance(want, Date) and isinstance(have, MomentType):
        return f"write `date({text})` for its local day"
    if isinstance(want, DateRange):
        return "write a day and a range, such as `refund.approved_at + 3 to 10 business days`"
    return f"write {_example(want)}"


def _as_condition(have: Type, text: str) -> str:
    match have:
        case MomentType():
            return f"write `{text} has happened`, or compare it with another moment"
        case Words(words=words) if words:
            return f"compare it with one of its words, such as `{text} == '{words[0]}'`"
        case MoneyType() | Integer() | Decimal():
            return f"compare it with something, such as `{text} > 0`"
        case Percent():
            return f"compare it with something, such as `{text} > 10%`"
        case _:
            return f"compare it with something, such as `{text} == ...`"


def _example(kind: Type) -> str:
    match kind:
        case MoneyType(currency=currency):
            return "an amount, such as `line.paid`" if currency == CHARGED else f"an amount, such as `7.00 {currency}`"
        case Percent():
            return "a percentage, such as `20%`"
        case Integer():
            return "a whole number, such as `3`"
        case Decimal():
            return "a number, such as `2.5`"
        case Date():
            return "a date, such as `2026-03-06` or `order.placed_at + 3 days`"
        case MomentType():
            return "an event, such as `line.delivery.at`, or a date"
        case TimeOfDay():
            return "a time of day, such as `08:30`"
        case ElapsedType():
            return "hours or minutes, such as `24 hours`"
        case PeriodType():
            return "days, weeks, months or years, such as `30 days`"
        case Text():
            return "text in quotes, such as `'engraved'`"
        case Zone():
            return "the name of a zone in quotes, such as `'Europe/Lisbon'`"
        case _:
            return f"something that is {describe(kind)}"


def hours_from(day: c.Expr) -> str:
    """What to write where hours are to be counted from a date, which has no time of day."""
    text = shown(day)
    return f"count days, or name a moment of that day: `{text} at 18:00`, `start of {text}` or `end of {text}`"


def shown(expr: c.Expr) -> str:
    """The author's words for an expression, or `...` if they are long."""
    if isinstance(expr, c.Const) and isinstance(expr.value, str):
        return f"'{expr.value}'" if len(expr.value) <= _SHOWN else "..."
    text = " ".join(expr.span.text.replace("''", "'").split())  # quotes are doubled inside YAML's single quotes
    return text if 0 < len(text) <= _SHOWN else "..."


def _with_unit(number: str, want: Type) -> str:
    if isinstance(want, Percent):
        return f"a percentage is written with its sign: `{number}%`"
    if isinstance(want, MoneyType) and want.currency != CHARGED:
        return f"an amount is written with its currency: `{number} {want.currency}`"
    return "with `currency: as charged` only amounts of the case go together, and the plain number 0"


def _currency_help(a: MoneyType, b: MoneyType) -> str:
    if CHARGED in (a.currency, b.currency):
        return (
            "with `currency: as charged` the amounts of the case are in the order's own currency: a fixed amount cannot "
            "be added to them or compared with them, it can only be concluded, in an output of its own (`type: money USD`)"
        )
    return "two currencies never add or compare, and nothing is converted"


def unify(
    left: c.Expr, right: c.Expr, report: Report, span: Span, verb: str = "compared"
) -> tuple[c.Expr, c.Expr, Type] | None:
    """Both sides as values of one type, or None after a report at `span`. `verb` says what was to be done with them."""
    a, b = left.type, right.type
    if a == b:
        return left, right, a
    match a, b:
        case (Integer() | Decimal(), Integer() | Decimal()):
            return left, right, Decimal()
        case (Date() | MomentType(), Date() | MomentType()):
            return left, right, MomentType()
        case (Text(), Words() | Zone()) if isinstance(left, c.Const):
            moved = coerce(left, b, report)
            return None if moved is None else (moved, right, b)
        case (Words() | Zone(), Text()) if isinstance(right, c.Const):
            moved = coerce(right, a, report)
            return None if moved is None else (left, moved, a)
        case (Words(), Words()) if a.ordered or b.ordered or _apart(a, b):
            pass
        case (Words(), Words()):
            return left, right, Words(tuple(dict.fromkeys(a.words + b.words)), a.closed and b.closed)
        case (Text() | Words() | Zone(), Text() | Words() | Zone()):
            return left, right, Text()
    if is_zero(left) and isinstance(b, MoneyType | ElapsedType | Percent):
        moved = coerce(left, b, report)
        return None if moved is None else (moved, right, b)
    if is_zero(right) and isinstance(a, MoneyType | ElapsedType | Percent):
        moved = coerce(right, a, report)
        return None if moved is None else (left, moved, a)
    report_pair(left, right, report, span, verb)
    return None


def _apart(a: Words, b: Words) -> bool:
    """Whether no word can be both: comparing them would always come out the same."""
    return a.closed and b.closed and not set(a.words) & set(b.words)


_JOINING = {"compared": "compared with", "added": "added to", "subtracted": "subtracted from"}


def report_pair(left: c.Expr, right: c.Expr, report: Report, span: Span, verb: str) -> None:
    """Report that two values do not go together."""
    a, b = left.type, right.type
    if isinstance(a, MoneyType) and isinstance(b, MoneyType):
        message = f"{describe(a)} and {describe(b)} do not go together"
        report.add("type-currency", message, span, help=_currency_help(a, b))
        return
    periods = (PeriodType, PeriodRangeType)
    if (isinstance(a, periods) and isinstance(b, ElapsedType)) or (
        isinstance(a, ElapsedType) and isinstance(b, periods)
    ):
        report.add(
            "type-periods",
            "hours and calendar days do not mix",
            span,
            help="`30 days` counts local dates, `24 hours` counts time that passes: choose one of the two",
        )
        return
    first, second = (right, left) if verb in ("added", "subtracted") else (left, right)
    joining = _JOINING.get(verb, verb)
    message = f"{_named(first)} cannot be {joining} {_named(second)}"
    report.add("type-mismatch", message, span, help=_pair_help(left, right, verb))


def _named(expr: c.Expr) -> str:
    text = shown(expr)
    return brief(expr.type) if text == "..." else f"`{text}` ({brief(expr.type)})"


def _pair_help(left: c.Expr, right: c.Expr, verb: str) -> str:
    for one, other in ((left, right), (right, left)):
        kind, their = one.type, other.type
        if isinstance(kind, MoneyType | Percent) and isinstance(their, NUMBERS):
            if isinstance(other, c.Const):
                return _with_unit(shown(other), kind)
            sign = "percent sign" if isinstance(kind, Percent) else "currency"
            return f"write a number without a {sign}" if isinstance(one, c.Const) else f"write {_example(kind)}"
        if isinstance(kind, Words) and isinstance(their, (*NUMBERS, Boolean, MoneyType, Percent)):
            return _as_condition(kind, shown(one))
        if isinstance(kind, _TIMES) and isinstance(their, NUMBERS):
            unit = f"{shown(other)} days" if isinstance(other, c.Const) else "30 days"
            return f"a length of time is written with its unit: `{unit}`"
        if verb == "added" and isinstance(kind, PeriodType) and isinstance(other, c.Op) and other.key in _COUNTS:
            end = shown(other.args[1])
            return f"put brackets round the sum of times, as in `... to ({end} + {shown(one)})`, or add a plain number"
        if isinstance(kind, PeriodType | ElapsedType) and isinstance(their, NUMBERS):
            return "count with `days from A to B`, or write the number with its unit"
        if isinstance(kind, _TIMES) and isinstance(other, c.Const) and other.value in WEEKDAYS:
            return f"write `weekday of {shown(one)} == '{other.value}'`"
        if isinstance(kind, MomentType) and isinstance(their, TimeOfDay):
            return f"write `time of {shown(one)}`"
        if isinstance(kind, TimeOfDay) and isinstance(their, Text | Integer):
            return "a time of day is written with its minutes and without quotes: `08:30`"
        if isinstance(kind, TimeOfDay) and isinstance(their, ElapsedType):
            return "a time of day has no date to count from: add the hours to a moment, such as `order.placed_at + 2 hours`"
        if isinstance(kind, _TIMES) and isinstance(their, Text):
            return "a date is written without quotes: `2026-03-06`"
        if isinstance(kind, _TIMES) and isinstance(their, PeriodType | ElapsedType):
            return "write `x within 30 days after y` or `x later than 30 days after y`"
        if isinstance(kind, NUMBERS) and isinstance(their, Text):
            return "a number is written without quotes" if isinstance(other, c.Const) else "text is written in quotes"
        if isinstance(kind, Boolean) and isinstance(their, Text):
            return f"write `{shown(one)}` alone, or with `not` in front"
        if isinstance(kind, Boolean):
            return "put brackets round the part that belongs together, or write the condition alone"
        if isinstance(kind, ListOf):
            return f"write `{shown(other)} in {shown(one)}`"
    if isinstance(left.type, Words) and isinstance(right.type, Words):
        if left.type.ordered or right.type.ordered:
            return "ordered words go only with words of the same list, in the same order"
        return "their lists have no word in common, so they are never the same"
    if verb in ("added", "subtracted"):
        return "numbers, amounts and lengths of time are added to their own kind; days and hours also to dates"
    return "compare values of one kind"


def comparable(kind: Type) -> bool:
    """Whether values of a type can be told equal or not. Calendar periods cannot: 30 days and 1 month."""
    return not isinstance(kind, PeriodType | PeriodRangeType | DateRange | ListOf | TenderSplit)


def ordered(kind: Type) -> bool:
    """Whether values of a type stand in an order."""
    if isinstance(kind, Words):
        return kind.ordered
    return isinstance(kind, Integer | Decimal | Percent | MoneyType | Date | MomentType | TimeOfDay | ElapsedType)


def sum_type(op: str, a: Type, b: Type) -> Type | None:
    """The type of a + b or a - b, or None. Dates take calendar periods, moments take both kinds of time."""
    match a, b:
        case (Integer(), Integer()):
            return Integer()
        case (Integer() | Decimal(), Integer() | Decimal()):
            return Decimal()
        case (Percent(), Percent()):
            return Percent()
        case (MoneyType(), MoneyType()) if a == b:
            return a
        case (ElapsedType(), ElapsedType()):
            return ElapsedType()
        case (MomentType(), ElapsedType()):
            return MomentType()
        case (Date() | MomentType(), PeriodType()):
            return Date()
        case (Date() | MomentType(), PeriodRangeType()):
            return DateRange()
    return None


def product_type(a: Type, b: Type) -> Type | None:
    """The type of a * b, or None: one of the two is a number or a percentage, and the kind of the other stays."""
    for one, other in ((a, b), (b, a)):
        match one, other:
            case (Integer(), Integer()):
                return Integer()
            case (Integer() | Decimal(), Integer() | Decimal()):
                return Decimal()
            case (Integer() | Decimal() | Percent(), Percent()):
                return Percent()
            case (Integer() | Decimal() | Percent(), MoneyType()):
                return other
            case (Integer(), ElapsedType()):
                return other
    return None


def share_type(part: Percent, whole: Type) -> Type | None:
    """The type of `part of whole`, or None: a share of a number is a number, of an amount an amount."""
    return Decimal() if isinstance(whole, NUMBERS) else product_type(part, whole)


def quotient_type(a: Type, b: Type) -> Type | None:
    """The type of a / b, or None."""
    match a, b:
        case (Integer() | Decimal(), Integer() | Decimal()):
            return Decimal()
        case (MoneyType(), MoneyType()) if a == b:
            return Decimal()
        case (MoneyType() | Percent(), Integer() | Decimal()):
            return a
        case (ElapsedType(), ElapsedType()):
            return Decimal()
    return None
