"""Why a text is not a condition, in its author's words: where reading stopped, and what to write instead.

Runs only after a parse has failed. The usual slips are known one by one (`condition_signs`, `condition_words`,
`condition_brackets`); what none of them explains is told here from what the grammar would have taken next.
"""

from __future__ import annotations

import re

from lark import Lark, Token, UnexpectedCharacters, UnexpectedToken

from engine.read import condition_brackets as brackets
from engine.read import condition_calendar as calendar
from engine.read import condition_signs as signs
from engine.read import condition_words as words
from engine.read.condition_stop import Stop, Wrong, clipped, start_of

_VALUE = "a name or a value comes next, such as `line.paid` or `20.00 EUR`"
_CONDITION = "a condition comes next, such as `line.is_custom` or `line.quantity > 2`"
_CELL = "a cell holds one value, a range such as `over 10 to 20`, or `any`"

# What comes after a word, told by the terminal of that word.
_NEXT = {
    **dict.fromkeys(("AND", "OR", "NOT", "IF", "WHERE", "HAS"), _CONDITION),
    **dict.fromkeys(("ANY", "ALL", "COUNT", "FOR"), "a name for each member comes next, as in `line in order.lines`"),
    **dict.fromkeys(("IN", "NOT_IN"), "a list `['a', 'b']`, a range `3 .. 10` or the name of a list comes next"),
    "TIMING": "a length of time comes next, such as `30 days`",
    **dict.fromkeys(("AFTER", "BEFORE"), "a moment comes next, such as `line.delivery.at`"),
    "EXTREME": "the values come next, in brackets: `greater of (5.00 USD, 10% of line.paid)`",
    "PART": "a date or moment comes next, such as `request.at`; brackets go round a sum",
    "NEAR": "a date or moment comes next, such as `order.placed_at + 30 days`",
}

_IF = "write `if ... then ... else ...`; all three parts are needed"
_SEASON = "write `x falls in 10 November .. 20 December`"
_SHARE_OF = "write `share of order.shipping_paid for line among order.lines by line.paid`"
_ROUND = "write `round(line.paid, to 0.01 USD, half up)`"

# What must come, told by the terminal that the grammar waits for: the words missing, and how the whole is written.
_WAITS = {
    "THEN": ("`then`", _IF),
    "ELSE": ("`else`", _IF),
    "HAS": ("`has`", "write `any line in order.lines has line.is_custom`"),
    "FOR": ("`for`", "write `sum of line.paid for line in order.lines`"),
    "AMONG": ("`among ... by`", _SHARE_OF),
    "AFTER": ("`after` or `before`", "write `x within 30 days after y`"),
    "HALF": ("the way to round", _ROUND),
    "YEAR_DAY": ("a day and a month", _SEASON),
    "DOTTED": ("the output that is read", "write which output is meant, such as `return(line).outcome`"),
}

_FORMS = {
    "ROUND": _ROUND,
    "SHARE": "write `share(line.paid, line.asked, line.quantity, line.returned_before)`",
    "DATE_OF": "write `date(order.placed_at)`",
    "EXTREME": "write `greater of (5.00 USD, 10% of line.paid)`",
}

# Every finder of a slip, in the order they are asked; the first that knows it explains it.
_SLIPS = (
    signs.nothing,
    signs.quotes,
    signs.signs,
    brackets.calls,
    signs.numbers,
    brackets.lists,
    signs.names,
    words.capitals,
    words.openers,
    calendar.slips,
    words.phrases,
)

_OPENING = {"LPAR": ")", "LSQB": "]"}
_CLOSING = {"RPAR": "LPAR", "RSQB": "LSQB"}
_WORD = re.compile(r"[\w.]+|'(?:[^'\n]|'')*'|[<>=!&|]+|\S", re.UNICODE)


def explain(parser: Lark, text: str, kind: str) -> Wrong:
    """What is wrong with a text that did not parse. `kind` is what it should have been: `condition` or `cell`."""
    stop = _find(parser, text, kind)
    for slip in _SLIPS:
        wrong = slip(stop)
        if wrong is not None:
            return wrong
    return _brackets(stop) or _waits(stop) or _misplaced(stop)


def _find(parser: Lark, text: str, kind: str) -> Stop:
    """Read once more, to see which words were taken and what could have come next."""
    reader = parser.parse_interactive(text, start=kind)
    tokens: list[Token] = []
    bad: Token | None = None
    at = len(text)
    try:
        for token in reader.iter_parse():
            tokens.append(token)
        reader.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedCharacters as stopped:
        at = stopped.pos_in_stream or 0
    except UnexpectedToken as stopped:
        if stopped.token.type != "$END":
            bad = tokens.pop()
            at = start_of(bad)
    again = parser.parse_interactive("", start=kind)  # the failed reader has tidied away part of what it expected
    for token in tokens:
        again.feed_token(token)
    word = _WORD.match(text, at)
    end = at + len(bad) if bad is not None else (word.end() if word else min(at + 1, len(text)))
    return Stop(text, kind, tuple(tokens), bad, at, end, frozenset(again.accepts()))  # type: ignore[no-untyped-call]


