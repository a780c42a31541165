"""Slips with words: other languages' operators, everyday English, capitals and spelling."""

from __future__ import annotations

import re

from engine.base.suggest import nearest
from engine.language.operators import RESERVED
from engine.read.condition_stop import Stop, Wrong, clipped, start_of

_UNKNOWN = (
    "no condition asks whether something is known",
    "a fact nobody gave is unknown, and stays so; for an event write `has happened` or `has not happened`",
)
_SEARCH = ("text is compared, never searched", "write `==`, or list the words: `x in ['a', 'b']`")
_STATES = "a window `is open`, `has passed` or `has begun`, each also with `not`"
_COMPARED = "`{0}` is not how a comparison is written"
_NO_WORD = "`{0}` is not a word of this language"

# (what is written, what is wrong, what to write); tried in turn where an operator is expected.
_PHRASES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(rf"(?:{pattern})(?![A-Za-z0-9_])"), message, help)
    for pattern, message, help in (
        (r"is\s+(?:not\s+)?(?:known|unknown|given|set|defined|present|missing|null|none|empty|nil)", *_UNKNOWN),
        (r"exists?|is\s+there", *_UNKNOWN),
        (r"is\s+(?:not\s+)?(?:past|passed|over|expired|closed|begun|started|running)|has\s+(?:not\s+)?open(?:ed)?",
         "`{0}` is no state of a window", _STATES),
        (r"is\s+(?:not\s+)?happened|happened", "`{0}` is not how an event is asked about",
         "write `has happened` or `has not happened`"),
        (r"[a-z]+n't", _COMPARED, "write `!=` or `not`, and `is not open` for a window"),
        (r"is\s+not\s+in", _COMPARED, "write `not in`"),
        (r"is\s+in", _COMPARED, "write `in`"),
        (r"is\s+(?:not\s+)?(?:true|false)", "a condition is not compared with true or false",
         "write it alone, or with `not` in front"),
        (r"(?:is\s+)?(?:greater|more|bigger|higher|larger)\s+than\s+or\s+equal(?:\s+to)?", _COMPARED, "write `>=`"),
        (r"(?:is\s+)?(?:less|fewer|smaller|lower)\s+than\s+or\s+equal(?:\s+to)?", _COMPARED, "write `<=`"),
        (r"(?:is\s+)?(?:greater|more|bigger|higher|larger|above)(?:\s+than)?", _COMPARED, "write `>`"),
        (r"(?:is\s+)?(?:less|fewer|smaller|lower|below)(?:\s+than)?", _COMPARED, "write `<`"),
        (r"(?:is\s+)?at\s+most|(?:is\s+)?no(?:t)?\s+more\s+than|up\s+to", _COMPARED,
         "write `<=`; for a length of time `x within 30 days after y`"),
        (r"(?:is\s+)?between", _COMPARED, "write a range: `x in 3 .. 10`"),
        (r"is\s+not|are\s+not|isnt|does\s+not\s+equal|not\s+equals?(?:\s+to)?|ne", _COMPARED, "write `!=`"),
        (r"is\s+equal\s+to|equals?(?:\s+to)?|is|are|was|eq", _COMPARED, "write `==`"),
        (r"not\s+(?:within|later\s+than|at\s+least)", "`not` stands in front of the whole test",
         "write `not x within 30 days after y`"),
        (r"earlier\s+than", _NO_WORD, "write `x at least 5 days before y`, or compare with `<`"),
        (r"after|since", "`{0}` needs a length of time before it", "write `>`, or `x within 30 days after y`"),
        (r"before|until|till", "`{0}` needs a length of time before it", "write `<`, or `x within 30 days before y`"),
        (r"contains?|includes?", "no operator looks inside a value",
         "write `any t in line.tags has t == 'a'` for a list, `x in ['a', 'b']` for a word"),
        (r"matches|like|starts\s*with|begins\s+with|ends\s*with", *_SEARCH),
        (r"unless|but\s+not|except", _NO_WORD, "write `and not`"),
        (r"xor", _NO_WORD, "write `a != b`"),
        (r"plus", _NO_WORD, "write `+`"),
        (r"minus|less", _NO_WORD, "write `-`"),
        (r"times|multiplied\s+by", _NO_WORD, "write `*`"),
        (r"divided\s+by|div|per", _NO_WORD, "write `/`"),
        (r"mod|modulo", _NO_WORD, "compare whole numbers some other way"),
        (r"elif|elseif|elsif", _NO_WORD, "write `else if ... then ... else ...`"),
        (r"if", "`if` comes first", "write `if c then a else b`"),
        (r"when|whenever|while", _NO_WORD, "write `and`, or `if c then a else b`"),
        (r"ago|from\s+now", _NO_WORD, "there is no clock; write `request.at within 30 days after x`"),
        (r"from", "`from` stands only in `days from a to b` and its kin", "write `x + 3 days` for a later day"),
        (r"then|else", "`{0}` belongs to `if`", "write `if c then a else b`"),
        (r"has", "`has` belongs to `any` and `all`, or to `has happened`, `has passed`, `has begun`",
         "write `any line in order.lines has line.is_custom`"),
        (r"where", "`where` belongs to a list", "write `count line in order.lines where line.is_custom`"),
        (r"for", "`for` belongs to `sum of`, `min of` and `max of`",
         "write `sum of line.paid for line in order.lines`"),
        (r"to", "`to` stands in `over 10 to 20`, `to 10` and `days from a to b`",
         "write `x in 3 .. 10` for a range with both ends in"),
        (r"over", "`over` stands only after `in`", "write `>`, or `x in over 10 to 20`"),
        (r"under", "`under` stands only after `in`", "write `<`, or `x in 10 to under 20`"),
        (r"not", "`not` stands in front of a condition", "write `and not`, or `!=`"),
    )
)  # fmt: skip
_STATE = re.compile(r"(is|has)\s+(?:not\s+)?([a-z]+)(?![A-Za-z0-9_])")
_WINDOW_SLIP = re.compile(
    r"(has\s+)?(not\s+)?"
    r"(?:(past|passed|ended|expired|elapsed|lapsed|closed)|(begun|began|started)|open)(?![A-Za-z0-9_])"
)
"""How people say that a window has passed, has begun or is open; the right spellings are words of the grammar."""
_JOINING = ("and", "or", "in", "not in", "within", "later than", "at least")


