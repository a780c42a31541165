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
from engine.testing.limits.boundaries import clock_changes
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
    assert again.stderr == "every limit is touched by a case\n"


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


# seasons, lengths, tables and the calendar ---------------------------------------------------------------------------

HEAD = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
calendar: {weekend: [saturday, sunday], holidays: PT, from: 2020-01-01, until: 2030-01-01}
"""
FESTIVE = """
define:
  festive: >-
    line.category == 'jewellery' and date(order.placed_at) falls in 1 December .. 31 December
    and date(order.placed_at) >= 2026-12-01
windows:
  time_to_ask: {lasts: if festive then 45 days else 30 days, after: line.delivery.at, act: request.at}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs: {outcome: {type: [deny, approve], combine: strictest, roll_up: each}}
    rules:
      in_time: {when: time_to_ask is open, unless: line.is_custom, then: {outcome: approve}}
      late: {when: time_to_ask has passed, unless: line.is_custom, then: {outcome: deny}}
      custom: {when: line.is_custom, then: {outcome: deny}}
"""
PLAIN = """
policy: kettles.yaml
facts:
  order: {placed_at: '2026-03-01T10:00:00+00:00', lines: [{id: '1', category: food, delivery: {at: 2026-03-02}}]}
  request: {at: '2026-03-10T20:00:00+00:00', lines: [{id: '1', is_custom: false}]}
cases:
  custom: {ask: return, facts: {line.is_custom: true}, expect: {verdict: deny}}
  last_day: {ask: return, facts: {request.at: '2026-04-01T20:00:00+00:00'}, expect: {verdict: approve}}
  day_after: {ask: return, facts: {request.at: '2026-04-02T20:00:00+00:00'}, expect: {verdict: deny}}
"""


def given(policy: str, cases: str = PLAIN) -> None:
    Path("kettles.yaml").write_text(HEAD + policy, encoding="utf-8")
    Path("cases.yaml").write_text(cases, encoding="utf-8")


def test_each_length_of_a_window_is_a_limit_of_its_own(suggest):
    """Both sides of the 30 days are touched. Those of the 45 need another kind of goods, and an order in December."""
    given(FESTIVE)
    result = suggest("--cases", "cases.yaml", "--output", "limits.yaml")
    found = cases_of(Path("limits.yaml").read_text("utf-8"))
    assert {"time_to_ask_45_days_last_day", "time_to_ask_45_days_day_after"} <= set(found)
    assert not [name for name in found if "30_days" in name] and "not reached" not in result.stderr
    last, after = (found[f"time_to_ask_45_days_{side}"] for side in ("last_day", "day_after"))
    assert (last["expect"]["verdict"], after["expect"]["verdict"]) == ("approve", "deny")
    assert last["facts"]["order"]["lines"][0]["category"] == "jewellery"
    assert last["facts"]["order"]["placed_at"].startswith("2026-12-")
    assert CliRunner().invoke(cli, ["test", "limits.yaml"]).exit_code == 0


def test_the_first_and_the_last_day_of_a_season_are_limits(suggest):
    """And the suggested sides differ in their answer: goods of the season, asked for when only it leaves them time."""
    given(FESTIVE)
    text = suggest("--cases", "cases.yaml").stdout
    found = {name: one for name, one in cases_of(text).items() if "falls in" in one["says"]}
    assert {name: one["facts"]["order"]["placed_at"][5:10] for name, one in found.items()} == {
        "festive_day_before": "11-30",
        "festive_last_day": "12-31",
        "festive_day_after": "01-01",
    }  # the first day stands in the case with the 45 days already
    verdicts = {name: one["expect"]["verdict"] for name, one in found.items()}
    assert verdicts == {"festive_day_before": "deny", "festive_last_day": "approve", "festive_day_after": "deny"}


def test_a_start_is_preferred_whose_answer_turns_at_the_limit(suggest):
    """The first case is of custom goods, which never come back: both sides of any time would be denied."""
    given(FESTIVE, "\n".join(line for line in PLAIN.splitlines() if not line.startswith(("  last_day", "  day_after"))))
    Path("more.yaml").write_text(
        PLAIN.partition("cases:")[0] + "cases:\n  in_time: {ask: return, expect: {verdict: approve}}\n",
        encoding="utf-8",
    )
    found = cases_of(suggest("--cases", "cases.yaml", "--cases", "more.yaml").stdout)
    sides = (found["time_to_ask_30_days_last_day"], found["time_to_ask_30_days_day_after"])
    assert [one["expect"]["verdict"] for one in sides] == ["approve", "deny"]


def test_what_nothing_reaches_is_told(suggest):
    given(FESTIVE.replace("and date(order.placed_at) >= 2026-12-01", "and line.category == 'toys'"))
    result = suggest("--cases", "cases.yaml")
    assert "not reached: 45 days of `time_to_ask`: no case makes `festive` true\n" in result.stderr


def test_nothing_to_write_is_no_file(suggest):
    body = FESTIVE.partition("windows:")[2].replace("if festive then 45 days else 30 days", "30 days")
    given("windows:" + body)
    result = suggest("--cases", "cases.yaml", "--output", "limits.yaml")
    assert result.exit_code == 0 and not Path("limits.yaml").exists()
    said = "every limit is touched by a case: no file is written"
    assert result.stderr == f"{said}, so there is no `limits.yaml` to run\n"
    Path("limits.yaml").write_text("# of a former run\n", encoding="utf-8")
    again = suggest("--cases", "cases.yaml", "--output", "limits.yaml")
    assert again.stderr == f"{said}; `limits.yaml` was there before and stays as it was\n"
    assert again.exit_code == 0 and Path("limits.yaml").read_text("utf-8") == "# of a former run\n"


@pytest.mark.parametrize(
    ("condition", "sides"),
    [
        (
            "weekday of request.at in ['Saturday', 'Sunday']",
            {"day_before": "05-08", "first_day": "05-09", "last_day": "05-10", "day_after": "05-11"},
        ),
        (
            "month of request.at == 6",
            {"day_before": "05-31", "first_day": "06-01", "last_day": "06-30", "day_after": "07-01"},
        ),
        ("time of request.at < 18:00", {"at_the_limit": "T17:00:00Z", "beside_it": "T16:59:59Z"}),
        ("days from order.placed_at to request.at <= 9", {"at_the_limit": "05-13", "beside_it": "05-14"}),
        (
            "request.at within 48 hours after order.placed_at",
            {"at_the_limit": "05-06T10:00:00Z", "beside_it": "05-06T10:00:01Z", "clock_change": ""},
        ),
    ],
)
def test_other_comparisons_have_limits_too(suggest, condition, sides):
    """Friday 8 May 2026 comes before a weekend; Lisbon is an hour ahead of UTC in May."""
    given(
        f"""
