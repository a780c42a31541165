"""A case that would notice a change: one that there is, expecting more, or with a thing or two set otherwise.

The hunt goes from the cases nearest to the change, one thing at a time: a fact around the bounds it is compared with,
taken away or not happened yet; a reading on another option; a second line or a second payment. A look at the changed part
alone says whether it comes to something else then. Only where it does, the whole is worked out by both programs. Where
the whole is still the same, some other rule hides the change: then what that rule reads is set otherwise as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from engine.evaluate.answers import Answers
from engine.evaluate.decisions import Evaluation
from engine.evaluate.trial import fact_at
from engine.language import core as c
from engine.language.case import Path, path_text
from engine.language.outcome import Env
from engine.language.types import MomentType
from engine.language.walk import below, children
from engine.testing.mutation.fingerprint import PartName
from engine.testing.mutation.noticing import Look, Trace
from engine.testing.variations import (
    Start,
    data_of,
    decided,
    doubled,
    expectations,
    place_name,
    said,
    standing,
    with_other_readings,
    without,
)
from engine.values.moments import instant_text

_STARTS, _LOOKS, _TRIALS, _VALUES, _FACTS = 8, 120, 30, 8, 10
_MORE = (30, 12)
"""How hard is looked: from how many cases, with how many looks at the changed part, how many times the whole; how many
values of a fact, and how many facts of each sort. `_MORE` looks and trials are for pairs of things, and as many for what
is not told."""

_PLAIN = ("verdict", "status", "outputs", "lines")
"""What every case may be held to say something about."""

_BESIDE = ("deadlines", "messages", "rests_on")
"""What comes with an answer and is not the answer."""


@dataclass(frozen=True)
class _Step:
    """A case with some things set otherwise, which `words` say. `trace` is what the case it goes back to evaluated; the
    places are `alike` in both as long as no member was added."""

    start: Start
    trace: Trace
    words: tuple[str, ...] = ()
    alike: bool = True

    def put(self, start: Start, words: str) -> _Step:
        return replace(self, start=start, words=(*self.words, words))

    def __str__(self) -> str:
        return f"case `{self.start.name}` with {' and '.join(self.words)}"


class Hunt:
    """The hunt for one change. `programs` are before and after (with the versions they stand among)."""

    def __init__(self, programs: tuple[c.Program, c.Program], look: Look, changed: list[PartName]) -> None:
        self._before, self._after = programs
        self._look = look
        self._changed = changed
        self._looks, self._trials = _LOOKS, _TRIALS
        self._beside: str | None = None
        self.found: dict[str, Start] = {}
        """The cases that what `run` says is about."""
        self._focus = _focus(look, changed)
        self._guards = _guards(look, changed, self._focus)
        self._lists = tuple(dict.fromkeys(_lists(self._focus, look, changed)))
        self._named = {expr.fields for expr in below(self._focus) if isinstance(expr, c.FactRef)}

    def run(self, reached: list[Trace]) -> str | None:
        """What would notice, in words; None if nothing is found."""
        steps = [_Step(_start(trace), trace) for trace in self._nearest(reached)]
        for step in steps:
            found = self._more_expected(step)
            if found is not None:
                return found
        hidden: list[_Step] = []
        nearer: list[_Step] = []
        for step in steps:
            found = self._try_all(self._moves(step), hidden, nearer)
            if found is not None:
                return found
        self._looks, self._trials = self._looks + _MORE[0], self._trials + _MORE[1]
        for step in [*hidden[:4], *nearer[:4]]:
            moves = self._unhiding(step) if step in hidden else self._moves(step)
            found = self._try_all(moves, [], [])
            if found is not None:
                return found
        self._looks, self._trials = self._looks + _MORE[0], self._trials + _MORE[1]
        for step in steps:
            found = self._try_all(self._untold(step), [], [])
            if found is not None:
                return found
        return self._beside

    def _nearest(self, reached: list[Trace]) -> list[Trace]:
        """The cases nearest to the change, no two of which go the same way if there are enough."""
        owners = {name[1] for name in self._changed if len(name) > 1}

        def far(one: Trace) -> tuple[int, int, bool]:
            chosen = one.settings.readings
            readings = self._before.readings
            closed = sum(
                (chosen.get(name, readings[name].chosen) == option) is not wanted
                for name, option, wanted in self._guards
            )
            return closed, self._look.distance(one, self._changed), one.case.ask not in owners

        order = sorted(reached, key=far)
        ways: set[object] = set()
        first: list[Trace] = []
        rest: list[Trace] = []
        for one in order:
            way = (one.spoke, one.case.ask)
            (rest if way in ways else first).append(one)
            ways.add(way)
        return [*first, *rest][:_STARTS]

    def _more_expected(self, step: _Step) -> str | None:
        """A case as it stands may do, if it expects something that it does not mention yet."""
        if not self._look.may_notice(step.trace, self._changed):
            return None
        key = self._differing(step.start)
        return None if key is None else self._kept(key, f"case `{step.start.name}`, if it expected `{key}`", step)

    def _try_all(self, moves: Iterable[_Step], hidden: list[_Step], nearer: list[_Step]) -> str | None:
        for step in moves:
            if self._looks <= 0 or self._trials <= 0:
                return None
            self._looks -= 1
            trace = self._look.again(step.trace, step.start.evaluation(self._before), self._changed)
            if len(step.words) == 1:
                was, now = (self._look.distance(one, self._changed) for one in (step.trace, trace))
                if now < was:
                    nearer.append(step)
            if not step.alike or self._look.may_notice(trace, self._changed):
                key = self._differing(step.start)
                if key is not None:
                    mentioned = key in _PLAIN or getattr(step.trace.case.expected, key)
                    hint = self._kept(key, str(step) if mentioned else f"{step}, if it expected `{key}`", step)
                    if hint is not None:
                        return hint
                hidden.append(step)
        return None

    def _differing(self, start: Start) -> str | None:
        """What a case could expect that comes out otherwise after the change; None if nothing, or if it cannot be."""
        self._trials -= 1
        was = decided(self._before, start)
        if was is None:
            return None
        now = decided(self._after, start)
        return "status" if now is None else next(expectations(was, now), None)

    def _kept(self, key: str, hint: str, step: _Step) -> str | None:
        """What is found, unless something better may be: what a case rests on or tells is the last that one looks at."""
        self.found[hint] = step.start
        if key not in _BESIDE:
            return hint
        self._beside = self._beside or hint
        return None

    # what is set otherwise -------------------------------------------------------------------------------------------

    def _moves(self, step: _Step) -> Iterator[_Step]:
        evaluation = step.start.evaluation(self._before)
        near = self._facts(step, self._focus, evaluation)
        far = [p for p in self._look.facts(step.trace, self._changed, evaluation) if p not in near]
        yield from self._set_otherwise(step, near[:_FACTS], self._focus)
        for words, start in with_other_readings(self._before, step.start, self._look.readings(self._changed)):
            yield step.put(start, words)
        for path in self._lists:
            more = doubled(step.start, path)
            if more is not None:
                second = replace(step, alike=False).put(more, f"a second member of `{path_text(path)}` like the first")
                yield second
                yield from self._of_second(second, path)
        yield from self._set_otherwise(step, far[:_FACTS], None)

    def _of_second(self, step: _Step, path: Path) -> Iterator[_Step]:
        """What a second member has otherwise than the first."""
        evaluation = step.start.evaluation(self._before)
        given = [p for p in evaluation.case.facts if p[: len(path) + 1] == (*path, 1)]
        given.sort(key=lambda p: p[len(path) + 1 :] not in self._named)
        yield from self._set_otherwise(step, given[:_FACTS], None)

    def _untold(self, step: _Step) -> Iterator[_Step]:
        """Each fact that the change is about taken away: something else may be asked for then."""
        evaluation = step.start.evaluation(self._before)
        for path in self._facts(step, self._focus, evaluation)[:_FACTS]:
            if path in evaluation.case.facts:
                place = standing(step.start.document, path)
                yield step.put(without(step.start, place), f"`{place_name(place)}: null`")

    def _unhiding(self, step: _Step) -> Iterator[_Step]:
        """The facts and readings of the rules that have their say, one of which hides the change."""
        evaluation = step.start.judged(self._before)
        rules = tuple(dict.fromkeys(evaluation.outputs.spoke()))
        exprs = tuple(expr for rule in rules for expr in (*rule.when, *rule.unless))
        paths = self._facts(step, exprs, evaluation)
        readings = sorted({e.name for e in below(exprs) if isinstance(e, c.ReadingRef)})
        for words, start in with_other_readings(self._before, step.start, tuple(readings)):
            yield step.put(start, words)
        yield from self._set_otherwise(step, paths[:_FACTS], None)

    def _facts(self, step: _Step, exprs: tuple[c.Expr, ...], evaluation: Evaluation) -> list[Path]:
        """The places of the facts in expressions; of those in lists, of the first two members."""
        found: dict[Path, None] = {}
        envs = {env.key: env for name in self._changed for env in self._look.envs(step.trace, name)}
        for env in envs.values():
            for expr in exprs:
                found.update(dict.fromkeys(_places(evaluation, expr, env)))
        return list(found)

    def _set_otherwise(self, step: _Step, paths: list[Path], exprs: tuple[c.Expr, ...] | None) -> Iterator[_Step]:
        """Each fact at each value that can make a difference (in `exprs`, or in all that is asked), or not happened yet."""
        program = self._before
        evaluation = step.start.evaluation(program)
        answers = Answers(evaluation, program.decisions[step.start.ask])
        if exprs is not None:
            answers.exprs = list(below(exprs))
        for path in paths:
            now = evaluation.case.facts.get(path)
            for value in answers.for_fact(path)[:_VALUES]:
                if value == now:
                    continue
                try:
                    start = step.start.with_fact(program, path, value)
                except ValueError:
                    continue
                yield step.put(start, said(path, data_of(program, path, value), start.document))
            fact = fact_at(program, path)
            if now is not None and fact is not None:
                as_of = evaluation.case.as_of
                if isinstance(fact.type, MomentType) and not fact.planned and as_of is not None:
                    not_yet: Any = {"not_by": instant_text(as_of)}
                    yield step.put(
                        without(step.start, path, not_yet), f"`{place_name(path)}: {{not_by: {not_yet['not_by']}}}`"
                    )


def _start(trace: Trace) -> Start:
    case = trace.case
    return Start(case.name, case.ask, dict(case.document), trace.settings)


# what the change is about --------------------------------------------------------------------------------------------


def _focus(look: Look, changed: list[PartName]) -> tuple[c.Expr, ...]:
    """The smallest expressions that differ, before and after."""
    found: dict[int, c.Expr] = {}
    for name in changed:
        one, other = (side.parts.get(name) for side in look.sides)
        differing = _apart(look, () if one is None else one.exprs, () if other is None else other.exprs)
        found.update((id(expr), expr) for expr in differing)
    return tuple(found.values())


def _apart(look: Look, one: tuple[c.Expr, ...], other: tuple[c.Expr, ...]) -> list[c.Expr]:
    mine = {look.sides[0].prints.of(expr): expr for expr in one}
    theirs = {look.sides[1].prints.of(expr): expr for expr in other}
    left = [expr for print_, expr in mine.items() if print_ not in theirs]
    right = [expr for print_, expr in theirs.items() if print_ not in mine]
    if len(left) == len(right) == 1:
        inner = _apart(look, _inside(left[0]), _inside(right[0]))
        if inner:
            return inner
    return left + right


def _inside(expr: c.Expr) -> tuple[c.Expr, ...]:
    while isinstance(expr, c.Named):
        expr = expr.body
    return children(expr)


def _guards(look: Look, changed: list[PartName], focus: tuple[c.Expr, ...]) -> set[tuple[str, str, bool]]:
    """By which options of readings a formula comes to what the change is about: `if reading.x == 'y' then`, or `else`."""
    aims = {id(expr) for expr in focus}
    found: set[tuple[str, str, bool]] = set()
    roots = [expr for side in look.sides for name in changed if name in side.parts for expr in side.parts[name].exprs]
    for one in below(roots):
        if isinstance(one, c.If) and isinstance(one.condition, c.Op) and one.condition.key == "equal":
            reading, option = one.condition.args
            if isinstance(reading, c.ReadingRef) and isinstance(option, c.Const):
                for branch, wanted in ((one.then, True), (one.otherwise, False)):
                    if aims & {id(expr) for expr in below([branch])}:
                        found.add((reading.name, str(option.value), wanted))
    return found


def _lists(focus: tuple[c.Expr, ...], look: Look, changed: list[PartName]) -> Iterator[Path]:
    """The lists whose number of members the change can be about."""
    for name in changed:
        if name[0] == "roll_up":
            yield look.program.decisions[name[1]].list_path
    for expr in below(focus):
        if isinstance(expr, c.Over) and expr.list_variable is None:
            yield expr.list_fields


def _places(evaluation: Evaluation, expr: c.Expr, env: Env) -> Iterator[Path]:
    """The places of the facts that a value is made of: in lists of the first two members, and through other outputs."""
    pending, seen = [(expr, env)], set[tuple[int, object]]()
    while pending:
        one, here = pending.pop()
        if (id(one), here.key) in seen:
            continue
        seen.add((id(one), here.key))
        if isinstance(one, c.FactRef):
            if one.variable is None or isinstance(here.bindings.get(one.variable), tuple):
                yield evaluation.expressions.path(one, here)
        elif isinstance(one, c.Over):
            base = here.bindings.get(one.list_variable) if one.list_variable else ()
            path = (*base, *one.list_fields) if isinstance(base, tuple) else None
            length = 0 if path is None else evaluation.facts.length(path) or 0
            for i in range(min(length, 2)):
                inner = here.bind(one.variable, (*(path or ()), i))
                pending.extend((part, inner) for part in children(one))
        elif isinstance(one, c.OutputRef):
            read = evaluation.program.decisions[one.decision]
            member = here.bindings.get(one.item) if one.item else None
            inner = here.bind(read.variable, member) if read.variable and member is not None else here
            parts = (e for rule in read.outputs[one.output].rules for e in (*rule.when, *rule.unless))
            pending.extend((part, inner) for part in parts)
        else:
            pending.extend((part, here) for part in reversed(children(one)))
