"""Decisions that hang on a part of a postal code: what they ask for, and that more information only settles."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import load_policy
from engine.explain.case_document import case_document, with_facts
from engine.explain.text import render_explanation
from engine.explain.tree import explain

POLICY = load_policy(
    b"""
policy: gorse
title: Gorse delivery
version: '1'
currency: GBP
timezone: Europe/London
sources:
  page:
    title: Delivery
    read_on: 2026-02-14
    sections:
      Zones:
        zo-1: {kind: rule, says: QX4 to QX9 and everything in ZX is far.}
define:
  far: order.ship_to.postal.area == 'ZX' or order.ship_to.postal.area == 'QX' and order.ship_to.postal.district in 4 .. 9
decisions:
  shipping_quote:
    asks: What does it cost?
    outputs:
      total: {type: money}
    rules:
      far: {when: far, then: {total: 9.00 GBP}, cites: [zo-1]}
      near: {unless: far, then: {total: 4.00 GBP}, cites: [zo-1]}
  order_acceptance:
    asks: Is it delivered there?
    outputs:
      outcome: {type: [deny, approve], combine: strictest}
    rules:
      abroad: {when: order.ship_to.country != 'GB', then: {outcome: deny}, cites: [zo-1]}
      at_home: {when: order.ship_to.country == 'GB' and not far, then: {outcome: approve}, cites: [zo-1]}
      far: {when: order.ship_to.country == 'GB' and far, then: {outcome: deny}, cites: [zo-1]}
