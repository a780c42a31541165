"""The facts that random policies speak of, complete cases over them, and the same cases with facts taken away."""

import copy
from datetime import datetime

OWN_FACTS = {
    "order.flag_a": {"type": "boolean"},
    "order.flag_b": {"type": "boolean"},
    "order.tone": {"type": ["red", "green", "blue"]},
    "order.level": {"type": {"ordered": ["low", "mid", "high"]}},
    "order.brand": {"type": {"open": ["acme", "bolt"]}},
    "order.pieces": {"type": "integer", "min": 0, "max": 9},
    "order.cost": {"type": "money", "min": 0},
    "order.due_on": {"type": "date"},
    "order.seen_at": {"type": "moment"},
    "line.flag_a": {"type": "boolean"},
    "line.flag_b": {"type": "boolean"},
    "line.flag_c": {"type": "boolean", "only_when": "line.flag_a"},
    "line.tone": {"type": ["red", "green", "blue"]},
    "line.level": {"type": {"ordered": ["low", "mid", "high"]}},
    "line.brand": {"type": {"open": ["acme", "bolt"]}},
    "line.wish": {"type": ["refund", "exchange"]},
    "line.said": {"type": "text"},
    "line.pieces": {"type": "integer", "min": 0, "max": 9},
    "line.volume": {"type": "decimal"},
    "line.cost": {"type": "money", "min": 0},
    "line.rate": {"type": "percent"},
    "line.due_on": {"type": "date"},
    "line.seen_at": {"type": "moment"},
    "line.begins_at": {"type": "moment", "planned": True},
    "line.mended_at": {"type": "moment", "only_when": "line.flag_b or line.tone == 'red'"},
    "line.checked_at": {"type": "moment", "known_from": "inspected"},
    "line.weight": {"type": "integer", "known_from": "received"},
    "line.labels": {"type": {"list_of": "text"}},
    "line.parts": {"type": {"list_of": {"grams": "integer", "whole": "boolean", "found_at": "moment"}}},
    "outside.price": {"type": "money", "from": "external"},
}
"""What random policies declare: every kind of fact, most of them with few values, so that bounds are hit."""

