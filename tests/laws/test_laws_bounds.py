"""Nothing an author or a customer writes keeps the engine busy: what goes too far is refused by name, the rest is quick.

Times are of the processor, and generous: what is guarded against takes minutes, or ends in a traceback.
"""

import sys
from time import process_time

import pytest
from laws_policies import CITES, CLAUSE, as_text

from engine import PolicyError, load_policy

SECONDS = 10


def policy_text(decisions=None, **parts):
    document = {
        "policy": "bounds",
        "title": "Bounds",
        "version": "1",
        "currency": "USD",
        "timezone": "UTC",
        "rounding": "half up",
        "sources": {"page": {"title": "?", "read_on": "2026-01-01", "sections": {"1": {"x-1": CLAUSE}}}},
        **parts,
    }
    return as_text({**document, "decisions": decisions or {"return": decision({"r": rule("line.is_custom")})}})


def rule(when, **then):
    return {"when": when, "then": then or {"outcome": "approve"}, **CITES}


def decision(rules, outputs=None, **more):
    outcome = {"type": ["deny", "review", "approve"], "combine": "strictest", "roll_up": "each"}
    outputs = {"outcome": outcome, **(outputs or {})}
    return {"asks": "?", "for_each": "line in request.lines", "outputs": outputs, "rules": rules, **more}


def chain(count, step, first="line.is_custom"):
    """Definitions each of which uses the one before: `step` with `{}` for its name."""
    return {"d0": first, **{f"d{i}": step.format(f"d{i - 1}", f"d{i - 1}") for i in range(1, count)}}


def loaded(text):
    start = process_time()
    try:
        return load_policy(text.encode())
    finally:
        assert process_time() - start < SECONDS


def refusal(text):
    with pytest.raises(PolicyError) as caught:
        loaded(text)
    return {d.code for d in caught.value.diagnostics if d.severity == "error"}


def decided(policy, document, name="return", **more):
    start = process_time()
    try:
        return policy.decide(name, document, **more)
    finally:
        assert process_time() - start < SECONDS


LINE = {"request": {"lines": [{}]}}


def lines(count, **facts):
    return {"request": {"lines": [dict(facts) for _ in range(count)]}}


def asking(define, when):
    return policy_text({"return": decision({"r": rule(when)})}, define=define)


# chains -----------------------------------------------------------------------------------------------------------------


def outputs_in_a_row(count):
    found = {}
    for i in range(count):
        when = "line.is_custom" if i == 0 else f"q{i - 1}.outcome == 'approve'"
        found[f"q{i}"] = decision({"r": rule(when)}, otherwise={"outcome": {"value": "deny", **CITES}})
    return policy_text(found)


def tables_in_a_row(count):
    rows = {"a": {"x": True, "g": True, **CITES}, "b": {"x": False, "g": False, **CITES}}
    tables = {
        f"t{i}": {"looks_at": {"x": f"t{i - 1}.g" if i else "line.is_custom"}, "gives": {"g": "boolean"}, "rows": rows}
        for i in range(count)
    }
    return policy_text({"return": decision({"r": rule(f"t{count - 1}.g")})}, tables=tables)


def windows_in_a_row(count):
    windows = {
        f"w{i}": {
            "lasts": "3 days",
            "after": f"w{i - 1}.end" if i else "line.delivery.at",
            "act": "request.at",
            **CITES,
        }
        for i in range(count)
    }
    return policy_text({"return": decision({"r": rule(f"w{count - 1} is open")})}, windows=windows)


def facts_in_a_row(count):
    facts = {f"line.a{i}": {"type": "boolean", "only_when": f"line.a{i - 1}"} for i in range(1, count)}
    facts = {"line.a0": {"type": "boolean"}, **facts}
    return policy_text({"return": decision({"r": rule(f"line.a{count - 1}")})}, facts=facts)