"""
)
BASE = {"request": {"at": "2026-03-20T12:00:00Z"}, "order": {"currency": "GBP"}}


def document(**ship_to):
    return {**BASE, "order": {"currency": "GBP", "ship_to": ship_to}}


def decide(ask="shipping_quote", **ship_to):
    return POLICY.decide(ask, document(**ship_to))


def total(decision):
    found = decision.outputs["total"]
    return str(found.value) if found.status == "settled" or found.value is not None else None


@pytest.mark.parametrize(
    ("code", "costs"),
    [
        ("QX3 7AB", "4.00 GBP"),
        ("QX4 7AB", "9.00 GBP"),
        ("qx97ab", "9.00 GBP"),
        ("QX10 7AB", "4.00 GBP"),
        ("Q4 7AB", "4.00 GBP"),  # one area's letters begin another's
        ("ZX99 9ZZ", "9.00 GBP"),
    ],
)
def test_the_area_and_the_district_decide(code, costs):
    assert total(decide(country="GB", postal_code=code)) == costs


@pytest.mark.parametrize(
    ("given", "needs"),
    [
        ({}, ["order.ship_to.country", "order.ship_to.postal_code"]),
        ({"country": "GB"}, ["order.ship_to.postal_code"]),
        ({"postal_code": "QX4 7AB"}, ["order.ship_to.country"]),
        ({"country": "AE"}, ["order.ship_to.postal.area", "order.ship_to.postal.district"]),
        ({"country": "AE", "postal_code": "1"}, ["order.ship_to.postal.area", "order.ship_to.postal.district"]),
        ({"country": "AE", "postal": {"area": "QX"}, "postal_code": "1"}, ["order.ship_to.postal.district"]),
        ({"country": "GB", "postal": {"area": "QX"}}, ["order.ship_to.postal_code"]),
        ({"postal": {"district": 5}}, ["order.ship_to.country", "order.ship_to.postal_code"]),
    ],
)
def test_what_is_missing_is_the_code_or_the_country_and_the_part_only_where_nothing_splits_it(given, needs):
    decision = decide(**given)
    assert decision.status == "needs_facts"
    assert [need.name for need in decision.may_need] == needs
    assert decision.ask_first in needs
    assert all(need.ask for need in decision.may_need)


def test_parts_that_are_given_decide_without_a_code():
    assert total(decide(country="AE", postal={"area": "qx", "district": 4})) == "9.00 GBP"
    assert total(decide(postal={"area": "IV"})) == "4.00 GBP"


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"country": "GB", "postal_code": "80302"}, "order.ship_to.postal_code"),
        ({"country": "GB", "postal_code": "QX4 7AB", "postal": {"area": "IV"}}, "order.ship_to.postal.area"),
        ({"country": "GB", "postal_code": "QX4 7AB", "postal": {"district": 5}}, "order.ship_to.postal.district"),
    ],
)
def test_what_cannot_be_right_is_an_error(given, where):
    decision = decide(**given)
    assert (decision.status, decision.verdict) == ("error", "review")
    assert [problem.diagnostic.where for problem in decision.problems] == [where]


def test_a_wrong_country_leaves_the_parts_in_error_and_asks_nothing():
    decision = decide(country="XX", postal_code="QX4 7AB")
    assert decision.status == "error" and not decision.may_need


def test_every_country_is_tried_with_the_codes_of_that_country():
    """Step 9: in one of the countries that the policy does not name the same code could be split otherwise."""
    far = decide("order_acceptance", postal_code="QX4 7AB")
    assert (far.status, far.verdict) == ("decided", "deny")  # abroad, or far
    near = decide("order_acceptance", postal_code="QX3 7AB")
    assert [need.name for need in near.may_need] == ["order.ship_to.country"]
    assert decide("order_acceptance", country="GB", postal_code="QX3 7AB").verdict == "approve"
    cost = decide("shipping_quote", postal_code="QX3 7AB")
    assert cost.status == "needs_facts"


def test_a_country_for_which_the_code_is_impossible_is_no_answer():
    decision = decide("shipping_quote", postal_code="K1A 0B1")
    led = {one.answer: one.status for one in decision.leads_to["order.ship_to.country"]}
    assert led["AD"] == "error"


CODES = ("QX4 7AB", "qx47ab", "QX-3 7AB", "ZX1 1AA", "SW1A 1AA", "K1A 0B1", "80302", "1010")
SHIP_TO = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["GB", "CA", "US", "AT", "AE"]),
        "postal_code": st.sampled_from(CODES),
        "postal": st.fixed_dictionaries(
            {}, optional={"area": st.sampled_from(["QX", "zx", "SW", "K"]), "district": st.sampled_from([1, 3, 4])}
        ),
    },
)


@given(SHIP_TO, st.sets(st.sampled_from(["country", "postal_code", "postal"])))
def test_a_missing_fact_never_decides_and_more_information_only_settles(told, lost):
    """The law: whatever is settled with some facts taken away is settled alike with all of them."""
    for ask in ("shipping_quote", "order_acceptance"):
        whole = decide(ask, **told)
        part = decide(ask, **{name: value for name, value in told.items() if name not in lost})
        if whole.status == "error" or part.status == "error" or part.status == "needs_facts":
            continue
        assert (whole.status, whole.verdict) == (part.status, part.verdict)
        assert {n: o.value for n, o in whole.outputs.items()} == {n: o.value for n, o in part.outputs.items()}


@given(SHIP_TO, st.sampled_from(["country", "postal_code"]))
def test_only_what_is_asked_for_can_settle_it(told, name):
    """A raw fact that is not among the needs, given any value that can be right, leaves the case open."""
    decision = decide(**told)
    if (
        decision.status != "needs_facts"
        or name in told
        or f"order.ship_to.{name}" in {n.name for n in decision.may_need}
    ):
        return
    for value in CODES if name == "postal_code" else ("GB", "AE", "CA"):
        more = decide(**{**told, name: value})
        assert more.status in ("needs_facts", "error")


def test_the_explanation_shows_the_code_and_the_part():
    case = POLICY.case(document(country="GB", postal_code="qx4 7ab"))
    text = " ".join(render_explanation(explain(POLICY.program, case, "shipping_quote")).split())
    assert "it is QX (from postal code qx4 7ab)" in text
    assert "order.ship_to.postal.district: 4 (from postal code qx4 7ab)" in text


def counterfactuals(document):
    found = explain(POLICY.program, POLICY.case(document), "shipping_quote")
    return [one for member in found.members for one in member.counterfactuals]


@pytest.mark.parametrize(
    "ship_to",
    [
        {"country": "GB", "postal_code": "QX4 7AB"},
        {"country": "GB", "postal_code": "QX3 7AB"},
        {"country": "GB", "postal_code": "SW1A 1AA", "postal": {"area": "SW"}},
        {"country": "AE", "postal": {"area": "QX", "district": 4}},
    ],
)
def test_what_would_change_the_answer_can_be_sent_and_does(ship_to):
    told = document(**ship_to)
    before = POLICY.decide("shipping_quote", told)
    found = counterfactuals(told)
    assert any(".postal." in one.fact for one in found)
    for one in found:
        for value in (one.to, *one.also):
            after = POLICY.decide("shipping_quote", one.applied(POLICY.program, told, value))
            assert after.status == "decided" and total(after) == str(one.value) != total(before)


def test_case_documents_leave_the_parts_to_the_code():
    case = POLICY.case(document(country="GB", postal_code="QX4 7AB"))
    again = case_document(POLICY.program, case)
    assert again["order"]["ship_to"] == {"country": "GB", "postal_code": "QX4 7AB"}
    assert POLICY.case(again) == case
    given_parts = POLICY.case(document(country="GB", postal={"area": "QX"}))
    assert POLICY.case(case_document(POLICY.program, given_parts)) == given_parts


def test_another_part_is_another_code_so_that_the_case_can_be_right():
    path = ("order", "ship_to", "postal", "area")
    changed = with_facts(document(country="GB", postal_code="QX4 7AB", postal={"area": "QX"}), {path: "IV"})
    assert changed["order"]["ship_to"] == {"country": "GB", "postal_code": "IV4 7AB"}
    alone = with_facts(document(postal={"area": "QX"}), {path: "IV"})
    assert alone["order"]["ship_to"] == {"postal": {"area": "IV"}}
    with pytest.raises(ValueError, match="no postal code of GB"):
        with_facts(document(country="GB"), {path: "IVXYZ"})
    assert json.loads(json.dumps(changed)) == changed


READS_NONE = """policy: alder
title: Alder
version: '1'
currency: EUR
timezone: Europe/Lisbon
decisions:
  return:
    asks: May it come back?
    outputs:
      outcome: {type: [deny, approve]}
    rules:
      gift: {when: order.is_gift, then: {outcome: approve}}
"""


def test_a_policy_that_reads_no_part_takes_codes_as_they_come():
    order = {"is_gift": True, "ship_to": {"country": "DE", "postal_code": "1011"}}
    assert load_policy(READS_NONE.encode()).decide("return", {"order": order}).value == "approve"
    messages = READS_NONE.replace(
        "then: {outcome: approve}}", "then: {outcome: approve}, because: 'To {order.ship_to.postal.area}.'}"
    )
    decision = load_policy(messages.encode()).decide("return", {"order": order})
    assert [one.path for one in decision.problems] == ["order.ship_to.postal_code"]
    right = {**order, "ship_to": {"country": "DE", "postal_code": "10115"}}
    (rule,) = load_policy(messages.encode()).decide("return", {"order": right}).members[0].reasons
    assert rule.message == "To 10."
