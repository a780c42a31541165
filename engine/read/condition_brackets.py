"""Slips with brackets: functions the language does not have, lists in the wrong brackets, several values in a cell."""

from __future__ import annotations

import re

from engine.read.condition_stop import Stop, Wrong, clipped, in_cell, start_of

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
    **dict.fromkeys(("weekday", "dayofweek", "day_of_week", "isodow"), "write `weekday of x == 'Monday'`"),
    **dict.fromkeys(("day", "day_of_month"), "write `day of month of x`"),
    **{word: f"write `{word} of x`" for word in ("month", "year", "time", "start", "end")},
    **dict.fromkeys(("hour", "hours"), "write `time of x >= 18:00`"),
    **dict.fromkeys(("coalesce", "ifnull", "default"), "a fact nobody gave is unknown, and has no default"),
    **dict.fromkeys(
        ("lower", "upper", "trim", "startswith", "contains", "matches"),
        "write `==`, or list the words: `x in ['a', 'b']`",
    ),
}


def calls(stop: Stop) -> Wrong | None:
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
    start = start_of(name)
    if name in _CALLS:
        return Wrong(f"there is no `{name}(...)`", _CALLS[str(name)], start, start + len(name))
    if "DOTTED" in stop.expected:
        return None
    message = "what stands in these brackets is a name: a member of a list, or an option"
    help = f"another decision's output is read as `{clipped(name)}(line).outcome`; there are no other functions"
    return stop.here(message, help) if not stop.at_end else stop.last(message, help)


def lists(stop: Stop) -> Wrong | None:
    """Lists in the wrong brackets, members picked by place, commas, and several values in a cell."""
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
            start = start_of(opened[-1])
            return Wrong("a list stands in square brackets", "write `['a', 'b']`", start, start + 1)
        return stop.here("a comma joins nothing here", "write `and` or `or` between conditions")
    return None


def _cells(stop: Stop) -> Wrong | None:
    whole = (0, len(stop.text))
    if stop.text.lstrip().startswith("[") or (stop.bad is not None and stop.bad.type == "COMMA"):
        return Wrong(
            "a cell holds one value", "write several as a YAML list: `[US, CA]`, without quotes round it", *whole
        )
    if stop.bad is not None and stop.bad.type == "COMPARE":
        help = "write the value alone, or a range: `3 .. 10`, `over 10`, `under 10`, `10 ..`, `to 10`"
        return stop.here("a cell holds values, not comparisons", help)
    if re.fullmatch(r"\s*(?!(?:over|under|to)\s)[^\W\d_][\w\s-]*", stop.text, re.UNICODE):
        help = in_cell(" ".join(stop.text.split()))
        return Wrong("a word with spaces or other letters in it needs quotes", help, *whole)
    return None