CHAINS = {
    "definitions": lambda n: asking(chain(n, "not {}"), f"d{n - 1}"),
    "choices": lambda n: asking(chain(n, "if {} then false else true"), f"d{n - 1}"),
    "outputs": outputs_in_a_row,
    "tables": tables_in_a_row,
    "windows": windows_in_a_row,
    "facts": facts_in_a_row,
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_that_goes_too_deep_is_refused_by_name(name):
    assert "condition-too-deep" in refusal(CHAINS[name](250))


def test_a_chain_of_a_thousand_definitions_is_refused_too():
    assert "condition-too-deep" in refusal(CHAINS["definitions"](1000))


@pytest.mark.parametrize("name", CHAINS)
def test_the_longest_chain_that_is_let_through_needs_half_of_the_calls_that_python_allows(name):
    longest, count = None, 2
    while longest is None or count < 200:
        try:
            longest, count = loaded(CHAINS[name](count)), count + 3
        except PolicyError:
            break
    last = list(longest.decisions)[-1]
    told = {"is_custom": True, "delivery": {"at": "2026-04-01"}}
    told |= {f"a{i}": True for i in range(count - 3)} if name == "facts" else {}
    calls = len(_stack())
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(calls + 500)
    try:
        for document in (LINE, lines(1, **told), {"request": {"at": "2026-04-02T00:00:00Z", **LINE["request"]}}):
            assert decided(longest, document, last).status
    finally:
        sys.setrecursionlimit(limit)


def _stack():
    frame, found = sys._getframe(), []
    while frame:
        found.append(frame)
        frame = frame.f_back
    return found


@pytest.mark.parametrize(
    ("step", "first", "test"),
    [
        ("{} and {}", "line.is_custom", "not {}"),
        ("{} + {}", "line.paid", "{} > 5 USD"),
        ("{} * {}", "line.quantity", "{} > 5"),
        ("{} + {}", "sum of x.paid for x in request.lines", "{} > 5 USD"),
        ("if line.is_custom then {} else {}", "line.paid", "{} > 5 USD"),
        ("{} or (count x in request.lines where x.is_custom) > 1 and {}", "order.is_bulk", "{}"),
        ("lesser of ({}, {})", "line.paid", "{} < 5 USD"),
    ],
)
def test_definitions_that_use_the_one_before_twice_do_not_double_the_work(step, first, test):
    count = 20 if "count" in step or "if" in step else 30
    policy = loaded(asking(chain(count, step, first), test.format(f"d{count - 1}")))
    assert decided(policy, lines(1, paid="0.01", quantity=1, is_custom=False)).status


def test_facts_that_hang_on_one_another_in_a_circle_are_refused():
    facts = {
        "line.a": {"type": "boolean", "only_when": "line.b"},
        "line.b": {"type": "boolean", "only_when": "not line.c"},
        "line.c": {"type": "boolean", "only_when": "line.a"},
    }
    assert refusal(policy_text(facts=facts)) == {"cycle"}
    assert refusal(policy_text(facts={"line.a": {"type": "boolean", "only_when": "line.a"}})) == {"cycle"}


@pytest.mark.parametrize("key", ["checks", "applies_when", "facts"])
def test_what_comes_before_all_decisions_reads_none(key):
    reads = "return.outcome == 'deny'"
    part = {
        "checks": {"c": {"must": reads, "says": "?"}},
        "applies_when": reads,
        "facts": {"order.a": {"type": "boolean", "only_when": reads}},
    }[key]
    assert refusal(policy_text(**{key: part})) == {"name-not-here"}


def test_a_table_may_stand_in_what_comes_before_all_decisions():
    rows = {"few": {"count": "..2", "small": True, **CITES}, "many": {"count": "over 2", "small": False, **CITES}}
    table = {"looks_at": {"count": "order.item_count"}, "gives": {"small": "boolean"}, "rows": rows}
    text = policy_text(
        tables={"sizes": table}, applies_when="sizes.small", checks={"c": {"must": "sizes.small", "says": "?"}}
    )
    policy = loaded(text)
    assert decided(policy, {**LINE, "order": {"item_count": 1}}).status == "needs_facts"
    assert decided(policy, {**LINE, "order": {"item_count": 3}}).status == "error"


# large conditions -------------------------------------------------------------------------------------------------------


def test_comparing_many_extremes_with_many_others_stays_one_comparison():
    many = ", ".join(["line.paid"] * 300)
    few = ", ".join(["line.paid"] * 60)
    rules = {f"r{i}": rule(f"greater of ({many}) <= lesser of ({few})") for i in range(20)}
    policy = loaded(policy_text({"return": decision(rules)}))
    assert decided(policy, lines(3, paid="1.00")).value == "approve"


def test_long_conditions_are_as_good_as_short_ones():
    long = " and ".join(["(not line.is_custom)"] * 150)
    deep = "(" * 55 + "line.is_custom" + ")" * 55
    policy = loaded(policy_text({"return": decision({"a": rule(long), "b": rule(deep)})}))
    assert decided(policy, lines(2, is_custom=False)).value == "approve"


# many lines -------------------------------------------------------------------------------------------------------------


def test_many_lines_with_lists_in_lists_are_decided():
    define = {
        "total": "sum of x.paid for x in request.lines",
        "dear": "any x in request.lines has any y in order.lines has x.paid > y.paid",
    }
    rules = {
        "a": rule(["total > 5 USD", "dear", "order.kept_total > 3 USD"], outcome="approve", back="line.paid"),
        "b": rule("line.is_custom and line.is_preorder", outcome="deny"),
        "c": rule("line.is_free_gift or line.is_final_sale", outcome="deny"),
    }
    back = {"back": {"type": "money", "roll_up": "sum", "only_when": ["approve"]}}
    policy = loaded(policy_text({"return": decision(rules, back)}, define=define))
    order = [{"id": str(i), "quantity": 1, "returned_before": 0, "paid": "2.00"} for i in range(120)]
    request = [{"id": str(i), "asked": 1} for i in range(120)]
    found = decided(policy, {"order": {"lines": order}, "request": {"lines": request}})
    assert found.status == "needs_facts"
    assert len(found.members) == 120


def test_lists_that_are_too_long_for_what_a_policy_does_with_them_are_an_error():
    every = "all x in request.lines has all y in request.lines has x.paid + y.paid > line.paid"
    policy = loaded(policy_text({"return": decision({"a": rule(every)})}))
    found = decided(policy, lines(600, paid="1.00"))
    assert (found.status, found.problems[0].diagnostic.code) == ("error", "facts-too-large")


def test_deciding_by_cases_for_every_line_takes_no_longer_than_its_budget():
    words = {name: {"type": ["a", "b", "c", "d"]} for name in ("line.w", "line.x", "line.y", "line.z")}
    rules = {f"{name[5:]}_{word}": rule(f"{name} == '{word}'", outcome="deny") for name in words for word in "abcd"}
    policy = loaded(policy_text({"return": decision(rules)}, facts=words))
    found = decided(policy, lines(60), questions=False)
    assert found.value == "deny"
    assert found.outputs["outcome"].by_cases


def test_ten_overriding_rules_that_are_all_blocked_are_weighed_in_time():
    names = [f"r{i}" for i in range(30)]
    facts = {f"line.{name}": {"type": "boolean"} for name in names}
    outputs = {"fee": {"type": "money", "combine": "unique", "roll_up": "sum"}}
    rules = {
        name: rule(f"line.{name}", outcome=("deny", "approve")[i % 2], fee=f"{i}.00 USD")
        for i, name in enumerate(names)
    }
    for i in range(20, 30):
        rules[f"r{i}"]["overrides"] = names[i - 20 : 20 : 2]
    policy = loaded(policy_text({"return": decision(rules, outputs)}, facts=facts))
    assert decided(policy, lines(5)).status == "needs_facts"


def test_more_than_ten_overriding_rules_in_one_output_are_refused():
    rules = {f"r{i}": {**rule("line.is_custom"), "overrides": ["weak"]} for i in range(11)}
    assert refusal(policy_text({"return": decision({"weak": rule("line.is_custom"), **rules})})) == {"output-cost"}


def test_a_thousand_rules_in_one_output_are_decided():
    facts = {f"line.f{i}": {"type": "integer"} for i in range(500)}
    rules = {
        f"r{i}": rule(f"line.f{i} > {i}", outcome=("deny", "approve")[i % 2], fee=f"{i}.00 USD") for i in range(500)
    }
    outputs = {"fee": {"type": "money", "combine": "unique", "roll_up": "sum"}}
    policy = loaded(policy_text({"return": decision(rules, outputs)}, facts=facts))
    assert decided(policy, LINE, questions=False).status == "needs_facts"
