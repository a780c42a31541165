"""Which cases can notice that a part of a policy is another one: a map made while the cases run, and a look before they run
again.

A change to one part of a program can bear on an answer only through what that part comes to. So a case need not be run
again if the changed part comes to the same known value wherever the case evaluated it. Where a value is unknown the case
is run: what is missing might be tried with other answers. The look costs a fraction of a run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from engine.evaluate.decisions import Evaluation, Settings
from engine.evaluate.expressions import kleene, negated
from engine.language import core as c
from engine.language.case import Case, Path
from engine.language.outcome import EMPTY, FALSE, TRUE, Env, Known, Result, Unknown
from engine.language.prints import Prints
from engine.language.walk import children
from engine.read.load import words_of
from engine.testing.limits.of_case import facts_of
from engine.testing.model import WorkedCase
from engine.testing.mutation.fingerprint import PartName, ProgramPart, readings_of, reads_windows

Seen = list[tuple[Env, Result]]


@dataclass
class Trace:
    """What a case evaluated of a program, and what that came to, by environment.

    `rules`: whether the conditions of a rule hold, by decision and rule. `values`: what conclusions, requirements and
    further formulas came to, by the name of their part. `outputs`: where each output was evaluated.
    """

    case: WorkedCase
    decoded: Case
    settings: Settings
    decisions: int
    spoke: frozenset[str] = frozenset()
    undetermined: bool = False
    """Whether it was not known which version or market holds: the answer then hangs on all of them."""
    rules: dict[tuple[str, str], Seen] = field(default_factory=dict)
    values: dict[PartName, Seen] = field(default_factory=dict)
    outputs: dict[tuple[str, str], list[Env]] = field(default_factory=dict)

    @property
    def reached(self) -> frozenset[str]:
        """The decisions that were evaluated."""
        return frozenset(decision for decision, _ in self.outputs)


def trace(case: WorkedCase, evaluation: Evaluation) -> Trace:
    """Write down what a case evaluated. `decisions` tells the versions of a policy apart: the identity of theirs."""
    program = evaluation.program
    spoke = frozenset(f"{r.span.start}" for r in evaluation.outputs.spoke())
    found = Trace(case, evaluation.case, evaluation.settings, id(program.decisions), spoke, program.several)
    outputs = {id(o): (d, o) for d in program.decisions.values() for o in d.outputs.values()}
    for identity, env in evaluation.outputs.evaluated():
        if identity in outputs and evaluation.applies != FALSE:
            _note(found, evaluation, *outputs[identity], env)
    if program.applies_when is not None:
        found.values["applies",] = [(EMPTY, evaluation.applies)]
    return found


def _note(found: Trace, evaluation: Evaluation, decision: c.CoreDecision, output: c.CoreOutput, env: Env) -> None:
    value = evaluation.expressions.value
    known = found.outputs.setdefault((decision.id, output.id), [])
    known.append(env)
    for rule in output.rules:
        seen = found.rules.setdefault((decision.id, rule.id), [])
        if all(other.key != env.key for other, _ in seen):
            seen.append((env, holds(evaluation, rule, env)))
        conclusion = rule.then[output.id]
        if not isinstance(conclusion, c.NotStated):
            then = ("then", decision.id, rule.id, output.id)
            found.values.setdefault(then, []).append((env, value(conclusion, env)))
    for one in decision.requires:
        needed = found.values.setdefault(("requirement", decision.id, one.id), [])
        if all(other.key != env.key for other, _ in needed):
            needed.append((env, _met(evaluation, one, env)))
    if output.otherwise is not None:
        name = ("otherwise", decision.id, output.id)
        found.values.setdefault(name, []).append((env, value(output.otherwise.value, env)))


def holds(evaluation: Evaluation, rule: c.CoreRule, env: Env) -> Result:
    """Whether the conditions of a rule hold: all of `when` and none of `unless`."""
    value = evaluation.expressions.value
    return kleene("and", [*(value(w, env) for w in rule.when), *(negated(value(u, env)) for u in rule.unless)])


def _met(evaluation: Evaluation, one: c.CoreRequirement, env: Env) -> Result:
    when, met = evaluation.expressions.value(one.when, env), evaluation.expressions.value(one.met, env)
    return TRUE if when == FALSE or met == TRUE else kleene("and", (when, met))


# the look ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """A program with its parts and their prints."""

    program: c.Program
    prints: Prints
    parts: dict[PartName, ProgramPart]


class Look:
    """Looks at a case with a changed program: whether what differs comes to something else in it."""

    def __init__(self, before: Side, after: Side) -> None:
        self.sides = (before, after)
        self.program = program = after.program
        self.before, self.after = before.parts, after.parts
        self._rules_before = {(d.id, r.id): r for d in before.program.decisions.values() for r in d.rules}
        self.rules = {(d.id, r.id): r for d in program.decisions.values() for r in d.rules}
        self.requirements = {(d.id, q.id): q for d in program.decisions.values() for q in d.requires}

    def may_notice(self, trace: Trace, changed: Iterable[PartName]) -> bool:
        """Whether any of the changed parts comes to something else in a case, or may do so."""
        sides = _Sides(self, trace)
        return any(self._differs(trace, name, sides) for name in changed)

    def again(self, trace: Trace, evaluation: Evaluation, changed: Iterable[PartName]) -> Trace:
        """What `may_notice` looks at, for the case of a trace set otherwise: the same places, the changed parts only."""
        found = Trace(trace.case, evaluation.case, evaluation.settings, trace.decisions, trace.spoke)
        found.outputs = trace.outputs
        value = evaluation.expressions.value
        for name in changed:
            for key in self._rules_for(trace, name):
                rule = self._rules_before[key]
                found.rules[key] = [(env, holds(evaluation, rule, env)) for env, _ in trace.rules.get(key, ())]
            match name:
                case ("then" | "otherwise", *_) if name in self.before and self.before[name].exprs:
                    (expr,) = self.before[name].exprs
                    found.values[name] = [(env, value(expr, env)) for env, _ in trace.values.get(name, ())]
                case ("requirement", decision, one):
                    needed = next(q for q in self.sides[0].program.decisions[decision].requires if q.id == one)
                    found.values[name] = [(env, _met(evaluation, needed, env)) for env, _ in trace.values.get(name, ())]
                case ("applies",):
                    found.values[name] = [(EMPTY, evaluation.applies)]
        return found

    def _rules_for(self, trace: Trace, name: PartName) -> list[tuple[str, str]]:
        """The rules that the look at a changed part asks about."""
        match name:
            case ("rule" | "because", decision, rule) | ("then", decision, rule, _):
                return [(decision, rule)]
            case ("over", decision, _, rule, other):
                return [(decision, rule), (decision, other)]
            case ("combine" | "otherwise", decision, _):
                return [key for key in trace.rules if key[0] == decision]
        return []

    def reached(self, trace: Trace, changed: Iterable[PartName]) -> bool:
        """Whether a case evaluated any of the changed parts."""
        for name in changed:
            match name:
                case ("rule" | "because", decision, rule) | ("then", decision, rule, _):
                    found = (decision, rule) in trace.rules
                case ("requirement", _, _):
                    found = name in trace.values
                case (
                    "over" | "combine" | "roll_up" | "otherwise" | "only_when_output" | "split",
                    decision,
                    output,
                    *_,
                ):
                    found = (decision, output) in trace.outputs
                case ("decision" | "by", decision, *_):
                    found = decision in trace.reached
                case _:
                    found = True
            if found:
                return True
        return False

    def facts(self, trace: Trace, changed: Iterable[PartName], evaluation: Evaluation) -> tuple[Path, ...]:
        """The facts that the changed parts read in a case, those given with the requested lines first."""
        found: dict[Path, None] = {}
        for name in changed:
            exprs = self._exprs(name)
            if name[0] == "then":
                exprs += self._exprs(("rule", name[1], name[2]))
            if name[0] in ("over", "combine", "roll_up", "only_when_output"):
                decision = self.program.decisions.get(name[1])
                named = () if decision is None else decision.outputs[name[2]].rules
                exprs = tuple(
                    e for rule in named if name[0] != "over" or rule.id in name[3:] for e in (*rule.when, *rule.unless)
                )
            for env in self.envs(trace, name):
                for expr in exprs:
                    found.update(dict.fromkeys(facts_of(evaluation.expressions, expr, env)))
        return tuple(found)

    def distance(self, trace: Trace, changed: Iterable[PartName]) -> int:
        """How many conditions of a changed rule, as it reads now, a case does not fulfil: where none, it would apply."""
        sides = _Sides(self, trace)
        found: list[int] = []
        for name in changed:
            rule = None
            if name[0] in ("rule", "then"):
                rule = self.rules.get((name[1], name[2])) or self._rules_before.get((name[1], name[2]))
            for env in self.envs(trace, name) if rule is not None else ():
                assert rule is not None
                value = sides.after.expressions.value
                open_ones = [w for w in rule.when if value(w, env) != TRUE]
                found.append(len(open_ones) + sum(value(u, env) != FALSE for u in rule.unless))
        return min(found, default=0)

    def readings(self, changed: Iterable[PartName]) -> tuple[str, ...]:
        """The readings that the changed parts look at."""
        return tuple(sorted(readings_of([expr for name in changed for expr in self._exprs(name)])))

    def envs(self, trace: Trace, name: PartName) -> list[Env]:
        """Where a case evaluated a part: the first places of each."""
        if name[0] in ("rule", "then"):
            return [env for env, _ in trace.rules.get((name[1], name[2]), ())][:2]
        if name[0] in ("scope", "applies"):
            return [EMPTY]
        if name[0] == "requirement":
            return [env for env, _ in trace.values.get(name, ())][:2]
        return [env for key, envs in trace.outputs.items() if key[0] == name[1] for env in envs][:2] if name[1:] else []

    def _differs(self, trace: Trace, name: PartName, look: _Sides) -> bool:
        expected = trace.case.expected
        match name:
            case ("rule", decision, rule):
                return self._rule(trace, (decision, rule), look)
            case ("because", decision, rule):
                spoken = trace.rules.get((decision, rule), ())
                return expected.messages is not None and any(held != FALSE for _, held in spoken)
            case ("then", decision, rule, _):
                return self._then(trace, name, (decision, rule), look)
            case ("requirement", decision, one):
                return self._requirement(trace, name, (decision, one), look)
            case ("by", decision, _):
                return bool(expected.deadlines) and decision in trace.reached
            case ("applies",) | ("scope",):
                return self._applies(trace, look)
            case ("over", decision, output, rule, other):
                return self._both(trace, (decision, output), rule, other)
            case ("combine", decision, output):
                return self._several(trace, decision, (decision, output))
            case ("roll_up", decision, output):
                return len(trace.outputs.get((decision, output), ())) > 1
            case ("otherwise", decision, output):
                return self._by_default(trace, decision, (decision, output))
            case ("only_when_output" | "split", decision, output):
                return (decision, output) in trace.outputs
            case ("decision", decision):
                return decision in trace.reached
        return True

    def _exprs(self, name: PartName) -> tuple[c.Expr, ...]:
        found = [side[name].exprs for side in (self.before, self.after) if name in side]
        return tuple(expr for exprs in found for expr in exprs)

    def _rule(self, trace: Trace, key: tuple[str, str], look: _Sides) -> bool:
        seen = trace.rules.get(key, [])
        rule = self.rules.get(key)
        if rule is None:
            return any(held != FALSE for _, held in seen)
        exprs = self._exprs(("rule", *key))
        expected = trace.case.expected
        if seen and readings_of(exprs) & set(words_of(expected.rests_on)):
            return True  # the answer may rest on a reading that would make this rule apply
        if expected.deadlines and reads_windows(exprs) and any(held != FALSE for _, held in seen):
            return True
        return any(self._rule_turns(look, key, rule, env, held) for env, held in seen)

    def _rule_turns(self, look: _Sides, key: tuple[str, str], rule: c.CoreRule, env: Env, held: Result) -> bool:
        now = holds(look.after, rule, env)
        if isinstance(held, Known) and isinstance(now, Known):
            return held != now
        before = self._rules_before[key]
        return held != now or look.differ((*before.when, *before.unless), (*rule.when, *rule.unless), env)

    def _then(self, trace: Trace, name: PartName, key: tuple[str, str], look: _Sides) -> bool:
        held = {env.key: result for env, result in trace.rules.get(key, ())}
        part = self.after.get(name)
        for env, value in trace.values.get(name, ()):
            if held.get(env.key) == FALSE:
                continue
            if part is None or not part.exprs:
                return True
            if trace.case.expected.deadlines and reads_windows(part.exprs):
                return True
            now = look.after.expressions.value(part.exprs[0], env)
            if value != now or (isinstance(now, Unknown) and look.differ(self.before[name].exprs, part.exprs, env)):
                return True
        return False

    def _requirement(self, trace: Trace, name: PartName, key: tuple[str, str], look: _Sides) -> bool:
        one = self.requirements.get(key)
        seen = trace.values.get(name, ())
        if one is None:
            return any(met != TRUE for _, met in seen)
        return any(_turns(met, _met(look.after, one, env)) for env, met in seen)

    def _applies(self, trace: Trace, look: _Sides) -> bool:
        ((_, before),) = trace.values.get(("applies",), [(EMPTY, TRUE)])
        return _turns(before, look.after.applies)

    def _held(self, trace: Trace, decision: str, rule: str, env: Env) -> Result:
        return next((held for other, held in trace.rules.get((decision, rule), ()) if other.key == env.key), FALSE)

    def _both(self, trace: Trace, output: tuple[str, str], rule: str, other: str) -> bool:
        return any(
            self._held(trace, output[0], rule, env) != FALSE and self._held(trace, output[0], other, env) != FALSE
            for env in trace.outputs.get(output, ())
        )

    def _several(self, trace: Trace, decision: str, output: tuple[str, str]) -> bool:
        names = [rule for one, rule in trace.rules if one == decision]
        return any(
            sum(self._held(trace, decision, rule, env) != FALSE for rule in names) > 1
            for env in trace.outputs.get(output, ())
        )

    def _by_default(self, trace: Trace, decision: str, output: tuple[str, str]) -> bool:
        """Whether no rule may speak somewhere. One that holds may be overridden, so it is none of the certain ones."""
        free = {
            rule.id
            for one in (self.program.decisions[decision].outputs[output[1]],)
            for rule in one.rules
            if not one.over.get(rule.id)
        }
        return any(
            not any(self._held(trace, decision, rule, env) == TRUE for rule in free)
            for env in trace.outputs.get(output, ())
        )


class _Sides:
    """A case evaluated by the program before and after the change, each only as far as anybody asks."""

    def __init__(self, look: Look, trace: Trace) -> None:
        self._look = look
        self._trace = trace

    @cached_property
    def before(self) -> Evaluation:
        """By the program as it was."""
        return Evaluation(self._look.sides[0].program, self._trace.decoded, self._trace.settings)

    @cached_property
    def after(self) -> Evaluation:
        """By the changed program."""
        return Evaluation(self._look.program, self._trace.decoded, self._trace.settings)

    def differ(self, before: tuple[c.Expr, ...], after: tuple[c.Expr, ...], env: Env) -> bool:
        """Whether what differs between expressions may come to something else, now or once more is known.

        What is known stays so whatever the missing facts turn out to be. So two parts that come to the same known value
        do not differ in this case, however else they are written.
        """
        if len(before) != len(after):
            return True
        return any(self._one_differs(a, b, env) for a, b in zip(before, after, strict=True))

    def _one_differs(self, a: c.Expr, b: c.Expr, env: Env) -> bool:
        if self._look.sides[0].prints.of(a) == self._look.sides[1].prints.of(b):
            return False
        one, other = self.before.expressions.value(a, env), self.after.expressions.value(b, env)
        if isinstance(one, Known) and isinstance(other, Known):
            return one != other
        while isinstance(a, c.Named):
            a = a.body
        while isinstance(b, c.Named):
            b = b.body
        if type(a) is not type(b) or isinstance(a, c.Over | c.TableRead | c.WindowTest | c.WindowPart):
            return True
        if isinstance(a, c.Op | c.Logic) and not _alike(a, b):
            return True
        return self.differ(children(a), children(b), env)


def _alike(a: c.Op | c.Logic, b: c.Expr) -> bool:
    """Whether two operators are the same one."""
    if isinstance(a, c.Op):
        return isinstance(b, c.Op) and (a.key, a.detail) == (b.key, b.detail)
    return isinstance(b, c.Logic) and a.op == b.op


def _turns(before: Result, after: Result) -> bool:
    """Whether an answer can hang on the difference: another value, or none."""
    return isinstance(after, Unknown) or isinstance(before, Unknown) or before != after or not isinstance(before, Known)