INSTANTS = (
    "2026-05-01T10:00:00Z",
    "2026-05-03T23:30:00Z",
    "2026-05-04T05:59:59Z",
    "2026-05-04T06:00:00Z",
    "2026-05-04T15:00:00Z",
    "2026-05-05T01:00:00Z",
    "2026-05-06T12:00:00Z",
    "2026-05-11T07:00:00Z",
)
DAYS = ("2026-05-01", "2026-05-03", "2026-05-04", "2026-05-05", "2026-05-10")
ZONES = ("America/Denver", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Lisbon")

CODES = (("GB", "QX2 7AB"), ("GB", "qx37ab"), ("GB", "Q2 7AB"), ("IM", "IM1 1AA"), ("SE", "211 03"), ("US", "21102"))
"""Countries with codes of theirs. Two of them are codes of two countries."""

BOOLEAN, TONE, LEVEL, BRAND = (True, False), ("red", "green", "blue"), ("low", "mid", "high"), ("acme", "bolt", "other")
NUMBER, SIZE, AMOUNT = (0, 1, 2, 3), ("0.5", "1", "2.25"), ("0.00", "4.00", "5.00", "10.01")
EVENT = "event"

ORDER = {
    "placed_at": EVENT,
    "flag_a": BOOLEAN,
    "flag_b": BOOLEAN,
    "tone": TONE,
    "level": LEVEL,
    "brand": BRAND,
    "pieces": NUMBER,
    "cost": AMOUNT,
    "total_paid": AMOUNT,
    "total_refunded": AMOUNT,
    "due_on": DAYS,
    "seen_at": EVENT,
}
LINE = {
    "flag_a": BOOLEAN,
    "flag_b": BOOLEAN,
    "flag_c": BOOLEAN,
    "tone": TONE,
    "level": LEVEL,
    "brand": BRAND,
    "wish": ("refund", "exchange"),
    "said": ("yes", "no"),
    "pieces": NUMBER,
    "volume": SIZE,
    "cost": AMOUNT,
    "rate": ("0%", "20%"),
    "due_on": DAYS,
    "seen_at": EVENT,
    "begins_at": (*INSTANTS, *DAYS),
    "mended_at": EVENT,
    "checked_at": EVENT,
    "weight": NUMBER,
    "paid": AMOUNT,
    "quantity": (1, 3),
    "asked": (1, 2),
    "returned_before": (0, 1),
    "remedy": ("refund", "exchange", "other"),
}
OF_THE_REQUEST = ("asked", "remedy")
"""What a line of the request says itself where the rest stands with the order."""
PART = {"grams": NUMBER, "whole": BOOLEAN, "found_at": EVENT}
ROLES = ("qualifying", "rewarded")
STAGES = ("request", "received", "inspected")


def _value(choose, values, as_of):
    if values != EVENT:
        return choose.of(values)
    kind = choose.below(6)
    seen = [i for i in INSTANTS if i <= as_of]
    if kind == 0:
        return {"not_by": choose.of(INSTANTS)}
    if kind == 1:
        days = [d for d in DAYS if d <= as_of[:10]]
        return choose.of(days)
    return choose.of(seen)


def _record(choose, fields, as_of):
    return {name: _value(choose, values, as_of) for name, values in fields.items()}


def _line(choose, as_of):
    line = _record(choose, LINE, as_of)
    line["labels"] = choose.some(("x", "y", "z"))
    line["parts"] = [_record(choose, PART, as_of) for _ in range(choose.below(3))]
    return line


def _lines(choose, as_of, count):
    """The lines of the request and of the order: told each by itself, or joined by their ids."""
    if choose.chance(60):
        lists = [[_line(choose, as_of) for _ in range(many)] for many in (count, choose.below(3))]
        for line in lists[1]:
            del line["asked"]  # worked out for a line of the order
    else:
        whole = [{**_line(choose, as_of), "id": str(i)} for i in range(choose.between(count, 2))]
        asked = [{name: line.pop(name) for name in OF_THE_REQUEST} | {"id": line["id"]} for line in whole]
        lists = [asked[:count], whole]
    for line in (line for lines in lists for line in lines if "flag_a" in line):
        line["is_final_sale"] = choose.chance(50)
    return lists


def _promotions(choose, lines):
    """Promotions of the order; their lines name those of the order, as far as these have ids."""
    found = []
    for number in range(choose.below(3)):
        members = [
            {"id": line.get("id", str(at)), "role": choose.of(ROLES), "discount": choose.of(AMOUNT[:2])}
            for at, line in choose.shuffled(list(enumerate(lines)))
            if choose.chance(70)
        ]
        amounts = {name: choose.of(AMOUNT) for name in ("threshold", "taken_back_before")}
        found.append({"id": str(number), **amounts, "discount_total": choose.of(("8.00", "10.01")), "lines": members})
    return found


def complete_case(choose, lines=None):
    """A case in which everything is told that can be. Some of it may be ruled out; `tidy` sees to that."""
    as_of = choose.of(INSTANTS[3:])
    count = choose.between(1, 2) if lines is None else lines
    order = _record(choose, ORDER, as_of)
    requested, order["lines"] = _lines(choose, as_of, count)
    order["promotions"] = _promotions(choose, order["lines"])
    order["currency"] = choose.of(("USD", "EUR"))
    order["ship_to"] = {"timezone": choose.of(ZONES)}
    if choose.chance(60):
        order["ship_to"] |= dict(zip(("country", "postal_code"), choose.of(CODES), strict=True))
    order["tenders"] = [
        {"kind": kind, "captured": choose.of(AMOUNT), "refunded": choose.of(("0.00", "1.00"))}
        for kind in choose.some(("gift_card", "card"), 80)
    ]
    document = {
        "as_of": as_of,
        "stage": choose.of(STAGES),
        "order": order,
        "request": {
            "at": choose.of([i for i in INSTANTS if i <= as_of]),
            "lines": requested,
        },
        "outside": {"price": choose.of(AMOUNT)},
    }
    if choose.chance(25):
        document["assume"] = ["nothing_unusual"]
        for line in (*requested, *order["lines"]):
            line.pop("is_final_sale", None)
            line.pop("returned_before", None)
    if choose.chance(10):
        document["as_of"] = None
        document["request"]["at"] = as_of
    return document


def paths(document, at=()):
    """The places of all plain facts of a document; an event that is not yet is one of them."""
    if isinstance(document, dict) and set(document) != {"not_by"}:
        for key, value in document.items():
            if at or key not in ("as_of", "stage", "assume"):
                yield from paths(value, (*at, key))
    elif isinstance(document, list) and all(isinstance(member, dict) for member in document) and document:
        for i, member in enumerate(document):
            yield from paths(member, (*at, i))
    else:
        yield at


def names_of(document, path):
    """The place as causes name it; with it that of the request line which has the fact from its order line."""
    found = {_text(path)}
    if path[:2] == ("order", "lines"):
        line = get(document, path[:3])
        for i, asked in enumerate(document["request"]["lines"]):
            if "id" in line and asked.get("id") == line["id"]:
                found.add(_text(("request", "lines", i, *path[3:])))
    return found


def get(document, path):
    """What stands at a place."""
    for part in path:
        document = document[part]
    return document


def without(document, gone):
    """The document with these places taken away; lists keep their members."""
    found = copy.deepcopy(document)
    for path in gone:
        holder = get(found, path[:-1])
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
    return found


def with_value(document, path, value):
    """The document with a value at one place, whose surroundings exist."""
    found = copy.deepcopy(document)
    get(found, path[:-1])[path[-1]] = value
    return found


def tidy(policy, document):
    """The case without what cannot stand in it: told too early, or though another fact rules it out.

    None if it is impossible altogether (a check of the policy fails).
    """
    for _ in range(6):
        problems = policy.decide(next(iter(policy.decisions)), document, questions=False).problems
        if not problems:
            return document
        bad = {p for p in paths(document) for problem in problems if _text(p) == problem.path}
        if not bad:
            return None
        document = without(document, bad)
    return None


def _text(path):
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def earlier_answers(choose, document):
    """The document with some events told as they stood before: somebody looked, and they had not happened yet."""
    found = copy.deepcopy(document)
    for path in list(paths(found)):
        value = get(found, path)
        told = value["not_by"] if isinstance(value, dict) else value
        if told not in INSTANTS or path[-1] == "at" or not choose.chance(25):
            continue
        before = [i for i in INSTANTS if datetime.fromisoformat(i) < datetime.fromisoformat(told)]
        if before:
            get(found, path[:-1])[path[-1]] = {"not_by": choose.of(before)}
    return found
