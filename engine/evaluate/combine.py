"""How several rules' conclusions become one: J (`docs/semantics.md`, step 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from engine.evaluate.operations import Arithmetic, failed
from engine.language import core as c
from engine.language.outcome import Causes, Known, Result, Unknown
from engine.language.types import ListOf, Words
from engine.language.values import Value
from engine.values.money import Money


@dataclass(frozen=True)
class Nothing:
    """NONE: no rule speaks and there is no `otherwise`."""


@dataclass(frozen=True)
class Conflict:
    """Rules that apply together say different things although they must agree."""


Joined = Known | Unknown | Nothing | Conflict
NOTHING, CONFLICT = Nothing(), Conflict()


def combine(
    output: c.CoreOutput, rules: Sequence[c.CoreRule], conclusions: Mapping[str, Result], arithmetic: Arithmetic
) -> Joined:
    """J(X): what the output is when exactly these rules speak. `otherwise` is the caller's, for an empty X.

    Raises `Imprecise` if `earliest` or `latest` hangs on the time of day of a bare date.
    """
    if not rules:
        return Known(()) if output.combine == "all" else NOTHING
    results = [conclusions[r.id] for r in rules]
    known = [r.value for r in results if isinstance(r, Known)]
    causes: Causes = frozenset().union(*(r.causes for r in results if isinstance(r, Unknown)))
    if output.combine == "strictest":
        ranks = [output.words.index(str(v)) for v in known if v in output.words]
        if ranks and min(ranks) == 0:
            return Known(output.words[0])
        return Unknown(causes) if causes else Known(output.words[min(ranks)])
    if causes:
        return Unknown(causes)
    return _joined(output, rules, known, arithmetic)


def _joined(output: c.CoreOutput, rules: Sequence[c.CoreRule], values: list[Value], arithmetic: Arithmetic) -> Joined:
    match output.combine:
        case "unique" | "strictest":
            return Known(values[0]) if all(_same(v, values[0]) for v in values[1:]) else CONFLICT
        case "first":
            return Known(min(zip(rules, values, strict=True), key=lambda pair: pair[0].order)[1])
        case "all":
            return Known(_union(output, cast("list[tuple[Value, ...]]", values)))
        case "sum":
            return _fold(arithmetic, "add", values)
        case "min":
            return _fold(arithmetic, "lesser", values)
        case "max":
            return _fold(arithmetic, "greater", values)
        case "earliest":
            return _fold(arithmetic, "earlier", values)
        case "latest":
            return _fold(arithmetic, "later", values)


def _union(output: c.CoreOutput, values: list[tuple[Value, ...]]) -> tuple[Value, ...]:
    """All the words, in the order in which the output's type lists them (alphabetically if it lists none).

    An order that hung on the rules that speak would change when a blocked rule adds a word that is there already.
    """
    element = output.type.element if isinstance(output.type, ListOf) else output.type
    listed = element.words if isinstance(element, Words) else ()
    places = {word: i for i, word in enumerate(listed)}
    found = {word for value in values for word in value}
    return tuple(sorted(found, key=lambda word: (places.get(str(word), len(places)), str(word))))


def _fold(arithmetic: Arithmetic, key: c.OpKey, values: list[Value]) -> Joined:
    try:
        if key != "add":
            return Known(arithmetic.compute(key, values, None))
        total = values[0]
        for value in values[1:]:
            total = arithmetic.compute(key, (total, value), None)
        return Known(total)
    except ValueError as error:
        return cast("Unknown", failed(str(error)))


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, date) != isinstance(b, date):
        return False
    if isinstance(a, Money) and isinstance(b, Money):
        return a.currency == b.currency and a.amount == b.amount
    if isinstance(a, int | Fraction) and isinstance(b, int | Fraction):
        return a == b and isinstance(a, bool) == isinstance(b, bool)
    return a == b


def changes(a: Joined, b: Joined) -> bool:
    """Whether two results differ, or one of them is not known."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return True
    if isinstance(a, Known) and isinstance(b, Known):
        return not _same(a.value, b.value)
    return type(a) is not type(b)
