"""`share of A for line among L by W`: an amount spread over a list, to the last coin."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import load_policy

TEXT = b"""
policy: spread
title: Spread
version: '1'
currency: EUR
timezone: Europe/Lisbon
rounding: half up
decisions:
  refund:
    asks: What is this line's part?
    for_each: line in request.lines
    outputs:
      by_paid: {type: money, roll_up: sum}
      by_units: {type: money, roll_up: sum}
      of_order: {type: money, roll_up: sum}
    rules:
      part:
        then:
          by_paid: share of order.shipping_paid for line among request.lines by line.paid
          by_units: share of order.shipping_paid for line among request.lines by line.asked
          of_order: line.paid - (share of order.shipping_paid for line among order.lines by line.paid)
  offer:
    asks: What is taken back of each offer?
    for_each: promotion in order.promotions
    outputs: {whole: {type: money, roll_up: sum}, others: {type: money, roll_up: sum}}
    rules:
      parts:
        then:
          whole: >-
            sum of (share of promotion.discount_total for one among promotion.lines by one.discount)
            for one in promotion.lines
          others: >-
            sum of (share of promotion.discount_total for other among promotion.lines by other.discount)
            for other in order.lines where other.id != 'b'
"""
SPREAD = load_policy(TEXT)


def case(shipping, *lines, asked=None):
    """Order lines as (what was paid, units); all of them are in the request, or the numbers in `asked`."""
    order = [{"id": str(i), "paid": paid, "quantity": units} for i, (paid, units) in enumerate(lines)]
    chosen = range(len(order)) if asked is None else asked
    request = [{"id": str(i), "asked": order[i]["quantity"]} for i in chosen]
    return {"order": {"currency": "EUR", "shipping_paid": shipping, "lines": order}, "request": {"lines": request}}


def parts(facts, output):
    return [one.outputs[output].value for one in SPREAD.decide("refund", facts).members]


def said(facts, output):
    return [None if one is None else str(one) for one in parts(facts, output)]


def test_the_coins_left_over_go_to_those_that_lost_most_and_then_in_list_order() -> None:
    assert said(case("10.00", ("1.00", 1), ("1.00", 1), ("1.00", 1)), "by_paid") == ["3.34 EUR", "3.33 EUR", "3.33 EUR"]
    assert said(case("0.05", ("1.00", 1), ("1.00", 1), ("2.00", 1)), "by_paid") == ["0.01 EUR", "0.01 EUR", "0.03 EUR"]


def test_weights_that_are_all_zero_give_equal_parts() -> None:
    assert said(case("1.00", ("0.00", 1), ("0.00", 1), ("0.00", 2)), "by_paid") == ["0.34 EUR", "0.33 EUR", "0.33 EUR"]


def test_numbers_are_weights_too() -> None:
    assert said(case("4.00", ("9.00", 1), ("1.00", 3)), "by_units") == ["1.00 EUR", "3.00 EUR"]


def test_a_line_of_the_request_is_found_in_another_list_by_its_id() -> None:
    lines = [("6.00", 1), ("2.00", 1), ("2.00", 1)]
    assert said(case("5.00", *lines, asked=[2, 0]), "of_order") == ["1.00 EUR", "3.00 EUR"]


@pytest.mark.parametrize("gone", ["shipping_paid", "paid"])
def test_nothing_is_known_while_the_amount_or_any_weight_is_not(gone) -> None:
    facts = case("5.00", ("6.00", 1), ("2.00", 1))
    del (facts["order"] if gone == "shipping_paid" else facts["order"]["lines"][1])[gone]
    assert said(facts, "by_paid") == [None, None]
    needs = {need.name for need in SPREAD.decide("refund", facts).members[0].outputs["by_paid"].needs}
    assert needs == {"order.shipping_paid" if gone == "shipping_paid" else "request.lines[1].paid"}


def test_two_lines_of_a_request_that_name_one_line_have_their_own_parts() -> None:
    facts = case("3.00", ("6.00", 2), asked=[0, 0])
    for line, units in zip(facts["request"]["lines"], (1, 1), strict=True):
        line["asked"] = units
    assert said(facts, "by_units") == ["1.50 EUR", "1.50 EUR"]


def test_a_member_that_is_not_in_the_list_has_no_part() -> None:
    lines = [{"id": "a", "discount": "1.00"}, {"id": "b", "discount": "2.00"}]
    offer = {"id": "x", "discount_total": "9.00", "lines": lines}
    order = {"currency": "EUR", "promotions": [offer], "lines": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}
    found = SPREAD.decide("offer", {"order": order}).members[0].outputs
    assert (str(found["whole"].value), str(found["others"].value)) == ("9.00 EUR", "3.00 EUR")


amounts = st.integers(0, 10**7).map(lambda cents: f"{cents // 100}.{cents % 100:02}")


@given(amounts, st.lists(st.tuples(amounts, st.integers(1, 9)), min_size=1, max_size=6))
def test_the_parts_add_up_to_the_amount_and_each_is_next_to_its_exact_share(shipping, lines) -> None:
    facts = case(shipping, *lines)
    for output, number in (("by_paid", 0), ("by_units", 1)):
        found = [part.amount for part in parts(facts, output)]
        weights = [Fraction(line[number]) for line in lines]
        total = sum(weights)
        assert sum(found) == Fraction(shipping)
        for part, weight in zip(found, weights, strict=True):
            exact = Fraction(shipping) * (weight / total if total else Fraction(1, len(lines)))
            assert abs(part - exact) < Fraction(1, 100)


@given(st.data(), amounts, st.lists(st.tuples(amounts, st.integers(1, 9)), min_size=1, max_size=4))
def test_what_is_known_of_a_share_stays_so(data, shipping, lines) -> None:
    full = case(shipping, *lines)
    less = case(shipping, *lines)
    for line in less["order"]["lines"]:
        for name in ("paid", "quantity"):
            if data.draw(st.booleans()):
                del line[name]
    for output in ("by_paid", "by_units", "of_order"):
        for before, after in zip(parts(less, output), parts(full, output), strict=True):
            assert before is None or before == after
