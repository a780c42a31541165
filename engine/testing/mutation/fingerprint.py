"""What a program comes down to, part by part, without places: to see which parts of two programs differ, and whether any do.

Parts are named by tuples, such as ("rule", "return", "too_late"). Words that only people read (messages, notes) are parts
of their own, citations and labels are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.language import core as c
from engine.language.prints import Prints
from engine.language.types import ListOf
from engine.language.walk import below, window_parts

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
        exprs = window_parts(by) if isinstance(by, c.WindowUse) else () if by is None else (by,)
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
    yield ("combine", *where), ProgramPart((), (_joining(output), output.words, output.rounding, output.split_order))
    yield ("roll_up", *where), ProgramPart((), "union" if isinstance(output.type, ListOf) else output.roll_up)
    yield ("only_when_output", *where), ProgramPart((), output.only_when)
    for rule in output.rules:
        for other in output.over.get(rule.id, ()):
            yield ("over", *where, rule.id, other.id), ProgramPart(())
    yield ("otherwise", *where), ProgramPart(() if output.otherwise is None else (output.otherwise.value,))
    yield ("split", *where), ProgramPart(() if output.split_of is None else (output.split_of,))
    yield ("up_to", *where), ProgramPart(() if output.up_to is None else (output.up_to,), output.flow)
    if output.net is not None:
        yield ("net", *where), ProgramPart((output.net.amount,), (output.net.parts, output.net.below_zero))


def prints_of_parts(parts: Mapping[PartName, ProgramPart], prints: Prints) -> dict[PartName, str]:
    """The print of each part: equal prints, equal meaning."""
    return {name: f"{[prints.of(expr) for expr in part.exprs]}{part.rest!r}" for name, part in parts.items()}


def _joining(output: c.CoreOutput) -> str:
    """How several rules become one (J in `docs/semantics.md`, step 7), by the same name where it comes to the same.

    Where one rule at most concludes an output there is nothing to join, except that `all` makes an empty list of none.
    Where the rules stand in the order of the words, each with a fixed word, the first of them is the strictest. Lists of
    members are put together in one way only, whatever `roll_up` is called.
    """
    if len(output.rules) <= 1 and output.combine != "all":
        return "of one"
    if output.combine in ("strictest", "first"):
        said = [rule.then.get(output.id) for rule in output.rules]
        words = [one.value for one in said if isinstance(one, c.Const) and one.value in output.words]
        ranks = [output.words.index(str(word)) for word in words]
        if len(ranks) == len(said) and ranks == sorted(ranks):
            return "strictest"
    return output.combine


def readings_of(exprs: Iterable[c.Expr]) -> set[str]:
    """The readings that expressions look at."""
    return {e.name for e in below(exprs) if isinstance(e, c.ReadingRef)}


def reads_windows(exprs: tuple[c.Expr, ...]) -> bool:
    """Whether an expression looks at a window."""
    return any(isinstance(e, c.WindowTest | c.WindowPart) for e in below(exprs))
