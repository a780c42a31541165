"""Slips with quotes, signs, names and numbers: what people write out of habit from elsewhere."""

from __future__ import annotations

import re

from engine.read.condition_stop import Stop, Wrong, clipped, in_cell, start_of
from engine.values.money import is_currency

# Straight double quotes, backticks, and the curly, low and angled quotes that word processors put in.
_DOUBLE, _SINGLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb", "\u2018\u2019\u201a\u2039\u203a"
_QUOTED = re.compile(
    "|".join(rf"[{marks}][^{marks}\n]*[{marks}]?" for marks in ('"', "`", _DOUBLE, _SINGLE)),
)
_TIMES, _DIVIDED, _LONG_MINUS, _DASH = "\u00d7", "\u00f7", "\u2212", "\u2013"
_UNEQUAL, _AT_MOST, _AT_LEAST = "\u2260", "\u2264", "\u2265"
_SIGN_RUN = re.compile(rf"[=!<>&|~:^*/]+|[{_TIMES}{_DIVIDED}{_LONG_MINUS}{_DASH}{_UNEQUAL}{_AT_MOST}{_AT_LEAST}]")
_SIGNS = {
    **dict.fromkeys(("=", "===", ":="), "=="),
    **dict.fromkeys(("=>", _AT_LEAST), ">="),
    **dict.fromkeys(("=<", _AT_MOST), "<="),
    **dict.fromkeys(("<>", "=!", "!==", "~=", _UNEQUAL), "!="),
    **dict.fromkeys(("&&", "&"), "and"),
    **dict.fromkeys(("||", "|"), "or"),
    **dict.fromkeys(("!", "~"), "not"),
    _TIMES: "*",
    _DIVIDED: "/",
    _LONG_MINUS: "-",
    _DASH: "-",
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


def nothing(stop: Stop) -> Wrong | None:
    """A text with nothing in it."""
    if stop.text.strip():
        return None
    if stop.kind == "cell":
        return Wrong("the cell is empty", "write `any` if the column does not matter in this row", 0, len(stop.text))
    return Wrong("there is no condition here", "write one, such as `line.quantity > 2`", 0, len(stop.text))


def quotes(stop: Stop) -> Wrong | None:
    """Quotes of another kind, quotes that are not closed, and quotes inside a word."""
    found = _QUOTED.match(stop.text, stop.at)
    if found is not None:
        inner = found[0].strip(f'"`{_DOUBLE}{_SINGLE}')
        help = "write `'{}'`".format(inner.replace("'", "''")) if 0 < len(inner) <= 60 else "write `'word'`"
        closed = len(found[0]) > len(inner) + 1 and len(inner) > 0
        instead = "'{}'".format(inner.replace("'", "''")) if closed else None
        return Wrong("words stand in single quotes", help, stop.at, found.end(), "condition-quotes", instead)
    if stop.bad is not None and stop.bad.type == "NAME" and stop.is_previous("WORD") and stop.touches():
        start = start_of(stop.tokens[-1])
        help = f"write it twice: `{clipped(stop.previous[:-1])}''{stop.shown}'`"
        return Wrong("a quote inside a word is doubled", help, start, stop.end, "condition-quotes")
    if stop.text.startswith("'", stop.at) and stop.bad is None:
        if stop.touches() and stop.is_previous("NAME"):  # isn't, don't, line's
            rest = re.compile(r"'\w*").match(stop.text, stop.at)
            help = "write `!=` or `not`, and `is not open` for a window; words stand in single quotes"
            start, end = start_of(stop.tokens[-1]), stop.at if rest is None else rest.end()
            return Wrong("a name has no apostrophe", help, start, end, "condition-quotes")
        end = len(stop.text.rstrip())
        help = "write `'` after the word; a quote inside a word is doubled: `'don''t'`"
        return Wrong("this quote is never closed", help, stop.at, end, "condition-quotes")
    return None


def signs(stop: Stop) -> Wrong | None:
    """Other languages' operators, currency signs, and signs that mean nothing here."""
    run = _SIGN_RUN.match(stop.text, stop.at)
    if run is not None:
        start = stop.at
        while start > 0 and stop.text[start - 1] in "=!<>&|~:*/":
            start -= 1
        if run[0] == "=" and stop.is_previous("COMPARE") and stop.previous in ("<", ">"):
            start = start_of(stop.tokens[-1])
            help = f"write `{stop.previous}=` without a space"
            message = "a sign of two characters has no space in it"
            return Wrong(message, help, start, run.end(), instead=f"{stop.previous}=")
        sign = stop.text[start : run.end()]
        right = _SIGNS.get(sign)
        if right is not None:
            why = "to compare" if right == "==" else "instead"
            message, help = f"`{sign}` is not a sign of this language", f"write `{right}` {why}"
            return Wrong(message, help, start, run.end(), instead=_apart(stop.text, start, run.end(), right))
        if sign in _ODD:
            return Wrong(*_ODD[sign], start, run.end())
    if stop.bad is not None and stop.bad.type == "DOTS" and not stop.wants_value:
        return stop.here("a range stands only after `in`", "write `x in 3 .. 10`")
    coin = _COIN.match(stop.text, stop.at)
    if coin is not None:
        code, start = _COINS[coin[1]], stop.at
        number = coin[2] or ""
        if not number and stop.is_previous("NUMBER"):
            number, start = stop.previous, start_of(stop.tokens[-1])
        help = f"write `{clipped(number or '5.00')} {code}`, if that currency is meant"
        return Wrong("an amount ends with its currency code", help, start, coin.end())
    sign = stop.text[stop.at : stop.at + 1]
    return Wrong(*_ODD[sign], stop.at, stop.at + 1) if sign in _ODD and stop.bad is None else None


def _apart(text: str, start: int, end: int, right: str) -> str:
    """What is right in the place of text[start:end], with spaces where a word or a minus would stick to its neighbour."""
    if not right[0].isalpha() and right != "-":
        return right
    before = " " if start > 0 and not text[start - 1].isspace() else ""
    after = " " if end < len(text) and not text[end].isspace() else ""
    return before + right + after


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


def names(stop: Stop) -> Wrong | None:
    """Names with hyphens, spaces, other letters, or a dot at the end."""
    found = _HYPHENED.match(stop.text, stop.at)
    if found is not None and stop.bad is None:
        if stop.kind == "cell":
            return Wrong("a hyphen is not part of a value here", in_cell(found[0]), stop.at, found.end())
        help = f"write `{clipped(found[0].replace('-', '_'))}`"
        if found[0].count("-") == 1:
            help += f", or `{clipped(found[0].replace('-', ' - '))}` to subtract"
        return Wrong("names are written with underscores, not hyphens", help, stop.at, found.end())
    if stop.bad is not None and stop.bad.type == "DOTTED" and stop.is_previous("NAME"):
        start = start_of(stop.tokens[-1])
        return Wrong("a name has no spaces in it", f"write `{clipped(stop.previous + stop.bad)}`", start, stop.end)
    word = re.match(r"[\w.-]+", stop.text[stop.at :], re.UNICODE)
    if stop.bad is None and word is not None and not word[0].isascii():
        help = "names have the letters a to z, digits and underscores; a word stands in single quotes"
        message = f"`{clipped(word[0])}` has letters that names do not have"
        return Wrong(message, help, stop.at, stop.at + word.end())
    char = stop.text[stop.at : stop.at + 1]
    if stop.bad is None and char and (not char.isprintable() or char.isspace()):
        return stop.here(
            f"there is a character here that does not show (U+{ord(char):04X})", "delete it, or write a space"
        )
    if stop.bad is None and re.match(r"[A-Za-z_][A-Za-z0-9_.]*\.", stop.text[stop.at :]):
        return stop.here("a name ends with a letter, digit or underscore", "write what comes after the dot")
    return None


def numbers(stop: Stop) -> Wrong | None:
    """Numbers with separators, glued to a word, or with a unit written in another way."""
    if stop.bad is None and stop.text.startswith(".", stop.at):
        return _points(stop)
    if stop.bad is not None and stop.bad.type == "COMMA" and stop.is_previous("NUMBER"):
        rest = re.match(r",([0-9]+)", stop.text[stop.at :])
        if rest and stop.touches() and "COMMA" not in stop.expected:
            start = start_of(stop.tokens[-1])
            help = f"write `{clipped(f'{stop.previous}.{rest[1]}')}`"
            return Wrong("decimals are written with a point", help, start, stop.at + rest.end())
    if stop.bad is not None and stop.is_previous("GROUPED"):
        start = start_of(stop.tokens[-1])
        help = f"write `{clipped(stop.previous.replace(',', ''))} {stop.shown}`"
        return Wrong("numbers have no separators", help, start, stop.end)
    if stop.bad is not None and stop.is_previous("NUMBER") and re.match(r"[0-9]{3}(?![0-9])", stop.bad):
        start = start_of(stop.tokens[-1])
        return Wrong("numbers have no separators", f"write `{clipped(stop.previous)}{stop.shown}`", start, stop.end)
    if stop.bad is not None and stop.bad.type == "NUMBER" and stop.is_previous("NAME") and is_currency(stop.previous):
        start = start_of(stop.tokens[-1])
        return Wrong("the currency comes after the number", f"write `{stop.shown} {stop.previous}`", start, stop.end)
    if stop.bad is not None and stop.bad.type == "PLUS" and stop.wants_value:
        return stop.here("a value has no `+` in front", "write it without the sign")
    if stop.bad is None:
        found = _GLUED.match(stop.text, stop.at)
        if found is not None:
            return _measure(stop, found[1] or "", found[2] or "", stop.at, found.end())
    if stop.bad is not None and stop.bad.type == "NAME" and stop.is_previous("NUMBER"):
        return _measure(stop, stop.previous, str(stop.bad), start_of(stop.tokens[-1]), stop.end)
    return None


def _points(stop: Stop) -> Wrong:
    digits = re.match(r"\.([0-9]+)", stop.text[stop.at :])
    if digits and not stop.touches():
        return Wrong("a number begins with a digit", f"write `0{clipped(digits[0])}`", stop.at, stop.at + digits.end())
    if stop.is_previous("DOTS") and stop.touches():
        return Wrong("a range has two dots", "write `3 .. 10`", stop.at - 2, stop.at + 1)
    if stop.is_previous("NUMBER") and stop.touches():
        start = start_of(stop.tokens[-1])
        shown = clipped(stop.previous)
        help = f"write `{shown}`, or `{shown} ..` for a range"
        return Wrong("a point stands between digits", help, start, stop.at + 1)
    return Wrong("this dot belongs to no name", "write names without spaces: `order.total_paid`", stop.at, stop.at + 1)


def _measure(stop: Stop, number: str, word: str, start: int, end: int) -> Wrong | None:
    """A number and a word that could be its unit, or a number with letters in it."""
    low = word.lower()
    if low in ("percent", "pct"):
        return Wrong(f"`{word}` is written as a sign", f"write `{clipped(number)}%`", start, end)
    code = _COIN_WORDS.get(low, word.upper())
    if number and is_currency(code):
        return Wrong(
            "an amount is a number, a space and a code in capitals", f"write `{clipped(number)} {code}`", start, end
        )
    unit = _UNITS.get(low)
    if unit is not None and "." in number:
        return Wrong("a length of time is a whole number", "use a smaller unit, such as `90 minutes`", start, end)
    if unit is not None:
        rest = re.match(r"\s+days?\b", stop.text[end:]) if unit == "business days" else None
        return Wrong(
            "this is not how a length of time is written",
            f"write `{clipped(number)} {unit}`",
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
        return Wrong("numbers have no separators", f"write `{clipped(plain)}`", start, end)
    help = f"write `'{clipped(glued)}'` if it is a word; a number and what follows it are kept apart by a space"
    if stop.kind == "cell":
        help = in_cell(glued)
    return Wrong(f"`{clipped(glued)}` is neither a number nor a name", help, start, end)
