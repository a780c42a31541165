"""Files of worked cases, and folders of versions: what else authors write and the engine reads."""

from __future__ import annotations

from functools import cache
from random import Random

import fuzz_bytes
import fuzz_policies
from fuzz_additions import tree
from fuzz_corpus import ROOT, Seed, worked_cases
from fuzz_tree import Leaf, Map, clone, parse, spots, write

_ODD_NAMES = (
    *(
        "request",
        "request.lines",
        "request.lines[0]",
        "request.lines[1]",
        "request.lines[7]",
        "line.paid",
        "order.lines",
    ),
    *("order.lines[0].paid", "order[0]", "line", "line[0]", "line.delivery.at", "", "a..b", "[0]", "a[", "order.é"),
    *(
        "request.lines[" + "9" * 5000 + "]",
        "order.lines[0][0]",
        "request.at.x",
        "assume",
        "as_of",
        "x.y.z",
        "order.paid ",
    ),
)
_DAYS = ("2026-01-01", "2026-04-01", "2026-07-01", "2027-01-01")


@cache
def _tree_of(seed: Seed) -> Map | None:
    return parse(seed.data)


def policy_of(seed: Seed) -> bytes:
    """The policy that a seed with cases is about; a small one if that is not there."""
    root = _tree_of(seed)
    named = root.get("policy") if root is not None else None
    path = (ROOT / seed.name).parent / named.text if isinstance(named, Leaf) else ROOT
    return path.read_bytes() if path.is_file() else (ROOT / "tests/fuzz/corpus/policies/tiny.yaml").read_bytes()


def changed_cases(rng: Random) -> tuple[str, bytes, bytes]:
    """The name of a seed, its policy, and its cases with some changes."""
    small = [seed for seed in worked_cases() if seed.small]
    seed = rng.choice(worked_cases() if rng.random() < 0.004 else small)
    root = _tree_of(seed)
    if root is None or rng.random() < 0.3:
        others = [one.data for one in small]
        return seed.name, policy_of(seed), fuzz_bytes.mutated(rng, seed.data, others, fuzz_bytes.YAML_PIECES)
    if rng.random() < 0.5:
        made = clone(root)
        assert isinstance(made, Map)
        for _ in range(rng.choice((1, 2, 4))):
            _odd_fact(rng, made)
        return seed.name, policy_of(seed), write(made)
    changes = rng.choice((1, 1, 2, 3))
    return seed.name, policy_of(seed), fuzz_policies.mutated(rng, root, changes, "nodes")


def _odd_fact(rng: Random, root: Map) -> None:
    """A fact with an odd name or value, in a place where facts are set."""
    holders = [
        spot.node for spot in spots(root) if spot.key in ("facts", "matrix", "parameters", "readings", "outputs")
    ]
    maps = [node for node in holders if isinstance(node, Map)]
    if not maps:
        return
    holder = rng.choice(maps)
    values = ("~", "1", "true", "=x", "2026-02-30", [], {}, [1], [[]], {"not_by": 1}, {"a": {"b": []}}, "1.5", "9" * 30)
    value = tree(rng.choice(values))
    if holder and rng.random() < 0.5:
        rng.choice(holder)[1] = value
    else:
        holder.insert(rng.randrange(len(holder) + 1), [Leaf(rng.choice(_ODD_NAMES), True), value])


def versions(rng: Random, root: Map) -> tuple[bytes, ...]:
    """Two or three versions of a policy, which mostly follow one another without a hole."""
    made = []
    days = [rng.choice(_DAYS) for _ in range(4)] if rng.random() < 0.2 else list(_DAYS)
    moment = rng.choice(("order.placed_at", "order.placed_at", "request.at", "line.delivery.at"))
    for number in range(rng.choice((2, 2, 3))):
        effective = {"from": days[number], "until": days[number + 1], "by": moment}
        one = Map([[key, value] for key, value in root if key.text not in ("effective", "version")])
        one += [[Leaf("effective"), tree(effective)], [Leaf("version"), Leaf(f"v{number}", quoted=True)]]
        decisions = clone(root.get("decisions") or Map())
        if isinstance(decisions, Map) and decisions and rng.random() < 0.2:
            rng.choice(decisions)[0] = Leaf("question_of_its_own")  # that the others do not have
            one = Map([[key, decisions if key.text == "decisions" else value] for key, value in one])
        changed = fuzz_policies.mutated(rng, one, rng.choice((0, 1, 2)), "tame" if rng.random() < 0.8 else "nodes")
        made.append(changed)
    return tuple(made)
