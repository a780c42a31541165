"""Every door to a policy with markets: who goes through it need not know that there are any."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from markets_shop import MARKETS, alone, together

from engine import load_policy
from engine.base.diagnostics import Report
from engine.check.program import check_programs, check_written
from engine.cli.main import cli
from engine.explain.handbook import handbook
from engine.testing.coverage.counting import Recorder
from engine.testing.files import Programs, run_file

SHOP = load_policy(together().encode())
BY_OWN_FACT = """
policy: p
title: P
version: '1'
currency: EUR
markets:
  by: order.region
  island: {timezone: Atlantic/Azores}
  mainland: {timezone: Europe/Lisbon}
facts:
  order.region: {type: [mainland, island], from: shop, ask: Where does the order go?}
decisions:
  label:
    asks: On which day was it placed?
    outputs: {day: {type: date}, dear: {type: boolean}}
    rules: {day: {then: {day: date(order.placed_at), dear: order.lines_total > 5.00 EUR}}}
"""
SILENT = """
policy: p
title: P
version: '1'
timezone: Europe/Lisbon
markets: {by: order.market, north: {currency: SEK}, south: {currency: EUR}}
parameters:
  limit: {type: money, value: {SEK: 500, EUR: not stated}, label: limit}
  voucher:
    type: money
    by: order.placed_at
    values: [{value: {SEK: not stated, EUR: 5}}, {from: 2026-03-01, value: {SEK: 60, EUR: 6}}]
decisions:
  label:
    asks: Is it dear, and what is the voucher?
    outputs: {dear: {type: boolean}, voucher: {type: money}}
    rules: {all: {then: {dear: order.lines_total >= limit, voucher: voucher}}}
"""
CASES = """
policy: shop.yaml
ask: label
facts:
  request: {at: '2026-03-03T12:00:00Z'}
  order: {market: north, placed_at: '2026-03-01T12:00:00Z', lines_total: '100.00', is_gift: false, is_bulk: false}
cases:
  north: {expect: {verdict: approve, outputs: {fee: 55.00 SEK, post: 39.00 SEK}}}
  home: {facts: {order.market: home}, expect: {outputs: {fee: 0.00 EUR, gift: 5.00 EUR, post: 0.00 EUR}}}
  nobody_knows: {facts: {order.market: null}, expect: {status: needs_facts, ask_first: order.market}}
