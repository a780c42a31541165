"""What would change an answer: every claim holds when the changed request is decided through the public door."""

import copy
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from explain_support import HARBOUR, POLICY, TYPICAL, line, request, requests
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import load_policy
from engine.evaluate.decisions import Evaluation
from engine.evaluate.versions import picked
from engine.explain.case_document import case_document
from engine.explain.counterfactual import MAX_SHOWN, Search
from engine.explain.tree import explain

ROOT = Path(__file__).resolve().parents[2]


def found_in(question, document, policy=POLICY):
    """The counterfactuals of each member of an explained request."""
    return {one.item: one.counterfactuals for one in explain(policy.program, policy.case(document), question).members}


def told(question, document, policy=POLICY):
    """The counterfactuals of the first member: fact, values, and what the headline would be."""
    first, *_ = found_in(question, document, policy).values()
    return [(one.fact, [str(value) for value in (one.to, *one.also)], one.value) for one in first]


def assert_claims_hold(policy, question, document):
    """Each change, made in the request as it was sent and decided afresh, comes to what is claimed. Gives their number."""
    now = {one.item: one for one in policy.decide(question, document, questions=False).members}
    number = 0
    for item, found in found_in(question, document, policy).items():
        for one in found:
            for value in (one.to, *one.also):
                changed = one.applied(policy.program, document, value)
                assert changed != document
                decision = policy.decide(question, changed, questions=False)
                member = next(m for m in decision.members if m.item == item)
                output = member.outputs[one.output]
                assert decision.problems == (), (one, decision.problems)
                assert (output.status, output.value) == ("decided", one.value), one
                assert (now[item].status, now[item].outputs[one.output].value) != ("decided", one.value), one
                number += 1
    return number


# the law of counterfactuals --------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(requests(), st.sampled_from(list(POLICY.decisions)))
def test_every_claim_holds_when_decided_afresh(document, question):
    assert_claims_hold(POLICY, question, document)


@pytest.mark.parametrize("file", sorted((ROOT / "examples" / "requests").glob("*.json")), ids=lambda f: f.stem)
def test_every_claim_about_kaolate_holds(file):
    policy = load_policy(ROOT / "policies" / "kaolate.yaml")
    document = json.loads(file.read_text())
    for question in ("return", "cancellation", "payout", "reshipment"):
        assert_claims_hold(policy, question, document)


def test_claims_are_made_at_all():
    numbers = {
        name: assert_claims_hold(POLICY, *TYPICAL[name]) for name in ("approved", "denied_late", "label", "money")
    }
    assert all(number >= 2 for number in numbers.values()), numbers


@settings(max_examples=30, deadline=None)
@given(requests())
def test_there_are_few_and_the_nearest_comes_first(document):
    evaluation = Evaluation(POLICY.program, POLICY.case(document))
    search = Search(evaluation, POLICY.program.decisions["return"])
    for item, found in found_in("return", document).items():
        assert len(found) <= MAX_SHOWN, item
        distances = [search._distance(one.places[0], one.to) for one in found]
        assert distances == sorted(distances)


# what is told ----------------------------------------------------------------------------------------------------------


def test_a_late_request_would_have_been_in_time():
    assert told(*TYPICAL["denied_late"]) == [
        ("request.at", ["2026-05-19 16:00:00+00:00"], "approve"),
        ("request.lines[0].delivery.at", ["2026-05-14"], "approve"),
        ("request.lines[0].reason_category", ["defect", "not_as_ordered", "transit_damage"], "approve"),
    ]


def test_a_refused_reason_would_have_been_another():
    _, document = TYPICAL["approved"]
    worn = copy.deepcopy(document)
    worn["request"]["lines"][0]["condition"]["unworn"] = False
    assert ("request.lines[0].condition.unworn", ["True"], "approve") in told("return", worn)


def test_an_assumed_fact_that_turns_it_is_told_as_assumed():
    found = found_in(*TYPICAL["approved"])["request.lines[0]"]
    assert [(one.fact, one.assumed) for one in found if one.assumed] == [("request.lines[0].is_final_sale", True)]


def test_a_review_says_what_would_settle_it():
    assert ("request.lines[0].is_final_sale", ["False"], "approve") in told(*TYPICAL["contradiction"])


def test_the_option_asked_for_is_told_as_an_alternative_only():
    facts = [one.fact for one in found_in(*TYPICAL["denied_late"])["request.lines[0]"]]
    assert "request.lines[0].remedy" not in facts


def test_an_order_line_is_changed_where_it_stands():
    own = ("id", "asked", "remedy", "reason_category", "condition")
    one = line(is_final_sale=True)
    document = request(
        {key: one[key] for key in own}, order={"lines": [{k: v for k, v in one.items() if k not in own[1:]}]}
    )
    sale = next(found for found in found_in("return", document)["request.lines[0]"] if "final_sale" in found.fact)
    assert set(sale.places) == {
        ("request", "lines", 0, "is_final_sale"),
        ("order", "lines", 0, "is_final_sale"),
    }
    assert_claims_hold(POLICY, "return", document)


def test_nothing_is_told_that_a_check_or_another_fact_forbids():
    in_time, document = TYPICAL["cancelled_late"]
    facts = [one.fact for one in found_in(in_time, document)["request.lines[0]"]]
    assert "request.at" not in facts  # asked on 2 May, it would have been delivered later than it was asked about


