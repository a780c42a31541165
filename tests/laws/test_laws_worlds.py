"""The worlds of step 6 against all subsets: every way in which all blocked rules together may fall."""

import random
from fractions import Fraction
from itertools import product
from time import process_time

import pytest
from laws_settings import SCALE

from engine.base.source import SourceText, Span
from engine.evaluate.combine import CONFLICT, NOTHING, changes, combine
from engine.evaluate.operations import Arithmetic
from engine.evaluate.worlds import Worlds
from engine.language import core as c
from engine.language.outcome import FALSE, TRUE, Cause, Known, Unknown
from engine.language.types import Integer, ListOf, Words
from engine.values.money import Money
from engine.values.zones import zone

SPAN = Span(SourceText("stub", ""), 0, 0)
WORDS = ("deny", "review", "approve")
ARITHMETIC = Arithmetic(zone("UTC"), None)
COMBINES = ("unique", "strictest", "first", "all", "sum", "min", "max")


def waits_for(*names):
    return Unknown(frozenset(Cause("fact", name) for name in names))


def rule(number, overrides=()):
    return c.CoreRule(
        id=f"r{number}",
        when=(),
        unless=(),
        then={},
        review=None,
        leaning={},
        because=None,
        note=None,
        code=f"r{number}",
        cites=(),
        overrides=tuple(overrides),
        order=number,
        span=SPAN,
    )


class System:
    """A system of rules: what they conclude, who overrides whom, and how each stands.

    `feeds` maps a fact to the rules that wait for it; a rule may wait for several facts.
    """

    def __init__(self, combine, states, conclusions, overrides, otherwise, hold=None):
        self.hold = hold
        self.combine = combine
        self.rules = tuple(rule(i) for i in range(len(states)))
        self.states = dict(zip((r.id for r in self.rules), states, strict=True))
        self.conclusions = dict(zip((r.id for r in self.rules), conclusions, strict=True))
        over = {}
        for strong, weak in overrides:
            over.setdefault(f"r{weak}", []).append(self.rules[strong])
        self.over = {name: tuple(rules) for name, rules in over.items()}
        self.otherwise = otherwise
        kind = {"all": ListOf(Words(WORDS)), "strictest": Words(WORDS)}.get(combine, Integer())
        self.output = c.CoreOutput(
            id="o",
            type=kind,
            combine=combine,
            roll_up=None,
            only_when=None,
            label=None,
            words=WORDS if combine == "strictest" else (),
            rules=self.rules,
            over=self.over,
            otherwise=None,
            split_of=None,
            split_order=(),
            rounding=None,
            span=SPAN,
        )

    def join(self, rules, conclusions):
        if not rules and self.otherwise is not None:
            return self.otherwise
        return combine(self.output, rules, conclusions, ARITHMETIC)

    def explored(self):
        return Worlds(self.output, self.states, lambda r: self.conclusions[r.id], self.join, self.hold).explore()

    def speaking(self, applying):
        """Step 6 without any shortcut: who speaks if exactly these rules apply."""
        return [
            r for r in self.rules if r.id in applying and not any(q.id in applying for q in self.over.get(r.id, ()))
        ]

    def all_ways(self):
        """J for every way in which the blocked rules may fall."""
        sure = {name for name, state in self.states.items() if state == TRUE}
        blocked = [name for name, state in self.states.items() if isinstance(state, Unknown)]
        ways = {}
        for way in product((False, True), repeat=len(blocked)):
            speaking = self.speaking(sure | {b for b, applies in zip(blocked, way, strict=True) if applies})
            ways[way] = (speaking, self.join(speaking, self.conclusions))
        return blocked, ways

    def expected(self):
        """What all the ways come to, and the causes of the rules that make a difference in one of them."""
        blocked, ways = self.all_ways()
        causes = set()
        for i, name in enumerate(blocked):
            for way, (speaking, result) in ways.items():
                also, then = ways[(*way[:i], True, *way[i + 1 :])]
                if not way[i] and speaking != also and changes(result, then):
                    causes |= self.states[name].causes
                    break
        results = [result if self.hold is None else self.hold(result) for _, result in ways.values()]
        for result in results:
            causes |= result.causes if isinstance(result, Unknown) else set()
        return summary(results), causes


def summary(results):
    """The one settled result, or `open`."""
    different = set(results)
    only = next(iter(different))
    return "open" if len(different) > 1 or isinstance(only, Unknown) else only


def random_value(pick, combine):
    if combine == "strictest":
        return Known(pick.choice(WORDS))
    if combine == "all":
        return Known(tuple(w for w in WORDS if pick.random() < 0.4))
    return Known(pick.choice((0, 1, 1, 2)))


def random_system(pick, most_rules=6, combines=COMBINES):
    count = pick.randint(1, most_rules)
    kind = pick.choice(combines)
    states = [pick.choice((TRUE, FALSE, None, None, None)) for _ in range(count)]
    states = [waits_for(f"f{i}", *pick.choice(((), ("g",), ("h",)))) if s is None else s for i, s in enumerate(states)]
    conclusions = [
        waits_for(pick.choice("cde")) if pick.random() < 0.12 else random_value(pick, kind) for _ in range(count)
    ]
    overrides = [
        (strong, weak)
        for strong in range(count)
        for weak in range(strong)
        if pick.random() < pick.choice((0.0, 0.2, 0.5))
    ]
    pick.shuffle(overrides)
    otherwise = pick.choice((None, None, random_value(pick, kind), waits_for("o")))
    return System(kind, states, conclusions, overrides, otherwise)


