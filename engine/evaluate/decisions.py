"""Decisions: every member, every option, the answer to what was asked (`docs/semantics.md`, steps 12 to 14, and 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.evaluate.expressions import Expressions
from engine.evaluate.facts import Facts
from engine.evaluate.outputs import Outputs, status_of
from engine.evaluate.rollup import roll_up
from engine.evaluate.trial import Trial, tender_fields
from engine.language import core as c
from engine.language.case import Case, Path, path_text
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
    """One program, one case: everything that is worked out about it, each thing once."""

    def __init__(self, program: c.Program, case: Case, settings: Settings = NO_SETTINGS, simple: bool = False) -> None:
        self.program = program
        self.case = case
        self.settings = settings
        self.simple = simple
        self.facts = Facts(program, case, settings.facts)
        self.expressions = Expressions(
            self.facts, self.read_output, self.read_table, settings.readings, settings.parameters
        )
        self._plain: Evaluation | None = None
        self._failed = self._failed_checks()
        self.applies = self._applies()
        self.trial = Trial(simple, self._plain_outputs, self._tried, tender_fields(program))
        self.outputs = Outputs(self.facts, self.expressions, self.applies, self.trial)
        self._answers: dict[tuple[str, str, object, str], OutputResult] = {}

    # trials ----------------------------------------------------------------------------------------------------------

    def with_facts(self, facts: Mapping[Path, Value], simple: bool = False) -> Evaluation:
        """The same case with some facts set to other values."""
        merged = {**self.settings.facts, **facts}
        settings = Settings(merged, self.settings.readings, self.settings.parameters)
        return Evaluation(self.program, self.case, settings, simple)

    def with_reading(self, name: str, option: str) -> Evaluation:
        """The same case with a reading set to one of its options."""
        readings = {**self.settings.readings, name: option}
        return Evaluation(self.program, self.case, Settings(self.settings.facts, readings, self.settings.parameters))

    def _plain_outputs(self) -> Outputs:
        if self._plain is None:
            self._plain = Evaluation(self.program, self.case, self.settings, simple=True)
        return self._plain.outputs

    def _tried(self, facts: Mapping[Path, Value]) -> Outputs:
        return self.with_facts(facts, simple=True).outputs

    # before all (step 16) --------------------------------------------------------------------------------------------

    def _failed_checks(self) -> dict[Path, c.CoreCheck]:
        """Checks that are definitely false, by the member (or the case, ()) that they make impossible."""
        failed: dict[Path, c.CoreCheck] = {}
        for check in self.program.checks:
            for path, env in self._members(check.variable, check.list_path):
                if self.expressions.value(check.must, env) == FALSE:
                    failed.setdefault(path, check)
        return failed

    def _members(self, variable: str | None, list_path: tuple[str, ...]) -> list[tuple[Path, Env]]:
        if variable is None:
            return [((), EMPTY)]
        length = self.facts.length(list_path) or 0
        return [((*list_path, i), EMPTY.bind(variable, (*list_path, i))) for i in range(length)]

    @property
    def failed_checks(self) -> Mapping[Path, c.CoreCheck]:
        """The checks that this case breaks."""
        return self._failed

    @property
    def ruled_out(self) -> list[Path]:
        """Facts that are given although their `only_when` is definitely false; they count as wrong."""
        return sorted(self.facts.ruled_out(self.expressions), key=path_text)

    def _applies(self) -> Result:
        if self.program.applies_when is None:
            return TRUE
        return self.expressions.value(self.program.applies_when, EMPTY)

    def _impossible(self, member: Path | None) -> Causes:
        """Why a member, or the case, cannot be right; empty if it can."""
        causes = set()
        for path, check in self._failed.items():
            if path == () or path == member:
                causes.add(Cause("error", check.id, path_text(path)))
        for error in self.case.errors:
            if error.path == ():
                causes.add(Cause("error", "case"))
        return frozenset(causes)

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
        """Nobody said what is asked for: settled only if every option comes out alike, and none else could be asked."""
        results = [self.one(decision, output, member, option) for option in decision.options]
        if self._asked_is_closed(decision) or decision.not_offered is not None:
            others = [] if self._asked_is_closed(decision) else [self._not_offered(decision, output)]
            every = [*results, *others]
            first = every[0]
            plain = all(r.status == first.status == "decided" and not r.conditional for r in every)
            if plain and all(r.value == first.value for r in every):
                return replace(first, notes=())
        return OutputResult(output, status_of(asked.causes), causes=asked.causes)

    def _asked_is_closed(self, decision: c.CoreDecision) -> bool:
        """Whether nothing but the decision's options can be asked for."""
        words = getattr(decision.asked.type, "words", ()) if decision.asked is not None else ()
        closed = bool(getattr(decision.asked.type, "closed", False)) if decision.asked is not None else False
        return closed and set(words) <= set(decision.options)

    def _not_offered(self, decision: c.CoreDecision, output: str) -> OutputResult:
        headline = decision.outputs[decision.headline]
        if decision.not_offered is not None and "deny" in headline.words:
            if output == decision.headline:
                return OutputResult(output, "decided", value="deny")
            cause = Cause("not_applicable", f"{decision.id}.{output}")
            return OutputResult(output, "not_applicable", causes=frozenset((cause,)))
        return OutputResult(
            output, "not_covered", causes=frozenset((Cause("not_covered", f"{decision.id}.{output}", "option"),))
        )

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
            return self.outputs.output(decision, decision.outputs[output], EMPTY)
        members = self.members(decision)
        if isinstance(members, Unknown):
            return OutputResult(output, status_of(members.causes), causes=members.causes)
        assert callable(read)
        results = [read(member) for member in members]
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
            member = bound
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
