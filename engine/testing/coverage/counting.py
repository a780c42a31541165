"""How much of a policy its worked cases have tried: rules, table rows, parts of conditions, and MC/DC.

What is counted, kind by kind:

- *rules*, *rows*: it spoke in a case, that is, it gave something its value;
- with markets, each amount per currency counts among the rows: it was read in a case (a parameter), or given (a row).
  Everything else counts once for all markets together, whichever of them showed it;
- *conditions*: each part of a condition was true in a case, and false in a case (two things to show);
- *unknown*: it was unknown in a case, if it can be;
- *mcdc*: two evaluations of the condition show that the part decides alone. In both of them the whole is true or false,
  and turning this part round, all others as they are, turns the whole round; in the one the part is true and in the
  other false, and the wholes differ. The other parts may differ between the two as long as they are masked (masking
  MC/DC; if they are the same it is unique-cause MC/DC). Unknown is no value to decide with: a part or a whole that is
  unknown shows nothing, while another part may well be unknown if it makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from engine.base.diagnostics import Diagnostic, Report
from engine.base.source import Span
from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.outcome import EMPTY, FALSE, Env, Known, Result, Unknown
from engine.language.walk import below, output_parts
from engine.testing.coverage.accepted import Accepted, accepted
from engine.testing.coverage.conditions import (
    Branch,
    Condition,
    Conditions,
    Key,
    Loop,
    Part,
    Place,
    Site,
    Truth,
    Visit,
    place_of,
)
from engine.testing.model import WorkedCase
from engine.values.money import Money

Kind = Literal["rules", "rows", "conditions", "unknown", "mcdc"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Count:
    """How many of the things of a kind were shown, of how many there are."""

    shown: int
    total: int

    @property
    def percent(self) -> float:
        """The share in per cent; all of nothing is 100."""
        return 100.0 if self.total == 0 else 100.0 * self.shown / self.total


@dataclass(frozen=True)
class Coverage:
    """The coverage of one policy. `missing`: one diagnostic for each thing not shown, in the order of their places.

    `accepted` are those of them that a comment in the policy gives a reason for; they count like the others. `stale`
    are the comments that accept nothing (any more), each after the code it names.
    """

    policy: str
    counts: Mapping[Kind, Count]
    missing: tuple[Diagnostic, ...]
    accepted: Accepted = ()
    stale: tuple[tuple[str, Diagnostic], ...] = ()


@dataclass(frozen=True)
class _Goal:
    """One thing to show; `missing` says that it was not shown."""

    kind: Kind
    missing: Diagnostic | None


class Recorder:
    """Takes note of what cases show of their policies. `watch` is for `run_file`."""

    def __init__(self) -> None:
        self._conditions: dict[int, Conditions] = {}
        self._spoke: set[Place] = set()
        self._of_markets: dict[str, dict[Key, Condition]] = {}
        self._parameters: dict[int, dict[int, str]] = {}
        self._amounts: set[Place] = set()

    def _of(self, program: c.Program) -> Conditions:
        """The conditions of a program. A version that was picked is a copy of its program with the same decisions."""
        found = self._conditions.get(id(program.decisions))
        if found is None:
            known = None if program.market is None else self._of_markets.setdefault(program.digest, {})
            found = self._conditions[id(program.decisions)] = Conditions(program, known)
        return found

    def watch(self, _: WorkedCase, evaluation: Evaluation) -> None:
        """Take note of the evaluation of a case."""
        self._spoke.update(place_of(rule.span) for rule in evaluation.outputs.spoke())
        Walk(evaluation, self._of(evaluation.program)).all()
        if evaluation.program.market is not None:
            self._amounts.update(self._amounts_read(evaluation))

    def _amounts_read(self, evaluation: Evaluation) -> Iterator[Place]:
        """The amounts that a case read: those of parameters, and of the rows that spoke."""
        program = evaluation.program
        if id(program.decisions) not in self._parameters:
            roots = [
                part for d in program.decisions.values() for o in d.outputs.values() for part in output_parts(d, o)
            ]
            uses = {id(one): one.name for one in below(roots) if isinstance(one, c.ParameterRef)}
            self._parameters[id(program.decisions)] = uses
        uses, read = self._parameters[id(program.decisions)], evaluation.expressions.worked_out()
        yield from (place_of(program.parameters[name].span) for one, name in uses.items() if one in read)
        for rule in evaluation.outputs.spoke():
            yield from (place_of(value.span) for value in rule.then.values())

    def coverage(self, programs: tuple[c.Program, ...]) -> Coverage:
        """What was shown of a policy, given as its program or those of its versions."""
        first = list({one.digest: one for one in reversed(programs)}.values())[::-1]  # of each version's markets
        found = [*self._spoken(first), *self._amounts_of(programs)]
        for known in {id(one): one for one in (self._of(program).known for program in programs)}.values():
            for condition in known.values():
                for part in condition.parts:
                    found.extend(_of_part(condition, part))
        counts: dict[Kind, Count] = {}
        for kind in KINDS:
            own = [goal for goal in found if goal.kind == kind]
            counts[kind] = Count(sum(goal.missing is None for goal in own), len(own))
        report = Report()
        report.extend(goal.missing for goal in found if goal.missing is not None)
        missing = tuple(report)
        return Coverage(_name(programs), counts, missing, *accepted(programs, missing))

    def _amounts_of(self, programs: tuple[c.Program, ...]) -> Iterator[_Goal]:
        """The amounts that are given per currency: those that stand at one place in one market and elsewhere in another."""
        for (_, name), amounts in _per_currency(programs).items():
            for place, (amount, span) in amounts.items() if len(amounts) > 1 else ():
                missing = Diagnostic(
                    CODE_OF["rows"],
                    f"{name} is `{amount}` in no case",
                    span,
                    "write a case of a market with this currency that reads it",
                )
                yield _Goal("rows", None if place in self._amounts else missing)

    def _spoken(self, programs: Sequence[c.Program]) -> Iterator[_Goal]:
        for program in programs:
            for decision in program.decisions.values():
                for rule in decision.rules:
                    message = f"rule `{decision.id}.{rule.id}` decides in no case"
                    yield self._goal("rules", rule.span, message, "write a case in which it speaks")
            for table, rows in program.tables.items():
                for row, span in rows:
                    message = f"row `{table}.{row}` gives its result in no case"
                    yield self._goal("rows", span, message, "write a case that reads it")

    def _goal(self, kind: Kind, span: Span, message: str, help: str) -> _Goal:
        spoke = place_of(span) in self._spoke
        return _Goal(kind, None if spoke else Diagnostic(CODE_OF[kind], message, span, help))


def _per_currency(programs: Sequence[c.Program]) -> dict[tuple[str, str], dict[Place, tuple[str, Span]]]:
    """The amounts of parameters and rows in markets, with their places, by the version and whose they are."""
    found: dict[tuple[str, str], dict[Place, tuple[str, Span]]] = {}
    for program in programs:
        for whose, value, span in _fixed(program) if program.market is not None else ():
            if isinstance(value, Money):
                found.setdefault((program.digest, whose), {})[place_of(span)] = (str(value), span)
    return found


def _fixed(program: c.Program) -> Iterator[tuple[str, object, Span]]:
    """The fixed values of parameters and of rows: whose, which, where."""
    for parameter in program.parameters.values():
        yield f"`{parameter.id}`", parameter.value, parameter.span
    roots = [part for d in program.decisions.values() for o in d.outputs.values() for part in output_parts(d, o)]
    for read in below(roots):
        if isinstance(read, c.TableRead):
            for row in read.output.rules:
                value = row.then[read.output.id]
                if isinstance(value, c.Const):
                    yield f"`{read.table}.{row.id}.{read.output.id}`", value.value, value.span


def _name(programs: tuple[c.Program, ...]) -> str:
    """What to call a policy: its file, or the folder of its versions."""
    for decision in programs[0].decisions.values():
        file = decision.span.source.name
        return file if len({program.digest for program in programs}) == 1 else file.rpartition("/")[0]
    return programs[0].key


CODE_OF: Mapping[Kind, str] = {
    "rules": "coverage-rule",
    "rows": "coverage-row",
    "conditions": "coverage-condition",
    "unknown": "coverage-unknown",
    "mcdc": "coverage-mcdc",
}
"""The code of what is missing, by its kind."""


# parts of conditions -------------------------------------------------------------------------------------------------


def _of_part(condition: Condition, part: Part) -> Iterator[_Goal]:
    for value in (True, False):
        word = "true" if value else "false"
        yield _shown(
            "conditions",
            part,
            value in part.seen,
            f"`{part.text}` is {word} in no case ({condition.whose})",
            f"write a case in which it is {word}",
        )
    if part.varies:
        message = f"`{part.text}` is unknown in no case ({condition.whose})"
        yield _shown("unknown", part, None in part.seen, message, "write a case that leaves out what it reads")
    message = f"no two cases show that `{part.text}` decides alone ({condition.whose})"
    yield _shown("mcdc", part, part.decides, message, _lacking(condition, part))


def _shown(kind: Kind, part: Part, shown: bool, message: str, help: str) -> _Goal:
    return _Goal(kind, None if shown else Diagnostic(CODE_OF[kind], message, part.span, help))


def _lacking(condition: Condition, part: Part) -> str:
    """Which of the two cases is there, and which is not."""
    if not part.decided_as:
        both = "one in which it is true and one in which it is false"
        if len(condition.parts) == 1:
            return f"write two cases, {both}"
        return f"write two cases, {both}, with the other parts so that they leave the outcome to it"
    value, whole = sorted(part.decided_as)[0]
    there, lacking = ("true", "false") if value else ("false", "true")
    outcome = "false" if whole else "true"
    return (
        f"where it is {there} it decides; write a case in which it is {lacking} and the whole is {outcome} by it alone"
    )


# walking an evaluation -----------------------------------------------------------------------------------------------


def _truth(result: Result) -> Truth:
    return bool(result.value) if isinstance(result, Known) else None


class Walk:
    """Goes through everything that was evaluated in a case, and notes the value of each part of each condition.

    `part` is shown each part, with whose it is and the environment it was evaluated in.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        conditions: Conditions,
        part: Callable[[str, c.Expr, Env], None] = lambda whose, expr, env: None,
    ) -> None:
        self.part = part
        self.expressions = evaluation.expressions
        self.evaluation = evaluation
        self.conditions = conditions
        self._done: set[tuple[int, object]] = set()

    def all(self) -> None:
        """Every rule, requirement and formula of the outputs that were evaluated."""
        self.visit(self.conditions.scope, EMPTY)
        if self.evaluation.applies == FALSE:
            return
        outputs = {id(o): (d, o) for d in self.conditions.program.decisions.values() for o in d.outputs.values()}
        for identity, env in self.evaluation.outputs.evaluated():
            if identity in outputs:  # else a table: its columns are walked where it is read
                decision, output = outputs[identity]
                for rule in output.rules:
                    self.visit(self.conditions.rules[id(rule)], env)
                self.visit(self.conditions.requirements[decision.id], env)
                self.visit(self.conditions.others[identity], env)

    def visit(self, visits: tuple[Visit, ...], env: Env) -> None:
        """Note what these come to in an environment."""
        for one in visits:
            if (id(one), env.key) in self._done:
                continue
            self._done.add((id(one), env.key))
            match one:
                case Site(condition=condition, exprs=exprs, inner=inner):
                    condition.saw(tuple(_truth(self.expressions.value(expr, env)) for expr in exprs))
                    for expr in exprs:
                        self.part(condition.whose, expr, env)
                    self.visit(inner, env)
                case Loop(over=over, inner=inner):
                    members = self.expressions.members(over, env)
                    for member in () if isinstance(members, Unknown) else members:
                        self.visit(inner, member)
                case Branch(condition=test, site=site, then=then, otherwise=otherwise):
                    self.visit(site, env)
                    taken = _truth(self.expressions.value(test, env))
                    self.visit(then if taken is not False else (), env)
                    self.visit(otherwise if taken is not True else (), env)
