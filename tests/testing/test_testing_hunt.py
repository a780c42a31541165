"""What is told of a survivor: a case that would notice it, by expecting more, or with a thing or two set otherwise."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from engine.base.diagnostics import Report
from engine.check.program import check_written
from engine.cli.main import cli
from engine.testing.mutation.policies import mutants

POLICY = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
rounding: half up
sources: {page: {title: Page, sections: {One: {c1: {kind: rule, says: Nothing is kept.}}}}}
readings:
  worn:
    asks: Do worn ones come back?
    options: {no_way: No., some: 'Yes.'}
    chosen: no_way
    because: It says so.
    about: [c1]
define:
  in_season: order.placed_at falls in 1 November .. 31 December
windows:
  time_to_ask: {lasts: 14 days, after: line.delivery.at, act: request.at}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
      fee: {type: money, roll_up: sum, only_when: [approve]}
    rules:
      in_time:
        when: [time_to_ask is open, line.condition.unworn]
        then: {outcome: approve, fee: if in_season then 0.00 EUR else line.paid}
        cites: [c1]
      late: {when: time_to_ask has passed, then: {outcome: deny}, cites: [c1]}
      worn: {when: [not line.condition.unworn, reading.worn == 'no_way'], then: {outcome: deny}, cites: [c1]}
"""
CASES = """
policy: kettles.yaml
ask: return
facts:
  order:
    currency: EUR
    placed_at: '2026-02-20T12:00:00+00:00'
    lines: [{id: '1', paid: '50.00', delivery: {status: delivered, at: 2026-03-02}}]
  request: {at: '2026-03-16T20:00:00+00:00', lines: [{id: '1', condition: {unworn: true}}]}
cases:
  last_day: {expect: {verdict: approve}}
  day_after: {facts: {request.at: '2026-03-17T00:00:00+00:00'}, expect: {verdict: deny}}
"""


@pytest.fixture
def hints(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def of(cases: str = CASES) -> dict[tuple[str, str], str | None]:
        (tmp_path / "kettles.yaml").write_text(POLICY, encoding="utf-8")
        (tmp_path / "cases.yaml").write_text(cases, encoding="utf-8")
        result = CliRunner().invoke(cli, ["mutate", "cases.yaml", "--format", "json"])
        (found,) = json.loads(result.stdout)["policies"]
        return {(one["whose"], one["change"]): one["would_notice"] for one in found["survivors"]}

    return of


def test_a_case_may_only_have_to_expect_more(hints):
    found = hints()
    assert found["output `return.fee`", "its `only_when` was left out"] == "case `day_after`, if it expected `outputs`"
    expecting = CASES.replace("expect: {verdict: deny}", "expect: {verdict: deny, outputs: {fee: not_applicable}}")
    assert ("output `return.fee`", "its `only_when` was left out") not in hints(expecting)


def test_something_not_happened_yet(hints):
    """A window that has not begun tells `has not passed` from `is open`."""
    hint = hints()["rule `return.in_time`", "it became `time_to_ask has not passed`"]
    assert hint == "case `last_day` with `line.delivery.at: {not_by: 2026-03-16T20:00:00Z}`"


def test_a_second_line(hints):
    hint = hints()["output `return.fee`", "`roll_up: sum` became `max`"]
    assert hint == "case `last_day` with a second member of `request.lines` like the first"


def test_a_fact_and_a_reading_together(hints):
    """A worn one is denied all the same, unless the other option is chosen: then nothing is said of it."""
    hint = hints()["rule `return.in_time`", "`line.condition.unworn` was left out"]
    assert hint == "case `last_day` with `line.condition.unworn: false` and `readings: {worn: some}`"


def test_the_ends_of_a_season_are_changed():
    written = check_written(POLICY.encode(), "kettles.yaml", Report())
    assert written is not None
    assert [one.says for one in mutants(written[0]) if "falls" in one.span.text] == [
        "`1 November .. 31 December` became `31 October .. 31 December`",
        "`1 November .. 31 December` became `2 November .. 31 December`",
        "`1 November .. 31 December` became `1 November .. 30 December`",
        "`1 November .. 31 December` became `1 November .. 1 January`",
    ]


def test_an_end_that_only_a_deadline_shows_is_looked_at(tmp_path, monkeypatch):
    """The window is read by a conclusion alone, so that no condition tells its end from the moment after."""
    monkeypatch.chdir(tmp_path)
    policy = POLICY.partition("decisions:")[0].replace("time_to_ask: {lasts: 14 days", "time_to_ask: {lasts: 48 hours")
    policy += """decisions:
  return:
    asks: Until when?
    for_each: line in request.lines
    outputs: {until: {type: moment, roll_up: latest}}
    rules: {always: {then: {until: time_to_ask.end}, cites: [c1]}}
"""
    (tmp_path / "kettles.yaml").write_text(policy, encoding="utf-8")
    cases = CASES.partition("cases:")[0].replace("at: 2026-03-02", "at: '2026-03-14T20:00:00+00:00'")
    cases += "cases:\n  end: {expect: {deadlines: {time_to_ask: {state: open}}}}\n"
    (tmp_path / "cases.yaml").write_text(cases, encoding="utf-8")
    result = CliRunner().invoke(cli, ["mutate", "cases.yaml", "--kind", "windows", "--format", "json"])
    (found,) = json.loads(result.stdout)["policies"]
    assert "it ends exclusive" not in [one["change"] for one in found["survivors"]]


READINGS = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources: {page: {title: Page, sections: {One: {c1: {kind: rule, says: Nothing is kept.}}}}}
readings:
  clock:
    asks: Which clock holds?
    options: {sent: Sending., read: Reading., short: Three days.}
    chosen: sent
    because: It says so.
    about: [c1]
define:
  in_time: >-
    if reading.clock == 'sent' then request.at within 14 days after line.delivery.at
    else if reading.clock == 'read' then request.registered_at within 24 hours after line.delivery.at
    else request.at within 3 days after line.delivery.at
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs: {outcome: {type: [deny, approve], combine: strictest, roll_up: each}}
    rules:
      in_time: {when: in_time, then: {outcome: approve}, cites: [c1]}
"""


def test_the_hunt_begins_with_cases_that_go_by_the_option_that_the_change_is_about(tmp_path, monkeypatch):
    """Eight cases by the chosen clock stand before the one by the other; only that one comes to the changed branch."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kettles.yaml").write_text(READINGS, encoding="utf-8")
    cases = CASES.partition("cases:")[0].replace("at: 2026-03-02", "at: '2026-03-02T08:00:00+00:00'") + "cases:\n"
    for day in range(8):
        cases += f"  day_{day}: {{facts: {{request.at: '2026-03-0{day + 2}T20:00:00+00:00'}}, expect: {{verdict: approve}}}}\n"
    cases += "  read: {readings: {clock: read}, facts: {request.registered_at: '2026-03-02T20:00:00+00:00'}, "
    cases += "as_of: '2026-03-20T20:00:00+00:00', expect: {verdict: approve}}\n"
    (tmp_path / "cases.yaml").write_text(cases, encoding="utf-8")
    result = CliRunner().invoke(cli, ["mutate", "cases.yaml", "--kind", "windows", "--format", "json"])
    (found,) = json.loads(result.stdout)["policies"]
    hints = {one["change"]: one["would_notice"] for one in found["survivors"]}
    assert (hints["`24 hours` became `25 hours`"] or "").startswith("case `read`")
