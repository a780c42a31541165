"""Worked cases: what passes, what fails and how that is told, what cannot be run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from engine.cli.main import cli

POLICY = """
policy: shop
title: Shop
version: '1'
currency: USD
timezone: America/Denver
readings:
  last_day:
    asks: Is the last day in?
    options: {in: It is., out: It is not.}
    chosen: in
    about: [c1]
sources: {page: {title: Page, sections: {One: {c1: {kind: rule, says: Thirty days.}}}}}
parameters:
  days: {type: period, value: 30 days}
windows:
  time_to_ask: {lasts: days, after: line.delivery.at, act: request.at, cites: [c1]}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
      goods: {type: money, roll_up: sum, only_when: [approve]}
    rules:
      in_time: {when: time_to_ask is open, then: {outcome: approve, goods: line.paid}, because: 'Until {time_to_ask.last_day}.'}
      late: {when: time_to_ask has passed and reading.last_day == 'in', then: {outcome: deny}}
      late_too: {when: time_to_ask has passed and reading.last_day == 'out', then: {outcome: deny}}
"""
CASES = """
policy: shop.yaml
ask: return
facts:
  order: {currency: USD, lines: [{id: '1', paid: 12.50, delivery: {at: 2026-03-05}}]}
  request: {at: '2026-04-04T12:00:00-06:00', lines: [{id: '1'}]}
cases:
"""


@pytest.fixture
def shop(tmp_path, monkeypatch):
    (tmp_path / "shop.yaml").write_text(POLICY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(cases: str, *options: str):
        Path("cases.yaml").write_text(CASES + cases, encoding="utf-8")
        return CliRunner().invoke(cli, ["test", "cases.yaml", *options])

    return run


GOOD = """
  last_day:
    expect:
      status: decided
      verdict: approve
      why: [in_time]
      outputs: {outcome: approve, goods: 12.50 USD}
      lines: [{goods: 12.50}]
      rules: in_time
      deadlines: {time_to_ask: {last_day: 2026-04-04, state: open}}
      messages: [Until 4 April 2026]
      needs: []
  day_after:
    facts: {request.at: '2026-04-05T00:00:00-06:00'}
    expect: {verdict: deny, outputs: {goods: not_applicable}, rules: [late]}
  read_otherwise:
    facts: {request.at: '2026-04-05T00:00:00-06:00'}
    readings: {last_day: out}
    expect: {rules: [late_too], rests_on: [last_day]}
  undecided:
    facts: {request.at: '2026-04-05T00:00:00-06:00'}
    readings: {last_day: undecided}
    expect: {verdict: deny}
  shorter:
    parameters: {days: 10 days}
    expect: {verdict: deny}
  no_delivery:
    facts: {line.delivery.at: null}
    expect: {status: needs_facts, needs: ['request.lines[0].delivery.at', 'request.lines[0].delivery.status']}
  impossible:
    facts: {line.paid: '12.505'}
    expect: {outputs: {goods: error}, problems: ['order.lines[0].paid']}
  every_day:
    matrix: {request.at: ['2026-03-06T12:00:00-07:00', '2026-04-04T12:00:00-06:00']}
    expect: {verdict: approve}
  later:
    skip: The warehouse has not said yet.
    expect: {verdict: approve}
