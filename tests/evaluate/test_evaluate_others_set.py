"""Values that somebody else sets, values that change over time, and facts that are worked out."""

from __future__ import annotations

import pytest

from engine import PolicyError, load_policy

ASKED = b"""
policy: tools
title: Tool shop
version: '1'
currency: USD
timezone: America/Denver
rounding: half up
parameters:
  desk_fee: {type: money, by: order.placed_at, values: [{value: 5.00 USD}, {from: 2026-01-01, value: 6.00 USD}]}
tables:
  post:
    looks_at: {items: count line in request.lines}
    gives: {charge: money}
    rows:
      few: {items: to 2, charge: 12.00 USD}
      many: {items: 3.., charge: {ask: outside, why: What does the calculator say?}}
decisions:
  refund:
    asks: What is kept for opened tools?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
      fee: {type: money, combine: sum, roll_up: sum}
    rules:
      opened:
        when: line.condition.opened
        then:
          outcome: {ask: workshop, one_of: [approve, deny], why: Can it be sold again?}
          fee: {ask: workshop, at_least: 22% of line.paid, at_most: line.paid, why: It depends on the damage.}
      closed: {when: not line.condition.opened, then: {outcome: approve}}
      desk: {then: {fee: desk_fee}}
  shipping_quote:
    asks: What does sending cost?
    outputs: {charge: {type: money}}
    rules: {by_table: {then: {charge: post.charge}}}
"""
TOOLS = load_policy(ASKED)


def tool_case(opened=True, answers=None, placed="2025-12-31T10:00:00-07:00", lines=1):
    line = {"id": "a", "condition": {"opened": opened}}
    if answers is not None:
        line["answers"] = {"refund": {"opened": answers}}
    return {
        "order": {"currency": "USD", "placed_at": placed, "lines": [{"id": "a", "paid": "10.00"}]},
        "request": {"lines": [line] * lines},
    }


def test_until_the_workshop_answers_a_person_must_say():
    decision = TOOLS.decide("refund", tool_case())
    assert (decision.status, decision.why) == ("referred", ("discretion",))
    (need,) = [n for n in decision.outputs["fee"].needs if n.kind == "referred"]
    assert need.item == "request.lines[0].answers.refund.opened.fee" and need.ask == "It depends on the damage."


@pytest.mark.parametrize(
    ("fee", "status", "total"),
    [
        ("2.20", "decided", "7.20 USD"),
        ("10.00", "decided", "15.00 USD"),
        ("2.19", "error", None),
        ("10.01", "error", None),
    ],
)
def test_an_answer_must_lie_within_its_bounds_and_is_never_clamped(fee, status, total):
    output = TOOLS.decide("refund", tool_case(answers={"fee": fee, "outcome": "approve"})).outputs["fee"]
    assert output.status == status
    assert total is None or str(output.value) == total


def test_an_answer_in_words_is_one_of_those_offered():
    assert TOOLS.decide("refund", tool_case(answers={"outcome": "deny"})).verdict == "deny"
    wrong = TOOLS.decide("refund", tool_case(answers={"outcome": "review"}))
    assert wrong.status == "error" and wrong.problems[0].diagnostic.code == "fact-unknown-word"


def test_a_figure_from_outside_is_waited_for():
    decision = TOOLS.decide("shipping_quote", tool_case(lines=3))
    assert (decision.status, decision.why) == ("needs_facts", ("external",))
    given = {**tool_case(lines=3), "answers": {"post": {"many": {"charge": "31.40"}}}}
    assert str(TOOLS.decide("shipping_quote", given).value) == "31.40 USD"
    assert str(TOOLS.decide("shipping_quote", tool_case(lines=2)).value) == "12.00 USD"


def test_words_have_no_bounds_and_the_words_offered_are_the_outputs():
    for old, new in [("one_of: [approve, deny]", "at_least: 3"), ("one_of: [approve, deny]", "one_of: [yes_please]")]:
        with pytest.raises(PolicyError):
            load_policy(ASKED.replace(old.encode(), new.encode()))


@pytest.mark.parametrize(
    ("placed", "fee"), [("2025-12-31T23:59:59-07:00", "5.00 USD"), ("2026-01-01T00:00:00-07:00", "6.00 USD")]
)
def test_a_dated_value_is_picked_by_the_local_date(placed, fee):
    assert str(TOOLS.decide("refund", tool_case(opened=False, placed=placed)).outputs["fee"].value) == fee


def test_a_dated_value_without_its_date_is_asked_for():
    case = tool_case(opened=False)
    del case["order"]["placed_at"]
    output = TOOLS.decide("refund", case).outputs["fee"]
    assert output.status == "needs_facts" and [n.name for n in output.needs] == ["order.placed_at"]


@pytest.mark.parametrize("values", ["[{from: 2026-01-01, value: 5.00 USD}]", "[{value: 5.00 USD}, {value: 6.00 USD}]"])
def test_dated_values_stand_in_order_of_time(values):
    bad = ASKED.replace(b"[{value: 5.00 USD}, {from: 2026-01-01, value: 6.00 USD}]", values.encode())
    with pytest.raises(PolicyError) as caught:
        load_policy(bad)
    assert "in order of time" in str(caught.value)


KEPT = load_policy(b"""
policy: kept
title: What is kept
version: '1'
currency: USD
timezone: America/Denver
decisions:
  payout:
    asks: What stays with the customer?
    outputs: {kept: {type: money}, whole: {type: boolean}, several: {type: boolean}}
    rules:
      all: {then: {kept: order.kept_total, whole: request.whole_order, several: any l in order.lines has l.kept > 1}}
""")


def kept_case(asked, before=0, **request):
    lines = [{"id": "a", "quantity": 3, "returned_before": before, "paid": "10.00"}]
    lines.append({"id": "b", "quantity": 1, "returned_before": 0, "paid": "5.00"})
    wanted = [{"id": name, "asked": count} for name, count in asked]
    return {"order": {"currency": "USD", "lines": lines}, "request": {"lines": wanted, **request}}


@pytest.mark.parametrize(
    ("asked", "before", "kept", "whole"),
    [
        ([("a", 1)], 0, "11.67 USD", False),
        ([("a", 1), ("a", 1)], 0, "8.33 USD", False),
        ([("a", 2)], 1, "5.00 USD", False),
        ([("a", 3), ("b", 1)], 0, "0.00 USD", True),
    ],
)
def test_what_is_kept_counts_units_and_follows_the_cumulative_rule(asked, before, kept, whole):
    outputs = KEPT.decide("payout", kept_case(asked, before)).outputs
    assert (str(outputs["kept"].value), outputs["whole"].value) == (kept, whole)


def test_without_earlier_returns_what_is_kept_is_not_known():
    case = kept_case([("a", 1)])
    del case["order"]["lines"][0]["returned_before"]
    output = KEPT.decide("payout", case).outputs["kept"]
    assert [n.name for n in output.needs] == ["order.lines[0].returned_before"]


def test_the_whole_order_may_be_told_where_its_lines_are_not():
    told = {"request": {"lines": [{"id": "a"}], "whole_order": True}}
    assert KEPT.decide("payout", told).outputs["whole"].value is True
    against = kept_case([("a", 1)], whole_order=True)
    assert KEPT.decide("payout", against).outputs["whole"].status == "error"
