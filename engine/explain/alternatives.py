"""The other options that a customer could still have, and until when: each decided again before it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engine.evaluate.decisions import Evaluation
from engine.evaluate.members import MemberView, verdict_of
from engine.explain.counterfactual import changed
from engine.language import core as c
from engine.language.case import Path
from engine.language.outcome import Env, Known
from engine.language.values import Value
from engine.language.walk import rule_parts, windows_of
from engine.values.moments import NotYet
from engine.values.periods import Elapsed
from engine.values.zones import zone


@dataclass(frozen=True)
class Alternative:
    """An option that would be approved. `until` is its last day, or its last moment where hours are counted.

    `until` is None unless asking on that day is still approved and asking on the next is not. `zone` is the zone of the
    window called `window`.
    """

    option: str
    until: date | datetime | None
    window: str | None
    zone: str | None


def alternatives(evaluation: Evaluation, decision: c.CoreDecision, path: Path | None) -> Iterator[Alternative]:
    """The options besides the one that was asked for that would be approved, in the policy's order."""
    asked = MemberView(evaluation, decision, path).asked
    for option in decision.options:
        if option == asked or not _approved(evaluation, decision, path, option):
            continue
        if all(_approved(one, decision, path, option) for one in _asking(evaluation, decision, path, option)):
            yield _until(evaluation, decision, path, option)


def _approved(evaluation: Evaluation | None, decision: c.CoreDecision, path: Path | None, option: str) -> bool:
    if evaluation is None:
        return False
    return verdict_of(evaluation.one(decision, decision.headline, path, option)) == "approve"


def _asking(
    evaluation: Evaluation, decision: c.CoreDecision, path: Path | None, option: str
) -> Iterator[Evaluation | None]:
    """The case in which this option is what is asked for; as it is where no single fact says what is asked for."""
    changes: Mapping[Path, Value] = {}
    if isinstance(decision.asked, c.FactRef):
        changes = {evaluation.expressions.path(decision.asked, evaluation.env(decision, path)): option}
    yield from changed(evaluation, changes)


def _until(evaluation: Evaluation, decision: c.CoreDecision, path: Path | None, option: str) -> Alternative:
    """The first window that ends the option: open now, approved at its end, and no longer after it."""
    env = evaluation.env(decision, path, option)
    result = evaluation.one(decision, decision.headline, path, option)
    rules = [note.rule for note in result.notes if note.role == "reason"]
    ends: list[tuple[datetime, Alternative]] = []
    for window in windows_of(rule_parts(rules, decision.headline), env.bindings):
        for last, after, shown in _end(evaluation, window, env):
            act = evaluation.expressions.path(window.act, env) if isinstance(window.act, c.FactRef) else None
            if act is None:
                continue
            still = _approved(evaluation.with_facts({act: last}), decision, path, option)
            then = _approved(evaluation.with_facts({act: after}), decision, path, option)
            if still and not then:
                where = evaluation.expressions.clocks.read(window, env).zone
                name = str(where.value) if isinstance(where, Known) and isinstance(where.value, str) else None
                ends.append((last, Alternative(option, shown, window.name, name)))
    return min(ends, key=lambda one: one[0])[1] if ends else Alternative(option, None, None, None)


def _end(evaluation: Evaluation, window: c.WindowUse, env: Env) -> Iterator[tuple[datetime, datetime, date | datetime]]:
    """A moment in the last stretch of an open window, one past its end, and the end as it is told."""
    reading = evaluation.expressions.clocks.read(window, env)
    act, where = reading.act, reading.zone
    if reading.state != Known("open") or reading.end is None or reading.spec is None:
        return
    if not isinstance(act, Known) or isinstance(act.value, NotYet) or not isinstance(act.value, datetime):
        return
    if isinstance(reading.spec.lasts, Elapsed):
        if reading.end.end is not None:
            inside = reading.end.end if window.inclusive else reading.end.end - timedelta(seconds=1)
            yield inside, inside + timedelta(seconds=1), reading.end.end
    elif reading.end.last_day is not None and isinstance(where, Known) and isinstance(where.value, str):
        noon = datetime(
            reading.end.last_day.year,
            reading.end.last_day.month,
            reading.end.last_day.day,
            12,
            tzinfo=zone(where.value),
        )
        yield noon.astimezone(UTC), (noon + timedelta(days=1)).astimezone(UTC), reading.end.last_day
