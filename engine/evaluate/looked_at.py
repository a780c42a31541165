"""What an evaluation looked at: the parts of an expression that bear on what it came to in a case.

Of an `if` whose condition is known that is the branch it takes. Of an `and` that is false, or an `or` that is true, it is
the parts that settle it: the others make no difference. Where something is unknown, all of it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.outcome import FALSE, TRUE, Env, Known, Unknown
from engine.language.types import Boolean
from engine.language.walk import below, children

Part = tuple[c.Expr, Env]


@lru_cache(maxsize=16_384)
def readings_below(part: c.Expr) -> frozenset[str] | None:
    """The readings that an expression tests; None if it reads another output, which may rest on any of them.

    Worked out once: a program's expressions never change.
    """
    found: set[str] = set()
    for one in below([part]):
        if isinstance(one, c.OutputRef):
            return None
        if isinstance(one, c.ReadingRef):
            found.add(one.name)
    return frozenset(found)


def _nothing(ref: c.OutputRef, env: Env) -> frozenset[str]:
    return frozenset()


@lru_cache(maxsize=16_384)
def _may_cite(part: c.Expr) -> bool:
    """Whether something below an expression can cite a clause."""
    kinds = c.ParameterRef | c.TableRead | c.WindowTest | c.WindowPart
    return any(isinstance(e, kinds) or (isinstance(e, c.Named) and e.cites) for e in below([part]))


class LookedAt:
    """Says what was looked at in one evaluation. `behind` gives the readings that another output rests on."""

    def __init__(self, evaluation: Evaluation, behind: Callable[[c.OutputRef, Env], frozenset[str]] = _nothing) -> None:
        self._behind = behind
        self._rests: dict[tuple[int, object], frozenset[str]] = {}
        self._evaluation = evaluation
        self._value = evaluation.expressions.value
        self._program = evaluation.program

    # readings --------------------------------------------------------------------------------------------------------

    def readings(self, expr: c.Expr, env: Env) -> frozenset[str]:
        """The readings that were looked at: with another option of one of them the expression might come to another value.

        Where one part alone settles a condition, and no reading has a part in that, none was.
        """
        if readings_below(expr) == frozenset():
            return frozenset()
        key = (id(expr), env.key)
        found = self._rests.get(key)
        if found is None:
            found = self._rests[key] = self._readings(expr, env)
        return found

    def _readings(self, expr: c.Expr, env: Env) -> frozenset[str]:
        if isinstance(expr, c.ReadingRef):
            return frozenset((expr.name,))
        if isinstance(expr, c.OutputRef):
            return self._behind(expr, env)
        if isinstance(expr, c.TableRead):
            rows = (self._row_readings(row, expr.output.id, env) for row in expr.output.rules)
            return frozenset[str]().union(*rows)
        settling = self._settling(expr, env)
        if settling:
            return _shared([self._all_readings(parts) for parts in settling])
        return self._all_readings(self._parts(expr, env))

    def _all_readings(self, parts: Iterable[Part]) -> frozenset[str]:
        return frozenset[str]().union(*(self.readings(one, env) for one, env in parts))

    def _row_readings(self, row: c.CoreRule, output: str, env: Env) -> frozenset[str]:
        """Of a table's row that does not fit: what it does not fit by."""
        against = [(one, env) for one in row.when if self._value(one, env) == FALSE]
        against += [(one, env) for one in row.unless if self._value(one, env) == TRUE]
        if against:
            return _shared([self.readings(*one) for one in against])
        given = row.then[output]
        value = () if isinstance(given, c.NotStated) else (given,)
        return self._all_readings((one, env) for one in (*row.when, *row.unless, *value))

    # clauses ---------------------------------------------------------------------------------------------------------

    def cites(self, roots: Iterable[c.Expr], env: Env, named: bool = True) -> set[str]:
        """The clauses and readings cited by what was looked at: windows, the rows of tables that gave a value; and if
        `named`, parameters, and definitions that are known and, where they are conditions, hold."""
        found: set[str] = set()
        for one, there in self._below(roots, env):
            match one:
                case c.WindowTest(window=window) | c.WindowPart(window=window):
                    found.update(window.cites)
                case c.ParameterRef(name=name) if named:
                    found.update(self._program.parameters[name].cites)
                case c.Named(cites=cites) if named and cites:
                    value = self._value(one, there)
                    if value == TRUE or (isinstance(value, Known) and not isinstance(one.type, Boolean)):
                        found.update(cites)
                case c.TableRead():
                    found.update(cite for row in self._rows(one, there) for cite in row.cites)
        return found

    def facts(self, roots: Iterable[c.Expr], env: Env) -> Iterator[Part]:
        """The facts that were looked at, each where it stands."""
        seen: set[tuple[int, object]] = set()
        pending: list[Part] = [(root, env) for root in roots]
        while pending:
            one, there = pending.pop(0)
            if (id(one), there.key) in seen:
                continue
            seen.add((id(one), there.key))
            if isinstance(one, c.FactRef):
                yield one, there
            settling = self._settling(one, there)
            pending[:0] = [part for parts in settling for part in parts] or self._parts(one, there)

    def _below(self, roots: Iterable[c.Expr], env: Env) -> Iterator[Part]:
        """Everything below some expressions that was looked at and can cite a clause, each once."""
        seen: set[tuple[int, object]] = set()
        pending: list[Part] = [(root, env) for root in roots]
        while pending:
            one, there = pending.pop()
            if (id(one), there.key) in seen or not _may_cite(one):
                continue
            seen.add((id(one), there.key))
            yield one, there
            if isinstance(one, c.TableRead):
                rows = self._rows(one, there)
                pending += [(part, there) for row in rows for part in (*row.when, *row.unless)]
                given = [row.then[one.output.id] for row in rows]
                pending += [(value, there) for value in given if not isinstance(value, c.NotStated)]
                continue
            settling = self._settling(one, there)
            pending += [part for parts in settling for part in parts] or self._parts(one, there)

    def _rows(self, expr: c.TableRead, env: Env) -> list[c.CoreRule]:
        """The rows of a table that gave it its value."""
        notes = self._evaluation.outputs.output(None, expr.output, env).notes
        return [note.rule for note in notes if note.role == "reason"]

    # parts -----------------------------------------------------------------------------------------------------------

    def _settling(self, expr: c.Expr, env: Env) -> list[list[Part]]:
        """The ways in which an `and`, `or`, `any` or `all` is settled, each enough by itself; none for anything else."""
        if isinstance(expr, c.Logic):
            settles = FALSE if expr.op == "and" else TRUE
            return [[(part, env)] for part in expr.parts if self._value(part, env) == settles]
        if not isinstance(expr, c.Over) or expr.kind not in ("any", "all"):
            return []
        assert expr.body is not None
        wanted = TRUE if expr.kind == "any" else FALSE
        found: list[list[Part]] = []
        for member in self._members(expr, env):
            parts = [(expr.body, member)] if expr.where is None else [(expr.where, member), (expr.body, member)]
            within = expr.where is None or self._value(expr.where, member) == TRUE
            if within and self._value(expr.body, member) == wanted:
                found.append(parts)
        return found

    def _parts(self, expr: c.Expr, env: Env) -> list[Part]:
        """The parts that an expression looks at where none of them settles it."""
        if isinstance(expr, c.If):
            condition = self._value(expr.condition, env)
            branches = (expr.then, expr.otherwise)
            if isinstance(condition, Known):
                branches = (expr.then,) if condition.value else (expr.otherwise,)  # type: ignore[assignment]
            return [(expr.condition, env), *((branch, env) for branch in branches)]
        if isinstance(expr, c.Derived) and expr.given is not None and isinstance(self._value(expr.given, env), Known):
            return [(expr.given, env)]
        if isinstance(expr, c.Over):
            return [part for member in self._members(expr, env) for part in self._of_member(expr, member)]
        return [(part, env) for part in children(expr)]

    def _members(self, expr: c.Over, env: Env) -> list[Env]:
        found = self._evaluation.expressions.members(expr, env)
        return [] if isinstance(found, Unknown) else found

    def _of_member(self, expr: c.Over, member: Env) -> Iterator[Part]:
        """What is looked at of a member that settles nothing: why it is left out, or what it has."""
        within = TRUE if expr.where is None else self._value(expr.where, member)
        if expr.where is not None:
            yield expr.where, member
        if expr.body is not None and within != FALSE:
            yield expr.body, member


def also_cited(evaluation: Evaluation, rule: c.CoreRule, outputs: Iterable[str], env: Env) -> tuple[str, ...]:
    """What stands behind a rule that speaks besides its own clauses: cited by what it looked at, in the order of names."""
    said = [value for name in outputs if not isinstance(value := rule.then[name], c.NotStated)]
    found = LookedAt(evaluation).cites((*rule.when, *rule.unless, *said), env)
    return tuple(sorted(found - set(rule.cites)))


def _shared(ways: list[frozenset[str]]) -> frozenset[str]:
    """The readings in any of several ways to settle something; none if it is settled without a reading in one of them."""
    return frozenset[str]().union(*ways) if all(ways) else frozenset()
