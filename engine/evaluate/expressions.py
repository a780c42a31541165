"""Expressions: a slow, obvious walk of the typed core (`docs/semantics.md`, steps 1 to 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import chain
from typing import Any

from engine.evaluate.clocks import Clocks
from engine.evaluate.facts import Facts
from engine.evaluate.operations import Arithmetic, Imprecise, failed, known
from engine.evaluate.trial import Earlier, fact_at
from engine.evaluate.variables import variables
from engine.language import core as c
from engine.language.case import EARLIER, Path, path_text
from engine.language.outcome import FALSE, TRUE, Cause, CauseKind, Causes, Env, Known, Result, Unknown, joined, unknown
from engine.language.types import CHARGED, Date, ElapsedType, ListOf, MoneyType
from engine.language.values import Value
from engine.language.walk import below
from engine.values.moments import NotYet
from engine.values.money import Money
from engine.values.periods import Elapsed
from engine.values.zones import zone

ReadOutput = Callable[[c.OutputRef, Env], Result]
ReadTable = Callable[[c.TableRead, Env], Result]

_TIMINGS = ("within_after", "within_before", "later_than_after", "at_least_after", "at_least_before")
_REACHING = ("equal", "not_equal", "less", "less_equal", *_TIMINGS)
"""What can be settled of a moment of which only a day is known that it lies before."""

_COMPARISONS = ("equal", "not_equal", "less", "less_equal", "in_values")
"""Where one side is a date, an instant counts as its local day: a date means the whole day, not a moment within it."""


class Expressions:
    """Evaluates core expressions in one case; remembers what it has worked out.

    `readings` and `parameters` replace a reading's chosen option or a parameter's value in a trial; `earlier` is what was
    worked out before the trial.
    """

    def __init__(
        self,
        facts: Facts,
        read_output: ReadOutput,
        read_table: ReadTable,
        readings: Mapping[str, str | None],
        parameters: Mapping[str, Value],
        earlier: Earlier | None = None,
    ) -> None:
        self.earlier = earlier
        self.facts = facts
        self.program = facts.program
        self.arithmetic = Arithmetic(zone(self.program.timezone), self.program.calendar)
        self.clocks = Clocks(self)
        self.read_output = read_output
        self.read_table = read_table
        self.readings = readings
        self.parameters = parameters
        self._variables = variables(self.program)
        self._memo: dict[tuple[int, object], Result] = {}
        self._of_kind: Mapping[type[c.Expr], Callable[[Any, Env], Result]] = {
            c.Op: self._op,
            c.FactRef: self._fact,
            c.Logic: self._logic,
            c.Named: self._named,
            c.Not: self._not,
            c.WindowTest: self._window_test,
            c.WindowPart: self._window_part,
            c.OutputRef: self.read_output,
            c.TableRead: self.read_table,
            c.If: self._if,
            c.Over: self._over,
            c.Happened: self._happened,
            c.ParameterRef: self._parameter,
            c.ReadingRef: self._reading,
            c.OptionRef: self._variable,
            c.ElementRef: self._variable,
            c.Position: self._position,
            c.AsOf: self._as_of,
            c.Derived: self._derived,
            c.Asked: self._asked,
            c.Const: self._const,
        }

    def value(self, expr: c.Expr, env: Env) -> Result:
        """What an expression comes to: known, or unknown with its causes."""
        kind = type(expr)
        if kind is c.Const or kind is c.Named:  # quicker done than remembered
            return self._of_kind[kind](expr, env)
        names, key = self._variables.get(id(expr)), env.key
        if names is not None and len(names) != len(key):
            key = env.only(names)
        place = (id(expr), key)
        found = self._memo.get(place)
        if found is None:
            found = None if self.earlier is None else self.earlier.result(expr, env)
            found = self._memo[place] = found if found is not None else self._of_kind[kind](expr, env)
        return found

    def worked_out(self) -> set[int]:
        """The expressions that were worked out so far, by their identity; constants and names are not among them."""
        return {identity for identity, _ in self._memo}

    def _logic(self, expr: c.Logic, env: Env) -> Result:
        return kleene(expr.op, (self.value(part, env) for part in expr.parts))

    def _named(self, expr: c.Named, env: Env) -> Result:
        return self.value(expr.body, env)

    def _not(self, expr: c.Not, env: Env) -> Result:
        return negated(self.value(expr.operand, env))

    def _window_test(self, expr: c.WindowTest, env: Env) -> Result:
        return self.clocks.test(expr.window, expr.state, env)

    def _window_part(self, expr: c.WindowPart, env: Env) -> Result:
        return self.clocks.part(expr.window, expr.part, env)

    def _reading(self, expr: c.ReadingRef, env: Env) -> Result:
        name = expr.name
        chosen = self.readings[name] if name in self.readings else self.program.readings[name].chosen
        return Known(chosen) if chosen is not None else unknown("ruling", name)

    def _variable(self, expr: c.OptionRef | c.ElementRef, env: Env) -> Result:
        return Known(str(env.bindings[expr.variable]))

    def _position(self, expr: c.Position, env: Env) -> Result:
        number = env.bindings[expr.variable][-1]
        assert isinstance(number, int)
        return Known(number + 1)

    def _as_of(self, expr: c.AsOf, env: Env) -> Result:
        as_of = self.facts.case.as_of
        return Known(as_of) if as_of is not None else unknown("fact", "request.at")

    def path(self, expr: c.FactRef, env: Env) -> Path:
        """The concrete place of a fact."""
        if expr.variable is None:
            return expr.fields
        base = env.bindings[expr.variable]
        assert not isinstance(base, str)
        return self.facts.place(base, expr.fields)

    def _derived(self, expr: c.Derived, env: Env) -> Result:
        """A derived fact: told, if it was (and the formula does not say otherwise); else worked out."""
        formula = self.value(expr.formula, env)
        if expr.given is None:
            return formula
        given = self.value(expr.given, env)
        if isinstance(given, Unknown):
            return formula if isinstance(formula, Known) else Unknown(given.causes | formula.causes)
        if isinstance(formula, Known) and formula != given:
            return failed(f"{self.name_of(expr.given, env)} is given, but the other facts say otherwise")
        return given

    def _asked(self, expr: c.Asked, env: Env) -> Result:
        """A value that somebody else sets: unknown until then; outside its bounds it is an error, never clamped."""
        answer = self.value(expr.answer, env)
        name = self.name_of(expr.answer, env)
        if isinstance(answer, Unknown):
            if any(cause.kind == "fact" for cause in answer.causes):
                return unknown("referred", "discretion", name)
            return answer
        for bound, least in ((expr.at_least, True), (expr.at_most, False)):
            limit = None if bound is None else self.value(bound, env)
            if isinstance(limit, Unknown):
                return limit
            if limit is not None and not self._within(answer.value, limit.value, least):
                return unknown("error", name)
        return answer

    def _within(self, answer: Value, limit: Value, least: bool) -> bool:
        """Whether an answer surely keeps to a bound; an event that is not yet, or a day too coarse to tell, does not."""
        if isinstance(answer, NotYet) or isinstance(limit, NotYet):
            return False
        try:
            order = self.arithmetic.order(answer, limit)
        except (Imprecise, ValueError):
            return False
        return order >= 0 if least else order <= 0

    def _const(self, expr: c.Const, env: Env) -> Result:
        return self._constant(expr.value)

    def _constant(self, value: Value) -> Result:
        if isinstance(value, Money) and value.currency == CHARGED:
            currency = self.facts.currency()
            if currency is None:
                return self.facts.no_currency()
            return Known(Money(value.amount, currency))
        return known(value)

    def _parameter(self, expr: c.ParameterRef, env: Env) -> Result:
        name = expr.name
        value = self.parameters.get(name)
        if value is None:
            parameter = self.program.parameters[name]
            value = parameter.value
            if value is None:
                return unknown("silent" if parameter.not_stated else "ruling", name)
        return self._constant(value)

    def _if(self, expr: c.If, env: Env) -> Result:
        condition = self.value(expr.condition, env)
        if isinstance(condition, Known):
            return self.value(expr.then if condition.value else expr.otherwise, env)
        then, otherwise = self.value(expr.then, env), self.value(expr.otherwise, env)
        if isinstance(then, Known) and then == otherwise and not isinstance(then.value, NotYet):
            return then
        return Unknown(condition.causes | joined((then, otherwise)))

    def _happened(self, expr: c.Happened, env: Env) -> Result:
        event = expr.event
        result = self.value(event, env)
        if isinstance(result, Unknown):
            return result
        if not isinstance(result.value, NotYet):
            return TRUE
        by, as_of = result.value.by, self.facts.case.as_of
        if by is None:
            return FALSE
        if as_of is None:
            return unknown("fact", "request.at")
        return FALSE if by >= as_of else unknown("later", self.name_of(event, env))

    # lists -----------------------------------------------------------------------------------------------------------

    def members(self, expr: c.Over, env: Env) -> list[Env] | Unknown:
        """The environments of a list's members, or why the list is not known."""
        path = self._list(expr, env)
        if self.facts.wrong(path):
            return Unknown(frozenset((Cause("error", path_text(path)),)))
        length = self.facts.length(path)
        if length is not None and expr.words:
            words = self._words(path, length)
            return words if isinstance(words, Unknown) else [env.bind(expr.variable, str(w)) for w in words]
        if length is not None:
            return [env.bind(expr.variable, (*path, i)) for i in range(length)]
        return Unknown(self.facts.missing(path))

    def _list(self, expr: c.Over, env: Env) -> Path:
        """Where a list is."""
        if expr.list_variable is None:
            return expr.list_fields
        bound = env.bindings[expr.list_variable]
        assert not isinstance(bound, str)
        return self.facts.place(bound, expr.list_fields)

    def complete_since(self, expr: c.Over, env: Env) -> date | None:
        """The day from which a list names all its members; None if it is complete."""
        return self.facts.further_back.get(self._list(expr, env))

    def _not_listed(self, expr: c.Over, env: Env) -> tuple[Result, ...]:
        """What the members come to that lie further back than a list goes: nothing if none of them can be in it.

        Nobody knows how many there are. So whatever they might be counted for is unknown.
        """
        path = self._list(expr, env) if self.facts.further_back else ()
        if path not in self.facts.further_back:
            return ()
        member = env.bind(expr.variable, (*path, EARLIER))
        parts = [] if expr.where is None else [self.value(expr.where, member)]
        if expr.kind == "all":
            parts = [negated(part) for part in parts]
        if expr.kind in ("any", "all") and expr.body is not None:
            parts.append(self.value(expr.body, member))
        out = TRUE if expr.kind == "all" else FALSE
        found = kleene("or" if expr.kind == "all" else "and", parts)
        causes = found.causes if isinstance(found, Unknown) else frozenset[Cause]()
        return () if found == out else (Unknown(causes | {self.facts.not_listed((*path, EARLIER))}),)

    def _words(self, path: Path, length: int) -> tuple[Value, ...] | Unknown:
        """The members of a list of plain values; unknown if one of them is."""
        values = [self.facts.case.facts.get((*path, i)) for i in range(length)]
        missing = [(*path, i) for i, value in enumerate(values) if value is None]
        if missing:
            kind: CauseKind = "error" if self.facts.wrong(missing[0]) else "fact"
            return Unknown(frozenset(Cause(kind, path_text(p)) for p in missing))
        return tuple(v for v in values if v is not None)

    def _fact(self, expr: c.FactRef, env: Env) -> Result:
        path = self.path(expr, env)
        length = self.facts.length(path) if isinstance(expr.type, ListOf) else None
        if length is None:
            return self.facts.read(path, expr.fact, self)
        words = self._words(path, length)
        return words if isinstance(words, Unknown) else Known(words)

    def _over(self, expr: c.Over, env: Env) -> Result:
        members = self.members(expr, env)
        if isinstance(members, Unknown):
            return members
        if expr.kind in ("any", "all"):
            return self._any_or_all(expr, members, self._not_listed(expr, env))
        wheres = [TRUE if expr.where is None else self.value(expr.where, m) for m in members]
        kept = [(w, m) for w, m in zip(wheres, members, strict=True) if w != FALSE]
        values = [Known(1) if expr.body is None else self.value(expr.body, m) for _, m in kept]
        causes = joined([w for w, _ in kept]) | joined(values) | self._later(values, expr, [m for _, m in kept])
        causes |= joined(self._not_listed(expr, env))
        if causes:
            return Unknown(causes)
        if isinstance(expr.type, MoneyType) and expr.type.currency == CHARGED and self.facts.currency() is None:
            return self.facts.no_currency()
        try:
            return self._fold(expr, [v.value for v in values if isinstance(v, Known)])
        except Imprecise:
            assert expr.body is not None
            days = [m for (_, m), v in zip(kept, values, strict=True) if isinstance(v, Known) and is_day(v.value)]
            return Unknown(frozenset().union(*(self.inexact(expr.body, m) for m in days)))
        except ValueError as error:
            return failed(str(error))

    def _any_or_all(self, expr: c.Over, members: list[Env], not_listed: tuple[Result, ...]) -> Result:
        """`any`: one member is in it and has it; `all`: each one is not in it or has it."""
        assert expr.body is not None
        where, body = expr.where, expr.body

        def parts(member: Env) -> Iterator[Result]:
            if where is not None:
                within = self.value(where, member)
                yield within if expr.kind == "any" else negated(within)
            yield self.value(body, member)

        one, whole = ("and", "or") if expr.kind == "any" else ("or", "and")
        return kleene(whole, chain((kleene(one, parts(member)) for member in members), not_listed))

    def _later(self, values: Sequence[Result], expr: c.Over, envs: Sequence[Env]) -> frozenset[Cause]:
        return frozenset().union(
            *(
                self.not_yet(expr.body, env)
                for value, env in zip(values, envs, strict=True)
                if expr.body is not None and isinstance(value, Known) and isinstance(value.value, NotYet)
            )
        )

    def _fold(self, expr: c.Over, values: list[Value]) -> Result:
        if expr.kind == "count":
            return Known(len(values))
        if expr.kind == "each":
            return Known(tuple(values))
        if expr.kind == "sum":
            total: Value = self._zero(expr)
            for value in values:
                total = self.arithmetic.compute("add", (total, value), None)
            return Known(total)
        if not values:
            return failed(f"`{expr.kind} of` over an empty list")
        timed = isinstance(values[0], date | datetime)
        keys: dict[tuple[str, bool], c.OpKey] = {
            ("min", False): "lesser",
            ("max", False): "greater",
            ("min", True): "earlier",
            ("max", True): "later",
        }
        return Known(self.arithmetic.compute(keys[expr.kind, timed], values, None))

    def _zero(self, expr: c.Over) -> Value:
        if isinstance(expr.type, MoneyType):
            charged = expr.type.currency == CHARGED
            return Money(Fraction(0), (self.facts.currency() or CHARGED) if charged else expr.type.currency)
        return Elapsed(0) if isinstance(expr.type, ElapsedType) else 0

    # strict operators ------------------------------------------------------------------------------------------------

    def _op(self, expr: c.Op, env: Env) -> Result:
        values: list[Value] = []
        causes: Causes = frozenset()
        timed = False
        for arg in expr.args:
            result = self.value(arg, env)
            if isinstance(result, Unknown):
                causes |= result.causes
            else:
                values.append(result.value)
                timed = timed or isinstance(result.value, date | NotYet)
        if causes:
            answer = self._further_back(expr, env) if self.facts.further_back else None
            return Unknown(causes) if answer is None else answer
        if timed:
            return self._timed(expr, values, env)
        try:
            return known(self.arithmetic.compute(expr.key, values, expr.detail))
        except ValueError as error:
            return failed(str(error))

    def _further_back(self, expr: c.Op, env: Env) -> Result | None:
        """A comparison with a member that a list does not name, if it is the same wherever before its day that lies."""
        if expr.key not in _REACHING:
            return None
        values = [self.value(arg, env) for arg in expr.args]
        for at, arg in enumerate(expr.args):
            since = self._since(arg, env)
            others = [v.value for i, v in enumerate(values) if i != at and isinstance(v, Known)]
            if since is None or len(others) < len(values) - 1 or any(isinstance(v, NotYet) for v in others):
                continue
            last = since - timedelta(days=1)
            args: list[Value] = [*others[:at], last, *others[at:]]
            try:
                answer = self.arithmetic.with_earlier(expr.key, args, at, isinstance(arg.type, Date))
            except (Imprecise, ValueError):
                return None
            return None if answer is None else known(answer)
        return None

    def _since(self, expr: c.Expr, env: Env) -> date | None:
        """The day before which a moment lies because its list does not name it; None for any other."""
        while isinstance(expr, c.Named) or (isinstance(expr, c.Op) and expr.key == "date_of"):
            expr = expr.body if isinstance(expr, c.Named) else expr.args[0]
        if not isinstance(expr, c.FactRef) or expr.variable is None:
            return None
        path = self.path(expr, env)
        if len(path) < 3 or path[-2] != EARLIER:
            return None
        fact = fact_at(self.facts.program, path[:-2])
        return self.facts.further_back[path[:-2]] if fact is not None and fact.dated_by == path[-1] else None

    def _timed(self, expr: c.Op, values: list[Value], env: Env) -> Result:
        """An operator on dates, instants, and events that are not yet."""
        if expr.key in _COMPARISONS and any(isinstance(arg.type, Date) for arg in expr.args):
            values = [self.arithmetic.day(v) if isinstance(v, datetime) else v for v in values]
        try:
            if any(isinstance(v, NotYet) for v in values):
                answer = self.arithmetic.with_not_yet(expr.key, values, self.facts.case.as_of)
                return self._later_parts(expr, values, env) if answer is None else known(answer)
            return known(self.arithmetic.compute(expr.key, values, expr.detail))
        except Imprecise:
            bare = [arg for arg, value in zip(expr.args, values, strict=True) if is_day(value)]
            return Unknown(frozenset().union(*(self.inexact(arg, env) for arg in bare)))
        except ValueError as error:
            return failed(str(error))

    def _later_parts(self, expr: c.Op, values: Sequence[Value], env: Env) -> Unknown:
        unseen = [arg for arg, value in zip(expr.args, values, strict=True) if isinstance(value, NotYet)]
        return Unknown(frozenset().union(*(self.not_yet(arg, env) for arg in unseen)))

    def not_yet(self, expr: c.Expr, env: Env) -> Causes:
        """Why an event that has not been seen settles nothing here: it comes later, or nobody said what time it is."""
        causes = {Cause("later", self.name_of(expr, env))}
        if self.facts.case.as_of is None:
            causes.add(Cause("fact", "request.at"))
        return frozenset(causes)

    def inexact(self, expr: c.Expr, env: Env) -> Causes:
        """A bare date does not settle it: the exact instants of the facts behind it are what is missing."""
        names = set()
        for part in below([expr]):
            if isinstance(part, c.FactRef) and (part.variable is None or part.variable in env.bindings):
                found = self.value(part, env)
                if isinstance(found, Known) and is_day(found.value):
                    names.add(self.name_of(part, env))
        return frozenset(Cause("fact", name) for name in names or {self.name_of(expr, env)})

    def name_of(self, expr: c.Expr, env: Env) -> str:
        """What to call a part in a cause: a fact's path, a definition's name, or the author's words."""
        match expr:
            case c.FactRef():
                return path_text(self.path(expr, env))
            case c.Named(name=name, body=body):
                return self.name_of(body, env) if isinstance(body, c.FactRef | c.AsOf | c.Named) else name
            case c.AsOf():
                return "request.at"
            case c.If(condition=condition):
                return f"if {' '.join(condition.span.text.split())} …"
        return " ".join(expr.span.text.split())


def is_day(value: Value) -> bool:
    """Whether a value is a bare date: an event of which only the local day is known."""
    return isinstance(value, date) and not isinstance(value, datetime)


def kleene(op: str, parts: Iterable[Result]) -> Result:
    """Strong Kleene `and` / `or`: one part that settles it is enough; otherwise the causes of the unknown parts.

    What comes after a part that settles it is not looked at, so parts may be worked out as they are asked for.
    """
    settles = FALSE if op == "and" else TRUE
    causes: set[Cause] = set()
    for part in parts:
        if part == settles:
            return settles
        if isinstance(part, Unknown):
            causes |= part.causes
    if causes:
        return Unknown(frozenset(causes))
    return TRUE if op == "and" else FALSE


def negated(part: Result) -> Result:
    """Kleene's `not`: unknown stays unknown."""
    if isinstance(part, Unknown):
        return part
    return FALSE if part.value else TRUE
