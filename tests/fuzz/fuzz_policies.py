"""Policies changed where it hurts: nodes swapped, doubled, dropped and moved, scalars exchanged, conditions put in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Literal

from fuzz_additions import ADDITIONS
from fuzz_conditions import Conditions, Names, shared_names
from fuzz_corpus import Seed, policies
from fuzz_tree import Leaf, Map, Seq, Spot, Tree, clone, parse, spots, write

CONDITION_KEYS = frozenset(("when", "unless", "must", "applies_when", "whenever", "met", "only_when", "is"))
FORMULA_KEYS = {"lasts": "period", "after": "moment", "before": "moment", "act": "moment", "of": "money"}
"""Keys that hold a formula, and the kind it mostly is."""

_ODD_SCALARS = (
    *("", "~", "null", "true", "false", "0", "-1", "1.10", "1e400", "0x1F", "9" * 25, "9" * 400, ".inf", ".nan", "NO"),
    *(
        "12:30",
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "all",
        "any",
        "any other",
        "review",
        "not stated",
        "undecided",
    ),
    *(
        "line",
        "reading",
        "x" * 2000,
        "a.b.c.d.e.f",
        "{",
        "{line.paid",
        "{{x}}",
        "{}",
        "\ud7ff",
        "é",
        "😀",
        "\u202e",
        "a b",
    ),
    *(
        "money ZZZ",
        "money",
        "tender split",
        "date range",
        "list_of",
        "deny",
        "approve",
        "first",
        "sum",
        "each",
        "mixed",
    ),
)
_MESSAGES = (
    "Paid {line.paid} of {order.total_paid}.",
    "{line.delivery.at} {request.at} {order.ship_to.country} {line.quantity} {line.tags}",
    "{30 days} {time_to_ask.day} {time_to_ask.last_day} {time_to_ask.end}",
    "{if line.is_custom then 1 else 2}",
    "{count line in order.lines} {",
    "{{}} }} {{",
    "{" * 50,
)


Manner = Literal["tame", "nodes", "any"]


@cache
def tree_of(seed: Seed) -> Map | None:
    """The tree of a seed, made once. Clone it before changing it."""
    return parse(seed.data)


@cache
def parts() -> dict[str, tuple[Tree, ...]]:
    """What stands under each key, over the whole corpus."""
    found: dict[str, list[Tree]] = {}
    for seed in policies():
        tree = tree_of(seed) if seed.small else None
        for spot in spots(tree) if tree is not None else ():
            found.setdefault(spot.key, []).append(spot.node)
    return {key: tuple(nodes) for key, nodes in sorted(found.items())}


@cache
def keys() -> tuple[str, ...]:
    """Every key of the corpus."""
    return tuple(parts())


def names_of(tree: Map) -> Names:
    """The names that conditions of this policy can speak of."""
    names = shared_names()
    for key, spec in _members(tree, "parameters"):
        kind = spec.get("type") if isinstance(spec, Map) else None
        word = kind.text.split()[0] if isinstance(kind, Leaf) and kind.text else ""
        names.by_kind.get(word if word not in ("integer", "decimal") else "number", names.anything).append(key)
    for key, _ in _members(tree, "windows"):
        names.windows.append(key)
        names.by_kind["date"].append(f"{key}.last_day")
        names.by_kind["number"].append(f"{key}.day")
        names.anything.append(f"{key}.end")
    for key, spec in _members(tree, "define"):
        names.anything.append(key)
        body = spec.get("is") if isinstance(spec, Map) else spec
        if isinstance(body, Leaf) and any(f" {word} " in body.text for word in ("==", "in", "and", "or", "has", "is")):
            names.by_kind["boolean"].append(key)
    for key, spec in _members(tree, "readings"):
        options = spec.get("options") if isinstance(spec, Map) else None
        names.readings.append((key, tuple(k.text for k, _ in options) if isinstance(options, Map) else ()))
    for key, spec in _members(tree, "tables"):
        gives = spec.get("gives") if isinstance(spec, Map) else None
        names.anything.extend(f"{key}.{k.text}" for k, _ in gives) if isinstance(gives, Map) else None
    for key, spec in _members(tree, "decisions"):
        outputs = spec.get("outputs") if isinstance(spec, Map) else None
        for output, _ in outputs if isinstance(outputs, Map) else ():
            names.anything.extend((f"{key}.{output.text}", f"{key}(line).{output.text}"))
            names.anything.append(f"{key}(refund).{output.text}")
    for key, spec in _members(tree, "facts"):
        kind = spec.get("type") if isinstance(spec, Map) else None
        word = kind.text if isinstance(kind, Leaf) else "word"
        names.by_kind.get(word if word not in ("integer", "decimal") else "number", names.anything).append(key)
    return names


def _members(tree: Map, key: str) -> list[tuple[str, Tree]]:
    found = tree.get(key)
    return [(name.text, value) for name, value in found] if isinstance(found, Map) else []


def mutated(rng: Random, tree: Map, changes: int, manner: Manner) -> bytes:
    """A copy of the policy with so many changes, written as YAML.

    Tame ones are conditions, formulas and whole parts that are mostly right, so that the policy can often be asked;
    `nodes` are those that know nothing of policies; `any` are all.
    """
    made = clone(tree)
    assert isinstance(made, Map)
    surgeon = _Surgeon(rng, made, manner)
    for _ in range(changes):
        surgeon.operate()
    return write(made)


def currency_of(tree: Map) -> str:
    """What the policy counts in, or nothing."""
    found = tree.get("currency")
    return found.text if isinstance(found, Leaf) else ""


_Ways = tuple[tuple[int, Callable[[], None]], ...]


class _Surgeon:
    def __init__(self, rng: Random, tree: Map, manner: Manner) -> None:
        self.rng = rng
        self.tree = tree
        self.tame = tame = manner == "tame"
        self.names = names_of(tree)
        wrong = 0.0 if tame else rng.choice((0.0, 0.02, 0.1))
        self.conditions = Conditions(rng, self.names, wrong, currency_of(tree))
        meant: _Ways = ((10, self.condition), (2, self.formula), (5, self.add))
        nodes: _Ways = (
            *((2, self.drop), (2, self.double), (2, self.swap), (2, self.exchange), (2, self.transplant)),
            *((1, self.odd_scalar), (1, self.wrap), (1, self.rename), (1, self.move), (1, self.grow)),
            *((1, self.message), (1, self.deepen)),
        )
        self.ways = {"tame": meant, "nodes": nodes, "any": meant + nodes}[manner]

    def operate(self) -> None:
        """One change of any kind."""
        (way,) = self.rng.choices([way for _, way in self.ways], [weight for weight, _ in self.ways])
        way()

    def about(self, decision: Tree | None) -> Conditions:
        """What conditions may say in a decision: nothing of lines if it is not asked for each of them."""
        if not self.tame or not isinstance(decision, Map) or decision.get("for_each") is not None:
            return self.conditions
        return Conditions(self.rng, self.names.without_lines(), 0.0, currency_of(self.tree))

    def decision(self) -> Map | None:
        decisions = self.tree.get("decisions")
        found = [one for _, one in decisions if isinstance(one, Map)] if isinstance(decisions, Map) else []
        return self.rng.choice(found) if found else None

    def spot(self, wanted: Callable[[Spot], bool] = lambda _: True, below: Map | None = None) -> Spot | None:
        found = [spot for spot in spots(self.tree if below is None else below) if wanted(spot)]
        return self.rng.choice(found) if found else None

    # conditions ------------------------------------------------------------------------------------------------------

    def condition(self) -> None:
        """Another condition in a place for one."""
        holder = self.decision() if self.tame else self.tree
        spot = self.spot(lambda s: s.key in CONDITION_KEYS and isinstance(s.node, Leaf), holder)
        if spot is None:
            return self.add()
        conditions = self.about(holder)
        odd = not self.tame and self.rng.random() < 0.1
        spot.put(Leaf(conditions.any_text() if odd else conditions.make("boolean"), quoted=True))
        return None

    def formula(self) -> None:
        """Another formula: a length, an event, a value that a rule concludes."""
        places = {id(value) for value in self._concluded()} if not self.tame else set()
        spot = self.spot(lambda s: isinstance(s.node, Leaf) and (s.key in FORMULA_KEYS or id(s.node) in places))
        if spot is None:
            return
        kind = FORMULA_KEYS.get(spot.key) or self.rng.choice(("money", "number", "boolean", "date", "word"))
        spot.put(Leaf(self.conditions.make(kind), quoted=True))

    def _concluded(self) -> list[Tree]:
        found: list[Tree] = []
        for spot in spots(self.tree):
            if spot.key in ("then", "otherwise", "leaning") and isinstance(spot.node, Map):
                found.extend(value for _, value in spot.node if isinstance(value, Leaf))
        return found

    # nodes -----------------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """A whole rule, window, table, requirement, ... more."""
        addition = self.rng.choice(ADDITIONS)
        decision = self.decision()
        addition(self.rng, self.tree, self.about(decision), decision)

    def drop(self) -> None:
        spot = self.spot()
        if spot is not None:
            del spot.holder[spot.index]

    def double(self) -> None:
        spot = self.spot()
        if spot is None:
            return
        if isinstance(spot.holder, Map):
            key = spot.holder[spot.index][0]
            other = Leaf(key.text + self.rng.choice(("_2", "_other", "", "x")), key.quoted)
            spot.holder.insert(spot.index + self.rng.randrange(2), [other, clone(spot.node)])
        else:
            spot.holder.insert(spot.index, clone(spot.node))

    def swap(self) -> None:
        one = self.spot()
        two = self.spot(lambda s: one is not None and type(s.node) is type(one.node))
        if one is not None and two is not None:
            first, second = clone(one.node), clone(two.node)
            one.put(second)
            two.put(first)

    def exchange(self) -> None:
        """What stands under the same key somewhere else in the corpus."""
        spot = self.spot(lambda s: s.key in parts())
        if spot is not None:
            spot.put(clone(self.rng.choice(parts()[spot.key])))

    def transplant(self) -> None:
        """A key of the corpus with what stands under it, in a mapping where it may not belong."""
        key = self.rng.choice(keys())
        target = self.spot(lambda s: isinstance(s.node, Map) and any(k.text == key for k, _ in s.node))
        holder = target.node if target is not None and self.rng.random() < 0.8 else self.tree
        assert isinstance(holder, Map)
        value = clone(self.rng.choice(parts()[key]))
        for entry in holder:
            if entry[0].text == key:
                entry[1] = value
                return
        holder.append([Leaf(key), value])

    def odd_scalar(self) -> None:
        spot = self.spot(lambda s: isinstance(s.node, Leaf))
        if spot is not None:
            spot.put(Leaf(self.rng.choice(_ODD_SCALARS), quoted=self.rng.random() < 0.3))

    def wrap(self) -> None:
        spot = self.spot()
        if spot is None:
            return
        node = clone(spot.node)
        if isinstance(node, Seq) and node and self.rng.random() < 0.5:
            spot.put(node[0])
        elif isinstance(node, Map) and node and self.rng.random() < 0.5:
            spot.put(node[0][1])
        elif self.rng.random() < 0.5:
            spot.put(Seq([node] * self.rng.choice((1, 2, 5))))
        else:
            spot.put(Map([[Leaf(self.rng.choice(keys())), node]]))

    def rename(self) -> None:
        spot = self.spot(lambda s: isinstance(s.holder, Map))
        if spot is None:
            return
        key = spot.holder[spot.index][0]
        odd = (*_ODD_SCALARS, key.text.upper(), key.text[:-1], key.text + "s", key.text.replace("_", "-"))
        key.text = self.rng.choice(keys()) if self.rng.random() < 0.6 else self.rng.choice(odd)

    def move(self) -> None:
        spot = self.spot(lambda s: isinstance(s.holder, Map))
        target = self.spot(lambda s: isinstance(s.node, Map))
        if spot is None or target is None or not isinstance(target.node, Map):
            return
        entry = spot.holder[spot.index]
        moved = [Leaf(entry[0].text, entry[0].quoted), clone(entry[1])]
        del spot.holder[spot.index]
        target.node.append(moved)

    def grow(self) -> None:
        """Many copies of an entry."""
        spot = self.spot()
        if spot is None:
            return
        size = sum(1 for _ in spots(spot.node)) + 1
        for number in range(min(self.rng.choice((3, 10, 40, 200)), 3000 // size)):
            node = clone(spot.node)
            if isinstance(spot.holder, Map):
                name = f"{spot.holder[spot.index][0].text}_{number}"
                spot.holder.append([Leaf(name), node])
            else:
                spot.holder.append(node)

    def message(self) -> None:
        spot = self.spot(lambda s: s.key in ("because", "note", "says", "ask", "title") and isinstance(s.node, Leaf))
        if spot is not None:
            inner = self.conditions.make(self.rng.choice(("money", "date", "number", "boolean", "word")))
            spot.put(Leaf(self.rng.choice((*_MESSAGES, f"It is {{{inner}}}.")), quoted=True))

    def deepen(self) -> None:
        """A condition with very many parts or levels."""
        spot = self.spot(lambda s: s.key in CONDITION_KEYS and isinstance(s.node, Leaf))
        if spot is None or not isinstance(spot.node, Leaf):
            return
        text, times = spot.node.text[:200] or "true", self.rng.choice((2, 10, 60, 200))
        joined = (
            "(" * times + text + ")" * times,
            " and ".join([text] * times),
            "not " * times + text,
            "if true then " * times + text + " else false" * times,
            text + " or order.total_paid > 1" + " + 1" * times,
        )
        spot.put(Leaf(self.rng.choice(joined), quoted=True))
