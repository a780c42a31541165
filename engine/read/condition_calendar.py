"""From the tokens of the calendar to nodes: parts of a date, times of day, days that come back, seasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING, Literal, cast

from lark import Token

from engine.base.source import Span
from engine.base.suggest import nearest
from engine.language import surface as s
from engine.read.condition_literals import Problem, clock
from engine.read.condition_stop import Stop, Wrong, clipped, start_of
from engine.values.day_patterns import (
    MONTHS,
    WEEKDAYS,
    DayPattern,
    MonthDay,
    Season,
    Weekday,
    YearDay,
    longest_month,
)
from engine.values.zones import is_zone, zone_help

if TYPE_CHECKING:
    from engine.read.condition_build import Builder, Part

_PATTERNS = "write `day 8`, `Friday`, `5 March`, `business day` or `last day of the month`"
_SLIPS = tuple(
    (re.compile(rf"(?:{pattern})(?![A-Za-z0-9_])"), message, help)
    for pattern, message, help in (
        (r"falls?\s+(?:with)?in|falls?\s+(?:on|between)|is\s+in\s+the\s+season", "`{0}` is not how a season is written",
         "write `x falls in 10 November .. 20 December`"),
        (r"falls?\s+not\s+in|(?:does\s+)?not\s+falls?\s+in", "`not` stands in front of the whole test",
         "write `not x falls in 10 November .. 20 December`"),
        (r"at(?!\s+(?:most|least))(?:\s+[0-9]\S*)?(?:\s*[ap]m)?", "`{0}` is no time of day",
         "write `x at 18:00`, or `x at 18:00 Europe/Lisbon`"),
    )
)  # fmt: skip
_KIND_OF_DAY = re.compile(
    r"(?:is|are|was)\s+(?P<no>not\s+)?(?:on\s+)?(?:an?\s+|the\s+)?"
    r"(?:(?:business|working|work)[ -]?day|(?P<weekend>weekend))(?![A-Za-z0-9_])"
)
_BEGINS_AFTER = ("AND", "OR", "NOT", "IF", "THEN", "ELSE", "WHERE", "HAS", "LPAR")
"""Words after which an operand begins that is no part of a sum."""
_LONGEST = 60
"""How long an operand may be that a help line repeats."""
_UNREAD = YearDay(1, 1)
"""Stands in a node whose problem has been reported."""


def part_of(builder: Builder, part: Part) -> s.Node:
    """`weekday of x` and its kin."""
    words = _words(part)[:-1]
    span = builder.span(part.start, part.end)
    return s.PartOf(cast("s.DayPart", " ".join(words)), _operand(part), span=span)


def at_time(builder: Builder, part: Part) -> s.Node:
    """`x at 18:00`, perhaps with a zone."""
    _, written, *rest = _words(part)
    found, zone = clock(written), rest[0] if rest else None
    if zone is not None and not is_zone(zone):
        help = zone_help(zone) or "write an IANA name such as `Europe/Lisbon`"
        _report(builder, part, Problem(f"there is no time zone `{clipped(zone)}`", help, "bad-zone"), zone)
    if isinstance(found, Problem):
        _report(builder, part, found, written)
        found = time()
    return s.AtTime(_operand(part), found, zone, span=builder.span(part.start, part.end))


def near_day(builder: Builder, part: Part) -> s.Node:
    """`first Friday on or after x`, `last Friday on or before x`."""
    side, *words, _, _, where = _words(part)
    text = " ".join(words)
    read = _pattern(words)
    right = "after" if side == "first" else "before"
    if isinstance(read, Problem):
        _report(builder, part, read, " ".join(words))
        read = _UNREAD
    elif where != right:
        other = "last" if side == "first" else "first"
        help = f"write `{side} {text} on or {right}` or `{other} {text} on or {where}`"
        _report(builder, part, Problem(f"`{side}` goes with `on or {right}`", help), where)
    kind = cast('Literal["first", "last"]', side)
    return s.NearDay(kind, read, _operand(part), span=builder.span(part.start, part.end))


def falls_in(builder: Builder, day: s.Node, ends: tuple[Token, Token], span: Span) -> s.Node:
    """`x falls in 10 November .. 20 December`."""
    found = []
    for end in ends:
        number, month = end.split()
        read = _year_day(number, MONTHS.index(month) + 1)
        if isinstance(read, Problem):
            start = end.start_pos or 0
            builder.problem(read, start, start + len(end))
            read = _UNREAD
        found.append(read)
    return s.FallsIn(day, Season(*found), span=span)


def slips(stop: Stop) -> Wrong | None:
    """Forms of the calendar that were begun in other words than the grammar's."""
    if stop.is_previous("AT") and stop.bad is not None:
        return _after_clock(stop)
    if stop.bad is not None and stop.bad.type == "YEAR_DAY":
        help = "write `x falls in 10 November .. 20 December`; a date has its year: `2026-11-10`"
        if stop.is_previous("COMPARE") and stop.previous in ("<", "<=", ">", ">="):
            help = f"say which one is meant, such as `first {_day_of_year(stop.bad)} on or after order.placed_at`; or {help}"
        return stop.here(f"`{clipped(stop.bad)}` is a day of every year", help)
    if stop.bad is not None and stop.bad.type == "NEAR" and stop.wants_value:
        words = clipped(stop.bad)
        return stop.here(f"`{words}` needs brackets here", f"write `({words} ...)`")
    if stop.at_end or stop.wants_value or stop.kind == "cell":
        return None
    word = stop.tokens[-1] if stop.is_previous("NAME") else None
    if word in ("first", "last") and stop.starts_value:
        help = _PATTERNS.replace("write", f"write `{word} ... on or {'after' if word == 'first' else 'before'} x` with")
        return stop.last(f"this is not how `{word}` is written", help)
    for pattern, message, help in _SLIPS:
        found = pattern.match(stop.text, stop.at)
        if found is not None:
            return Wrong(message.format(clipped(found[0])), help, stop.at, found.end())
    return _kind_of_day(stop)


