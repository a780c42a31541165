"""Walking the typed core: the parts of an expression, and everything that a rule or an output rests on."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import assert_never

from engine.language import core as c
from engine.language.case import Path


def children(expr: c.Expr) -> tuple[c.Expr, ...]:
    """The direct parts of an expression; a window's and a table's formulas count as parts of what reads them."""
    match expr:
        case c.Const() | c.FactRef() | c.ParameterRef() | c.ReadingRef() | c.OptionRef() | c.AsOf():
            return ()
        case c.ElementRef() | c.Position() | c.OutputRef():
            return ()
        case c.Named(body=body):
            return (body,)
        case c.Derived(given=given, formula=formula):
            return (formula,) if given is None else (given, formula)
        case c.Asked(answer=answer, at_least=least, at_most=most):
            return (answer, *(x for x in (least, most) if x is not None))
        case c.Logic(parts=parts):
            return parts
        case c.Not(operand=operand):
            return (operand,)
        case c.If(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case c.Over(where=where, body=body):
            return tuple(x for x in (where, body) if x is not None)
        case c.Happened(event=event):
            return (event,)
        case c.WindowTest(window=window) | c.WindowPart(window=window):
            return window_parts(window)
        case c.TableRead(output=output):
            return tuple(rule_parts(output.rules, output.id))
        case c.Op(args=args):
            return args
    assert_never(expr)


def window_parts(window: c.WindowUse) -> tuple[c.Expr, ...]:
    """The formulas of a window."""
    zone = () if window.zone_fact is None else (window.zone_fact,)
    return (window.anchor, window.act, window.lasts, *zone)


def rule_parts(rules: Iterable[c.CoreRule], output: str | None = None) -> Iterator[c.Expr]:
    """The conditions of rules, and what they conclude for one output (or for all)."""
    for rule in rules:
        yield from rule.when
        yield from rule.unless
        for name, value in rule.then.items():
            if (output is None or name == output) and not isinstance(value, c.NotStated):
                yield value


def output_parts(decision: c.CoreDecision, output: c.CoreOutput) -> Iterator[c.Expr]:
    """Everything an output of a decision is evaluated from: its rules, what overrides them, requirements, `otherwise`."""
    yield from rule_parts(output.rules, output.id)
    for rules in output.over.values():
        yield from rule_parts(rules, output.id)
    if output.otherwise is not None:
        yield output.otherwise.value
    if output.split_of is not None:
        yield output.split_of
    if output.up_to is not None:
        yield output.up_to
    if output.net is not None:
        yield output.net.amount
    if decision.requires and any(_may_be_blocked(rule, decision) for rule in output.rules):
        for requirement in decision.requires:
            yield requirement.when
            yield requirement.met
        yield from rule_parts(output.rules, decision.headline)
    if decision.asked is not None:
        yield decision.asked


def _may_be_blocked(rule: c.CoreRule, decision: c.CoreDecision) -> bool:
    """Whether a requirement may stand in a rule's way: it concludes the blocked word, or a formula that might."""
    value = rule.then.get(decision.headline)
    if value is None or isinstance(value, c.NotStated):
        return False
    return not isinstance(value, c.Const) or value.value in {r.blocks for r in decision.requires}


def below(roots: Iterable[c.Expr], parts: Callable[[c.Expr], Iterable[c.Expr]] = children) -> Iterator[c.Expr]:
    """The expressions and all their parts (or those that `parts` gives), each once."""
    seen: set[int] = set()
    pending = list(roots)
    while pending:
        expr = pending.pop()
        if id(expr) in seen:
            continue
        seen.add(id(expr))
        yield expr
        pending.extend(parts(expr))


def with_places(roots: Iterable[c.Expr], around: Mapping[str, Path]) -> Iterator[tuple[c.Expr, Mapping[str, Path]]]:
    """As `below`, each with the variables bound where it stands: name to the pattern of the members it stands for.

    A pattern has "*" for the members of a list. What stands under different variables comes once for each of them.
    """
    seen: set[tuple[int, frozenset[tuple[str, Path]]]] = set()
    pending = [(root, around) for root in roots]
    while pending:
        expr, places = pending.pop()
        key = (id(expr), frozenset(places.items()))
        if key in seen:
            continue
        seen.add(key)
        yield expr, places
        if isinstance(expr, c.Over):
            places = {**places, expr.variable: (*list_of(expr, places), "*")}
        pending.extend((part, places) for part in children(expr))


def list_of(expr: c.Over, places: Mapping[str, Path]) -> Path:
    """The pattern of the list that a list expression looks through."""
    base = places.get(expr.list_variable, ()) if expr.list_variable is not None else ()
    return (*base, *expr.list_fields)


def windows_of(
    roots: Iterable[c.Expr],
    bound: Container[str] | None = None,
    parts: Callable[[c.Expr], Iterable[c.Expr]] = children,
) -> Iterator[c.WindowUse]:
    """The windows read by expressions, each once, in the order of their names.

    `bound` are the variables that stand for a member outside of the expressions (None: never mind). A window that is
    read inside a list expression, of the members it goes through, is theirs and left out: out here it has no state.
    `parts` says which parts of an expression count.
    """
    found = {id(e.window): e.window for e in below(roots, parts) if isinstance(e, c.WindowTest | c.WindowPart)}
    for window in sorted(found.values(), key=lambda w: w.name):
        if bound is None or all(name in bound for name in free_variables(window_parts(window))):
            yield window


def free_variables(roots: Iterable[c.Expr]) -> Iterator[str]:
    """The variables that expressions read, but do not bind themselves."""
    for expr, inside in with_places(roots, {}):
        name = None
        if isinstance(expr, c.FactRef | c.ElementRef | c.OptionRef):
            name = expr.variable
        elif isinstance(expr, c.Over):
            name = expr.list_variable
        elif isinstance(expr, c.OutputRef):
            name = expr.item
        if name is not None and name not in inside:
            yield name
