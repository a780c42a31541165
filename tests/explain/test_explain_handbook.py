"""`policy-engine show`: the page has what the policy sets, and not only what it concludes."""

from __future__ import annotations

import re

from engine.base.diagnostics import Report
from engine.check.program import check_written
from engine.explain.handbook import handbook

ROWAN = b"""
policy: rowan
title: Rowan
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources:
  page:
    title: Page
    sections:
      One:
        ro-1: {kind: rule, says: Parcels cost by weight.}
        ro-2: {kind: rule, says: Photos come with a complaint.}
readings: {day: {asks: Which day?, options: {in: In., out: Out.}, chosen: in, about: [ro-2]}}
parameters:
  limit: {type: money, value: 20.00 EUR, label: the limit, cites: [ro-1]}
  later: {type: date, unset: {refer_as: vague, because: The page names no day.}, cites: [ro-1]}
  rate: {type: percent, by: order.placed_at, values: [{value: 10%}, {from: 2026-06-01, value: 12%}], cites: [ro-1]}
windows:
  ten_days: {lasts: 10 days, after: line.delivery.at, act: request.at, cites: [ro-2]}
tables:
  prices:
    label: what a parcel costs
    looks_at: {country: order.ship_to.country, units: order.item_count}
    gives: {price: money}
    rows:
      near: {country: [PT, ES], units: 1 .. 3, price: 4.00 EUR, cites: [ro-1]}
      far: {country: any other, units: any, price: quote.shipping, cites: [ro-1]}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
      price: {type: money, roll_up: sum}
    requires:
      photos:
        when: [line.reason_category == 'defect', line.is_custom or line.is_sample]
        met: request.evidence.photos
        ask: Please send photos.
        by: ten_days
        cites: [ro-2]
    rules:
      fine: {when: order.total_paid < limit, then: {outcome: approve, price: prices.price}, cites: [ro-1]}
      late: {when: order.placed_at > later or rate > 11%, then: {outcome: deny}, cites: [ro-1]}
checks:
  bought_first: {must: order.placed_at <= request.at, says: Nothing comes back before it was bought., cites: [ro-1]}
guarantees:
  cheap_comes_back: {whenever: order.total_paid < 1.00 EUR, then: return(line).outcome != 'deny', says: So we say., cites: [ro-2]}
"""


def page() -> str:
    checked = check_written(ROWAN, "rowan.yaml", Report())
    assert checked is not None
    return handbook(*checked)


def test_parameters_have_their_values() -> None:
    assert "- **limit**, the limit: 20.00 EUR [ro-1]" in page()
    assert "- **later**: not set, vague: The page names no day. [ro-1]" in page()
    assert "- **rate**: by order.placed_at: 10%; 12% from 2026-06-01 on [ro-1]" in page()
    assert "  - parameter `limit`: 20.00 EUR" in page()


def test_tables_have_their_cells() -> None:
    text = page()
    assert "## Table prices: what a parcel costs" in text and "- `country` is order.ship_to.country" in text
    assert "| row | country | units | price | from |" in text
    assert "| near | [PT, ES] | 1 .. 3 | 4.00 EUR | ro-1 |" in text
    assert "| far | any other | any | quote.shipping | ro-1 |" in text
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")}
    assert widths == {6}


def test_requirements_have_their_conditions() -> None:
    when = "when line.reason_category == 'defect' and (line.is_custom or line.is_sample)"
    assert f"- needs `photos` {when}: Please send photos." in page()
    assert "  - in hand when request.evidence.photos; by ten_days" in page()


def test_checks_and_guarantees_are_told_with_their_clauses() -> None:
    text = page()
    assert "- **bought_first**: order.placed_at <= request.at. Nothing comes back before it was bought. [ro-1]" in text
    promise = "whenever order.total_paid < 1.00 EUR: return(line).outcome != 'deny'. So we say. [ro-2]"
    assert f"- **cheap_comes_back**: {promise}" in text
    assert "  - guarantee `cheap_comes_back`: return(line).outcome != 'deny'" in text