def _day_of_year(written: str) -> str:
    """A day of every year as it was written, or another where there is no such day."""
    number, month = written.split()
    day = f"{number} {month}"
    return "15 January" if isinstance(_year_day(number, MONTHS.index(month) + 1), Problem) else day


def _kind_of_day(stop: Stop) -> Wrong | None:
    """`date(request.at) is a business day`: whether a day is of some kind is asked with the next one of that kind."""
    found = _KIND_OF_DAY.match(stop.text, stop.at)
    if found is None:
        return None
    day = _operand_before(stop)
    if found["weekend"]:
        help = f"write `weekday of {day} {'not in' if found['no'] else 'in'} ['Saturday', 'Sunday']`"
    else:
        day = day if day.startswith("date(") else f"date({day})"
        help = f"write `{day} {'!=' if found['no'] else '=='} first business day on or after {day}`"
    return Wrong(f"`{clipped(found[0])}` is not how a day is asked about", help, stop.at, found.end())


def _operand_before(stop: Stop) -> str:
    """The name, or the brackets with what stands before them, that end where reading stopped; `x` if it is neither."""
    first = last = stop.tokens[-1] if stop.tokens else None
    if last is not None and last.type == "RPAR":
        deep = 0
        for token in reversed(stop.tokens):
            deep += {"RPAR": 1, "LPAR": -1}.get(token.type, 0)
            if deep == 0:
                before = stop.before(token)
                first = before if before is not None and before.type == "DATE_OF" else None
                break
    elif last is not None and last.type not in ("NAME", "DATE"):
        first = None
    before = None if first is None else stop.before(first)
    if first is None or last is None or (before is not None and before.type not in _BEGINS_AFTER):
        return "x"
    text = " ".join(stop.text[start_of(first) : start_of(last) + len(last)].split())
    return text if len(text) <= _LONGEST else "x"


