"""The usual slips in conditions: what people write out of habit from elsewhere, and what to write here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lark import Token

from engine.base.suggest import nearest
from engine.language.operators import RESERVED
from engine.values.money import is_currency

_ODD_ENOUGH = 40


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, what to write, and which characters to underline."""

    message: str
    help: str
    start: int
    end: int
    code: str = "condition-syntax"


@dataclass(frozen=True, slots=True)
class Stop:
    """Where reading stopped: the words taken, the one that could not be (None: no word at all), what could come."""

    text: str
    kind: str
    tokens: tuple[Token, ...]
    bad: Token | None
    at: int
    end: int
    expected: frozenset[str]

    @property
    def at_end(self) -> bool:
        """Whether the text ended too early."""
        return not self.text[self.at :].strip()

    @property
    def wants_value(self) -> bool:
        """Whether a value could come next."""
        return "NUMBER" in self.expected

    @property
    def starts_value(self) -> bool:
        """Whether the word that cannot be taken is one that a value begins with."""
        return self.bad is not None and self.bad.type in _STARTS

    @property
    def shown(self) -> str:
        """The word that could not be taken, fit for a message."""
        return clipped(self.text[self.at : self.end])

    @property
    def previous(self) -> str:
        """The last word taken."""
        return str(self.tokens[-1]) if self.tokens else ""

    def is_previous(self, *kinds: str) -> bool:
        """Whether the last word taken is of one of these terminals."""
        return bool(self.tokens) and self.tokens[-1].type in kinds

    def touches(self) -> bool:
        """Whether no space stands between the last word taken and where reading stopped."""
        return bool(self.tokens) and _start(self.tokens[-1]) + len(self.tokens[-1]) == self.at

    def before(self, token: Token) -> Token | None:
        """The word before one that was taken."""
        index = self.tokens.index(token)
        for i, one in enumerate(self.tokens):
            if one is token:
                index = i
        return self.tokens[index - 1] if index else None

    def open_brackets(self) -> list[Token]:
        """The brackets that are open, the innermost last."""
        opened: list[Token] = []
        for token in self.tokens:
            if token.type in ("LPAR", "LSQB"):
                opened.append(token)
            elif token.type in ("RPAR", "RSQB"):
                opened.pop()
        return opened

    def here(self, message: str, help: str, code: str = "condition-syntax") -> Wrong:
        """A finding at the word that could not be taken."""
        return Wrong(message, help, self.at, self.end, code)

    def last(self, message: str, help: str) -> Wrong:
        """A finding at the last word that was taken."""
        start = _start(self.tokens[-1]) if self.tokens else 0
        return Wrong(message, help, start, start + len(self.previous))


def clipped(words: str) -> str:
    """Words fit for one line of a message: no line ends, nothing that does not show, not too long."""
    line = " ".join(words.split())
    line = "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in line) or "".join(
        f"U+{ord(c):04X}" for c in words
    )
    return line if len(line) <= _ODD_ENOUGH else line[:_ODD_ENOUGH] + "..."


def _start(token: Token) -> int:
    return token.start_pos or 0


_STARTS = frozenset(
    "NAME NUMBER WORD PERCENT MONEY PERIOD PERIOD_RANGE DATE INSTANT TRUE FALSE GROUPED SLASHED LPAR AGGREGATE COUNT "
    "EXTREME BETWEEN ROUND SHARE DATE_OF ANY ALL NOT IF".split()
)

# signs --------------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"\"[^\"\n]*\"?|[“”„‟«»][^“”„‟«»\n]*[“”‟«»]?|[‘’‚‹›][^‘’‚‹›\n]*[’‘›‹]?|`[^`\n]*`?")
_SIGN_RUN = re.compile(r"[=!<>&|~:^*/]+|[≠≤≥×÷−–]")
_SIGNS = {
    "=": "==",
    "===": "==",
    ":=": "==",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "=!": "!=",
    "!==": "!=",
    "~=": "!=",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
    "~": "not",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
}
_COINS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_COIN = re.compile(r"([$€£¥])\s*([0-9]+(?:\.[0-9]+)?)?")
_ODD = {
    "#": ("a comment cannot stand inside a condition", "put it on a line of its own, outside"),
    ";": ("a condition has no `;`", "join conditions by `and` or `or`"),
    "?": ("there is no `?` here", "write `if ... then ... else ...`"),
    ":": ("there is no `:` here", "write `if ... then ... else ...`; a moment is written `2026-03-06T09:00:00+01:00`"),
    "{": ("braces belong to messages", "write round brackets for grouping, square ones for a list"),
    "}": ("braces belong to messages", "write round brackets for grouping, square ones for a list"),
    "%": ("`%` stands only after a number", "write `20%`, and `20% of x` for a share"),
    "@": ("there is no `@` here", "write names with letters, digits, underscores and dots"),
    "^": ("there are no powers", "multiply the value with itself"),
    "**": ("there are no powers", "multiply the value with itself"),
    "//": ("division here is exact", "write `round(a / b, to 1, down)`"),
}


