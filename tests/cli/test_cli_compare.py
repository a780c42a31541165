"""`policy-engine compare`: what reads differently, what is answered differently, and what no answer shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_support import SHOP, run
from click.testing import CliRunner
from report_shapes import json_of

from engine.cli.exit_codes import ExitCode
from engine.cli.main import cli

CASES = """
policy: shop.yaml
ask: return
facts:
  order:
    currency: EUR
    lines:
      - id: '1'
        is_gift_card: false
        delivery: {status: delivered, at: '2026-03-01T09:00:00+00:00'}
  request: {at: '2026-03-10T12:00:00+00:00', lines: [{id: '1', asked: 1}]}
cases:
  in_time: {expect: {verdict: approve}}
  day_15: {facts: {request.at: '2026-03-16T12:00:00+00:00'}, says: A day too late., expect: {verdict: deny}}
  day_20: {facts: {request.at: '2026-03-21T12:00:00+00:00'}, expect: {verdict: deny}}
  card: {facts: {line.is_gift_card: true}, expect: {verdict: deny}}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(Path(SHOP).read_text("utf-8"), "utf-8")
    Path("cases.yaml").write_text(CASES, "utf-8")
    return tmp_path


def changed(old: str, new: str, name: str = "new.yaml") -> str:
    text = Path("shop.yaml").read_text("utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new), "utf-8")
    return name


def compared(after: str, *options: str, before: str = "shop.yaml") -> dict[str, Any]:
    result = run("compare", before, after, *options, "--format", "json")
    assert result.exit_code == ExitCode.FINE, result.output
    document: dict[str, Any] = json_of(result.stdout, "compare")
    return document


def parts(document: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["kind"], one["name"], one["how"]) for one in document["parts"]}


def answers(document: dict[str, Any]) -> dict[str, dict[str, tuple[str, str]]]:
    return {
        one["case"]: {d["what"]: (d["before"], d["after"]) for d in one["differences"]}
        for one in document["answers"]
        if one["file"] is not None
    }


def test_a_longer_window_is_told_in_rules_and_in_answers() -> None:
    after = changed("lasts: 14 days", "lasts: 15 days")
    document = compared(after, "--cases", "cases.yaml")
    assert parts(document) == {("rule", "return.in_time", "changed"), ("rule", "return.too_late", "changed")}
    aspects = {one["name"]: one["aspects"] for one in document["parts"]}
    assert aspects["return.in_time"] == ["when it applies"]
    assert aspects["return.too_late"] == ["when it applies", "its message"]
    found = answers(document)
    assert set(found) == {"in_time", "day_15", "day_20", "card"}
    assert found["day_15"]["verdict"] == ("deny", "approve")
    assert found["day_15"]["rules"] == ("too_late", "in_time")
    assert found["in_time"] == {"deadlines.time_to_ask": ("2026-03-15", "2026-03-16")}
    assert document["looked_at"] == 4
    assert all(one["shown"] for one in document["parts"])


def test_cases_are_made_up_at_the_limits_of_both() -> None:
    made_up = [one for one in compared(changed("lasts: 14 days", "lasts: 21 days"))["answers"] if one["file"] is None]
    assert {"deny -> approve"} == {
        f"{d['before']} -> {d['after']}" for one in made_up for d in one["differences"] if d["what"] == "verdict"
    }


def test_the_answer_comes_first_and_dates_alone_are_told_once() -> None:
    text = run("compare", "shop.yaml", changed("lasts: 14 days", "lasts: 15 days"), "--cases", "cases.yaml").stdout
    assert text.index("  day_15 (return; cases.yaml:14:3)\n    A day too late.\n") < text.index("the answer stays")
    assert "    verdict                deny -> approve\n" in text
    assert "the answer stays, and only this differs, in these 3, such as\n  in_time (return; cases.yaml:13:3)\n" in text
    assert "day_20" in text and "  card " not in text


