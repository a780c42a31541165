"""The limits that a policy sets: what they are, which sides of them cases should touch, found in its text alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

from engine.base.source import Span
from engine.evaluate.decisions import Evaluation
from engine.facts.decode import decode
from engine.language import core as c
from engine.language.outcome import EMPTY, Known, Result
from engine.language.types import Boolean, ElapsedType, Words
from engine.language.walk import below, children, output_parts
from engine.testing.coverage.conditions import Place, place_of

Side = Literal["at", "below", "above", "clock_change", "first", "before_first", "last", "after_last"]
Clock = Literal["days", "time"]
Key = tuple[Place, str, Place | tuple[()]]
Goal = tuple[c.Expr, bool]
"""A condition, and what it should come to."""

_SIDES: dict[str, tuple[Side, ...]] = {
    "less": ("at", "below"),
    "less_equal": ("at", "above"),
    "within_after": ("at", "above"),
    "later_than_after": ("at", "above"),
    "at_least_after": ("at", "below"),
    "within_before": ("at", "below"),
    "at_least_before": ("at", "above"),
}
_EDGES: tuple[Side, ...] = ("first", "before_first", "last", "after_last")
_DAY_PARTS = ("weekday", "month", "year", "day_of_month")
_COMPARISONS = ("equal", "not_equal", "in_values", "less", "less_equal")


@dataclass(frozen=True)
class Limit:
    """A limit. Of a window that can have several lengths each is one: `branch` is where it is written, and it counts where
    the conditions in `goals` come to what they should."""

    expr: c.Expr
    sides: tuple[Side, ...]
    clock: Clock | None = None
    branch: Span | None = None
    goals: tuple[Goal, ...] = ()
    row: str | None = None
    """The row of a table whose cell it is."""

    @property
    def span(self) -> Span:
        """Where it is written."""
        return self.expr.window.span if isinstance(self.expr, c.WindowTest) else self.expr.span

    @property
    def named(self) -> str:
        """What to call it to its author: the window, or the condition."""
        if isinstance(self.expr, c.WindowTest):
            length = "" if self.branch is None else f"{_flat(self.branch)} of "
            return f"{length}`{self.expr.window.name}`"
        return f"`{_flat(self.expr.span)}`" + ("" if self.row is None else f" of row `{self.row}`")

    def key(self, side: Side) -> Key:
        """What tells a side of this limit from all others."""
        return key_of(self.expr, side, self.branch)


def _flat(span: Span) -> str:
    return " ".join(span.text.split())


def key_of(expr: c.Expr, side: Side, branch: Span | None) -> Key:
    """What tells a side of a limit from all others: a window is one limit wherever it is tested."""
    span = expr.window.span if isinstance(expr, c.WindowTest) else expr.span
    return (place_of(span), side, () if branch is None else place_of(branch))


def kind_of(expr: c.Expr) -> Literal["steps", "days"] | None:
    """Whether an operator is a limit: one that is so many steps away, or one between days of the calendar."""
    if not isinstance(expr, c.Op):
        return None
    if day_part(expr) is not None:
        return "days"
    words = any(isinstance(arg.type, Words) for arg in expr.args)
    return "steps" if expr.key in _SIDES and not words else None


def day_part(expr: c.Op) -> c.Op | None:
    """What a condition on days asks of a day: its weekday, its month, ... (or `falls in` itself)."""
    if expr.key == "falls_in":
        return expr
    if expr.key not in _COMPARISONS:
        return None
    parts = [arg for arg in expr.args if isinstance(arg, c.Op) and arg.key in _DAY_PARTS]
    return parts[0] if len(parts) == 1 else None


def elapsed(expr: c.Op) -> bool:
    """Whether a comparison holds for a stretch of time that really passes, whatever the clocks do."""
    return expr.key in _SIDES and len(expr.args) == 3 and isinstance(expr.args[1].type, ElapsedType)


def sides_wanted(expr: c.Expr) -> tuple[Side, ...]:
    """The sides of a limit that cases should touch."""
    if isinstance(expr, c.WindowTest):
        return ("at", "above", "clock_change") if isinstance(expr.window.lasts.type, ElapsedType) else ("at", "above")
    assert isinstance(expr, c.Op)
    if day_part(expr) is not None:
        return _EDGES
    return (*_SIDES[expr.key], *(("clock_change",) if elapsed(expr) else ()))


def inside(expr: c.Expr) -> Iterator[c.Expr]:
    """The comparisons in one part of a condition; what stands in a definition or a list comes by itself."""
    yield expr
    if isinstance(expr, c.Derived | c.Over) or (isinstance(expr, c.Named) and isinstance(expr.type, Boolean)):
        return
    if not isinstance(expr, c.WindowTest | c.WindowPart | c.TableRead):
        for one in children(expr):
            yield from inside(one)


# lengths of windows --------------------------------------------------------------------------------------------------


def branch_of(lasts: c.Expr, value: Callable[[c.Expr], Result]) -> Span | None:
    """The length that counts, of a window with several; None if there is one only, or which one is not known."""
    several = False
    expr = lasts
    while True:
        if isinstance(expr, c.Named) and not _is_dated(expr) and isinstance(expr.body, c.If | c.Named):
            expr = expr.body
            continue
        if not isinstance(expr, c.If):
            return expr.span if several else None
        condition = value(expr.condition)
        if not isinstance(condition, Known):
            return None
        several = several or not _a_reading(expr.condition)
        expr = expr.then if condition.value else expr.otherwise


def _a_reading(condition: c.Expr) -> bool:
    """Whether a condition hangs on readings and fixed values alone."""
    facts = c.FactRef | c.Over | c.WindowTest | c.WindowPart | c.TableRead | c.OutputRef | c.AsOf
    facts |= c.OptionRef | c.ElementRef | c.Position
    return not any(isinstance(one, facts) for one in below([condition]))


def _lengths(
    expr: c.Expr, value: Callable[[c.Expr], Result], goals: tuple[Goal, ...]
) -> Iterator[tuple[Span, tuple[Goal, ...]]]:
    """The lengths that a window can have under the readings as they are chosen, with what each of them needs."""
    if isinstance(expr, c.Named) and not _is_dated(expr) and isinstance(expr.body, c.If | c.Named):
        yield from _lengths(expr.body, value, goals)
    elif not isinstance(expr, c.If):
        yield expr.span, goals
    elif _a_reading(expr.condition) and isinstance(found := value(expr.condition), Known):
        yield from _lengths(expr.then if found.value else expr.otherwise, value, goals)
    else:
        yield from _lengths(expr.then, value, (*goals, (expr.condition, True)))
        yield from _lengths(expr.otherwise, value, (*goals, (expr.condition, False)))


# all of a policy -----------------------------------------------------------------------------------------------------


def limits(program: c.Program) -> list[Limit]:
    """Every limit in the conditions of a policy, in the order of their places."""
    nothing = decode({}, program.facts, currency=program.currency, timezone=program.timezone)
    expressions = Evaluation(program, nothing).expressions
    cells = {
        id(expr): f"{table}.{row.id}"
        for table, rows in tables(program).values()
        for row in rows
        for cell in row.when
        for expr in inside(cell)
    }
    found: dict[Key, Limit] = {}
    for expr in below(_roots(program), _parts):
        if isinstance(expr, c.WindowTest):
            for one in _of_window(expr, lambda condition: expressions.value(condition, EMPTY)):
                found.setdefault(one.key(one.sides[0]), one)
        elif kind_of(expr) is not None and _reads_facts(expr):
            limit = Limit(expr, sides_wanted(expr), row=cells.get(id(expr)))
            found.setdefault(limit.key(limit.sides[0]), limit)
    return [found[key] for key in sorted(found)]


def _of_window(expr: c.WindowTest, value: Callable[[c.Expr], Result]) -> Iterator[Limit]:
    sides = sides_wanted(expr)
    clock: Clock = "time" if isinstance(expr.window.lasts.type, ElapsedType) else "days"
    for span, goals in _lengths(expr.window.lasts, value, ()):
        yield Limit(expr, sides, clock, span if goals else None, goals)


def _parts(expr: c.Expr) -> tuple[c.Expr, ...]:
    """The parts of an expression in which a policy sets limits of its own: not the formulas of the vocabulary, nor the
    days on which a parameter changes."""
    if isinstance(expr, c.Derived) or (isinstance(expr, c.Named) and _is_dated(expr)):
        return ()
    return children(expr)


def _is_dated(expr: c.Named) -> bool:
    """Whether a name is that of a parameter with dated values: its choice is written nowhere, so it stands at its use."""
    return isinstance(expr.body, c.If) and expr.body.span == expr.span


def _reads_facts(expr: c.Expr) -> bool:
    """Whether a value is made of facts that are in no list, so that one of them can be moved to the limit."""
    bound = {one.variable for one in below([expr]) if isinstance(one, c.Over)}
    return any(isinstance(one, c.FactRef) and one.variable not in bound for one in below([expr]))


def _roots(program: c.Program) -> Iterator[c.Expr]:
    if program.scope is not None:
        yield program.scope
    for decision in program.decisions.values():
        for output in decision.outputs.values():
            yield from (part for part in output_parts(decision, output) if part is not output.up_to)
        for requirement in decision.requires:
            yield from (requirement.when, requirement.met)


_TABLES: WeakKeyDictionary[c.Program, Mapping[int, tuple[str, tuple[c.CoreRule, ...]]]] = WeakKeyDictionary()


def tables(program: c.Program) -> Mapping[int, tuple[str, tuple[c.CoreRule, ...]]]:
    """For each result of a table, by its identity: the table's name, and the rows."""
    found = _TABLES.get(program)
    if found is None:
        reads = (one for one in below(_roots(program)) if isinstance(one, c.TableRead))
        found = _TABLES[program] = {id(one.output): (one.table, one.output.rules) for one in reads}
    return found