def _nothing(stop: Stop) -> Wrong | None:
    if stop.text.strip():
        return None
    if stop.kind == "cell":
        return Wrong("the cell is empty", "write `any` if the column does not matter in this row", 0, len(stop.text))
    return Wrong("there is no condition here", "write one, such as `line.quantity > 2`", 0, len(stop.text))


def _quotes(stop: Stop) -> Wrong | None:
    found = _QUOTED.match(stop.text, stop.at)
    if found is not None:
        inner = found[0].strip("\"“”„‟«»‘’‚‹›`")
        help = "write `'{}'`".format(inner.replace("'", "''")) if 0 < len(inner) <= 60 else "write `'word'`"
        return Wrong("words stand in single quotes", help, stop.at, found.end(), "condition-quotes")
    if stop.bad is not None and stop.is_previous("WORD") and stop.touches():
        start = _start(stop.tokens[-1])
        help = f"write it twice: `{stop.previous[:-1]}''{stop.shown}'`"
        return Wrong("a quote inside a word is doubled", help, start, stop.end, "condition-quotes")
    if stop.text.startswith("'", stop.at) and stop.bad is None:
        if stop.touches() and stop.is_previous("NAME"):
            start = _start(stop.tokens[-1])
            message = f"`{stop.shown}` cannot follow a name" if stop.shown != "'" else "a name has no apostrophe"
            help = "write `!=`, `not`, or `is not open` for a window; words stand in single quotes"
            return Wrong(message, help, start, stop.end, "condition-quotes")
        end = len(stop.text.rstrip())
        help = "write `'` after the word; a quote inside a word is doubled: `'don''t'`"
        return Wrong("this quote is never closed", help, stop.at, end, "condition-quotes")
    return None


def _signs(stop: Stop) -> Wrong | None:
    run = _SIGN_RUN.match(stop.text, stop.at)
    if run is not None:
        start = stop.at
        while start > 0 and stop.text[start - 1] in "=!<>&|~:*/":
            start -= 1
        if run[0] == "=" and stop.is_previous("COMPARE") and stop.previous in ("<", ">"):
            start = _start(stop.tokens[-1])
            help = f"write `{stop.previous}=` without a space"
            return Wrong("a sign of two characters has no space in it", help, start, run.end())
        sign = stop.text[start : run.end()]
        right = _SIGNS.get(sign)
        if right is not None:
            why = "to compare" if right == "==" else "instead"
            return Wrong(f"`{sign}` is not a sign of this language", f"write `{right}` {why}", start, run.end())
        if sign in _ODD:
            return Wrong(*_ODD[sign], start, run.end())
    if stop.bad is not None and stop.bad.type == "DOTS" and not stop.wants_value:
        return stop.here("a range stands only after `in`", "write `x in 3 .. 10`")
    coin = _COIN.match(stop.text, stop.at)
    if coin is not None:
        code, start = _COINS[coin[1]], stop.at
        number = coin[2] or ""
        if not number and stop.is_previous("NUMBER"):
            number, start = stop.previous, _start(stop.tokens[-1])
        help = f"write `{number or '5.00'} {code}`, if that currency is meant"
        return Wrong("an amount ends with its currency code", help, start, coin.end())
    sign = stop.text[stop.at : stop.at + 1]
    return Wrong(*_ODD[sign], stop.at, stop.at + 1) if sign in _ODD and stop.bad is None else None


# names and numbers --------------------------------------------------------------------------------------------------

_HYPHENED = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(?:-[A-Za-z0-9_.]*[A-Za-z_][A-Za-z0-9_.]*)+")
_GLUED = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s?([A-Za-z]+)\b|[0-9][\w.]*", re.UNICODE)
_UNITS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("d", "day", "days"), "days"),
    **dict.fromkeys(("w", "wk", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
    **dict.fromkeys(("working", "business", "workdays", "weekdays"), "business days"),
}
_COIN_WORDS = {
    **dict.fromkeys(("dollar", "dollars"), "USD"),
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("pound", "pounds"), "GBP"),
}