def test_no_change_leads_to_another_version_of_the_policy():
    question, document = "cancellation", request(line(delivery=None))
    dated = HARBOUR.read_text().replace(
        "version: '2026-01'", "version: '2026-01'\neffective: {until: 2026-05-10, by: order.placed_at}"
    )
    assert [fact for fact, _, _ in told(question, document)] == ["order.placed_at", "request.at"]
    program = picked(load_policy(dated.encode(), "dated.yaml").program)
    found = explain(program, POLICY.case(document), question).members[0].counterfactuals
    assert [one.fact for one in found] == ["request.at"]


def test_no_change_makes_another_line_impossible():
    document = request(line(delivery=None), line(id="2"))
    facts = [one.fact for one in found_in("cancellation", document)["request.lines[0]"]]
    assert "order.placed_at" not in facts  # 14 May, but the other line was delivered on 5 May


@pytest.mark.parametrize("name", ["impossible", "bad_input", "photos_missing", "nothing_known", "not_spoken_of"])
def test_no_claim_is_made_where_there_is_nothing_to_turn(name):
    assert not any(found_in(*TYPICAL[name]).values())


def test_a_moment_of_the_request_counts_with_and_without_as_of():
    question, document = TYPICAL["denied_late"]
    given_as_of = {**document, "as_of": "2026-05-28T16:00:00Z"}
    assert told(question, document) == told(question, given_as_of)
    assert_claims_hold(POLICY, question, given_as_of)


# alternatives ----------------------------------------------------------------------------------------------------------


def alternatives(question, document):
    return {one.option: one for one in explain(POLICY.program, POLICY.case(document), question).members[0].alternatives}


def test_another_option_is_offered_with_its_last_day():
    found = alternatives(*TYPICAL["approved"])
    assert (found["exchange"].until, found["exchange"].window) == (date(2026, 5, 19), "time_to_return")
    assert (found["store_credit"].until, found["store_credit"].window) == (None, None)


def test_an_option_that_would_be_refused_is_not_offered():
    assert set(alternatives(*TYPICAL["denied_late"])) == {"store_credit"}


def test_an_option_that_is_refused_once_it_is_asked_for_is_not_offered():
    text = HARBOUR.read_text().replace("        unless: worn\n", "        unless: worn or line.remedy == 'exchange'\n")
    policy = load_policy(text.encode(), "asked.yaml")
    found = explain(policy.program, policy.case(TYPICAL["approved"][1]), "return")
    assert {one.option: one.verdict for one in found.decision.members[0].instead}["exchange"] == "approve"
    assert [one.option for one in found.members[0].alternatives] == ["store_credit"]


@settings(max_examples=20, deadline=None)
@given(requests())
def test_an_alternative_is_approved_until_its_last_day_and_no_longer(document):
    for item in explain(POLICY.program, POLICY.case(document), "return").members:
        number = int(item.item.split("[")[1].removesuffix("]"))
        for one in item.alternatives:
            asking = copy.deepcopy(document)
            asking["request"]["lines"][number]["remedy"] = one.option
            assert outcome(asking, number) == "approve"
            if one.until is None:
                continue
            noon = datetime(one.until.year, one.until.month, one.until.day, 12, tzinfo=ZoneInfo(one.zone))
            asking["as_of"] = "2027-01-01T00:00:00Z"
            for moment, approved in ((noon, True), (noon + timedelta(days=1), False)):
                asking["request"]["at"] = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
                assert (outcome(asking, number) == "approve") == approved


def outcome(document, number):
    return POLICY.decide("return", document, questions=False).members[number].outputs["outcome"].value


# a case as a document --------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(requests())
def test_a_case_and_its_document_say_the_same(document):
    case = POLICY.case(document)
    if case.errors:
        return
    again = POLICY.case(case_document(POLICY.program, case))
    assert (again.facts, again.lengths, again.assumed) == (case.facts, case.lengths, case.assumed)
    assert (again.as_of, again.stage, again.stage_assumed, again.presets, again.errors) == (
        case.as_of,
        case.stage,
        case.stage_assumed,
        case.presets,
        (),
    )


@pytest.mark.parametrize("file", sorted((ROOT / "examples" / "requests").glob("*.json")), ids=lambda f: f.stem)
def test_a_real_request_and_its_document_say_the_same(file):
    policy = load_policy(ROOT / "policies" / "kaolate.yaml")
    case = policy.case(json.loads(file.read_text()))
    again = policy.case(case_document(policy.program, case))
    assert (again.facts, again.lengths, again.assumed) == (case.facts, case.lengths, case.assumed)
    assert json.loads(json.dumps(case_document(policy.program, case))) == case_document(policy.program, case)


def test_every_kind_of_fact_is_written_as_it_is_read():
    document = {
        "order": {"weight_kg": "1.25", "currency": "JPY", "total_paid": "120", "tags": ["vip", "summer"]},
        "request": {"at": {"not_by": "2026-05-15T10:00:00Z"}, "lines": [{"wear": "12.5%"}, {}]},
        "as_of": "2026-05-20T10:00:00.500000Z",
        "stage": "sent",
    }
    charged = load_policy(
        (Path(__file__).with_name("harbour.yaml"))
        .read_bytes()
        .replace(b"currency: USD", b"currency: JPY")
        .replace(b".00 USD", b" JPY"),
        "yen.yaml",
    )
    case = charged.case(document)
    assert case.errors == ()
    assert case_document(charged.program, case) == document
