"""What can be typed for a fact, and what was meant by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.language.types import FactType

_NOT_YET = frozenset(("not yet", "notyet", "not so far", "no", "never"))
_TRUE = frozenset(("y", "yes", "true"))
_FALSE = frozenset(("n", "no", "false"))
_MOST_WORDS = 20


def words_of(fact: FactType) -> list[str] | None:
    """The words an answer can be; None if it is not a list of words. An open list takes other words too."""
    from engine.language.types import Boolean, Words

    if isinstance(fact.type, Boolean):
        return ["yes", "no"]
    return list(fact.type.words) if isinstance(fact.type, Words) else None


def what_to_type(fact: FactType) -> str:
    """What an answer can look like: `yes or no`, `one of not_started, started`, `an amount such as 12.50`."""
    from engine.language import types as t

    match fact.type:
        case t.Boolean():
            return "yes or no"
        case t.Words(words=words, closed=closed):
            if len(words) > _MOST_WORDS:
                return f"a word such as {words[0]}"
            return ", ".join(words) + ("" if closed else ", or another word")
        case t.MomentType():
            return "2026-05-08, 2026-05-08T14:30:00-06:00, or: not yet"
        case t.Date():
            return "a day: 2026-05-08"
        case t.MoneyType():
            return "an amount such as 12.50"
        case t.Percent():
            return "a percentage such as 20%"
        case t.Integer():
            return "a whole number"
        case t.Decimal():
            return "a number such as 1.5"
        case t.Zone():
            return "a time zone such as America/Denver"
    return "some words"


def other_spelling(said: object, fact: FactType) -> str | None:
    """The listed word that was probably meant by one that is not listed, where other words may be given too."""
    from engine.base.suggest import ANOTHER_SPELLING, nearest
    from engine.language.types import Words

    if not isinstance(fact.type, Words) or fact.type.closed or not isinstance(said, str) or said in fact.type.words:
        return None
    return nearest(said, fact.type.words, ANOTHER_SPELLING)


def meant(said: str, fact: FactType, now: object) -> object:
    """The value that was typed; the text itself where it fits nothing, so that decoding says what is wrong with it.

    `now` is the moment at which the facts are true: an event that has not happened yet was not seen by then.
    """
    from engine.language import types as t

    plain = " ".join(re.sub(r"[\s_-]+", " ", said).split()).strip(" .!").lower()
    match fact.type:
        case t.Boolean():
            return True if plain in _TRUE else (False if plain in _FALSE else said)
        case t.Words(words=words):
            by_plain = {re.sub(r"[\s_-]+", " ", word).lower(): word for word in words}
            return by_plain.get(plain, said)
        case t.MomentType() if plain in _NOT_YET and not fact.planned:
            return {"not_by": now} if now else said
        case t.Integer() if re.fullmatch(r"-?[0-9]{1,15}", said):
            return int(said)
    return said