def _names(stop: Stop) -> Wrong | None:
    found = _HYPHENED.match(stop.text, stop.at)
    if found is not None and stop.bad is None:
        if stop.kind == "cell":
            return Wrong("a hyphen is not part of a value here", f"write `'{found[0]}'`", stop.at, found.end())
        help = f"write `{found[0].replace('-', '_')}`"
        if found[0].count("-") == 1:
            help += f", or `{found[0].replace('-', ' - ')}` to subtract"
        return Wrong("names are written with underscores, not hyphens", help, stop.at, found.end())
    if stop.bad is not None and stop.bad.type == "DOTTED" and stop.is_previous("NAME"):
        start = _start(stop.tokens[-1])
        return Wrong("a name has no spaces in it", f"write `{stop.previous}{stop.bad}`", start, stop.end)
    word = re.match(r"[\w.-]+", stop.text[stop.at :], re.UNICODE)
    if stop.bad is None and word is not None and not word[0].isascii():
        help = "names have the letters a to z, digits and underscores; a word stands in single quotes"
        message = f"`{clipped(word[0])}` has letters that names do not have"
        return Wrong(message, help, stop.at, stop.at + word.end())
    char = stop.text[stop.at : stop.at + 1]
    if stop.bad is None and char and (not char.isprintable() or char.isspace()):
        return stop.here(f"there is a character here that does not show (U+{ord(char):04X})", "delete it, or write a space")
    if stop.bad is None and re.match(r"[A-Za-z_][A-Za-z0-9_.]*\.", stop.text[stop.at :]):
        return stop.here("a name ends with a letter, digit or underscore", "write what comes after the dot")
    return None


def _numbers(stop: Stop) -> Wrong | None:
    if stop.bad is None and stop.text.startswith(".", stop.at):
        return _points(stop)
    if stop.bad is not None and stop.bad.type == "COMMA" and stop.is_previous("NUMBER"):
        rest = re.match(r",([0-9]+)", stop.text[stop.at :])
        if rest and stop.touches() and "COMMA" not in stop.expected:
            start = _start(stop.tokens[-1])
            help = f"write `{stop.previous}.{rest[1]}`"
            return Wrong("decimals are written with a point", help, start, stop.at + rest.end())
    if stop.bad is not None and stop.is_previous("GROUPED"):
        start = _start(stop.tokens[-1])
        help = f"write `{stop.previous.replace(',', '')} {stop.shown}`"
        return Wrong("numbers have no separators", help, start, stop.end)
    if stop.bad is not None and stop.is_previous("NUMBER") and re.match(r"[0-9]{3}(?![0-9])", stop.bad):
        start = _start(stop.tokens[-1])
        return Wrong("numbers have no separators", f"write `{stop.previous}{stop.shown}`", start, stop.end)
    if stop.bad is not None and stop.bad.type == "NUMBER" and stop.is_previous("NAME") and is_currency(stop.previous):
        start = _start(stop.tokens[-1])
        return Wrong("the currency comes after the number", f"write `{stop.shown} {stop.previous}`", start, stop.end)
    if stop.bad is not None and stop.bad.type == "PLUS" and stop.wants_value:
        return stop.here("a value has no `+` in front", "write it without the sign")
    if stop.bad is None:
        found = _GLUED.match(stop.text, stop.at)
        if found is not None:
            return _measure(stop, found[1] or "", found[2] or "", stop.at, found.end())
    if stop.bad is not None and stop.bad.type == "NAME" and stop.is_previous("NUMBER"):
        return _measure(stop, stop.previous, str(stop.bad), _start(stop.tokens[-1]), stop.end)
    return None


def _points(stop: Stop) -> Wrong:
    digits = re.match(r"\.([0-9]+)", stop.text[stop.at :])
    if digits and not stop.touches():
        return Wrong("a number begins with a digit", f"write `0{digits[0]}`", stop.at, stop.at + digits.end())
    if stop.is_previous("DOTS") and stop.touches():
        return Wrong("a range has two dots", "write `3 .. 10`", stop.at - 2, stop.at + 1)
    if stop.is_previous("NUMBER") and stop.touches():
        start = _start(stop.tokens[-1])
        help = f"write `{stop.previous}`, or `{stop.previous} ..` for a range"
        return Wrong("a point stands between digits", help, start, stop.at + 1)
    return Wrong("this dot belongs to no name", "write names without spaces: `order.total_paid`", stop.at, stop.at + 1)


