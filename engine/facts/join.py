"""The lines of a request, and those of promotions, joined with the lines of the order that they name by `id`.

A request line has every fact of its order line that it does not give itself. A list (tags, discounts) is joined as a
whole; the fields of a record (delivery) one by one.

A promotion's line gives none of them: they are read where the order line stands (`engine/language/joined.py`). So what
is seen to here is that it names one, that a promotion names each once, and that its amounts can be right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from engine.base.diagnostics import Diagnostic
from engine.facts.draft import Draft
from engine.facts.problems import BadFact, shown
from engine.facts.scalars import suggestion
from engine.language.case import Path
from engine.language.joined import ORDER_LINES, PROMOTIONS
from engine.language.values import Value
from engine.values.moments import NotYet, instant_text
from engine.values.money import Money
from engine.values.numbers import decimal_text

REQUEST_LINES: Path = ("request", "lines")
_MAX_COMPARED = 50  # ids: looking for the nearest of very many takes long
_AT = 3  # order, lines, 0: what follows is the path within the line


@dataclass(slots=True)
class _Line:
    """What is known of one line, by the path within it: plain facts, whole lists, and where there are problems."""

    values: dict[Path, Value] = field(default_factory=dict)
    lists: defaultdict[Path, dict[Path, Value]] = field(default_factory=lambda: defaultdict(dict))
    lengths: defaultdict[Path, dict[Path, int]] = field(default_factory=lambda: defaultdict(dict))
    problems: dict[Path, Diagnostic] = field(default_factory=dict)

    def gives(self, unit: Path) -> bool:
        """Whether the line itself has the plain fact or the list `unit`."""
        return unit in self.values or unit in self.lengths

    def troubled(self, unit: Path) -> bool:
        """Whether there is a problem in `unit`, or in a record that holds it."""
        return any(_unit(rel) == unit or unit[: len(rel)] == rel for rel in self.problems)


def join(draft: Draft) -> Mapping[int, tuple[int, ...]]:
    """Join the lines in place; gives the numbers of the request lines that name each order line."""
    orders, requests = draft.lengths.get(ORDER_LINES), draft.lengths.get(REQUEST_LINES)
    offers = draft.lengths.get(PROMOTIONS, 0)
    if not offers and not (orders and requests):
        return {}
    ids = _Ids(nameless=True) if orders is None else _order_ids(draft, orders)
    for number in range(offers):
        _join_promotion(draft, (*PROMOTIONS, number), ids)
    pairs = _pairs(draft, ids, requests) if orders and requests else {}
    _take_away(draft, ids.blamed)
    if not pairs:
        return {}
    wanted = set(pairs.values())
    order_lines = _lines(draft, ORDER_LINES, wanted)
    request_lines = _lines(draft, REQUEST_LINES, set(pairs))
    named: dict[int, tuple[int, ...]] = {}
    for number, target in pairs.items():
        named[target] = (*named.get(target, ()), number)
        _join_line(draft, number, order_lines[target], request_lines[number])
    return named


def more_than_bought(draft: Draft) -> None:
    """Report request lines that ask for more units than were bought and have not come back before."""
    asked: defaultdict[object, int] = defaultdict(int)
    for number in range(draft.lengths.get(REQUEST_LINES, 0)):
        line = (*REQUEST_LINES, number)
        names = ("asked", "quantity", "returned_before")
        units, bought, before = (draft.facts.get((*line, name)) for name in names)
        if not isinstance(units, int):
            continue
        which = draft.facts.get((*line, "id"), number)
        asked[which] += units
        if isinstance(bought, int) and isinstance(before, int) and asked[which] + before > bought:
            left = max(0, bought - before)
            said = f"{asked[which]} are asked for, but only {left} can come back"
            draft.bad(
                (*line, "asked"), BadFact("fact-range", said, "ask for no more than were bought and not returned")
            )


@dataclass(slots=True)
class _Ids:
    """The ids of the order's lines: their numbers, those that stand twice, and whether some line has none.

    `blamed` are the lines, and lists of lines, of which it cannot be told which line of the order is meant.
    """

    known: dict[Value, int] = field(default_factory=dict)
    twice: dict[Value, Diagnostic] = field(default_factory=dict)
    nameless: bool = False
    blamed: set[Path] = field(default_factory=set)

    def blame(self, draft: Draft, place: Path, problem: Diagnostic) -> None:
        """Note that nothing of a line, or of a list of lines, can be relied on."""
        draft.blame(place, problem)
        self.blamed.add(place)


def _order_ids(draft: Draft, orders: int) -> _Ids:
    """The ids of the order's lines; one that two of them have is reported."""
    ids = _Ids()
    for number in range(orders):
        path = (*ORDER_LINES, number, "id")
        line_id = draft.facts.get(path)
        if line_id is None:
            ids.nameless = True
        elif line_id in ids.known:
            help = "each line of an order has an `id` of its own"
            draft.bad(path, BadFact("fact-join", f"two lines of the order have the id `{shown(line_id)}`", help))
            ids.twice[line_id] = draft.problems[path]
        else:
            ids.known[line_id] = number
    return ids


def _pairs(draft: Draft, ids: _Ids, requests: int) -> dict[int, int]:
    """The order line that each request line names, by number; wrong ids are reported."""
    found = {number: _named(draft, (*REQUEST_LINES, number), ids) for number in range(requests)}
    return {number: target for number, target in found.items() if target is not None}


