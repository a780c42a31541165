"""What would have to be otherwise: single facts that turn an answer, and other options that are open.

Every claim is decided again before it is shown: the case is written out as a document with the one fact changed, read
and judged as any other. A change that another fact rules out, that a check of the policy forbids or that cannot be sent
is no counterfactual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from engine.evaluate.answers import SOMETHING_ELSE, Answers
from engine.evaluate.decisions import Evaluation
from engine.evaluate.members import MemberView
from engine.evaluate.trial import fact_at
from engine.explain.case_document import case_document, fact_data, with_facts
from engine.explain.facts_read import FactsRead
from engine.facts.decode import decode
from engine.language import core as c
from engine.language.case import Path, path_text
from engine.language.outcome import EMPTY, TRUE, Mixed, OutputResult
from engine.language.types import Type, Words
from engine.language.values import Value
from engine.language.walk import output_parts, rule_parts
from engine.values.moments import NotYet
from engine.values.money import Money
from engine.values.zones import zone

MAX_SHOWN = 5
"""How many changes are shown for a member: the nearest."""

MAX_TRIALS = 200
MAX_WORK = 4_000
"""How many changes are tried for a member; fewer where the case has many lines, since each trial decides them all."""

_FIXED = frozenset(("id", "currency"))
"""Facts that say which thing is meant. Another one would be another case."""

_REQUEST_AT: Path = ("request", "at")
_LINE = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Counterfactual:
    """One fact that, were it otherwise, would turn the headline to another decided value.

    `fact` is its path, and `places` every path at which a case document may hold it: a line's fact stands with the order
    and with the request. `now` is its value in the case, `to` the nearest other one, `also` further words that come to
    the same. `value` is what the headline would then be. `any_other` is the one of these words that stands for all that
    the policy does not tell apart, if it is among them.
    """

    fact: str
    places: tuple[Path, ...]
    label: str | None
    type: Type
    now: Value
    to: Value
    also: tuple[Value, ...]
    output: str
    value: Value
    output_type: Type
    assumed: bool
    any_other: Value | None = None

    def applied(self, program: c.Program, document: Mapping[str, Any], to: Value | None = None) -> dict[str, Any]:
        """A case document with the change made; `to` is another of the values, one of `also`."""
        value = self.to if to is None else to
        return with_facts(document, {path: fact_data(program, path, value) for path in self.places})


class Search:
    """Looks for the counterfactuals of one decision in one case that has no problems."""

    def __init__(self, evaluation: Evaluation, decision: c.CoreDecision) -> None:
        self.evaluation = evaluation
        self.program = evaluation.program
        self.case = evaluation.case
        self.decision = decision
        self.headline = decision.outputs[decision.headline]
        self.answers = Answers(evaluation, decision)

    def member(self, path: Path | None) -> tuple[Counterfactual, ...]:
        """The nearest changes for a member of the request (None: the whole order), nearest first."""
        base = self._answer(self.evaluation, path)
        if base.status not in ("decided", "referred", "conflict") or isinstance(base.value, Mixed):
            return ()
        found: list[Counterfactual] = []
        for change in sorted(self._flips(path, base), key=lambda f: f[0]):
            _, fact, values = change
            made = self._confirmed(path, base, fact, values)
            if made is not None:
                found.append(made)
            if len(found) == MAX_SHOWN:
                break
        return tuple(found)

    def _answer(self, evaluation: Evaluation, member: Path | None) -> OutputResult:
        return evaluation.answer(self.decision, self.headline.id, member)

    # finding ---------------------------------------------------------------------------------------------------------

    def _candidates(self, member: Path | None, base: OutputResult) -> Iterator[Path]:
        """The facts that the deciding rules read, then those that the headline's other rules read."""
        env = MemberView(self.evaluation, self.decision, member).env
        if self.decision.option_variable is not None and self.decision.option_variable not in env.bindings:
            return
        reader = FactsRead(self.evaluation)
        deciding = [n.rule for n in base.notes if n.role != "yielded"]
        seen: set[Path] = set()
        if isinstance(self.decision.asked, c.FactRef):  # other options are told as such
            seen.add(self.evaluation.expressions.path(self.decision.asked, env))
        for roots in (rule_parts(deciding, self.headline.id), output_parts(self.decision, self.headline)):
            for path in reader.below(roots, env):
                if path not in seen and path in self.case.facts and not _FIXED & set(path[-1:]):
                    seen.add(path)
                    yield path

    def _flips(self, member: Path | None, base: OutputResult) -> Iterator[tuple[tuple[Any, ...], Path, list[Value]]]:
        """Changes that seem to turn the headline: how near, which fact, and its values, nearest first."""
        members = sum(self.case.lengths.values())
        trials = min(MAX_TRIALS, MAX_WORK // max(members, 1))
        done: set[Path] = set()
        for path in self._candidates(member, base):
            places = self._places(path)
            if done & set(places):
                continue
            done.update(places)
            by_result: dict[Value, list[tuple[Fraction, Value]]] = {}
            for value in self._values(path):
                trials -= 1
                if trials < 0:
                    return
                tried = self._answer(self.evaluation.with_facts(dict.fromkeys(places, value)), member)
                if tried.status == "decided" and tried.value != base.value and not isinstance(tried.value, Mixed):
                    assert tried.value is not None
                    by_result.setdefault(tried.value, []).append((self._distance(path, value), value))
            for near in by_result.values():
                near.sort(key=lambda one: (one[0], str(one[1])))
                yield (near[0][0], path_text(path), str(near[0][1])), path, [value for _, value in near]

    def _values(self, path: Path) -> Iterator[Value]:
        """Other values of a fact. An instant stays one: where only another day is meant, the time of day stays."""
        now = self.case.facts[path]
        for value in self.answers.for_fact(path):
            if value == SOMETHING_ELSE or (type(value) is type(now) and value == now):
                continue
            if isinstance(now, datetime) and isinstance(value, date) and not isinstance(value, datetime):
                where = zone(self.program.timezone)
                local = now.astimezone(where)
                value = local.replace(year=value.year, month=value.month, day=value.day).astimezone(now.tzinfo)
                if self.case.as_of is not None and value > self.case.as_of:
                    continue
            yield value

    def _places(self, path: Path) -> tuple[Path, ...]:
        """Every place of a line's fact: with the order, and with each line of the request that names the same one."""
        if len(path) <= _LINE or path[1] != "lines" or not isinstance(path[2], int):
            return (path,)
        facts, rest = self.case.facts, path[_LINE:]
        identity = facts.get((*path[:_LINE], "id"))
        if identity is None:
            return (path,)
        twins = [
            (top, "lines", i, *rest)
            for top in ("order", "request")
            for i in range(self.case.lengths.get((top, "lines"), 0))
            if facts.get((top, "lines", i, "id")) == identity and (top, "lines", i, *rest) in facts
        ]
        if not any(twin[0] == "order" for twin in twins):
            return (path,)  # said by the request line alone: another line for the same thing keeps its own
        return tuple(dict.fromkeys((path, *twins)))

    def _distance(self, path: Path, value: Value) -> Fraction:
        """How far a value is from the one in the case: days over thirty, shares of an amount, words one step each."""
        now = self.case.facts[path]
        if isinstance(value, date) and isinstance(now, date):
            return abs(_seconds(value) - _seconds(now)) / (30 * 86_400)
        if isinstance(value, Money) and isinstance(now, Money):
            return abs(value.amount - now.amount) / max(abs(now.amount), Fraction(1))
        if isinstance(value, bool) or isinstance(now, bool | str | NotYet):
            fact = fact_at(self.program, path)
            kind = None if fact is None else fact.type
            if isinstance(kind, Words) and kind.ordered and value in kind.words and now in kind.words:
                return Fraction(abs(kind.words.index(str(value)) - kind.words.index(str(now))))
            return Fraction(1)
        if isinstance(value, int | Fraction) and isinstance(now, int | Fraction):
            return abs(Fraction(value) - now) / max(abs(Fraction(now)), Fraction(1))
        return Fraction(2)

    # deciding again --------------------------------------------------------------------------------------------------

    def _confirmed(
        self, member: Path | None, base: OutputResult, path: Path, values: list[Value]
    ) -> Counterfactual | None:
        """The nearest of the values that does turn the headline when the whole case is read and decided again."""
        places = self._places(path)
        fact = fact_at(self.program, path)
        result: Value | None = None
        sure: list[Value] = []
        for value in values:
            found = self.decided_again(member, dict.fromkeys(places, value))
            if found is not None and found != base.value and (result is None or found == result):
                result = found
                sure.append(value)
            if sure and not isinstance(value, str):
                break
        if result is None or fact is None:
            return None
        return Counterfactual(
            fact=path_text(path),
            places=places,
            label=fact.label,
            type=fact.type,
            now=self.case.facts[path],
            to=sure[0],
            also=tuple(sure[1:]),
            output=self.headline.id,
            value=result,
            output_type=self.headline.type,
            assumed=path in self.case.assumed,
            any_other=next((value for value in sure if value == self.answers.worth_trying(path).other), None),
        )

    def decided_again(self, member: Path | None, changes: Mapping[Path, Value]) -> Value | None:
        """The headline of the changed case, read and judged afresh; None if it is not surely decided."""
        found = {self._fresh(evaluation, member) for evaluation in changed(self.evaluation, changes)}
        return found.pop() if len(found) == 1 else None

    def _fresh(self, evaluation: Evaluation | None, member: Path | None) -> Value | None:
        if evaluation is None:
            return None
        found = self._answer(evaluation, member)
        return None if found.status != "decided" or isinstance(found.value, Mixed) else found.value


def changed(evaluation: Evaluation, changes: Mapping[Path, Value]) -> Iterator[Evaluation | None]:
    """The case with some facts otherwise, written out, read again and evaluated afresh; None where it cannot be right.

    There are two where a case document may mean two things: `as_of` may have been given, or may follow `request.at`.
    """
    program, case = evaluation.program, evaluation.case
    try:
        document = case_document(program, case, changes)
    except ValueError:  # no postal code has this part
        yield None
        return
    yield _fresh(program, document)
    if _REQUEST_AT in changes and case.as_of == case.facts.get(_REQUEST_AT):
        del document["as_of"]
        yield _fresh(program, document)


def _fresh(program: c.Program, document: Mapping[str, Any]) -> Evaluation | None:
    case = decode(document, program.facts, currency=program.currency, timezone=program.timezone)
    if case.errors:
        return None
    evaluation = Evaluation(program, case)
    if program.in_force is not None and evaluation.expressions.value(program.in_force, EMPTY) != TRUE:
        return None  # another version of the policy would speak
    return None if evaluation.failed_checks or evaluation.ruled_out else evaluation


def _seconds(moment: date) -> Fraction:
    if isinstance(moment, datetime):
        return Fraction((moment - _EPOCH) // timedelta(seconds=1))
    return Fraction((moment - _EPOCH.date()).days) * 86_400
