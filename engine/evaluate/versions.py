"""Which version of a policy holds for a case (`effective.by` falls into its days), and in which market it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.evaluate.decisions import Evaluation
from engine.evaluate.trial import fact_at
from engine.language import core as c
from engine.language.case import Case, parse_path
from engine.language.decision import Decision, LeadsTo, Member, Output
from engine.language.outcome import EMPTY, FALSE, TRUE, Result


def in_force(program: c.Program, case: Case) -> Result:
    """Whether a version or market holds for a case: true, false, or unknown with its causes."""
    if program.in_force is None:
        return FALSE
    return Evaluation(program, case).expressions.value(program.in_force, EMPTY)


@lru_cache(maxsize=256)
def picked(program: c.Program) -> c.Program:
    """A version or market that has been picked: its days, and the market, are no longer a question.

    One and the same each time: much that is worked out about a program is kept with it.
    """
    return replace(program, applies_when=program.scope, several=False)


@lru_cache(maxsize=256)
def beside_others(programs: tuple[c.Program, ...]) -> tuple[c.Program, ...]:
    """The versions and markets of a policy, each knowing that there are others; the same each time, as with `picked`."""
    several = len(programs) > 1
    return tuple(one if one.several == several else replace(one, several=several) for one in programs)


def speaking(programs: Sequence[c.Program], cases: Sequence[Case]) -> int:
    """The number of the program that holds; the last of those that may, or of all, if that is not known.

    `programs` stand in order of time, `cases` are the same facts decoded by each of them.
    """
    states = [in_force(program, case) for program, case in zip(programs, cases, strict=True)]
    certain = [i for i, state in enumerate(states) if state == TRUE]
    possible = [i for i, state in enumerate(states) if state != FALSE]
    return (certain or _fitting(programs, cases, possible) or range(len(programs)))[-1]


@dataclass(frozen=True)
class Answering:
    """The versions and markets that answer a question: their numbers, and the programs as they are to be asked.

    Several that agree are all named. `tried` is there if it is not known which one holds and they do not agree: what
    each of those that may would answer. The one program that is named then asks what has to be known.
    """

    numbers: tuple[int, ...]
    programs: tuple[c.Program, ...]
    tried: tuple[tuple[c.Program, Decision], ...] = ()

    def told(self, decision: Decision) -> Decision:
        """What the last of the programs answers, as the answer of all of them."""
        if len(self.numbers) > 1:
            market = decision.market if len({one.market for one in self.programs}) == 1 else None
            versions = " or ".join(dict.fromkeys(one.version for one in self.programs))
            return replace(decision, version=versions, market=market)
        if len({program.market for program, _ in self.tried}) < 2:
            return decision
        return _asking_for_the_market(decision, self.tried)


def answering(
    programs: Sequence[c.Program], cases: Sequence[Case], decision: str, decide: Callable[[int, c.Program], Decision]
) -> Answering | None:
    """The versions and markets that answer a question; None if none holds for the case.

    That is the one in force. While it is not known which that is: all that may be, if they agree and one of them surely
    holds; otherwise the last of them that has the question, which then asks for the moment or the market. `programs`
    (as `beside_others` gives them) stand in order of time, and `cases` are the same facts decoded by each of them;
    `decide` gives the answer of the program of that number.
    """
    states = [in_force(program, case) for program, case in zip(programs, cases, strict=True)]
    for number, state in enumerate(states):
        if state == TRUE:
            return Answering((number,), (picked(programs[number]),))
    possible = _fitting(programs, cases, [number for number, state in enumerate(states) if state != FALSE])
    if not possible:
        return None
    answers = [decide(number, picked(programs[number])) for number in possible]
    shape = _all_of_it if len({programs[number].market for number in possible}) > 1 else _shape
    if _one_holds(programs, answers[0]) and all(shape(answers[0]) == shape(other) for other in answers[1:]):
        return Answering(tuple(possible), tuple(picked(programs[number]) for number in possible))
    having = [number for number in possible if decision in programs[number].decisions]
    last = (having or possible)[-1]
    tried = tuple((programs[number], answer) for number, answer in zip(possible, answers, strict=True))
    return Answering((last,), (programs[last],), tried)


def _fitting(programs: Sequence[c.Program], cases: Sequence[Case], possible: list[int]) -> list[int]:
    """Without the markets in which the facts cannot be right, if they can be in another one of the same version.

    An order charged in euros is not one of a market with another currency.
    """
    if len({programs[number].market for number in possible}) < 2:
        return possible
    fits = {n for n in possible if not cases[n].errors and not Evaluation(programs[n], cases[n]).failed_checks}
    versions = {programs[number].digest for number in fits}
    return [number for number in possible if number in fits or programs[number].digest not in versions]


def _one_holds(programs: Sequence[c.Program], answer: Decision) -> bool:
    """Whether an answer that all versions give is one: where it may be that none holds, nothing is covered.

    Of the markets one holds, since the fact that picks it has no other words.
    """
    if programs[0].effective[0] is None and programs[-1].effective[1] is None:
        return True
    return answer.status == "not_covered" and all(o.status == "not_covered" for o in answer.outputs.values())


def _shape(decision: Decision) -> object:
    """The answer of a version, to be compared: status, verdict and every output."""
    return decision.status, decision.verdict, _values(decision.outputs)


def _values(outputs: Mapping[str, Output]) -> dict[str, object]:
    return {name: (output.status, output.value) for name, output in outputs.items()}


def _all_of_it(decision: Decision) -> object:
    """The answer in a market, to be compared: what is told of each line counts too, since amounts and days stand there."""

    def needed(decision: Decision) -> list[object]:
        all_of_them = [decision.may_need, *(output.needs for output in decision.outputs.values())]
        return [[(need.kind, need.name, need.item) for need in needs] for needs in all_of_them]

    def of(member: Member) -> object:
        instead = {one.option: (one.status, _values(one.outputs), one.deadlines) for one in member.instead}
        return member.status, member.verdict, _values(member.outputs), member.deadlines, instead

    return _shape(decision), decision.messages, needed(decision), [of(member) for member in decision.members]


def _asking_for_the_market(decision: Decision, tried: Sequence[tuple[c.Program, Decision]]) -> Decision:
    """An answer that waits for the market: what any of them still needs may be needed, and each market's own answer is
    where its name leads."""
    by = tried[0][0].market_by
    assert by is not None  # there are several markets
    needed = {(need.kind, need.name, need.item): need for need in decision.may_need}
    for _, answer in tried:
        for need in answer.may_need:
            needed.setdefault((need.kind, need.name, need.item), need)
    leads = dict(decision.leads_to)
    markets = [program.market for program, _ in tried]
    if by in leads and len(set(markets)) == len(markets):
        leads[by] = tuple(_lead(program, by, answer) for program, answer in tried)
    return replace(decision, may_need=tuple(needed.values()), leads_to=leads, ask_first=by)


def _lead(program: c.Program, by: str, answer: Decision) -> LeadsTo:
    fact = fact_at(program, parse_path(by))
    assert fact is not None and program.market is not None  # checked with the policy
    return LeadsTo(program.market, fact.type, answer.status, answer.value, tuple(n.name for n in answer.may_need))
