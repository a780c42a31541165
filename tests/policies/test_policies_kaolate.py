"""Kaolate's policy: worked requests, what becomes of them if a reading is chosen otherwise, and its sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from kaolate_cancellations import CANCELLATIONS
from kaolate_cases import BACK, Worked, document
from kaolate_money import LATE_REFUNDS, OTHERS, PARCELS, PAYOUTS, REFUNDS
from kaolate_readings import SWITCHES, Switch
from kaolate_returns import EXCHANGES, RETURNS, SENDING_BACK

from engine import Policy, load_policy

PATH = Path(__file__).parents[2] / "policies" / "kaolate.yaml"
WORKED = [
    *CANCELLATIONS, *RETURNS, *EXCHANGES, *SENDING_BACK, *REFUNDS, *PAYOUTS, *LATE_REFUNDS, *PARCELS, *OTHERS
]  # fmt: skip


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(PATH)


def told(value: Any) -> Any:
    """A value as the worked requests write it."""
    if isinstance(value, tuple):
        return [told(one) for one in value]
    if hasattr(value, "first") and isinstance(value.first, date):
        return f"{value.first}..{value.last}"
    if hasattr(value, "kind") and hasattr(value, "amount"):
        return f"{value.kind} {value.amount}"
    if hasattr(value, "members"):
        return "mixed"
    return value if value is None or isinstance(value, str) else str(value)


@pytest.mark.parametrize("worked", WORKED, ids=lambda w: f"{w.ask}: {w.name}")
def test_the_worked_request_has_its_answer(policy: Policy, worked: Worked) -> None:
    decision = policy.decide(worked.ask, document(worked.given, worked.lines), questions=False)
    assert decision.status == worked.status
    if worked.status == "decided":
        assert told(decision.value) == worked.value
    if worked.verdict:
        assert decision.verdict == worked.verdict
    for rule in worked.by:
        assert rule in [r.rule for m in decision.members for r in m.reasons]
    if worked.kinds and decision.headline is not None:
        assert decision.outputs[decision.headline].kinds == worked.kinds
    assert set(worked.needs) <= {n.name for n in decision.may_need}
    for name, expected in worked.outputs.items():
        output = decision.outputs[name]
        found = told(output.value) if output.status == "decided" else output.status
        assert found == ("not_applicable" if expected is None else expected), name
    for option, expected in worked.instead.items():
        assert {o.option: o.verdict for o in decision.members[0].instead}[option] == expected
    assert set(worked.rests_on) <= set(decision.rests_on)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda s: f"{s.reading} = {s.option}: {s.ask}")
def test_a_reading_chosen_otherwise_changes_the_answer(policy: Policy, switch: Switch) -> None:
    facts = document(switch.given, switch.lines)
    otherwise = load_policy(_with_reading(switch.reading, switch.option), "kaolate.yaml")
    before, after = (_answer(p, switch, facts) for p in (policy, otherwise))
    assert (before, after) == (switch.before, switch.after)


def _with_reading(name: str, option: str) -> bytes:
    head, body = PATH.read_text(encoding="utf-8").split(f"\n  {name}:\n    asks:", 1)
    chosen, _, rest = body.partition("    chosen: ")
    return f"{head}\n  {name}:\n    asks:{chosen}    chosen: {option}\n{rest.split(chr(10), 1)[1]}".encode()


def _answer(policy: Policy, switch: Switch, facts: dict[str, Any]) -> str:
    decision = policy.decide(switch.ask, facts, questions=False)
    output = decision.outputs[switch.output or str(decision.headline)]
    return told(output.value) if output.status == "decided" else output.status  # type: ignore[no-any-return]


def test_nothing_is_left_to_warn_about(policy: Policy) -> None:
    assert policy.diagnostics == ()


def test_all_63_clauses_stand_in_the_sources(policy: Policy) -> None:
    assert list(policy.program.clauses) == [f"kao-{n:02}" for n in range(1, 64)]


def test_a_denial_says_when_the_time_was_up(policy: Policy) -> None:
    late = document({"request.at": "2026-06-03T12:00:00-06:00", "line.reason_category": "not_as_ordered"})
    decision = policy.decide("return", late)
    assert decision.messages == ("You asked on day 33 after delivery. The last day to ask was 31 May 2026.",)
    deadline = decision.members[0].deadlines[0]
    assert (deadline.reports_as, deadline.last_day, deadline.state) == ("request_by", date(2026, 5, 31), "passed")


def test_no_email_address_is_made_up(policy: Policy) -> None:
    assert "@" not in PATH.read_text(encoding="utf-8")


def test_what_was_assumed_is_listed(policy: Policy) -> None:
    decision = policy.decide("return", document({}))
    assert "order.is_bulk" in decision.assumed


def test_what_is_missing_is_asked_for_with_its_last_day(policy: Policy) -> None:
    decision = policy.decide("return", document({"request.evidence.photos": False}))
    photos = next(r for r in decision.members[0].requirements if r.requirement == "photos")
    assert (photos.state, photos.last_day) == ("open", date(2026, 5, 31))


def test_an_undecided_reading_shows_where_each_of_its_options_leads(policy: Policy) -> None:
    not_found = document({**BACK, "line.inspection.fault_found": False})
    member = policy.decide("return_shipping", not_found).members[0]
    assert member.under_readings == {"unconfirmed_fault": {"customer": "customer", "shop": "shop"}}


def test_the_leaning_of_the_wording_stands_beside_a_contradiction(policy: Policy) -> None:
    decision = policy.decide("return", document({"line.reason_category": "customer_mistake"}))
    leanings = {r.rule: dict(r.leaning) for r in decision.members[0].reasons}
    assert leanings == {"own_mistake": {"outcome": "deny"}}


def test_what_is_demanded_is_answered(policy: Policy) -> None:
    demand = {"line.reason_category": "customer_mistake", "request.expects": {"payer": "shop"}}
    assert [e.result for e in policy.decide("return_shipping", document(demand)).expects] == ["refused"]


def test_every_reading_lists_another_answer_or_is_the_only_one(policy: Policy) -> None:
    alone = {name for name, reading in policy.program.readings.items() if len(reading.options) == 1}
    assert alone == {"label_for", "domestic_means", "masked_addresses"}
