"""Gaps in the coverage that no case can close: a comment in the policy says why, and no longer than it is true."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from engine.base.diagnostics import Report
from engine.base.resources import schema
from engine.check.program import check_policy
from engine.cli.main import cli

POLICY = """
policy: stage
title: Stage
version: '1'
currency: EUR
timezone: Europe/Lisbon
facts:
  line.kind: {type: [ticket, poster]}
  line.is_used: {type: boolean, only_when: line.kind == 'ticket'}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      used:
        when:
          - line.kind == 'ticket'
          - line.is_used
        then: {outcome: deny}
      kept:
        when: not (line.kind == 'ticket' and line.is_used)
        then: {outcome: approve}
"""
CASES = """
policy: stage.yaml
ask: return
facts: {request: {at: '2026-03-16T20:00:00+00:00', lines: [{id: '1', kind: ticket, is_used: false}]}}
cases:
  fresh: {expect: {verdict: approve}}
  used: {facts: {line.is_used: true}, expect: {verdict: deny}}
  poster: {facts: {line: {kind: poster, is_used: null}}, expect: {verdict: approve}}
"""
GUARD = "          - line.kind == 'ticket'"
ALLOW = "# policy-engine: allow coverage-mcdc because"
REASON = "only tickets are used"
GAP = "no two cases show that `line.kind == 'ticket'` decides alone (rule `return.used`)"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("cases.yaml").write_text(CASES, encoding="utf-8")

    def with_policy(text: str, *options: str):
        Path("stage.yaml").write_text(text, encoding="utf-8")
        return CliRunner().invoke(cli, ["test", "cases.yaml", "--coverage", *options])

    return with_policy


def found(run, text: str, *options: str) -> dict:
    document = json.loads(run(text, "--format", "json", *options).stdout)
    jsonschema.validate(document, schema("test"))
    (one,) = document["coverage"]
    return one


def above(line: str, reason: str, allow: str = ALLOW) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    assert POLICY.count(line + "\n") == 1
    return POLICY.replace(line, f"{indent}{allow} {reason}\n{line}")


def messages(told: list[dict]) -> list[str]:
    return [one["message"] for one in told]


def test_a_comment_at_the_place_accepts_a_gap_and_the_figures_stay(run):
    plain, document = found(run, POLICY), found(run, above(GUARD, REASON))
    assert GAP in messages(plain["missing"]) and (plain["accepted"], plain["stale"]) == ([], [])
    assert GAP not in messages(document["missing"])
    assert [(one["message"], one["because"]) for one in document["accepted"]] == [(GAP, REASON)]
    assert len(document["missing"]) == len(plain["missing"]) - 1
    assert document["kinds"] == plain["kinds"] and document["stale"] == []


def test_an_accepted_gap_does_not_help_to_reach_what_is_demanded(run):
    for options, code in ((("--fail-under", "mcdc=100"), 8), ((), 0)):
        assert run(above(GUARD, REASON), *options).exit_code == code


def test_text_tells_what_is_accepted_apart_with_its_reason(run):
    text = run(above(GUARD, REASON)).stdout
    assert f"missing in the coverage of stage.yaml, and accepted\n  20:13 {GAP}\n      {REASON}\n" in text
    assert f"warning[coverage-mcdc]: {GAP}" not in text
    assert ", 1 of the missing accepted\n" in text
    assert REASON not in run(above(GUARD, REASON), "--missing", "rules").stdout.partition("coverage of")[0]


def test_sarif_takes_what_is_accepted_as_suppressed_and_github_and_junit_leave_it_out(run):
    text = above(GUARD, REASON)
    results = json.loads(run(text, "--format", "sarif").stdout)["runs"][0]["results"]
    quiet = [one["suppressions"] for one in results if one["message"]["text"].startswith(GAP)]
    assert quiet == [[{"kind": "inSource", "justification": REASON}]]
    assert GAP not in run(text, "--format", "github").stdout
    junit = run(text, "--format", "junit", "--fail-under", "100").stdout
    assert "is true in no case" not in junit and "decides alone" in junit
    assert "decides alone (rule `return.used`)" not in junit


def test_a_part_that_is_never_false_can_be_accepted_as_well(run):
    cases = CASES.replace("  poster:", "  more:").replace("{line: {kind: poster, is_used: null}}", "{}")
    Path("cases.yaml").write_text(cases, encoding="utf-8")
    text = above(GUARD, REASON, ALLOW.replace("mcdc", "condition"))
    gap = "`line.kind == 'ticket'` is false in no case (rule `return.used`)"
    assert gap in messages(found(run, text)["accepted"]) and GAP in messages(found(run, text)["missing"])


def test_what_accepts_nothing_is_told(run):
    text = above("          - line.is_used", REASON)
    (stale,) = found(run, text)["stale"]
    assert (stale["code"], stale["line"]) == ("silence-nothing", 20)
    assert "there is no warning `coverage-mcdc` on line 21" in run(text).stdout
    assert "silence-nothing" in run(text, "--format", "github").stdout
    assert found(run, text, "--missing", "conditions")["stale"] == []


def test_each_version_of_a_policy_accepts_its_own(run):
    Path("stage").mkdir()
    old = POLICY.replace("version: '1'", "version: '1'\neffective: {until: 2026-01-01, by: request.at}")
    new = above(GUARD, REASON).replace("version: '1'", "version: '2'\neffective: {from: 2026-01-01, by: request.at}")
    Path("stage/one.yaml").write_text(old, encoding="utf-8")
    Path("stage/two.yaml").write_text(new, encoding="utf-8")
    Path("cases.yaml").write_text(CASES.replace("stage.yaml", "stage"), encoding="utf-8")
    (one,) = found(run, POLICY)["accepted"]
    assert (one["file"], one["because"]) == ("stage/two.yaml", REASON)
    assert f"  stage/two.yaml:21:13 {GAP}\n" in run(POLICY).stdout


def test_check_leaves_such_comments_to_test():
    for code in ("mcdc", "condition"):
        loud, quiet = Report(), Report()
        check_policy(POLICY.encode(), "stage.yaml", loud)
        assert check_policy(above(GUARD, REASON, ALLOW.replace("mcdc", code)).encode(), "stage.yaml", quiet)
        assert [one.code for one in quiet] == [one.code for one in loud] and quiet.silenced == []
