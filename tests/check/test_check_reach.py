"""Rules that can decide in no case: told where that is plain, and never told of a rule that can."""

from __future__ import annotations

import itertools

import pytest
from check_support import checked, codes, decision, messages, policy
from hypothesis import given
from hypothesis import strategies as st

from engine import load_policy

TOP = """facts:
  line.points: {type: integer, min: 0, max: 9, from: shop, ask: How many points?}
  line.shade: {type: [red, green, blue], from: shop, ask: Which shade?}
  line.rank: {type: {ordered: [low, middle, high]}, from: shop, ask: Which rank?}
  line.opened_up: {type: boolean, from: customer, ask: Was it opened up?}
windows:
  time: {lasts: 30 days, after: line.delivery.at, act: request.at}
  long_time: {lasts: 60 days, after: line.delivery.at, act: request.at}
parameters:
  limit: {type: money, value: 20.00 EUR}
  switch: {type: boolean, value: false}
define:
  in_time: time is open
  late: time has passed
  small: line.paid < 5.00 EUR
readings:
  both:
    about: [a-1]
    asks: Which of the two?
    options: {yes_both: Both., no_one: One.}
    chosen: yes_both
sources:
  page: {title: Page, sections: {All: {a-1: {kind: judgement, says: Something.}}}}
"""


def _with(*when: str, unless: str = "", more: str = "") -> str:
    parts = "".join(f"\n          - {one}" for one in when)
    text = f"""
      one:
        when:{parts}
        {f"unless: {unless}" if unless else ""}
        then: {{outcome: approve}}
      {more}"""
    return policy(decision(text), top=TOP)


@pytest.mark.parametrize(
    "when",
    [
        ["line.paid > 50.00 EUR", "line.paid < 20.00 EUR"],
        ["line.paid > 50.00 EUR and line.paid <= 50.00 EUR"],
        ["line.paid < 0.00 EUR"],
        ["line.paid > limit", "line.paid < 20.00 EUR"],
        ["line.paid > limit", "small"],
        ["line.points > 2", "line.points < 3"],
        ["line.points in 3 .. 5", "line.points in 7 .. 9"],
        ["line.points > 9"],
        ["line.points == 3", "line.points != 3"],
        ["line.points in 3 .. 4", "line.points not in [3, 4]", "line.points in [3, 4, 5]"],
        ["line.shade == 'red'", "line.shade == 'blue'"],
        ["line.shade in ['red', 'green']", "line.shade not in ['red', 'green', 'blue']"],
        ["line.shade != 'red'", "line.shade != 'green'", "line.shade != 'blue'"],
        ["line.rank < 'middle'", "line.rank > 'low'"],
        ["line.opened_up", "not line.opened_up"],
        ["line.opened_up == true", "line.opened_up == false"],
        ["time is open", "time has passed"],
        ["in_time", "late"],
        ["time has not begun", "time has passed"],
        ["time is not open", "time has begun", "time has not passed"],
        ["in_time or line.paid > 50.00 EUR", "late", "line.paid < 20.00 EUR"],
        ["if line.opened_up then line.paid > 50.00 EUR else false", "line.paid < 20.00 EUR", "line.opened_up"],
        ["line.paid > line.unit_price", "line.paid < line.unit_price"],
        ["line.paid >= line.unit_price", "line.unit_price > line.paid"],
        ["order.placed_at < 2030-01-01", "order.placed_at >= 2030-01-01"],
        ["line.delivery.at has happened", "line.delivery.at has not happened"],
        ["any one in order.lines has one.points > 3", "not any one in order.lines has one.points > 3"],
        ["reading.both == 'yes_both'", "reading.both == 'no_one'"],
    ],
)
def test_conditions_that_rule_one_another_out(when: list[str]) -> None:
    assert "rule-unreachable" in codes(_with(*when)), messages(_with(*when))


