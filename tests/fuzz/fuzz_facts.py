"""Cases: values that fit the facts a policy reads, and values that fit nothing."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

from fuzz_bytes import JSON_PIECES, mutated
from fuzz_corpus import cases, documents
from fuzz_literals import DATES, INSTANTS
from fuzz_nasty import json_texts

from engine.language import types as t
from engine.language.core import Program
from engine.language.types import CHARGED
from engine.vocabulary.shared import lookup, vocabulary

Facts = bytes | object
"""A case as it comes in: the text of a file, or what a service hands over."""

_NAMES = re.compile(rb"\b(?:order|request|line|customer|parcel|refund|quote|subscription|booking)(?:\.[a-z_0-9]+)+")
_MOST_NAMES = 60


class _Word(StrEnum):
    """A text that is more than a text, as services have them."""

    US = "US"
    REFUND = "refund"


class _Odd:
    """What no JSON holds."""

    def __repr__(self) -> str:
        return "an odd object"


def _endless() -> object:
    inner: dict[str, object] = {"id": "1"}
    inner["order"] = inner
    inner["lines"] = [inner]
    return inner


_GARBAGE: tuple[Callable[[], object], ...] = (
    *(lambda v=v: v for v in (None, True, False, 0, 1, -1, 10**15, 10**30, -(10**400), 0.1, 1e308, "", " ", "0")),
    *(
        lambda v=v: v
        for v in ("-0", "1e5", "NaN", "1.000000000000000000000001", "9" * 25, "9" * 5000, "12.345", "\uff11\uff12")
    ),
    *(lambda v=v: v for v in ("x" * 10_001, "\x00", "\ud800", "\u202e", "e\u0301", "%", "20%", "-5 %", "USD", "US")),
    *(lambda v=v: v for v in (*DATES, *INSTANTS, "2026-02-30", "2026-05-01T10:00:00", "2026-05-01 10:00Z", "24:00")),
    *(
        lambda v=v: v
        for v in (Decimal("0.1"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), Fraction(1, 3))
    ),
    *(lambda v=v: v for v in (float("nan"), float("inf"), b"bytes", (), ("a", 1), _Word.US, _Odd(), date(2026, 3, 8))),
    *(lambda v=v: v for v in (datetime(2026, 3, 8, 2, 30), datetime.max, datetime.max.replace(tzinfo=UTC), date.max)),
    *(lambda v=v: v for v in (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), date.min, 1 + 2j, {1, 2})),
    *(lambda v=v: v for v in ("Pacific/Apia", "../../etc/passwd", "America/denver", "Etc/GMT+12", "UTC", "posixrules")),
    *(list, dict, lambda: [None], lambda: [[]], lambda: [{}], lambda: [1, "a", {}], lambda: {"": 1}, lambda: {1: 2}),
    *(lambda: {None: 1}, lambda: {"not_by": None}, lambda: {"not_by": "2026-05-01T00:00:00Z"}, lambda: {"not_by": {}}),
    *(lambda: {"not_by": "2026-05-01T00:00:00Z", "x": 1}, _endless, lambda: [{"id": str(n)} for n in range(40)]),
    *(lambda: {"id": {"id": {"id": {}}}}, lambda: {("a", "b"): 1}, lambda: {"a" * 5000: 1}, lambda: {"\ud800": 1}),
)


def make(rng: Random, program: Program, policy: bytes) -> Facts:
    """A case for a policy: mostly one that fits, with something in it that does not."""
    kind = rng.random()
    if kind < 0.03:
        return rng.choice(_small_texts())
    if kind < 0.06:
        return rng.choice(_GARBAGE)()
    if kind < 0.12:
        return changed_text(rng)
    document = fitting(rng, program, policy)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 4))):
        spoil(rng, document)
    if kind < 0.30:
        return _as_text(document)
    if kind < 0.302:
        _many_lines(rng, document)
    return document


@cache
def _small_texts() -> list[bytes]:
    """Texts built to hurt that take no time to speak of; the others come with the whole corpus, and now and then."""
    return [text for text in json_texts().values() if len(text) < 20_000]


def changed_text(rng: Random) -> bytes:
    """The text of a case with bytes changed."""
    texts = [seed.data for seed in cases()]
    return mutated(rng, rng.choice(texts), texts, JSON_PIECES)


def _as_text(document: object) -> bytes:
    try:
        return json.dumps(document, default=str, skipkeys=True).encode("utf-8", errors="surrogatepass")
    except (ValueError, RecursionError):  # a circle
        return b'{"order":'


_CODES = ("QX4 7AB", "qx-47ab", "K1A 0B1", "80302", "80302-1234", "\uff18\uff10302", "QX4", "1010")


def fitting(rng: Random, program: Program, policy: bytes) -> dict[str, Any]:
    """A document of the corpus in which facts that the policy speaks of have got new values."""
    document = copy.deepcopy(rng.choice(documents())) if rng.random() < 0.9 else {}
    if program.currency != CHARGED and isinstance(document.get("order"), dict):
        document["order"]["currency"] = program.currency
    names = _spoken_of(policy)
    for name in rng.sample(names, min(len(names), rng.choice((0, 2, 5, 10, 30)))):
        parts = name.split(".")
        fact = lookup(program.facts, parts, vocabulary().places)
        if fact is None or (fact.derived is not None and rng.random() < 0.95):
            continue
        value = typed(rng, fact.type) if rng.random() < 0.08 else plain(rng, fact.type)
        if name.endswith((".postal_code", ".country")) and rng.random() < 0.6:
            value = rng.choice(_CODES if name.endswith("code") else ("GB", "CA", "US", "AE"))
        for path in _places(rng, document, parts):
            _set(document, path, value)
    if rng.random() < 0.5:
        document["stage"] = rng.choice(vocabulary().stages if rng.random() < 0.2 else ("inspected", "concluded"))
    if rng.random() < 0.5:
        document["as_of"] = rng.choice(INSTANTS) if rng.random() < 0.1 else "2026-12-31T00:00:00Z"
    if rng.random() < 0.2:
        document["assume"] = ["nothing_unusual"]
    if rng.random() < 0.1 and isinstance(document.get("request"), dict):
        outputs = [name for one in program.decisions.values() for name in one.outputs]
        document["request"]["expects"] = {rng.choice(outputs): rng.choice(("approve", True, 1, "7.00", "2026-05-01"))}
    return document


@cache
def _spoken_of(policy: bytes) -> list[str]:
    said = {match.decode() for match in _NAMES.findall(policy)}
    codes = {name.partition(".postal.")[0] for name in said if ".postal." in name}
    found = sorted(said | {f"{one}.{name}" for one in codes for name in ("country", "postal_code")})
    return [name for name in found if not name.startswith(("order.lines", "request.lines"))][:_MOST_NAMES]


def _places(rng: Random, document: dict[str, Any], parts: list[str]) -> list[list[str | int]]:
    if parts[0] != "line":
        return [list(parts)]
    request, order = document.get("request"), document.get("order")
    found: list[list[str | int]] = []
    for top, holder in (("request", request), ("order", order)):
        lines = holder.get("lines") if isinstance(holder, dict) else None
        if isinstance(lines, list) and lines:
            picked = range(len(lines)) if rng.random() < 0.5 else (rng.randrange(len(lines)),)
            found.extend([top, "lines", number, *parts[1:]] for number in picked)
            break
    return found


def _set(document: Any, path: list[str | int], value: object) -> None:
    at = document
    for part in path[:-1]:
        if isinstance(part, str) and isinstance(at, dict):
            at = at.setdefault(part, {})
        elif isinstance(part, int) and isinstance(at, list) and part < len(at):
            at = at[part]
        else:
            return
    if isinstance(at, dict):
        at[path[-1]] = value


def plain(rng: Random, kind: t.Type) -> object:
    """A value of a type that is fine anywhere."""
    match kind:
        case t.Boolean():
            return rng.choice((True, False))
        case t.Integer() | t.Decimal():
            return rng.choice((1, 2, 3))
        case t.MoneyType():
            return rng.choice(("0", "7", "10", "750", "20"))
        case t.Percent():
            return rng.choice(("0%", "15%", "100%"))
        case t.Text():
            return rng.choice(("US", "CO", "a"))
        case t.Date():
            return rng.choice(("2026-03-08", "2026-05-01", "2026-04-30", "2026-05-31"))
        case t.MomentType():
            return rng.choice((_near(rng), "2026-05-05", "2026-03-08"))
    return typed(rng, kind)


def typed(rng: Random, kind: t.Type) -> object:
    """A value of a type, at an edge as often as not."""
    match kind:
        case t.Boolean():
            return rng.choice((True, False, None))
        case t.Words(words=words):
            return rng.choice(words) if words else "x"
        case t.Zone():
            return rng.choice(("America/Denver", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kathmandu", "UTC"))
        case t.Text():
            return rng.choice(("US", "CO", "a", "x" * 10_000, "é", "2026"))
        case t.Integer():
            return rng.choice((0, 1, 2, 3, 10, 999, 10**12, 10**15 - 1, -1))
        case t.Decimal():
            return rng.choice(("0", "0.5", "1.25", "999999999999999", "0.000000000000000000000001"))
        case t.MoneyType():
            return rng.choice(("0.00", "0.01", "7.00", "10.00", "749.99", "750.00", "99999999999.99", "0", "-0.01", 5))
        case t.Percent():
            return rng.choice(("0%", "15%", "100%", "33.3333333333 %"))
        case t.Date():
            return rng.choice(DATES)
        case t.MomentType():
            return rng.choice((rng.choice(INSTANTS), rng.choice(DATES), {"not_by": rng.choice(INSTANTS)}, _near(rng)))
        case t.ListOf(element=element):
            return [typed(rng, element) for _ in range(rng.choice((0, 1, 2, 5)))]
        case t.Record(fields=fields):
            picked = rng.sample(fields, min(len(fields), rng.choice((0, 1, 3))))
            return {name: typed(rng, fact.type) for name, fact in picked}
    return None


def _near(rng: Random) -> str:
    """An instant in the weeks in which the cases of the corpus play."""
    seconds = rng.randrange(-90 * 86_400, 0)
    return (datetime(2026, 5, 20, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()


def spoil(rng: Random, document: Any) -> None:
    """Put something that does not belong, or belongs elsewhere, into a document."""
    holders = _holders(document)
    holder = rng.choice(holders)
    if isinstance(holder, dict):
        key = rng.choice(list(holder) or ["order"])
        match rng.randrange(5):
            case 0:
                holder.pop(key, None)
            case 1:
                other = rng.choice(holders)
                holder[key] = copy.deepcopy(other)
            case 2:
                holder[rng.choice(("paid_", "", "LINES", "line", 7, None, "é", "not_by", "at"))] = rng.choice(
                    _GARBAGE
                )()
            case _:
                holder[key] = rng.choice(_GARBAGE)()
    elif holder and rng.random() < 0.5:
        holder[rng.randrange(len(holder))] = rng.choice(_GARBAGE)()
    else:
        holder.append(copy.deepcopy(rng.choice(holder)) if holder and rng.random() < 0.5 else rng.choice(_GARBAGE)())


def _holders(document: Any) -> list[Any]:
    found, waiting, seen = [], [document], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list) and id(one) not in seen:
            seen.add(id(one))
            found.append(one)
            waiting.extend(one.values() if isinstance(one, dict) else one)
    return found


def _many_lines(rng: Random, document: Any) -> None:
    """As many lines as a case may have, or nearly."""
    count = rng.choice((10, 20, 60, 60, 200))
    for top in ("order", "request"):
        holder = document.get(top)
        lines = holder.get("lines") if isinstance(holder, dict) else None
        if isinstance(lines, list) and lines and isinstance(lines[0], dict):
            holder["lines"] = [{**lines[0], "id": str(number)} for number in range(count)]
