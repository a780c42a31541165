"""Typing of operators: arithmetic, comparison, membership, timing, shares. Called by the elaborator."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from engine.check.scope import Scope
from engine.check.typing import (
    coerce,
    comparable,
    mismatch,
    ordered,
    product_type,
    quotient_type,
    sum_type,
    unify,
)
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import (
    Boolean,
    Date,
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
    describe,
)
from engine.values.money import Money
from engine.values.periods import CalendarPeriod, Elapsed

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator

_COMPARE: dict[str, tuple[c.OpKey, bool]] = {
    "==": ("equal", False),
    "!=": ("not_equal", False),
    "<": ("less", False),
    "<=": ("less_equal", False),
    ">": ("less", True),
    ">=": ("less_equal", True),
}


def positive(expr: c.Expr) -> bool:
    """Whether a constant is surely above zero."""
    if not isinstance(expr, c.Const):
        return False
    value = expr.value
    if isinstance(value, Money):
        return value.amount > 0
    if isinstance(value, Elapsed):
        return value.seconds > 0
    return isinstance(value, int | Fraction) and not isinstance(value, bool) and value > 0


def negate(el: Elaborator, node: s.Negative, scope: Scope) -> c.Expr | None:
    """A minus sign."""
    operand = el.expr(node.operand, scope)
    if operand is None:
        return None
    if not isinstance(operand.type, Integer | Decimal | Percent | MoneyType | ElapsedType):
        mismatch(operand, Decimal(), el.report)
        return None
    return c.Op(type=operand.type, span=node.span, key="negate", args=(operand,))


def binary(el: Elaborator, node: s.Binary, scope: Scope) -> c.Expr | None:
    """Arithmetic or a comparison."""
    left, right = el.expr(node.left, scope), el.expr(node.right, scope)
    if left is None or right is None:
        return None
    if node.op in _COMPARE:
        return _comparison(el, node, left, right)
    if node.op in ("+", "-"):
        return _sum(el, node, left, right)
    if node.op == "/":
        return _quotient(el, node, left, right)
    kind = product_type(left.type, right.type)
    if node.op == "of" and not isinstance(left.type, Percent):
        kind = None
    if kind is None:
        el.report.add(
            "type-mismatch",
            f"{describe(left.type)} and {describe(right.type)} cannot be multiplied",
            node.span,
            help="an amount is multiplied by a number or a percentage" if node.op == "*" else "write `20% of ...`",
        )
        return None
    return c.Op(type=kind, span=node.span, key="multiply", args=(left, right))


def _comparison(el: Elaborator, node: s.Binary, left: c.Expr, right: c.Expr) -> c.Expr | None:
    same = unify(left, right, el.report, node.span)
    if same is None:
        return None
    a, b, kind = same
    key, swap = _COMPARE[node.op]
    if key in ("less", "less_equal"):
        if isinstance(kind, Text):
            el.report.add(
                "type-text", "text has no order", node.span, help="compare it with `==`, or use ordered words"
            )
            return None
        if not ordered(kind):
            el.report.add(
                "type-mismatch",
                f"{describe(kind)} has no order",
                node.span,
                help="calendar periods do not compare: compare the dates they lead to"
                if isinstance(kind, PeriodType)
                else "only `==` and `!=` fit here",
            )
            return None
    elif not comparable(kind):
        el.report.add(
            "type-mismatch", f"{describe(kind)} cannot be compared", node.span, help="compare the dates it leads to"
        )
        return None
    if swap:
        a, b = b, a
    return compare(key, a, b, kind, node)


def compare(key: c.OpKey, a: c.Expr, b: c.Expr, kind: Type, node: s.Node) -> c.Expr:
    """A comparison; one with `earlier of (...)` and its kin on a side is shared out over the parts, so that one part
    that settles it is enough (the others are then never asked for)."""
    if key in ("less", "less_equal"):
        for side, other, left in ((a, b, True), (b, a, False)):
            if isinstance(side, c.Op) and side.key in ("greater", "lesser", "later", "earlier"):
                low = side.key in ("lesser", "earlier")
                op: Literal["and", "or"] = "or" if low == left else "and"
                parts = tuple(
                    compare(key, part, other, kind, node) if left else compare(key, other, part, kind, node)
                    for part in side.args
                )
                return c.Logic(type=Boolean(), span=node.span, op=op, parts=parts)
    detail = kind.words if isinstance(kind, Words) and kind.ordered else None
    return c.Op(type=Boolean(), span=node.span, key=key, args=(a, b), detail=detail)


def _sum(el: Elaborator, node: s.Binary, left: c.Expr, right: c.Expr) -> c.Expr | None:
    a, b = left, right
    if isinstance(b.type, Date | MomentType) and node.op == "+":
        a, b = b, a
    kind = sum_type(node.op, a.type, b.type)
    if kind is None:
        if isinstance(a.type, Date) and isinstance(b.type, ElapsedType):
            el.report.add(
                "type-periods",
                "a date has no hours to add to",
                node.span,
                help="add days, or use a fact that is a moment",
            )
            return None
        if isinstance(a.type, Date | MomentType) and isinstance(b.type, Date | MomentType):
            el.report.add(
                "type-mismatch",
                "two moments are not subtracted",
                node.span,
                help="write `days from A to B` or `elapsed from A to B`",
            )
            return None
        same = unify(a, b, el.report, node.span)
        if same is None:
            return None
        a, b, kind = same
        if sum_type(node.op, a.type, b.type) is None and kind != Decimal():
            el.report.add(
                "type-mismatch",
                f"{describe(a.type)} and {describe(b.type)} cannot be {'added' if node.op == '+' else 'subtracted'}",
                node.span,
            )
            return None
    return c.Op(type=kind, span=node.span, key="add" if node.op == "+" else "subtract", args=(a, b))


def _quotient(el: Elaborator, node: s.Binary, left: c.Expr, right: c.Expr) -> c.Expr | None:
    kind = quotient_type(left.type, right.type)
    if kind is None:
        el.report.add(
            "type-mismatch",
            f"{describe(left.type)} cannot be divided by {describe(right.type)}",
            node.span,
            help="divide by a number, or an amount by an amount of the same currency",
        )
        return None
    if el.rounding == 0:
        el.report.add(
            "type-division",
            "a division must say how it rounds",
            node.span,
            help="write `round(a / b, to 0.01, half up)`, or compare products instead of dividing",
        )
        return None
    if not _never_zero(el, right):
        el.report.add(
            "type-division",
            "the divisor could be zero",
            right.span,
            help="divide by a number written out, a parameter, a fact that is at least 1 (such as `line.quantity`), "
            "or `greater of (1, ...)`",
        )
        return None
    return c.Op(type=kind, span=node.span, key="divide", args=(left, right))


def _never_zero(el: Elaborator, expr: c.Expr) -> bool:
    match expr:
        case c.Const():
            return positive(expr)
        case c.FactRef(fact=fact):
            return fact.minimum is not None and fact.minimum > 0
        case c.Op(key="greater", args=args):
            return any(positive(a) for a in args)
        case c.Named(body=body):
            return _never_zero(el, body)
        case c.ParameterRef(name=name):
            value = el.symbols.parameter_values.get(name)
            return isinstance(value, c.Const) and positive(value)
    return False


def member(el: Elaborator, node: s.Member, scope: Scope) -> c.Expr | None:
    """`x in [...]`, `x in a .. b`, `x in named_list`."""
    item = el.expr(node.item, scope)
    if item is None:
        return None
    found: c.Expr | None
    match node.choices:
        case s.Range():
            found = in_range(el, item, node.choices, scope, node)
        case s.WordList():
            found = _in_list(el, item, node, node.choices, scope)
        case s.Name():
            found = _in_named(el, item, node, node.choices, scope)
    if found is None:
        return None
    return c.Not(type=Boolean(), span=node.span, operand=found) if node.negated else found


def _in_list(el: Elaborator, item: c.Expr, node: s.Member, choices: s.WordList, scope: Scope) -> c.Expr | None:
    members = []
    for choice in choices.items:
        value = el.expr(choice, scope)
        if value is None:
            return None
        same = unify(item, value, el.report, choice.span)
        if same is None:
            return None
        if not comparable(same[2]):
            mismatch(value, item.type, el.report)
            return None
        members.append(same[1])
    return c.Op(type=Boolean(), span=node.span, key="in_values", args=(item, *members))


def _in_named(el: Elaborator, item: c.Expr, node: s.Member, choices: s.Name, scope: Scope) -> c.Expr | None:
    values = el.names.resolve(choices, scope, lists=True)
    if values is None:
        return None
    if not isinstance(values.type, ListOf):
        el.report.add(
            "type-mismatch", f"`{choices.text}` is not a list", choices.span, help="write the words: `in ['a', 'b']`"
        )
        return None
    element = values.type.element
    words = (Text, Words)
    if element != item.type and not (isinstance(element, words) and isinstance(item.type, words)):
        el.report.add(
            "type-mismatch",
            f"a list of {describe(element)} cannot hold {describe(item.type)}",
            node.span,
        )
        return None
    return c.Op(type=Boolean(), span=node.span, key="in_values", args=(item, values), detail=("list",))


def in_range(el: Elaborator, item: c.Expr, bounds: s.Range, scope: Scope, node: s.Node) -> c.Expr | None:
    """low <= item and item <= high, each end as written."""
    parts: list[c.Expr] = []
    for end, inclusive, is_low in ((bounds.low, bounds.low_in, True), (bounds.high, bounds.high_in, False)):
        if end is None:
            continue
        limit = el.expr(end, scope)
        if limit is None:
            return None
        same = unify(item, limit, el.report, end.span)
        if same is None:
            return None
        if not ordered(same[2]):
            el.report.add(
                "type-mismatch", f"{describe(same[2])} has no order, so no range", bounds.span, help="list the values"
            )
            return None
        pair = (same[1], same[0]) if is_low else (same[0], same[1])
        parts.append(compare("less_equal" if inclusive else "less", *pair, same[2], node))
    if len(parts) == 1:
        return parts[0]
    return c.Logic(type=Boolean(), span=node.span, op="and", parts=tuple(parts))


def timing(el: Elaborator, node: s.Timing, scope: Scope) -> c.Expr | None:
    """`x within P after y` and its kin."""
    x, y = el.moment(node.moment, scope), el.moment(node.anchor, scope)
    period = el.expr(node.period, scope)
    if x is None or y is None or period is None:
        return None
    if not check_period(el, period, (x, y)):
        return None
    keys: dict[str, c.OpKey] = {
        "within after": "within_after",
        "within before": "within_before",
        "later than after": "later_than_after",
        "at least after": "at_least_after",
        "at least before": "at_least_before",
    }
    return c.Op(type=Boolean(), span=node.span, key=keys[node.kind], args=(x, period, y))


def check_period(el: Elaborator, period: c.Expr, moments: Sequence[c.Expr]) -> bool:
    """Whether a length of time can be held against these moments; reports if not."""
    if isinstance(period.type, PeriodRangeType):
        el.report.add(
            "type-range", "a range of days has no one end", period.span, help="say which of the two counts: `10 days`"
        )
        return False
    if not isinstance(period.type, PeriodType | ElapsedType):
        el.report.add(
            "type-mismatch",
            f"a length of time is needed, but this is {describe(period.type)}",
            period.span,
            help="such as `30 days` or `24 hours`",
        )
        return False
    if isinstance(period.type, ElapsedType) and any(isinstance(x.type, Date) for x in moments):
        el.report.add(
            "type-periods", "a date has no hours", period.span, help="use days here, or a fact that is a moment"
        )
        return False
    if isinstance(period.type, PeriodType) and el.symbols.policy.calendar is None and needs_calendar(el, period):
        el.report.add(
            "calendar-missing",
            "business days need the policy's `calendar`",
            period.span,
            help="add `calendar:` with `weekend`, `holidays`, `from` and `until`",
        )
        return False
    return True


def needs_calendar(el: Elaborator, period: c.Expr) -> bool:
    """Whether a period may count business days."""
    match period:
        case c.Const(value=CalendarPeriod(unit=unit)):
            return unit == "business days"
        case c.ParameterRef(name=name):
            value = el.symbols.parameter_values.get(name)
            return isinstance(value, c.Const) and needs_calendar(el, value)
        case c.If(then=a, otherwise=b):
            return needs_calendar(el, a) or needs_calendar(el, b)
        case c.Named(body=body):
            return needs_calendar(el, body)
    return False


def share(el: Elaborator, node: s.Share, scope: Scope) -> c.Expr | None:
    """`share(amount, part, whole, before)`; part, whole and before are of one kind: units, or amounts."""
    amount = el.expr(node.amount, scope)
    parts = [el.expr(p, scope) for p in (node.part, node.whole, node.before)]
    if amount is None or any(p is None for p in parts):
        return None
    if not isinstance(amount.type, Integer | MoneyType):
        mismatch(amount, MoneyType(el.symbols.currency), el.report)
        return None
    known = [p for p in parts if p is not None]
    kind = next((p.type for p in known if isinstance(p.type, MoneyType)), Decimal())
    fitted: list[c.Expr] = []
    for part in known:
        if isinstance(kind, Decimal) and isinstance(part.type, Integer | Decimal):
            fitted.append(part)
            continue
        moved = coerce(part, kind, el.report)
        if moved is None:
            return None
        fitted.append(moved)
    return c.Op(type=amount.type, span=node.span, key="share", args=(amount, *fitted))


def extreme(el: Elaborator, node: s.Extreme, scope: Scope) -> c.Expr | None:
    """`greater of (...)`, `lesser of`, `later of`, `earlier of`."""
    times = node.kind in ("later", "earlier")
    parts = [el.moment(p, scope) if times else el.expr(p, scope) for p in node.parts]
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    kind = known[0].type
    for part in known[1:]:
        same = unify(known[0], part, el.report, node.span)
        if same is None:
            return None
        kind = same[2] if kind in (Integer(), Date()) or isinstance(same[2], MoneyType) else kind
    if not ordered(kind) or isinstance(kind, Words) or (not times and isinstance(kind, Date | MomentType)):
        word = "later of` or `earlier of" if isinstance(kind, Date | MomentType) else "if ... then ... else"
        el.report.add(
            "type-mismatch", f"`{node.kind} of` does not compare {describe(kind)}", node.span, help=f"use `{word}`"
        )
        return None
    if isinstance(kind, MoneyType | ElapsedType | Percent):
        moved = [coerce(p, kind, el.report) for p in known]
        known = [p for p in moved if p is not None]
        if len(known) < len(moved):
            return None
    return c.Op(type=kind, span=node.span, key=node.kind, args=tuple(known))


def between(el: Elaborator, node: s.Between, scope: Scope) -> c.Expr | None:
    """`days from A to B` and its kin."""
    start, end = el.moment(node.start, scope), el.moment(node.end, scope)
    if start is None or end is None:
        return None
    if node.unit == "elapsed" and (isinstance(start.type, Date) or isinstance(end.type, Date)):
        el.report.add("type-periods", "a date has no hours", node.span, help="write `days from A to B`")
        return None
    if node.unit == "business days" and el.symbols.policy.calendar is None:
        el.report.add(
            "calendar-missing", "business days need the policy's `calendar`", node.span, help="add `calendar:`"
        )
        return None
    keys: dict[str, c.OpKey] = {
        "days": "days",
        "business days": "business_days",
        "months": "months",
        "elapsed": "elapsed",
    }
    kind: Type = ElapsedType() if node.unit == "elapsed" else Integer()
    return c.Op(type=kind, span=node.span, key=keys[node.unit], args=(start, end))