@pytest.mark.parametrize(
    "when",
    [
        ["line.paid > 50.00 EUR", "line.unit_price < 20.00 EUR"],
        ["line.paid >= 50.00 EUR", "line.paid <= 50.00 EUR"],
        ["line.paid > 50.00 EUR or line.paid < 20.00 EUR", "line.paid < 30.00 EUR"],
        ["line.points > 2", "line.points < 4"],
        ["line.weight_kg > 2", "line.weight_kg < 3"],
        ["line.shade != 'red'", "line.shade != 'green'"],
        ["time is not open", "long_time is open"],
        ["time has begun", "time has passed"],
        ["time has passed", "long_time is open"],
        ["switch"],
        ["reading.both == 'no_one'"],
        ["line.paid >= line.unit_price", "line.paid <= line.unit_price"],
        ["any one in order.lines has one.points > 3", "any one in order.lines has one.points < 3"],
        ["line.category == 'shoes'", "line.category != 'hats'"],
    ],
)
def test_conditions_that_can_hold_together(when: list[str]) -> None:
    assert "rule-unreachable" not in codes(_with(*when))


def test_what_unless_takes_away_is_told_in_words() -> None:
    said = messages(_with("small", unless="line.paid < 10.00 EUR"))
    assert "rule `one` can never apply: `small` and `not (line.paid < 10.00 EUR)` never hold together" in said


def test_only_the_conditions_that_clash_are_named_and_shown() -> None:
    text = _with("line.opened_up", "line.paid > 50.00 EUR", "in_time", "line.paid < 20.00 EUR")
    (told,) = [one for one in checked(text)[1] if one.code == "rule-unreachable"]
    assert told.message == (
        "rule `one` can never apply: `line.paid > 50.00 EUR` and `line.paid < 20.00 EUR` never hold together"
    )
    assert told.span is not None
    assert told.span.text == "line.paid < 20.00 EUR"
    assert [place.span.text for place in told.also] == ["line.paid > 50.00 EUR"]


def test_one_condition_that_never_holds() -> None:
    assert "`line.points > 9` never holds" in messages(_with("line.points > 9"))


def test_what_the_policy_speaks_about_counts() -> None:
    text = policy(decision("{one: {when: line.paid < 3.00 EUR, then: {outcome: approve}}}"))
    assert "rule-unreachable" not in codes(text)
    narrow = text.replace("decisions:", "applies_when: order.is_gift\ndecisions:")
    assert "rule-unreachable" not in codes(narrow)
    against = narrow.replace("line.paid < 3.00 EUR", "not order.is_gift")
    assert "rule `one` can never apply: `not (order.is_gift)` and `order.is_gift` never hold together" in messages(
        against
    )
    nothing = text.replace("decisions:", "applies_when: order.is_gift and not order.is_gift\ndecisions:")
    assert messages(nothing).count("the policy speaks about no case at all") == 1


OVER = {
    "always": ("{when: line.paid > 5.00 EUR, overrides: [narrow], then: {outcome: deny}}", True),
    "by_word": ("{when: line.opened_up, overrides: [narrow], then: {outcome: deny}}", False),
    "not_overriding": ("{when: line.paid > 5.00 EUR, then: {outcome: deny}}", False),
}


@pytest.mark.parametrize("name", OVER)
def test_a_rule_that_others_always_override(name: str) -> None:
    wide, dead = OVER[name]
    text = policy(
        decision(f"{{narrow: {{when: line.paid > 9.00 EUR, then: {{outcome: approve}}}}, wide: {wide}}}"), top=TOP
    )
    assert ("rule `narrow` never decides: wherever it applies, `wide` overrides it" in messages(text)) == dead
    assert ("rule-unreachable" in codes(text)) == dead


def test_two_rules_together_may_stand_before_one() -> None:
    rules = """
      one: {when: in_time, then: {outcome: approve}}
      dear: {when: line.paid > 5.00 EUR, overrides: [one], then: {outcome: deny}}
      cheap: {when: line.paid <= 5.00 EUR, overrides: [one], then: {outcome: review}, review: discretion}"""
    assert "rule `one` never decides: wherever it applies, `dear` or `cheap` overrides it" in messages(
        policy(decision(rules), top=TOP)
    )


def test_a_rule_without_conditions_may_be_one_of_those_that_stand_before() -> None:
    rules = """
      one: {when: in_time, then: {outcome: approve}}
      all_others: {overrides: [one], then: {outcome: deny}}
      dear: {when: [line.paid > 5.00 EUR, in_time], overrides: [one], then: {outcome: deny}}"""
    assert "rule `one` never decides: wherever it applies, `all_others` or `dear` overrides it" in messages(
        policy(decision(rules), top=TOP)
    )