def test_added_and_removed_rules() -> None:
    text = "      gift_card:\n"
    more = "      sample:\n        when: line.is_sample\n        then: {outcome: deny}\n        cites: [cor-2]\n"
    document = compared(changed(text, more + text), "--cases", "cases.yaml")
    assert parts(document) == {("rule", "return.sample", "added")}
    assert [one["shown"] for one in document["parts"]] == [False]
    back = compared("shop.yaml", before="new.yaml")
    assert parts(back) == {("rule", "return.sample", "removed")}
    said = run("compare", "shop.yaml", "new.yaml", "--cases", "cases.yaml").stdout
    assert "  rule return.sample: added\n" in said


CARDS = ("time_to_ask: {lasts: 14 days", "time_to_ask: {lasts: if line.is_sample then 30 days else 14 days")


def test_a_fact_that_is_read_only_now_is_left_out_and_set_otherwise() -> None:
    Path("cases.yaml").write_text(
        CASES.replace("is_gift_card: false\n", "is_gift_card: false\n        is_sample: false\n"), "utf-8"
    )
    document = compared(changed(*CARDS), "--cases", "cases.yaml")
    assert answers(document) == {}
    left_out = [one for one in document["answers"] if one["left_out"] is not None]
    assert {one["left_out"] for one in left_out} == {"is_sample"}
    assert {one["says"] for one in left_out} == {"without `line.is_sample`"}
    late = next(one for one in left_out if one["case"] == "day_15")
    assert {"what": "status", "before": "decided", "after": "needs_facts"} in late["differences"]
    made_up = [one for one in document["answers"] if one["left_out"] is None]
    assert any("`line.is_sample: true`" in (one["says"] or "") for one in made_up)
    assert [one["name"] for one in document["parts"] if not one["shown"]] == []
    text = run("compare", "shop.yaml", "new.yaml", "--cases", "cases.yaml").stdout
    assert "if `is_sample` is not known, another answer in 2 cases, such as\n" in text


def test_facts_that_only_one_of_the_two_knows_are_left_out_for_the_other() -> None:
    own = "facts:\n  line.is_loved: {type: boolean, from: shop, ask: Is it loved?}\nwindows:\n"
    after = changed("windows:\n", own)
    rule = "      gift_card:\n"
    more = "      loved:\n        when: line.is_loved\n        then: {outcome: deny}\n        cites: [cor-2]\n"
    Path(after).write_text(Path(after).read_text("utf-8").replace(rule, more + rule), "utf-8")
    text = CASES.replace("policy: shop.yaml", "policy: new.yaml").replace(
        "is_gift_card: false", "is_loved: false\n        is_gift_card: false"
    )
    loved = "  loved: {facts: {line.is_loved: true}, expect: {verdict: deny}}\n"
    Path("cases.yaml").write_text(text + loved, "utf-8")
    found = answers(compared(after, "--cases", "cases.yaml"))
    assert found == {
        "loved": {
            "verdict": ("approve", "deny"),
            "rules": ("in_time", "loved"),
            "messages": ("You may send it back.", "nothing"),
        }
    }


def test_what_differs_only_in_words_and_order_means_the_same() -> None:
    after = changed("title: Returns at the corner shop", "# A remark.\ntitle: Returns at the corner shop")
    assert run("compare", "shop.yaml", after, "--cases", "cases.yaml").stdout == "both mean the same\n"


def test_a_question_that_is_new() -> None:
    more = """
  warranty:
    asks: Is it repaired?
    outputs:
      outcome: {type: [deny, approve]}
    rules:
      always: {when: order.is_gift, then: {outcome: approve}, cites: [cor-1]}
"""
    text = Path("shop.yaml").read_text("utf-8")
    Path("new.yaml").write_text(text + more.lstrip("\n"), "utf-8")
    document = compared("new.yaml", "--cases", "cases.yaml")
    assert parts(document) == {("decision", "warranty", "added")}


