"""One member's answer: its outputs, the four lists of rules, requirements, deadlines, and the other options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.evaluate.awaited import awaited
from engine.evaluate.behind import behind
from engine.evaluate.deadlines import deadline, rule_windows, windows_come_to
from engine.evaluate.decisions import Evaluation
from engine.evaluate.last_day import last_day_of
from engine.evaluate.looked_at import also_cited
from engine.evaluate.messages import message
from engine.evaluate.questions import needs
from engine.language import core as c
from engine.language.case import Path, path_text
from engine.language.decision import Deadline, Member, NetPart, Option, Output, RequirementView, RuleView, Verdict
from engine.language.outcome import FALSE, TRUE, Env, Known, Mixed, OutputResult, RuleNote, RuleRole, Unknown
from engine.language.values import Value
from engine.language.walk import below, children
from engine.language.wording import say
from engine.values.moments import NotYet
from engine.values.money import Money

_ROLES: tuple[RuleRole, ...] = ("reason", "outweighed", "yielded", "blocked")


@dataclass(frozen=True)
class Extent:
    """What is worked out beside an answer. What is left out is empty in the decision."""

    deadlines: bool = True
    instead: bool = True
    rests_on: bool = True
    under_readings: bool = True
    also_cites: bool = True


WHOLE = Extent()


@lru_cache(maxsize=16_384)
def facts_tested(rule: c.CoreRule) -> tuple[c.FactRef, ...]:
    """The facts that a rule's conditions read."""
    return tuple(e for e in below((*rule.when, *rule.unless)) if isinstance(e, c.FactRef))


def verdict_of(headline: OutputResult) -> Verdict:
    """The one switch for a service: approve, deny, answer, or review by a person."""
    if headline.status == "decided":
        if headline.value == "approve":
            return "approve"
        return "deny" if headline.value == "deny" else "answer"
    return "answer" if headline.status == "not_applicable" else "review"


def why_of(headline: OutputResult, codes: Iterable[str]) -> tuple[str, ...]:
    """Why the verdict is what it is, in stable words."""
    kinds = {cause.kind for cause in headline.causes}
    match headline.status:
        case "decided":
            if isinstance(headline.value, Mixed):
                return ("mixed",)
            found = tuple(sorted(set(codes)))  # not the order of the lines: it means nothing
            return found or ((headline.value,) if isinstance(headline.value, str) else ())
        case "needs_facts":
            if kinds & {"fact", "evidence"}:
                return ("missing_facts",)
            return ("later",) if "later" in kinds else ("external",)
        case "referred":
            return tuple(headline.kinds) or ("discretion",)
        case "conflict":
            return ("conflict",)
        case "error":
            return ("invalid_input",)
        case "not_applicable":
            return ("not_applicable",)
        case "not_covered":
            out_of_scope = any(cause.name == "out of scope" for cause in headline.causes)
            return ("out_of_scope",) if out_of_scope else ("silent",)


def _net_parts(evaluation: Evaluation, net: c.Net, env: Env | None) -> Iterator[NetPart]:
    """The amounts that a net amount is made of; their values where it is known whose they are."""
    pending, reads = [net.amount], []
    while pending:
        one = pending.pop()
        if isinstance(one, c.OutputRef):
            reads.append(one)
        pending.extend(reversed(children(one)))  # in the order in which they are written
    for (name, flow), ref in zip(net.parts, reads, strict=True):
        found = None if env is None else evaluation.expressions.value(ref, env)
        value = found.value if isinstance(found, Known) and isinstance(found.value, Money) else None
        label = evaluation.program.decisions[ref.decision].outputs[ref.output].label
        yield NetPart(name, flow, label, value)


def output_view(
    evaluation: Evaluation, decision: c.CoreDecision, name: str, result: OutputResult, env: Env | None
) -> Output:
    """An output as services see it, of the member and option in `env` (None: of all members together)."""
    program = evaluation.program
    spec = decision.outputs[name]
    env = env if result.status == "decided" else None
    return Output(
        name=name,
        type=spec.type,
        status=result.status,
        value=result.value,
        label=spec.label,
        kinds=result.kinds,
        needs=needs(program, result.causes),
        only_if=spec.only_when if result.conditional else None,
        by_cases=result.by_cases,
        so_far=result.so_far,
        flow=spec.flow,
        held=result.held,
        net_of=() if spec.net is None else tuple(_net_parts(evaluation, spec.net, env)),
    )