def test_with_first_what_is_written_before_counts_too() -> None:
    outcome = "{type: [deny, approve], combine: first, roll_up: each}"
    rules = """
      dear: {when: line.paid > 5.00 EUR, then: {outcome: deny}}
      dearer: {when: line.paid > 9.00 EUR, then: {outcome: approve}}"""
    assert "rule `dearer` never decides: wherever it applies, `dear` is first" in messages(
        policy(decision(rules, outcome=outcome), top=TOP)
    )
    unique = outcome.replace("first", "unique")
    assert "rule-unreachable" not in codes(policy(decision(rules, outcome=unique), top=TOP))


def test_a_rule_with_one_conclusion_that_stands_is_not_told() -> None:
    rules = """
      narrow: {when: line.paid > 9.00 EUR, then: {outcome: approve, words: [a]}}
      wide: {when: line.paid > 5.00 EUR, overrides: [narrow], then: {outcome: deny}}"""
    text = policy(decision(rules, "words: {type: list of text, combine: all, roll_up: each}"), top=TOP)
    assert "never decides" not in messages(text)


def test_a_rule_that_may_be_blocked_stands_before_nothing() -> None:
    rules = """
      narrow: {when: line.paid > 9.00 EUR, then: {outcome: review}, review: discretion}
      wide: {when: line.paid > 5.00 EUR, overrides: [narrow], then: {outcome: approve}}"""
    more = "requires:\n  picture: {when: true, met: line.opened_up, ask: picture}"
    assert "never decides" in messages(policy(decision(rules), top=TOP))
    assert "never decides" not in messages(policy(decision(rules, more=more), top=TOP))


def test_a_row_that_fits_no_case() -> None:
    top = (
        TOP
        + """tables:
  fees:
    looks_at: {points: line.points}
    gives: {fee: money}
    rows:
      few: {points: 0 .. 4, fee: 1.00 EUR}
      many: {points: 5 .. 9, fee: 2.00 EUR}
      more: {points: over 9, fee: 3.00 EUR}
"""
    )
    text = policy(
        decision("{one: {then: {outcome: approve, fee: fees.fee}}}", "fee: {type: money, roll_up: sum}"), top=top
    )
    assert "row `more` fits no case: `over 9` never holds" in messages(text)
    assert messages(text).count("fits no case") == 1


# the law: what is told to decide in no case decides in none ----------------------------------------------------------

_ATOMS = [
    "line.points < 2",
    "line.points >= 2",
    "line.points == 1",
    "line.points in 1 .. 3",
    "line.points not in [0, 3]",
    "line.shade == 'red'",
    "line.shade != 'red'",
    "line.shade in ['red', 'blue']",
    "line.rank <= 'low'",
    "line.rank > 'low'",
    "line.rank != 'high'",
    "line.opened_up",
    "line.opened_up == (line.points > 1)",
]


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda many: f"({' and '.join(many)})"),
        st.lists(parts, min_size=2, max_size=3).map(lambda many: f"({' or '.join(many)})"),
        parts.map(lambda one: f"not ({one})"),
    )


CONDITIONS = st.recursive(st.sampled_from(_ATOMS), _joined, max_leaves=5)

CASES = [
    {
        "request": {"at": "2031-01-05", "lines": [{"id": "1"}]},
        "order": {"lines": [{"id": "1", "points": points, "shade": shade, "rank": rank, "opened_up": opened}]},
    }
    for points, shade, rank, opened in itertools.product(
        [0, 1, 2, 3, 4], ["red", "green", "blue"], ["low", "middle", "high"], [True, False]
    )
]


@given(st.lists(CONDITIONS, min_size=1, max_size=3), CONDITIONS, CONDITIONS)
def test_what_is_told_to_decide_in_no_case_decides_in_none(when: list[str], unless: str, other: str) -> None:
    more = f"""other:
        when: "{other}"
        overrides: [one]
        then: {{outcome: deny}}"""
    text = _with(*when, unless=unless, more=more)
    told = {
        rule
        for one in checked(text)[1]
        for rule in ("one", "other")
        if one.code == "rule-unreachable" and f"rule `{rule}`" in one.message
    }
    if not told:
        return
    loaded = load_policy(text.encode())
    for case in CASES:
        (line,) = loaded.decide("return", case, questions=False).members
        assert not told & {view.rule for view in line.reasons}, (told, case)