"""


def order(**facts):
    return {"order": facts, "request": {"at": "2026-03-03T12:00:00Z"}}


def test_the_answer_names_the_market():
    decision = SHOP.decide("label", order(market="south", lines_total="20"))
    assert decision.market == "south" and SHOP.program_of(decision).currency == "EUR"
    assert load_policy(alone("south").encode()).decide("label", order(lines_total="20")).market is None


def test_a_word_that_is_no_market_is_an_error_that_names_them():
    decision = SHOP.decide("label", order(market="mars"))
    (problem,) = decision.problems
    assert (decision.status, problem.path, decision.market) == ("error", "order.market", None)
    assert all(f"`{name}`" in (problem.diagnostic.help or "") for name in MARKETS)


def test_amounts_of_another_currency_than_the_markets_are_an_error():
    decision = SHOP.decide("label", order(market="north", currency="EUR", lines_total="20"))
    assert [p.diagnostic.code for p in decision.problems] == ["fact-currency"]


def test_the_market_leads_to_what_each_of_them_answers():
    decision = SHOP.decide(
        "label", order(placed_at="2026-03-02T12:00:00Z", lines_total="55", is_gift=False, is_bulk=False)
    )
    assert (decision.status, decision.ask_first) == ("needs_facts", "order.market")
    assert {one.answer: one.value for one in decision.leads_to["order.market"]} == dict.fromkeys(MARKETS, "approve")


def test_a_market_in_which_the_facts_cannot_be_right_is_left_out():
    facts = {"placed_at": "2026-03-02T12:00:00Z", "lines_total": "600", "is_gift": False, "is_bulk": False}
    assert SHOP.decide("label", order(**facts, currency="SEK")).market == "north"
    among_euros = SHOP.decide("label", order(**facts, currency="EUR"))
    assert [one.answer for one in among_euros.leads_to["order.market"]] == ["home", "south"]


def test_a_decoded_case_is_judged_in_the_currency_of_its_own_market():
    facts = order(lines_total="55", placed_at="2026-03-02T12:00:00Z")
    assert SHOP.decide("label", SHOP.case(facts)) == SHOP.decide("label", facts)
    with pytest.raises(ValueError, match="another policy"):
        SHOP.decide("label", load_policy(alone("north").encode()).case(facts))


def test_markets_by_a_fact_of_the_policy_with_one_currency_for_all():
    policy = load_policy(BY_OWN_FACT.encode())
    late = "2026-03-02T00:30:00Z"
    days = [
        policy.decide("label", order(region=r, placed_at=late)).outputs["day"].value for r in ("mainland", "island")
    ]
    assert [str(day) for day in days] == ["2026-03-02", "2026-03-01"]
    assert (
        policy.decide("label", order(placed_at="2026-03-02T12:00:00Z", lines_total="6")).outputs["dear"].value is True
    )


def test_where_no_amount_is_stated_what_reads_it_is_not_covered():
    policy = load_policy(SILENT.encode())

    def statuses(market: str, placed: str) -> list[str]:
        decision = policy.decide("label", order(market=market, lines_total="600", placed_at=f"{placed}T12:00:00Z"))
        return [output.status for output in decision.outputs.values()]

    assert statuses("north", "2026-02-01") == ["decided", "not_covered"]
    assert statuses("north", "2026-03-01") == ["decided", "decided"]
    assert statuses("south", "2026-02-01") == ["not_covered", "decided"]


def test_a_policy_has_one_digest_in_all_its_markets():
    assert len({program.digest for program in SHOP.programs}) == 1
    changed = load_policy(together().replace("EUR: 4.80", "EUR: 4.90").encode())
    assert changed.digest != SHOP.digest


def test_what_all_markets_give_is_told_once_and_what_one_gives_with_its_name():
    report = Report()
    text = together().replace("date(order.placed_at)", "date(order.placd_at)").replace("holidays: NZ", "holidays: XX")
    assert check_programs(text.encode(), "shop.yaml", report) == ()
    found = {one.code: one.message for one in report}
    assert len(report) == 2
    assert "placd_at" in found["name-unknown"] and "market" not in found["name-unknown"]
    assert found["bad-calendar"].endswith("(market `south`)")


def test_the_page_tells_the_markets_and_every_amount():
    checked = check_written(together().encode(), "shop.yaml", Report())
    assert checked is not None
    page = handbook(*checked)
    assert "- **north**: times in Europe/Stockholm; amounts in SEK" in page
    assert "- **label_fee**: SEK: 55.00, EUR: 4.80 [al-70]" in page


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(together(), encoding="utf-8")
    Path("cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_worked_cases_are_answered_in_their_markets(folder):
    recorder = Recorder()
    result = run_file(Path("cases.yaml"), Programs(), watch=recorder.watch)
    assert not result.diagnostics
    assert [(r.case.name, r.differences) for r in result.results if r.outcome != "passed"] == []
    missing = {one.message for one in recorder.coverage(result.programs).missing if one.code == "coverage-row"}
    assert "`label_fee` is `4.80 EUR` in no case" in missing
    assert not any("55.00 SEK" in one or "`post.low.price` is `39.00 SEK`" in one for one in missing)
    assert "`post.low.price` is `3.90 EUR` in no case" in missing


def test_every_amount_is_changed_for_itself(folder):
    result = CliRunner().invoke(cli, ["mutate", "cases.yaml", "--format", "json", "--kind", "amounts"])
    (found,) = json.loads(result.stdout)["policies"]
    changes = {one["change"] for one in found["survivors"] if one["whose"] == "parameter `label_fee`"}
    assert "`4.80 EUR` became `4.81 EUR`" in changes  # no case reads it
    assert not any("SEK" in one for one in changes)  # a case does


def test_a_guarantee_names_the_market_in_which_it_is_broken(folder):
    guarantee = "guarantees: {fee: {then: label.fee < label_fee}}\n"
    Path("shop.yaml").write_text(together() + guarantee, encoding="utf-8")
    result = run_file(Path("cases.yaml"), Programs())
    told = [str(one.actual) for r in result.results for one in r.differences]
    assert len(told) == 1 and "in market `north`" in told[0]


def test_the_commands_take_a_policy_with_markets_as_any_other(folder):
    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli, list(words))
        assert result.exit_code == code, result.output
        return result.stdout

    Path("north.json").write_text(json.dumps(order(market="north", lines_total="55")), encoding="utf-8")
    Path("none.json").write_text(json.dumps(order(lines_total="55")), encoding="utf-8")
    assert run("check", "shop.yaml").startswith("shop.yaml: ok")
    decided = json.loads(run("decide", "shop.yaml", "label", "north.json", "--format", "json"))
    assert decided["policy"]["market"] == "north"
    assert json.loads(run("ask", "shop.yaml", "label", "none.json", "--format", "json"))["ask_first"] == "order.market"
    assert ", market north" in run("explain", "shop.yaml", "label", "north.json")
    explained = json.loads(run("explain", "shop.yaml", "label", "none.json", "--format", "json"))
    assert explained["decision"]["ask_first"] == "order.market"
    assert "## Markets" in run("show", "shop.yaml")
    assert run("fmt", "--check", "shop.yaml") == ""
    suggested = run("cases", "shop.yaml", "--suggest", "--cases", "cases.yaml")
    Path("suggested.yaml").write_text(suggested, encoding="utf-8")
    assert "0 failed" in run("test", "suggested.yaml")
    Path("later.yaml").write_text(together().replace("SEK: 55.00", "SEK: 56.00"), encoding="utf-8")
    compared = run("compare", "shop.yaml", "later.yaml", "--cases", "cases.yaml")
    assert "55.00 SEK -> 56.00 SEK" in compared and "1 of 3 cases" in compared


def test_versions_and_markets_are_picked_together(folder):
    (folder / "both").mkdir()
    for number, days in enumerate(("until: 2026-03-02", "from: 2026-03-02")):
        text = together(str(number), f"effective: {{{days}, by: order.placed_at}}")
        (folder / "both" / f"{number}.yaml").write_text(
            text.replace("EUR: 4.80", f"EUR: {4 + number}"), encoding="utf-8"
        )
    Path("cases.yaml").write_text(
        """
