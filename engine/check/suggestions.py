"""Help lines of the checker: the word or name that was probably meant, or what there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.base.suggest import nearest
from engine.language.types import ListOf, Record

_CODE = 3
"""Codes of two or three letters are all alike (`USA` is as near to `SA` as to `US`): only their spelling is mended."""

_LISTED = 8


_NOW = frozenset(
    ("today", "now", "yesterday", "tomorrow", "current_date", "current_day", "current_time", "clock", "sysdate")
)


def clock_help(name: str) -> str | None:
    """What to write instead of a name that other languages have for the present moment; None for any other name."""
    if name.casefold() not in _NOW:
        return None
    return "there is no clock: write `request.at` for when the request was made, `as_of` for when the facts were true"


def word_help(word: str, known: Sequence[str]) -> str:
    """What a word could be instead: the nearest one, or all of a short list."""
    folded = word.casefold()
    near = nearest(word, (w for w in known if len(w) > _CODE or w.casefold() == folded))
    if near is not None:
        return f"did you mean `{near}`?"
    if not known:
        return "it has no words"
    if len(known) <= _LISTED:
        return "it can be " + ", ".join(f"`{w}`" for w in known)
    if all(len(w) == 2 and w.isupper() for w in known):
        return f"write a code of two capital letters, such as `{'US' if 'US' in known else known[0]}`"
    return f"it is one of {len(known)} words, such as `{known[0]}` and `{known[1]}`"


def name_help(name: str, known: Iterable[str], before: str = "", after: str = "") -> str | None:
    """The nearest name, written out with what stands `before` and `after` it; None if none is near."""
    near = nearest(name, known)
    return None if near is None else f"did you mean `{before}{near}{after}`?"


def listed(names: Iterable[str], most: int = _LISTED) -> str | None:
    """The names, if they are few enough to read."""
    found = sorted(set(names))
    return ", ".join(f"`{n}`" for n in found) if 0 < len(found) <= most else None


def elsewhere(name: str, facts: Record) -> str | None:
    """A dotted name of a fact that is called `name` in another record of the case: the shortest one.

    The lines of the order and of the request are called `line`, as in conditions; other lists are left out.
    """
    found: list[str] = []
    pending: list[tuple[tuple[str, ...], Record]] = [((), facts)]
    while pending:
        path, record = pending.pop()
        for key, fact in record.fields:
            kind = fact.type
            if key == name and path:
                found.append(".".join((*path, key)))
            if isinstance(kind, Record):
                pending.append(((*path, key), kind))
            elif key == "lines" and len(path) == 1 and isinstance(kind, ListOf) and isinstance(kind.element, Record):
                pending.append((("line",), kind.element))
    return min(found, key=lambda n: (n.count("."), len(n), n), default=None)
