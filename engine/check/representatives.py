"""Which words of a long closed list a policy tells apart: the others all behave alike, so one of them stands for all.

A country has some 250 words, of which terms name two or three. Trying every answer (`docs/semantics.md`, step 9) need try
only the words that are named and one that is not, as long as the fact is only ever compared with fixed words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.language import core as c
from engine.language.types import Words
from engine.language.walk import below, children

_COMPARED = ("equal", "not_equal", "in_values")


def representatives(roots: Iterable[c.Expr], parameters: Mapping[str, c.CoreParameter]) -> dict[str, tuple[str, ...]]:
    """For the facts of one-of types, by the last part of their name: the words worth telling apart.

    The last stands for all words that nothing is compared with, if there are any.

    A fact that is used in any other way than compared with fixed words is left out: all its words count.
    """
    named: dict[str, set[str]] = {}
    lists: dict[str, tuple[str, ...]] = {}
    free: set[str] = set()
    starts = list(roots)
    for root in starts:
        if isinstance(root, c.FactRef):
            free.add(root.fields[-1])
    for expr in below(starts):
        if isinstance(expr, c.FactRef):
            free.update(expr.fact.parts_of)  # what follows from a country's postal codes differs for each country
        for part in children(expr):
            if not isinstance(part, c.FactRef) or not isinstance(part.type, Words):
                continue
            name = part.fields[-1]
            words = _words(expr, part, parameters)
            if words is None or lists.setdefault(name, part.type.words) != part.type.words:
                free.add(name)
            else:
                named.setdefault(name, set()).update(words)
    found = {}
    for name, words in named.items():
        if name not in free:
            other = next((w for w in lists[name] if w not in words), None)
            compared = tuple(w for w in lists[name] if w in words)
            found[name] = compared if other is None else (*compared, other)
    return found


def _words(expr: c.Expr, fact: c.FactRef, parameters: Mapping[str, c.CoreParameter]) -> set[str] | None:
    """The fixed words that an operator compares a fact with; None if it does anything else with it."""
    if not isinstance(expr, c.Op) or expr.key not in _COMPARED:
        return None
    words: set[str] = set()
    for arg in expr.args:
        if arg is fact:
            continue
        value = arg.value if isinstance(arg, c.Const) else None
        if isinstance(arg, c.ParameterRef):
            value = parameters[arg.name].value
        members = value if isinstance(value, tuple) else (value,)
        if not all(isinstance(m, str) for m in members):
            return None
        words.update(str(m) for m in members)
    return words