policy: both
ask: label
facts: {order: {market: south, lines_total: '5.00'}, request: {at: '2026-03-03T12:00:00Z'}}
cases:
  old: {facts: {order.placed_at: '2026-03-01T10:00:00Z'}, expect: {version: '0', outputs: {fee: 4.00 EUR}}}
  new: {facts: {order.placed_at: '2026-03-01T11:00:00Z'}, expect: {version: '1', outputs: {fee: 5.00 EUR}}}
  nobody_knows_when: {expect: {status: needs_facts}}
""",
        encoding="utf-8",
    )
    result = run_file(Path("cases.yaml"), Programs())
    assert not result.diagnostics
    assert [(r.case.name, r.differences) for r in result.results if r.outcome != "passed"] == []
    assert CliRunner().invoke(cli, ["check", "both"]).exit_code == 0


def test_a_market_that_cannot_be_known_yet_decides_nothing():
    policy = load_policy(BY_OWN_FACT.replace("from: shop,", "from: shop, known_from: sent,").encode())
    facts = order(region="island", placed_at="2026-03-02T00:30:00Z")
    for case in (facts, policy.case(facts)):
        decision = policy.decide("label", case)
        assert (decision.status, decision.market) == ("error", None)
        assert [problem.path for problem in decision.problems] == ["order.region"]


def test_a_market_is_read_as_any_other_word():
    for market in (" north", "north ", "North", 5, ["north"], {"not_by": "2026-01-01T00:00:00Z"}):
        facts = order(market=market, lines_total="55")
        assert SHOP.decide("label", SHOP.case(facts)) == SHOP.decide("label", facts)
        assert SHOP.decide("label", facts).status in ("error", "needs_facts")


def test_an_amount_that_a_case_sets_is_not_that_of_other_markets(folder):
    """Without the market 20.00 may be kronor: then it is below the label's fee there, whatever it is in euros."""
    Path("cases.yaml").write_text(
        """
policy: shop.yaml
ask: goods
facts:
  request: {at: '2026-03-03T12:00:00Z', lines: [{id: '1'}]}
  order: {placed_at: '2026-03-01T12:00:00Z', lines: [{id: '1', paid: '20.00'}]}
cases:
  nobody_knows: {parameters: {label_fee: 5.00 EUR}, expect: {status: needs_facts, needs: [order.market]}}
  north: {facts: {order.market: north}, parameters: {label_fee: 20.00 SEK}, expect: {outputs: {fee: 20.00 SEK}}}
""",
        encoding="utf-8",
    )
    result = run_file(Path("cases.yaml"), Programs())
    assert not result.diagnostics
    assert [(r.case.name, r.differences) for r in result.results if r.outcome != "passed"] == []
