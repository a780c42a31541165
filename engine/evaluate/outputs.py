"""Outputs of one decision for one member and option (`docs/semantics.md`, steps 5 to 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from engine.evaluate.by_cases import ByCases
from engine.evaluate.combine import CONFLICT, NOTHING, Joined, Nothing, combine
from engine.evaluate.expressions import Expressions, is_day, kleene, negated
from engine.evaluate.facts import Facts
from engine.evaluate.operations import Imprecise, failed
from engine.evaluate.trial import Earlier, Trial
from engine.evaluate.worlds import Ways, Worlds
from engine.language import core as c
from engine.language.case import Path, path_text
from engine.language.model import REVIEW_KINDS, ReviewKind
from engine.language.outcome import (
    EMPTY,
    FALSE,
    TRUE,
    Cause,
    Causes,
    Env,
    Held,
    Known,
    OutputResult,
    Result,
    RuleNote,
    Status,
    Unknown,
    joined,
    unknown,
)
from engine.language.values import TenderShare, Value
from engine.values.moments import NotYet
from engine.values.money import Money, OutOfBounds, minor_unit, split_tenders
from engine.values.numbers import round_to

_FACT_KINDS = {"fact", "evidence"}
_WAITING_KINDS = {"later", "external"}
_RULED_KINDS = {"ruling", "referred"}


def status_of(causes: Causes) -> Status:
    """Step 8: what an unsettled output is, by the gravest of its causes."""
    kinds = {cause.kind for cause in causes}
    if "error" in kinds:
        return "error"
    if kinds & _FACT_KINDS or kinds & _WAITING_KINDS:
        return "needs_facts"
    if kinds & _RULED_KINDS:
        return "referred"
    if "conflict" in kinds:
        return "conflict"
    if "not_applicable" in kinds:
        return "not_applicable"
    return "not_covered"


def open_facts(causes: Causes) -> Causes:
    """The causes that somebody can still tell, do, or see happen."""
    return frozenset(cause for cause in causes if cause.kind in _FACT_KINDS | _WAITING_KINDS)


class Outputs:
    """Evaluates outputs; one instance per case and trial."""

    def __init__(
        self,
        facts: Facts,
        expressions: Expressions,
        applies: Callable[[], Result],
        trial: Trial,
        earlier: Earlier | None = None,
    ) -> None:
        self.earlier = earlier
        self.facts = facts
        self.expressions = expressions
        self.applies = applies
        self.trial = trial
        self.program = facts.program
        self._activation: dict[tuple[int, object], Result] = {}
        self._results: dict[tuple[int, object], OutputResult] = {}

    def spoke(self) -> Iterator[c.CoreRule]:
        """The rules and table rows that settled an output in anything evaluated so far (a `not stated` settles it too)."""
        for result in self._results.values():
            if result.status in ("decided", "referred", "conflict", "not_covered"):
                yield from (note.rule for note in result.notes if note.role == "reason")

    def evaluated(self) -> Iterator[tuple[int, Env]]:
        """The outputs that were evaluated so far, by their identity, each with the environment it was evaluated in."""
        for identity, key in list(self._results):
            names = cast("tuple[tuple[str, Path | str], ...]", key)
            yield identity, Env(dict(names), names)

    # step 5 ----------------------------------------------------------------------------------------------------------

    def activation(self, decision: c.CoreDecision | None, rule: c.CoreRule, env: Env) -> Result:
        """A(r): all of `when`, none of `unless`, and what must be in hand before a yes."""
        key = (id(rule), env.key)
        found = self._activation.get(key)
        if found is None:
            found = self._activation[key] = kleene("and", self._parts(decision, rule, env))
        return found

    def _parts(self, decision: c.CoreDecision | None, rule: c.CoreRule, env: Env) -> Iterator[Result]:
        value = self.expressions.value
        for condition in rule.when:
            yield value(condition, env)
        for exception in rule.unless:
            yield negated(value(exception, env))
        if decision is not None:
            yield self.applies()
            if decision.requires:
                yield self._requirements(decision, rule, env)

    def _requirements(self, decision: c.CoreDecision, rule: c.CoreRule, env: Env) -> Result:
        conclusion = rule.then.get(decision.headline)
        if conclusion is None:
            return TRUE
        concluded = self.conclude(rule, decision.headline, env)
        parts = []
        for requirement in decision.requires:
            if isinstance(concluded, Known) and concluded.value != requirement.blocks:
                continue
            if isinstance(concluded, Unknown) and not self._can_be(conclusion, requirement.blocks):
                continue
            met = self.met(decision, requirement, env)
            if isinstance(met, Unknown) and isinstance(concluded, Unknown):
                met = Unknown(met.causes | concluded.causes)
            parts.append(met)
        return kleene("and", parts)

    def _can_be(self, conclusion: c.Conclusion, word: str) -> bool:
        return not isinstance(conclusion, c.NotStated)

    def met(self, decision: c.CoreDecision, requirement: c.CoreRequirement, env: Env) -> Result:
        """M(q): true if it is not asked for or is met; otherwise blocked, never false."""
        when = self.expressions.value(requirement.when, env)
        met = self.expressions.value(requirement.met, env)
        if when == FALSE or met == TRUE:
            return TRUE
        causes = joined((when, met))
        if met == FALSE:
            item = next((path_text(p) for p in env.bindings.values() if not isinstance(p, str)), "")
            causes |= {Cause("evidence", f"{decision.id}.{requirement.id}", item)}
        return Unknown(causes)

    def conclude(self, rule: c.CoreRule, output: str, env: Env) -> Result:
        """What a rule concludes for an output."""
        conclusion = rule.then[output]
        if isinstance(conclusion, c.NotStated):
            return unknown("silent", rule.id)
        return self._concluded(conclusion, env)

    def said(self, rule: c.CoreRule, output: c.CoreOutput, env: Env) -> Result:
        """What a rule concludes for an output, an amount as it is held there."""
        return cast("Result", self._held(output, self.conclude(rule, output.id, env), env))

    def _concluded(self, expr: c.Expr, env: Env) -> Result:
        """A value as a conclusion: an event that has not been seen is none yet, since it will be another one."""
        found = self.expressions.value(expr, env)
        if isinstance(found, Known) and isinstance(found.value, NotYet):
            return Unknown(self.expressions.not_yet(expr, env))
        return found

    # steps 6 to 10 ---------------------------------------------------------------------------------------------------

    def output(self, decision: c.CoreDecision | None, output: c.CoreOutput, env: Env) -> OutputResult:
        """An output for the member and option in `env` (a table's result has no decision)."""
        key = (id(output), env.key)
        found = self._results.get(key)
        if found is None:
            found = None if self.earlier is None else self.earlier.settled(decision, output, env)
            found = self._results[key] = found if found is not None else self._output(decision, output, env)
        return found

    def _output(self, decision: c.CoreDecision | None, output: c.CoreOutput, env: Env) -> OutputResult:
        if decision is None:
            return self._settle(decision, output, env)
        if self.applies() == FALSE:
            return self.out_of_scope(output.id)
        settled = self.in_scope(self._worked_out(output, env) or self._settle(decision, output, env))
        return settled if output.only_when is None else self._only_when(decision, output, settled, env)

    def out_of_scope(self, output: str) -> OutputResult:
        """An output of a policy that does not speak about this order."""
        return OutputResult(output, "not_covered", causes=frozenset((Cause("not_covered", "out of scope"),)))

    def in_scope(self, result: OutputResult) -> OutputResult:
        """A result as it stands while nobody knows whether the policy speaks about this order at all.

        It cannot be settled then, not even by `otherwise` or where every rule says the same: out of scope it would be
        `not_covered`. Only what is `not_covered` anyway is so either way, unless another version may hold.
        """
        applies = self.applies()
        if not isinstance(applies, Unknown) or (result.status == "not_covered" and self.another_may_hold() is None):
            return result
        settled = result.status in ("decided", "conflict") or result.value is not None
        return self._open(result.output, applies.causes | (frozenset() if settled else result.causes), result.notes)

    def another_may_hold(self) -> Unknown | None:
        """Why it is not known which version of the policy holds; None if it is, or if there are no others."""
        if not self.program.several or self.program.in_force is None:
            return None
        held = self.expressions.value(self.program.in_force, EMPTY)
        return held if isinstance(held, Unknown) else None

    def _open(self, output: str, causes: Causes, notes: tuple[RuleNote, ...] = ()) -> OutputResult:
        """An unsettled output, with the status that its causes give it."""
        status = status_of(causes)
        kinds = self.kinds(causes) if status == "referred" else ()
        return OutputResult(output, status, kinds=kinds, causes=causes, notes=notes)

    def ways(self, decision: c.CoreDecision | None, output: c.CoreOutput, env: Env) -> tuple[Ways, Worlds]:
        """P(o) with its causes."""
        activation = {r.id: self.activation(decision, r, env) for r in output.rules}

        def join(rules: Sequence[c.CoreRule], conclusions: Mapping[str, Result]) -> Joined:
            if not rules and output.otherwise is not None:
                return self._concluded(output.otherwise.value, env)
            try:
                return combine(output, rules, conclusions, self.expressions.arithmetic)
            except Imprecise:
                days = [r.then[output.id] for r in rules if is_day(cast("Known", conclusions[r.id]).value)]
                causes = [self.expressions.inexact(x, env) for x in days if not isinstance(x, c.NotStated)]
                return Unknown(frozenset().union(*causes))

        def hold(found: Joined) -> Joined:
            return self._held(output, found, env)

        worlds = Worlds(output, activation, lambda r: self.conclude(r, output.id, env), join, hold)
        return worlds.explore(), worlds

    def _held(self, output: c.CoreOutput, found: Joined, env: Env) -> Joined:
        """An amount as it is concluded (step 8): rounded, never below zero if it has a flow, a refund up to its bound.

        Zero or less is nothing whatever the bound is; only more than that waits for it.
        """
        if not isinstance(found, Known) or not isinstance(found.value, Money):
            return found
        value = self._rounded(output, found.value)
        if output.flow is not None and value.amount <= 0:
            return Known(Money(Fraction(0), value.currency))
        if output.up_to is None:
            return Known(value)
        bound = self._concluded(output.up_to, env)
        if isinstance(bound, Unknown):
            return bound
        most = self._rounded(output, cast("Money", bound.value)).amount
        return Known(Money(max(min(value.amount, most), Fraction(0)), value.currency))

    def _rounded(self, output: c.CoreOutput, amount: Money) -> Money:
        """An amount in whole smallest coins, as the policy rounds; if it does not say how, it is whole already."""
        if output.rounding is None:
            return amount
        return Money(round_to(amount.amount, minor_unit(amount.currency), output.rounding), amount.currency)

    def _settle(self, decision: c.CoreDecision | None, output: c.CoreOutput, env: Env) -> OutputResult:
        ways, worlds = self.ways(decision, output, env)
        notes = tuple(self._notes(output, ways, worlds, env))
        first = ways.results[0]
        if len(ways.results) == 1 and isinstance(first, Known):
            decided = self._decided(output, first.value, notes, by_default=not ways.base)
            return replace(decided, held=self._how_held(output, ways.concluded, first.value))
        if len(ways.results) == 1 and first == CONFLICT:
            origin = self._origin(decision, output)
            return OutputResult(output.id, "conflict", causes=frozenset((Cause("conflict", origin),)), notes=notes)
        if len(ways.results) == 1 and first == NOTHING:
            origin = self._origin(decision, output)
            return OutputResult(
                output.id, "not_covered", causes=frozenset((Cause("not_covered", origin),)), notes=notes
            )
        causes = ways.causes or frozenset((Cause("conflict", self._origin(decision, output)),))
        if not self.trial.simple and any(cause.kind in ("fact", "ruling") for cause in causes):
            # also where one of the causes is an error: a fact may turn out to be one after others have settled the value
            value = ByCases(self.facts, self.trial).value(decision, output, env)
            if value is not None:
                return replace(self._decided(output, value, notes, by_default=False), by_cases=True)
        return self._open(output.id, causes, notes)

    def _origin(self, decision: c.CoreDecision | None, output: c.CoreOutput) -> str:
        return f"{decision.id}.{output.id}" if decision is not None else output.id

    def _decided(
        self, output: c.CoreOutput, value: Value, notes: tuple[RuleNote, ...], by_default: bool
    ) -> OutputResult:
        if isinstance(value, str) and value == "review" and "review" in output.words:
            kinds = {n.rule.review for n in notes if n.role == "reason"}
            found: tuple[ReviewKind, ...] = tuple(k for k in REVIEW_KINDS if k in kinds) or ("discretion",)
            causes = frozenset(Cause("referred", kind, output.id) for kind in found)
            return OutputResult(
                output.id,
                "referred",
                value=value,
                kinds=found,
                causes=causes,
                notes=notes,
            )
        return OutputResult(output.id, "decided", value=value, notes=notes, by_default=by_default)

    def kinds(self, causes: Causes) -> tuple[ReviewKind, ...]:
        """What kind of person's work the causes call for."""
        found: set[str] = set()
        for cause in causes:
            if cause.kind == "referred":
                found.add(cause.name)
            elif cause.kind == "ruling":
                reading = self.program.readings.get(cause.name)
                parameter = self.program.parameters.get(cause.name)
                kind = reading.refer_as if reading else (parameter.refer_as if parameter else None)
                found.add(kind or "vague")
            elif cause.kind == "silent":
                found.add("silent")
        return cast("tuple[ReviewKind, ...]", tuple(k for k in REVIEW_KINDS if k in found))

    def _how_held(self, output: c.CoreOutput, concluded: Joined, value: Value) -> Held | None:
        """By what an amount with a flow was held, if the rules concluded another one."""
        if output.flow is None or not isinstance(concluded, Known) or not isinstance(value, Money):
            return None
        amount = self._rounded(output, cast("Money", concluded.value)).amount
        if amount == value.amount:
            return None
        return "at_zero" if amount < 0 else "at_most"

    def _notes(self, output: c.CoreOutput, ways: Ways, worlds: Worlds, env: Env) -> Iterator[RuleNote]:
        """The four lists: what speaks and agrees, what speaks and is outweighed, what yields, what is blocked."""

        def fires(rule: c.CoreRule) -> bool:
            return worlds.activation[rule.id] == Known(True)

        settled = ways.results[0] if len(ways.results) == 1 else None
        doubtful = {rule.id: self._may_be_put_out(rule, output, worlds) for rule in output.rules}
        firm = any(worlds.activation[rule.id] == TRUE and not doubtful[rule.id] for rule in output.rules)
        for rule in output.rules:
            state = worlds.activation[rule.id]
            if isinstance(state, Unknown):
                yield RuleNote(rule, "blocked", causes=state.causes)
            elif state == TRUE:
                to = worlds.out(rule, fires)
                if to:
                    yield RuleNote(rule, "yielded", to=to)
                    continue
                if firm and doubtful[rule.id]:  # what is certain speaks; this rule may still have to yield
                    yield RuleNote(rule, "blocked", causes=doubtful[rule.id])
                    continue
                own = worlds.conclusions.get(rule.id)
                agrees = output.combine in ("sum", "all") or settled is None or own is None
                agrees = agrees or isinstance(own, Unknown) or isinstance(settled, Nothing)
                agrees = agrees or self._held(output, cast("Result", own), env) == settled
                yield RuleNote(rule, "reason" if agrees else "outweighed")

    def _may_be_put_out(self, rule: c.CoreRule, output: c.CoreOutput, worlds: Worlds) -> Causes:
        """The causes that leave open whether a rule which applies is overridden."""
        return joined(worlds.activation[q.id] for q in output.over.get(rule.id, ()))

    def _only_when(
        self, decision: c.CoreDecision, output: c.CoreOutput, settled: OutputResult, env: Env
    ) -> OutputResult:
        """Step 10: moot on a headline outside the list, conditional while the headline is open."""
        headline = self.output(decision, decision.outputs[decision.headline], env)
        assert output.only_when is not None
        if headline.status == "decided":
            if headline.value in output.only_when:
                return settled
            return OutputResult(
                output.id,
                "not_applicable",
                causes=frozenset((Cause("not_applicable", f"{decision.id}.{output.id}"),)),
                notes=settled.notes,
            )
        return replace(settled, conditional=True, headline=headline)

    # splits and net amounts ------------------------------------------------------------------------------------------

    def _worked_out(self, output: c.CoreOutput, env: Env) -> OutputResult | None:
        """An output that no rule concludes, but others come to; None if it is not one."""
        if output.split_of is not None:
            return self._split(output, env)
        if output.net is None:
            return None
        found = self.expressions.value(output.net.amount, env)
        if isinstance(found, Unknown):
            return self._open(output.id, found.causes)
        return OutputResult(output.id, "decided", value=found.value)

    def _split(self, output: c.CoreOutput, env: Env) -> OutputResult:
        """An amount over the order's tenders, none of which gets back more than it still holds."""
        assert output.split_of is not None
        total = self.expressions.value(output.split_of, env)
        tenders = self._tenders()
        causes = joined((total,)) | (tenders if isinstance(tenders, frozenset) else frozenset())
        if causes:
            return self._open(output.id, causes)
        amount = cast("Money", cast("Known", total).value)
        room = cast("list[tuple[str, Fraction]]", tenders)
        try:
            parts = split_tenders(amount.amount, room, output.split_order)
        except OutOfBounds as error:
            return OutputResult(output.id, "error", causes=cast("Unknown", failed(str(error))).causes)
        shares = tuple(
            TenderShare(kind, Money(part, amount.currency)) for (kind, _), part in zip(room, parts, strict=True)
        )
        return OutputResult(output.id, "decided", value=shares)

    def _tenders(self) -> list[tuple[str, Fraction]] | Causes:
        path: Path = ("order", "tenders")
        count = self.facts.length(path)
        if count is None:
            return frozenset((Cause("fact", path_text(path)),))
        record = self.trial.tender_fields
        room: list[tuple[str, Fraction]] = []
        causes: set[Cause] = set()
        for i in range(count):
            parts = {n: self.facts.read((*path, i, n), f, self.expressions) for n, f in record.items()}
            causes |= joined(parts.values())
            if not causes:
                kind, captured, refunded = (cast("Known", parts[n]).value for n in ("kind", "captured", "refunded"))
                room.append((str(kind), cast("Money", captured).amount - cast("Money", refunded).amount))
        return frozenset(causes) if causes else room

    # step 11 ---------------------------------------------------------------------------------------------------------

    def as_read(self, name: str, result: OutputResult) -> Result:
        """What reading an output gives: its value, or why there is none.

        A conditional one waits for its headline, and for the facts it needs besides: left out, they would turn up as
        new causes once the headline is settled, although causes only ever shrink.
        """
        if result.conditional and result.headline is not None:
            headline = self.as_read(name, result.headline)
            assert isinstance(headline, Unknown)
            return Unknown(headline.causes | open_facts(result.causes))
        if result.status == "decided" and result.value is not None:
            return Known(cast("Value", result.value))
        return Unknown(result.causes or frozenset((Cause("not_covered", name),)))