def test_readings_and_parameters_that_only_one_of_them_has_are_left_out() -> None:
    text = CASES.replace(
        "  card:",
        "  set: {parameters: {spare: 2.00 EUR}, facts: {order.lines_total: '3.00'}, expect: {verdict: approve}}\n  card:",
    )
    with_parameter = changed(
        "windows:\n", "parameters:\n  spare: {type: money, value: 5.00 EUR, cites: [cor-1]}\nwindows:\n", "spare.yaml"
    )
    rule = "      gift_card:\n"
    small = (
        "      small:\n        when: order.lines_total < spare\n        then: {outcome: deny}\n        cites: [cor-2]\n"
    )
    Path("new.yaml").write_text(Path(with_parameter).read_text("utf-8").replace(rule, small + rule), "utf-8")
    Path("cases.yaml").write_text(text.replace("policy: shop.yaml", "policy: new.yaml"), "utf-8")
    document = compared("new.yaml", "--cases", "cases.yaml")
    assert "set" not in answers(document)
    assert parts(document) == {("rule", "return.small", "added")}


def test_standard_input_stands_for_the_text_before() -> None:
    after = changed("lasts: 14 days", "lasts: 15 days")
    old = Path("shop.yaml").read_bytes()
    result = CliRunner().invoke(cli, ["compare", "-", after, "--format", "json"], input=old)
    assert (result.exit_code, json.loads(result.stdout)["before"]) == (ExitCode.FINE, "-")
    assert run("compare", "-", "-").exit_code == ExitCode.USAGE


def test_what_cannot_be_compared_is_told_with_its_code() -> None:
    wrong = changed("time_to_ask is open", "time_to_aks is open", "wrong.yaml")
    result = run("compare", "shop.yaml", wrong)
    assert (result.exit_code, result.stdout) == (ExitCode.POLICY, "")
    assert "name-unknown" in result.stderr
    assert run("compare", "nowhere.yaml", "shop.yaml").exit_code == ExitCode.POLICY
    Path("cases.yaml").write_text(CASES.replace("line.is_gift_card: true", "line.is_gift_crad: true"), "utf-8")
    broken = run("compare", "shop.yaml", changed("lasts: 14 days", "lasts: 15 days"), "--cases", "cases.yaml")
    assert broken.exit_code == ExitCode.FINE  # a case whose facts cannot be right is answered `error` by both
    Path("cases.yaml").write_text(CASES.replace("cases:", "caess:"), "utf-8")
    assert run("compare", "shop.yaml", "new.yaml", "--cases", "cases.yaml").exit_code == ExitCode.CASES


def test_what_is_written_otherwise_is_named_key_by_key() -> None:
    text = Path("shop.yaml").read_text("utf-8")
    text = text.replace("lasts: 14 days", "lasts: 15 days").replace(
        "cites: [cor-2]", "code: NO_CARDS\n        cites: [cor-2]"
    )
    Path("new.yaml").write_text(text, "utf-8")
    document = compared("new.yaml")
    assert document["written"] == [
        {"path": "windows.time_to_ask.lasts", "before": "14 days", "after": "15 days"},
        {"path": "decisions.return.rules.gift_card.code", "before": None, "after": "NO_CARDS"},
    ]
    said = run("compare", "shop.yaml", "new.yaml").stdout
    assert said.startswith(
        "written differently\n  windows.time_to_ask.lasts: 14 days -> 15 days\n"
        "  decisions.return.rules.gift_card.code: added\n\nso these read differently\n"
    )


def test_words_alone_are_told_although_every_rule_reads_the_same() -> None:
    said = run("compare", "shop.yaml", changed("title: Returns at the corner shop", "title: Corner shop")).stdout
    assert said.startswith(
        "written differently\n  title: Returns at the corner shop -> Corner shop\n\nevery rule reads the same\n"
    )


