"""How types go together: coercion of literals, comparison, arithmetic. The rules behind the operator table."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.base.suggest import did_you_mean
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
    Text,
    Type,
    Words,
    Zone,
    describe,
)
from engine.values.money import Money
from engine.values.periods import Elapsed

NUMBERS = (Integer, Decimal)


def is_zero(expr: c.Expr) -> bool:
    """Whether it is the literal 0, which is an amount of every currency and a length of time of every unit."""
    return isinstance(expr, c.Const) and isinstance(expr.type, NUMBERS) and expr.value == 0


def coerce(expr: c.Expr, want: Type, report: Report) -> c.Expr | None:
    """The expression as a value of `want`, or None after a report. Only literals change their type."""
    have = expr.type
    if have == want:
        return expr
    match have, want:
        case (Text(), Words()) if isinstance(expr, c.Const):
            return _word(expr, want, report)
        case (Text(), Zone()) if isinstance(expr, c.Const):
            return replace(expr, type=want)
        case (Words(), Words()):
            if set(have.words) <= set(want.words):
                return expr
        case (Words(), Text()) | (Zone(), Text()) | (Text(), Zone()):
            return expr
        case (Integer(), Decimal()) | (Date(), MomentType()):
            return expr
        case (ListOf(element=a), ListOf(element=b)):
            if isinstance(a, Words) and isinstance(b, Words) and set(a.words) <= set(b.words):
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
            help=did_you_mean(word, want.words) or f"it is {describe(want)}",
        )
        return None
    return replace(expr, type=want)


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
    hint = f"write something that is {describe(want)}"
    if isinstance(want, Boolean):
        hint = "compare it with something, for example with `==` or `>`"
    elif isinstance(want, MoneyType) and isinstance(have, NUMBERS):
        currency = "USD" if want.currency == CHARGED else want.currency
        hint = f"an amount is written with its currency, such as `7.00 {currency}`"
    report.add(code, f"this is {describe(have)}, but {describe(want)} is needed", expr.span, help=hint)


def _currency_help(a: MoneyType, b: MoneyType) -> str:
    if CHARGED in (a.currency, b.currency):
        return (
            "the policy's amounts are in whatever the order was charged in; an amount with a currency of its own "
            "needs an output of type `money USD` (its currency) and cannot be added to them"
        )
    return "two currencies never add or compare, and nothing is converted"


def unify(left: c.Expr, right: c.Expr, report: Report, span: Span) -> tuple[c.Expr, c.Expr, Type] | None:
    """Both sides as values of one type, or None after a report at `span`."""
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
        case (Text() | Words() | Zone(), Text() | Words() | Zone()):
            if isinstance(a, Words) and isinstance(b, Words) and (a.ordered or b.ordered):
                pass
            elif isinstance(a, Words) and isinstance(b, Words):
                return left, right, Words(tuple(dict.fromkeys(a.words + b.words)), a.closed and b.closed)
            else:
                return left, right, Text()
    if is_zero(left) and isinstance(b, MoneyType | ElapsedType | Percent):
        moved = coerce(left, b, report)
        return None if moved is None else (moved, right, b)
    if is_zero(right) and isinstance(a, MoneyType | ElapsedType | Percent):
        moved = coerce(right, a, report)
        return None if moved is None else (left, moved, a)
    _report_pair(a, b, report, span)
    return None


def _report_pair(a: Type, b: Type, report: Report, span: Span) -> None:
    if isinstance(a, MoneyType) and isinstance(b, MoneyType):
        report.add(
            "type-currency",
            f"{describe(a)} and {describe(b)} do not go together",
            span,
            help=_currency_help(a, b),
        )
        return
    periods = (PeriodType, PeriodRangeType)
    if (isinstance(a, periods) and isinstance(b, ElapsedType)) or (
        isinstance(b, periods) and isinstance(a, ElapsedType)
    ):
        report.add(
            "type-periods",
            "hours and calendar days do not mix",
            span,
            help="30 days count local dates, 24 hours count time that passes: choose one of the two",
        )
        return
    hint = None
    if (isinstance(a, MoneyType) and isinstance(b, NUMBERS)) or (isinstance(b, MoneyType) and isinstance(a, NUMBERS)):
        hint = "an amount is written with its currency, such as `7.00 USD`"
    elif isinstance(a, Boolean) or isinstance(b, Boolean):
        hint = "a list expression with a `where` needs brackets round it before it is compared"
    report.add("type-mismatch", f"{describe(a)} and {describe(b)} do not go together", span, help=hint)


def comparable(kind: Type) -> bool:
    """Whether values of a type can be told equal or not. Calendar periods cannot: 30 days and 1 month."""
    return not isinstance(kind, PeriodType | PeriodRangeType | DateRange | ListOf)


def ordered(kind: Type) -> bool:
    """Whether values of a type stand in an order."""
    if isinstance(kind, Words):
        return kind.ordered
    return isinstance(kind, Integer | Decimal | Percent | MoneyType | Date | MomentType | ElapsedType)


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
    """The type of a * b, or None: one of the two is a number or a percentage."""
    for one, other in ((a, b), (b, a)):
        match one, other:
            case (Integer(), Integer()):
                return Integer()
            case (Integer() | Decimal() | Percent(), Integer() | Decimal()):
                return Decimal()
            case (Percent(), Percent()):
                return Percent()
            case (Integer() | Decimal() | Percent(), MoneyType()):
                return other
            case (Integer(), ElapsedType()):
                return other
    return None


def quotient_type(a: Type, b: Type) -> Type | None:
    """The type of a / b, or None."""
    match a, b:
        case (Integer() | Decimal() | Percent(), Integer() | Decimal()):
            return Decimal()
        case (MoneyType(), MoneyType()) if a == b:
            return Decimal()
        case (MoneyType(), Integer() | Decimal()):
            return a
        case (ElapsedType(), ElapsedType()):
            return Decimal()
    return None
