"""The examples of the operator table, which the reference page shows: each is right where only its names are declared."""

from __future__ import annotations

import re

import pytest

from engine.base.diagnostics import Report
from engine.check.program import check_policy
from engine.language.literal_forms import LITERALS, LiteralForm
from engine.language.operators import OPERATORS, Operator

POLICY = """\
policy: examples
title: Examples
version: '1'
currency: {currency}
timezone: America/Denver
calendar: {{weekend: [saturday, sunday], holidays: US, from: 2020-01-01, until: 2036-01-01}}
parameters:
  hygiene_goods: {{type: {{list_of: text}}, value: [swimwear, beauty]}}
  restocking_fee: {{type: money, value: 5.00 {currency}}}
define:
  shop_at_fault: line.reason_category in ['defect']
  example: {example}
windows:
  time_to_ask: {{lasts: 30 days, after: line.delivery.at, act: request.at}}
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    for_every: remedy in [refund, exchange]
    asked: line.remedy
    outputs:
      outcome: {{type: [deny, review, approve], combine: strictest, roll_up: each}}
    rules:
      all:
        when: remedy == 'refund'
        then: {{outcome: approve}}
    otherwise: {{outcome: not_covered}}
"""


@pytest.mark.parametrize("entry", [*OPERATORS, *LITERALS], ids=lambda entry: entry.key)
def test_an_example_speaks_of_what_there_is(entry: Operator | LiteralForm) -> None:
    currency = "EUR" if "EUR" in entry.example else "USD"
    quoted = '"' + entry.example + '"'
    report = Report()
    program = check_policy(POLICY.format(currency=currency, example=quoted).encode(), "examples.yaml", report)
    assert [(one.message, one.help) for one in report if one.severity == "error"] == []
    assert program is not None


def test_a_wrong_example_would_be_found() -> None:
    for wrong in ("booking.date == 2026-03-06", "line.paid > 3", "hire.due_on has happened"):
        report = Report()
        assert check_policy(POLICY.format(currency="USD", example=wrong).encode(), "examples.yaml", report) is None
        assert [one.code for one in report if re.search("booking|line|hire", one.message)] != []