@pytest.mark.parametrize("seed", range(8))
def test_worlds_come_to_what_all_subsets_of_the_blocked_rules_come_to(seed):
    pick = random.Random(seed if SCALE == 1 else None)
    for _ in range(1500 * SCALE):
        system = random_system(pick)
        ways = system.explored()
        result, causes = system.expected()
        assert summary(ways.results) == result, vars(system)
        if result == "open":
            assert ways.causes == causes, vars(system)


@pytest.mark.parametrize("seed", range(4))
def test_only_what_is_among_the_causes_can_settle_an_open_output(seed):
    pick = random.Random(seed + 100 if SCALE == 1 else None)
    tried = 0
    while tried < 1000 * SCALE:
        system = random_system(pick, 5)
        ways = system.explored()
        if summary(ways.results) != "open":
            continue
        named = {cause.name for cause in ways.causes}
        others = [
            n for n, s in system.states.items() if isinstance(s, Unknown) and not {x.name for x in s.causes} & named
        ]
        for states in product((TRUE, FALSE), repeat=len(others)):
            more = System.__new__(System)
            vars(more).update(vars(system))
            more.states = {**system.states, **dict(zip(others, states, strict=True))}
            tried += 1
            assert summary(more.explored().results) == "open", vars(system)


@pytest.mark.parametrize("seed", range(4))
def test_settling_one_rule_keeps_what_is_settled_and_adds_no_cause(seed):
    pick = random.Random(seed + 200 if SCALE == 1 else None)
    for _ in range(1000 * SCALE):
        system = random_system(pick)
        before = system.explored()
        blocked = [n for n, s in system.states.items() if isinstance(s, Unknown)]
        if not blocked:
            continue
        more = System.__new__(System)
        vars(more).update(vars(system))
        more.states = {**system.states, pick.choice(blocked): pick.choice((TRUE, FALSE))}
        after = more.explored()
        if summary(before.results) != "open":
            assert summary(after.results) == summary(before.results), vars(system)
        else:
            assert after.causes <= before.causes, vars(system)


def held(least, most, step):
    """Amounts rounded down to a step, and kept between two bounds (`most` may be unknown)."""

    def hold(result):
        if not isinstance(result, Known) or not isinstance(result.value, Money):
            return result
        amount = result.value.amount // step * step
        if amount > least and isinstance(most, Unknown):
            return most
        bound = amount if isinstance(most, Unknown) else min(amount, most)
        return Known(Money(max(bound, least), "USD"))

    return hold


@pytest.mark.parametrize("seed", range(8))
def test_amounts_that_are_held_are_settled_only_if_all_subsets_are_held_to_the_same(seed):
    pick = random.Random(seed + 300 if SCALE == 1 else None)
    for _ in range(1000 * SCALE):
        system = random_system(pick, 5, ("sum", "sum", "sum", "min", "max", "unique", "first"))
        amounts = {name: pick.choice((-3, -2, -1, 0, 1, 2, 5)) for name in system.conclusions}
        system.conclusions = {
            name: Known(Money(Fraction(amounts[name], 2), "USD")) if isinstance(said, Known) else said
            for name, said in system.conclusions.items()
        }
        if isinstance(system.otherwise, Known):
            system.otherwise = Known(Money(Fraction(pick.choice((0, 1, 3))), "USD"))
        system.hold = held(pick.choice((-9, 0)), pick.choice((Fraction(1), Fraction(2), waits_for("cap"))), Fraction(1))
        ways = system.explored()
        result, causes = system.expected()
        assert summary(ways.results) == result, vars(system)
        if result == "open":
            assert ways.causes >= causes, vars(system)


def test_the_corners_that_singles_alone_get_wrong():
    blocked = [waits_for("f0"), waits_for("f1")]
    twice = System("sum", blocked, [Known(5), Known(5)], [], Known(5))
    assert summary(twice.explored().results) == "open", "both together come to 10"
    same_as_silence = System("min", blocked, [Known(0), Known(5)], [], Known(0))
    assert same_as_silence.explored().causes == {Cause("fact", "f0"), Cause("fact", "f1")}
    before_another = System("first", [*blocked, TRUE], [Known(1), Known(2), Known(1)], [], None)
    assert before_another.explored().causes == {Cause("fact", "f0"), Cause("fact", "f1")}


def test_silence_and_conflict_are_results_like_any_other():
    assert System("unique", [FALSE], [Known(1)], [], None).explored().results == (NOTHING,)
    assert System("unique", [TRUE, TRUE], [Known(1), Known(2)], [], None).explored().results == (CONFLICT,)
    still = System("unique", [TRUE, TRUE, waits_for("f")], [Known(1), Known(2), Known(3)], [], None)
    assert still.explored().results == (CONFLICT,)


def test_ten_blocked_overriders_and_many_rules_take_no_time():
    count = 60
    for kind in COMBINES:
        pick = random.Random(1)
        values = [
            Known(i) if kind in ("unique", "sum", "min", "max", "first") else random_value(pick, kind)
            for i in range(count)
        ]
        overrides = [(strong, weak) for strong in range(50, 60) for weak in range(strong) if pick.random() < 0.3]
        system = System(kind, [waits_for(f"f{i}") for i in range(count)], values, overrides, None)
        start = process_time()
        system.explored()
        assert process_time() - start < 5, kind
