"""Typing of `share of A for line among L by W`: an amount spread over the members of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.check.amounts import whole
from engine.check.scope import Bound, Scope
from engine.check.typing import brief, mismatch, shown
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import CHARGED, Decimal, Integer, ListOf, MoneyType, Record

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator

_MAX_DEPTH = 2


def share_of(el: Elaborator, node: s.ShareOf, scope: Scope) -> c.Expr | None:
    """The part of an amount that a member has, of all members of a list in proportion to their weights."""
    own = _own(el, node, scope)
    amount = None if own is None else el.expr(node.amount, scope)
    found = None if amount is None else el.names.list_type(node.source, scope)
    if own is None or amount is None or found is None or not _spreads(el, amount):
        return None
    list_variable, fields, absolute, kind = found
    if not isinstance(kind.element, Record):
        el.report.add(
            "type-mismatch",
            f"the members of `{node.source.text}` are words, and an amount is spread over records",
            node.source.span,
            help="name a list such as `order.lines`",
        )
        return None
    inner = scope.bind(node.variable, Bound(absolute, kind.element, kind.element), deeper=1)

    def each(body: c.Expr) -> c.Expr:
        return c.Over(
            type=ListOf(body.type),
            span=body.span,
            kind="each",
            variable=node.variable,
            list_variable=list_variable,
            list_fields=fields,
            words=False,
            where=None,
            body=body,
        )

    weight = el.expr(node.weight, inner)
    if weight is None or not _weighs(el, weight):
        return None
    which: tuple[c.Expr, ...]
    if own.list_path == absolute and "*" not in absolute:
        which = (c.Position(type=Integer(), span=node.source.span, variable=node.variable),)
    else:
        its, theirs = (_identity(el, node, around) for around in (scope, inner))
        if its is None or theirs is None:
            return None
        which = (each(theirs), its)
    return c.Op(type=amount.type, span=node.span, key="share_of", args=(amount, each(weight), *which))


def _own(el: Elaborator, node: s.ShareOf, scope: Scope) -> Bound | None:
    """The member whose part is meant; None after a report."""
    own = scope.variables.get(node.variable)
    if isinstance(own, Bound) and own.record is not None and scope.depth < _MAX_DEPTH:
        return own
    if isinstance(own, Bound) and own.record is not None:
        el.report.add(
            "condition-too-deep",
            f"list expressions nest deeper than {_MAX_DEPTH}",
            node.span,
            help="conclude the inner part as an output of its own decision, and read that output here",
        )
    else:
        el.report.add(
            "name-not-here",
            f"nothing says whose share of `{node.source.text}` is meant: `{node.variable}` stands for no member here",
            node.span,
            help=f"ask the question `for_each: {node.variable} in {node.source.text}`, or write it inside a list "
            "expression",
        )
    return None


def _spreads(el: Elaborator, amount: c.Expr) -> bool:
    if not isinstance(amount.type, MoneyType):
        mismatch(amount, MoneyType(el.symbols.currency), el.report)
        return False
    if whole(amount, el.symbols.parameter_values):
        return True
    step = "..." if amount.type.currency == CHARGED else f"0.01 {amount.type.currency}"
    el.report.add(
        "type-rounding",
        "an amount with fractions of the smallest coin has no shares that add up to it",
        amount.span,
        help=f"write `share of round({shown(amount)}, to {step}, half up)`",
    )
    return False


def _weighs(el: Elaborator, weight: c.Expr) -> bool:
    if isinstance(weight.type, Integer | Decimal | MoneyType):
        return True
    el.report.add(
        "type-mismatch",
        f"an amount is spread by numbers or amounts, but `{shown(weight)}` is {brief(weight.type)}",
        weight.span,
        help="name what the shares are in proportion to, such as `line.paid` or `line.quantity`",
    )
    return False


def _identity(el: Elaborator, node: s.ShareOf, scope: Scope) -> c.Expr | None:
    """The `id` by which a member is found again in another list."""
    bound = scope.variables[node.variable]
    if isinstance(bound, Bound) and bound.record is not None and bound.record.get("id") is not None:
        return el.names.resolve(s.Name((node.variable, "id"), span=node.source.span), scope)
    el.report.add(
        "name-not-here",
        f"`{node.variable}` cannot be found in `{node.source.text}`: one of the two has no `id`",
        node.source.span,
        help=f"let `{node.variable}` stand for a member of `{node.source.text}`",
    )
    return None
