"""Input number n of a seed: the same on every machine that has the same corpus, whatever else was run before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import NamedTuple

import fuzz_bytes
import fuzz_facts
import fuzz_nasty
import fuzz_policies
import fuzz_worked
from fuzz_additions import tree
from fuzz_conditions import Conditions
from fuzz_corpus import Seed, policies, right_policies, worked_cases
from fuzz_corpus import cases as case_seeds
from fuzz_tree import Leaf, Map, reordered, write

from engine.language.core import Program

_LARGE = 0.02
"""How often a large policy is taken instead of a small one: they take a hundred times as long."""


@dataclass(frozen=True)
class Input:
    """A policy and how many cases to try on it; `facts` are cases that are tried whatever the policy is."""

    number: int
    kind: str
    origin: str
    policy: bytes
    cases: int = 0
    facts: tuple[fuzz_facts.Facts, ...] = ()
    worked: bytes = b""
    """A file of worked cases about the policy."""
    later: tuple[bytes, ...] = ()
    """Further versions of the policy."""
    twin: bytes = b""
    """The same policy, written in another order."""
    rng_name: str = ""

    def more_facts(self, program: Program) -> list[fuzz_facts.Facts]:
        """The cases for the policy, once it is known what facts it has."""
        rng = Random(f"{self.rng_name}:cases")
        return [fuzz_facts.make(rng, program, self.policy) for _ in range(self.cases)]


def make(seed: int, number: int) -> Input:
    """The input of a number (from 0)."""
    name = f"{seed}:{number}"
    rng = Random(name)
    (kind,) = rng.choices(list(_KINDS), [weight for weight, _ in _KINDS.values()])
    made = _KINDS[kind][1](rng)
    return Input(number, kind, *made, rng_name=name)


class _Made(NamedTuple):
    origin: str
    policy: bytes
    cases: int = 0
    facts: tuple[fuzz_facts.Facts, ...] = ()
    worked: bytes = b""
    later: tuple[bytes, ...] = ()
    twin: bytes = b""


def _seed(rng: Random, seeds: tuple[Seed, ...]) -> Seed:
    small, large = _by_size(seeds)
    return rng.choice(large if large and rng.random() < _LARGE else small)


@cache
def _by_size(seeds: tuple[Seed, ...]) -> tuple[tuple[Seed, ...], tuple[Seed, ...]]:
    return tuple(s for s in seeds if s.small), tuple(s for s in seeds if not s.small)


def _bytes(rng: Random) -> _Made:
    """Bytes of no meaning, as a policy and as a case."""
    policy = fuzz_bytes.arbitrary(rng) if rng.random() < 0.5 else fuzz_bytes.heap(rng, fuzz_bytes.YAML_PIECES)
    facts = fuzz_bytes.arbitrary(rng) if rng.random() < 0.5 else fuzz_bytes.heap(rng, fuzz_bytes.JSON_PIECES)
    return _Made("bytes", policy, 0, (facts,), worked=facts + policy)


def _changed(rng: Random) -> _Made:
    """A policy of the corpus, as bytes, with some of them changed; a case treated likewise."""
    seed = _seed(rng, policies())
    others = [one.data for one in policies() if one.small]
    policy = fuzz_bytes.mutated(rng, seed.data, others, fuzz_bytes.YAML_PIECES)
    return _Made(seed.name, policy, 1, (fuzz_facts.changed_text(rng),))


def _nasty(rng: Random) -> _Made:
    """A text built to hurt, as it is or with bytes changed."""
    texts, documents = fuzz_nasty.yaml_texts(), fuzz_nasty.json_texts()
    cheap = [name for name, text in texts.items() if len(text) < 50_000]
    name = rng.choice(cheap if rng.random() < 0.95 else list(texts))
    policy = texts[name]
    if len(policy) < 50_000 and rng.random() < 0.7:
        others = [one.data for one in policies() if one.small]
        policy = fuzz_bytes.mutated(rng, policy, others, fuzz_bytes.YAML_PIECES)
    small = [text for text in documents.values() if len(text) < 50_000]
    facts = rng.choice(small if rng.random() < 0.95 else list(documents.values()))
    return _Made(f"nasty: {name}", policy, 1, (facts,))


def _structure(rng: Random) -> _Made:
    """A policy of the corpus, changed part by part."""
    seed = _seed(rng, policies() if rng.random() < 0.2 else right_policies())
    tree = fuzz_policies.tree_of(seed)
    if tree is None:
        return _changed(rng)
    changes = rng.choice((1, 1, 1, 2, 2, 3, 5)) if seed.small else 1
    policy = fuzz_policies.mutated(rng, tree, changes, "tame" if rng.random() < 0.6 else "any")
    return _Made(seed.name, policy, rng.choice((1, 1, 2)))


def _conditions(rng: Random) -> _Made:
    """A small policy full of made-up conditions, in definitions that nothing depends on and in rules."""
    seed = _seed(rng, tuple(one for one in right_policies() if one.small))
    from_seed = fuzz_policies.tree_of(seed) or Map()
    currency = fuzz_policies.currency_of(from_seed) or "USD"
    conditions = Conditions(rng, fuzz_policies.names_of(from_seed), rng.choice((0.0, 0.0, 0.03, 0.3)), currency)
    made = []
    for number in range(rng.choice((1, 3, 8))):
        odd = not conditions.tame and rng.random() < 0.5
        text = conditions.any_text() if odd else conditions.make("boolean", rng.choice((1, 3, 5)))
        made.append([Leaf(f"made_{number}"), Leaf(text, quoted=True)])
    defined = from_seed.get("define")
    own = defined if isinstance(defined, Map) else Map()
    rules = {f"r{n}": {"when": f"=made_{n}", "then": {"outcome": "deny"}} for n in range(len(made))}
    decision = tree({
        "asks": "May it?",
        "for_each": "line in request.lines",
        "outputs": {"outcome": {"type": ["deny", "review", "approve"], "combine": "strictest", "roll_up": "each"}},
        "rules": rules,
        "otherwise": "not_covered",
    })  # fmt: skip
    policy = Map([
        [Leaf("policy"), Leaf("made")],
        [Leaf("title"), Leaf("Made")],
        [Leaf("version"), Leaf("1", quoted=True)],
        [Leaf("currency"), Leaf(currency)],
        [Leaf("timezone"), Leaf("America/Denver")],
        [Leaf("define"), Map([*made, *own])],
        [Leaf("decisions"), Map([[Leaf("return"), decision]])],
    ])  # fmt: skip
    for key in ("calendar", "markets", "sources", "readings", "windows", "parameters", "tables", "facts"):
        kept = from_seed.get(key)
        if kept is not None:
            policy.append([Leaf(key), kept])
    return _Made(seed.name, write(policy), 1)


def _cases(rng: Random) -> _Made:
    """A policy of the corpus as it is, with made-up cases."""
    seed = _seed(rng, right_policies())
    return _Made(seed.name, seed.data, 2 if seed.small else 1)


def _worked(rng: Random) -> _Made:
    """A file of worked cases, changed."""
    origin, policy, worked = fuzz_worked.changed_cases(rng)
    return _Made(origin, policy, worked=worked)


def _versions(rng: Random) -> _Made:
    """Two or three versions of a policy, with a case for them."""
    seed = rng.choice([one for one in right_policies() if one.small])
    first, *later = fuzz_worked.versions(rng, fuzz_policies.tree_of(seed) or Map())
    return _Made(seed.name, first, 1, later=tuple(later))


_UNORDERED = frozenset(
    (
        *("", "sources", "readings", "facts", "checks", "parameters", "define", "windows", "tables", "rows"),
        *("decisions", "requires", "rules", "guarantees", "then", "otherwise"),
    )
)
"""Keys below which the order of entries means nothing."""


def _order(rng: Random) -> _Made:
    """A policy, and the same one in another order: both must say the same. Order means something only to `first`."""
    seed = _seed(rng, tuple(one for one in right_policies() if b"combine: first" not in one.data))
    tree = fuzz_policies.tree_of(seed) or Map()
    twin = reordered(rng, tree, _UNORDERED)
    return _Made(seed.name, write(tree), 1, twin=write(twin))


_KINDS: dict[str, tuple[int, Callable[[Random], _Made]]] = {
    "bytes": (14, _bytes),
    "changed bytes": (20, _changed),
    "nasty": (4, _nasty),
    "changed structure": (34, _structure),
    "conditions": (12, _conditions),
    "cases": (14, _cases),
    "worked cases": (6, _worked),
    "versions": (4, _versions),
    "other order": (4, _order),
}


def whole_corpus() -> list[Input]:
    """Every seed as it is: each policy with some cases, each case with one policy, each text built to hurt."""
    found: list[Input] = []

    def add(kind: str, origin: str, policy: bytes, cases: int, facts: tuple[fuzz_facts.Facts, ...] = ()) -> None:
        number = -1 - len(found)
        found.append(Input(number, kind, origin, policy, cases, facts, rng_name=f"corpus:{origin}"))

    for seed in policies():
        add("seed", seed.name, seed.data, 1)
    frame = fuzz_nasty.policy("order.total_paid > 5.00 USD and any line in request.lines has line.is_custom")
    for seed in case_seeds():
        add("seed", seed.name, frame, 0, (seed.data,))
    for name, text in fuzz_nasty.yaml_texts().items():
        add("seed", f"nasty: {name}", text, 1)
    for seed in worked_cases():
        if not seed.small:
            continue  # the stores' own: other tests run them
        number = -1 - len(found)
        found.append(
            Input(number, "seed", seed.name, fuzz_worked.policy_of(seed), worked=seed.data, rng_name=seed.name)
        )
    for name, text in fuzz_nasty.json_texts().items():
        add("seed", f"nasty: {name}", frame, 0, (text,))
    return found