# Words that open a form of two words or more, met without the rest of it.
_OPENERS = {
    **{word: f"{word} of line.paid for line in order.lines" for word in ("sum", "min", "max")},
    **{word: f"{word} of (a, b)" for word in ("greater", "lesser", "later", "earlier")},
    "elapsed": "elapsed from a to b",
    "round": "round(line.paid, to 0.01 USD, half up)",
    "share": "share(line.paid, line.asked, line.quantity, line.returned_before)",
    "date": "date(order.placed_at)",
    **{word: f"{word} of x" for word in ("weekday", "month", "year", "time", "start", "end")},
}


def capitals(stop: Stop) -> Wrong | None:
    """`AND`, `Any`, `NOT`: read as names, so the trouble shows at the word itself or at the one after it."""
    before = stop.tokens[-1] if stop.tokens and stop.bad is not None else None
    for token in (stop.bad, before):
        if token is None or token.type not in ("NAME", "MONEY"):
            continue
        word = token.split()[-1]
        if word.lower() in RESERVED and not word.islower():
            end = start_of(token) + len(token)
            return Wrong(f"`{word}` is written in small letters here", f"write `{word.lower()}`", end - len(word), end)
    return None


def openers(stop: Stop) -> Wrong | None:
    """A name followed by a value: perhaps a word that was meant to open something."""
    if stop.wants_value or not stop.starts_value or not stop.is_previous("NAME"):
        return None
    word, start = stop.previous, start_of(stop.tokens[-1])
    if word in _OPENERS:
        return Wrong(f"this is not how `{word}` is written", f"write `{_OPENERS[word]}`", start, start + len(word))
    near = nearest(word, ("any", "all", "not", "count", "if"))
    if near is None or near == word:
        return None
    return Wrong(_NO_WORD.format(clipped(word)), f"did you mean `{near}`?", start, start + len(word))


