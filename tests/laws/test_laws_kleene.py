"""Unknown in expressions: Kleene's tables in full, and what is known against every way the missing facts may turn out."""

from itertools import product

import pytest
from hypothesis import assume, given
from laws_checks import problems, results
from laws_choice import choices
from laws_facts import BOOLEAN, LEVEL, TONE, complete_case, get, paths, tidy, with_value, without
from laws_policies import CITES, CLAUSE, as_text, loaded, random_expressions
from laws_settings import tries

from engine import load_policy
from engine.evaluate.expressions import kleene, negated
from engine.language.outcome import FALSE, TRUE, Known, Unknown, unknown

OPEN = (None, True, False)
AS_RESULT = {None: unknown("fact", "f"), True: TRUE, False: FALSE}
FINITE = {"flag_a": BOOLEAN, "flag_b": BOOLEAN, "flag_c": BOOLEAN, "tone": TONE, "level": LEVEL, "whole": BOOLEAN}


def agreed(values):
    """The value that all ways agree on; None if they differ."""
    different = set(values)
    return next(iter(different)) if len(different) == 1 else None


def ways(parts):
    """Every way in which the open ones of some truth values may turn out."""
    return product(*((True, False) if part is None else (part,) for part in parts))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_and_and_or_are_what_every_way_of_the_open_parts_agrees_on(count):
    for parts in product(OPEN, repeat=count):
        results = [AS_RESULT[part] for part in parts]
        for op, fold in (("and", all), ("or", any)):
            found, wanted = kleene(op, results), agreed(fold(way) for way in ways(parts))
            assert (found.value if isinstance(found, Known) else None) is wanted


def test_not_keeps_what_is_unknown():
    assert [negated(AS_RESULT[part]) for part in OPEN] == [AS_RESULT[None], FALSE, TRUE]


def test_the_causes_are_those_of_the_parts_that_still_count():
    a, b = unknown("fact", "a"), unknown("later", "b")
    assert kleene("or", [a, TRUE, b]) == TRUE
    assert kleene("and", [a, TRUE, b]) == Unknown(a.causes | b.causes)


def one_policy(formulas, facts):
    """A policy that concludes each formula in an output of its name."""
    outputs = {f"v_{name}": {"type": kind} for name, (kind, _) in formulas.items()}
    document = {
        "policy": "tables",
        "title": "Tables",
        "version": "1",
        "currency": "USD",
        "timezone": "UTC",
        "sources": {"page": {"title": "?", "read_on": "2026-01-01", "sections": {"1": {"x-1": CLAUSE}}}},
        "facts": facts,
        "decisions": {
            "ask": {
                "asks": "?",
                "outputs": outputs,
                "rules": {f"r_{name}": {"then": {f"v_{name}": text}, **CITES} for name, (_, text) in formulas.items()},
            }
        },
    }
    return load_policy(as_text(document).encode())


def values(policy, document):
    """What is decided for the whole order, by output; None for what is open."""
    found = {p.output.removeprefix("v_"): r for p, r in results(policy, document).items() if p.member == "all"}
    return {name: result.value if result.status == "decided" else None for name, result in found.items()}


def told(document, places):
    """The case with these facts; None leaves one out."""
    found = document
    for place, value in places.items():
        found = with_value(found, place, value)
    return found


def test_if_is_what_every_way_agrees_on_for_plain_branches():
    facts = {f"order.{name}": {"type": "boolean"} for name in "cab"}
    policy = one_policy({"x": ("boolean", "if order.c then order.a else order.b")}, facts)
    for c, a, b in product(OPEN, repeat=3):
        found = values(policy, {"order": {"c": c, "a": a, "b": b}})["x"]
        if c is None and (a is None or b is None):
            assert found is None, "a condition that is open needs both branches"
        else:
            assert found is agreed(y if x else z for x, y, z in ways((c, a, b)))


