"""Lines of promotions in conditions: each is its order line, and says the same."""

from __future__ import annotations

import copy
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import load_policy

TEXT = b"""
policy: offers
title: Offers
version: '1'
currency: EUR
timezone: Europe/Lisbon
rounding: half up
facts:
  line.engraved: {type: boolean}
  line.mended_at: {type: moment, only_when: line.engraved}
  member.points: {type: integer, min: 0}
decisions:
  offer:
    asks: What is to be said of this offer?
    for_each: promo in order.promotions
    outputs:
      gift_stays: {type: boolean, roll_up: any}
      kept: {type: money, roll_up: sum}
      units: {type: integer, roll_up: sum}
      rewarded_part: {type: money, roll_up: sum}
      tagged: {type: boolean, roll_up: any}
      mended: {type: boolean, roll_up: any}
      points: {type: integer, roll_up: sum}
    rules:
      said:
        then:
          gift_stays: any one in promo.lines has one.role == 'rewarded' and one.kept > 0
          kept: sum of one.kept_paid for one in promo.lines
          units: sum of one.asked for one in promo.lines
          rewarded_part: >-
            sum of (share of promo.discount_total for line among promo.lines by line.list_price)
            for line in promo.lines where line.role == 'rewarded'
          tagged: any one in promo.lines has any tag in one.tags has tag == 'x'
          mended: any one in promo.lines has one.mended_at has happened
          points: sum of one.points for one in promo.lines
  same:
    asks: Does the promotion's line say the same as the order's?
    outputs: {sum_of_one: {type: money}, sum_of_other: {type: money}}
    rules:
      said:
        then:
          sum_of_one: >-
            sum of (sum of one.kept_paid for one in promo.lines where one.quantity > 1) for promo in order.promotions
          sum_of_other: >-
            sum of (sum of line.kept_paid for line in order.lines where line.quantity > 1) for promo in order.promotions
"""
OFFERS = load_policy(TEXT)


def line(name, price="5.00", quantity=2, **more):
    facts = {"id": name, "quantity": quantity, "paid": f"{float(price) * quantity:.2f}", "list_price": price}
    return {**facts, "returned_before": 0, "engraved": False, "tags": [], **more}


def case(*promotions, lines=None, asked=(("a", 1),)):
    order = {"currency": "EUR", "promotions": copy.deepcopy(list(promotions))}
    order["lines"] = [line("a"), line("b", "3.00", 1, tags=["x"])] if lines is None else lines
    return {
        "order": order,
        "request": {"at": "2026-03-20T12:00:00Z", "lines": [{"id": name, "asked": units} for name, units in asked]},
    }


def spring(*roles, **more):
    members = [{"id": name, "role": role, "points": 3} for name, role in roles]
    return {"id": "spring", "discount_total": "8.00", "lines": members, **more}


BOTH = spring(("a", "qualifying"), ("b", "rewarded"))


def said(facts):
    (member,) = OFFERS.decide("offer", facts).members
    return {
        name: str(one.value) if one.value is not None else {need.name for need in one.needs}
        for name, one in member.outputs.items()
    }


def test_a_line_of_a_promotion_has_every_fact_of_its_order_line() -> None:
    assert said(case(BOTH)) == {
        "gift_stays": "True",
        "kept": "8.00 EUR",
        "units": "1",
        "rewarded_part": "3.00 EUR",
        "tagged": "True",
        "mended": "False",
        "points": "6",
    }


def test_what_is_missing_has_the_name_under_which_it_can_be_given() -> None:
    facts = case(BOTH)
    for name in ("list_price", "quantity", "tags", "engraved"):
        del facts["order"]["lines"][1][name]
    found = said(facts)
    assert found["rewarded_part"] == {"order.lines[1].list_price"}
    assert found["kept"] == {"order.lines[1].quantity"}
    assert found["tagged"] == {"order.lines[1].tags"}
    assert found["mended"] == {"order.lines[1].engraved", "order.lines[1].mended_at"}


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (lambda order: order["promotions"][0]["lines"][1].pop("id"), {"order.promotions[0].lines[1].id"}),
        (lambda order: order.pop("lines"), {"order.lines"}),
        (lambda order: order["lines"][1].pop("id"), {"order.lines[1].id"}),
    ],
)
def test_what_keeps_a_line_from_being_found_is_what_is_missing(change, missing) -> None:
    facts = case(BOTH)
    change(facts["order"])
    found = said(facts)
    assert missing <= found["kept"]
    assert missing <= found["tagged"]
    assert found["points"] == "6"
    assert not any(".lines[1].kept" in name or ".lines[1].tags" in name for name in found["kept"] | found["tagged"])


def test_a_role_that_settles_it_needs_no_order_line() -> None:
    facts = case(spring(("a", "qualifying"), ("b", "qualifying")))
    del facts["order"]["lines"]
    assert said(facts)["gift_stays"] == "False"


def test_where_an_answer_leads_counts_for_the_promotion_too() -> None:
    facts = case(BOTH)
    del facts["order"]["lines"][1]["quantity"]
    leads = OFFERS.decide("offer", facts).leads_to["order.lines[1].quantity"]
    assert {(one.answer, one.value) for one in leads} >= {(1, True)}


def test_facts_of_a_policy_for_members_of_promotions_stay_with_them() -> None:
    facts = case(BOTH)
    del facts["order"]["promotions"][0]["lines"][0]["points"]
    assert said(facts)["points"] == {"order.promotions[0].lines[0].points"}


# the law -----------------------------------------------------------------------------------------------------------------