def phrases(stop: Stop) -> Wrong | None:
    """Words where an operator or a value should stand."""
    if stop.at_end or stop.kind == "cell":
        return None
    if stop.wants_value or stop.expected <= {"NAME"}:
        return _in_place_of_value(stop)
    state = _STATE.match(stop.text, stop.at)
    if state is not None:
        near = nearest(state[2], ("open",) if state[1] == "is" else ("happened", "passed", "begun"))
        if near is not None and near != state[2]:
            help = f"did you mean `{state[0].removesuffix(state[2])}{near}`?"
            return Wrong(f"`{clipped(state[0])}` is no test", help, stop.at, state.end())
    wrong = _window_state(stop)
    if wrong is not None:
        return wrong
    for pattern, message, help in _PHRASES:
        found = pattern.match(stop.text, stop.at)
        if found is not None:
            return Wrong(message.format(clipped(found[0])), help, stop.at, found.end())
    near = nearest(stop.shown, _JOINING) if stop.bad is not None and stop.bad.type == "NAME" else None
    return None if near is None else stop.here(_NO_WORD.format(stop.shown), f"did you mean `{near}`?")


def _window_state(stop: Stop) -> Wrong | None:
    """`time_to_ask passed`, `time_to_ask has past`: a window's state in other words than the grammar's."""
    found = _WINDOW_SLIP.match(stop.text, stop.at) if "WINDOW" in stop.expected else None
    if found is None or not stop.is_previous("NAME"):
        return None
    if found[1] and not (found[3] or found[4]):
        return None  # `has open` is told with all three states
    no = "not " if found[2] else ""
    right = f"has {no}passed" if found[3] else f"has {no}begun" if found[4] else f"is {no}open"
    help = f"write `{right}`"
    if "." in stop.previous:  # no window's name, but that of a fact
        help = f"an event `has {no}happened`; only a window `{right}`"
    what = "is no state of a window" if found[1] else "is not how a window is asked about"
    return Wrong(f"`{clipped(found[0])}` {what}", help, stop.at, found.end())


def _in_place_of_value(stop: Stop) -> Wrong | None:
    if stop.bad is None:
        return None
    word = str(stop.bad)
    if stop.bad.type in ("NOT", "ANY", "ALL", "IF") and stop.wants_value:
        return stop.here(f"`{word}` needs brackets here", f"write `({word} ...)`")
    if stop.bad.type == "LSQB" and stop.wants_value:
        return stop.here("a list stands only after `in`", "write `x in ['a', 'b']`")
    if word in RESERVED:
        help = "a name or a value is missing before it; a name that is meant needs another word"
        return stop.here(f"`{word}` is a word of the language and cannot stand here", help)
    if stop.bad.type in ("COMPARE", "WINDOW", "HAPPENED", "TIMING", "NOT_IN", "TIMES", "PLUS", "DOTS"):
        if stop.is_previous("ANY", "ALL", "COUNT"):
            start, end = start_of(stop.tokens[-1]), start_of(stop.tokens[-1]) + len(stop.previous)
            help = f"write `{stop.previous} line in order.lines ...`; a name that is meant needs another word"
            return Wrong(f"`{stop.previous}` is a word of the language and no name", help, start, end)
        what = "the name of a window" if stop.bad.type == "WINDOW" else "a name or a value"
        where = f"between `{clipped(stop.previous)}` and" if stop.tokens else "before"
        return stop.here(f"{what} is missing {where} `{stop.shown}`", f"write {what} there")
    return None
