"""The proof of a rule in a case: a walk over its written conditions that asks the evaluator what each part comes to.

Nothing is traced while a case is decided: every part has a value whenever it is asked for (`docs/semantics.md`, steps 1
to 4), so the proof can be made afterwards, for those who want it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never
from zoneinfo import ZoneInfo

from engine.evaluate.behind import read_result
from engine.evaluate.deadlines import deadline
from engine.evaluate.decisions import Evaluation
from engine.explain.calendar_words import calendar_note
from engine.explain.proof import (
    MAX_MEMBERS,
    MAX_NODES,
    Conclusion,
    NodeKind,
    Origin,
    Proof,
    RequirementProof,
    RuleProof,
    State,
    where,
)
from engine.explain.written import operands, words
from engine.facts.postal import postal_code
from engine.language import core as c
from engine.language.case import path_text
from engine.language.outcome import (
    FALSE,
    TRUE,
    Env,
    Known,
    Result,
    RuleRole,
    Unknown,
)
from engine.language.types import Boolean
from engine.language.wording import plain, say
from engine.values.moments import NotYet
from engine.values.zones import zone

CUT = Proof("cut", "…", "known", note="there is more than a proof shows")


class Prover:
    """Makes the proofs of one rule; definitions and windows are opened the first time they are used in it."""

    def __init__(self, evaluation: Evaluation, limit: int = MAX_NODES) -> None:
        self.evaluation = evaluation
        self.expressions = evaluation.expressions
        self.left = limit
        self.told_in = evaluation.expressions.arithmetic.zone
        self._opened: set[tuple[str, str, object]] = set()

    # rules -----------------------------------------------------------------------------------------------------------

    def rule(
        self,
        decision: c.CoreDecision,
        rule: c.CoreRule,
        env: Env,
        role: RuleRole | None = None,
        to: tuple[str, ...] = (),
    ) -> RuleProof:
        """The proof of a rule of a decision, for the member and option in `env`."""
        state = self.evaluation.outputs.activation(decision, rule, env)
        when, unless = tuple(self._all(rule.when, env)), tuple(self._all(rule.unless, env))
        requires = tuple(self._requirements(decision, rule, env))
        return RuleProof(
            rule=rule.id,
            code=rule.code,
            role=role,
            state=_state(state, True),
            where=where(rule.span),
            concludes=tuple(self._conclusions(rule, env)),
            to=to,
            cites=rule.cites,
            when=when,
            unless=unless,
            requires=requires,
        )

    def _all(self, exprs: Iterable[c.Expr], env: Env) -> Iterator[Proof]:
        for expr in exprs:
            full = self.left <= 0
            yield self.proof(expr, env)
            if full:
                return  # what it yielded says that there is more

    def _conclusions(self, rule: c.CoreRule, env: Env) -> Iterator[Conclusion]:
        for name, conclusion in sorted(rule.then.items()):
            if isinstance(conclusion, c.NotStated):
                yield Conclusion(name, None, None)
                continue
            found = self.expressions.value(conclusion, env)
            proof = None if isinstance(conclusion, c.Const) else self.proof(conclusion, env)
            value = said = None
            if isinstance(found, Known):
                value = plain(found.value, conclusion.type)
                said = say(found.value, conclusion.type, self._zone(conclusion, env))
            yield Conclusion(name, value, said, proof)

    def _requirements(self, decision: c.CoreDecision, rule: c.CoreRule, env: Env) -> Iterator[RequirementProof]:
        conclusion = rule.then.get(decision.headline)
        if conclusion is None or isinstance(conclusion, c.NotStated):
            return
        concluded = self.expressions.value(conclusion, env)
        for one in decision.requires:
            if isinstance(concluded, Known) and concluded.value != one.blocks:
                continue
            state = _state(self.evaluation.outputs.met(decision, one, env), True)
            when, met = self.proof(one.when, env), self.proof(one.met, env)
            yield RequirementProof(one.id, state, one.ask, when, met)

    # parts -----------------------------------------------------------------------------------------------------------

    def proof(self, expr: c.Expr, env: Env) -> Proof:
        """The proof of one condition or formula."""
        if self.left <= 0:
            return CUT
        self.left -= 1
        match expr:
            case c.Const():
                return self._node("constant", expr, env)
            case c.FactRef():
                return self._fact(expr, env)
            case c.ParameterRef(name=name):
                return self._node("parameter", expr, env, note=self._parameter(name))
            case c.ReadingRef():
                return self._node("reading", expr, env, note=self._meaning(expr, env))
            case c.OptionRef():
                return self._node("option", expr, env)
            case c.ElementRef():
                return self._node("word", expr, env)
            case c.Position():
                return self._node("constant", expr, env)
            case c.AsOf():
                return self._node("as_of", expr, env)
            case c.Named(name=name) if name in self.evaluation.program.parameters:
                return self._dated(expr, env)
            case c.Named(name=name, body=body):
                if self._again("define", name, env):
                    return self._node("define", expr, env, note="opened above")
                return self._node("define", expr, env, (self.proof(body, env),))
            case c.Derived(name=name):
                if self._again("derived", name, env):
                    return self._node("derived", expr, env, note="opened above")
                return self._node("derived", expr, env, (self._origin(expr, env),))
            case c.Asked(who=who, at_least=least, at_most=most):
                bounds = self._all([bound for bound in (least, most) if bound is not None], env)
                return self._node("asked", expr, env, tuple(bounds), note=f"set by {who.replace('_', ' ')}")
            case c.Logic(op=op):
                return self._node("all" if op == "and" else "any", expr, env, self._below(expr, env))
            case c.Not():
                return self._node("not", expr, env, self._below(expr, env))
            case c.If():
                return self._node("if", expr, env, self._branches(expr, env))
            case c.Over():
                return self._over(expr, env)
            case c.Happened():
                return self._node("happened", expr, env, self._below(expr, env))
            case c.WindowTest(window=window):
                return self._window("window", expr, window, env)
            case c.WindowPart(window=window):
                return self._window("window_part", expr, window, env)
            case c.TableRead():
                return self._node("table", expr, env, self._rows(expr, env))
            case c.OutputRef():
                return self._node("output", expr, env, tuple(self._rules_behind(expr, env)))
            case c.Op():
                note = calendar_note(self.expressions, expr, env)
                return self._node("operator", expr, env, self._below(expr, env), note=note)
        assert_never(expr)

    def _node(
        self, kind: NodeKind, expr: c.Expr, env: Env, parts: tuple[Proof, ...] = (), note: str | None = None
    ) -> Proof:
        result = self.expressions.value(expr, env)
        condition = isinstance(expr.type, Boolean)
        told = isinstance(result, Known) and not condition
        return Proof(
            kind=kind,
            text=words(expr),
            state=_state(result, condition),
            where=where(expr.span),
            value=plain(result.value, expr.type) if isinstance(result, Known) and told else None,
            said=say(result.value, expr.type, self._zone(expr, env)) if isinstance(result, Known) and told else None,
            needs=tuple(sorted(result.causes)) if isinstance(result, Unknown) else (),
            note=note,
            parts=parts,
        )

    def _below(self, expr: c.Expr, env: Env) -> tuple[Proof, ...]:
        """The proofs of an expression's parts, without constants (they stand in the text) and repetitions."""
        return tuple(self._all(dict.fromkeys(operands(expr)), env))

    def _again(self, what: str, name: str, env: Env) -> bool:
        key = (what, name, env.key)
        if key in self._opened:
            return True
        self._opened.add(key)
        return False

    def _zone(self, expr: c.Expr, env: Env) -> ZoneInfo:
        """The zone in which an instant is told: that of the window it belongs to, otherwise the policy's."""
        return self._window_zone(expr.window, env) if isinstance(expr, c.WindowPart) else self.told_in

    def _window_zone(self, window: c.WindowUse, env: Env) -> ZoneInfo:
        found = self.expressions.clocks.read(window, env).zone
        if isinstance(found, Known) and isinstance(found.value, str):
            return zone(found.value)
        return self.told_in

    # leaves ----------------------------------------------------------------------------------------------------------

    def _fact(self, expr: c.FactRef, env: Env) -> Proof:
        path = self.expressions.path(expr, env)
        node = self._node("fact", expr, env)
        result = self.expressions.value(expr, env)
        case = self.evaluation.case
        origin: Origin = "given" if isinstance(result, Known) else "missing"
        if self.evaluation.facts.wrong(path):
            origin = "wrong"
        elif path in case.assumed:
            origin = "assumed"
        elif path in case.worked_out:
            origin = "worked_out"
        elif path not in case.facts:
            unseen = isinstance(result, Known) and isinstance(result.value, NotYet)
            if unseen or any(cause.kind == "later" for cause in node.needs):
                origin = "not_yet"
        note = expr.fact.label if origin != "worked_out" else f"from postal code {case.facts[postal_code(path)]}"
        node = replace(node, fact=path_text(path), origin=origin, note=note)
        if isinstance(result, Known):  # a fact has its value told even where it is a condition
            said = say(result.value, expr.type, self.told_in)
            node = replace(node, value=plain(result.value, expr.type), said=said)
        return node

    def _parameter(self, name: str) -> str | None:
        parameter = self.evaluation.program.parameters[name]
        return parameter.because if parameter.value is None and not parameter.dated else parameter.label

    def _dated(self, expr: c.Named, env: Env) -> Proof:
        """A parameter whose value changes over time: the moment that picks the value, not each of the days."""
        by = expr.body.condition if isinstance(expr.body, c.If) else None
        parts = () if by is None else tuple(self._all(_moments(by), env))
        return self._node("parameter", expr, env, parts, note=self._parameter(expr.name))

    def _origin(self, expr: c.Derived, env: Env) -> Proof:
        """Where a derived fact comes from: it was told, or the formula of the vocabulary."""
        told = expr.given is not None and isinstance(self.expressions.value(expr.given, env), Known)
        return self.proof(expr.given if expr.given is not None and told else expr.formula, env)

    def _meaning(self, expr: c.ReadingRef, env: Env) -> str | None:
        chosen = self.expressions.value(expr, env)
        options = dict(self.evaluation.program.readings[expr.name].options)
        return options.get(str(chosen.value)) if isinstance(chosen, Known) else "left undecided"

    # compound parts --------------------------------------------------------------------------------------------------

    def _branches(self, expr: c.If, env: Env) -> tuple[Proof, ...]:
        """The condition, and the branch it leads to; both while it is unknown."""
        condition = self.expressions.value(expr.condition, env)
        branches: Sequence[c.Expr] = (expr.then, expr.otherwise)
        if isinstance(condition, Known):
            branches = (expr.then if condition.value else expr.otherwise,)
        return tuple(self._all((expr.condition, *(b for b in branches if not isinstance(b, c.Const))), env))

    def _window(self, kind: NodeKind, expr: c.Expr, window: c.WindowUse, env: Env) -> Proof:
        seen = self._again("window", window.name, env)
        parts: tuple[Proof, ...] = ()
        if not seen:
            formulas = (window.anchor, window.act, window.lasts, window.zone_fact)
            told_in, self.told_in = self.told_in, self._window_zone(window, env)
            parts = tuple(self._all((f for f in formulas if f is not None and not isinstance(f, c.Const)), env))
            self.told_in = told_in
        node = self._node(kind, expr, env, parts, note="opened above" if seen else None)
        return replace(node, window=deadline(self.evaluation, window, env))

    def _over(self, expr: c.Over, env: Env) -> Proof:
        members = self.expressions.members(expr, env)
        if isinstance(members, Unknown):
            return self._node("list", expr, env)
        judged = [(i, m, self._member_state(expr, m)) for i, m in enumerate(members)]
        ranks: dict[State, int] = {"true": 0, "known": 0, "unknown": 1, "false": 2}
        if expr.kind == "all":
            ranks = {"false": 0, "unknown": 1, "true": 2, "known": 2}
        chosen = sorted(sorted(judged, key=lambda one: (ranks[one[2]], one[0]))[:MAX_MEMBERS])
        parts = []
        for i, member, state in chosen:
            if self.left <= 0:
                break
            parts.append(self._member(expr, i, member, state))
        hidden = len(members) - len(parts)
        if hidden:
            parts.append(Proof("cut", "…", "known", note=f"{hidden} more"))
        return self._node("list", expr, env, tuple(parts), note=self._list_note(expr, env, members))

    def _list_note(self, expr: c.Over, env: Env, members: list[Env]) -> str | None:
        since = self.expressions.complete_since(expr, env)
        if since is not None:
            return f"the list is complete since {say(since)} only"
        return None if members else "the list is empty"

    def _member_state(self, expr: c.Over, env: Env) -> State:
        kept = TRUE if expr.where is None else self.expressions.value(expr.where, env)
        if expr.kind == "any" and expr.body is not None:
            return _state(_both(kept, self.expressions.value(expr.body, env)), True)
        if expr.kind == "all" and expr.body is not None:
            left_out = kept == FALSE
            return "true" if left_out else _state(self.expressions.value(expr.body, env), True)
        if expr.body is None or kept != TRUE:
            return _state(kept, True)
        return _state(self.expressions.value(expr.body, env), False)

    def _member(self, expr: c.Over, number: int, env: Env, state: State) -> Proof:
        self.left -= 1
        bound = env.bindings[expr.variable]
        name = bound if isinstance(bound, str) else path_text(bound)
        inner = tuple(x for x in (expr.where, expr.body) if x is not None)
        value = None
        if expr.body is not None and state == "known":
            found = self.expressions.value(expr.body, env)
            value = found.value if isinstance(found, Known) else None
        return Proof(
            kind="member",
            text=name,
            state=state,
            value=None if value is None or expr.body is None else plain(value, expr.body.type),
            said=None if value is None or expr.body is None else say(value, expr.body.type),
            note=f"{expr.variable} {number + 1}",
            parts=tuple(self._all(inner, env)),
        )

    def _rows(self, expr: c.TableRead, env: Env) -> tuple[Proof, ...]:
        """The rows that fit, or that may; the others are counted."""
        parts, others = [], 0
        for row in expr.output.rules:
            fits = self.evaluation.outputs.activation(None, row, env)
            if fits == FALSE:
                others += 1
            elif self.left > 0:
                self.left -= 1
                conclusion = row.then[expr.output.id]
                found = None if isinstance(conclusion, c.NotStated) else self.expressions.value(conclusion, env)
                value = found.value if isinstance(found, Known) else None
                parts.append(
                    Proof(
                        kind="row",
                        text=row.id,
                        state=_state(fits, True),
                        where=where(row.span),
                        value=None if value is None else plain(value, expr.output.type),
                        said=None if value is None else say(value, expr.output.type, self.expressions.arithmetic.zone),
                        parts=tuple(self._all(row.when, env)),
                    )
                )
        if others:
            told = "1 other row does" if others == 1 else f"{others} other rows do"
            parts.append(Proof("cut", "…", "known", note=f"{told} not fit"))
        return tuple(parts)

    def _rules_behind(self, expr: c.OutputRef, env: Env) -> Iterator[Proof]:
        """The rules that decide the output that is read; they are explained with their own decision."""
        found = read_result(self.evaluation, expr, env)
        if found is None:
            return
        settled = found[0].status in ("decided", "referred")  # then what is still blocked has no part in it
        for note in found[0].notes:
            if (note.role == "reason" or (note.role == "blocked" and not settled)) and self.left > 0:
                self.left -= 1
                state: State = "true" if note.role == "reason" else "unknown"
                yield Proof("rule", f"{expr.decision}.{note.rule.id}", state, where(note.rule.span))


def _moments(condition: c.Expr) -> Iterator[c.Expr]:
    """The moment in a test of a dated parameter: whether a first day has come by it."""
    for part in operands(condition):
        yield from operands(part) if isinstance(part, c.Op) else (part,)


def _state(result: Result, condition: bool) -> State:
    if isinstance(result, Unknown):
        return "unknown"
    if not condition:
        return "known"
    return "true" if result == TRUE else "false"


def _both(a: Result, b: Result) -> Result:
    if FALSE in (a, b):
        return FALSE
    return next((x for x in (a, b) if isinstance(x, Unknown)), TRUE)
