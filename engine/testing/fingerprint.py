"""What a program comes down to, part by part, without places: to see which parts of two programs differ, and whether any do.

Parts are named by tuples, such as ("rule", "return", "too_late"). Words that only people read (messages, notes) are parts
of their own, citations and labels are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from engine.base.source import Span
from engine.language import core as c
from engine.language.types import FactType
from engine.language.walk import below

PartName = tuple[str, ...]


@dataclass(frozen=True)
class ProgramPart:
    """One part: the expressions it is worked out from, and whatever else makes it up."""

    exprs: tuple[c.Expr, ...]
    rest: object = None


def parts(program: c.Program) -> dict[PartName, ProgramPart]:
    """The parts of a program by name."""
    found: dict[PartName, ProgramPart] = {}
    found["scope",] = ProgramPart(() if program.scope is None else (program.scope,))
    found["applies",] = ProgramPart(() if program.applies_when is None else (program.applies_when,))
    for check in program.checks:
        found["check", check.id] = ProgramPart((check.must,), (check.variable, check.list_path))
    for i, only in enumerate(program.only_when):
        found["only_when", str(i)] = ProgramPart((only.condition,), (only.pattern, only.variable))
    for one in program.guarantees:
        found["guarantee", one.id] = ProgramPart((one.whenever, one.then), (one.variable, one.list_path))
    for decision in program.decisions.values():
        found.update(_of_decision(decision))
    return found


def _of_decision(decision: c.CoreDecision) -> Iterator[tuple[PartName, ProgramPart]]:
    name = decision.id
    frame = (decision.variable, decision.list_path, decision.option_variable, decision.options, decision.headline)
    yield (
        ("decision", name),
        ProgramPart(() if decision.asked is None else (decision.asked,), (frame, decision.not_offered is None)),
    )
    for one in decision.requires:
        yield ("requirement", name, one.id), ProgramPart((one.when, one.met), one.blocks)
        by = one.by
        exprs = _window(by) if isinstance(by, c.WindowUse) else () if by is None else (by,)
        yield ("by", name, one.id), ProgramPart(exprs, by.name if isinstance(by, c.WindowUse) else None)
    for rule in decision.rules:
        yield ("rule", name, rule.id), ProgramPart((*rule.when, *rule.unless), (len(rule.when), rule.review))
        if rule.because is not None:
            pieces = tuple(p for p in rule.because.pieces if not isinstance(p, str))
            yield ("because", name, rule.id), ProgramPart(pieces)
        for concluded, value in rule.then.items():
            stated = () if isinstance(value, c.NotStated) else (value,)
            yield ("then", name, rule.id, concluded), ProgramPart(stated)
    for output in decision.outputs.values():
        yield from _of_output(decision, output)


def _of_output(decision: c.CoreDecision, output: c.CoreOutput) -> Iterator[tuple[PartName, ProgramPart]]:
    where = (decision.id, output.id)
    yield ("combine", *where), ProgramPart((), (output.combine, output.words, output.rounding, output.split_order))
    yield ("roll_up", *where), ProgramPart((), output.roll_up)
    yield ("only_when_output", *where), ProgramPart((), output.only_when)
    for rule in output.rules:
        for other in output.over.get(rule.id, ()):
            yield ("over", *where, rule.id, other.id), ProgramPart(())
    yield ("otherwise", *where), ProgramPart(() if output.otherwise is None else (output.otherwise.value,))
    yield ("split", *where), ProgramPart(() if output.split_of is None else (output.split_of,))


def _window(window: c.WindowUse) -> tuple[c.Expr, ...]:
    return (window.anchor, window.act, window.lasts)


class Prints:
    """Makes prints of the parts of one program: equal prints, equal meaning. Each node is looked at once.

    `numbers` are shared by the programs that are to be compared: a number stands for each thing seen so far.
    """

    def __init__(self, program: c.Program, numbers: dict[str, int]) -> None:
        self.program = program
        self._numbers = numbers
        self._known: dict[int, int] = {}

    def of_parts(self) -> dict[PartName, str]:
        """The print of each part."""
        return {
            name: f"{[self.of(expr) for expr in part.exprs]}{part.rest!r}" for name, part in parts(self.program).items()
        }

    def of(self, expr: c.Expr) -> int:
        """The print of an expression. A name means what it stands for."""
        found = self._known.get(id(expr))
        if found is None:
            if isinstance(expr, c.Named):
                found = self.of(expr.body)
            else:
                found = self._numbers.setdefault(self._text(expr), len(self._numbers))
            self._known[id(expr)] = found
        return found

    def _text(self, expr: c.Expr) -> str:
        match expr:
            case c.ParameterRef(name=name):
                return f"parameter {name} {self.program.parameters[name].value!r}"
            case c.FactRef(variable=variable, fields=path):
                return f"fact {variable} {path}"
            case c.TableRead(table=table, output=output, columns=columns):
                rows = [
                    (
                        [self.of(w) for w in row.when],
                        [self._any(v) for k, v in row.then.items() if k == output.id],
                    )
                    for row in output.rules
                ]
                return f"table {table} {output.id} {rows} {[self.of(x) for x in columns]}"
        inside = [self._any(getattr(expr, one.name)) for one in fields(expr) if one.name not in ("span", "type")]
        return f"{type(expr).__name__}({', '.join(inside)})"

    def _any(self, value: Any) -> str:
        if isinstance(value, c.Expr):
            return str(self.of(value))
        if isinstance(value, tuple):
            return f"({', '.join(self._any(v) for v in value)})"
        if isinstance(value, c.WindowUse):
            own = (value.name, value.side, value.zone, value.inclusive, value.anchor_day)
            zone = "" if value.zone_fact is None else self.of(value.zone_fact)
            return f"window {own} {[self.of(x) for x in _window(value)]} {zone}"
        if isinstance(value, c.NotStated):
            return "not stated"
        if isinstance(value, Span | FactType):
            return ""
        if is_dataclass(value) or not isinstance(value, Mapping):
            return repr(value)
        return f"{ {k: self._any(v) for k, v in value.items()} }"


def readings_of(exprs: Iterable[c.Expr]) -> set[str]:
    """The readings that expressions look at."""
    return {e.name for e in below(exprs) if isinstance(e, c.ReadingRef)}


def reads_windows(exprs: tuple[c.Expr, ...]) -> bool:
    """Whether an expression looks at a window."""
    return any(isinstance(e, c.WindowTest | c.WindowPart) for e in below(exprs))
