"""Changes that mutation takes for equivalent: they must leave every answer as it is, also where facts are missing."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from engine.base.diagnostics import Report
from engine.check.program import build, check_written
from engine.cli.main import cli
from engine.evaluate.judge import judge
from engine.facts.decode import decode
from engine.language import core as c
from engine.language.prints import Prints
from engine.testing.mutation.fingerprint import parts, prints_of_parts

WORDS = ("deny", "review", "alternative", "approve")
FACTS = ("is_custom", "is_final_sale", "is_gift_card", "is_on_sale")
CITED = "sources: {page: {title: P, sections: {One: {c1: {kind: rule, says: Nothing.}}}}}"


def policy(combine: str, said: list[str], overrides: list[bool]) -> str:
    rules = []
    for i, word in enumerate(said):
        review = ", review: discretion" if word == "review" else ""
        over = f", overrides: [r{i - 1}]" if i and overrides[i] else ""
        rules.append(f"      r{i}: {{when: line.{FACTS[i]}, then: {{outcome: {word}}}{review}{over}, cites: [c1]}}")
    return f"""
policy: p
title: P
version: '1'
currency: EUR
timezone: Europe/Lisbon
{CITED}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs: {{outcome: {{type: [{", ".join(WORDS)}], combine: {combine}, roll_up: each}}}}
    rules:
""" + "\n".join(rules)


def program(text: str) -> c.Program:
    written = check_written(text.encode(), "p.yaml", Report())
    assert written is not None
    (built,) = build(written[0], Report())
    return built


def same(one: c.Program, other: c.Program) -> bool:
    numbers: dict[str, int] = {}
    return prints_of_parts(parts(one), Prints(one, numbers)) == prints_of_parts(parts(other), Prints(other, numbers))


def answer(one: c.Program, line: dict[str, bool | None]) -> object:
    document = {"request": {"at": "2026-03-01T12:00:00Z", "lines": [{"id": "1", **line}]}}
    decision = judge(one, "return", decode(document, one.facts, currency=one.currency, timezone=one.timezone))
    members = [(m.outputs, m.reasons, m.outweighed, m.yielded, m.blocked) for m in decision.members]
    told = (decision.may_need, decision.ask_first, decision.leads_to, decision.messages, decision.rests_on)
    return decision.status, decision.verdict, decision.why, decision.outputs, members, told


@given(
    said=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    overrides=st.lists(st.booleans(), min_size=4, max_size=4),
    values=st.lists(st.sampled_from((True, False, None)), min_size=4, max_size=4),
)
def test_where_the_first_rule_counts_as_the_strictest_all_answers_are_the_same(said, overrides, values):
    one, other = (program(policy(way, said, overrides)) for way in ("strictest", "first"))
    ranks = [WORDS.index(word) for word in said]
    assert same(one, other) == (len(said) == 1 or ranks == sorted(ranks))
    if same(one, other):
        line = {name: value for name, value in zip(FACTS, values, strict=True) if value is not None}
        assert answer(one, line) == answer(other, line)


MONEY = f"""
policy: p
title: P
version: '1'
currency: EUR
timezone: Europe/Lisbon
{CITED}
decisions:
  fees:
    asks: What does it cost?
    for_each: line in request.lines
    outputs:
      outcome: {{type: [yes, no], combine: strictest, roll_up: each}}
      fee: {{type: money, combine: sum, roll_up: sum}}
      told: {{type: {{list_of: [now, later]}}, combine: all, roll_up: all}}
    rules:
      one: {{when: line.is_custom, then: {{outcome: yes, fee: 3.00 EUR, told: [now]}}, cites: [c1]}}
      two: {{when: not line.is_custom, then: {{outcome: no, told: [later]}}, cites: [c1]}}
"""
MONEY_CASES = """
policy: p.yaml
ask: fees
cases:
  custom:
    facts: {request: {at: '2026-03-01T12:00:00+00:00', lines: [{id: '1', is_custom: true, is_gift_card: false}]}}
    expect: {verdict: answer, outputs: {fee: 3.00 EUR, told: [now]}}
"""


@pytest.fixture
def combines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(text: str) -> tuple[int, set[str]]:
        (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "cases.yaml").write_text(MONEY_CASES, encoding="utf-8")
        result = CliRunner().invoke(cli, ["mutate", "cases.yaml", "--kind", "combines", "--format", "json"])
        (found,) = json.loads(result.stdout)["policies"]
        return found["equivalent"], {f"{one['whose']}: {one['change']}" for one in found["survivors"]}

    return run


def test_what_joins_nothing_and_what_joins_lists_can_be_called_as_one_likes(combines):
    """`strictest` of rules in the order of the words, `sum` of one rule, and `all` of lists: only the sum of lines counts."""
    assert combines(MONEY) == (3, {"output `fees.fee`: `roll_up: sum` became `max`"})


def test_a_second_rule_and_another_order_of_rules_make_it_count(combines):
    more = MONEY + "      three: {when: line.is_gift_card, then: {fee: 1.00 EUR}, cites: [c1]}\n"
    more = more.replace("type: [yes, no]", "type: [no, yes]")
    equivalent, survivors = combines(more)
    assert equivalent == 1
    assert survivors == {
        "output `fees.outcome`: `combine: strictest` became `first`",
        "output `fees.fee`: `combine: sum` became `max`",
        "output `fees.fee`: `roll_up: sum` became `max`",
    }