def _named(draft: Draft, line: Path, ids: _Ids) -> int | None:
    """The number of the order line that `line` names; an id that no line has is reported.

    While an order line's own id is not known, an id that no other line has may be its: then nothing is joined or reported.
    """
    path = (*line, "id")
    line_id = draft.facts.get(path)
    if line_id in ids.twice:
        ids.blame(draft, line, ids.twice[line_id])
    elif line_id in ids.known:
        return ids.known[line_id]
    elif line_id is not None and not ids.nameless:
        listed = tuple(map(str, ids.known)) if len(ids.known) <= _MAX_COMPARED else ()
        help = suggestion(str(line_id), listed) or "use the `id` of one of the order's lines"
        draft.bad(path, BadFact("fact-join", f"no line of the order has the id `{shown(line_id)}`", help))
        ids.blame(draft, line, draft.problems[path])
    return None


def _take_away(draft: Draft, blamed: set[Path]) -> None:
    """Take everything below some places away."""
    if blamed:
        for path in list(draft.facts):
            if any(path[:end] in blamed for end in range(_AT, len(path))):
                del draft.facts[path]


def _join_promotion(draft: Draft, offer: Path, ids: _Ids) -> None:
    """See that each line of a promotion names a line of the order, and no two the same; and that its amounts fit."""
    lines = (*offer, "lines")
    seen: set[Value] = set()
    for number in range(draft.lengths.get(lines, 0)):
        path = (*lines, number, "id")
        line_id = draft.facts.get(path)
        if line_id is not None and line_id in seen:
            help = "name each line of the order once: it stands for all of its units"
            draft.bad(path, BadFact("fact-join", f"two lines of the offer have the id `{shown(line_id)}`", help))
            ids.blame(draft, lines, draft.problems[path])
            return
        if line_id is not None:
            seen.add(line_id)
        _named(draft, path[:-1], ids)
    _adds_up(draft, offer)


def _adds_up(draft: Draft, offer: Path) -> None:
    """Report an offer whose lines had more taken off than the offer took off in all.

    Less is no mistake: the rest may be off the postage, or off a line whose discount nobody has told yet.
    """
    total, lines = (*offer, "discount_total"), (*offer, "lines")
    places = [(*lines, number, "discount") for number in range(draft.lengths.get(lines, 0))]
    given = {
        path: value for path in places if isinstance(value := draft.facts.get(path), Money) and not draft.blocked(path)
    }
    whole = draft.facts.get(total)
    if not isinstance(whole, Money) or not given:
        return
    off = sum((value.amount for value in given.values()), Fraction(0))
    if off > whole.amount:
        said = f"the discounts of the offer's lines come to `{_text(Money(off, whole.currency))}`"
        message = f"{said}, more than `{_text(whole)}`, which the offer took off in all"
        draft.bad(total, BadFact("fact-join", message, "correct the discounts of the lines, or `discount_total`"))
        for path in given:
            draft.blame(path, draft.problems[total])


def _unit(rel: Path) -> Path:
    """The part of a path within a line that is joined as a whole: all of it, or up to its first list."""
    for at, part in enumerate(rel):
        if isinstance(part, int):
            return rel[:at]
    return rel


def _lines(draft: Draft, where: Path, numbers: set[int]) -> defaultdict[int, _Line]:
    lines: defaultdict[int, _Line] = defaultdict(_Line)
    top, inner = where
    for path, value in draft.facts.items():
        if len(path) > _AT and path[0] == top and path[1] == inner and path[2] in numbers:
            line, rel = lines[path[2]], path[_AT:]
            unit = _unit(rel)
            if unit == rel:
                line.values[rel] = value
            else:
                line.lists[unit][rel] = value
    for path, length in draft.lengths.items():
        if len(path) > _AT and path[0] == top and path[1] == inner and path[2] in numbers:
            rel = path[_AT:]
            lines[path[2]].lengths[_unit(rel)][rel] = length
    for path, problem in draft.problems.items():
        if len(path) > _AT and path[0] == top and path[1] == inner and path[2] in numbers:
            lines[path[2]].problems[path[_AT:]] = problem
    return lines


def _join_line(draft: Draft, number: int, order: _Line, request: _Line) -> None:
    base = (*REQUEST_LINES, number)
    for rel, value in order.values.items():
        if request.problems and request.troubled(rel):
            continue
        own = request.values.get(rel)
        if own is None:
            draft.facts[(*base, *rel)] = value
        elif own != value:
            message = f"`{_text(own)}` differs from the order's line, which has `{_text(value)}`"
            draft.bad((*base, *rel), BadFact("fact-join", message, "send it once, with the order"))
    for unit, lengths in order.lengths.items():
        if request.troubled(unit):
            continue
        if not request.gives(unit):
            draft.facts.update({(*base, *rel): value for rel, value in order.lists[unit].items()})
            draft.lengths.update({(*base, *rel): length for rel, length in lengths.items()})
        elif not order.troubled(unit) and (request.lengths[unit], request.lists[unit]) != (lengths, order.lists[unit]):
            _drop(draft, base, unit, request)
            message = "the list differs from the one of the order's line"
            draft.bad((*base, *unit), BadFact("fact-join", message, "send it once, with the order"))
    for rel, problem in order.problems.items():
        if not request.gives(_unit(rel)):
            draft.blame((*base, *rel), problem)


def _drop(draft: Draft, base: Path, unit: Path, line: _Line) -> None:
    for rel in line.lists[unit]:
        draft.facts.pop((*base, *rel), None)
    for rel in line.lengths[unit]:
        draft.lengths.pop((*base, *rel), None)


def _text(value: Value) -> str:
    if isinstance(value, Money):
        return str(value) if value.currency else decimal_text(value.amount)
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, NotYet):
        return f"not by {instant_text(value.by)}" if value.by else "not yet"
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else shown(value)
