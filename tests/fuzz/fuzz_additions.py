"""Parts of a policy made from nothing: rules, windows, tables, requirements and what else a policy holds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from fuzz_conditions import Conditions
from fuzz_tree import Leaf, Map, Seq, Tree

Addition = Callable[[Random, Map, Conditions, Map | None], None]


def tree(value: object) -> Tree:
    """Plain data as a tree; texts that begin with `=` are conditions and formulas, which stand in quotes."""
    if isinstance(value, dict):
        return Map([[Leaf(str(key)), tree(inner)] for key, inner in value.items()])
    if isinstance(value, list | tuple):
        return Seq(tree(inner) for inner in value)
    text = str(value)
    return Leaf(text[1:], quoted=True) if text.startswith("=") else Leaf(text)


def section(policy: Map, key: str) -> Map:
    """The mapping under a key of the policy, made if there is none."""
    found = policy.get(key)
    if isinstance(found, Map):
        return found
    made = Map()
    policy.append([Leaf(key), made])
    return made


def _name(rng: Random) -> str:
    return f"{rng.choice(('new', 'late', 'fee', 'other', 'extra'))}_{rng.randrange(1000)}"


def _conditions(rng: Random, conditions: Conditions) -> object:
    made = [f"={conditions.make('boolean')}" for _ in range(rng.choice((1, 1, 2, 3)))]
    return made[0] if len(made) == 1 else made


_VALUES = {"money": "money", "integer": "number", "decimal": "number", "percent": "percent", "date": "date",
           "moment": "moment", "boolean": "boolean", "elapsed": "elapsed"}  # fmt: skip


def _value(rng: Random, kind: Tree | None, conditions: Conditions) -> object:
    """A value that fits an output of a kind, mostly."""
    if isinstance(kind, Map):
        kind = kind[0][1] if kind else None
        if isinstance(kind, Seq) and rng.random() < 0.5:
            return [leaf.text for leaf in kind if isinstance(leaf, Leaf)][: rng.choice((1, 2))]
    if isinstance(kind, Seq):
        words = [leaf.text for leaf in kind if isinstance(leaf, Leaf)]
        return rng.choice(words) if words else "x"
    word = kind.text.split()[0] if isinstance(kind, Leaf) and kind.text else "text"
    if word == "date" and isinstance(kind, Leaf) and kind.text == "date range":
        return f"={conditions.leaf('date')} + 3 to 10 {rng.choice(('days', 'business days', 'months'))}"
    if word in _VALUES:
        made = conditions.make(_VALUES[word])
        if word == "money" and rng.random() < 0.5 and len(conditions.currency) == 3:
            made = f"round({made}, to 0.01 {conditions.currency}, half up)"
        return f"={made}"
    return rng.choice(("=line.sku", "='text'", "not stated"))


def rule(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A rule in a decision, which may override others."""
    outputs = decision.get("outputs") if decision is not None else None
    if decision is None or not isinstance(outputs, Map) or not outputs:
        return
    rules = section(decision, "rules")
    names = [key.text for key, _ in rules]
    then = {}
    for name, spec in outputs:
        if rng.random() < 0.7 or not then:
            then[name.text] = _value(rng, spec.get("type") if isinstance(spec, Map) else None, conditions)
    made: dict[str, object] = {"when": _conditions(rng, conditions), "then": then}
    if rng.random() < 0.1:
        del made["when"]
    if rng.random() < 0.3:
        made["unless"] = _conditions(rng, conditions)
    if names and rng.random() < 0.5:
        made["overrides"] = "all" if rng.random() < 0.2 else rng.sample(names, min(len(names), rng.choice((1, 2, 5))))
    if "review" in then.values():
        made["review"] = rng.choice(("discretion", "contradiction", "silent", "vague", "external_terms"))
    if rng.random() < 0.4:
        made["because"] = f"=Because of {{{conditions.leaf(rng.choice(('money', 'date', 'number', 'moment')))}}}."
    rules.append([Leaf(_name(rng)), tree(made)])


