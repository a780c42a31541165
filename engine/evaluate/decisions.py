"""Decisions: every member, every option, the answer to what was asked (`docs/semantics.md`, steps 12 to 14, and 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from engine.evaluate.effort import within_reach
from engine.evaluate.expressions import Expressions
from engine.evaluate.facts import Facts
from engine.evaluate.outputs import Outputs, open_facts, status_of
from engine.evaluate.rollup import roll_up
from engine.evaluate.trial import Earlier, Trial, tender_fields
from engine.language import core as c
from engine.language.case import EARLIER, Case, Path, path_text
from engine.language.outcome import (
    EMPTY,
    FALSE,
    TRUE,
    Cause,
    Causes,
    Env,
    Known,
    Mixed,
    OutputResult,
    Result,
    Unknown,
    unknown,
)
from engine.language.values import Value


@dataclass(frozen=True)
class Settings:
    """What a trial sets otherwise: facts, readings, parameters."""

    facts: Mapping[Path, Value]
    readings: Mapping[str, str | None]
    parameters: Mapping[str, Value]


NO_SETTINGS = Settings({}, {}, {})


class Evaluation:
    """One program, one case: everything that is worked out about it, each thing once.

    `base` is the same evaluation with less known: `tried` names what it lacks. What it knows, and what waits for something
    else, is taken over from it.
    """

    def __init__(
        self,
        program: c.Program,
        case: Case,
        settings: Settings = NO_SETTINGS,
        simple: bool = False,
        base: Evaluation | None = None,
        tried: frozenset[str] = frozenset(),
    ) -> None:
        self.program = program
        self.case: Case = within_reach(program, case) if base is None else base.case
        self.settings = settings
        self.simple = simple
        self.facts = Facts(program, self.case, settings.facts)
        known = None if base is None else Earlier(base.expressions.value, base.outputs.output, tried)
        self.expressions: Expressions = Expressions(
            self.facts, self.read_output, self.read_table, settings.readings, settings.parameters, known
        )
        self._plain: Evaluation | None = None
        self._other_readings: dict[tuple[str, str], Evaluation] = {}
        self._broken: dict[Path, c.CoreCheck | None] = {}
        self.trial = Trial(simple, self._plain_outputs, self._tried, tender_fields(program))
        self.outputs: Outputs = Outputs(self.facts, self.expressions, lambda: self.applies, self.trial, known)
        self._answers: dict[tuple[str, str, object, str], OutputResult] = {}

    # trials ----------------------------------------------------------------------------------------------------------

    def with_facts(self, facts: Mapping[Path, Value], simple: bool = False) -> Evaluation:
        """The same case with some facts set to other values."""
        merged = {**self.settings.facts, **facts}
        settings = Settings(merged, self.settings.readings, self.settings.parameters)
        return Evaluation(self.program, self.case, settings, simple)

    def trying(self, facts: Mapping[Path, Value]) -> Evaluation:
        """The same case with answers to questions that are open in it: none of these facts is given.

        Only the headline's and the other outputs' values are good in it: the notes of what is taken over are older.
        """
        settings = Settings({**self.settings.facts, **facts}, self.settings.readings, self.settings.parameters)
        names = frozenset(path_text(path) for path in facts)
        return Evaluation(self.program, self.case, settings, self.simple, self, names)

    def with_reading(self, name: str, option: str) -> Evaluation:
        """The same case with a reading set to one of its options; made once, since every member asks for it."""
        found = self._other_readings.get((name, option))
        if found is None:
            readings = {**self.settings.readings, name: option}
            settings = Settings(self.settings.facts, readings, self.settings.parameters)
            found = self._other_readings[name, option] = Evaluation(self.program, self.case, settings)
        return found

    def _without_cases(self) -> Evaluation:
        if self._plain is None:
            self._plain = Evaluation(self.program, self.case, self.settings, simple=True)
        return self._plain

    def _plain_outputs(self) -> Outputs:
        return self._without_cases().outputs

    def _tried(self, facts: Mapping[Path, Value], readings: Mapping[str, str]) -> Outputs:
        settings = Settings(
            {**self.settings.facts, **facts}, {**self.settings.readings, **readings}, self.settings.parameters
        )
        names = frozenset((*(path_text(path) for path in facts), *readings))
        return Evaluation(self.program, self.case, settings, True, self._without_cases(), names).outputs

    # before all (step 16) --------------------------------------------------------------------------------------------

    @cached_property
    def failed_checks(self) -> Mapping[Path, c.CoreCheck]:
        """The checks that this case breaks, by the member (or the case, ()) that they make impossible."""
        lists = {check.list_path for check in self.program.checks if check.variable is not None}
        places: list[Path] = [()]
        for path in sorted(lists):
            places += [(*path, i) for i in range(self.facts.length(path) or 0)]
        found = ((place, self._broken_check(place)) for place in places)
        return {place: check for place, check in found if check is not None}

    def _broken_check(self, place: Path) -> c.CoreCheck | None:
        """The first check that is definitely false for a member, or for the case as a whole."""
        if place not in self._broken:
            self._broken[place] = next((check for check in self.program.checks if self._breaks(check, place)), None)
        return self._broken[place]

    def _breaks(self, check: c.CoreCheck, place: Path) -> bool:
        if check.variable is None:
            return place == () and self.expressions.value(check.must, EMPTY) == FALSE
        if place[:-1] != check.list_path:
            return False
        return self.expressions.value(check.must, EMPTY.bind(check.variable, place)) == FALSE

    def environments(self, variable: str | None, list_path: tuple[str, ...]) -> list[Env]:
        """One environment for each member of a list (none if it was not given); a single one without a variable."""
        if variable is None:
            return [EMPTY]
        return [EMPTY.bind(variable, (*list_path, i)) for i in range(self.facts.length(list_path) or 0)]

    @property
    def ruled_out(self) -> list[Path]:
        """Facts that are given although their `only_when` is definitely false; they count as wrong."""
        return sorted(self.facts.ruled_out(self.expressions), key=path_text)

    @cached_property
    def applies(self) -> Result:
        """Whether the policy speaks about this order; not known while another version of it may speak instead."""
        if self.program.applies_when is None:
            return TRUE
        applies = self.expressions.value(self.program.applies_when, EMPTY)
        return applies if applies != FALSE else self.outputs.another_may_hold() or FALSE

    def _impossible(self, member: Path | None) -> Causes:
        """Why a member, or the case, cannot be right; empty if it can."""
        causes = set()
        for place in {(), member or ()}:
            check = self._broken_check(place)
            if check is not None:
                causes.add(Cause("error", check.id, path_text(place)))
        for error in self.case.errors:
            if self._spoils(error.path, member):
                causes.add(Cause("error", path_text(error.path) or "case"))
        return frozenset(causes)

    def _spoils(self, wrong: Path, member: Path | None) -> bool:
        """Whether an input that cannot be right makes the answer for a member an error, read or not: it stands in that
        member, or in no list at all. What stands in another list's member spoils only what reads it."""
        if not any(isinstance(part, int) for part in wrong):
            return True
        return member is not None and wrong[: len(member)] == member

    # answers (steps 12 to 14) ----------------------------------------------------------------------------------------

    def env(self, decision: c.CoreDecision, member: Path | None, option: str = "") -> Env:
        """The environment of a decision for a member and an option."""
        env = EMPTY
        if decision.variable is not None and member is not None:
            env = env.bind(decision.variable, member)
        if decision.option_variable is not None and option:
            env = env.bind(decision.option_variable, option)
        return env

    def members(self, decision: c.CoreDecision) -> list[Path | None] | Unknown:
        """The members a decision is asked for: [None] if it has no `for_each`; unknown if the list is missing."""
        if decision.variable is None:
            return [None]
        if self.facts.wrong(decision.list_path):
            return Unknown(frozenset((Cause("error", path_text(decision.list_path)),)))
        length = self.facts.length(decision.list_path)
        if length is None:
            return Unknown(frozenset((Cause("fact", path_text(decision.list_path)),)))
        return [(*decision.list_path, i) for i in range(length)]

    def one(self, decision: c.CoreDecision, output: str, member: Path | None, option: str) -> OutputResult:
        """An output for one member and one option ("" if the decision has none)."""
        impossible = self._impossible(member)
        if impossible:
            return OutputResult(output, "error", causes=impossible)
        return self.outputs.output(decision, decision.outputs[output], self.env(decision, member, option))

    def asked(self, decision: c.CoreDecision, member: Path | None) -> Result:
        """The option asked for."""
        if decision.asked is None:
            return Known("")
        return self.expressions.value(decision.asked, self.env(decision, member))

    def answer(self, decision: c.CoreDecision, output: str, member: Path | None) -> OutputResult:
        """An output for one member: the option that was asked for is the answer (step 12)."""
        key = (decision.id, output, member, "answer")
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._answer(decision, output, member)
        return found

    def _answer(self, decision: c.CoreDecision, output: str, member: Path | None) -> OutputResult:
        if not decision.options:
            return self.one(decision, output, member, "")
        impossible = self._impossible(member)
        if impossible:
            return OutputResult(output, "error", causes=impossible)
        if self.applies == FALSE:
            return self.one(decision, output, member, decision.options[0])
        asked = self.asked(decision, member)
        if isinstance(asked, Unknown):
            return self._any_option(decision, output, member, asked)
        if asked.value in decision.options:
            return self.one(decision, output, member, str(asked.value))
        return self._not_offered(decision, output)

    def _any_option(self, decision: c.CoreDecision, output: str, member: Path | None, asked: Unknown) -> OutputResult:
        """Nobody said what is asked for: settled only if every option comes out alike, and none else could be asked.

        While that is still possible, what the options wait for can settle the answer too, and is among its causes.
        """
        closed = self._asked_is_closed(decision)
        results = [self.one(decision, output, member, option) for option in decision.options]
        if not closed:
            results.append(self._not_offered(decision, output))
        settled = [r for r in results if r.status == "decided" and not r.conditional]
        alike = all(r.value == settled[0].value for r in settled[1:])
        if len(settled) == len(results) and alike:
            return replace(settled[0], notes=())
        causes = asked.causes
        if alike and (closed or decision.not_offered is not None):
            for result in results:
                headline = result.headline.causes if result.headline is not None else frozenset()
                causes |= open_facts(result.causes | headline)
        return self.outputs.in_scope(OutputResult(output, status_of(asked.causes), causes=causes))

    def _asked_is_closed(self, decision: c.CoreDecision) -> bool:
        """Whether nothing but the decision's options can be asked for."""
        words = getattr(decision.asked.type, "words", ()) if decision.asked is not None else ()
        closed = bool(getattr(decision.asked.type, "closed", False)) if decision.asked is not None else False
        return closed and set(words) <= set(decision.options)

    def _not_offered(self, decision: c.CoreDecision, output: str) -> OutputResult:
        headline = decision.outputs[decision.headline]
        name = f"{decision.id}.{output}"
        if decision.not_offered is None or "deny" not in headline.words:
            return OutputResult(output, "not_covered", causes=frozenset((Cause("not_covered", name, "option"),)))
        if output == decision.headline:
            return self.outputs.in_scope(OutputResult(output, "decided", value="deny"))
        moot = OutputResult(output, "not_applicable", causes=frozenset((Cause("not_applicable", name),)))
        return self.outputs.in_scope(moot)

    def rolled(self, decision: c.CoreDecision, output: str) -> OutputResult:
        """An output for the whole request (step 13)."""
        key = (decision.id, output, None, "rolled")
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._rolled(
                decision, output, lambda member: self.answer(decision, output, member)
            )
        return found

    def _rolled(self, decision: c.CoreDecision, output: str, read: object) -> OutputResult:
        impossible = self._impossible(())
        if impossible:
            return OutputResult(output, "error", causes=impossible)
        if self.applies == FALSE:
            return self.outputs.out_of_scope(output)
        members = self.members(decision)
        if isinstance(members, Unknown):
            unknown_list = OutputResult(output, status_of(members.causes), causes=members.causes)
            return self.outputs.in_scope(unknown_list)
        assert callable(read)
        results = [read(member) for member in members]
        if decision.list_path in self.facts.further_back:  # more members than are named, and nobody knows how many
            causes = frozenset((self.facts.not_listed((*decision.list_path, EARLIER)),))
            results.append(OutputResult(output, "needs_facts", causes=causes))
        if not results:  # no member says that the policy may not speak about this order at all
            return self.outputs.in_scope(OutputResult(output, "not_applicable"))
        if decision.variable is None:
            single: OutputResult = results[0]
            return single
        return roll_up(decision.outputs[output], results, self.expressions.arithmetic)

    # reading (step 11) -----------------------------------------------------------------------------------------------

    def read_output(self, ref: c.OutputRef, env: Env) -> Result:
        """Another decision's output: of the same member or the roll-up, of the option meant or the one asked for."""
        decision = self.program.decisions[ref.decision]
        option = ref.option
        if option.startswith("*"):
            option = str(env.bindings[option[1:]])
        member: Path | None = None
        if ref.item is not None:
            bound = env.bindings[ref.item]
            assert not isinstance(bound, str)
            one = self.facts.member(decision.list_path, bound)
            if isinstance(one, Unknown):
                return one
            member = one
        name = f"{ref.decision}.{ref.output}"
        if decision.variable is not None and member is None:
            if option:
                found = self._rolled(decision, ref.output, lambda m: self.one(decision, ref.output, m, option))
            else:
                found = self.rolled(decision, ref.output)
        elif option:
            found = self.one(decision, ref.output, member, option)
        else:
            found = self.answer(decision, ref.output, member)
        return self._as_read(name, found)

    def _as_read(self, name: str, found: OutputResult) -> Result:
        if isinstance(found.value, Mixed) and not found.conditional:
            words = all(isinstance(value, str) for value, _ in found.value.members)
            return Known("mixed") if words else unknown("conflict", name)
        return self.outputs.as_read(name, found)

    def read_table(self, expr: c.TableRead, env: Env) -> Result:
        """A table's result for this case: the rows are rules that must agree."""
        result = self.outputs.output(None, expr.output, env)
        return self.outputs.as_read(expr.table, self._table_named(expr.table, result))

    def _table_named(self, table: str, result: OutputResult) -> OutputResult:
        """The causes of a table name the table."""
        if result.status in ("not_covered", "conflict"):
            kind = "conflict" if result.status == "conflict" else "not_covered"
            causes: Causes = frozenset((Cause(kind, f"{table}.{result.output}"),))  # type: ignore[arg-type]
            if not any(cause.kind == "silent" for cause in result.causes):
                return replace(result, causes=causes)
        return result
