"""The Python door: `load_policy` and `Policy.decide`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_programs
from engine.evaluate.judge import UnknownDecision, judge
from engine.evaluate.versions import answering, beside_others, in_force, picked, speaking
from engine.facts.decode import decode
from engine.language.case import Case, parse_path
from engine.language.core import Program
from engine.language.decision import Decision
from engine.language.outcome import TRUE
from engine.values.money import Money


class PolicyError(ValueError):
    """A policy cannot be used. `diagnostics` says what is wrong, where, and what would be right."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        errors = [d for d in self.diagnostics if d.severity == "error"]
        first = errors[0] if errors else None
        where = f"{first.span}: " if first is not None and first.span is not None else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{where}{first.message if first else 'the policy cannot be used'}{more}")


class Policy:
    """A checked policy, ready to decide. Immutable, and safe to share between threads.

    With markets it has a program for each of them; who asks it need not know. `diagnostics` are the warnings that
    checking gave. `program` is the typed core, for tools: of several the last one.
    """

    def __init__(self, program: Program | Iterable[Program], diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        """`program`: one, or those of all markets and versions, in order of time."""
        programs = (program,) if isinstance(program, Program) else tuple(program)
        if len(programs) > 1:
            programs = beside_others(tuple(_with_questions(one, programs) for one in programs))
        self.programs = programs
        self.diagnostics = diagnostics

    @property
    def program(self) -> Program:
        """The typed core: the newest version's, and of several markets the last one's."""
        return self.programs[-1]

    @property
    def key(self) -> str:
        """The policy's key."""
        return self.program.key

    @property
    def version(self) -> str:
        """The policy's version label."""
        return self.program.version

    @property
    def digest(self) -> str:
        """What the policy means, as a SHA-256: changes with its meaning and with the data it rests on, not with layout."""
        return self.program.digest

    @property
    def decisions(self) -> Mapping[str, str]:
        """The questions this policy answers, each with its wording."""
        return {name: decision.asks for name, decision in self.program.decisions.items()}

    def program_of(self, decision: Decision) -> Program:
        """The program that gave a decision (of several that agree, the last one)."""
        for one in reversed(self.programs):
            if one.digest == decision.digest and decision.market in (None, one.market):
                return one
        return self.program

    def speaking(self, facts: Mapping[str, object] | Case, decision: str | None = None) -> Policy:
        """The version and market that holds for a case; the last of those that may, or of all, if that is not known.

        With a `decision`: what answers that question, which is known also where all that may hold agree.
        """
        if len(self.programs) == 1:
            return self
        programs, cases = self._decoded(facts)
        if decision is not None:
            found = answering(programs, cases, decision, lambda n, one: judge(one, decision, cases[n], False))
            return Policy(programs[self._having(decision, programs)] if found is None else found.programs[-1])
        number = speaking(programs, cases)
        program = programs[number]
        sure = in_force(program, cases[number]) == TRUE
        return Policy(picked(program) if sure else program)

    def case(self, facts: Mapping[str, object]) -> Case:
        """Decode facts once, to ask several questions about them. Never raises for what the facts say.

        Each version and market decodes them for itself; what comes back is as the one that holds for them has it.
        """
        if len(self.programs) == 1:
            return _decoded(self.program, facts)
        programs, cases = self._decoded(facts)
        return replace(cases[speaking(programs, cases)], beside=tuple(cases))

    def _decoded(self, facts: Mapping[str, object] | Case) -> tuple[tuple[Program, ...], list[Case]]:
        """The programs that may hold for a case, and the facts as each of them decodes them."""
        if isinstance(facts, Case) and len(facts.beside) == len(self.programs):
            return self.programs, list(facts.beside)
        programs = self._may_hold(facts)
        cases = _cases(facts, programs)
        if self._may_hold(cases[-1]) != programs:  # what names the market cannot be right
            return self.programs, _cases(facts, self.programs)
        return programs, cases

    def _may_hold(self, facts: Mapping[str, object] | Case) -> tuple[Program, ...]:
        """The programs without those of other markets than the one that the facts name: they need not look at the case."""
        markets = {(one.digest, one.market) for one in self.programs}
        named = {by: _named(facts, by) for one in self.programs if (by := one.market_by) is not None}
        return tuple(
            one
            for one in self.programs
            if one.market_by is None
            or named[one.market_by] == one.market
            or (one.digest, named[one.market_by]) not in markets
        )

    def decide(self, decision: str, facts: Mapping[str, object] | Case, *, questions: bool = True) -> Decision:
        """Answer a question about a case.

        `decision` is a question of the policy or of the standard vocabulary (`not_covered` if the policy does not speak
        about it). `facts` is a case document as in `schema/facts.schema.json`, as plain Python data: amounts as text,
        `Decimal` or whole numbers, instants as text with an offset or aware datetimes; or what `case` gave. Facts that
        cannot be right end in the status `error` with `problems`, never in an exception. `questions` off leaves out
        `leads_to`, which costs an evaluation for each answer that is tried.

        If it is not known which version or market holds, every one that may is asked: if all agree, that is the answer;
        otherwise the moment or the market is what is missing. None for a case: out of scope.

        Raises `UnknownDecision` if neither the policy nor the standard vocabulary has the question.
        """
        if len(self.programs) == 1:
            return judge(self.program, decision, facts if isinstance(facts, Case) else self.case(facts), questions)
        programs, cases = self._decoded(facts)

        def decided(number: int, program: Program) -> Decision:
            return judge(program, decision, cases[number], questions)

        found = answering(programs, cases, decision, decided)
        if found is None:
            number = self._having(decision, programs)
            return decided(number, programs[number])
        return found.told(decided(found.numbers[-1], found.programs[-1]))

    def _having(self, decision: str, programs: Sequence[Program]) -> int:
        """The last program that has the question, where none holds; whatever it says is that the case is out of scope."""
        having = [number for number, program in enumerate(programs) if decision in program.decisions]
        if not having and decision not in self.program.standard_decisions:
            raise UnknownDecision(decision, tuple(self.program.decisions))
        return having[-1] if having else len(programs) - 1


def _named(facts: Mapping[str, object] | Case, by: str) -> object:
    """The word of the fact that says which market a case belongs to, as it is given; None if it is no word."""
    if isinstance(facts, Case):
        return facts.facts.get(parse_path(by))
    here: object = facts
    for part in by.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here if isinstance(here, str) else None


def _cases(facts: Mapping[str, object] | Case, programs: Sequence[Program]) -> list[Case]:
    """The facts as each program decodes them. Raises ValueError for a case with another policy's amounts."""
    if not isinstance(facts, Case):
        return [_decoded(program, facts) for program in programs]
    if len(facts.beside) == len(programs):
        return list(facts.beside)
    if programs[-1].market is not None and any(isinstance(value, Money) for value in facts.facts.values()):
        raise ValueError("the case was decoded by another policy: its amounts may be in another market's currency")
    return [facts] * len(programs)


def _decoded(program: Program, facts: Mapping[str, object]) -> Case:
    return decode(facts, program.facts, currency=program.currency, timezone=program.timezone)


def _with_questions(program: Program, programs: tuple[Program, ...]) -> Program:
    """A version that knows what others are asked: it does not speak about it, as about a standard question it lacks."""
    questions = {one.id: one.asks for other in programs for one in other.decisions.values()}
    return replace(program, standard_decisions={**questions, **program.standard_decisions})


def load_policy(source: str | Path | bytes, name: str | None = None) -> Policy:
    """Load a policy from a file's path, or from the bytes of one (called `name` in messages).

    Raises `PolicyError` with every diagnostic if the policy has an error, OSError if the file cannot be read.
    """
    report = Report()
    if isinstance(source, bytes):
        data, shown = source, name or "policy.yaml"
    else:
        data, shown = Path(source).read_bytes(), name or str(source)
    programs = check_programs(data, shown, report)
    if not programs:
        raise PolicyError(report.sorted())
    return Policy(programs, tuple(report.sorted()))


__all__ = ["Policy", "PolicyError", "UnknownDecision", "load_policy"]