class MemberView:
    """Builds the answer for one member (None: the whole order)."""

    def __init__(self, evaluation: Evaluation, decision: c.CoreDecision, path: Path | None) -> None:
        self.evaluation = evaluation
        self.program = evaluation.program
        self.decision = decision
        self.path = path
        asked = evaluation.asked(decision, path)
        self.asked = str(asked.value) if isinstance(asked, Known) and decision.options else None
        option = self.asked if self.asked in decision.options else ""
        self.env = evaluation.env(decision, path, option or "")
        self.answered = not decision.options or bool(option)

    def member(self, extent: Extent = WHOLE) -> Member:
        """The answer, as much of it as is wanted."""
        results = {o: self.evaluation.answer(self.decision, o, self.path) for o in self.decision.outputs}
        headline = results[self.decision.headline]
        rules = self._rules(results, self.env, extent)
        codes = [r.code for r in rules["reason"] if self.decision.headline in r.outputs]
        identity = self._identity()
        env = self.env if self.answered else None
        return Member(
            item=None if self.path is None else path_text(self.path),
            id=identity,
            asked=self.asked,
            status=headline.status,
            verdict=verdict_of(headline),
            why=why_of(headline, codes),
            outputs={o: output_view(self.evaluation, self.decision, o, r, env) for o, r in results.items()},
            reasons=rules["reason"],
            outweighed=rules["outweighed"],
            yielded=rules["yielded"],
            blocked=rules["blocked"],
            requirements=tuple(self._requirements(headline)),
            deadlines=self._deadlines(results, self.env) if extent.deadlines else (),
            instead=tuple(self._instead(extent)) if extent.instead else (),
            under_readings=self._under_readings(headline) if extent.under_readings else {},
            awaits=awaited(self.evaluation, self.decision, results, self.env) if self.answered else (),
        )

    def _identity(self) -> str | None:
        if self.path is None:
            return None
        found = self.evaluation.case.facts.get((*self.path, "id"))
        return None if found is None else str(found)

    # rules -----------------------------------------------------------------------------------------------------------

    def _rules(
        self, results: dict[str, OutputResult], env: Env, extent: Extent
    ) -> dict[RuleRole, tuple[RuleView, ...]]:
        found: dict[RuleRole, tuple[RuleView, ...]] = {}
        for role in _ROLES:
            by_rule: dict[str, tuple[RuleNote, list[str]]] = {}
            for name, result in results.items():
                if result.status == "not_applicable" and role == "reason":
                    continue
                for note in result.notes:
                    if note.role == role:
                        by_rule.setdefault(note.rule.id, (note, []))[1].append(name)
            order = sorted(by_rule.values(), key=lambda p: (self.decision.headline not in p[1], p[0].rule.id))
            found[role] = tuple(self._rule_view(note, outputs, env, extent) for note, outputs in order)
        return found

    def _rule_view(self, note: RuleNote, outputs: list[str], env: Env, extent: Extent) -> RuleView:
        rule = note.rule
        speaks = note.role in ("reason", "outweighed")
        text = None
        if rule.because is not None and speaks:
            text = message(rule.because, self.evaluation.expressions, env)
        return RuleView(
            rule=rule.id,
            code=rule.code,
            outputs=tuple(outputs),
            message=text,
            note=rule.note,
            cites=rule.cites,
            to=note.to,
            needs=needs(self.program, note.causes),
            assumes=self._assumed(rule, env) if speaks else (),
            leaning=self._leaning(rule, env),
            concludes=self._concludes(rule, outputs, env) if speaks else {},
            behind=behind(self.evaluation, rule, outputs, env) if speaks else (),
            also_cites=also_cited(self.evaluation, rule, outputs, env) if speaks and extent.also_cites else (),
        )

    def _leaning(self, rule: c.CoreRule, env: Env) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, conclusion in rule.leaning.items():
            if not isinstance(conclusion, c.NotStated):
                value = self.evaluation.expressions.value(conclusion, env)
                if isinstance(value, Known) and not isinstance(value.value, NotYet):
                    found[name] = value.value
        return found

    def _concludes(self, rule: c.CoreRule, outputs: Iterable[str], env: Env) -> dict[str, Value]:
        """What a rule says about some outputs, as far as it is known."""
        said = {name: self.evaluation.outputs.said(rule, self.decision.outputs[name], env) for name in outputs}
        return {name: one.value for name, one in said.items() if isinstance(one, Known)}

    def _assumed(self, rule: c.CoreRule, env: Env) -> tuple[str, ...]:
        """The assumed facts that a rule's conditions read."""
        assumed = self.evaluation.case.assumed
        if not assumed:
            return ()
        found = set()
        for expr in facts_tested(rule):
            if expr.variable is None or expr.variable in env.bindings:
                path = self.evaluation.expressions.path(expr, env)
                if path in assumed:
                    found.add(path_text(path))
        return tuple(sorted(found))

    # requirements and deadlines --------------------------------------------------------------------------------------

    def _requirements(self, headline: OutputResult) -> Iterator[RequirementView]:
        if not self.answered:
            return
        value = self.evaluation.expressions.value
        for one in self.decision.requires:
            when, met = value(one.when, self.env), value(one.met, self.env)
            state = "met" if met == TRUE else ("not_needed" if when == FALSE else "open")
            if headline.status == "decided" and headline.value != one.blocks and state == "open":
                state = "not_needed"  # the answer is no: there is nothing left to ask for
            last_day, over = last_day_of(self.evaluation, one, self.env)
            if state == "open" and over:
                state = "overdue"
            result = self.evaluation.outputs.met(self.decision, one, self.env)
            causes = result.causes if isinstance(result, Unknown) else frozenset()
            yield RequirementView(
                requirement=one.id,
                state=state,  # type: ignore[arg-type]
                ask=one.ask,
                last_day=last_day,
                cites=one.cites,
                needs=needs(self.program, causes) if state in ("open", "overdue") else (),
            )

    def _only_asks(self, note: RuleNote, env: Env) -> bool:
        """Whether a blocked rule's own conditions hold, so that it only waits for what must be in hand."""
        value = self.evaluation.expressions.value
        return (
            note.role == "blocked"
            and all(value(w, env) == TRUE for w in note.rule.when)
            and all(value(u, env) == FALSE for u in note.rule.unless)
        )

    def _speaking(self, results: dict[str, OutputResult], env: Env) -> list[c.CoreRule]:
        found: dict[str, c.CoreRule] = {}
        for result in results.values():
            for note in result.notes:
                if note.role in ("reason", "outweighed") or self._only_asks(note, env):
                    found.setdefault(note.rule.id, note.rule)
        return sorted(found.values(), key=lambda r: r.order)

    def _deadlines(self, results: dict[str, OutputResult], env: Env) -> tuple[Deadline, ...]:
        """Every window that a speaking rule reads, on a denial too; and one that is waited for though its end is known."""
        found: dict[str, c.WindowUse] = {}
        bound = frozenset(env.bindings)
        for rule in self._speaking(results, env):
            for window in windows_come_to(self.evaluation, rule, env):
                found.setdefault(window.name, window)
        for window in self._waited_for(results, bound):
            reading = self.evaluation.expressions.clocks.read(window, env)
            if isinstance(reading.state, Unknown) and reading.end is not None:
                found.setdefault(window.name, window)
        for requirement in self.decision.requires:
            if isinstance(requirement.by, c.WindowUse) and self._may_be_asked(requirement, env):
                found.setdefault(requirement.by.name, requirement.by)
        return tuple(deadline(self.evaluation, found[name], env) for name in sorted(found))

    def _waited_for(self, results: dict[str, OutputResult], bound: frozenset[str]) -> Iterator[c.WindowUse]:
        """The windows of blocked rules that an answer waits for."""
        for result in results.values():
            for note in result.notes if result.status == "needs_facts" else ():
                if note.role == "blocked":
                    yield from rule_windows(note.rule, bound)

    def _may_be_asked(self, requirement: c.CoreRequirement, env: Env) -> bool:
        """Whether a requirement holds for this case at all; its deadline would mislead otherwise."""
        variable = self.decision.option_variable
        if variable is not None and variable not in env.bindings:
            return False
        return self.evaluation.expressions.value(requirement.when, env) != FALSE

    # other options, readings -----------------------------------------------------------------------------------------

    def _instead(self, extent: Extent) -> Iterator[Option]:
        for option in self.decision.options:
            if option == self.asked:
                continue
            env = self.evaluation.env(self.decision, self.path, option)
            results = {o: self.evaluation.one(self.decision, o, self.path, option) for o in self.decision.outputs}
            headline = results[self.decision.headline]
            rules = self._rules(results, env, extent)
            codes = [r.code for r in rules["reason"] if self.decision.headline in r.outputs]
            yield Option(
                option=option,
                status=headline.status,
                verdict=verdict_of(headline),
                why=why_of(headline, codes),
                outputs={o: output_view(self.evaluation, self.decision, o, r, env) for o, r in results.items()},
                reasons=rules["reason"],
                deadlines=self._deadlines(results, env),
            )

    def _under_readings(self, headline: OutputResult) -> dict[str, dict[str, str]]:
        """For what an undecided reading leaves open: what the headline is under each of its options."""
        found: dict[str, dict[str, str]] = {}
        for cause in sorted(headline.causes):
            reading = self.program.readings.get(cause.name) if cause.kind == "ruling" else None
            if reading is None:
                continue
            found[reading.id] = {}
            for option, _ in reading.options:
                trial = self.evaluation.with_reading(reading.id, option)
                result = trial.answer(self.decision, self.decision.headline, self.path)
                found[reading.id][option] = self._in_a_word(result)
        return found

    def _in_a_word(self, result: OutputResult) -> str:
        """A headline's value as text: a word as it is, anything else in words; its status if it has no value."""
        if result.status != "decided" or result.value is None:
            return result.status
        kind = self.decision.outputs[self.decision.headline].type
        return result.value if isinstance(result.value, str) else say(result.value, kind)
