"""Typing of operators: arithmetic, comparison, shares, the greater of several. Called by the elaborator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.base.diagnostics import Place
from engine.base.source import Span
from engine.check.calendar_forms import loses_its_time
from engine.check.constants import positive, sign
from engine.check.postal import parts_help
from engine.check.scope import Scope
from engine.check.typing import (
    brief,
    coerce,
    comparable,
    hours_from,
    mismatch,
    ordered,
    product_type,
    quotient_type,
    report_pair,
    share_type,
    shown,
    sum_type,
    unify,
)
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import (
    CHARGED,
    Boolean,
    Date,
    DateRange,
    Decimal,
    ElapsedType,
    Integer,
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
)

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
    left = el.expr(node.left, scope)
    if left is None or el.names.bare_word(node.right, scope, left.type):
        return None
    right = el.expr(node.right, scope)
    if right is None:
        return None
    if node.op in _COMPARE:
        return _comparison(el, node, left, right)
    if node.op in ("+", "-"):
        return _sum(el, node, left, right)
    if node.op == "/":
        return _quotient(el, node, left, right)
    if node.op == "of":
        return _percent_of(el, node, left, right)
    return _product(el, node, left, right, product_type(left.type, right.type))


def _percent_of(el: Elaborator, node: s.Binary, left: c.Expr, right: c.Expr) -> c.Expr | None:
    """`20% of A`."""
    if not isinstance(left.type, Percent):
        number = shown(left)
        el.report.add(
            "type-mismatch",
            f"`of` stands after a percentage, but `{number}` is {brief(left.type)}",
            left.span,
            help=f"write `{number}% of ...`, or multiply with `*`"
            if isinstance(left, c.Const)
            else "multiply with `*`",
        )
        return None
    return _product(el, node, left, right, share_type(left.type, right.type))


def _product(el: Elaborator, node: s.Binary, left: c.Expr, right: c.Expr, kind: Type | None) -> c.Expr | None:
    if kind is None:
        el.report.add(
            "type-mismatch",
            f"{brief(left.type)} and {brief(right.type)} cannot be multiplied",
            node.span,
            help="an amount is multiplied by a number or a percentage, a length of time by a whole number",
        )
        return None
    return c.Op(type=kind, span=node.span, key="multiply", args=(left, right))


def _comparison(el: Elaborator, node: s.Binary, left: c.Expr, right: c.Expr) -> c.Expr | None:
    if el.inside_where and isinstance(left.type, Boolean) and ordered(right.type):
        start = el.inside_where.start
        text = Span(left.span.source, start, left.span.end).text if left.span.start >= start else "..."
        whole = text if len(text) <= 100 else f"{text[:20]}..."
        el.report.add(
            "type-mismatch",
            "`where` reaches to the end, so this comparison belongs to it",
            node.span,
            help=f"put brackets round the whole list expression: `({whole}) {node.op} {shown(right)}`",
        )
        return None
    same = unify(left, right, el.report, node.span)
    if same is None:
        return None
    a, b, kind = same
    key, swap = _COMPARE[node.op]
    if not _can_compare(el, node, (a, b), kind, key in ("less", "less_equal")):
        return None
    if swap:
        a, b = b, a
    return compare(key, a, b, kind, node)


def _can_compare(el: Elaborator, node: s.Binary, sides: tuple[c.Expr, c.Expr], kind: Type, by_order: bool) -> bool:
    code, message, help = "type-mismatch", "", ""
    if isinstance(kind, PeriodType | PeriodRangeType):
        message = "calendar periods do not compare: a month has 28 to 31 days"
        help = "compare the dates they lead to, such as `order.placed_at + 30 days`, or count with `days from A to B`"
    elif not comparable(kind):
        message = f"{brief(kind)} cannot be compared"
        help = _instead_of_comparing(kind)
    elif by_order and isinstance(kind, Text):
        code, message = "type-text", "text has no order"
        parts = (parts_help(side, el.symbols.facts) for side in sides)
        help = next(
            filter(None, parts),
            "compare it with `==`, or declare a fact with ordered words: `{ordered: [bronze, silver, gold]}`",
        )
    elif by_order and isinstance(kind, Words) and not kind.ordered:
        message = "these words have no order"
        help = "compare them with `==` or `in [...]`; only words declared as `{ordered: [...]}` stand in an order"
    elif by_order and not ordered(kind):
        message, help = f"{brief(kind)} has no order", "only `==` and `!=` fit here"
    if message:
        el.report.add(code, message, node.span, help=help)
    return not message


def _instead_of_comparing(kind: Type) -> str:
    if isinstance(kind, DateRange):
        return "conclude its first or its last day in an output of its own, of type `date`"
    if isinstance(kind, TenderSplit):
        return "compare the amount that it lays out"
    return "to look something up in a list write `'...' in the_list`"


MAX_SHARED = 64
"""How many comparisons one with `earlier of (...)` and its kin may become."""


def _compared(expr: c.Expr) -> int:
    """How many parts an extreme has, those of extremes within it counted."""
    if isinstance(expr, c.Op) and expr.key in ("greater", "lesser", "later", "earlier"):
        return sum(_compared(arg) for arg in expr.args)
    return 1


def compare(key: c.OpKey, a: c.Expr, b: c.Expr, kind: Type, node: s.Node) -> c.Expr:
    """A comparison; one with `earlier of (...)` and its kin on a side is shared out over the parts, so that one part
    that settles it is enough (the others are then never asked for). Parts on both sides multiply: past `MAX_SHARED`
    comparisons it stays one, and waits for all of its parts."""
    if key in ("less", "less_equal") and _compared(a) * _compared(b) <= MAX_SHARED:
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
    if isinstance(b.type, PeriodType | PeriodRangeType) and loses_its_time(el, a, node):
        return None
    if kind is None:
        if _sum_of_times(el, node, a, b):
            return None
        verb = "added" if node.op == "+" else "subtracted"
        same = unify(a, b, el.report, node.span, verb)
        if same is None:
            return None
        a, b, kind = same
        if sum_type(node.op, a.type, b.type) is None and kind != Decimal():
            report_pair(a, b, el.report, node.span, verb)
            return None
    return c.Op(type=kind, span=node.span, key="add" if node.op == "+" else "subtract", args=(a, b))


def _sum_of_times(el: Elaborator, node: s.Binary, a: c.Expr, b: c.Expr) -> bool:
    """Report what is often meant where times are added but do not add."""
    times = (Date, MomentType)
    if isinstance(a.type, Date) and isinstance(b.type, ElapsedType):
        message = f"`{shown(a)}` is a date: it has no time of day to count hours from"
        el.report.add("type-periods", message, node.span, help=hours_from(a))
    elif isinstance(a.type, times) and isinstance(b.type, times):
        first, second = (shown(b), shown(a)) if node.op == "-" else ("A", "B")
        ways = f"write `days from {first} to {second}`, or `elapsed from {first} to {second}` for hours"
        message = "two moments are not subtracted" if node.op == "-" else "two moments are not added"
        el.report.add("type-mismatch", message, node.span, help=ways)
    elif isinstance(a.type, PeriodType | PeriodRangeType) and isinstance(b.type, PeriodType | PeriodRangeType):
        help = "write one length, such as `45 days`, or add both to a date: `order.placed_at + 30 days + 15 days`"
        el.report.add("type-mismatch", "calendar periods are not added to each other", node.span, help=help)
    else:
        return False
    return True


def _quotient(el: Elaborator, node: s.Binary, left: c.Expr, right: c.Expr) -> c.Expr | None:
    kind = quotient_type(left.type, right.type)
    if kind is None:
        el.report.add(
            "type-mismatch",
            f"{brief(left.type)} cannot be divided by {brief(right.type)}",
            node.span,
            help="divide by a number, or an amount by an amount of the same currency",
        )
        return None
    if el.rounding == 0:
        step = "0.01%" if isinstance(kind, Percent) else "0.01"
        if isinstance(kind, MoneyType):
            step = f"0.01 {kind.currency}".replace(CHARGED, "...")
        text = shown(c.Op(type=kind, span=node.span, key="divide", args=(left, right)))
        el.report.add(
            "type-division",
            "a division must say how it rounds",
            node.span,
            help=f"write `round({text}, to {step}, half up)`, or compare products instead of dividing",
            also=[Place(el.names.using[1], f"`{el.names.using[0]}` is used here")] if el.names.using else (),
        )
        return None
    if not _never_zero(el, right):
        least = f"0.01 {right.type.currency}" if isinstance(right.type, MoneyType) else "1"
        value = el.symbols.parameter_values.get(right.name) if isinstance(right, c.ParameterRef) else right
        fixed = isinstance(value, c.Const)
        el.report.add(
            "type-division",
            f"the divisor `{shown(right)}` " + ("is zero" if fixed else "could be zero"),
            right.span,
            help="divide by something else"
            if fixed
            else "divide by a fixed number, a parameter that has a value, a fact that is at least 1 (such as "
            f"`line.quantity`), or `greater of ({least}, {shown(right)})`",
        )
        return None
    return c.Op(type=kind, span=node.span, key="divide", args=(left, right))


def _never_zero(el: Elaborator, expr: c.Expr) -> bool:
    match expr:
        case c.Const():
            return sign(expr) in (1, -1)
        case c.FactRef(fact=fact):
            return fact.minimum is not None and fact.minimum > 0
        case c.Op(key="greater", args=args):
            return any(positive(a) for a in args)
        case c.Op(key="negate", args=(operand,)):
            return _never_zero(el, operand)
        case c.Named(body=body) | c.Derived(formula=body):
            return _never_zero(el, body)
        case c.ParameterRef(name=name):
            value = el.symbols.parameter_values.get(name)
            return isinstance(value, c.Const) and sign(value) in (1, -1)
        case c.If(then=then, otherwise=otherwise):
            return _never_zero(el, then) and _never_zero(el, otherwise)
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
    parts = [el.expr(p, scope) for p in node.parts]
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    kind = known[0].type
    for part in known[1:]:
        same = unify(known[0], part, el.report, part.span)
        if same is None:
            return None
        kind = same[2] if kind in (Integer(), Date()) or isinstance(same[2], MoneyType) else kind
    if not ordered(kind) or isinstance(kind, Words | TimeOfDay) or times != isinstance(kind, Date | MomentType):
        _no_extreme(el, node, kind)
        return None
    if isinstance(kind, MoneyType | ElapsedType | Percent):
        moved = [coerce(p, kind, el.report) for p in known]
        known = [p for p in moved if p is not None]
        if len(known) < len(moved):
            return None
    return c.Op(type=kind, span=node.span, key=node.kind, args=tuple(known))


def _no_extreme(el: Elaborator, node: s.Extreme, kind: Type) -> None:
    if isinstance(kind, Date | MomentType):
        help = "write `later of (...)` or `earlier of (...)`"
    elif ordered(kind) and not isinstance(kind, Words | TimeOfDay):
        help = "write `greater of (...)` or `lesser of (...)`"
    elif isinstance(kind, PeriodType | PeriodRangeType):
        help = "compare the dates they lead to: `later of (order.placed_at + 30 days, order.placed_at + 1 month)`"
    else:
        help = "choose with `if ... then ... else ...`"
    el.report.add("type-mismatch", f"`{node.kind} of` does not compare {brief(kind)}", node.span, help=help)
