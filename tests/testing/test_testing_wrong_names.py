"""Wrong names in a case: each is told at the name itself, with the nearest right one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from engine.base.diagnostics import Report
from engine.cli.main import cli
from engine.testing.given import written_at
from engine.testing.load import load_cases

POLICY = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
windows:
  time_to_ask: {lasts: 14 days, after: line.delivery.at, act: request.at}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      in_time: {when: [time_to_ask is open, not line.is_custom], then: {outcome: approve}}
      late: {when: time_to_ask has passed or line.is_custom, then: {outcome: deny}}
"""
CASES = """policy: kettles.yaml
ask: return
facts:
  order: {currency: EUR, lines: [{id: '1', is_custom: false, delivery: {at: 2026-03-02}}]}
  request: {at: '2026-03-10T12:00:00+00:00', lines: [{id: '1'}]}
cases:
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kettles.yaml").write_text(POLICY, encoding="utf-8")

    def with_case(case: str, *options: str, cases: str = CASES):
        Path("cases.yaml").write_text(f"{cases}  one: {case}\n", encoding="utf-8")
        return CliRunner().invoke(cli, ["test", "cases.yaml", *options])

    return with_case


def column_of(name: str) -> int:
    """Where a name stands in the line of the case, from 1."""
    return Path("cases.yaml").read_text("utf-8").splitlines()[6].index(name) + 1


@pytest.mark.parametrize(
    ("expect", "name"),
    [
        ("{outputs: {outcom: approve}}", "output `outcom`"),
        ("{lines: [{outcome: approve}, {id: '1'}]}", "output `id`"),
        ("{leaning: {outcom: approve}}", "output `outcom`"),
        ("{deadlines: {time_to_aks: 2026-03-16}}", "window `time_to_aks`"),
        ("{instead: {vouchr: approve}}", "option `vouchr`"),
    ],
)
def test_an_unknown_name_that_a_case_expects_is_told_where_the_name_stands(run, expect, name):
    ((file),) = json.loads(run(f"{{expect: {expect}}}", "--format", "json").stdout)["files"]
    (told,) = file["diagnostics"]
    word = name.partition("`")[2].rstrip("`")
    column = column_of(word)
    assert (told["message"], told["line"], told["column"]) == (f"the policy has no {name}", 7, column)
    assert told["end_column"] == column + len(word)


@pytest.mark.parametrize(
    ("facts", "name", "help"),
    [
        ("{line.is_custm: true}", "line.is_custm", "did you mean `is_custom`?"),
        ("{order: {lins: []}}", "lins", "did you mean `lines`?"),
        ("{'order.lines[0].delivery': {att: 2026-03-02}}", "att", "it can be"),
        ("{line.is_custom: 3}", "line.is_custom", "write true or false"),
        ("{order.lines: [{id: '1'}, {id: '2', is_custm: true}]}", "is_custm", "did you mean `is_custom`?"),
    ],
)
def test_a_wrong_fact_is_told_with_its_place_and_with_what_would_be_right(run, facts, name, help):
    text = run(f"{{facts: {facts}, expect: {{verdict: deny}}}}").stdout
    assert f" (cases.yaml:7:{column_of(name)})\n  {help}" in text
    assert "decided by" not in text and "did not apply" not in text  # all that follows from the wrong fact


def test_a_wrong_fact_of_all_cases_is_told_where_it_is_shared(run):
    shared = CASES.replace("is_custom: false", "is_custm: false")
    assert " (cases.yaml:4:44)\n" in run("{expect: {verdict: deny}}", cases=shared).stdout


def test_github_has_the_help_too(run):
    told = run("{facts: {line.is_custm: true}, expect: {verdict: deny}}", "--format", "github").stdout
    assert "(cases.yaml:7:17)%0Ahelp: did you mean `is_custom`?" in told


def test_other_cases_keep_their_hint(run):
    text = run("{expect: {verdict: deny}}").stdout
    assert "  decided by `in_time`\n  `late` did not apply: `time_to_ask has passed" in text
    wrong = "{facts: {line.is_custm: true}, expect: {verdict: approve, problems: ['order.lines[0].is_custom']}}"
    assert "did you mean" not in run(wrong).stdout


@pytest.mark.parametrize("key", ["'a[b]'", "'a]['", "'[0]'", "'.'", "'x.y'"])
def test_any_unknown_name_has_a_place(run, key):
    result = run(f"{{facts: {{order: {{{key}: 1}}}}, expect: {{verdict: deny}}}}")
    assert (result.exit_code, result.exception.__class__) == (6, SystemExit)
    assert " (cases.yaml:7:" in result.stdout


@given(st.text(max_size=30))
def test_any_text_may_be_asked_for(text):
    report = Report()
    file = load_cases((CASES + "  one: {expect: {verdict: deny}}\n").encode(), "cases.yaml", report)
    assert file is not None
    found = written_at(file.cases[0].given, text)
    assert found is None or found.source.name == "cases.yaml"
