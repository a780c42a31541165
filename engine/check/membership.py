"""Typing of `x in [...]`, `x in 3 .. 10` and `x in named_list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.base.diagnostics import Place
from engine.check.constants import rank
from engine.check.operations import compare
from engine.check.postal import parts_help
from engine.check.scope import Scope
from engine.check.suggestions import name_help
from engine.check.typing import NUMBERS, brief, comparable, ordered, shown, unify
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import Boolean, Date, Integer, ListOf, MomentType, PeriodRangeType, Text, Type, Words

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator


def member(el: Elaborator, node: s.Member, scope: Scope) -> c.Expr | None:
    """`x in [...]`, `x in a .. b`, `x in named_list`, each also with `not`."""
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
    members: list[c.Expr] = []
    for choice in choices.items:
        if el.names.bare_word(choice, scope, item.type):
            return None  # the others lack their quotes too
        value = el.expr(choice, scope)
        same = None if value is None else unify(item, value, el.report, choice.span)
        if same is not None and not comparable(same[2]):
            el.report.add(
                "type-mismatch",
                f"`{shown(item)}` ({brief(item.type)}) cannot be looked up in a list",
                item.span,
                help="look up words, numbers, amounts or dates",
            )
            return None
        if same is None:
            return None
        members.append(same[1])
    return c.Op(type=Boolean(), span=node.span, key="in_values", args=(item, *members))


def _in_named(el: Elaborator, item: c.Expr, node: s.Member, choices: s.Name, scope: Scope) -> c.Expr | None:
    values = el.names.resolve(choices, scope, lists=True)
    if values is None:
        return None
    if not isinstance(values.type, ListOf):
        el.report.add(
            "type-mismatch",
            f"`{choices.text}` is {brief(values.type)}, not a list",
            choices.span,
            help=f"write `{shown(item)} == {choices.text}`, or a list in square brackets: `in ['a', 'b']`",
        )
        return None
    if not _can_hold(values.type.element, item.type):
        el.report.add(
            "type-mismatch",
            f"`{choices.text}` is a list of {_many(values.type.element)}; "
            f"`{shown(item)}` ({brief(item.type)}) is never in it",
            node.span,
            help="look up what the list holds",
        )
        return None
    if not _words_known(el, item, choices, values):
        return None
    return c.Op(type=Boolean(), span=node.span, key="in_values", args=(item, values), detail=("list",))


def _can_hold(element: Type, item: Type) -> bool:
    for kinds in ((Text, Words), NUMBERS, (Date, MomentType)):
        if isinstance(element, kinds) and isinstance(item, kinds):
            return True
    return element == item and comparable(item)


def _many(kind: Type) -> str:
    if isinstance(kind, Text | Words):
        return "words"
    return "whole numbers" if isinstance(kind, Integer) else f"values that are each {brief(kind)}"


def _words_known(el: Elaborator, item: c.Expr, choices: s.Name, values: c.Expr) -> bool:
    """Whether every word of a fixed list is one that the item can be at all; reports the first that is not."""
    value = el.symbols.parameter_values.get(values.name) if isinstance(values, c.ParameterRef) else None
    if not isinstance(item.type, Words) or not item.type.closed or not isinstance(value, c.Const):
        return True
    for word in value.value if isinstance(value.value, tuple) else ():
        if isinstance(word, str) and word not in item.type.words:
            el.report.add(
                "type-unknown-word",
                f"`{shown(item)}` is never `{word}`, which stands in `{choices.text}`",
                choices.span,
                help=name_help(word, item.type.words) or "remove the word from the list",
                also=[Place(value.span, "the list")],
            )
            return False
    return True


def _instead_of_a_range(el: Elaborator, item: c.Expr, kind: Type) -> str:
    if isinstance(kind, PeriodRangeType):
        return "compare the dates they lead to"
    return parts_help(item, el.symbols.facts) or "list the values in square brackets"


def in_range(el: Elaborator, item: c.Expr, bounds: s.Range, scope: Scope, node: s.Node) -> c.Expr | None:
    """low <= item and item <= high, each end as written."""
    parts: list[c.Expr] = []
    ends: list[c.Expr] = []
    for end, inclusive, is_low in ((bounds.low, bounds.low_in, True), (bounds.high, bounds.high_in, False)):
        if end is None:
            continue
        limit = el.expr(end, scope)
        same = None if limit is None else unify(item, limit, el.report, end.span)
        if same is None:
            return None
        if not ordered(same[2]):
            el.report.add(
                "type-mismatch",
                f"{brief(same[2])} has no order, so no range",
                bounds.span,
                help=_instead_of_a_range(el, item, same[2]),
            )
            return None
        ends.append(same[1])
        pair = (same[1], same[0]) if is_low else (same[0], same[1])
        parts.append(compare("less_equal" if inclusive else "less", *pair, same[2], node))
    if len(parts) == 1:
        return parts[0]
    if _empty(ends, bounds):
        el.report.add(
            "bad-value", "nothing lies in this range", bounds.span, help="write the lower end first: `3 .. 10`"
        )
        return None
    return c.Logic(type=Boolean(), span=node.span, op="and", parts=tuple(parts))


def _empty(ends: list[c.Expr], bounds: s.Range) -> bool:
    """Whether two fixed ends leave no room between them."""
    low, high = ends
    if not isinstance(low, c.Const) or not isinstance(high, c.Const):
        return False
    first, last = rank(low.value, low.type), rank(high.value, high.type)
    if first is None or last is None:
        return False
    return first > last or (first == last and not (bounds.low_in and bounds.high_in))
