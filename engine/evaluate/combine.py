"""How several rules' conclusions become one (`docs/semantics.md`, step 7), and the ways blocked rules may fall (step 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import cast

from engine.evaluate.operations import Arithmetic, Imprecise, failed
from engine.language import core as c
from engine.language.outcome import Causes, Known, Result, Unknown, unknown
from engine.language.values import Value
from engine.values.money import Money


@dataclass(frozen=True)
class Nothing:
    """NONE: no rule speaks and there is no `otherwise`."""


@dataclass(frozen=True)
class Conflict:
    """Rules that apply together say different things although they must agree."""


Joined = Known | Unknown | Nothing | Conflict
NOTHING, CONFLICT = Nothing(), Conflict()


@dataclass(frozen=True)
class Ways:
    """All the ways an output may come out, and what would settle it."""

    results: tuple[Joined, ...]
    causes: Causes
    base: tuple[c.CoreRule, ...]
    """The rules that surely speak if no blocked rule applies."""


def combine(
    output: c.CoreOutput, rules: Sequence[c.CoreRule], conclusions: Mapping[str, Result], arithmetic: Arithmetic
) -> Joined:
    """J(X): what the output is when exactly these rules speak. `otherwise` is the caller's, for an empty X."""
    if not rules:
        return Known(()) if output.combine == "all" else NOTHING
    results = [conclusions[r.id] for r in rules]
    known = [r.value for r in results if isinstance(r, Known)]
    causes: Causes = frozenset().union(*(r.causes for r in results if isinstance(r, Unknown)))
    if output.combine == "strictest":
        ranks = [output.words.index(str(v)) for v in known if v in output.words]
        if ranks and min(ranks) == 0:
            return Known(output.words[0])
        return Unknown(causes) if causes else Known(output.words[min(ranks)])
    if causes:
        return Unknown(causes)
    return _joined(output, rules, known, arithmetic)


def _joined(output: c.CoreOutput, rules: Sequence[c.CoreRule], values: list[Value], arithmetic: Arithmetic) -> Joined:
    match output.combine:
        case "unique" | "strictest":
            return Known(values[0]) if all(_same(v, values[0]) for v in values[1:]) else CONFLICT
        case "first":
            return Known(min(zip(rules, values, strict=True), key=lambda pair: pair[0].order)[1])
        case "all":
            words: dict[Value, None] = {}
            for _, value in sorted(zip(rules, values, strict=True), key=lambda pair: pair[0].id):
                words.update(dict.fromkeys(cast("tuple[Value, ...]", value)))
            return Known(tuple(words))
        case "sum":
            return _fold(arithmetic, "add", values)
        case "min":
            return _fold(arithmetic, "lesser", values)
        case "max":
            return _fold(arithmetic, "greater", values)
        case "earliest":
            return _fold(arithmetic, "earlier", values)
        case "latest":
            return _fold(arithmetic, "later", values)


def _fold(arithmetic: Arithmetic, key: c.OpKey, values: list[Value]) -> Joined:
    try:
        total = values[0]
        for value in values[1:]:
            total = arithmetic.compute(key, (total, value), None)
        return Known(total)
    except Imprecise:
        return unknown("fact", "exact time")
    except ValueError as error:
        return cast("Unknown", failed(str(error)))


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, date) != isinstance(b, date):
        return False
    if isinstance(a, Money) and isinstance(b, Money):
        return a.currency == b.currency and a.amount == b.amount
    if isinstance(a, int | Fraction) and isinstance(b, int | Fraction):
        return a == b and isinstance(a, bool) == isinstance(b, bool)
    return a == b


