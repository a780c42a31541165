"""Which readings an answer rests on, those behind the answers of other questions that it reads too.

The rules are in `docs/semantics.md`, step 14a. One instance serves all members of a question, so that what they all read
is looked into once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.evaluate.decisions import Evaluation
from engine.evaluate.looked_at import LookedAt, readings_below
from engine.language import core as c
from engine.language.case import Path
from engine.language.outcome import EMPTY, FALSE, TRUE, Env, Known, OutputResult, Unknown
from engine.values.money import Money

_NONE: frozenset[str] = frozenset()


class RestsOn:
    """Finds the readings behind the answers of one evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._program = evaluation.program
        self._names = frozenset(evaluation.program.readings)
        self._look = LookedAt(evaluation, self._read)
        self._known: dict[tuple[str, str, Path | None, str], frozenset[str]] = {}

    def answer(self, decision: c.CoreDecision, member: Path | None) -> frozenset[str]:
        """What the answer for one member (None: for the order) rests on, all of its outputs taken together."""
        if not self._names:
            return _NONE
        scope = self._program.applies_when
        found = _NONE if scope is None else self._look.readings(scope, EMPTY)
        asked = self._evaluation.asked(decision, member)
        option = str(asked.value) if isinstance(asked, Known) and asked.value in decision.options else ""
        if decision.options and not option:
            return found.union(*(self._output(decision, name, member, "") for name in decision.outputs))
        results = {name: self._evaluation.answer(decision, name, member) for name in decision.outputs}
        return found | self._behind(decision, results, decision.rules, self._evaluation.env(decision, member, option))

    # what other questions say ----------------------------------------------------------------------------------------

    def _read(self, ref: c.OutputRef, env: Env) -> frozenset[str]:
        """What stands behind another output that is read: of one member, or of all where their roll-up is read."""
        decision = self._program.decisions[ref.decision]
        option = str(env.bindings[ref.option[1:]]) if ref.option.startswith("*") else ref.option
        members: list[Path | None] = [None]
        if ref.item is not None:
            bound = env.bindings[ref.item]
            assert not isinstance(bound, str)
            one = self._evaluation.facts.member(decision.list_path, bound)
            members = [] if isinstance(one, Unknown) else [one]
        elif decision.variable is not None:
            found = self._evaluation.members(decision)
            members = [] if isinstance(found, Unknown) else found
        return _NONE.union(*(self._output(decision, ref.output, member, option) for member in members))

    def _output(self, decision: c.CoreDecision, name: str, member: Path | None, option: str) -> frozenset[str]:
        """What one output for one member rests on. Outputs read one another without circles, so this ends."""
        key = (decision.id, name, member, option)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _NONE.union(*self._worked_out(decision, name, member, option))
        return found

    def _worked_out(
        self, decision: c.CoreDecision, name: str, member: Path | None, option: str
    ) -> Iterator[frozenset[str]]:
        if decision.options and not option:
            assert decision.asked is not None
            yield self._look.readings(decision.asked, self._evaluation.env(decision, member))
            asked = self._evaluation.asked(decision, member)
            open_ = isinstance(asked, Unknown)  # nobody said what is asked for: every option has its part
            for one in decision.options:
                if open_ or asked == Known(one):
                    yield self._output(decision, name, member, one)
            return
        spec = decision.outputs[name]
        read = (name,) if spec.only_when is None else (name, decision.headline)
        results = {one: self._evaluation.one(decision, one, member, option) for one in read}
        rules = [rule for rule in decision.rules if any(_bears_on(rule, decision.outputs[one]) for one in read)]
        yield self._behind(decision, results, rules, self._evaluation.env(decision, member, option))

    # rules -----------------------------------------------------------------------------------------------------------

    def _behind(
        self, decision: c.CoreDecision, results: Mapping[str, OutputResult], rules: Iterable[c.CoreRule], env: Env
    ) -> frozenset[str]:
        """What some outputs rest on: cited by the rules that speak, tested where they looked, and those under whose
        other options another of `rules` would speak."""
        found: set[str] = set()
        seen: set[str] = set()
        for name, result in results.items():
            found |= {cause.name for cause in result.causes if cause.kind == "ruling" and cause.name in self._names}
            if result.status == "not_applicable":
                continue
            for note in result.notes:
                if note.role != "blocked" and note.rule.id not in seen:
                    seen.add(note.rule.id)
                    found |= self._rule(note.rule, results, env)
            for part in _beside_rules(decision.outputs[name], result):
                found |= self._look.readings(part, env)
        return frozenset(found | self._otherwise(decision, rules, env, found))

    def _rule(self, rule: c.CoreRule, outputs: Iterable[str], env: Env) -> set[str]:
        """What a rule that speaks rests on, as far as it speaks about some outputs."""
        said = [rule.then[name] for name in outputs if name in rule.then]
        parts = [*rule.when, *rule.unless, *(one for one in said if not isinstance(one, c.NotStated))]
        found = self._names & (set(rule.cites) | self._look.cites(parts, env, named=False))
        return set(found.union(*(self._look.readings(part, env) for part in parts)))

    def _otherwise(self, decision: c.CoreDecision, rules: Iterable[c.CoreRule], env: Env, known: set[str]) -> set[str]:
        """Readings by which a rule is false that would not be under another of their options."""
        found: set[str] = set()
        outputs = self._evaluation.outputs
        if self._evaluation.applies == FALSE:  # all rules are false then; what the scope rests on is found apart
            return found
        for rule in rules:
            tested = [readings_below(part) for part in (*rule.when, *rule.unless)]
            if all(one is not None and one <= known for one in tested):
                continue
            if outputs.activation(decision, rule, env) != FALSE:
                continue
            for name in sorted(self._against(rule, env, known | found)):
                trials = (self._evaluation.with_reading(name, one) for one in self._other_options(name))
                if any(trial.outputs.activation(decision, rule, env) != FALSE for trial in trials):
                    found.add(name)
        return found

    def _against(self, rule: c.CoreRule, env: Env, known: set[str]) -> frozenset[str]:
        """The readings, but for those known already, that have a part in everything that speaks against a false rule."""
        value = self._evaluation.expressions.value
        shared = self._names - known
        against: list[c.Expr] = []
        for parts, settles in ((rule.when, FALSE), (rule.unless, TRUE)):
            for part in parts:
                if value(part, env) == settles:
                    tested = readings_below(part)
                    shared = shared if tested is None else shared & tested
                    against.append(part)
            if not shared:
                return _NONE
        for part in against:  # what may be tested there comes first: it costs less than to see what was
            shared &= self._look.readings(part, env)
        return shared

    def _other_options(self, name: str) -> Iterator[str]:
        reading = self._program.readings[name]
        now = self._evaluation.settings.readings.get(name, reading.chosen)
        return (option for option, _ in reading.options if option != now)


def _bears_on(rule: c.CoreRule, output: c.CoreOutput) -> bool:
    """Whether a rule may change an output: it concludes it, or overrides a rule that does."""
    return output.id in rule.then or any(rule in rules for rules in output.over.values())


def _beside_rules(output: c.CoreOutput, result: OutputResult) -> Iterator[c.Expr]:
    """What an output comes to by besides its rules: what it is the net of, or splits; its bound; what holds otherwise."""
    if output.net is not None:
        yield output.net.amount
    if output.split_of is not None:
        yield output.split_of
    if output.otherwise is not None and result.by_default:
        yield output.otherwise.value
    nothing = isinstance(result.value, Money) and result.value.amount == 0 and result.held != "at_most"
    if output.up_to is not None and not nothing:
        yield output.up_to
