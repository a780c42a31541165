"""In a market the policy answers as it would alone; while the market is missing, nothing is settled that it could change."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markets_shop import MARKETS, alone, together

from engine import Policy, load_policy, load_versions
from engine.explain.document import document
from engine.language.decision import Decision

TOGETHER = load_policy(together().encode())
ALONE = {name: load_policy(alone(name).encode()) for name in MARKETS}
OLD_AND_NEW = (
    "effective: {until: 2026-03-03, by: order.placed_at}",
    "effective: {from: 2026-03-03, by: order.placed_at}",
)
SETTLED = ("decided", "not_covered", "conflict")

moments = st.sampled_from(
    [
        "2026-02-27T10:30:00Z",
        "2026-03-01T12:00:00Z",
        "2026-03-02T23:30:00Z",
        "2026-03-13T11:00:00Z",
        "2026-03-16T23:59:00Z",
    ]
)
orders = st.fixed_dictionaries(
    {},
    optional={
        "lines_total": st.sampled_from(["49.99", "50.00", "499.99", "500", "600.00"]),
        "placed_at": moments,
        "is_gift": st.booleans(),
        "is_bulk": st.booleans(),
        "currency": st.sampled_from(["SEK", "EUR", "USD"]),
        "lines": st.lists(
            st.fixed_dictionaries({}, optional={"paid": st.sampled_from(["4.79", "4.80", "55.00"])}),
            min_size=1,
            max_size=2,
        ),
    },
)
requests = st.fixed_dictionaries({"at": moments})
cases = st.fixed_dictionaries({"order": orders, "request": requests})
questions = st.sampled_from(["label", "goods"])


def with_lines(case: dict[str, Any]) -> dict[str, Any]:
    """The case with its order lines asked about."""
    case = copy.deepcopy(case)
    lines = case["order"].setdefault("lines", [{}])
    for number, line in enumerate(lines, 1):
        line["id"] = str(number)
    case["request"]["lines"] = [{"id": line["id"]} for line in lines]
    return case


def told(case: dict[str, Any], market: str | None) -> dict[str, Any]:
    order = {key: value for key, value in case["order"].items() if key != "market"}
    return {**case, "order": order if market is None else {**order, "market": market}}


def shown(decision: Decision) -> dict[str, Any]:
    """The whole document, without which policy it was."""
    return {key: value for key, value in document(decision).items() if key != "policy"}


def without_the_market(settled: Decision, known: Decision) -> None:
    """What was settled while the market was missing is the same now that it is known."""
    if known.problems:
        return  # the facts cannot be those of an order in this market
    pairs = [(settled.outputs, known.outputs)]
    pairs += [(a.outputs, b.outputs) for a, b in zip(settled.members, known.members, strict=False)]
    for before, after in pairs:
        for name, output in before.items():
            if output.status in SETTLED:
                assert (after[name].status, after[name].value) == (output.status, output.value)


@settings(max_examples=60, deadline=None)
@given(cases, questions, st.sampled_from(list(MARKETS)))
def test_in_a_market_the_policy_answers_as_if_written_for_it_alone(case, question, market):
    case = told(with_lines(case), market)
    decision = TOGETHER.decide(question, case)
    assert decision.market == market
    assert shown(decision) == shown(ALONE[market].decide(question, case))
    assert shown(TOGETHER.decide(question, TOGETHER.case(case))) == shown(decision)


@settings(max_examples=60, deadline=None)
@given(cases, questions)
def test_giving_the_market_changes_nothing_that_was_settled(case, question):
    case = with_lines(case)
    before = TOGETHER.decide(question, told(case, None), questions=False)
    for market in MARKETS:
        without_the_market(before, TOGETHER.decide(question, told(case, market), questions=False))


@settings(max_examples=40, deadline=None)
@given(cases, questions, st.sampled_from([None, *MARKETS]), st.data())
def test_a_missing_fact_never_decides(case, question, market, data):
    case = told(with_lines(case), market)
    given_facts = sorted(key for key in case["order"] if key != "lines")
    if not given_facts:
        return
    left_out = data.draw(st.sampled_from(given_facts))
    less = {**case, "order": {key: value for key, value in case["order"].items() if key != left_out}}
    without_the_market(
        TOGETHER.decide(question, less, questions=False), TOGETHER.decide(question, case, questions=False)
    )


@settings(max_examples=30, deadline=None)
@given(cases, questions)
def test_only_facts_that_are_named_can_settle_a_case_of_no_known_market(case, question):
    case = told(with_lines(case), None)
    decision = TOGETHER.decide(question, case)
    if decision.status != "needs_facts":
        return
    named = {need.name for need in decision.may_need}
    for name, value in (("is_gift", True), ("is_bulk", True), ("lines_total", "600.00"), ("currency", "SEK")):
        if name not in case["order"] and f"order.{name}" not in named:
            more = TOGETHER.decide(question, {**case, "order": {**case["order"], name: value}}, questions=False)
            assert more.problems or more.status == "needs_facts" or name == "currency"


@pytest.fixture(scope="module")
def versions(tmp_path_factory) -> tuple[Policy, dict[str, Policy]]:
    folder = tmp_path_factory.mktemp("markets")
    for number, effective in enumerate(OLD_AND_NEW):
        (folder / f"{number}.yaml").write_text(together(str(number), effective), encoding="utf-8")
    there = {}
    for name in MARKETS:
        own = folder / name
        own.mkdir()
        for number, effective in enumerate(OLD_AND_NEW):
            (own / f"{number}.yaml").write_text(alone(name, str(number), effective), encoding="utf-8")
        there[name] = load_versions(own)
    return load_versions(folder), there


@settings(max_examples=30, deadline=None)
@given(cases, questions)
def test_versions_with_markets_answer_as_versions_alone(versions, case, question):
    both, there = versions
    case = with_lines(case)
    unknown = both.decide(question, told(case, None), questions=False)
    for market, policy in there.items():
        known = both.decide(question, told(case, market), questions=False)
        expected = policy.decide(question, told(case, market), questions=False)
        if case["order"].get("placed_at"):
            assert shown(known) == shown(expected)
            assert (known.version, known.market) == (expected.version, market)
        else:
            assert (known.status, known.verdict) == (expected.status, expected.verdict)
        without_the_market(unknown, known)
