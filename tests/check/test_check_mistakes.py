"""Warnings: where they help, and where they must be silent."""

from __future__ import annotations

import pytest
from check_support import checked, codes, decision, found, policy

CLOCKS = """windows:
  time: {lasts: 30 days, after: line.delivery.at, act: request.at}
  long_time: {lasts: 60 days, after: line.delivery.at, act: request.at}
  time_before: {lasts: 5 days, before: booking.on, act: request.at}
define: {in_time: time is open, late: time has passed}
"""


def _refusing(when: str = "true", unless: str = "", word: str = "deny") -> str:
    parts = [f"when: [{', '.join(repr(part) for part in when.split('; '))}]".replace("'", '"')]
    if unless:
        parts.append(f'unless: "{unless}"')
    every = "{when: in_time or late or long_time is open or time_before is open, then: {outcome: approve}}"
    rules = f"{{one: {{{', '.join(parts)}, then: {{outcome: {word}}}}}, every: {every}}}"
    return policy(decision(rules), top=CLOCKS)


@pytest.mark.parametrize(
    ("when", "unless"),
    [
        ("time is not open", ""),
        ("not time is open", ""),
        ("not in_time", ""),
        ("not (time is open or line.is_custom)", ""),
        ("line.is_custom; time is not open", ""),
        ("not in_time or line.is_sample", ""),
        ("line.is_custom", "time is open"),
        ("line.is_custom", "in_time or line.is_sample"),
    ],
)
def test_refusing_while_a_window_is_not_open(when: str, unless: str) -> None:
    assert "deny-not-open" in codes(_refusing(when, unless))


@pytest.mark.parametrize(
    ("when", "unless", "word"),
    [
        ("time has passed", "", "deny"),
        ("late", "", "deny"),
        ("time is not open", "", "approve"),
        ("time_before is not open", "", "deny"),
        ("time has begun; time is not open", "", "deny"),
        ("time has passed", "long_time is open", "deny"),
        ("time has passed; line.is_custom", "line.is_sample and long_time is open", "deny"),
        ("line.is_custom", "time has not begun", "deny"),
        ("time is open; not long_time is open", "", "deny"),
    ],
)
def test_refusing_when_the_window_has_surely_begun(when: str, unless: str, word: str) -> None:
    assert "deny-not-open" not in codes(_refusing(when, unless, word))


@pytest.mark.parametrize(
    ("when", "warned"),
    [
        ("not request.at within 30 days after line.delivery.at", True),
        ("not request.at within 30 days before booking.on", False),
        ("request.at later than 30 days after line.delivery.at", False),
        ("not request.at within 30 days after line.delivery.at; time has begun", False),
        ("request.at within 30 days after line.delivery.at", False),
    ],
)
def test_refusing_what_is_not_within(when: str, warned: bool) -> None:
    assert ("deny-not-within" in codes(_refusing(when))) is warned


def test_the_words_underlined_are_those_of_the_rule() -> None:
    [(_, words)] = [one for one in found(_refusing("not in_time")) if one[0] == "deny-not-open"]
    assert words == "in_time"


def test_a_refusal_chosen_by_a_formula_is_a_refusal() -> None:
    rules = "{one: {when: time is not open, then: {outcome: if line.is_custom then 'deny' else 'approve'}}}"
    top = "windows: {time: {lasts: 30 days, after: line.delivery.at, act: request.at}}"
    assert codes(policy(decision(rules), top=top)) == ["deny-not-open"]


# amounts that exist once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "warned"),
    [
        ("order.shipping_paid", True),
        ("order.shipping_paid - order.shipping_refunded", True),
        ("payout.total", True),
        ("share(order.shipping_paid, line.quantity, order.item_count, 0)", False),
        ("line.paid + order.shipping_paid", False),
        ("return.goods", False),
        ("5.00 EUR", False),
    ],
)
def test_what_exists_once_is_not_added_up_for_every_line(formula: str, warned: bool) -> None:
    first = decision("{one: {then: {outcome: approve, goods: line.paid}}}", "goods: {type: money, roll_up: sum}")
    once = decision(
        "{one: {then: {outcome: approve, total: order.total_paid}}}", "total: {type: money}", each=False, name="payout"
    )
    rules = f"{{one: {{then: {{outcome: approve, fee: '{formula}'}}}}}}"
    each = decision(rules, "fee: {type: money, roll_up: sum}", name="refund")
    assert codes(policy(first, once, each)) == (["order-amount-per-line"] if warned else [])
    assert codes(policy(first, once, each.replace("roll_up: sum", "roll_up: max"))) == []


