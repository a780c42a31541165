"""Values that somebody else sets: an answer says who, within which bounds, and where to send them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine import Policy, load_policy
from engine.explain.document import document
from engine.explain.text import render_decision, render_explanation
from engine.explain.tree import explain

ROOT = Path(__file__).parents[2]
FEE = "request.lines[0].answers.repair.opened_tools.repair_fee"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(ROOT / "tests" / "right" / "asked.yaml")


def case(
    opened: bool | None = True, country: str = "PT", paid: str | None = "100.00", **answers: Any
) -> dict[str, Any]:
    line: dict[str, Any] = {"id": "1", "condition": {} if opened is None else {"opened": opened}}
    if answers:
        line["answers"] = {"repair": {"opened_tools": answers}}
    bought = {"id": "1", "quantity": 1} | ({} if paid is None else {"paid": paid})
    order = {"currency": "EUR", "ship_to": {"country": country}, "lines": [bought]}
    return {"order": order, "request": {"at": "2026-03-01T10:00:00Z", "lines": [line]}}


def awaits(policy: Policy, facts: dict[str, Any], name: str = "repair") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(policy.decide(name, facts))["members"][0]["awaits"]
    return found


def test_who_sets_it_within_which_bounds_and_where_it_goes(policy: Policy) -> None:
    outcome, fee = awaits(policy, case())
    assert (outcome["output"], outcome["who"], outcome["one_of"]) == ("outcome", "workshop", ["approve", "deny"])
    assert fee == {
        "answer": FEE,
        "output": "repair_fee",
        "who": "workshop",
        "why": "It depends on what must be replaced.",
        "one_of": [],
        "at_least": {"amount": "22.00", "currency": "EUR"},
        "at_most": {"amount": "100.00", "currency": "EUR"},
    }
    text = render_decision(policy.decide("repair", case()), policy.program)
    assert "outcome: the workshop sets it, one of approve and deny." in text
    assert "repair fee: the workshop sets it, from 22.00 EUR to 100.00 EUR." in text


def test_a_bound_that_is_not_known_yet_is_none(policy: Policy) -> None:
    (fee,) = [one for one in awaits(policy, case(paid=None)) if one["output"] == "repair_fee"]
    assert (fee["at_least"], fee["at_most"]) == (None, None)


def test_what_has_come_back_is_awaited_no_more(policy: Policy) -> None:
    assert [one["answer"] for one in awaits(policy, case(outcome="approve"))] == [FEE]
    assert awaits(policy, case(outcome="approve", repair_fee="30.00")) == []


def test_a_rule_that_does_not_apply_asks_nobody(policy: Policy) -> None:
    assert awaits(policy, case(opened=False)) == []
    assert len(awaits(policy, case(opened=None))) == 2, "while it may apply, its values may be needed"


def test_a_figure_that_only_others_know(policy: Policy) -> None:
    (charge,) = awaits(policy, case(country="FR"), "shipping_quote")
    assert (charge["answer"], charge["who"]) == ("answers.shipping_quote.abroad.charge", "outside")
    text = render_decision(policy.decide("shipping_quote", case(country="FR")), policy.program)
    assert "charge: somebody outside tells it. What does the carrier ask?" in text


def test_the_proof_shows_the_bounds(policy: Policy) -> None:
    found = policy.decide("repair", case())
    text = render_explanation(explain(policy.program, policy.case(case()), "repair"), policy.program)
    assert found.status == "referred"
    assert "set by workshop" in text and "22% of line.paid = 22.00 EUR" in text
