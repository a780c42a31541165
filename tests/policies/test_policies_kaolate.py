"""What Kaolate's worked cases (tests/cases/kaolate.yaml) cannot say. Each test is about the facts of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine import Policy, load_policy
from engine.base.diagnostics import Report
from engine.language.decision import Decision
from engine.testing.load import load_cases
from engine.testing.model import WorkedCase

ROOT = Path(__file__).parents[2]
PATH = ROOT / "policies" / "kaolate.yaml"
CASES = ROOT / "tests" / "cases" / "kaolate.yaml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(PATH)


@pytest.fixture(scope="module")
def worked() -> Mapping[str, WorkedCase]:
    report = Report()
    cases = load_cases(CASES.read_bytes(), CASES.name, report)
    assert cases is not None, list(report)
    return {case.name: case for case in cases.cases}


def decide(policy: Policy, case: WorkedCase) -> Decision:
    return policy.decide(case.ask, dict(case.document), questions=False)


def test_no_email_address_is_made_up() -> None:
    assert "@" not in PATH.read_text(encoding="utf-8")


def test_what_was_assumed_is_listed(policy: Policy, worked: Mapping[str, WorkedCase]) -> None:
    assert "order.is_bulk" in decide(policy, worked["faulty_on_day_10"]).assumed


def test_what_is_missing_is_asked_for_with_its_last_day(policy: Policy, worked: Mapping[str, WorkedCase]) -> None:
    requirements = decide(policy, worked["no_photos"]).members[0].requirements
    photos = next(r for r in requirements if r.requirement == "photos")
    assert (photos.state, photos.last_day) == ("open", date(2026, 5, 31))


def test_an_undecided_reading_shows_where_each_of_its_options_leads(
    policy: Policy, worked: Mapping[str, WorkedCase]
) -> None:
    member = decide(policy, worked["sending_back_with_no_fault_found"]).members[0]
    assert member.under_readings == {"unconfirmed_fault": {"customer": "customer", "shop": "shop"}}


def test_the_leaning_of_the_wording_stands_beside_a_contradiction(
    policy: Policy, worked: Mapping[str, WorkedCase]
) -> None:
    reasons = decide(policy, worked["own_mistake"]).members[0].reasons
    assert {r.rule: dict(r.leaning) for r in reasons} == {"own_mistake": {"outcome": "deny"}}


def test_what_is_demanded_is_answered(policy: Policy, worked: Mapping[str, WorkedCase]) -> None:
    case = worked["sending_back_after_own_mistake"]
    request: dict[str, Any] = {**case.document["request"], "expects": {"payer": "shop"}}
    decision = policy.decide(case.ask, {**case.document, "request": request}, questions=False)
    assert [e.result for e in decision.expects] == ["refused"]


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("ordered_after_it_was_sent", "bought_before_sent"),
        ("ordered_after_it_arrived", "bought_before_delivered"),
        ("arrived_before_it_was_sent", "sent_before_delivered"),
        ("ordered_after_asking_and_seen_later", "bought_before_asked"),
        ("back_before_it_was_sent_back", "sent_back_before_received"),
        ("inspected_before_it_was_back", "received_before_inspected"),
        ("more_postage_refunded_than_paid", "no_more_postage_than_paid"),
        ("payments_that_do_not_add_up[85.99]", "payments_add_up"),
        ("payments_that_do_not_add_up[86.01]", "payments_add_up"),
    ],
)
def test_what_cannot_be_is_found_by_its_own_check(
    policy: Policy, worked: Mapping[str, WorkedCase], name: str, check: str
) -> None:
    (told,) = (problem.diagnostic.help for problem in decide(policy, worked[name]).problems)
    assert told is not None
    assert told.endswith(f": correct what is wrong; check `{check}` of the policy")
    assert told.count("` is ") >= 2


def test_every_reading_lists_another_answer_or_is_the_only_one(policy: Policy) -> None:
    alone = {name for name, reading in policy.program.readings.items() if len(reading.options) == 1}
    assert alone == {"label_for", "domestic_means", "masked_addresses"}