def _measure(stop: Stop, number: str, word: str, start: int, end: int) -> Wrong | None:
    """A number and a word that could be its unit, or a number with letters in it."""
    low = word.lower()
    if low in ("percent", "pct"):
        return Wrong(f"`{word}` is written as a sign", f"write `{number}%`", start, end)
    code = _COIN_WORDS.get(low, word.upper())
    if number and is_currency(code):
        return Wrong("an amount is a number, a space and a code in capitals", f"write `{number} {code}`", start, end)
    unit = _UNITS.get(low)
    if unit is not None and "." in number:
        return Wrong("a length of time is a whole number", "use a smaller unit, such as `90 minutes`", start, end)
    if unit is not None:
        rest = re.match(r"\s+days?\b", stop.text[end:]) if unit == "business days" else None
        return Wrong(
            "this is not how a length of time is written",
            f"write `{number} {unit}`",
            start,
            end + (rest.end() if rest else 0),
        )
    if low in ("second", "seconds", "sec", "secs", "s"):
        return Wrong("lengths of time are written in minutes or more", "write minutes or hours", start, end)
    if stop.bad is not None:
        return None
    glued = stop.text[start:end]
    plain = glued.replace("_", "")
    if plain.isdigit() and plain.isascii():
        return Wrong("numbers have no separators", f"write `{plain}`", start, end)
    help = f"write `'{glued}'` if it is a word; a number and what follows it are kept apart by a space"
    return Wrong(f"`{clipped(glued)}` is neither a number nor a name", help, start, end)


# words --------------------------------------------------------------------------------------------------------------

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
        (r"is\s+(?:not\s+)?(?:passed|over|expired|closed|begun|started|running)|has\s+(?:not\s+)?open(?:ed)?",
         "`{0}` is no state of a window", _STATES),
        (r"is\s+(?:not\s+)?happened|happened", "`{0}` is not how an event is asked about",
         "write `has happened` or `has not happened`"),
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
        (r"for", "`for` belongs to `sum of`, `min of` and `max of`", "write `sum of line.paid for line in order.lines`"),
        (r"to", "`to` stands in `over 10 to 20`, `to 10` and `days from a to b`",
         "write `x in 3 .. 10` for a range with both ends in"),
        (r"over", "`over` stands only after `in`", "write `>`, or `x in over 10 to 20`"),
        (r"under", "`under` stands only after `in`", "write `<`, or `x in 10 to under 20`"),
        (r"not", "`not` stands in front of a condition", "write `and not`, or `!=`"),
    )
)  # fmt: skip
_STATE = re.compile(r"(is|has)\s+(?:not\s+)?([a-z]+)(?![A-Za-z0-9_])")
_JOINING = ("and", "or", "in", "not in", "within", "later than", "at least")


# Words that open a form of two words or more, met without the rest of it.
_OPENERS = {
    **{word: f"{word} of line.paid for line in order.lines" for word in ("sum", "min", "max")},
    **{word: f"{word} of (a, b)" for word in ("greater", "lesser", "later", "earlier")},
    "elapsed": "elapsed from a to b",
    "round": "round(line.paid, to 0.01 USD, half up)",
    "share": "share(line.paid, line.asked, line.quantity, line.returned_before)",
    "date": "date(order.placed_at)",
}


def _capitals(stop: Stop) -> Wrong | None:
    """`AND`, `Any`, `NOT`: read as names, so the trouble shows at the word itself or at the one after it."""
    before = stop.tokens[-1] if stop.tokens and stop.bad is not None else None
    for token in (stop.bad, before):
        if token is None or token.type not in ("NAME", "MONEY"):
            continue
        word = token.split()[-1]
        if word.lower() in RESERVED and not word.islower():
            end = _start(token) + len(token)
            return Wrong(f"`{word}` is written in small letters here", f"write `{word.lower()}`", end - len(word), end)
    return None


def _openers(stop: Stop) -> Wrong | None:
    """A name followed by a value: perhaps a word that was meant to open something."""
    if stop.wants_value or not stop.starts_value or not stop.is_previous("NAME"):
        return None
    word, start = stop.previous, _start(stop.tokens[-1])
    if word in _OPENERS:
        return Wrong(f"this is not how `{word}` is written", f"write `{_OPENERS[word]}`", start, start + len(word))
    near = nearest(word, ("any", "all", "not", "count", "if"))
    if near is None or near == word:
        return None
    return Wrong(_NO_WORD.format(word), f"did you mean `{near}`?", start, start + len(word))


