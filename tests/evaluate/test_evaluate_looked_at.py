"""What an answer rests on: only what was looked at in this case (`docs/semantics.md`, step 14a)."""

from __future__ import annotations

import pytest

from engine import Policy, load_policy
from engine.explain.text import render_decision
from engine.language.decision import Decision, RuleView

POLICY = """
policy: sedge
title: Sedge
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources:
  page:
    title: Page
    sections:
      One:
        se-1: {{kind: rule, says: Goods may come back for 30 days.}}
        se-2: {{kind: rule, says: Jewellery that was ordered in December may come back for 45 days.}}
        se-3: {{kind: rule, says: Thirty days are the ordinary time.}}
        se-4: {{kind: rule, says: Toys that are new may come back.}}
        se-5: {{kind: rule, says: Books may come back.}}
readings:
  every_year:
    asks: For which Decembers?
    options: {{each: Every one., first: The first.}}
    chosen: each
    because: It says no year.
    about: [se-2]
    refer_as: vague
parameters:
  ordinary: {{type: period, value: 30 days, cites: [se-3]}}
define:
  festive:
    is: >-
      line.category == 'jewellery' and month of order.placed_at == 12
      and (reading.every_year == 'each' or order.placed_at <= 2026-12-31)
    cites: [se-2]
  new_toy: {{is: line.category == 'toys' and line.is_custom, cites: [se-4]}}
windows:
  time_to_ask:
    lasts: if festive then 45 days else ordinary
    after: line.delivery.at
    act: request.at
    cites: [se-1]
tables:
  kinds:
    looks_at: {{kind: line.category}}
    gives: {{named: boolean}}
    rows:
      books: {{kind: books, named: true, cites: [se-5]}}
      rest: {{kind: any other, named: false}}
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    outputs:
      outcome: {{type: [deny, approve], combine: strictest, roll_up: each}}
    rules:
      in_time: {{when: {when}, then: {{outcome: approve}}, cites: [se-1]}}
      late: {{when: time_to_ask has passed, then: {{outcome: deny}}, cites: [se-1]}}
"""


def policy(when: str) -> Policy:
    return load_policy(POLICY.format(when=when).encode(), "sedge.yaml")


@pytest.fixture(scope="module")
def shop() -> Policy:
    return policy("time_to_ask is open")


def decide(shop: Policy, category: str | None, placed: str, asked: str = "2026-12-31", **line: object) -> Decision:
    facts = {
        "order": {"placed_at": f"{placed}T12:00:00Z"},
        "request": {
            "at": f"{asked}T12:00:00Z",
            "lines": [
                {"id": "1", "category": category, "delivery": {"status": "delivered", "at": "2026-12-10"}, **line}
            ],
        },
    }
    return shop.decide("return", facts)


def reason(decision: Decision) -> RuleView:
    (found,) = decision.members[0].reasons
    return found


@pytest.mark.parametrize(
    ("category", "placed", "asked", "rests"),
    [
        ("jewellery", "2027-12-01", "2027-12-24", ("every_year",)),
        ("jewellery", "2026-12-01", "2026-12-31", ()),  # the first December is one by either reading
        ("jewellery", "2026-11-30", "2026-12-31", ()),
        ("clothing", "2027-12-01", "2027-12-24", ()),
        (None, "2026-11-30", "2026-12-31", ()),  # whatever it is, it was not ordered in December
    ],
)
def test_a_reading_that_nothing_looked_at_is_not_listed(
    shop: Policy, category: str | None, placed: str, asked: str, rests: tuple[str, ...]
) -> None:
    """What is listed, and only that, would change nothing else: tried against the other option."""
    line = {"delivery": {"status": "delivered", "at": f"{asked[:4]}-12-10"}}
    decision = decide(shop, category, placed, asked, **line)
    assert decision.status == "decided"
    assert decision.rests_on == rests


def test_a_reading_in_a_branch_that_is_still_open_is_listed(shop: Policy) -> None:
    """Day 21 is in time for 30 days and for 45, and the kind of goods is not known: both branches were looked at."""
    decision = decide(shop, None, "2027-12-01", "2027-12-31", delivery={"status": "delivered", "at": "2027-12-10"})
    assert (decision.status, decision.rests_on) == ("decided", ("every_year",))


def test_an_answer_names_the_clause_of_the_definition_that_made_the_difference(shop: Policy) -> None:
    festive = decide(shop, "jewellery", "2026-12-01", "2027-01-20")
    assert (festive.verdict, reason(festive).cites, reason(festive).also_cites) == ("approve", ("se-1",), ("se-2",))
    text = render_decision(festive, shop.program)
    assert "se-2: Jewellery that was ordered in December may come back for 45 days." in text
    plain = decide(shop, "clothing", "2026-12-01", "2027-01-20")
    assert (plain.verdict, reason(plain).also_cites) == ("deny", ("se-3",))


@pytest.mark.parametrize(
    ("when", "category", "also"),
    [
        ("new_toy or time_to_ask is open", "toys", ("se-3", "se-4")),  # each is enough by itself
        ("new_toy or time_to_ask is open", "books", ("se-3",)),  # a definition that does not hold speaks for nothing
        ("kinds.named", "books", ("se-5",)),
        ("not kinds.named", "clothing", ()),
        ("any one in request.lines has one.category == 'toys' or one.quantity > 1", "toys", ()),
    ],
)
def test_what_is_cited_besides_comes_from_what_was_looked_at(when: str, category: str, also: tuple[str, ...]) -> None:
    decision = decide(policy(when), category, "2026-11-01", is_custom=True)
    assert reason(decision).also_cites == also


