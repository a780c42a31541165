"""Explanations of promotions: what a promotion's line has from its order line is told, changed and asked for there."""

import copy

from engine import load_policy
from engine.explain.text import render_explanation
from engine.explain.tree import explain

POLICY = load_policy(
    b"""
policy: alder
title: Alder
version: '1'
currency: EUR
timezone: Europe/Lisbon
decisions:
  wear:
    asks: Was this line worn?
    for_each: line in order.lines
    outputs: {worn: {type: boolean, roll_up: any}}
    rules:
      said: {then: {worn: line.is_custom}}
  offer:
    asks: Does the offer stand?
    for_each: promo in order.promotions
    outputs: {outcome: {type: [deny, approve], combine: strictest, roll_up: each}}
    rules:
      gift_stays:
        when: any one in promo.lines has one.role == 'rewarded' and one.kept > 0 and not wear(one).worn
        then: {outcome: deny}
      gift_comes_back:
        when: all one in promo.lines has one.role == 'qualifying' or one.kept == 0 or wear(one).worn
        then: {outcome: approve}
""",
    "alder.yaml",
)
LINE = {"quantity": 1, "returned_before": 0, "is_custom": False}
FACTS = {
    "order": {
        "currency": "EUR",
        "lines": [{**LINE, "id": "lamp"}, {**LINE, "id": "bulb"}],
        "promotions": [
            {"id": "x", "lines": [{"id": "bulb", "role": "rewarded"}, {"id": "lamp", "role": "qualifying"}]}
        ],
    },
    "request": {"at": "2026-03-08T09:05:30Z", "lines": [{"id": "lamp", "asked": 1}]},
}


def explained(document):
    found = explain(POLICY.program, POLICY.case(document), "offer")
    return " ".join(render_explanation(found, color=False).split())


def test_the_facts_of_the_order_line_are_told_with_the_promotions_line() -> None:
    text = explained(FACTS)
    assert "one 1, order.promotions[0].lines[0]" in text
    assert "one.quantity: 1" in text
    assert "wear.said" in text


def test_what_would_change_it_stands_where_it_can_be_changed() -> None:
    text = explained(FACTS)
    assert "would be approved if order.lines[1].returned_before were 1 instead of 0" in text
    assert "would be approved if promo.lines[0].role were qualifying instead of rewarded" in text


def test_what_is_missing_is_asked_for_by_the_name_of_the_order_line() -> None:
    document = copy.deepcopy(FACTS)
    del document["order"]["lines"][1]["quantity"]
    text = explained(document)
    assert "one.quantity: nobody has said" in text
    assert "order.lines[1].quantity" in text
    assert "order.promotions[0].lines[0].quantity" not in text