def window(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A window, and a rule that reads it."""
    name = _name(rng)
    made: dict[str, object] = {
        "lasts": f"={conditions.make(rng.choice(('period', 'period', 'elapsed')), 1)}",
        rng.choice(("after", "after", "before")): f"={conditions.make('moment', 1)}",
        "act": f"={conditions.leaf('moment')}" if rng.random() < 0.5 else "request.at",
    }
    if rng.random() < 0.4:
        made["zone"] = rng.choice(("order.ship_to.timezone", "Pacific/Apia", "Europe/Lisbon", "Asia/Kathmandu", "UTC"))
    if rng.random() < 0.3:
        made["ends"] = rng.choice(("inclusive", "exclusive"))
    if rng.random() < 0.3:
        made["anchor_is"] = rng.choice(("day_0", "day_1"))
    section(policy, "windows").append([Leaf(name), tree(made)])
    conditions.names.windows.extend([name] * 5)
    conditions.names.by_kind["date"].append(f"{name}.last_day")
    rule(rng, policy, conditions, decision)


def define(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A word, and a rule that may use it."""
    name, kind = _name(rng), rng.choice(("boolean", "boolean", "money", "number", "date", "word"))
    section(policy, "define").append([Leaf(name), tree(f"={conditions.make(kind)}")])
    conditions.names.by_kind[kind].extend([name] * 5)
    rule(rng, policy, conditions, decision)


_PARAMETERS = (
    *(("money", ""), ("money EUR", "0 EUR"), ("integer", "3"), ("percent", "15%"), ("date", "2026-11-01")),
    *(("period", "30 days"), ("elapsed", "24 hours"), ("boolean", "true"), ("decimal", "0.5"), ("text", "=abc")),
)


def parameter(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A parameter, which may be unset."""
    name = _name(rng)
    kind, value = rng.choice(_PARAMETERS)
    if kind == "money":
        kind, value = f"money {conditions.currency}", f"7 {conditions.currency}"
    made: dict[str, object] = {"type": kind, "value": value}
    if rng.random() < 0.4:
        made = {"type": kind, "unset": {"refer_as": "vague", "because": "The text does not say."}}
    section(policy, "parameters").append([Leaf(name), tree(made)])
    word = kind.split()[0]
    conditions.names.by_kind[{"integer": "number", "decimal": "number"}.get(word, word)].extend([name] * 10)
    rule(rng, policy, conditions, decision)


def _clause(policy: Map) -> str:
    """The id of a clause of the text."""
    page = section(section(policy, "sources"), "added")
    if page.get("title") is None:
        page.append([Leaf("title"), Leaf("Added")])
        page.append([Leaf("sections"), tree({"All": {"add-1": {"kind": "rule", "says": "Something."}}})])
    return "add-1"


def reading(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A reading, which may be left open."""
    name = _name(rng)
    options = {"left": "Left.", "right": "Right.", "both": "Both."}
    made = {"asks": "Which?", "options": options, "chosen": "left", "about": [_clause(policy)]}
    if rng.random() < 0.6:
        made |= {"chosen": "undecided", "refer_as": rng.choice(("silent", "vague", "contradiction"))}
    section(policy, "readings").append([Leaf(name), tree(made)])
    conditions.names.readings.extend([(name, ("left", "right", "both"))] * 5)
    rule(rng, policy, conditions, decision)


def table(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A table over one or two columns."""
    name = _name(rng)
    column = rng.choice(
        (("order.ship_to.country", ("US", "[CA, MX]", "GB", "any other", "any")),
         ("order.ship_to.postal.area", ("QX", "[QX, K]", "any other", "any")),
         ("line.quantity", ("1", "2 .. 5", "over 5", "any other", "0.5")),
         ("order.total_paid", (".. 50.00 USD", "over 50.00 USD to 100.00 USD", "over 100.00 USD", "any")),
         ("line.is_custom", ("true", "false", "any")),
         ("request.at", ("2026-01-01 .. 2026-06-30", "over 2026-06-30", "any other")))
    )  # fmt: skip
    rows = {}
    for number, cell in enumerate(rng.sample(column[1], rng.randrange(1, len(column[1]) + 1))):
        shown: object = cell[1:-1].split(", ") if cell.startswith("[") else f"={cell}"
        rows[f"row_{number}"] = {"looked": shown, "amount": f"={conditions.make('money', 1)}"}
    made = {"looks_at": {"looked": column[0]}, "gives": {"amount": "money"}, "rows": rows}
    section(policy, "tables").append([Leaf(name), tree(made)])
    conditions.names.by_kind["money"].extend([f"{name}.amount"] * 20)
    rule(rng, policy, conditions, decision)


def fact(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A fact of the store's own, which may hang on a condition."""
    name = f"{rng.choice(('line', 'order', 'request', 'customer', 'parcel', 'store'))}.{_name(rng)}"
    kind = rng.choice(("boolean", "integer", "money", "date", "moment", "percent", "decimal", "text", "zone", "words"))
    made: dict[str, object] = {"type": ["red", "green"] if kind == "words" else kind}
    if rng.random() < 0.3:
        made["only_when"] = f"={conditions.make('boolean', 1)}"
    if rng.random() < 0.3:
        made["known_from"] = rng.choice(("before_buying", "request", "sent", "received", "inspected", "concluded"))
    if rng.random() < 0.3:
        made |= {"from": rng.choice(("customer", "shop", "carrier", "bank", "external")), "ask": "What is it?"}
    section(policy, "facts").append([Leaf(name), tree(made)])
    known = {"integer": "number", "decimal": "number", "words": "word", "zone": "text"}.get(kind, kind)
    conditions.names.by_kind[known].extend([name] * 20)
    if kind == "words":
        conditions.names.words.update({name: ("red", "green")})
    rule(rng, policy, conditions, decision)


def requirement(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """Something that must be in hand before a yes."""
    if decision is None:
        return
    made: dict[str, object] = {"met": f"={conditions.make('boolean', 1)}", "ask": "Please send it."}
    if rng.random() < 0.6:
        made["when"] = _conditions(rng, conditions)
    if conditions.names.windows and rng.random() < 0.5:
        made["by"] = rng.choice(conditions.names.windows)
    section(decision, "requires").append([Leaf(_name(rng)), tree(made)])


def check(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """A relation without which a case is impossible."""
    made = {"must": _conditions(rng, conditions), "says": "It cannot be."}
    section(policy, "checks").append([Leaf(_name(rng)), tree(made)])


def guarantee(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """What must hold for every case."""
    made = {"whenever": _conditions(rng, conditions), "then": f"={conditions.make('boolean', 1)}"}
    section(policy, "guarantees").append([Leaf(_name(rng)), tree(made)])


_TYPES: tuple[tuple[object, tuple[str, ...]], ...] = (
    (["deny", "review", "approve"], ("strictest", "unique", "first", "all")),
    ("money", ("sum", "min", "max", "unique", "first")),
    ("integer", ("sum", "min", "max", "unique")),
    ("boolean", ("unique", "all", "first")),
    ("date", ("earliest", "latest", "unique", "min")),
    ("date range", ("unique", "first")),
    ("moment", ("earliest", "latest", "unique")),
    ("elapsed", ("sum", "max", "unique")),
    ({"list_of": ["photos", "form", "label"]}, ("all", "unique")),
    ({"ordered": ["low", "high"]}, ("max", "min", "unique")),
    ("percent", ("max", "sum", "unique")),
)


def output(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """An output of another kind, and a rule that concludes it."""
    if decision is None:
        return
    kind, combines = rng.choice(_TYPES)
    made: dict[str, object] = {"type": kind, "combine": rng.choice(combines)}
    if decision.get("for_each") is not None or rng.random() < 0.1:
        made["roll_up"] = rng.choice(("each", "each", "all", "any", "sum", "min", "max", "earliest", "latest"))
    if rng.random() < 0.3:
        made["only_when"] = ["approve"]
    name = _name(rng)
    section(decision, "outputs").append([Leaf(name), tree(made)])
    otherwise = decision.get("otherwise")
    if isinstance(otherwise, Map) and rng.random() < 0.7:
        otherwise.append([Leaf(name), Leaf("not_covered")])
    rule(rng, policy, conditions, decision)
    rule(rng, policy, conditions, decision)


def scope(rng: Random, policy: Map, conditions: Conditions, decision: Map | None) -> None:
    """Whom the terms speak about, in what currency, by whose calendar."""
    key, value = rng.choice(
        (("applies_when", _conditions(rng, conditions)), ("currency", rng.choice(("as charged", "USD", "JPY", "KWD"))),
         ("timezone", rng.choice(("Pacific/Apia", "Australia/Lord_Howe", "UTC", "Africa/Monrovia", "Asia/Tehran"))),
         ("rounding", rng.choice(("half up", "half even", "up", "down"))),
         ("effective", {"from": "2026-01-01", "until": "2026-07-01"}),
         ("calendar", {"weekend": ["friday"], "holidays": rng.choice(("US", "DE", "none", "IL", "JP")),
                       "from": "2025-01-01", "until": rng.choice(("2027-01-01", "2026-04-01"))}))
    )  # fmt: skip
    for entry in policy:
        if entry[0].text == key:
            entry[1] = tree(value)
            return
    policy.append([Leaf(key), tree(value)])


ADDITIONS: tuple[Addition, ...] = (
    *(rule, rule, rule, window, window, define, parameter, reading, table, fact, requirement, check, guarantee),
    *(output, output, scope),
)
