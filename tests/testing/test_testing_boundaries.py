"""Suggested cases: at every limit that no case touches, valid, and passing as they stand."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from engine.base.resources import schema
from engine.cli.main import cli
from engine.testing.boundaries import clock_changes
from engine.values.zones import zone

POLICY = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
define:
  dear: order.lines_total >= 50.00 EUR
windows:
  time_to_ask: {lasts: 14 days, after: line.delivery.at, act: request.at}
  time_to_cancel: {lasts: 24 hours, after: order.placed_at, act: request.at}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      in_time: {when: time_to_ask is open, then: {outcome: approve}}
      late: {when: time_to_ask has passed, then: {outcome: deny}}
  cancellation:
    asks: May it be cancelled?
    outputs: {outcome: {type: [deny, approve]}}
    rules:
      in_time: {when: time_to_cancel is open, then: {outcome: approve}}
      late: {when: time_to_cancel has passed, then: {outcome: deny}}
  return_shipping:
    asks: Who pays?
    outputs: {payer: {type: [store, customer]}}
    rules:
      free: {when: dear, then: {payer: store}}
      not_free: {when: not dear, then: {payer: customer}}
"""
CASES = """
policy: kettles.yaml
facts:
  order:
    currency: EUR
    placed_at: '2026-03-01T10:00:00+00:00'
    lines_total: '80.00'
    lines: [{id: '1', paid: '80.00', delivery: {at: 2026-03-02}}]
  request: {at: '2026-03-10T20:00:00+00:00', lines: [{id: '1'}]}
cases:
  in_time: {ask: return, expect: {verdict: approve}}
  dear: {ask: return_shipping, expect: {outputs: {payer: store}}}
  too_late: {ask: cancellation, expect: {verdict: deny}}
"""


@pytest.fixture
def suggest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kettles.yaml").write_text(POLICY, encoding="utf-8")
    Path("cases.yaml").write_text(CASES, encoding="utf-8")

    def run(*options: str):
        return CliRunner().invoke(cli, ["cases", "--suggest", "kettles.yaml", *options])

    return run


def cases_of(text: str) -> dict:
    return yaml.load(text, Loader=yaml.BaseLoader)["cases"]


def test_each_side_of_each_limit_has_a_case(suggest):
    found = cases_of(suggest("--cases", "cases.yaml").stdout)
    assert set(found) == {
        "time_to_ask_last_day",
        "time_to_ask_day_after",
        "time_to_cancel_last_moment",
        "time_to_cancel_just_after",
        "time_to_cancel_clock_change",
        "dear_at_the_limit",
        "dear_beside_it",
    }
    assert found["dear_at_the_limit"]["facts"]["order"]["lines_total"] == "50.00"
    assert found["dear_beside_it"]["facts"]["order"]["lines_total"] == "49.99"
    assert found["dear_beside_it"]["expect"]["outputs"] == {"payer": "customer"}
    assert found["time_to_ask_day_after"]["expect"]["verdict"] == "deny"


def test_the_clocks_change_between_the_two_ends(suggest):
    facts = cases_of(suggest("--cases", "cases.yaml").stdout)["time_to_cancel_clock_change"]["facts"]
    start = datetime.fromisoformat(facts["order"]["placed_at"])
    end = datetime.fromisoformat(facts["request"]["at"])
    assert abs((end - start).total_seconds() - 24 * 3600) <= 1
    lisbon = zone("Europe/Lisbon")
    assert start.astimezone(lisbon).utcoffset() != end.astimezone(lisbon).utcoffset()


def test_the_file_is_valid_and_passes_and_leaves_nothing_to_suggest(suggest):
    result = suggest("--cases", "cases.yaml", "--output", "more/limits.yaml")
    assert result.exit_code == 74  # there is no such folder
    Path("more").mkdir()
    result = suggest("--cases", "cases.yaml", "--output", "more/limits.yaml")
    assert result.exit_code == 0 and "7 cases written to more/limits.yaml" in result.stderr
    text = Path("more/limits.yaml").read_text("utf-8")
    assert "policy: '../kettles.yaml'" in text
    assert text.count("# the policy's present answer: confirm it, or correct it") == 7
    Draft202012Validator(schema("cases")).validate(yaml.load(text, Loader=yaml.BaseLoader))
    tested = CliRunner().invoke(cli, ["test", "more/limits.yaml"])
    assert tested.exit_code == 0 and tested.stdout == "7 passed, 0 failed\n"
    again = suggest("--cases", "cases.yaml", "--cases", "more/limits.yaml")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "every limit that could be reached is touched" in again.stderr


def test_without_cases_plain_ones_are_made_up(suggest):
    text = suggest().stdout
    assert {"time_to_ask_last_day", "dear_at_the_limit"} <= set(cases_of(text))
    Path("limits.yaml").write_text(text, encoding="utf-8")
    assert CliRunner().invoke(cli, ["test", "limits.yaml"]).exit_code == 0


def test_they_notice_what_nothing_noticed(suggest):
    suggest("--cases", "cases.yaml", "--output", "limits.yaml")

    def survivors(*files: str) -> set[str]:
        result = CliRunner().invoke(cli, ["mutate", *files, "--format", "json"])
        return {one["change"] for one in json.loads(result.stdout)["policies"][0]["survivors"]}

    before, after = survivors("cases.yaml"), survivors("cases.yaml", "limits.yaml")
    assert {"`>=` became `>`", "`14 days` became `15 days`", "`24 hours` became `23 hours`"} <= before - after
    assert "`24 hours` became `1 days`" not in after or "`24 hours` became `1 day`" not in after


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: Path("kettles.yaml").write_text(POLICY.replace("is open", "is opn"), encoding="utf-8"), 1),
        (lambda: Path("kettles.yaml").unlink(), 1),
        (lambda: Path("cases.yaml").write_text(CASES + "  x: {}\n", encoding="utf-8"), 7),
    ],
)
def test_what_cannot_be_read_is_told(suggest, change, code):
    change()
    result = suggest("--cases", "cases.yaml")
    assert result.exit_code == code and "error[" in result.stderr and result.stdout == ""


def test_suggest_must_be_said(suggest):
    assert CliRunner().invoke(cli, ["cases", "kettles.yaml"]).exit_code == 2


def test_clock_changes_of_a_zone():
    moment = datetime.fromisoformat("2026-01-10T12:00:00+00:00")
    found = [one.isoformat() for one in clock_changes(moment, zone("America/New_York"))]
    assert found == ["2026-03-08T07:00:00+00:00", "2026-11-01T06:00:00+00:00"]
    assert list(clock_changes(moment, zone("America/Phoenix"))) == []
