"""Lists that go back to a day only: what reaches further back is unknown, and what does not is as if all were named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import load_policy
from engine.explain.case_document import case_document, with_facts
from engine.explain.text import render_explanation
from engine.explain.tree import explain

TESTS = {
    "count_before": "(count o in customer.orders where o.placed_at within 8 months before order.placed_at) > 1",
    "count_after": "(count o in customer.orders where order.placed_at within 200 days after o.placed_at) > 1",
    "since_day": "(count o in customer.orders where o.placed_at >= 2025-06-01) == 2",
    "older": "any o in customer.orders has o.placed_at < 2025-03-01",
    "any_returned": "any o in customer.orders has o.returned",
    "all_kept": "all o in customer.orders where date(o.placed_at) > 2025-09-01 has not o.returned",
    "spent": "(sum of o.total for o in customer.orders where o.placed_at within 90 days before request.at) > 100.00 EUR",
    "hours": "any o in customer.orders where o.placed_at within 720 hours before request.at has o.returned",
    "late": "any o in customer.orders where order.placed_at later than 100 days after o.placed_at has o.returned",
    "early": "all o in customer.orders has not o.placed_at at least 300 days before order.placed_at",
    "least_after": "(count o in customer.orders where o.placed_at at least 10 days after 2025-04-01) > 1",
    "same_day": "any o in customer.orders has o.placed_at == order.placed_at",
    "claims": "(count claim in customer.claims where claim.made_on within 1 year before request.at) > 0",
}


def policy_of():
    outputs = "".join(f"      {name}: {{type: boolean}}\n" for name in TESTS)
    rules = "".join(f"      {name}: {{then: {{{name}: '{text}'}}}}\n" for name, text in TESTS.items())
    return load_policy(
        f"""
policy: history
title: History
version: '1'
currency: EUR
timezone: Europe/Lisbon
facts:
  customer.claims: {{type: {{list_of: {{made_on: date}}}}, dated_by: made_on}}
decisions:
  order_acceptance:
    asks: What does the history say?
    outputs:
{outputs}    rules:
{rules}  history:
    asks: What about each earlier order?
    for_each: past_order in customer.orders
    outputs:
      returned: {{type: boolean, roll_up: any}}
      spent: {{type: money, roll_up: sum}}
    rules:
      each: {{then: {{returned: past_order.returned, spent: past_order.total}}}}
