"""The ways the blocked rules of an output may fall, what each comes to, and which rules make a difference.

`docs/semantics.md`, steps 6 and 8. A blocked rule that overrides is considered both ways, together with every other one
(2^|K| worlds). Of the other blocked rules it is enough to add one or two to each world:

- *one*, where rules speak already and the result is the best of what they say (`strictest`, `min`, `max`, `earliest`,
  `latest`), what all of them say (`all`), or their sum: adding more changes nothing that one of them does not change.
- *two*, under `unique` (two together may conflict), under `first` (a rule matters that stands before another), where one
  of them concludes something unknown, and wherever nothing speaks yet: `otherwise` gives way to the first rule that
  speaks, so a rule that says the same as `otherwise` may still change what a second one brings about.

Amounts are *held* where they are concluded: rounded, and kept within the bounds of their flow. Holding keeps the order of
amounts, but two sums that are held to the same amount may be parts of one that is not. So of a `sum` that is held the
least and the greatest are looked at too, and whether a rule makes a difference is asked of what is not held yet.

`tests/laws/test_laws_worlds.py` compares this with all subsets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.evaluate.combine import Joined, changes
from engine.language import core as c
from engine.language.outcome import Cause, Causes, Known, Result, Unknown
from engine.values.money import Money

Voices = int
"""A set of voices: bit i stands for the i-th thing that rules of this output say."""


@dataclass(frozen=True)
class Ways:
    """The ways an output may come out (at least two if it is open), and what would settle it."""

    results: tuple[Joined, ...]
    causes: Causes
    base: tuple[c.CoreRule, ...]
    """The rules that surely speak if no blocked rule applies."""
    concluded: Joined
    """What the first of the results was before it was held."""


@dataclass(frozen=True)
class _World:
    """Who speaks, and who may speak besides, in one of the ways."""

    base: tuple[c.CoreRule, ...]
    may: tuple[c.CoreRule, ...]
    base_voices: Voices
    may_voices: Voices


class Worlds:
    """P(o) and C(o) of one output.

    `activation` is A(r) by rule id, `conclude` what a rule concludes, `join` the function J over rules in their order,
    `hold` what is done to an amount where it is concluded (None: nothing).
    """

    def __init__(
        self,
        output: c.CoreOutput,
        activation: Mapping[str, Result],
        conclude: Callable[[c.CoreRule], Result],
        join: Callable[[Sequence[c.CoreRule], Mapping[str, Result]], Joined],
        hold: Callable[[Joined], Joined] | None = None,
    ) -> None:
        self.output = output
        self.activation = activation
        self.join = join
        self.hold = hold
        overriding = {r.id for rules in output.over.values() for r in rules}
        self.keys = [r for r in output.rules if r.id in overriding and self._blocked(r)]
        speaking = [r for r in output.rules if self._blocked(r) or self._applies(r)]
        self.conclusions: dict[str, Result] = {r.id: conclude(r) for r in speaking}
        self._voice, self._speakers = self._voices(speaking)
        self._unknown = self._set([r for r in speaking if isinstance(self.conclusions[r.id], Unknown)])
        self._joined: dict[Voices, Joined] = {}
        self._deciding: dict[tuple[Voices, Voices], Voices] = {}
        self._turning: dict[tuple[Voices, ...], bool] = {}

    def _blocked(self, rule: c.CoreRule) -> bool:
        return isinstance(self.activation[rule.id], Unknown)

    def _applies(self, rule: c.CoreRule) -> bool:
        return self.activation[rule.id] == Known(True)

    def out(self, rule: c.CoreRule, fires: Callable[[c.CoreRule], bool]) -> tuple[str, ...]:
        """The rules that override this one and fire."""
        return tuple(q.id for q in self.output.over.get(rule.id, ()) if fires(q))

    # voices: rules that say the same are one, where saying it twice changes nothing ------------------------------------

    def _voices(self, rules: Sequence[c.CoreRule]) -> tuple[dict[str, Voices], list[c.CoreRule]]:
        """Each rule's voice, and for each voice a rule that has it."""
        voice: dict[str, Voices] = {}
        speakers: list[c.CoreRule] = []
        known: dict[object, Voices] = {}
        for rule in rules:
            said = self.conclusions[rule.id]
            key: object = rule.id
            if self.output.combine not in ("sum", "first") and isinstance(said, Known):
                key = (type(said.value), said.value)
            if key not in known:
                known[key] = 1 << len(speakers)
                speakers.append(rule)
            voice[rule.id] = known[key]
        return voice, speakers

    def _set(self, rules: Sequence[c.CoreRule]) -> Voices:
        voices = 0
        for rule in rules:
            voices |= self._voice[rule.id]
        return voices

    def _j(self, voices: Voices) -> Joined:
        """J of the rules that have these voices."""
        found = self._joined.get(voices)
        if found is None:
            rules = [rule for i, rule in enumerate(self._speakers) if voices >> i & 1]
            found = self._joined[voices] = self.join(sorted(rules, key=lambda r: r.order), self.conclusions)
        return found

    # worlds ------------------------------------------------------------------------------------------------------------

    def _worlds(self) -> list[_World]:
        """One world for each set of keys that are let apply; bit i of its place in the list is the i-th key."""
        sure = {r.id for r in self.output.rules if self._applies(r)}
        keys = [k.id for k in self.keys]
        others = [r for r in self.output.rules if r.id not in keys and self._blocked(r)]
        over = {name: [q.id for q in rules] for name, rules in self.output.over.items()}
        worlds = []
        for way in range(1 << len(keys)):
            firing = sure | {k for i, k in enumerate(keys) if way >> i & 1}
            out = {name for name, rules in over.items() if any(q in firing for q in rules)}
            base = tuple(r for r in self.output.rules if r.id in firing and r.id not in out)
            may = tuple(r for r in others if r.id not in out)
            worlds.append(_World(base, may, self._set(base), self._set(may)))
        return worlds

    def explore(self) -> Ways:
        """All results; if they leave the output open, with the causes of every blocked rule that changes one."""
        worlds = self._worlds()
        results: dict[Joined, None] = {}
        for base, may in dict.fromkeys((w.base_voices, w.may_voices) for w in worlds):
            self._results(base, may, results)
        causes: set[Cause] = set()
        if len(results) > 1 or isinstance(next(iter(results)), Unknown):
            for rule in self._deciding_rules(worlds):
                state = self.activation[rule.id]
                causes |= state.causes if isinstance(state, Unknown) else frozenset()
            for result in results:
                causes |= result.causes if isinstance(result, Unknown) else frozenset()
        return Ways(tuple(results), frozenset(causes), worlds[0].base, self._j(worlds[0].base_voices))

    def _results(self, base: Voices, may: Voices, results: dict[Joined, None]) -> None:
        """J(base), J(base + r), and J(base + r + r') where two may do what neither does."""
        results[self._held(base)] = None
        for one in _each(may):
            results[self._held(base | one)] = None
            for other in _each(may) if len(results) == 1 and self._in_pairs(base) else ():
                results[self._held(base | one | other)] = None
        if self.hold is not None and self.output.combine == "sum" and may:
            for part in self._signed(may):
                results[self._held(base | part)] = None

    def _held(self, voices: Voices) -> Joined:
        """J of the rules that have these voices, as it is concluded."""
        joined = self._j(voices)
        return joined if self.hold is None else self.hold(joined)

    def _signed(self, may: Voices) -> Iterator[Voices]:
        """All that add to a sum, and all that take from it: with them it is greatest, and least."""
        adding = taking = 0
        for one in _each(may):
            said = self.conclusions[self._speakers[one.bit_length() - 1].id]
            amount = said.value.amount if isinstance(said, Known) and isinstance(said.value, Money) else 0
            adding |= one if amount > 0 else 0
            taking |= one if amount < 0 else 0
        yield from (part for part in (adding, taking) if part)

    def _in_pairs(self, base: Voices) -> bool:
        return self.output.combine in ("unique", "first") or not base

    # what makes a difference -------------------------------------------------------------------------------------------

    def _deciding_rules(self, worlds: list[_World]) -> Iterator[c.CoreRule]:
        """The blocked rules whose applying or not changes a result in some world, whatever else speaks in it."""
        found: dict[str, c.CoreRule] = {}
        for world in worlds:
            deciding = self._deciding_voices(world.base_voices, world.may_voices)
            found.update((r.id, r) for r in world.may if self._voice[r.id] & deciding)
        for i, key in enumerate(self.keys):
            pairs = ((w, worlds[way | 1 << i]) for way, w in enumerate(worlds) if not way >> i & 1)
            if any(self._turns(without, having) for without, having in pairs):
                found[key.id] = key
        yield from found.values()

    def _deciding_voices(self, base: Voices, may: Voices) -> Voices:
        found = self._deciding.get((base, may))
        if found is None:
            found = 0
            for one in _each(may):
                others = _each(may & ~one & (-1 if self._in_pairs(base) else self._unknown))
                if any(changes(self._j(base | x), self._j(base | x | one)) for x in (0, *others)):
                    found |= one
            self._deciding[base, may] = found
        return found

    def _turns(self, without: _World, having: _World) -> bool:
        """Whether letting one more blocked overrider apply changes a result, whatever else speaks.

        It can only silence rules. So what else may speak, may do so in both worlds or only in the one without it, and a
        pair of which both may speak in both worlds shows nothing that one of the two does not show.
        """
        if without.base == having.base and without.may == having.may:
            return False  # it is silenced itself, and so is whatever it could silence
        still = {r.id for r in having.may}
        silenced = self._set([r for r in without.may if r.id not in still])
        key = (without.base_voices, having.base_voices, silenced, having.may_voices)
        found = self._turning.get(key)
        if found is None:
            found = self._turning[key] = self._differ(*key)
        return found

    def _differ(self, base: Voices, base2: Voices, silenced: Voices, both: Voices) -> bool:
        extras = [(0, 0), *((x, 0) for x in _each(silenced)), *((x, x) for x in _each(both))]
        if self._in_pairs(base) or not base2:
            extras += [(x | y, 0) for x in _each(silenced) for y in _each(silenced) if x < y]
            extras += [(x | y, y) for x in _each(silenced) for y in _each(both)]
        return any(changes(self._j(base | x), self._j(base2 | y)) for x, y in extras)


def _each(voices: Voices) -> Iterator[Voices]:
    """The members of a set, one at a time."""
    while voices:
        lowest = voices & -voices
        yield lowest
        voices ^= lowest
