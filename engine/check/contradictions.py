"""Conditions that cannot hold together in any case, where that is plain from what they compare.

A sound search, not a complete one: what is refuted holds in no case; what is not refuted may still hold in none. A term
is whatever is compared (a fact, a formula, a window), told apart by its print, so that `line.paid > 9` and
`line.paid < 5` are about one. Of each term is kept which values are left; `or` is tried part by part.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from engine.check.constants import rank
from engine.language import core as c
from engine.language.prints import Prints
from engine.language.types import Boolean, Date, Decimal, Integer, MoneyType, Percent, Type, Words

Literal = tuple[c.Expr, bool]
"""A condition, and whether it holds or is false."""

_MOST_BRANCHES = 200
"""A search that needs more gives up, and refutes nothing."""

_WINDOW = frozenset({"not begun", "open", "passed"})
_STATES = {"open": {"open"}, "passed": {"passed"}, "begun": {"open", "passed"}}
_RELATIONS = frozenset({-1, 0, 1})
"""Of two terms: the first is less, they are equal, it is greater."""
_HOLDS = {
    "equal": frozenset({0}),
    "not_equal": frozenset({-1, 1}),
    "less": frozenset({-1}),
    "less_equal": frozenset({-1, 0}),
}


@dataclass(frozen=True)
class _Left:
    """The values that are left to a term: a stretch of ranks, perhaps only some values, and some not."""

    whole: bool = False
    low: Fraction | None = None
    low_in: bool = True
    high: Fraction | None = None
    high_in: bool = True
    only: frozenset[Hashable] | None = None
    without: frozenset[Hashable] = frozenset()

    def above(self, value: Fraction, inclusive: bool) -> _Left:
        """Without what lies below a value."""
        if self.whole and not (inclusive and value.denominator == 1):
            value, inclusive = Fraction(ceil(value) if inclusive else floor(value) + 1), True
        if self.low is not None and (self.low, not self.low_in) >= (value, not inclusive):
            return self
        return replace(self, low=value, low_in=inclusive)

    def below(self, value: Fraction, inclusive: bool) -> _Left:
        """Without what lies above a value."""
        if self.whole and not (inclusive and value.denominator == 1):
            value, inclusive = Fraction(floor(value) if inclusive else ceil(value) - 1), True
        if self.high is not None and (self.high, self.high_in) <= (value, inclusive):
            return self
        return replace(self, high=value, high_in=inclusive)

    def among(self, values: frozenset[Hashable]) -> _Left:
        """Only these values."""
        return replace(self, only=values if self.only is None else self.only & values)

    def but(self, values: frozenset[Hashable]) -> _Left:
        """None of these values."""
        return replace(self, without=self.without | values)

    def empty(self) -> bool:
        """Whether no value is left."""
        if self.only is not None:
            return not any(value not in self.without and self._inside(value) for value in self.only)
        if self.low is None or self.high is None or self.low < self.high:
            return False
        return self.low > self.high or not (self.low_in and self.high_in) or self.low in self.without

    def _inside(self, value: Hashable) -> bool:
        if not isinstance(value, Fraction):
            return True
        if self.low is not None and (value < self.low or (value == self.low and not self.low_in)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_in)


_Store = Mapping[Hashable, _Left]


class Contradictions:
    """Finds conditions of one policy that cannot hold together."""

    def __init__(self, parameters: Mapping[str, c.CoreParameter]) -> None:
        self._parameters = parameters
        self._prints = Prints(parameters, {})
        self._branches = 0

    def refuted(self, literals: Iterable[Literal]) -> bool:
        """Whether in no case all of these can be as they say."""
        self._branches = _MOST_BRANCHES
        return not self._possible({}, tuple(literals))

    def core(self, literals: Sequence[Literal]) -> list[Literal]:
        """Those of refuted literals that are needed to refute them, as few as leaving out one after another gives."""
        kept = list(literals)
        for one in literals:
            fewer = [other for other in kept if other is not one]
            if fewer and self.refuted(fewer):
                kept = fewer
        return kept

    def _possible(self, store: _Store, pending: tuple[Literal, ...]) -> bool:
        """Whether a way is left in which all of these are as they say; what is plain first, choices after it."""
        left = dict(store)
        choices: list[tuple[Literal, ...]] = []
        waiting = list(pending)
        while waiting:
            expr, wanted = waiting.pop()
            match expr:
                case c.Named(body=body):
                    waiting.append((body, wanted))
                case c.Not(operand=operand):
                    waiting.append((operand, not wanted))
                case c.Logic(op=op, parts=parts):
                    ways = tuple((part, wanted) for part in parts)
                    if (op == "and") == wanted:
                        waiting.extend(ways)
                    elif not ways:
                        return False  # a rule without conditions applies: that it does not is no way
                    else:
                        choices.append(ways)
                case c.If(condition=condition, then=then, otherwise=other, type=Boolean()):
                    choices.append(
                        (
                            (_both(condition, _as(then, wanted)), True),
                            (_both(_as(condition, False), _as(other, wanted)), True),
                        )
                    )
                case _:
                    if not self._take(left, expr, wanted):
                        return False
        if not choices:
            return True
        first, rest = choices[0], tuple(self._one_of(ways) for ways in choices[1:])
        for way in first:
            self._branches -= 1
            if self._branches < 0 or self._possible(left, (way, *rest)):
                return True
        return False

    @staticmethod
    def _one_of(ways: tuple[Literal, ...]) -> Literal:
        """A choice as one literal again; that it must hold, or be false, is the same for all its parts."""
        part, wanted = ways[0]
        parts = tuple(one for one, _ in ways)
        return c.Logic(type=Boolean(), span=part.span, op="or" if wanted else "and", parts=parts), wanted

    def _take(self, left: dict[Hashable, _Left], expr: c.Expr, wanted: bool) -> bool:
        """Note what a plain condition leaves of its term; false if that is nothing."""
        if isinstance(expr, c.Const):
            return expr.value is wanted
        term, now = self._narrowed(left, expr, wanted)
        left[term] = now
        return not now.empty()

    def _narrowed(self, left: Mapping[Hashable, _Left], expr: c.Expr, wanted: bool) -> tuple[Hashable, _Left]:
        match expr:
            case c.WindowTest(window=window, state=state):
                term: Hashable = self._prints.of_window(window)
                states = frozenset(_STATES[state])
                was = left.get(term, _Left(only=_WINDOW))
                return term, was.among(states) if wanted else was.but(states)
            case c.Op(key="in_values", args=(item, *choices), detail=None):
                values = [self._fixed(choice) for choice in choices]
                if all(value is not None for value in values):
                    term = self._prints.of(item)
                    was = left.get(term) or _begin(item)
                    found = frozenset(_value(value) for value in values if value is not None)
                    return term, was.among(found) if wanted else was.but(found)
            case c.Op(key="equal" | "not_equal" | "less" | "less_equal" as key, args=(a, b)):
                return self._compared(left, key, a, b, wanted)
        term = self._prints.of(expr)
        value = frozenset[Hashable]({wanted})
        return term, (left.get(term) or _Left(only=frozenset({True, False}))).among(value)

    def _compared(
        self, left: Mapping[Hashable, _Left], key: str, a: c.Expr, b: c.Expr, wanted: bool
    ) -> tuple[Hashable, _Left]:
        """What a comparison leaves of the side that is not fixed; of two that are not, how they lie to one another."""
        one, other = self._fixed(a), self._fixed(b)
        if (one is None) != (other is None):
            item, fixed = (b, one) if other is None else (a, other)
            assert fixed is not None
            size = rank(fixed.value, fixed.type)
            term = self._prints.of(item)
            was = left.get(term) or _begin(item)
            if key in ("equal", "not_equal"):
                values = frozenset({_value(fixed)})
                return term, was.among(values) if (key == "equal") == wanted else was.but(values)
            if size is not None:
                inclusive = (key == "less_equal") == wanted
                low = (other is None) == wanted
                return term, was.above(size, inclusive) if low else was.below(size, inclusive)
        first, second = self._prints.of(a), self._prints.of(b)
        held = _HOLDS[key] if wanted else _RELATIONS - _HOLDS[key]
        if first > second:
            first, second, held = second, first, frozenset(-relation for relation in held)
        pair = ("pair", first, second)
        was = left.get(pair) or _Left(only=frozenset({0}) if first == second else frozenset[Hashable](_RELATIONS))
        return pair, was.among(frozenset[Hashable](held))

    def _fixed(self, expr: c.Expr) -> c.Const | None:
        """A value that is the same in every case: written out, or an amount or number that the policy names.

        A switch or a word among the parameters is not taken as fixed: it is there to be set otherwise.
        """
        while isinstance(expr, c.Named):
            expr = expr.body
        if isinstance(expr, c.Const):
            return expr
        if isinstance(expr, c.ParameterRef) and not isinstance(expr.type, Boolean | Words):
            value = self._parameters[expr.name].value
            if value is not None and rank(value, expr.type) is not None:
                return c.Const(type=expr.type, span=expr.span, value=value)
        return None


def _as(expr: c.Expr, wanted: bool) -> c.Expr:
    """A condition that holds where the given one is as wanted."""
    return expr if wanted else c.Not(type=Boolean(), span=expr.span, operand=expr)


def _both(one: c.Expr, other: c.Expr) -> c.Expr:
    return c.Logic(type=Boolean(), span=one.span, op="and", parts=(one, other))


def _value(fixed: c.Const) -> Hashable:
    """A fixed value as it is compared with others: its rank, or itself."""
    size = rank(fixed.value, fixed.type)
    return fixed.value if size is None else size


def _begin(item: c.Expr) -> _Left:
    """What a term can be at all: the words and bounds of a fact, whole numbers and days."""
    while isinstance(item, c.Named):
        item = item.body
    kind: Type = item.type
    whole = isinstance(kind, Integer | Date)
    if isinstance(kind, Boolean):
        return _Left(only=frozenset({True, False}))
    if not isinstance(item, c.FactRef):
        return _Left(whole)
    if isinstance(kind, Words) and kind.closed and not kind.ordered:
        return _Left(only=frozenset(kind.words))
    least, most = item.fact.minimum, item.fact.maximum
    if isinstance(kind, Words) and kind.ordered:
        least, most, whole = 0, len(kind.words) - 1, True
    elif isinstance(kind, MoneyType | Percent):
        # only at zero does a bound not hang on the unit it is told in
        least, most = (0 if least is not None and least >= 0 else None), None
    elif not isinstance(kind, Integer | Decimal):
        least = most = None
    left = _Left(whole)
    left = left if least is None else left.above(Fraction(least), True)
    return left if most is None else left.below(Fraction(most), True)