""".encode()
    )


HISTORY = policy_of()


def orders(*days, returned=()):
    return [{"id": str(i), "placed_at": day, "total": "60.00", "returned": i in returned} for i, day in enumerate(days)]


def case(listed, since=None, claims=None):
    listed = listed if since is None else {"complete_since": since, "members": listed}
    customer = {"orders": listed} | ({} if claims is None else {"claims": claims})
    return {
        "order": {"currency": "EUR", "placed_at": "2025-12-10T10:00:00+00:00"},
        "request": {"at": "2025-12-20T10:00:00+00:00"},
        "customer": customer,
    }


def answers(facts):
    return {name: one.value for name, one in HISTORY.decide("order_acceptance", facts).outputs.items()}


TWO = orders("2025-11-01", "2025-12-01T08:00:00Z")


@pytest.mark.parametrize(
    ("name", "since", "expected"),
    [
        ("count_before", "2025-04-10", True),
        ("count_before", "2025-04-11", None),
        ("count_after", "2025-05-24", True),
        ("count_after", "2025-06-01", None),
        ("since_day", "2025-06-01", True),
        ("since_day", "2025-06-02", None),
        ("older", "2024-01-01", None),
        ("any_returned", "2024-01-01", None),
        ("all_kept", "2025-09-02", True),
        ("all_kept", "2025-09-03", None),
        ("spent", "2025-09-21", True),
        ("spent", "2025-10-01", None),
        ("hours", "2025-11-20", False),
        ("hours", "2025-11-21", None),
        ("late", "2025-09-01", None),
        ("early", "2025-01-01", None),
        ("least_after", "2025-04-11", True),
        ("least_after", "2025-04-12", None),
        ("same_day", "2025-12-10", False),
        ("same_day", "2025-12-11", None),
    ],
)
def test_what_reaches_further_back_than_the_list_is_unknown(name, since, expected) -> None:
    assert answers(case(TWO, since))[name] == expected


def test_what_the_named_members_settle_alone_needs_no_others() -> None:
    assert answers(case(orders("2025-11-01", returned=[0]), "2025-10-01"))["any_returned"] is True
    assert answers(case(orders("2025-11-01", returned=[0]), "2025-10-01"))["all_kept"] is False
    assert answers(case(orders("2025-01-01"), "2025-10-01"))["older"] is True


def test_the_list_that_does_not_go_back_far_enough_is_named() -> None:
    found = HISTORY.decide("order_acceptance", case(TWO, "2025-11-01")).outputs["count_before"]
    assert [(need.name, need.ask, need.source) for need in found.needs] == [
        ("customer.orders.complete_since", "What lies further back than customer.orders goes?", "shop")
    ]
    nothing = case(TWO, "2025-11-01")
    del nothing["order"]["placed_at"]
    found = HISTORY.decide("order_acceptance", nothing).outputs["count_before"]
    assert {need.name for need in found.needs} == {"order.placed_at", "customer.orders.complete_since"}


def test_what_a_question_for_each_member_comes_to_in_all_waits_for_the_others() -> None:
    found = HISTORY.decide("history", case(TWO, "2025-11-01")).outputs
    assert (found["returned"].value, found["spent"].value) == (None, None)
    assert {need.name for need in found["spent"].needs} == {"customer.orders.complete_since"}
    assert str(found["spent"].so_far) == "120.00 EUR"
    found = HISTORY.decide("history", case(orders("2025-11-01", returned=[0]), "2025-11-01")).outputs
    assert found["returned"].value is True


def test_a_policys_own_lists_can_go_back_to_a_day_too() -> None:
    assert answers(case(TWO, claims={"complete_since": "2024-12-20", "members": []}))["claims"] is False
    assert answers(case(TWO, claims={"complete_since": "2024-12-21", "members": []}))["claims"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"members": []},
        {"complete_since": "2025-01-01"},
        {"complete_since": "soon", "members": []},
        {"complete_since": "2025-01-01", "members": [], "until": 3},
        {"complete_since": "2025-01-01", "members": 3},
    ],
)
def test_a_list_that_does_not_say_how_far_back_it_goes_is_an_error_at_its_path(wrong) -> None:
    facts = case(TWO)
    facts["customer"]["orders"] = wrong
    problems = HISTORY.decide("order_acceptance", facts).problems
    assert [one.path for one in problems] == ["customer.orders"]
    assert all(one.diagnostic.help for one in problems)


def test_other_lists_are_complete_or_not_given() -> None:
    facts = case(TWO)
    facts["order"]["lines"] = {"complete_since": "2025-01-01", "members": []}
    assert [one.path for one in HISTORY.decide("order_acceptance", facts).problems] == ["order.lines"]


def test_a_case_with_such_a_list_can_be_written_out_and_read_again() -> None:
    case_read = HISTORY.case(case(TWO, "2025-11-01"))
    again = HISTORY.case(case_document(HISTORY.program, case_read))
    assert again.digest == case_read.digest != HISTORY.case(case(TWO)).digest
    changed = with_facts(case(TWO, "2025-11-01"), {("customer", "orders", 0, "returned"): True})
    assert changed["customer"]["orders"]["members"][0]["returned"] is True


def test_the_proof_says_how_far_back_the_list_goes() -> None:
    explained = explain(HISTORY.program, HISTORY.case(case(TWO, "2025-11-01")), "order_acceptance")
    assert "complete since 1 November 2025 only" in " ".join(render_explanation(explained).split())


days = st.integers(0, 420).map(lambda back: date(2025, 12, 19) - timedelta(days=back))


@given(st.lists(st.tuples(days, st.booleans(), st.booleans()), max_size=6), days, days)
def test_a_list_that_goes_further_back_changes_nothing_that_was_settled(history, one, other) -> None:
    def told(since):
        """All since a day, and some that lie before it."""
        kept = [entry for entry in history if since is None or entry[0] >= since or entry[2]]
        listed = [{"placed_at": day.isoformat(), "total": "60.00", "returned": returned} for day, returned, _ in kept]
        return answers(case(listed, None if since is None else since.isoformat()))

    later, earlier, whole = told(max(one, other)), told(min(one, other)), told(None)
    for name in TESTS:
        assert later[name] is None or later[name] == earlier[name] == whole[name], name
        assert earlier[name] is None or earlier[name] == whole[name], name
