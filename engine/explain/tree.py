"""An explanation: the decision, the proofs of its rules, what would change it, and what could be had instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.evaluate.decisions import Evaluation
from engine.evaluate.judge import judge, judge_in
from engine.evaluate.members import MemberView
from engine.explain.alternatives import Alternative, alternatives
from engine.explain.counterfactual import Counterfactual, Search
from engine.explain.proof import Proof, RuleProof
from engine.explain.prove import Prover
from engine.language import core as c
from engine.language.case import Case, Path, path_text
from engine.language.decision import Decision
from engine.language.outcome import EMPTY, FALSE, TRUE, Env, RuleNote, RuleRole

MAX_EXPLAINED = 20
"""How many members of the request are explained; the decision holds them all."""

_ROLES: tuple[RuleRole, ...] = ("reason", "outweighed", "yielded", "blocked")
_SILENT_NODES = 60


@dataclass(frozen=True)
class MemberExplanation:
    """Why the answer for one member is what it is.

    `rules` are those that speak, yield or are blocked, the headline's first; `silent` those that do not apply, each with
    the parts that keep it from applying (`RuleProof.failing`). `searched` is off where the case has problems, or
    nobody wants to know: then there are no counterfactuals and no alternatives.
    """

    item: str | None
    id: str | None
    rules: tuple[RuleProof, ...]
    silent: tuple[RuleProof, ...]
    searched: bool
    counterfactuals: tuple[Counterfactual, ...]
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Explanation:
    """A decision with its explanation. `scope` is there if it is not sure that the policy speaks of this order at all."""

    program: c.Program
    decision: Decision
    scope: Proof | None
    members: tuple[MemberExplanation, ...]


def explain(program: c.Program, case: Case, decision_name: str, changes: bool = True) -> Explanation:
    """Decide a case and explain the answer.

    `changes` off leaves out counterfactuals and alternatives, which cost some hundred evaluations. A question that the
    policy does not speak about has nothing to explain, and a case with problems has no counterfactuals.

    Raises `UnknownDecision` if neither the policy nor the standard vocabulary has the question.
    """
    decision = program.decisions.get(decision_name)
    if decision is None:
        return Explanation(program, judge(program, decision_name, case), None, ())
    evaluation = Evaluation(program, case)
    answer = judge_in(evaluation, decision_name)
    scope = None
    if program.applies_when is not None and evaluation.applies != TRUE:
        scope = Prover(evaluation).proof(program.applies_when, EMPTY)
    paths = evaluation.members(decision)
    explained: list[MemberExplanation] = []
    if isinstance(paths, list) and not any(error.path == () for error in case.errors):
        search = Search(evaluation, decision) if changes and not answer.problems else None
        explained = [_Member(evaluation, decision, path).explained(search) for path in paths[:MAX_EXPLAINED]]
    return Explanation(program, answer, scope, tuple(explained))


class _Member:
    def __init__(self, evaluation: Evaluation, decision: c.CoreDecision, path: Path | None) -> None:
        self.evaluation = evaluation
        self.decision = decision
        self.path = path
        self.view = MemberView(evaluation, decision, path)

    def explained(self, search: Search | None) -> MemberExplanation:
        identity = None if self.path is None else self.evaluation.case.facts.get((*self.path, "id"))
        spoken_of = self.view.answered and self.evaluation.applies != FALSE
        return MemberExplanation(
            item=None if self.path is None else path_text(self.path),
            id=None if identity is None else str(identity),
            rules=tuple(self._rules()) if spoken_of else (),
            silent=tuple(self._silent()) if spoken_of else (),
            searched=search is not None,
            counterfactuals=() if search is None else search.member(self.path),
            alternatives=() if search is None else tuple(alternatives(self.evaluation, self.decision, self.path)),
        )

    @property
    def env(self) -> Env:
        return self.view.env

    def _notes(self) -> Iterator[tuple[str, RuleNote]]:
        for name in self.decision.outputs:
            result = self.evaluation.answer(self.decision, name, self.path)
            if result.status != "not_applicable":
                yield from ((name, note) for note in result.notes)

    def _rules(self) -> Iterator[RuleProof]:
        """Each rule that has a part in the answer once, by its first role, the headline's rules first."""
        found: dict[str, tuple[bool, RuleNote]] = {}
        for name, note in self._notes():
            here = (name == self.decision.headline, note)
            known = found.get(note.rule.id)
            if known is None or (here[0] and not known[0]):
                found[note.rule.id] = here
        order = sorted(found.values(), key=lambda one: (not one[0], _ROLES.index(one[1].role), one[1].rule.id))
        for _, note in order:
            yield Prover(self.evaluation).rule(self.decision, note.rule, self.env, note.role, note.to)

    def _silent(self) -> Iterator[RuleProof]:
        for rule in sorted(self.decision.rules, key=lambda r: (self.decision.headline not in r.then, r.id)):
            proof = Prover(self.evaluation, _SILENT_NODES).rule(self.decision, rule, self.env)
            if proof.state == "false":
                yield proof