"""


def test_cases_that_come_out_as_expected(shop):
    result = shop(GOOD)
    assert result.exit_code == 0, result.output
    assert "9 passed, 0 failed, 1 skipped" in result.output
    assert "skipped: The warehouse has not said yet." in result.output


def test_a_failure_says_what_was_expected_what_came_and_which_condition_went_the_other_way(shop):
    result = shop(
        "\n  late:\n    facts: {request.at: '2026-04-05T09:00:00-06:00'}\n    expect: {verdict: approve, rules: in_time}\n"
    )
    assert result.exit_code == 6
    assert result.output.splitlines() == [
        "cases.yaml:9:3: case `late`",
        "  verdict  expected approve",
        "                got deny",
        "  rules    expected in_time",
        "                got late",
        "  decided by `late`",
        "  `in_time` did not apply: `time_to_ask is open` (shop.yaml:26:23) is false",
        "",
        "0 passed, 1 failed",
    ]


@pytest.mark.parametrize(
    ("case", "message", "help"),
    [
        ("{expect: {rules: [in_tim]}}", "the policy has no rule `in_tim`", "did you mean `in_time`?"),
        ("{expect: {outputs: {outcom: deny}}}", "the policy has no output `outcom`", "did you mean `outcome`?"),
        ("{ask: retrun, expect: {verdict: deny}}", "the policy has no question `retrun`", "did you mean `return`?"),
        ("{expect: {deadlines: {time_to_as: 2026-04-04}}}", "the policy has no window `time_to_as`", "did you mean `time_to_ask`?"),
        ("{readings: {last_day: inn}, expect: {verdict: deny}}", "the policy has no option of reading `last_day` `inn`", "did you mean `in`?"),
        ("{parameters: {day: 3 days}, expect: {verdict: deny}}", "the policy has no parameter `day`", "did you mean `days`?"),
        ("{parameters: {days: 3 hours}, expect: {verdict: deny}}", "`days` is a calendar period (days, months)", "write a fixed value of its type"),
        ("{facts: {'request lines': 3}, expect: {verdict: deny}}", "`request lines` is not the name of a fact", "write e.g. `order.placed_at` or `request.lines[0].remedy`"),
        ("{expct: {verdict: deny}}", "`expct` is not a key of a case", "did you mean `expect`?"),
    ],
)  # fmt: skip
def test_a_name_that_does_not_exist_is_an_error_and_never_a_silent_pass(shop, case, message, help):
    result = shop(f"\n  one: {case}\n")
    assert result.exit_code == 7
    assert message in result.output and help in result.output


@pytest.mark.parametrize(
    ("case", "mark"),
    [
        ("{ask: retrun, expect: {verdict: deny}}", "retrun"),
        ("{readings: {last_day: inn}, expect: {verdict: deny}}", "inn"),
        ("{readings: {last_dy: in}, expect: {verdict: deny}}", "last_dy"),
    ],
)
def test_a_name_that_does_not_exist_is_marked_itself(shop, case, mark):
    document = json.loads(shop(f"\n  one: {case}\n", "--format", "json").output)
    (found,) = document["files"][0]["diagnostics"]
    row = Path("cases.yaml").read_text("utf-8").split("\n")[found["line"] - 1]
    assert row[found["column"] - 1 : found["end_column"] - 1] == mark


def test_a_file_without_a_case_fails(shop):
    result = shop("\n  {}\n")
    assert result.exit_code == 7 and "schema-empty" in result.output


def test_a_policy_that_is_not_there_and_one_that_is_wrong_are_named(shop):
    Path("shop.yaml").write_text(POLICY.replace("line.paid", "line.payed"), encoding="utf-8")
    result = shop(GOOD)
    assert result.exit_code == 7 and "`line` has no fact `payed`" in result.output and "case-policy" in result.output
    Path("shop.yaml").unlink()
    result = shop(GOOD)
    assert result.exit_code == 7 and "file-unreadable" in result.output


def test_a_fact_that_does_not_exist_is_a_problem_of_the_case(shop):
    result = shop("\n  one: {facts: {line.remdy: refund}, expect: {problems: ['request.lines[0].remdy']}}\n")
    assert result.exit_code == 0, result.output


def test_only_some_cases_are_run_by_name(shop):
    assert "2 passed" in shop(GOOD, "--only", "every_*").output
    assert shop(GOOD, "--only", "nothing_*").exit_code == 2


def test_json_tells_every_case(shop):
    document = json.loads(shop(GOOD, "--format", "json").output)
    cases = {case["name"]: case for case in document["files"][0]["cases"]}
    assert cases["last_day"]["decided_by"] == ["in_time"]
    assert {case["outcome"] for case in cases.values()} == {"passed", "skipped"}


def test_junit_counts_and_carries_the_failure(shop):
    result = shop(GOOD + "  wrong: {expect: {verdict: deny}}\n", "--format", "junit")
    root = ElementTree.fromstring(result.output)
    assert (root.get("tests"), root.get("failures")) == ("11", "1")
    assert [suite.get("skipped") for suite in root] == ["1"]
    (failure,) = root.iter("failure")
    assert failure.get("message") == "verdict: expected deny, got approve" and "decided by `in_time`" in (
        failure.text or ""
    )


def test_the_same_file_runs_under_pytest(shop):
    shop(GOOD + "  wrong: {expect: {verdict: deny}}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "cases.yaml", "--rootdir", "."]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "case `wrong`" in done.stdout and "Traceback" not in done.stdout
    assert "1 failed, 9 passed, 1 skipped" in done.stdout


def test_what_a_rule_leans_to_can_be_expected(shop):
    leaning = POLICY.replace("type: [deny, approve]", "type: [deny, review, approve]").replace(
        "'in', then: {outcome: deny}}", "'in', then: {outcome: review}, review: discretion, leaning: {outcome: deny}}"
    )
    Path("shop.yaml").write_text(leaning, encoding="utf-8")
    late = "facts: {request.at: '2026-05-05T00:00:00-06:00'}"
    good = f"\n  leans: {{{late}, expect: {{verdict: review, leaning: {{outcome: deny}}}}}}\n"
    good += "  does_not: {expect: {verdict: approve, leaning: {outcome: nothing}}}\n"
    assert shop(good).exit_code == 0, shop(good).output
    wrong = shop(f"\n  leans: {{{late}, expect: {{leaning: {{outcome: approve}}}}}}\n")
    assert wrong.exit_code == 6 and "leaning.outcome  expected approve" in wrong.output and "got deny" in wrong.output
    assert "the policy has no output `goodies`" in shop("\n  one: {expect: {leaning: {goodies: deny}}}\n").output