def _brackets(stop: Stop) -> Wrong | None:
    """Brackets that do not pair up."""
    opened = stop.open_brackets()
    bad = stop.bad.type if stop.bad is not None else None
    if bad in _CLOSING and (not opened or opened[-1].type != _CLOSING[bad]):
        if not opened:
            return stop.here(f"this `{stop.shown}` closes nothing", "remove it, or open a bracket before it")
        first = opened[-1]
        right = _OPENING[first.type]
        return stop.here(f"`{first}` is closed by `{stop.shown}`", f"write `{right}`")
    if bad in _CLOSING and stop.wants_value:
        return stop.here(f"something is missing before `{stop.shown}`", _help(stop))
    if stop.at_end and opened and not stop.wants_value and stop.expected & {"RPAR", "RSQB"}:
        first = opened[-1]
        start = start_of(first)
        return Wrong(
            "this bracket is never closed", f"write `{_OPENING[first.type]}` where it ends", start, start + len(first)
        )
    return None


def _waits(stop: Stop) -> Wrong | None:
    """A construct that was begun and lacks a word."""
    if stop.wants_value:
        return None
    missing = help = ""
    for terminal, (what, form) in _WAITS.items():
        if terminal in stop.expected:
            missing, help = what, form
            break
    if "HAS" in stop.expected:
        kind = next(t for t in reversed(stop.tokens) if t.type in ("ANY", "ALL"))
        help = help.replace("any", str(kind))
    if "AFTER" in stop.expected:
        timing = " ".join(next(t for t in reversed(stop.tokens) if t.type == "TIMING").split())
        help = help.replace("within", timing) + ("; to compare numbers write `>=`" if timing == "at least" else "")
    if not missing and "TO" in stop.expected:
        last = next((t for t in reversed(stop.tokens) if t.type in ("BETWEEN", "ROUND")), None)
        if last is not None and "DOTS" not in stop.expected and "$END" not in stop.expected:
            form = _ROUND if last.type == "ROUND" else f"write `{' '.join(last.split())} a to b`"
            missing, help = "`to`", form
    if not missing and stop.expected <= {"DOTS"}:
        missing, help = "`..` and the last day", _SEASON
    if not missing and stop.expected <= {"IN"}:
        missing, help = "`in` and the name of a list", "write it as in `line in order.lines`"
    if not missing and "COMMA" in stop.expected and not stop.expected & {"RPAR", "RSQB"}:
        missing, help = "a comma and what comes after it", _form(stop)
    if not missing:
        return None
    if stop.at_end:
        return stop.last(f"after `{clipped(stop.previous)}` there should come {missing}", help)
    return stop.here(f"`{stop.shown}` cannot stand here: there should come {missing}", help)


def _form(stop: Stop) -> str:
    """How the innermost function is written."""
    opened = stop.open_brackets()
    if opened:
        before = stop.before(opened[-1])
        if before is not None and before.type in _FORMS:
            return _FORMS[before.type].replace("greater of", " ".join(before.split()))
    return _VALUE


def _misplaced(stop: Stop) -> Wrong:
    """No slip that is known: say what was taken last and what could follow it."""
    help = _help(stop)
    if stop.at_end:
        return stop.last(f"the text stops after `{clipped(stop.previous)}`", help)
    if stop.wants_value or not stop.tokens:
        return stop.here(f"`{stop.shown}` cannot stand here", help)
    return stop.here(f"`{stop.shown}` cannot follow `{clipped(stop.previous)}`", help)


def _help(stop: Stop) -> str:
    """What could come next, in plain words."""
    previous = stop.tokens[-1].type if stop.tokens else ""
    if stop.kind == "cell" and not previous:
        return _CELL
    if stop.wants_value or stop.expected <= {"NAME", "LPAR"}:
        if previous == "LPAR":
            opener = stop.before(stop.tokens[-1])
            return _FORMS.get(opener.type, _VALUE) if opener is not None else _VALUE
        return _NEXT.get(previous, _CONDITION if not previous else _VALUE)
    if stop.kind == "cell":
        return _CELL
    if stop.starts_value:
        if "COMMA" in stop.expected:
            return "put a comma between two values"
        return "put `and`, `or` or a comparison such as `==` between them"
    return "an operator such as `and`, `==` or `+` could come next, or the end"
