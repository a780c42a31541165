"""What people read: typical answers word for word, and what holds for every page."""

import json
import re
from pathlib import Path

import pytest
from explain_support import POLICY, TYPICAL, line, request, requests
from hypothesis import given, settings
from hypothesis import strategies as st
from refresh_explain import SNAPSHOTS, pages

from engine import load_policy
from engine.explain.text import render_decision, render_explanation
from engine.explain.tree import explain
from engine.explain.writing import WIDTH

ROOT = Path(__file__).resolve().parents[2]
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def answer(question, document, color=False):
    return render_decision(POLICY.decide(question, document), POLICY.program, color)


def explanation(question, document, color=False):
    return render_explanation(explain(POLICY.program, POLICY.case(document), question), color)


@pytest.mark.parametrize("name", pages())
def test_a_typical_page_reads_as_before(name):
    """After a change that is meant: `python tests/explain/refresh_explain.py`, and read what it wrote."""
    assert pages()[name]() == (SNAPSHOTS / f"{name}.txt").read_text(encoding="utf-8")


def test_every_snapshot_has_a_page():
    assert {file.stem for file in SNAPSHOTS.glob("*.txt")} == set(pages())


@pytest.mark.parametrize("name", TYPICAL)
def test_the_first_line_is_the_verdict(name):
    question, document = TYPICAL[name]
    first = answer(question, document).splitlines()[0]
    assert first.startswith(f"{question.replace('_', ' ')}: ")
    said = {
        "approved": "approved",
        "denied_late": "denied",
        "photos_missing": "more must be known",
        "contradiction": "a person decides (the text contradicts itself)",
        "undecided_reading": "a person decides (the text is vague)",
        "impossible": "cannot be decided: the facts cannot be right",
        "money": "12.67 USD (paid back in all)",
        "other_shop": "the policy does not apply to this order",
        "not_spoken_of": "the policy does not speak of this",
        "label_abroad": "the policy does not say",
    }
    if name in said:
        assert first.partition(": ")[2] == said[name]


@settings(max_examples=20, deadline=None)
@given(requests(), st.sampled_from([*POLICY.decisions, "exchange"]))
def test_no_page_is_wider_than_the_terminal(document, question):
    for page in (answer(question, document), explanation(question, document)):
        assert max(map(len, page.splitlines())) <= WIDTH
        assert "\x1b" not in page and page.endswith("\n") and not page.endswith("\n\n")
        assert all(line_ == line_.rstrip() for line_ in page.splitlines())


def test_no_page_about_kaolate_is_wider_than_the_terminal():
    policy = load_policy(ROOT / "policies" / "kaolate.yaml")
    for file in sorted((ROOT / "examples" / "requests").glob("*.json")):
        case = policy.case(json.loads(file.read_text()))
        for question in policy.decisions:
            page = render_explanation(explain(policy.program, case, question, changes=False))
            assert max(map(len, page.splitlines())) <= WIDTH


def test_what_an_answer_leaves_to_be_sent_is_told_in_the_policys_words():
    page = answer("return", request(line(reason_category="defect"), evidence={}))
    assert '  no: then it hangs on "Please send a photo of the fault."\n' in page


@pytest.mark.parametrize("name", TYPICAL)
def test_colour_changes_no_words(name):
    question, document = TYPICAL[name]
    for page in (answer, explanation):
        coloured = page(question, document, color=True)
        assert ESCAPE.sub("", coloured) == page(question, document)
        assert "\x1b" in coloured


def test_a_verdict_has_its_colour():
    assert "\x1b[32mapproved\x1b[0m" in answer(*TYPICAL["approved"], color=True)
    assert "\x1b[31mdenied\x1b[0m" in answer(*TYPICAL["denied_late"], color=True)


def test_words_from_outside_cannot_steer_the_terminal():
    evil = "a\x1b[31m\u202eb\r\nc\x07"
    page = explanation("return", request(line(id=evil, remedy="refund")))
    assert "\x1b" not in page and "\u202e" not in page and "\x07" not in page
    assert "(id a�[31m�b c�)" in page


def test_a_very_long_id_is_wrapped():
    page = answer("return", request(line(id="x" * 5000)))
    assert max(map(len, page.splitlines())) <= WIDTH


def test_an_explanation_holds_the_whole_answer():
    for name in ("approved", "denied_late", "money"):
        short = answer(*TYPICAL[name]).splitlines()
        full = explanation(*TYPICAL[name]).splitlines()
        assert [one for one in short if one] == [one for one in full if one in short and one]


def test_lateness_alternatives_and_changes_are_told():
    page = explanation(*TYPICAL["denied_late"])
    assert "time to return: this is day 23 of 14 days; 19 May 2026 was the last day" in page
    assert "would be approved if line.delivery.at were 14 May 2026 instead of 5 May 2026" in page
    assert "store credit would be approved instead\n" in page


def test_a_denial_for_several_reasons_says_that_no_single_fact_turns_it():
    twice = request(line(is_final_sale=True, condition={"unworn": False}))
    assert "no single fact was found that would turn the answer" in explanation("return", twice)


def test_many_lines_are_not_all_explained():
    many = request(*(line(id=str(n)) for n in range(23)))
    page = render_explanation(explain(POLICY.program, POLICY.case(many), "return", changes=False))
    assert "… how the other 3 were found is not shown" in page
    assert page.count("Line ") >= 23


IN_BERLIN = """policy: clock
title: A clock
version: "1"
currency: EUR
timezone: Europe/Berlin
rounding: half up
decisions:
  pickup:
    asks: When is it fetched?
    for_each: line in request.lines
    outputs:
      at: {type: moment, roll_up: latest}
      again: {type: moment, roll_up: latest}
    rules:
      noon: {then: {at: "order.placed_at at 12:00", again: "order.placed_at at 12:00"}}
"""


def test_a_moment_is_told_on_the_policys_clock_wherever_it_stands():
    policy = load_policy(IN_BERLIN.encode(), "clock.yaml")
    asked = {
        "order": {"currency": "EUR", "placed_at": "2026-07-20T10:00:00+02:00"},
        "request": {"at": "2026-12-10T17:00:00+01:00", "lines": [{"id": "1", "asked": 1}]},
    }
    page = render_decision(policy.decide("pickup", asked), policy.program, False)
    assert "UTC" not in page
    assert page.splitlines()[0] == "pickup: 20 July 2026, 12:00 CEST (at)"
    assert "Line 1 (id 1): 20 July 2026, 12:00 CEST\n" in page
    assert "again: 20 July 2026, 12:00 CEST\n" in page