decisions:
  return:
    asks: May it come back?
    outputs: {{outcome: {{type: [deny, approve]}}}}
    rules:
      yes: {{when: "{condition}", then: {{outcome: approve}}}}
      no: {{when: "not ({condition})", then: {{outcome: deny}}}}
""",
        """
policy: kettles.yaml
facts: {order: {placed_at: '2026-05-04T10:00:00Z'}, request: {at: '2026-05-07T12:00:00Z'}}
cases: {one: {ask: return, expect: {status: decided}}}
""",
    )
    result = suggest("--cases", "cases.yaml")
    found = cases_of(result.stdout)
    assert result.stderr == ""
    for side, part in sides.items():
        (one,) = (one for name, one in found.items() if name.endswith(side))
        assert part in one["facts"]["request"]["at"], side
    if "clock_change" not in sides:
        assert len({one["expect"]["verdict"] for one in found.values()}) == 2


def test_the_ranges_of_a_table_have_limits(suggest):
    given(
        """
tables:
  postage:
    looks_at: {value: order.lines_total}
    gives: {price: money EUR}
    rows:
      small: {value: under 80.00 EUR, price: 9.00 EUR}
      large: {value: 80.00 EUR .., price: 0.00 EUR}
decisions:
  postage_due:
    asks: What is postage?
    outputs: {fee: {type: money EUR}}
    rules: {all: {then: {fee: postage.price}}}
""",
        """
policy: kettles.yaml
facts: {order: {currency: EUR, lines_total: '10.00'}, request: {at: '2026-05-07T12:00:00Z'}}
cases: {one: {ask: postage_due, expect: {status: decided}}}
""",
    )
    found = cases_of(suggest("--cases", "cases.yaml").stdout)
    assert {one["facts"]["order"]["lines_total"] for one in found.values()} == {"79.99", "80.00"}
    assert {one["says"].partition(": ")[0] for one in found.values()} == {
        "A step beside the limit of `under 80.00 EUR` of row `postage.small`",
        "At the limit of `under 80.00 EUR` of row `postage.small`",
    }
