"""Running worked cases: decide, compare with what is expected, and say which condition went the other way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.evaluate.decisions import Evaluation, Settings
from engine.evaluate.judge import judge, judge_in
from engine.evaluate.members import WHOLE, Extent
from engine.evaluate.versions import answering, beside_others, speaking
from engine.facts.decode import decode
from engine.language import core as c
from engine.language.case import Path
from engine.language.decision import Decision, Member, RuleView
from engine.language.located import Scalar
from engine.language.outcome import FALSE, Env
from engine.read.load import words_of
from engine.testing.compare import Comparison
from engine.testing.guarantees import broken_guarantees
from engine.testing.model import CaseResult, Difference, Expected, WorkedCase
from engine.testing.names import check_names
from engine.testing.settings import fitting, parameter_values

Watch = Callable[[WorkedCase, Evaluation], None]
"""Looks into the evaluation of a case that was run: for coverage, and for what else wants to know more than the answer."""


def run_case(
    versions: tuple[c.Program, ...],
    case: WorkedCase,
    report: Report,
    whole: bool = False,
    watch: Watch | None = None,
) -> CaseResult | None:
    """Decide a case and compare. Names that do not exist go to `report` (then the result is None).

    `whole`: the result names every rule that spoke also for options nobody asked for, and every reading. Without it, only
    what the case expects is worked out.
    """
    if case.skip is not None:
        return CaseResult(case, "skipped")
    before = len(report)
    programs = beside_others(versions)
    decodings = [decode(dict(case.document), p.facts, currency=p.currency, timezone=p.timezone) for p in programs]
    number = speaking(programs, decodings) if len(programs) > 1 else 0
    program, decoded = programs[number], decodings[number]
    parameters = parameter_values(program, case, report)
    check_names(program, case, report)
    if len(report) > before:
        return None
    readings: dict[str, str | None] = {n: None if o == "undecided" else o for n, o in case.readings.items()}
    settings = Settings({}, readings, parameters)
    found = None
    if len(programs) > 1:

        def decided(number: int, program: c.Program) -> Decision:
            if case.ask not in program.decisions:
                return judge(program, case.ask, decodings[number])
            there = replace(settings, parameters=fitting(parameters, program))
            return judge_in(Evaluation(program, decodings[number], there), case.ask, False)

        found = answering(programs, decodings, case.ask, decided)
        if found is not None:
            program, decoded = found.programs[-1], decodings[found.numbers[-1]]
            settings = replace(settings, parameters=fitting(parameters, program))
    if case.ask not in program.decisions:
        decision = judge(program, case.ask, decoded)
        return _result(case, decision, tuple(Comparison(case, decision).differences()), frozenset())
    evaluation = Evaluation(program, decoded, settings)
    wants_questions = case.expected.ask_first is not None
    decision = judge_in(evaluation, case.ask, wants_questions, WHOLE if whole else _extent(case.expected))
    decision = decision if found is None else found.told(decision)
    comparison = Comparison(case, decision)
    differences = (*comparison.differences(), *broken_guarantees(evaluation, case))
    if watch is not None:
        watch(case, evaluation)
    if differences and not comparison.has_wrong_facts:  # else its own hint is what helps
        differences = tuple(_with_hint(d, evaluation, case, decision) for d in differences)
    return _result(case, decision, differences, frozenset(spoken(program, evaluation)))


def _extent(expected: Expected) -> Extent:
    """What a case speaks of besides the answer: nothing else need be worked out."""
    return Extent(
        deadlines=bool(expected.deadlines),
        instead=bool(expected.instead),
        rests_on=expected.rests_on is not None,
        under_readings=False,
        also_cites=False,
    )


def _result(
    case: WorkedCase, decision: Decision, differences: tuple[Difference, ...], spoke: frozenset[str]
) -> CaseResult:
    deciding = dict.fromkeys(r.rule for m in decision.members for r in _deciding(decision, m))
    return CaseResult(
        case,
        "failed" if differences else "passed",
        differences,
        tuple(deciding),
        spoke,
        frozenset(decision.rests_on),
    )


def _deciding(decision: Decision, member: Member) -> Iterable[RuleView]:
    return (r for r in member.reasons if decision.headline in r.outputs)


def spoken(program: c.Program, evaluation: Evaluation) -> Iterator[str]:
    """The rules (`decision.rule`) and table rows (`table.row`) that gave something its value in an evaluation."""
    names = rule_names(program)
    for rule in evaluation.outputs.spoke():
        name = names.get(rule.span.start)
        if name is not None:
            yield name


@lru_cache(maxsize=64)
def rule_names(program: c.Program) -> Mapping[int, str]:
    """Every rule and table row of a policy, by where it stands in the file."""
    found = {r.span.start: f"{d.id}.{r.id}" for d in program.decisions.values() for r in d.rules}
    for table, rows in program.tables.items():
        found.update({span.start: f"{table}.{row}" for row, span in rows})
    return found


# hints ---------------------------------------------------------------------------------------------------------------


def _with_hint(difference: Difference, evaluation: Evaluation, case: WorkedCase, decision: Decision) -> Difference:
    """Which rule decided, and the first condition of an expected rule that went the other way."""
    hint = _hint(evaluation, case, decision)
    return Difference(difference.what, difference.expected, difference.actual, difference.span, hint)


def _hint(evaluation: Evaluation, case: WorkedCase, decision: Decision) -> str | None:
    one = evaluation.program.decisions[case.ask]
    said = [r.rule for m in decision.members for r in m.reasons if decision.headline in r.outputs]
    parts = []
    if said:
        parts.append("decided by " + ", ".join(f"`{r}`" for r in dict.fromkeys(said)))
    members = evaluation.members(one)
    for rule in _wanted(case, one):
        for path in members if isinstance(members, list) else ():
            found = _first_false(evaluation, one, rule, path)
            if found is not None:
                parts.append(found)
                return "; ".join(parts)
    return "; ".join(parts) or None


def _wanted(case: WorkedCase, decision: c.CoreDecision) -> list[c.CoreRule]:
    """The rules that the case expects, by name or by what they conclude."""
    named = set(words_of(case.expected.rules))
    word = case.expected.outputs.get(decision.headline) or case.expected.verdict
    text = word.text if isinstance(word, Scalar) else None

    def concludes(rule: c.CoreRule) -> bool:
        value = rule.then.get(decision.headline)
        return isinstance(value, c.Const) and value.value == text

    by_name = [r for r in decision.rules if r.id in named]
    return by_name or [r for r in decision.rules if concludes(r)]


def _first_false(evaluation: Evaluation, decision: c.CoreDecision, rule: c.CoreRule, path: Path | None) -> str | None:
    asked = evaluation.asked(decision, path)
    option = str(getattr(asked, "value", "")) if decision.options else ""
    env = evaluation.env(decision, path, option if option in decision.options else "")
    if decision.options and option not in decision.options:
        return None
    for expr in rule.when:
        if evaluation.expressions.value(expr, env) == FALSE:
            return f"`{rule.id}` did not apply: {_place(_innermost(evaluation, expr, env).span)} is false"
    for expr in rule.unless:
        if evaluation.expressions.value(expr, env) != FALSE:
            return f"`{rule.id}` did not apply: its `unless` {_place(expr.span)} is not false"
    return None


def _innermost(evaluation: Evaluation, expr: c.Expr, env: Env) -> c.Expr:
    """The first part of an `and` that is false, through definitions."""
    while True:
        if isinstance(expr, c.Named):
            expr = expr.body
        elif isinstance(expr, c.Logic) and expr.op == "and":
            expr = next(p for p in expr.parts if evaluation.expressions.value(p, env) == FALSE)
        else:
            return expr


def _place(span: Span) -> str:
    return f"`{' '.join(span.text.split())}` ({span})"
