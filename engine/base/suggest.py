"""Did you mean: offered only for a near match, because a silly suggestion is worse than none."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

_CUT_OFF = 0.72
ANOTHER_SPELLING = 0.86
"""As near as `jewelry` and `jewellery`; `electric` and `electronics`, `boots` and `books` are two words each."""


def nearest(word: str, known: Iterable[str], cut_off: float = _CUT_OFF) -> str | None:
    """The known word nearest to `word`, or None if none is as near as `cut_off` (1 is the same word).

    Ties go to the first in alphabetical order.
    """
    best: tuple[float, str] | None = None
    folded = word.casefold().replace("-", "_")
    for candidate in sorted(set(known)):
        if candidate.casefold().replace("-", "_") == folded:
            return candidate
        matcher = SequenceMatcher(None, folded, candidate.casefold().replace("-", "_"), autojunk=False)
        if matcher.quick_ratio() < cut_off:
            continue
        ratio = matcher.ratio()
        if ratio >= cut_off and (best is None or ratio > best[0]):
            best = (ratio, candidate)
    return best[1] if best else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A help line: the nearest word, or the whole list if it is short, or nothing."""
    words = sorted(set(known))
    near = nearest(word, words)
    if near is not None:
        return f"did you mean `{near}`?"
    if 0 < len(words) <= 8:
        return "it can be " + ", ".join(f"`{w}`" for w in words)
    return None