def test_a_rule_that_only_hands_on_names_what_is_cited_there() -> None:
    text = POLICY.format(when="time_to_ask is open") + (
        """
  again:
    asks: The same once more?
    for_each: line in request.lines
    outputs: {outcome: {type: [deny, approve], combine: strictest, roll_up: each}}
    rules: {same: {then: {outcome: return.outcome}, cites: [se-1]}}
"""
    )
    facts = {
        "order": {"placed_at": "2026-12-01T12:00:00Z"},
        "request": {
            "at": "2027-01-20T12:00:00Z",
            "lines": [{"id": "1", "category": "jewellery", "delivery": {"status": "delivered", "at": "2026-12-10"}}],
        },
    }
    (behind,) = reason(load_policy(text.encode(), "sedge.yaml").decide("again", facts)).behind
    assert (behind.cites, behind.also_cites) == (("se-1",), ("se-2",))


def test_a_broken_check_names_the_facts_it_looked_at_and_their_values() -> None:
    text = POLICY.format(when="time_to_ask is open") + (
        """
checks:
  bought_before_sent:
    must: line.is_custom or line.shipment.shipped_at >= order.placed_at or order.is_gift
    says: Goods cannot be sent before they were ordered.
"""
    )
    shop = load_policy(text.encode(), "sedge.yaml")
    lines = [{"id": "1", "is_custom": False, "shipment": {"shipped_at": "2026-11-30T08:00:00Z"}}]
    facts = {
        "order": {"placed_at": "2026-12-01T12:00:00Z", "is_gift": False},
        "request": {"at": "2026-12-31T12:00:00Z", "lines": lines},
    }
    (problem,) = shop.decide("return", facts).problems
    assert (problem.path, problem.diagnostic.message) == (
        "request.lines[0]",
        "goods cannot be sent before they were ordered.",
    )
    assert problem.diagnostic.help == (
        "`request.lines[0].is_custom` is no, `order.placed_at` is 1 December 2026, 12:00 WET, "
        "`request.lines[0].shipment.shipped_at` is 30 November 2026, 08:00 WET, `order.is_gift` is no: correct what is wrong; "
        "check `bought_before_sent` of the policy"
    )


READS = """
policy: net
title: Net
version: '1'
currency: EUR
timezone: Europe/Berlin
rounding: half up
sources:
  page: {title: Terms, sections: {All: {n-1: {kind: rule, says: Goods come back.}}}}
readings:
  fee_or_not: {asks: Is there a fee?, options: {fee: 'Yes.', none: 'No.'}, chosen: fee, about: [n-1]}
  most: {asks: What is the most?, options: {paid: As paid., five: Five euros.}, chosen: paid, about: [n-1]}
  toys: {asks: What of toys?, options: {yes_: They may., no_: They may not.}, chosen: yes_, about: [n-1]}
decisions:
  return:
    asks: What comes back for this line?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
      goods:
        {type: money, flow: refund, up_to: "if reading.most == 'paid' then line.paid else 5.00 EUR",
         roll_up: sum, only_when: [approve]}
      fee: {type: money, flow: charge, roll_up: sum}
    rules:
      fine: {then: {outcome: approve}, cites: [n-1]}
      toys: {when: "line.category == 'toys' and reading.toys == 'no_'", then: {outcome: deny}, cites: [n-1]}
      goods: {then: {goods: line.paid}, cites: [n-1]}
      fee: {when: reading.fee_or_not == 'fee', then: {fee: 2.00 EUR}, because: We keep 2 euros., cites: [n-1]}
      no_fee: {when: reading.fee_or_not == 'none', then: {fee: 0}, cites: [n-1]}
  payout:
    asks: What is paid back?
    outputs:
      total: OUTPUT
"""
NET = "{type: money, net_of: [return.goods, return.fee], below_zero: nothing}\n"


def _by_a_rule(amount: str) -> str:
    return f"{{type: money}}\n    rules: {{total: {{then: {{total: {amount}}}, cites: [n-1]}}}}\n"


@pytest.mark.parametrize(
    ("output", "category", "rests"),
    [
        (NET, "books", ("fee_or_not", "most")),
        (NET, "toys", ("fee_or_not", "most", "toys")),  # the goods come back only while toys may
        (_by_a_rule("return.goods - return.fee"), "books", ("fee_or_not", "most")),
        (_by_a_rule("return.fee"), "books", ("fee_or_not",)),
        (_by_a_rule("sum of return(line).fee for line in request.lines"), "toys", ("fee_or_not",)),
        (_by_a_rule("if return.outcome == 'approve' then 2.00 EUR else 1.00 EUR"), "toys", ("toys",)),
        (_by_a_rule("if return.outcome == 'approve' then 2.00 EUR else 1.00 EUR"), "books", ()),
    ],
)
def test_what_lies_behind_another_answer_is_listed(output: str, category: str, rests: tuple[str, ...]) -> None:
    shop = load_policy(READS.replace("OUTPUT", output).encode(), "net.yaml")
    line = {"id": "1", "quantity": 1, "returned_before": 0, "paid": "10.00", "category": category}
    facts = {
        "order": {"currency": "EUR", "lines": [line]},
        "request": {"at": "2026-05-01T10:00:00Z", "lines": [{"id": "1", "asked": 1}]},
    }
    decision = shop.decide("payout", facts)
    assert (decision.status, decision.rests_on) == ("decided", rests)
