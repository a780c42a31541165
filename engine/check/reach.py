"""Rules that never decide: their conditions rule one another out, or other rules stand before them in every case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.check.contradictions import Contradictions, Literal
from engine.language import core as c
from engine.language.types import Boolean
from engine.language.walk import below, output_parts


def report_unreachable(program: c.Program, report: Report) -> None:
    """Report the rules and rows of a checked policy that surely decide in no case."""
    find = Contradictions(program.parameters)
    applies = [] if program.applies_when is None else _split(program.applies_when, True)
    around = [literal for literal in applies if not _picks_market(literal[0], program)]
    if find.refuted(around):
        _report("the policy speaks about no case at all", find.core(around), report)
        return
    rows: dict[Span, c.CoreRule] = {}
    for decision in program.decisions.values():
        reachable = []
        for rule in decision.rules:
            said = [*_conditions(rule), *around]
            if find.refuted(said):
                _report(f"rule `{rule.id}` can never apply", find.core(said), report)
            else:
                reachable.append(rule)
        for rule in reachable:
            _overridden(rule, decision, find, report)
        for output in decision.outputs.values():
            for expr in below(output_parts(decision, output)):
                if isinstance(expr, c.TableRead):
                    rows.update((row.span, row) for row in expr.output.rules)
    for row in rows.values():
        said = list(_conditions(row))
        if find.refuted(said):
            _report(f"row `{row.id}` fits no case", find.core(said), report)


def _picks_market(expr: c.Expr, program: c.Program) -> bool:
    """Whether it says that the case is of this market: rules for other markets may stand beside those for this one."""
    picks = isinstance(expr, c.Op) and expr.key == "equal" and isinstance(expr.args[0], c.FactRef)
    return picks and program.market_by is not None and expr.span.text == program.market_by


def _conditions(rule: c.CoreRule) -> Iterator[Literal]:
    """What must hold, or be false, for a rule to apply."""
    for expr in rule.when:
        yield from _split(expr, True)
    for expr in rule.unless:
        yield from _split(expr, False)


def _split(expr: c.Expr, wanted: bool) -> Iterator[Literal]:
    """The parts that must each be as they say, as they are written at one place."""
    match expr:
        case c.Not(operand=operand):
            yield from _split(operand, not wanted)
        case c.Logic(op=op, parts=parts) if (op == "and") == wanted:
            for part in parts:
                yield from _split(part, wanted)
        case _:
            yield expr, wanted


def _report(what: str, core: Sequence[Literal], report: Report) -> None:
    """`core` are the conditions that cannot be together; the last of them is the place."""
    parts = [" ".join(expr.span.text.split()) for expr, _ in core]
    said = [f"`{part}`" if wanted else f"`not ({part})`" for part, (_, wanted) in zip(parts, core, strict=True)]
    together = f"{', '.join(said[:-1])} and {said[-1]} never hold together"
    why = f"{said[0]} never holds" if len(core) == 1 else together
    report.add(
        "rule-unreachable",
        f"{what}: {why}",
        core[-1][0].span,
        help="say what was meant, or remove it",
        also=[Place(expr.span, "this stands against it") for expr, _ in core[:-1]],
    )


def _overridden(rule: c.CoreRule, decision: c.CoreDecision, find: Contradictions, report: Report) -> None:
    """Report a rule none of whose conclusions ever stands: wherever it applies, others override it or come first."""
    before: dict[str, c.CoreRule] = {}
    said = tuple(_conditions(rule))
    concluded = [decision.outputs[name] for name in rule.then if name in decision.outputs]
    for output in concluded:
        others = [other for other in _standing_before(rule, output) if _surely_fires(other, decision)]
        if not others or not find.refuted((*said, *((_applies(other), False) for other in others))):
            return
        before.update((other.id, other) for other in others)
    if concluded:
        names = " or ".join(f"`{name}`" for name in before)
        overriding = set(before) <= _overriding(rule, decision)
        report.add(
            "rule-unreachable",
            f"rule `{rule.id}` never decides: wherever it applies, {names} {'overrides it' if overriding else 'is first'}",
            rule.span,
            help="narrow the other, or remove this one",
            also=[Place(other.span, "this one applies as well") for other in before.values()],
        )


def _standing_before(rule: c.CoreRule, output: c.CoreOutput) -> Iterator[c.CoreRule]:
    """The rules that, if they fire, take an output away from this one."""
    yield from output.over.get(rule.id, ())
    if output.combine == "first":
        for other in output.rules:
            if other.order < rule.order and not output.over.get(other.id):
                yield other


def _overriding(rule: c.CoreRule, decision: c.CoreDecision) -> set[str]:
    return {other.id for output in decision.outputs.values() for other in output.over.get(rule.id, ())}


def _surely_fires(rule: c.CoreRule, decision: c.CoreDecision) -> bool:
    """Whether no requirement can stand in the way of a rule that applies."""
    value = rule.then.get(decision.headline)
    return (
        not decision.requires
        or value is None
        or (isinstance(value, c.Const) and all(r.blocks != value.value for r in decision.requires))
    )


def _applies(rule: c.CoreRule) -> c.Expr:
    """A rule's conditions as one."""
    parts = (*rule.when, *(c.Not(type=Boolean(), span=expr.span, operand=expr) for expr in rule.unless))
    return c.Logic(type=Boolean(), span=rule.span, op="and", parts=parts)
