"""Survivors that may survive: a comment in the policy says why, and says so no longer than it is true."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from engine.base.diagnostics import Report
from engine.check.program import check_policy
from engine.cli.main import cli

POLICY = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources: {page: {title: Page, sections: {One: {c1: {kind: rule, says: Nothing is kept.}}}}}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      plain:
        when: not line.is_custom
        then: {outcome: approve}
        cites: [c1]
      custom:
        when: >-
          line.is_custom
          or line.is_final_sale
        then: {outcome: deny}
        cites: [c1]
"""
CASES = """
policy: kettles.yaml
ask: return
facts: {request: {at: '2026-03-16T20:00:00+00:00', lines: [{id: '1', is_custom: false, is_final_sale: false}]}}
cases:
  plain: {expect: {verdict: approve}}
  custom: {facts: {line.is_custom: true}, expect: {verdict: deny}}
"""
ALLOW = "# policy-engine: allow mutant-survived because"
LEFT_OUT = ("rule `return.custom`", "`line.is_final_sale` was left out")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")

    def with_policy(text: str, *options: str):
        (tmp_path / "kettles.yaml").write_text(text, encoding="utf-8")
        return CliRunner().invoke(cli, ["mutate", "cases.yaml", *options])

    return with_policy


def found(run, text: str, *options: str) -> dict:
    (one,) = json.loads(run(text, "--format", "json", *options).stdout)["policies"]
    return one


def accepted(document: dict) -> dict[tuple[str, str], str | None]:
    return {(one["whose"], one["change"]): one["accepted"] for one in document["survivors"]}


def above(line: str, reason: str) -> str:
    """The policy with a comment above one of its lines."""
    indent = line[: len(line) - len(line.lstrip())]
    assert POLICY.count(line) == 1
    return POLICY.replace(line, f"{indent}{ALLOW} {reason}\n{line}")


def test_a_comment_at_the_place_accepts_and_the_score_stays(run):
    plain, document = found(run, POLICY), found(run, above("        when: >-", "nobody marks them"))
    assert accepted(plain)[LEFT_OUT] is None and accepted(document)[LEFT_OUT] == "nobody marks them"
    assert {key: document[key] for key in ("percent", "noticed", "counted", "kinds")} == {
        key: plain[key] for key in ("percent", "noticed", "counted", "kinds")
    }
    said = [one for one in document["survivors"] if one["accepted"]]
    assert document["accepted"] == len(said) > 0 and document["stale"] == [] and plain["accepted"] == 0


def test_a_comment_at_the_end_of_the_line_does_as_well(run):
    text = POLICY.replace("        when: >-\n", f"        when: >-  {ALLOW} nobody marks them\n")
    assert accepted(found(run, text))[LEFT_OUT] == "nobody marks them"


def test_text_tells_what_is_accepted_apart_with_its_reason(run):
    text = run(above("        when: >-", "nobody marks them")).stdout
    assert "changes to kettles.yaml that may survive\n" in text
    assert "  21:15 rule `return.custom`: `line.is_final_sale` was left out\n      nobody marks them\n" in text
    assert "`line.is_final_sale` was left out, and no case notices" not in text
    assert "that survive are accepted\n" in text


def test_sarif_takes_what_is_accepted_as_suppressed_and_github_leaves_it_out(run):
    text = above("        when: >-", "nobody marks them")
    results = json.loads(run(text, "--format", "sarif").stdout)["runs"][0]["results"]
    (one,) = [r for r in results if "`line.is_final_sale` was left out" in r["message"]["text"]]
    assert one["suppressions"] == [{"kind": "inSource", "justification": "nobody marks them"}]
    assert "`line.is_final_sale` was left out" not in run(text, "--format", "github").stdout


def test_what_accepts_nothing_is_told(run):
    text = above("        then: {outcome: approve}", "it was so once")
    (stale,) = found(run, text)["stale"]
    assert (stale["code"], stale["line"]) == ("silence-nothing", 17)
    assert "there is no warning `mutant-survived` on line 18" in run(text).stdout
    assert found(run, text, "--kind", "lists")["stale"] == []  # only some of the changes were made


def test_check_leaves_such_comments_to_mutate():
    report = Report()
    assert check_policy(above("        when: >-", "nobody marks them").encode(), "kettles.yaml", report)
    assert list(report) == [] and report.silenced == []


def test_check_still_wants_a_reason():
    report = Report()
    check_policy(
        POLICY.replace("        when: >-\n", f"        {ALLOW}\n        when: >-\n").encode(), "k.yaml", report
    )
    assert [one.code for one in report] == ["silence-wrong"]


def test_a_warning_inside_of_a_text_of_several_lines_is_silenced_where_the_text_begins():
    text = POLICY.replace("or line.is_final_sale", "or not request.at within 14 days after line.delivery.at")
    loud, quiet = Report(), Report()
    check_policy(text.encode(), "k.yaml", loud)
    assert [one.code for one in loud] == ["deny-not-within"]
    comment = "        # policy-engine: allow deny-not-within because it is so\n"
    check_policy(text.replace("        when: >-\n", comment + "        when: >-\n").encode(), "k.yaml", quiet)
    assert list(quiet) == [] and [one.code for one, _ in quiet.silenced] == ["deny-not-within"]
