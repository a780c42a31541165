"""Cases made up to show what the change from one text of a policy to another comes to: at limits, for parts that no case
shows, and with a fact left out that only the new text asks for."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.base.source import Span
from engine.evaluate.decisions import Settings
from engine.language import core as c
from engine.language.case import Path, path_text
from engine.language.prints import Prints
from engine.language.walk import below, output_parts
from engine.testing.limits.boundaries import Boundaries, invented
from engine.testing.model import Expected, WorkedCase
from engine.testing.mutation.fingerprint import PartName, parts
from engine.testing.mutation.hunt import Hunt
from engine.testing.mutation.noticing import Look, Side, Trace, trace
from engine.testing.variations import Start, place_name, without

_MOST_LEFT_OUT = 60
"""From how many cases a fact is left out."""


@dataclass(frozen=True)
class Subject:
    """A case to answer by both policies, and what it says of itself. `span` is where it is written, if it is."""

    start: Start
    says: str | None
    span: Span | None
    left_out: str | None = None


def at_limits(old: c.Program, new: c.Program, starts: Sequence[Start]) -> Iterator[Subject]:
    """Cases at the limits of both policies that none of the cases touches."""
    asked = {one.ask for one in starts}
    for program in (new, old):
        own = [replace(one, settings=settings_for(program, one)) for one in starts]
        plain_ones = [one for one in invented(program) if one.ask not in asked]
        for found in Boundaries(program, [*own, *plain_ones]).suggestions():
            yield Subject(replace(found.start, name=found.name), found.says, None)


def settings_for(program: c.Program, start: Start) -> Settings:
    """The readings and parameters that a case sets, as far as a program has them."""
    has = {name: {option for option, _ in reading.options} for name, reading in program.readings.items()}
    readings = {n: o for n, o in start.settings.readings.items() if n in has and (o is None or o in has[n])}
    parameters = {n: v for n, v in start.settings.parameters.items() if n in program.parameters}
    return replace(start.settings, readings=readings, parameters=parameters)


# parts that no case shows --------------------------------------------------------------------------------------------


class Showing:
    """Looks for a case that shows what changed in a part: one that there is, with a thing or two set otherwise."""

    def __init__(self, old: c.Program, new: c.Program, starts: Sequence[Start]) -> None:
        self._old, self._new = old, new
        numbers: dict[str, int] = {}
        self._sides = tuple(Side(p, Prints(p.parameters, numbers), parts(p)) for p in (old, new))
        asked = {one.ask for one in starts}
        self._starts = [*starts, *(one for one in invented(new) if one.ask not in asked)]
        self._traces: dict[int, list[Trace]] = {}

    def show(self, changed: list[PartName]) -> Subject | None:
        """A case for one part, which is named by all that changed of it; None if none is found."""
        first, second = self._sides[1], self._sides[0]
        if not any(name in first.parts for name in changed):
            first, second = second, first  # it is no longer there: what is looked for is a case that came to it
        look = Look(first, second)
        reached = [one for one in self._of(first.program) if look.reached(one, changed)]
        hunt = Hunt((first.program, second.program), look, changed)
        words = hunt.run(reached)
        if words is None:
            return None
        return Subject(hunt.found[words], words.partition(", if it expected")[0], None)

    def _of(self, program: c.Program) -> list[Trace]:
        found = self._traces.get(id(program))
        if found is None:
            found = self._traces[id(program)] = [
                trace(_worked(one, program), replace(one, settings=settings_for(program, one)).judged(program))
                for one in self._starts
                if one.ask in self._old.decisions and one.ask in self._new.decisions
            ]
        return found


def _worked(start: Start, program: c.Program) -> WorkedCase:
    """A case that expects nothing in particular."""
    span = program.decisions[start.ask].span
    return WorkedCase(start.name, None, start.ask, start.document, {}, {}, Expected(), None, span, span, span, {})


def known_to(program: c.Program, start: Start) -> Start:
    """The case without the facts that a program does not know: the other text of the policy may have added them."""
    unknown = [one.path for one in start.decoded(program).errors if one.diagnostic.code == "fact-unknown"]
    document = copy.deepcopy(start.document)
    for path in unknown:
        here: Any = document
        for step in path[:-1]:
            here = here[step]
        here.pop(path[-1], None)
    return replace(start, document=document, settings=settings_for(program, start))


# facts that only the new policy asks for -----------------------------------------------------------------------------


def left_out(old: c.Program, new: c.Program, changed: Iterable[PartName], starts: Sequence[Start]) -> Iterator[Subject]:
    """Cases with a fact taken away that a changed part reads now, and did not read before: it may be asked for in vain."""
    fresh: dict[str, set[Path]] = {}
    was, now = parts(old), parts(new)
    for name in changed:
        if len(name) > 1 and name[1] in old.decisions and name[1] in new.decisions and name in now:
            before = _read(was[name].exprs, old) if name in was else set()
            fresh.setdefault(name[1], set()).update(_read(now[name].exprs, new) - before)
    for ask, facts in fresh.items():
        for start in [one for one in starts if one.ask == ask][:_MOST_LEFT_OUT]:
            yield from _without(start, new, facts)


def _without(start: Start, program: c.Program, facts: set[Path]) -> Iterator[Subject]:
    """A case without each of these facts, and without all of them: where one is enough to know, two may be missing."""
    paths: dict[Path, str] = {}
    fewer = start
    for path in sorted(start.decoded(program).facts, key=lambda path: path[0] == "order"):
        name = next((fields for fields in facts if path[-len(fields) :] == fields), None)
        rest = without(fewer, path) if name is not None else fewer
        if name is not None and rest.document != fewer.document:  # a line's fact is the order's as well
            paths[path], fewer = path_text(name), rest
    for path, said in paths.items():
        yield Subject(without(start, path), f"without `{place_name(path)}`", None, said)
    if len(paths) > 1:
        places = " and ".join(f"`{place_name(path)}`" for path in paths)
        yield Subject(fewer, f"without {places}", None, " and ".join(dict.fromkeys(paths.values())))


def _read(exprs: Iterable[c.Expr], program: c.Program) -> set[Path]:
    """The facts that expressions read, through other questions as well; those of members by their last names."""
    found: set[Path] = set()
    pending, seen = list(exprs), set[str]()
    while pending:
        reached = list(below(pending))
        found |= {tuple(expr.fields) for expr in reached if isinstance(expr, c.FactRef)}
        questions = {expr.decision for expr in reached if isinstance(expr, c.OutputRef)} - seen
        seen |= questions
        decisions = [program.decisions[name] for name in questions]
        pending = [expr for one in decisions for output in one.outputs.values() for expr in output_parts(one, output)]
    return found