NAMES = "abcd"
lines_of_order = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 4), st.integers(0, 4)), min_size=1, max_size=4)
promotions_of_order = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["qualifying", "rewarded"])), max_size=4),
    min_size=1,
    max_size=3,
)


def complete(lines, promotions):
    order = [
        line(name, f"{price / 100:.2f}", units, tags=["x"] if price % 2 else [])
        for name, (price, units, _) in zip(NAMES, lines, strict=False)
    ]
    asked = [(name, min(back, units)) for name, (_, units, back) in zip(NAMES, lines, strict=False) if back]
    offers = []
    for number, members in enumerate(promotions):
        chosen = {NAMES[which % len(lines)]: role for which, role in members}
        offers.append({**spring(*chosen.items()), "id": str(number)})
    return case(*offers, lines=order, asked=asked or [("a", 1)])


@given(lines_of_order, promotions_of_order, st.randoms(use_true_random=False))
def test_the_order_of_promotions_and_of_their_lines_makes_no_difference(lines, promotions, rng: random.Random) -> None:
    facts = complete(lines, promotions)
    other = copy.deepcopy(facts)
    rng.shuffle(other["order"]["promotions"])
    for promotion in other["order"]["promotions"]:
        rng.shuffle(promotion["lines"])
    one, two = ({m.id: _outputs(m) for m in OFFERS.decide("offer", f).members} for f in (facts, other))
    assert one == two


def _outputs(member):
    """What is said of an offer, without the shares: there ties go by the order of the list."""
    return {name: (one.status, one.value) for name, one in member.outputs.items() if name != "rewarded_part"}


@given(lines_of_order)
def test_a_line_of_a_promotion_says_what_the_order_line_says(lines) -> None:
    everything = [(number, "qualifying") for number in range(len(lines))]
    for gone in (None, "quantity", "paid", "returned_before"):
        facts = complete(lines, [everything])
        facts["order"]["lines"][0].pop(gone, None)
        found = OFFERS.decide("same", facts).outputs
        one, other = found["sum_of_one"], found["sum_of_other"]
        assert (one.status, one.value, one.needs) == (other.status, other.value, other.needs)


@given(lines_of_order, promotions_of_order, st.data())
def test_one_more_fact_never_changes_what_is_settled(lines, promotions, data) -> None:
    full = complete(lines, promotions)
    less = copy.deepcopy(full)
    holders = [*less["order"]["lines"], *less["request"]["lines"]]
    holders += [one for promotion in less["order"]["promotions"] for one in (promotion, *promotion["lines"])]
    for holder in holders:
        for name in list(holder):
            if name != "lines" and data.draw(st.integers(0, 3)) == 0:
                del holder[name]
    if data.draw(st.integers(0, 5)) == 0:
        del less["order"]["lines"]
    before, after = OFFERS.decide("offer", less), OFFERS.decide("offer", full)
    assert not before.problems
    for one, two in zip(before.members, after.members, strict=True):
        for name, output in one.outputs.items():
            if output.status == "decided":
                assert output.value == two.outputs[name].value, name
            missing = {need.name for need in output.needs}
            assert output.status == "decided" or missing, name


# what decisions say of order lines ------------------------------------------------------------------------------------

READS = load_policy(b"""
policy: reads
title: Reads
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources:
  page: {title: '?', read_on: 2026-01-01, sections: {All: {x-1: {kind: rule, says: '?'}}}}
decisions:
  wear:
    asks: What does the wear of this line cost?
    for_each: line in order.lines
    outputs: {fee: {type: money, roll_up: sum}}
    rules:
      used: {when: line.is_custom, then: {fee: 2.00 EUR}, because: It was made for somebody.}
      not_used: {when: not line.is_custom, then: {fee: 0}}
  return:
    asks: May this line come back?
    for_each: line in request.lines
    outputs: {outcome: {type: [deny, approve], roll_up: each}}
    rules:
      refused: {when: line.is_final_sale, then: {outcome: deny}}
      granted: {when: not line.is_final_sale, then: {outcome: approve}}
  offer:
    asks: What is due for this offer?
    for_each: promo in order.promotions
    outputs: {fee: {type: money, roll_up: sum}, refused: {type: boolean, roll_up: any}}
    rules:
      said:
        then:
          fee: sum of wear(one).fee for one in promo.lines
          refused: >-
            any one in promo.lines has any line in request.lines where line.id == one.id has
            return(line).outcome == 'deny'
""")


def asked_for(facts):
    (member,) = READS.decide("offer", facts).members
    return {name: (one.value, {need.name for need in one.needs}) for name, one in member.outputs.items()}


def worn():
    facts = case(BOTH)
    for one in facts["order"]["lines"]:
        one |= {"is_custom": True, "is_final_sale": one["id"] == "a"}
        del one["engraved"]
    for one in facts["order"]["promotions"][0]["lines"]:
        del one["points"]
    return facts


def test_what_is_decided_for_an_order_line_is_decided_for_a_line_of_a_promotion() -> None:
    found = asked_for(worn())
    assert (str(found["fee"][0]), found["refused"][0]) == ("4.00 EUR", True)


def test_what_is_not_decided_for_an_order_line_is_missing_under_its_name() -> None:
    facts = worn()
    del facts["order"]["lines"][1]["is_custom"]
    assert asked_for(facts)["fee"] == (None, {"order.lines[1].is_custom"})
    facts = worn()
    del facts["order"]["promotions"][0]["lines"][1]["id"]
    assert asked_for(facts)["fee"] == (None, {"order.promotions[0].lines[1].id"})
