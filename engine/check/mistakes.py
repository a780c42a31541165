"""Warnings for the mistakes that authors make, each with what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.base.diagnostics import Place, Report
from engine.base.suggest import nearest
from engine.check.scope import Symbols
from engine.language import core as c
from engine.language import model as m
from engine.language.types import MoneyType
from engine.language.walk import below


def find_mistakes(program: c.Program, symbols: Symbols, report: Report) -> None:
    """Look through a checked policy; never an error."""
    for decision in program.decisions.values():
        for rule in decision.rules:
            if _denies(rule, decision):
                _deny_not_open(rule, report)
            _constant(rule, report)
            if decision.variable is not None:
                _order_amount(rule, decision, report)
        _stale_overrides(decision, report)
    _uncited(symbols, report)
    _unused(symbols, report)
    _decision_names(program, report)


def _denies(rule: c.CoreRule, decision: c.CoreDecision) -> bool:
    return any(isinstance(v, c.Const) and v.value == "deny" for v in rule.then.values())


def _deny_not_open(rule: c.CoreRule, report: Report) -> None:
    for expr in _negated(rule):
        if isinstance(expr, c.WindowTest) and expr.state == "open":
            report.add(
                "deny-not-open",
                f"rule `{rule.id}` denies while `{expr.window.name}` is not open: that is also so before it begins",
                expr.span,
                help=f"write `{expr.window.name} has passed`",
            )
        if isinstance(expr, c.Op) and expr.key == "within_after":
            report.add(
                "deny-not-within",
                f"rule `{rule.id}` denies what is not within a time after an event: that is also so before the event",
                expr.span,
                help="write `x later than P after y`",
            )


def _negated(rule: c.CoreRule) -> Iterator[c.Expr]:
    """Parts of a rule's condition that stand under a `not` (or under `unless`), through `and`, `or` and definitions."""

    def visit(exprs: Iterable[c.Expr], negative: bool) -> Iterator[c.Expr]:
        for expr in exprs:
            match expr:
                case c.Not(operand=operand):
                    yield from visit([operand], not negative)
                case c.Logic(parts=parts):
                    yield from visit(parts, negative)
                case c.Named(body=body):
                    yield from visit([body], negative)
                case _ if negative:
                    yield expr

    yield from visit(rule.when, False)
    yield from visit(rule.unless, True)


def _constant(rule: c.CoreRule, report: Report) -> None:
    for expr in (*rule.when, *rule.unless):
        if isinstance(expr, c.Const) and len(rule.when) + len(rule.unless) > 1:
            report.add(
                "literal-condition",
                f"this condition of rule `{rule.id}` is always the same",
                expr.span,
                help="remove it, or say what was meant",
            )


def _order_amount(rule: c.CoreRule, decision: c.CoreDecision, report: Report) -> None:
    for name, value in rule.then.items():
        output = decision.outputs.get(name)
        if output is None or not isinstance(output.type, MoneyType) or output.roll_up != "sum":
            continue
        if isinstance(value, c.NotStated | c.Const):
            continue
        parts = list(below([value]))
        refs = [e for e in parts if isinstance(e, c.FactRef) and isinstance(e.type, MoneyType)]
        about_member = any(
            (isinstance(e, c.FactRef) and e.variable is not None) or isinstance(e, c.OutputRef) for e in parts
        )
        if refs and not about_member and all(e.variable is None for e in refs):
            report.add(
                "order-amount-per-line",
                f"`{'.'.join(refs[0].fields)}` exists once, but `{name}` adds it up for every `{decision.variable}`",
                value.span,
                help="conclude it in a decision without `for_each`",
            )


def _stale_overrides(decision: c.CoreDecision, report: Report) -> None:
    by_id = {rule.id: rule for rule in decision.rules}
    for rule in decision.rules:
        word = rule.then.get(decision.headline)
        for name in rule.overrides:
            other = by_id.get(name)
            if other is None or not set(rule.then) & set(other.then):
                continue
            for output_name in other.then:
                output = decision.outputs.get(output_name)
                if output_name in rule.then or output is None or output.combine == "all":
                    continue
                if output.only_when is not None and isinstance(word, c.Const) and word.value not in output.only_when:
                    continue  # moot: what overrides makes the headline a word that this output does not go with
                report.add(
                    "override-stale",
                    f"rule `{rule.id}` overrides `{name}`, but `{output_name}` of `{name}` still stands",
                    rule.span,
                    help=f"conclude `{output_name}` in `{rule.id}` too, or `not stated`",
                    also=[Place(other.span, "the overridden rule")],
                )


def _uncited(symbols: Symbols, report: Report) -> None:
    for clause in symbols.policy.clauses:
        if clause.kind != "information" and clause.id not in symbols.cited:
            report.add(
                "clause-uncited",
                f"nothing cites clause `{clause.id}`, although its kind is `{clause.kind}`",
                clause.span,
                help="cite it where it is applied, or make it `information` if there is nothing to decide",
            )


def _unused(symbols: Symbols, report: Report) -> None:
    groups: tuple[tuple[str, Iterable[m.Define | m.Window | m.Table | m.Parameter]], ...] = (
        ("define", symbols.policy.defines),
        ("window", symbols.policy.windows),
        ("table", symbols.policy.tables),
        ("parameter", symbols.policy.parameters),
    )
    for kind, members in groups:
        for one in members:
            if f"{kind}:{one.id}" not in symbols.used:
                report.add("unused", f"nothing uses the {kind} `{one.id}`", one.span, help="use it or remove it")
    for reading in symbols.policy.readings:
        if f"reading:{reading.id}" not in symbols.used and reading.id not in symbols.cited:
            report.add(
                "unused",
                f"nothing cites or tests reading `{reading.id}`",
                reading.span,
                help="cite it in the rules that rest on it",
            )


def _decision_names(program: c.Program, report: Report) -> None:

    for decision in program.decisions.values():
        if decision.id in program.standard_decisions:
            continue
        near = nearest(decision.id, program.standard_decisions)
        if near is not None and near not in program.decisions:
            report.add(
                "decision-name",
                f"`{decision.id}` is not a standard question, `{near}` is",
                decision.span,
                help=f"call it `{near}` if that is meant, so that every service can ask it",
            )