def changes(a: Joined, b: Joined) -> bool:
    """Whether two results differ, or one of them is not known."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return True
    if isinstance(a, Known) and isinstance(b, Known):
        return not _same(a.value, b.value)
    return type(a) is not type(b)


class Worlds:
    """P(o): every way the blocked rules of an output may fall, singly and, under `unique`, in pairs."""

    def __init__(
        self,
        output: c.CoreOutput,
        activation: Mapping[str, Result],
        conclude: Callable[[c.CoreRule], Result],
        join: Callable[[Sequence[c.CoreRule], Mapping[str, Result]], Joined],
    ) -> None:
        self.output = output
        self.activation = activation
        self.conclude = conclude
        self.join = join
        self.conclusions: dict[str, Result] = {}
        self._memo: dict[frozenset[str], Joined] = {}
        overriding = {r.id for rules in output.over.values() for r in rules}
        self.keys = [r for r in output.rules if r.id in overriding and self._blocked(r)]

    def _blocked(self, rule: c.CoreRule) -> bool:
        return isinstance(self.activation[rule.id], Unknown)

    def out(self, rule: c.CoreRule, fires: Callable[[c.CoreRule], bool]) -> tuple[str, ...]:
        """The rules that override this one and fire."""
        return tuple(q.id for q in self.output.over.get(rule.id, ()) if fires(q))

    def _world(self, let: frozenset[str]) -> tuple[tuple[c.CoreRule, ...], tuple[c.CoreRule, ...]]:
        """The rules that speak, and those that may speak besides, if exactly `let` of the blocked overriders apply."""

        def fires(rule: c.CoreRule) -> bool:
            return self.activation[rule.id] == Known(True) or rule.id in let

        keys = {k.id for k in self.keys}
        base = tuple(r for r in self.output.rules if fires(r) and not self.out(r, fires))
        may = tuple(r for r in self.output.rules if r.id not in keys and self._blocked(r) and not self.out(r, fires))
        return base, may

    def _j(self, rules: Sequence[c.CoreRule]) -> Joined:
        key = frozenset(r.id for r in rules)
        found = self._memo.get(key)
        if found is None:
            for rule in rules:
                if rule.id not in self.conclusions:
                    self.conclusions[rule.id] = self.conclude(rule)
            found = self._memo[key] = self.join(sorted(rules, key=lambda r: r.order), self.conclusions)
        return found

    def _classes(self, may: Iterable[c.CoreRule]) -> list[list[c.CoreRule]]:
        """Rules that may speak, together where they conclude the same: what one of them does, each does."""
        groups: dict[object, list[c.CoreRule]] = {}
        by_value = self.output.combine not in ("sum", "first", "all")
        for rule in may:
            if rule.id not in self.conclusions:
                self.conclusions[rule.id] = self.conclude(rule)
            result = self.conclusions[rule.id]
            key: object = rule.id
            if by_value and isinstance(result, Known):
                key = (type(result.value).__name__, result.value)
            groups.setdefault(key, []).append(rule)
        return list(groups.values())

    def explore(self) -> Ways:
        """All results, with the causes of every blocked rule whose applying or not changes one."""
        worlds: dict[frozenset[str], tuple[tuple[c.CoreRule, ...], tuple[c.CoreRule, ...]]] = {}
        names = [k.id for k in self.keys]
        for size in range(len(names) + 1):
            for chosen in combinations(names, size):
                worlds[frozenset(chosen)] = self._world(frozenset(chosen))
        results: dict[Joined, None] = {}
        matters: set[str] = set()
        for base, may in worlds.values():
            self._singles(base, may, results, matters)
        for let, world in worlds.items():
            for name in names:
                if name not in let and name not in matters and self._flips(world, worlds[let | {name}]):
                    matters.add(name)
        causes: set[object] = set()
        for rule_id in matters:
            causes |= cast("Unknown", self.activation[rule_id]).causes
        for result in results:
            if isinstance(result, Unknown):
                causes |= result.causes
        return Ways(tuple(results), cast("Causes", frozenset(causes)), worlds[frozenset()][0])

    def _singles(
        self,
        base: tuple[c.CoreRule, ...],
        may: tuple[c.CoreRule, ...],
        results: dict[Joined, None],
        matters: set[str],
    ) -> None:
        """results(w): J(base), J(base + r) and, under `unique`, J(base + r + r')."""
        alone = self._j(base)
        results[alone] = None
        classes = self._classes(may)
        single = [self._j((*base, group[0])) for group in classes]
        for group, result in zip(classes, single, strict=True):
            results[result] = None
            if changes(alone, result):
                matters.update(r.id for r in group)
        if self.output.combine != "unique":
            return
        for (i, one), (j, other) in combinations(enumerate(classes), 2):
            both = self._j((*base, one[0], other[0]))
            results[both] = None
            if changes(single[i], both):
                matters.update(r.id for r in other)
            if changes(single[j], both):
                matters.update(r.id for r in one)

    def _flips(
        self,
        without: tuple[tuple[c.CoreRule, ...], tuple[c.CoreRule, ...]],
        having: tuple[tuple[c.CoreRule, ...], tuple[c.CoreRule, ...]],
    ) -> bool:
        """Whether letting one more blocked overrider apply changes a result, whatever else may speak."""
        (base, may), (base2, may2) = without, having
        if changes(self._j(base), self._j(base2)):
            return True
        ours, theirs = {r.id for r in may}, {r.id for r in may2}
        extras = self._classes(dict.fromkeys((*may, *may2)))
        picks: list[tuple[c.CoreRule, ...]] = [(rule,) for group in extras for rule in group]
        if self.output.combine == "unique":
            picks += [(x, y) for a, b in combinations(extras, 2) for x in a for y in b]
        for pick in picks:
            one = self._j((*base, *(r for r in pick if r.id in ours)))
            two = self._j((*base2, *(r for r in pick if r.id in theirs)))
            if changes(one, two):
                return True
        return False
