"""From a program and a case to the typed `Decision`: the one place where everything worked out is put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.evaluate import questions
from engine.evaluate.decisions import NO_SETTINGS, Evaluation, Settings
from engine.evaluate.expectations import expectations
from engine.evaluate.members import WHOLE, Extent, MemberView, output_view, verdict_of, why_of
from engine.evaluate.problems import problems, unknown_demands
from engine.evaluate.rests_on import RestsOn
from engine.language import core as c
from engine.language.case import Case, path_text
from engine.language.decision import Decision, Expectation, LeadsTo, Member, Need, Output, Problem, Verdict
from engine.language.outcome import EMPTY, FALSE, Mixed, OutputResult, Status


class UnknownDecision(ValueError):
    """Neither the policy nor the standard vocabulary has this question. `name` and `known` say more."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no question `{name}`")
        self.name = name
        self.known = known


def judge(program: c.Program, name: str, case: Case, ask: bool = True, settings: Settings = NO_SETTINGS) -> Decision:
    """Answer a question about a case.

    A standard question that the policy does not speak about is `not_covered`. `ask` off leaves out `leads_to`, which
    costs an evaluation for each answer tried. Raises `UnknownDecision`, and nothing else, whatever the facts.
    """
    decision = program.decisions.get(name)
    if decision is None:
        if name not in program.standard_decisions:
            raise UnknownDecision(name, tuple(dict.fromkeys((*program.decisions, *program.standard_decisions))))
        return _not_spoken_of(program, name, case)
    return judge_in(Evaluation(program, case, settings), name, ask)


def judge_in(evaluation: Evaluation, name: str, ask: bool = True, extent: Extent = WHOLE) -> Decision:
    """As `judge`, in an evaluation that the caller goes on to look into. `name` is a decision of the policy.

    `extent` says what is worked out beside the answer.
    """
    return _Judge(evaluation, evaluation.program.decisions[name], extent).decision(ask)


class _Judge:
    def __init__(self, evaluation: Evaluation, decision: c.CoreDecision, extent: Extent) -> None:
        self.extent = extent
        self.evaluation = evaluation
        self.program = evaluation.program
        self.case = evaluation.case
        self.one = decision

    def decision(self, ask: bool) -> Decision:
        rolled = {o: self.evaluation.rolled(self.one, o) for o in self.one.outputs}
        headline = rolled[self.one.headline]
        members = tuple(self._members())
        asked = questions.may_need(self.program, headline)
        leads: Mapping[str, tuple[LeadsTo, ...]] = {}
        untried: Mapping[str, int] = {}
        if ask and asked:
            leads, untried = questions.leads_to(self.evaluation, self.one, asked)
        env = EMPTY if self.one.variable is None and not self.one.options else None
        outputs = {o: output_view(self.evaluation, self.one, o, r, env) for o, r in rolled.items()}
        verdict, why, partial = self._verdict(headline, members)
        return _assemble(
            self.program,
            self.case,
            self.one.id,
            asks=self.one.asks,
            headline=self.one.headline,
            status=headline.status,
            verdict=verdict,
            why=why,
            partial=partial,
            outputs=outputs,
            members=members,
            may_need=asked,
            ask_first=questions.ask_first(self.program, asked, leads) if asked else None,
            leads_to=leads,
            not_tried=untried,
            rests_on=self._rests_on() if self.extent.rests_on else (),
            expects=expectations(self.case, outputs, self.one),
            problems=problems(self.evaluation),
        )

    def _members(self) -> Iterator[Member]:
        found = self.evaluation.members(self.one)
        if not isinstance(found, list):
            return
        for path in found:
            yield MemberView(self.evaluation, self.one, path).member(self.extent)

    def _verdict(self, headline: OutputResult, members: tuple[Member, ...]) -> tuple[Verdict, tuple[str, ...], bool]:
        if self.evaluation.applies == FALSE:
            return "review", ("out_of_scope",), False
        if isinstance(headline.value, Mixed):
            partial = any(m.verdict == "approve" for m in members)
            return ("approve" if partial else "answer"), ("mixed",), partial
        codes = tuple(dict.fromkeys(code for m in members for code in m.why if m.status == "decided"))
        verdict = verdict_of(headline)
        return verdict, why_of(headline, codes), False

    def _rests_on(self) -> tuple[str, ...]:
        rests = RestsOn(self.evaluation)
        return tuple(sorted(frozenset[str]().union(*(rests.answer(self.one, path) for path in self._paths()))))

    def _paths(self) -> list[tuple[str | int, ...] | None]:
        found = self.evaluation.members(self.one)
        return found if isinstance(found, list) else []


def _assemble(
    program: c.Program,
    case: Case,
    name: str,
    *,
    asks: str,
    status: Status,
    verdict: Verdict,
    why: tuple[str, ...],
    headline: str | None = None,
    partial: bool = False,
    outputs: Mapping[str, Output] | None = None,
    members: tuple[Member, ...] = (),
    may_need: tuple[Need, ...] = (),
    ask_first: str | None = None,
    leads_to: Mapping[str, tuple[LeadsTo, ...]] | None = None,
    not_tried: Mapping[str, int] | None = None,
    rests_on: tuple[str, ...] = (),
    expects: tuple[Expectation, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> Decision:
    return Decision(
        policy=program.key,
        version=program.version,
        market=None if program.several else program.market,
        digest=program.digest,
        pinned=program.pinned,
        decision=name,
        asks=asks,
        headline=headline,
        as_of=case.as_of,
        stage=case.stage,
        facts_digest=case.digest,
        status=status,
        verdict=verdict,
        why=why,
        partial=partial,
        outputs=outputs or {},
        members=members,
        may_need=may_need,
        ask_first=ask_first,
        leads_to=leads_to or {},
        not_tried=not_tried or {},
        assumed=tuple(sorted(path_text(p) for p in case.assumed)),
        presets=case.presets,
        stage_assumed=case.stage_assumed,
        rests_on=rests_on,
        expects=expects,
        problems=problems,
    )


def _not_spoken_of(program: c.Program, name: str, case: Case) -> Decision:
    wrong = [Problem(path_text(e.path), e.diagnostic) for e in case.errors]
    wrong += unknown_demands(program, case)
    return _assemble(
        program,
        case,
        name,
        asks=program.standard_decisions[name],
        status="not_covered",
        verdict="review",
        why=("not_spoken_of",),
        problems=tuple(sorted(wrong, key=lambda one: (one.path, one.diagnostic.message))),
    )
