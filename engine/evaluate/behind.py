"""What lies behind a rule that only hands on what another decision says: the rules that speak there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.evaluate.decisions import Evaluation
from engine.evaluate.looked_at import also_cited
from engine.evaluate.messages import message
from engine.language import core as c
from engine.language.decision import Behind
from engine.language.outcome import Env, OutputResult, Unknown


def read_result(evaluation: Evaluation, ref: c.OutputRef, env: Env) -> tuple[OutputResult, Env] | None:
    """The output that a reference reads, and where its rules speak; None for a roll-up, which has no rules of its own."""
    decision = evaluation.program.decisions[ref.decision]
    option = ref.option
    if option.startswith("*"):
        option = str(env.bindings[option[1:]])
    member = None if ref.item is None else env.bindings[ref.item]
    if isinstance(member, tuple):
        line = evaluation.facts.member(decision.list_path, member)
        if isinstance(line, Unknown):
            return None
        member = line
    if isinstance(member, str) or (decision.variable is not None and member is None):
        return None
    if option:
        return evaluation.one(decision, ref.output, member, option), evaluation.env(decision, member, option)
    asked = evaluation.asked(decision, member)
    chosen = str(getattr(asked, "value", "")) if decision.options else ""
    there = evaluation.env(decision, member, chosen if chosen in decision.options else "")
    return evaluation.answer(decision, ref.output, member), there


def behind(evaluation: Evaluation, rule: c.CoreRule, outputs: Iterable[str], env: Env) -> tuple[Behind, ...]:
    """The rules that a rule hands on, each once: those that settle an output it concludes as it stands there.

    Outputs read one another without circles, so this ends. A rule there that only hands on gives way to what it hands on.
    """
    found: dict[tuple[str, str], Behind] = {}
    for output in outputs:
        for one in _behind(evaluation, rule, output, env):
            found.setdefault((one.decision, one.rule), one)
    return tuple(found[key] for key in sorted(found))  # not the order of the rules in the file: it means nothing


def _behind(evaluation: Evaluation, rule: c.CoreRule, output: str, env: Env) -> Iterator[Behind]:
    conclusion = rule.then.get(output)
    if not isinstance(conclusion, c.OutputRef):
        return
    read = read_result(evaluation, conclusion, env)
    if read is None or read[0].status not in ("decided", "referred"):
        return
    result, there = read
    for note in result.notes:
        if note.role != "reason":
            continue
        further = list(_behind(evaluation, note.rule, conclusion.output, there))
        if further:
            yield from further
            continue
        because = note.rule.because
        told = None if because is None else message(because, evaluation.expressions, there)
        cited = also_cited(evaluation, note.rule, (conclusion.output,), there)
        yield Behind(conclusion.decision, note.rule.id, note.rule.code, told, note.rule.cites, cited)