# overriding ----------------------------------------------------------------------------------------------------------


def _overriding(then: str, fee: str = "{type: money, roll_up: sum}") -> str:
    rules = (
        "{usual: {then: {outcome: approve, fee: 5.00 EUR}}, "
        f"special: {{when: line.is_custom, then: {then}, overrides: [usual]}}}}"
    )
    return policy(decision(rules, f"fee: {fee}"))


@pytest.mark.parametrize(
    ("then", "fee", "warned"),
    [
        ("{outcome: approve}", "{type: money, roll_up: sum}", True),
        ("{outcome: approve, fee: 0}", "{type: money, roll_up: sum}", False),
        ("{outcome: approve, fee: not stated}", "{type: money, roll_up: sum}", False),
        ("{outcome: deny}", "{type: money, roll_up: sum, only_when: [approve]}", False),
        ("{outcome: approve}", "{type: money, roll_up: sum, only_when: [approve]}", True),
        ("{fee: 0}", "{type: money, roll_up: sum}", True),
    ],
)
def test_an_overridden_rule_leaves_nothing_standing_unseen(then: str, fee: str, warned: bool) -> None:
    assert codes(_overriding(then, fee)) == (["override-stale"] if warned else [])


def test_lists_that_go_together_may_stand() -> None:
    rules = (
        "{usual: {then: {outcome: deny, steps: [a]}}, "
        "special: {when: line.is_custom, then: {outcome: approve}, overrides: [usual]}}"
    )
    assert codes(policy(decision(rules, "steps: {type: {list_of: [a, b]}, combine: all, roll_up: all}"))) == []


# conditions that are always the same ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "warned"),
    [
        ("[true, line.is_custom]", True),
        ("line.is_custom or true", True),
        ("not false", True),
        ("2 > 3 or line.is_custom", True),
        ("line.is_custom and line.quantity == line.quantity", True),
        ("if true then line.is_custom else line.is_sample", True),
        ("month of request.at == 13 or line.is_custom", True),
        ("line.is_custom and day of month of request.at <= 31", True),
        ("line.is_custom and month of request.at < day of month of 2026-03-01", False),
        ("month of request.at == 12", False),
        ("day of month of request.at > 30", False),
        ("true", False),
        ("if line.is_custom then true else line.is_sample", False),
        ("any other in order.lines where other.is_custom has true", False),
        ("line.quantity > line.asked", False),
        ("line.quantity > most", False),
    ],
)
def test_a_condition_that_is_always_the_same(when: str, warned: bool) -> None:
    rules = f"{{one: {{when: {when}, then: {{outcome: approve}}}}}}"
    found_codes = codes(policy(decision(rules), top="parameters: {most: {type: integer, value: 3}}"))
    assert ("literal-condition" in found_codes) is warned


# what is never used --------------------------------------------------------------------------------------------------


def test_what_is_used_only_in_a_message_or_a_requirement_is_used() -> None:
    top = (
        "parameters: {fee: {type: money, value: 3.00 EUR}}\n"
        "windows: {time: {lasts: 3 days, after: line.delivery.at, act: request.at}}\n"
    )
    rules = "{one: {then: {outcome: approve}, because: 'It costs {fee}.'}}"
    needs = "requires: {photos: {met: request.evidence.photos, ask: Photos?, by: time}}"
    assert codes(policy(decision(rules, more=needs), top=top)) == []


def test_what_only_an_unused_definition_uses_is_used() -> None:
    top = "parameters: {fee: {type: money, value: 3.00 EUR}}\ndefine: {dear: line.paid > fee}"
    assert found(policy(top=top)) == [("unused", "dear")]


def test_what_guarantees_and_checks_use_is_used() -> None:
    top = (
        "define: {dear: line.paid > 100.00 EUR, odd: line.quantity > 3}\n"
        "guarantees: {g: {whenever: dear, then: return.outcome != 'deny'}}\n"
        "checks: {c: {must: not odd, says: Nothing is odd.}}"
    )
    assert codes(policy(top=top)) == []


def test_a_standard_question_by_almost_its_name() -> None:
    assert codes(policy(decision(name="returns"))) == ["decision-name"]
    assert codes(policy(decision(name="returns"), decision())) == []
    assert codes(policy(decision(name="gift_wrapping"))) == []


def test_warnings_do_not_keep_a_policy_from_being_used() -> None:
    made, diagnostics = checked(policy(decision(name="returns")))
    assert made is not None
    assert [one.severity for one in diagnostics] == ["warning"]