FOLDS = {
    "any": ("boolean", "any x in request.lines where x.w has x.p"),
    "all": ("boolean", "all x in request.lines where x.w has x.p"),
    "count": ("integer", "count x in request.lines where x.w"),
    "sum": ("integer", "sum of x.n for x in request.lines where x.w"),
    "min": ("integer", "min of x.n for x in request.lines where x.w"),
    "max": ("integer", "max of x.n for x in request.lines where x.w"),
    "any_plain": ("boolean", "any x in request.lines has x.p"),
    "all_plain": ("boolean", "all x in request.lines has x.p"),
}
LINE_FACTS = {
    "line.w": {"type": "boolean"},
    "line.p": {"type": "boolean"},
    "line.n": {"type": "integer", "min": 0, "max": 1},
}


def folded(name, members):
    """The value of a list expression over members that are known in full; None where there is nothing to fold."""
    kept = [(p, n) for w, p, n in members if w]
    match name:
        case "any" | "all":
            return (any if name == "any" else all)(p for p, _ in kept)
        case "any_plain" | "all_plain":
            return (any if name == "any_plain" else all)(p for _, p, _ in members)
        case "count":
            return len(kept)
        case "sum":
            return sum(n for _, n in kept)
    return (min if name == "min" else max)(n for _, n in kept) if kept else None


@pytest.mark.parametrize("count", [1, 2])
def test_list_expressions_are_sound_and_any_and_all_are_exact(count):
    policy = one_policy(FOLDS, LINE_FACTS)
    domains = (OPEN, OPEN, (None, 0, 1))
    for members in product(product(*domains), repeat=count):
        lines = [dict(zip("wpn", member, strict=True)) for member in members]
        found = values(policy, {"request": {"lines": lines}})
        completions = [
            [tuple(way[i : i + 3]) for i in range(0, 3 * count, 3)]
            for way in product(
                *((full,) if full is not None else d[1:] for m in members for full, d in zip(m, domains, strict=True))
            )
        ]
        for name in FOLDS:
            wanted = agreed(folded(name, completion) for completion in completions)
            if found[name] is not None:
                assert found[name] == wanted, (name, members)
            elif name.startswith(("any", "all")):
                assert wanted is None, (name, members)


def test_list_expressions_over_no_list_and_over_an_empty_one():
    policy = one_policy(
        {name: (kind, text.replace("request", "order")) for name, (kind, text) in FOLDS.items()}, LINE_FACTS
    )
    assert set(values(policy, {}).values()) == {None}
    empty = values(policy, {"order": {"lines": []}})
    assert empty == {
        "any": False,
        "all": True,
        "count": 0,
        "sum": 0,
        "min": None,
        "max": None,
        "any_plain": False,
        "all_plain": True,
    }


def test_what_a_where_leaves_out_may_hold_anything():
    policy = one_policy(FOLDS, LINE_FACTS)
    found = values(policy, {"request": {"lines": [{"w": False}, {"w": True, "p": True, "n": 1}]}})
    assert found == {
        **dict.fromkeys(("any", "all"), True),
        **dict.fromkeys(("count", "sum", "min", "max"), 1),
        "any_plain": True,
        "all_plain": None,
    }


@given(choices)
@tries(12)
def test_what_is_known_is_the_value_under_every_completion(choose):
    policy = loaded(random_expressions(choose, 25))
    assume(policy is not None)
    full = tidy(policy, complete_case(choose, lines=1))
    assume(full is not None)
    finite = [place for place in paths(full) if place[-1] in FINITE and get(full, place) is not None]
    gone = choose.shuffled(finite)[:3]
    before = results(policy, without(full, gone))
    for way in product(*(FINITE[place[-1]] for place in gone)):
        completion = told(full, dict(zip(gone, way, strict=True)))
        if problems(policy, completion):
            continue
        after = results(policy, completion)
        for place, result in before.items():
            if result.status == "decided":
                assert (after[place].status, after[place].value) == ("decided", result.value), (place, gone, way)
