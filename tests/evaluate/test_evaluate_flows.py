"""Which way amounts go: refunds within what was paid, bonuses and charges beside it, and what they come to together."""

from __future__ import annotations

import pytest

from engine import load_policy
from engine.explain.document import document
from engine.explain.text import render_decision

TEXT = b"""
policy: hire
title: Hire shop
version: '1'
currency: EUR
timezone: Europe/Lisbon
rounding: half up
sources:
  terms:
    title: Terms
    read_on: 2026-01-02
    sections:
      Money:
        hi-1: {kind: rule, says: What comes back late gets a thank-you voucher when it is early.}
        hi-2: {kind: rule, says: Cleaning is charged.}
decisions:
  refund:
    asks: What goes back for this line?
    for_each: line in request.lines
    outputs:
      goods: {type: money, flow: refund, combine: sum, roll_up: sum}
      tax: {type: money, flow: refund, up_to: line.tax_total, combine: sum, roll_up: sum}
      cleaning: {type: money, flow: charge, combine: sum, roll_up: sum}
      net: {type: money, net_of: [goods, tax, cleaning], below_zero: customer_owes, roll_up: sum}
    rules:
      goods: {then: {goods: line.unit_price * line.asked, tax: line.tax_total}}
      worn: {when: not line.condition.unworn, then: {goods: -30.00 EUR}}
      opened: {when: line.condition.opened, then: {goods: -0.40 * 0.01 EUR, cleaning: 12.00 EUR}, cites: [hi-2]}
    otherwise:
      cleaning: {value: 0.00 EUR, cites: [hi-2]}
  payout:
    asks: What is paid in all?
    outputs:
      voucher: {type: money, flow: bonus}
      postage: {type: money, flow: refund}
      total: {type: money, net_of: [refund.net, voucher, postage], below_zero: nothing}
      owed: {type: money, net_of: [refund.net, voucher, postage], below_zero: customer_owes}
      back: {type: tender split, of: payout.owed, in_order: [any other]}
    rules:
      early: {then: {voucher: 3.00 EUR, postage: order.shipping_paid}, cites: [hi-1]}
"""
HIRE = load_policy(TEXT)


def case(line=None, order=None):
    """One line of two pieces at 20.00 each, one of which is asked for; `line` and `order` change or (None) drop facts."""
    of_order = {"id": "a", "quantity": 2, "paid": "40.00", "unit_price": "20.00", "tax_total": "4.00"}
    of_order |= {"returned_before": 0}
    asked = {"id": "a", "asked": 1, "condition": {"unworn": True, "opened": False}}
    for name, value in (line or {}).items():
        (of_order if name in of_order else asked)[name] = value
    tenders = [{"id": "1", "kind": "card", "captured": "90.00", "refunded": "0.00"}]
    whole = {"currency": "EUR", "total_paid": "44.00", "total_refunded": "0.00", "shipping_paid": "4.00"}
    return {
        "order": {**whole, "tenders": tenders, **(order or {}), "lines": [of_order]},
        "request": {"lines": [asked]},
    }


def of_line(facts, output):
    found = HIRE.decide("refund", facts).members[0].outputs[output]
    return found.value if found.value is None else str(found.value), found.held


def whole(facts, output):
    return str(HIRE.decide("payout", facts).outputs[output].value)


def test_a_refund_is_what_the_rules_come_to() -> None:
    assert of_line(case(), "goods") == ("20.00 EUR", None)


def test_a_refund_is_never_more_than_is_left_of_what_was_paid() -> None:
    assert of_line(case({"paid": "30.00", "asked": 2}), "goods") == ("30.00 EUR", "at_most")
    assert of_line(case({"paid": "30.00", "returned_before": 1}), "goods") == ("15.00 EUR", "at_most")


def test_a_bound_of_its_own_takes_the_place_of_that() -> None:
    assert of_line(case({"paid": "1.00", "unit_price": "1.00"}), "tax") == ("4.00 EUR", None)


def test_a_refund_is_never_below_zero_and_nothing_waits_for_its_bound_then() -> None:
    worn = {"condition": {"unworn": False, "opened": False}}
    assert of_line(case(worn), "goods") == ("0.00 EUR", "at_zero")
    assert of_line(case({**worn, "paid": None}), "goods") == ("0.00 EUR", "at_zero")
    assert of_line(case({"paid": None}), "goods") == (None, None)


def test_an_unknown_rule_does_not_matter_where_the_amount_is_held_to_the_same() -> None:
    goods = {"paid": "5.00", "quantity": 1}
    assert of_line(case({**goods, "condition": {"unworn": True}}), "goods") == ("5.00 EUR", "at_most")
    assert of_line(case({**goods, "condition": {"opened": False}}), "goods") == (None, None)