def _after_clock(stop: Stop) -> Wrong | None:
    """What cannot follow `x at 18:00`: a sum, or a zone that is written in another way."""
    at = " ".join(stop.previous.split())
    if stop.bad is not None and stop.bad.type in ("PLUS", "MINUS"):
        help = f"put brackets round the moment: `(... {at}) {stop.bad} ...`; days are added first: `x + 3 days {at}`"
        return stop.here(f"`{stop.bad}` cannot follow `{clipped(at)}`", help)
    if stop.bad is not None and stop.bad.type == "NAME" and stop.bad.lower() in ("am", "pm", "uhr", "h"):
        return stop.here("a time of day has 24 hours", "write `18:00`")
    if stop.bad is not None and stop.bad.type == "NAME" and stop.bad[0].isupper():
        help = zone_help(str(stop.bad)) or "write an IANA name such as `Europe/Lisbon`"
        return stop.here(f"there is no time zone `{stop.shown}`", help, "bad-zone")
    return None


def _pattern(words: list[str]) -> DayPattern | Problem:
    """The pattern between `first` or `last` and `on or`."""
    match words:
        case ["business", "day"]:
            return "business day"
        case ["last", "day", "of", "the", "month"]:
            return "last day of the month"
        case ["day", number] if number.isdigit():
            if 1 <= len(number) <= 2 and 1 <= int(number) <= 31:
                return MonthDay(int(number))
            return Problem(f"no month has a day {clipped(number)}", "write `day 1` to `day 31`", "bad-value")
        case [name] if name in WEEKDAYS:
            return Weekday(WEEKDAYS.index(name))
        case [number, name] if number.isdigit() and name in MONTHS:
            return _year_day(number, MONTHS.index(name) + 1)
    text = " ".join(words)
    near = _meant(words[-1].strip("'").capitalize(), WEEKDAYS if len(words) == 1 else MONTHS)
    if near is not None and len(words) == 1:
        return Problem(
            f"`{clipped(text)}` is no day of the week", f"write `{near}`" + (", without quotes" if "'" in text else "")
        )
    if near is not None and words[0].isdigit() and len(words) == 2:
        return Problem(f"`{clipped(text)}` is no day of a year", f"write `{words[0]} {near}`")
    return Problem(f"`{clipped(text)}` is no day that can be looked for", _PATTERNS)


def _meant(word: str, names: Sequence[str]) -> str | None:
    """The day or month that a word is short for, or nearly."""
    short = [name for name in names if len(word) > 2 and name.startswith(word)]
    return short[0] if short else None if word == "Weekday" else nearest(word, names)


def _year_day(number: str, month: int) -> YearDay | Problem:
    most = longest_month(month)
    if len(number) <= 2 and 1 <= int(number) <= most:
        return YearDay(month, int(number))
    name = MONTHS[month - 1]
    help = f"{name} has {most} days" + (" at most" if month == 2 else "") + "; write a day that exists"
    return Problem(f"there is no day `{clipped(number)} {name}`", help, "bad-value")


def _words(part: Part) -> list[str]:
    """The words of the token that makes the construct."""
    return next(kid for kid in part.kids if isinstance(kid, Token)).split()


def _operand(part: Part) -> s.Node:
    node = next(kid.node for kid in part.kids if not isinstance(kid, Token))
    assert node is not None
    return node


def _report(builder: Builder, part: Part, problem: Problem, words: str) -> None:
    """Report a problem at words of the token that makes the construct; at all of it if spaces keep them apart."""
    token = next(kid for kid in part.kids if isinstance(kid, Token))
    start, at = token.start_pos or 0, token.rfind(words)
    if at < 0:
        builder.problem(problem, start, start + len(token))
    else:
        builder.problem(problem, start + at, start + at + len(words))