def _phrases(stop: Stop) -> Wrong | None:
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
    for pattern, message, help in _PHRASES:
        found = pattern.match(stop.text, stop.at)
        if found is not None:
            return Wrong(message.format(clipped(found[0])), help, stop.at, found.end())
    near = nearest(stop.shown, _JOINING) if stop.bad is not None and stop.bad.type == "NAME" else None
    return None if near is None else stop.here(_NO_WORD.format(stop.shown), f"did you mean `{near}`?")


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
        what = "the name of a window" if stop.bad.type == "WINDOW" else "a name or a value"
        return stop.here(f"{what} is missing before `{stop.shown}`", f"write {what} there")
    return None


# brackets -----------------------------------------------------------------------------------------------------------

_CALLS = {
    **dict.fromkeys(("min", "least"), "write `lesser of (a, b)`, or `min of line.paid for line in order.lines`"),
    **dict.fromkeys(("max", "greatest"), "write `greater of (a, b)`, or `max of line.paid for line in order.lines`"),
    "sum": "write `sum of line.paid for line in order.lines`",
    **dict.fromkeys(("len", "length", "size"), "write `count line in order.lines`"),
    **dict.fromkeys(("now", "today"), "there is no clock; use `request.at`"),
    **dict.fromkeys(("any_of", "some", "exists"), "write `any line in order.lines has line.is_custom`"),
    "abs": "write `greater of (x, -x)`",
    **dict.fromkeys(("floor", "int"), "write `round(x, to 1, down)`"),
    **dict.fromkeys(("ceil", "ceiling"), "write `round(x, to 1, up)`"),
    **dict.fromkeys(("days", "days_between", "datediff"), "write `days from a to b`"),
    **dict.fromkeys(("coalesce", "ifnull", "default"), "a fact nobody gave is unknown, and has no default"),
    **dict.fromkeys(("lower", "upper", "trim", "startswith", "contains", "matches"), _SEARCH[1]),
}


def _calls(stop: Stop) -> Wrong | None:
    """`name(` opens the reading of another decision's output, and nothing else."""
    opened = stop.open_brackets()
    name = stop.before(opened[-1]) if opened else None
    if "DOTTED" in stop.expected:  # the bracket has just been closed
        depth, index = 0, len(stop.tokens) - 1
        while index >= 0:
            depth += {"RPAR": 1, "LPAR": -1}.get(stop.tokens[index].type, 0)
            if depth == 0:
                break
            index -= 1
        name = stop.tokens[index - 1]
    if name is None or name.type != "NAME":
        return None
    start = _start(name)
    if name in _CALLS:
        return Wrong(f"there is no `{name}(...)`", _CALLS[str(name)], start, start + len(name))
    if "DOTTED" in stop.expected:
        return None
    message = "what stands in these brackets is a name: a member of a list, or an option"
    help = f"another decision's output is read as `{name}(line).outcome`; there are no other functions"
    return stop.here(message, help) if not stop.at_end else stop.last(message, help)


def _lists(stop: Stop) -> Wrong | None:
    if stop.kind == "cell":
        return _cells(stop)
    if stop.bad is None or stop.wants_value:
        return None
    if stop.bad.type == "LSQB":
        return stop.here("a member of a list is not picked by its place", "write `any line in order.lines has ...`")
    if stop.bad.type == "COMMA" and "COMMA" not in stop.expected:
        opened = stop.open_brackets()
        before = stop.before(opened[-1]) if opened else None
        if before is not None and before.type in ("IN", "NOT_IN"):
            start = _start(opened[-1])
            return Wrong("a list stands in square brackets", "write `['a', 'b']`", start, start + 1)
        return stop.here("a comma joins nothing here", "write `and` or `or` between conditions")
    return None


def _cells(stop: Stop) -> Wrong | None:
    whole = (0, len(stop.text))
    if stop.text.lstrip().startswith("[") or (stop.bad is not None and stop.bad.type == "COMMA"):
        return Wrong("a cell holds one value", "write several as a YAML list: `[US, CA]`, without quotes round it", *whole)
    if stop.bad is not None and stop.bad.type == "COMPARE":
        help = "write the value alone, or a range: `3 .. 10`, `over 10`, `under 10`, `10 ..`, `to 10`"
        return stop.here("a cell holds values, not comparisons", help)
    if re.fullmatch(r"\s*[^\W\d_][\w\s-]*", stop.text, re.UNICODE):
        help = f"write `\"'{' '.join(stop.text.split())}'\"`: single quotes for the word, double ones for YAML"
        return Wrong("a word with spaces or other letters in it needs quotes", help, *whole)
    return None


SLIPS: tuple[Callable[[Stop], Wrong | None], ...] = (
    _nothing, _quotes, _signs, _calls, _numbers, _lists, _names, _capitals, _openers, _phrases
)  # fmt: skip
"""Every recogniser, in the order they are asked; the first that knows the slip explains it."""