def test_a_net_amount_is_refunds_less_charges_and_the_customer_may_owe_it() -> None:
    opened = {"condition": {"unworn": True, "opened": True}}
    assert of_line(case(opened), "net")[0] == "12.00 EUR"
    assert of_line(case({**opened, "paid": "3.00", "tax_total": "0.00"}), "net")[0] == "-9.00 EUR"


def test_bonuses_are_not_bounded_and_below_zero_is_what_the_policy_says() -> None:
    opened = {"condition": {"unworn": True, "opened": True}, "paid": "3.00", "tax_total": "0.00"}
    assert whole(case({"tax_total": "0.00"}), "total") == "27.00 EUR"
    assert whole(case(opened), "total") == "0.00 EUR"
    assert whole(case(opened), "owed") == "-2.00 EUR"


def test_what_exists_once_is_bounded_by_what_is_left_of_the_order() -> None:
    assert whole(case(order={"total_refunded": "41.00"}), "postage") == "3.00 EUR"
    assert whole(case(order={"total_refunded": "50.00"}), "postage") == "0.00 EUR"


def test_nothing_is_laid_out_over_the_ways_of_paying_where_the_customer_owes() -> None:
    opened = {"condition": {"unworn": True, "opened": True}, "paid": "3.00", "tax_total": "0.00"}
    back = HIRE.decide("payout", case(opened)).outputs["back"]
    assert [str(part.amount) for part in back.value] == ["0.00 EUR"]


def test_a_net_amount_waits_for_what_its_parts_wait_for() -> None:
    found = HIRE.decide("payout", case({"quantity": None})).outputs["total"]
    assert found.status == "needs_facts"
    assert {need.name for need in found.needs} == {"request.lines[0].quantity"}


@pytest.mark.parametrize("decision", ["refund", "payout"])
def test_documents_say_which_way_each_amount_goes(decision) -> None:
    outputs = document(HIRE.decide(decision, case({"paid": "3.00"})))["outputs"]
    expected = {
        "refund": {"goods": "refund", "tax": "refund", "cleaning": "charge", "net": None},
        "payout": {"voucher": "bonus", "postage": "refund", "total": None, "owed": None, "back": None},
    }
    assert {name: one["flow"] for name, one in outputs.items()} == expected[decision]
    net = outputs["net" if decision == "refund" else "total"]["net_of"]
    last = {"output": "cleaning", "flow": "charge", "label": None, "value": None}  # of all lines together
    assert net[-1] == last if decision == "refund" else net[1]["flow"] == "bonus"


def test_the_answer_in_words_says_how_an_amount_was_held_and_who_owes() -> None:
    opened = {"condition": {"unworn": True, "opened": True}, "paid": "3.00", "tax_total": "0.00"}
    said = render_decision(HIRE.decide("payout", case(opened)), HIRE.program)
    assert "owed: 2.00 EUR, owed by the customer" in said
    assert "2.00 EUR" in said and "3.00 EUR voucher" in said
    lines = HIRE.decide("refund", case(opened)).members
    parts = {part.output: str(part.value and part.value.amount) for part in lines[0].outputs["net"].net_of}
    assert parts == {"goods": "3", "tax": "0", "cleaning": "12"}
    said = render_decision(HIRE.decide("refund", case(opened)), HIRE.program)
    assert "3.00 EUR goods + 0.00 EUR tax - 12.00 EUR cleaning" in said
    said = render_decision(HIRE.decide("payout", case(order={"total_refunded": "41.00"})), HIRE.program)
    assert "postage: 3.00 EUR, which is the most it can be" in said


def test_rounded_sums_wait_for_rules_that_only_together_make_a_coin() -> None:
    policy = load_policy(
        TEXT.split(b"decisions:")[0]
        + b"""
decisions:
  fee:
    asks: What is due?
    outputs: {due: {type: money, combine: sum}}
    rules:
      base: {then: {due: 1.00 EUR}}
      gift: {when: order.is_gift, then: {due: 40% of 0.01 EUR}}
      bulk: {when: order.is_bulk, then: {due: 40% of 0.01 EUR}}
"""
    )
    assert policy.decide("fee", {"order": {}}).status == "needs_facts"
    assert policy.decide("fee", {"order": {"is_gift": False}}).status == "decided"
    both = policy.decide("fee", {"order": {"is_gift": True, "is_bulk": True}})
    assert str(both.outputs["due"].value) == "1.01 EUR"