def test_a_chosen_reading_is_told_and_tried() -> None:
    reading = """readings:
  cards: {about: [cor-2], asks: Do they?, options: {no_cards: No., some: Some.}, chosen: no_cards}
decisions:
"""
    text = Path("shop.yaml").read_text("utf-8").replace("decisions:\n", reading)
    text = text.replace("when: line.is_gift_card", "when: line.is_gift_card and reading.cards == 'no_cards'")
    Path("old.yaml").write_text(text, "utf-8")
    Path("new.yaml").write_text(text.replace("chosen: no_cards", "chosen: some"), "utf-8")
    document = compared("new.yaml", "--cases", "cases.yaml", before="old.yaml")
    assert document["written"] == [{"path": "readings.cards.chosen", "before": "no_cards", "after": "some"}]
    assert parts(document) == {("rule", "return.gift_card", "changed")}
    assert answers(document)["card"]["verdict"] == ("deny", "approve")


def test_questions_that_read_an_answer_are_named_and_asked_as_well() -> None:
    more = """  fee:
    asks: What is kept?
    outputs:
      kept: {type: money}
    rules:
      some:
        when: any line in request.lines has return(line).outcome == 'approve'
        then: {kept: 2.00 EUR}
        cites: [cor-1]
    otherwise: {kept: {value: 0.00 EUR, cites: [cor-1]}}
"""
    text = Path("shop.yaml").read_text("utf-8") + more
    Path("old.yaml").write_text(text, "utf-8")
    Path("new.yaml").write_text(text.replace("lasts: 14 days", "lasts: 15 days"), "utf-8")
    document = compared("new.yaml", "--cases", "cases.yaml", before="old.yaml")
    assert document["hanging"] == ["fee"]
    asked = [one for one in document["answers"] if one["question"] == "fee"]
    assert {"what": "kept", "before": "0.00 EUR", "after": "2.00 EUR"} in asked[0]["differences"]
    assert asked[0]["says"] == "case `day_15`, asked `fee` (A day too late.)"
    said = run("compare", "old.yaml", "new.yaml", "--cases", "cases.yaml").stdout
    assert "  and these questions read an answer of theirs: fee\n" in said


def test_cases_about_other_policies_are_left_out() -> None:
    after = changed("lasts: 14 days", "lasts: 15 days")
    other = Path("shop.yaml").read_text("utf-8").replace("policy: corner-shop", "policy: another-shop")
    Path("other.yaml").write_text(other, "utf-8")
    Path("cases.yaml").write_text(CASES.replace("policy: shop.yaml", "policy: other.yaml"), "utf-8")
    assert compared(after, "--cases", "cases.yaml")["looked_at"] == 0


MARKETS = """policy: alder
title: Alder
version: '1'
markets:
  by: order.market
  north: {currency: SEK, timezone: Europe/Stockholm}
  south: {currency: EUR, timezone: Europe/Lisbon}
parameters:
  label_fee: {type: money, value: {SEK: 55.00, EUR: 4.80}}
decisions:
  label:
    asks: What does the label cost?
    outputs:
      fee: {type: money}
    rules:
      fee: {then: {fee: label_fee}}
"""


def test_each_market_is_compared_with_the_same_one_before() -> None:
    Path("old.yaml").write_text(MARKETS, "utf-8")
    Path("new.yaml").write_text(MARKETS.replace("EUR: 4.80", "EUR: 5.20"), "utf-8")
    cases = """
policy: new.yaml
ask: label
cases:
  north: {facts: {order.market: north, order.currency: SEK}, expect: {outputs: {fee: 55.00 SEK}}}
  south: {facts: {order.market: south, order.currency: EUR}, expect: {outputs: {fee: 5.20 EUR}}}
"""
    Path("cases.yaml").write_text(cases, "utf-8")
    document = compared("new.yaml", "--cases", "cases.yaml", before="old.yaml")
    assert parts(document) == {("rule", "label.fee", "changed")}
    assert answers(document) == {"south": {"fee": ("4.80 EUR", "5.20 EUR")}}
    more = MARKETS.replace("parameters:", "  west: {currency: EUR, timezone: Atlantic/Madeira}\nparameters:")
    Path("new.yaml").write_text(more, "utf-8")
    document = compared("new.yaml", "--cases", "cases.yaml", before="old.yaml")
    assert parts(document) == {("market", "west", "added")}
