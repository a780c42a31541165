"""Small changes to conditions and formulas as they are written, one at a time.

Each is a change that an author could have made by mistake: a limit that is one off or loses its edge, a part that is
forgotten, a word that is left out of a list. What comes out need not check; whoever uses it looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, get_args

from engine.base.source import Span
from engine.language import surface as s
from engine.language.types import CHARGED, ElapsedType, Percent, PeriodType
from engine.language.values import Value
from engine.read.format import format_node
from engine.values.day_patterns import Season, YearDay
from engine.values.money import Money, minor_unit
from engine.values.periods import CalendarPeriod, Elapsed

MutationKind = Literal[
    "amounts",
    "combines",
    "comparisons",
    "conclusions",
    "conditions",
    "exceptions",
    "lists",
    "otherwise",
    "requirements",
    "rules",
    "tables",
    "units",
    "windows",
]
MUTATION_KINDS: tuple[MutationKind, ...] = get_args(MutationKind)


@dataclass(frozen=True)
class Variant:
    """A condition or formula with one change. `span` is what was changed, `says` how, in words."""

    kind: MutationKind
    span: Span
    says: str
    node: s.Node


_OTHER_COMPARISON: dict[s.BinaryOp, s.BinaryOp] = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
}
_OTHER_SIGN: dict[s.BinaryOp, s.BinaryOp] = {"+": "-", "-": "+"}
_OTHER_EXTREME = {"greater": "lesser", "lesser": "greater", "later": "earlier", "earlier": "later"}
_OTHER_TIMING = {"later than after": "at least after", "at least after": "later than after"}
_OTHER_UNIT = {"days": "months", "business days": "days", "months": "days"}
_OTHER_AGGREGATE = {"min": "max", "max": "min"}
_OTHER_MODE = {"half up": "down", "half even": "down", "up": "down", "down": "up"}


def variants(node: s.Node) -> Iterator[Variant]:
    """Every single change to a condition or formula, outermost first, in the order it is written."""
    yield from _own(node)
    for rebuilt, child in _children(node):
        for one in variants(child):
            yield replace(one, node=rebuilt(one.node))


def _children(node: s.Node) -> Iterator[tuple[Callable[[s.Node], s.Node], s.Node]]:
    """The parts of a node, each with how to put another in its place."""
    for one in fields(node):
        value = getattr(node, one.name)
        if isinstance(node, s.WindowTest) or (isinstance(node, s.Quantifier | s.Aggregate) and one.name == "source"):
            continue  # a window's or list's name
        if isinstance(value, get_args(s.Node)):
            yield _put(node, one.name), value
        elif isinstance(value, tuple) and value and isinstance(value[0], get_args(s.Node)):
            for i, item in enumerate(value):
                yield _put_item(node, one.name, value, i), item


def _put(node: s.Node, name: str) -> Callable[[s.Node], s.Node]:
    return lambda new: _with(node, **{name: new})


def _put_item(node: s.Node, name: str, items: tuple[s.Node, ...], i: int) -> Callable[[s.Node], s.Node]:
    return lambda new: _with(node, **{name: (*items[:i], new, *items[i + 1 :])})


def _with(node: s.Node, **changes: Any) -> s.Node:
    return replace(node, **changes)


def _own(node: s.Node) -> Iterator[Variant]:
    match node:
        case s.Literal():
            yield from _literal(node)
        case s.Binary(op=op):
            other = _OTHER_COMPARISON.get(op)
            if other is not None:
                yield _changed("comparisons", node, f"`{op}` became `{other}`", op=other)
            sign = _OTHER_SIGN.get(op)
            if sign is not None:
                yield _changed("amounts", node, f"`{op}` became `{sign}`", op=sign)
        case s.Logic(op=op, parts=parts):
            joined = "or" if op == "and" else "and"
            yield _changed("conditions", node, f"`{op}` became `{joined}`", op=joined)
            for i, part in enumerate(parts):
                rest = parts[:i] + parts[i + 1 :]
                left = rest[0] if len(rest) == 1 else replace(node, parts=rest)
                yield Variant("conditions", part.span, f"`{_text(part)}` was left out", left)
        case s.Not(operand=operand):
            yield Variant("conditions", node.span, "`not` was left out", operand)
        case s.Conditional(condition=condition, then=then, otherwise=otherwise):
            yield Variant("conditions", condition.span, f"`{_text(condition)}` was taken as true", then)
            yield Variant("conditions", condition.span, f"`{_text(condition)}` was taken as false", otherwise)
        case s.WordList(items=items) if len(items) > 1:
            for i, item in enumerate(items):
                rest = items[:i] + items[i + 1 :]
                yield Variant("lists", item.span, f"{_text(item)} was left out", replace(node, items=rest))
        case s.Member(negated=negated):
            before, after = ("not in", "in") if negated else ("in", "not in")
            yield _changed("comparisons", node, f"`{before}` became `{after}`", negated=not negated)
        case s.Range():
            yield from _range(node)
        case _:
            yield from _own_of_lists_and_times(node)


def _own_of_lists_and_times(node: s.Node) -> Iterator[Variant]:
    match node:
        case s.Quantifier(kind=kind, where=where):
            other = "all" if kind == "any" else "any"
            yield _changed("lists", node, f"`{kind}` became `{other}`", kind=other)
            if where is not None:
                yield Variant("lists", where.span, f"`where {_text(where)}` was left out", replace(node, where=None))
        case s.Aggregate(kind=kind, where=where):
            if kind in _OTHER_AGGREGATE:
                other = _OTHER_AGGREGATE[kind]
                yield _changed("lists", node, f"`{kind}` became `{other}`", kind=other)
            if where is not None:
                yield Variant("lists", where.span, f"`where {_text(where)}` was left out", replace(node, where=None))
        case s.Happened(negated=negated):
            before, after = ("has not", "has") if negated else ("has", "has not")
            yield _changed("windows", node, f"`{before} happened` became `{after} happened`", negated=not negated)
        case s.WindowTest():
            yield from _window_test(node)
        case s.Timing(kind=kind) if kind in _OTHER_TIMING:
            other = _OTHER_TIMING[kind]
            says = f"`{kind.removesuffix(' after')}` became `{other.removesuffix(' after')}`"
            yield _changed("comparisons", node, says, kind=other)
        case s.Round(mode=mode):
            yield _changed("amounts", node, f"`{mode}` became `{_OTHER_MODE[mode]}`", mode=_OTHER_MODE[mode])
        case s.Extreme(kind=kind):
            yield _changed(
                "amounts", node, f"`{kind} of` became `{_OTHER_EXTREME[kind]} of`", kind=_OTHER_EXTREME[kind]
            )
        case s.FallsIn(season=season):
            for one in (Season(_beside(season.first, n), season.last) for n in (-1, 1)):
                yield _changed("amounts", node, f"`{season}` became `{one}`", season=one)
            for one in (Season(season.first, _beside(season.last, n)) for n in (-1, 1)):
                yield _changed("amounts", node, f"`{season}` became `{one}`", season=one)
        case s.Between(unit=unit) if unit in _OTHER_UNIT:
            yield _changed("units", node, f"`{unit} from` became `{_OTHER_UNIT[unit]} from`", unit=_OTHER_UNIT[unit])


def _beside(day: YearDay, days: int) -> YearDay:
    """The day of every year that many days later; 2024 has all of them."""
    there = date(2024, day.month, day.day) + timedelta(days=days)
    return YearDay(there.month, there.day)


def _window_test(node: s.WindowTest) -> Iterator[Variant]:
    """Turned round, and with `not begun` taken for open (or for passed)."""
    turned = replace(node, negated=not node.negated)
    yield Variant("windows", node.span, f"it became `{format_node(turned)}`", turned)
    if node.state != "begun":
        other: Literal["open", "passed"] = "passed" if node.state == "open" else "open"
        loose = replace(node, state=other, negated=not node.negated)
        yield Variant("windows", node.span, f"it became `{format_node(loose)}`", loose)


def _range(node: s.Range) -> Iterator[Variant]:
    if node.low is not None:
        word = "out" if node.low_in else "in"
        yield Variant("comparisons", node.span, f"the lower end is {word}", replace(node, low_in=not node.low_in))
    if node.high is not None:
        word = "out" if node.high_in else "in"
        yield Variant("comparisons", node.span, f"the upper end is {word}", replace(node, high_in=not node.high_in))


def _changed(sort: MutationKind, node: s.Node, says: str, **changes: Any) -> Variant:
    return Variant(sort, node.span, says, _with(node, **changes))


def _literal(node: s.Literal) -> Iterator[Variant]:
    for kind, value in _near(node.value, isinstance(node.type, Percent)):
        new_type = node.type
        if isinstance(value, Elapsed):
            new_type = ElapsedType()
        elif isinstance(value, CalendarPeriod):
            new_type = PeriodType()
        new = replace(node, value=value, type=new_type)
        yield Variant(kind, node.span, f"`{_text(node)}` became `{format_node(new)}`", new)


def _near(value: Value, percent: bool) -> Iterator[tuple[MutationKind, Value]]:
    """Values next to a fixed one: a step below and above, or the same number of another unit."""
    match value:
        case bool():
            yield "conditions", not value
        case Money(amount=amount, currency=currency):
            step = Fraction(1, 100) if currency == CHARGED else minor_unit(currency)
            for sign in (-1, 1):
                yield "amounts", Money(amount + sign * step, currency)
        case CalendarPeriod(count=count, unit=unit):
            for sign in (-1, 1):
                if count + sign >= 0:
                    yield "windows", CalendarPeriod(count + sign, unit)
            if unit == "days" and count > 0:
                yield "units", CalendarPeriod(count, "business days")
                yield "units", Elapsed(count * 86_400)
            elif unit != "days":
                yield "units", CalendarPeriod(count if unit == "business days" else 30 * count, "days")
        case Elapsed(seconds=seconds):
            length = 3600 if seconds % 3600 == 0 else 60
            for sign in (-1, 1):
                if seconds + sign * length >= 0:
                    yield "windows", Elapsed(seconds + sign * length)
            if seconds % 86_400 == 0 and seconds:
                yield "units", CalendarPeriod(seconds // 86_400, "days")
        case datetime():
            for sign in (-1, 1):
                yield "amounts", value + timedelta(seconds=sign)
        case date():
            for sign in (-1, 1):
                yield "amounts", value + timedelta(days=sign)
        case int() | Fraction():
            one = Fraction(1, 100) if percent else 1
            for sign in (-1, 1):
                yield "amounts", value + sign * one


def _text(node: s.Node) -> str:
    return format_node(node)
