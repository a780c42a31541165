"""Warnings for the mistakes that authors make, each with what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.base.suggest import nearest
from engine.check.conclusions import may_be
from engine.check.constants import rank
from engine.check.groups import unused_groups
from engine.check.scope import Symbols
from engine.check.unlisted import warn_of_unlisted_words
from engine.language import core as c
from engine.language import model as m
from engine.language.types import Boolean, MoneyType, TenderSplit
from engine.language.walk import below, children


def find_mistakes(program: c.Program, symbols: Symbols, report: Report) -> None:
    """Look through a checked policy; never an error."""
    for decision in program.decisions.values():
        for rule in decision.rules:
            if any(may_be(value, "deny") for value in rule.then.values()):
                _deny_too_early(rule, report)
            _always_the_same(rule, report)
            if decision.variable is not None:
                _order_amount(rule, decision, report)
        _stale_overrides(decision, report)
        _never_concluded(decision, symbols, report)
    _uncited(symbols, report)
    _unused(symbols, report)
    unused_groups(symbols.policy, report)
    _decision_names(program, report)
    warn_of_unlisted_words(program, report)


# refusals that come too early ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """A part of a rule's condition: whether it stands under a `not`, whether the rule applies only if it holds, and the
    place where the rule says it."""

    expr: c.Expr
    negative: bool
    needed: bool
    used: Span


def _parts(rule: c.CoreRule) -> Iterator[_Part]:
    """The parts of a rule's condition, through `and`, `or`, `not` and definitions; what `unless` says is negative.

    What is met again in the same sense at the same place is left out: definitions that use one another twice each would
    double the parts at every step.
    """
    seen: set[tuple[int, bool, bool, Span | None]] = set()
    pending: list[tuple[c.Expr, bool, bool, Span | None]] = [(e, True, True, None) for e in reversed(rule.unless)]
    pending += [(e, False, True, None) for e in reversed(rule.when)]
    while pending:
        expr, negative, needed, used = pending.pop()
        if (id(expr), negative, needed, used) in seen:
            continue
        seen.add((id(expr), negative, needed, used))
        match expr:
            case c.Not(operand=operand):
                pending.append((operand, not negative, needed, used))
            case c.Logic(op=op, parts=parts):
                inner = needed and (op == "or") == negative
                pending += [(part, negative, inner, used) for part in reversed(parts)]
            case c.Named(body=body, span=span):
                pending.append((body, negative, needed, used or span))
            case _:
                yield _Part(expr, negative, needed, used or expr.span)


def _deny_too_early(rule: c.CoreRule, report: Report) -> None:
    parts = list(_parts(rule))
    happened = {event for part in parts if part.needed and not part.negative for event in _after_event(part.expr)}
    for part in parts:
        expr = part.expr
        if not part.negative:
            continue
        also = [] if part.used == expr.span else [Place(expr.span, "this is what it says")]
        if isinstance(expr, c.WindowTest) and expr.state == "open" and expr.window.side == "after":
            name = expr.window.name
            if _event(expr.window.anchor) not in happened:
                report.add(
                    "deny-not-open",
                    f"rule `{rule.id}` refuses while `{name}` is not open: that is also so before it begins",
                    part.used,
                    help=f"write `{name} has passed`",
                    also=also,
                )
        if isinstance(expr, c.Op) and expr.key == "within_after" and _event(expr.args[2]) not in happened:
            x, period, y = (" ".join(arg.span.text.split()) for arg in expr.args)
            report.add(
                "deny-not-within",
                f"rule `{rule.id}` refuses what is not within a time after an event: that is also so before the event",
                part.used,
                help=f"write `{x} later than {period} after {y}`",
                also=also,
            )


def _event(expr: c.Expr) -> tuple[object, ...]:
    """What tells an event: the fact it is; anything else is only ever like itself."""
    while isinstance(expr, c.Named):
        expr = expr.body
    return (expr.variable, expr.fields) if isinstance(expr, c.FactRef) else (id(expr),)


def _after_event(expr: c.Expr) -> Iterator[tuple[object, ...]]:
    """The events that have surely happened, and before the act, where a test holds."""
    if isinstance(expr, c.WindowTest) and expr.window.side == "after":
        yield _event(expr.window.anchor)
    if isinstance(expr, c.Op) and expr.key in ("within_after", "later_than_after", "at_least_after"):
        yield _event(expr.args[2])


# conditions that are always the same ---------------------------------------------------------------------------------


def _always_the_same(rule: c.CoreRule, report: Report) -> None:
    written = (*rule.when, *rule.unless)
    for expr in written:
        if isinstance(expr, c.Const) and len(written) > 1:
            _fixed(expr, expr.value, rule, report)
    for expr in below(written):
        inner = () if isinstance(expr, c.Op | c.Named) else children(expr)
        for part in inner:
            if isinstance(part, c.Const) and isinstance(part.type, Boolean) and not _is_branch(expr, part):
                _fixed(part, part.value, rule, report)
        if isinstance(expr, c.Op) and isinstance(expr.type, Boolean):
            value = _known(expr)
            if value is not None:
                _fixed(expr, value, rule, report)


def _is_branch(expr: c.Expr, part: c.Expr) -> bool:
    """Whether a part is a value that may well be a fixed one: what an `if` chooses, or what is asked of list members."""
    if isinstance(expr, c.If):
        return part is not expr.condition
    return isinstance(expr, c.Over | c.TableRead | c.Derived)


def _fixed(expr: c.Expr, value: object, rule: c.CoreRule, report: Report) -> None:
    word = "true" if value is True else "false"
    report.add(
        "literal-condition",
        f"in rule `{rule.id}` this is {word} in every case",
        expr.span,
        help="remove it, or say what was meant",
    )


def _known(expr: c.Op) -> bool | None:
    """What a comparison comes to in every case, where that is plain to see."""
    if len(expr.args) != 2 or expr.key not in ("equal", "not_equal", "less", "less_equal"):
        return None
    a, b = expr.args
    if _same_fact(a, b):
        return expr.key in ("equal", "less_equal")
    found = {_holds(expr.key, x, y) for x in _possible(a) for y in _possible(b)}
    return found.pop() if len(found) == 1 else None


def _possible(expr: c.Expr) -> tuple[c.Const, ...]:
    """The values that a fixed value or a part of a date can have; none of anything else."""
    if isinstance(expr, c.Const):
        return (expr,)
    last = _LAST.get(expr.key, 0) if isinstance(expr, c.Op) else 0
    return tuple(c.Const(type=expr.type, span=expr.span, value=n) for n in range(1, last + 1))


_LAST = {"day_of_month": 31, "month": 12}


def _holds(key: str, a: c.Const, b: c.Const) -> bool | None:
    if key in ("equal", "not_equal"):
        return (a.value == b.value) == (key == "equal")
    first, second = rank(a.value, a.type), rank(b.value, b.type)
    if first is None or second is None:
        return None
    return first < second if key == "less" else first <= second


def _same_fact(a: c.Expr, b: c.Expr) -> bool:
    if not isinstance(a, c.FactRef) or not isinstance(b, c.FactRef):
        return False
    return a.variable == b.variable and a.fields == b.fields


# outputs -------------------------------------------------------------------------------------------------------------


def _order_amount(rule: c.CoreRule, decision: c.CoreDecision, report: Report) -> None:
    for name, value in rule.then.items():
        output = decision.outputs.get(name)
        if output is None or not isinstance(output.type, MoneyType) or output.roll_up != "sum":
            continue
        if isinstance(value, c.NotStated | c.Const):
            continue
        parts = list(below([value]))
        of_member = any(isinstance(e, c.FactRef) and e.variable is not None for e in parts)
        of_member = of_member or any(isinstance(e, c.OutputRef) and e.item is not None for e in parts)
        once = [e for e in parts if isinstance(e, c.FactRef | c.OutputRef) and isinstance(e.type, MoneyType)]
        if once and not of_member:
            report.add(
                "order-amount-per-line",
                f"`{once[0].span.text}` exists once, but `{name}` adds it up for every `{decision.variable}`",
                value.span,
                help="conclude it in a decision without `for_each`",
            )


def _stale_overrides(decision: c.CoreDecision, report: Report) -> None:
    by_id = {rule.id: rule for rule in decision.rules}
    for rule in decision.rules:
        for name in rule.overrides:
            other = by_id.get(name)
            if other is None or not set(rule.then) & set(other.then):
                continue
            stale = [o for o in other.then if o not in rule.then and not _goes_together(decision, rule, o)]
            if stale:
                outputs = " and ".join(f"`{o}`" for o in stale)
                report.add(
                    "override-stale",
                    f"rule `{rule.id}` overrides `{name}`, but {outputs} of `{name}` still "
                    + ("stands" if len(stale) == 1 else "stand"),
                    rule.span,
                    help=f"conclude {outputs} in `{rule.id}` too; `not stated` where the text says nothing",
                    also=[Place(other.span, "the overridden rule")],
                )


def _goes_together(decision: c.CoreDecision, rule: c.CoreRule, output_name: str) -> bool:
    """Whether an output of the overridden rule may stand: lists add up, and some outputs are moot by now."""
    output = decision.outputs.get(output_name)
    if output is None or output.combine == "all":
        return True
    word = rule.then.get(decision.headline)
    return output.only_when is not None and isinstance(word, c.Const) and word.value not in output.only_when


def _never_concluded(decision: c.CoreDecision, symbols: Symbols, report: Report) -> None:
    if not decision.rules:
        return  # nobody has begun to write them
    spec = symbols.decisions[decision.id]
    settled = {name for rule in decision.rules for name in rule.then} | {one.output for one in spec.otherwise}
    for output in decision.outputs.values():
        worked_out = isinstance(output.type, TenderSplit) or output.net is not None
        if output.id not in settled and not worked_out:
            report.add(
                "output-empty",
                f"no rule concludes `{output.id}`",
                output.span,
                help="conclude it in a rule, say under `otherwise` what it is without one, or remove it",
            )


# what is defined and never used --------------------------------------------------------------------------------------


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
                f"`{decision.id}` is not a standard question, but `{near}` is",
                decision.span,
                help=f"call it `{near}` if that is meant, so that every service can ask it",
            )
