"""The layout of a condition: spaces always alike, no brackets that group nothing. Every word stays as it was written.

Unlike `format`, which writes a node as briefly as it can, this keeps what an author chose among equals (`1 year` or
`12 months`, `5 USD` or `5.00 USD`) and brackets that help a reader to see what belongs together.
"""

from __future__ import annotations

from dataclasses import dataclass

from lark import UnexpectedInput

from engine.read.condition import ConditionError, lex, parse_text

_CALLS = frozenset({"NAME", "ROUND", "SHARE", "DATE_OF"})
"""What stands before the bracket of a call without a space."""

_VALUES = frozenset({"RPAR", "RSQB", "DOTTED", "NAME", "WORD", "NUMBER", "PERCENT", "MONEY", "PERIOD", "PERIOD_RANGE"})
_MOMENTS = frozenset({"DATE", "INSTANT", "CLOCK", "AT", "YEAR_DAY", "TRUE", "FALSE"})
"""After these (and `_VALUES`) a minus takes away; after anything else it belongs to what follows."""


@dataclass(frozen=True)
class _Word:
    """A word of a condition: its kind, and its text with single spaces."""

    kind: str
    text: str


def tidy(text: str) -> str:
    """The condition `text` on one line, well laid out; it is given back as it is if it is no condition.

    What it means stays the same, and `tidy(tidy(text)) == tidy(text)`.
    """
    try:
        node = parse_text(text)
        words = [_word(token.type, str(token)) for token in lex(text)]
    except (ConditionError, UnexpectedInput):
        return text
    words = _without_idle_brackets(words)
    written = _written(words)
    return written if _same(written, text) and parse_text(written) == node else text


def _word(kind: str, text: str) -> _Word:
    if kind == "PERCENT":
        return _Word(kind, "".join(text.split()))
    return _Word(kind, text if kind == "WORD" else " ".join(text.split()))


def _same(one: str, other: str) -> bool:
    """Whether two texts mean the same to the parser."""
    try:
        return parse_text(one) == parse_text(other)
    except ConditionError:
        return False


# brackets ------------------------------------------------------------------------------------------------------------


def _without_idle_brackets(words: list[_Word]) -> list[_Word]:
    """The words without the brackets round the whole, round a single word, and directly inside other brackets."""
    while True:
        pairs = _pairs(words)
        idle = [{start, end} for start, end in sorted(pairs) if _idle(words, start, end, pairs)]
        gone = set().union(*idle)
        if not _same(_written(_left(words, gone)), _written(words)):
            gone = set()
            for pair in idle:
                if _same(_written(_left(words, gone | pair)), _written(words)):
                    gone |= pair
        if not gone:
            return words
        words = _left(words, gone)


def _left(words: list[_Word], gone: set[int]) -> list[_Word]:
    return [word for at, word in enumerate(words) if at not in gone]


def _idle(words: list[_Word], start: int, end: int, pairs: set[tuple[int, int]]) -> bool:
    before = words[start - 1].kind if start else ""
    if before in _CALLS or before == "EXTREME":
        return False
    whole = start == 0 and end == len(words) - 1
    return whole or end == start + 2 or (start - 1, end + 1) in pairs


def _pairs(words: list[_Word]) -> set[tuple[int, int]]:
    opened: list[int] = []
    pairs = set()
    for at, word in enumerate(words):
        if word.kind == "LPAR":
            opened.append(at)
        elif word.kind == "RPAR" and opened:
            pairs.add((opened.pop(), at))
    return pairs


# spaces --------------------------------------------------------------------------------------------------------------


def _written(words: list[_Word]) -> str:
    text = ""
    for at, word in enumerate(words):
        text += ("" if at == 0 or _close(words, at) else " ") + word.text
    return text


def _close(words: list[_Word], at: int) -> bool:
    """Whether no space stands between a word and the one before it."""
    word, before = words[at].kind, words[at - 1].kind
    if word in ("RPAR", "RSQB", "COMMA", "DOTTED") or before in ("LPAR", "LSQB"):
        return True
    if word == "LPAR":
        return before in _CALLS
    return before == "MINUS" and (at < 2 or words[at - 2].kind not in _VALUES | _MOMENTS)
