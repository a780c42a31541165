"""Mutation: a small policy whose survivors are known, in every form, with every exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.base.diagnostics import Report
from engine.check.program import build, check_written
from engine.cli.main import cli
from engine.testing.mutation.nodes import MUTATION_KINDS
from engine.testing.mutation.policies import mutants
from engine.testing.mutation.running import open_workshop
from engine.testing.run import run_case

POLICY = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
rounding: half up
sources: {page: {title: Page, sections: {One: {c1: {kind: rule, says: Nothing is kept.}}}}}
define:
  dear: order.lines_total >= 50.00 EUR
windows:
  time_to_ask: {lasts: 14 days, after: line.delivery.at, act: request.at}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
      fee: {type: money, combine: sum, roll_up: sum, only_when: [approve]}
    rules:
      in_time: {when: time_to_ask is open, then: {outcome: approve, fee: if dear then 0.00 EUR else 4.00 EUR}}
      late: {when: time_to_ask has passed, then: {outcome: deny}}
      custom:
        when: line.is_custom
        unless: line.reason_category in ['defect', 'transit_damage']
        then: {outcome: deny}
        overrides: [in_time]
    otherwise: {fee: {value: 0.00 EUR, cites: [c1]}}
"""
CASES = """
policy: kettles.yaml
ask: return
facts:
  order:
    currency: EUR
    lines_total: '50.00'
    lines: [{id: '1', paid: '50.00', is_custom: false, delivery: {at: 2026-03-02}}]
  request: {at: '2026-03-16T20:00:00+00:00', lines: [{id: '1', reason_category: preference}]}
cases:
  last_day: {expect: {verdict: approve, outputs: {fee: 0.00 EUR}}}
  day_after: {facts: {request.at: '2026-03-17T00:00:00+00:00'}, expect: {verdict: deny, rules: late}}
  before: {facts: {line.delivery.at: {not_by: '2026-03-16T20:00:00+00:00'}}, expect: {status: not_covered}}
  cheap: {facts: {order.lines_total: '49.99'}, expect: {outputs: {fee: 4.00 EUR}}}
  custom: {facts: {line.is_custom: true}, expect: {verdict: deny, rules: custom}}
  custom_and_broken: {facts: {line.is_custom: true, line.reason_category: defect}, expect: {verdict: approve}}
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kettles.yaml").write_text(POLICY, encoding="utf-8")

    def with_cases(*options: str, cases: str = CASES):
        Path("cases.yaml").write_text(cases, encoding="utf-8")
        return CliRunner().invoke(cli, ["mutate", "cases.yaml", *options])

    return with_cases


def found(run, *options: str, cases: str = CASES) -> dict:
    (one,) = json.loads(run("--format", "json", *options, cases=cases).stdout)["policies"]
    return one


def survivors(document: dict) -> set[tuple[str, str]]:
    return {(one["whose"], one["change"]) for one in document["survivors"]}


SURVIVE = {
    ("output `return.outcome`", "`combine: strictest` became `first`"),
    ("output `return.fee`", "`roll_up: sum` became `max`"),
    ("output `return.fee`", "its `only_when` was left out"),
    ("output `return.fee`", "its `otherwise` was left out"),
    ("output `return.fee`", "`0.00 EUR` became `0.01 EUR`"),
    ("output `return.fee`", "`0.00 EUR` became `-0.01 EUR`"),
    ("rule `return.custom`", "'transit_damage' was left out"),
    ("rule `return.custom`", "it no longer overrides `in_time`"),
}
"""What these cases do not notice: nobody sent several lines, `deny` is the strictest word anyway, and so on."""


def test_the_survivors_are_those_that_are_known(run):
    assert survivors(found(run)) == SURVIVE


def test_a_further_case_takes_a_survivor_away(run):
    more = (
        CASES
        + "  crushed: {facts: {line.is_custom: true, line.reason_category: transit_damage}, expect: {rules: in_time}}\n"
    )
    assert SURVIVE - survivors(found(run, cases=more)) == {("rule `return.custom`", "'transit_damage' was left out")}


def test_a_survivor_is_told_with_its_place_and_a_case_that_would_notice(run):
    (one,) = [s for s in found(run)["survivors"] if "transit_damage" in s["change"]]
    assert (one["kind"], one["code"], one["line"], one["column"]) == ("lists", "mutant-survived", 25, 52)
    assert one["would_notice"] == "case `custom` with `line.reason_category: transit_damage`"
    text = run().stdout
    assert "        unless: line.reason_category in ['defect', 'transit_damage']\n" in text
    assert "help: this would notice: case `custom` with `line.reason_category: transit_damage`" in text


def test_a_place_that_no_case_comes_to_is_told(run):
    cases = CASES.replace("ask: return", "ask: other")
    policy = (
        POLICY
        + """
  other:
    asks: Something else?
    outputs: {word: {type: [yes, no]}}
    rules: {always: {when: dear, then: {word: yes}}}
"""
    )
    Path("kettles.yaml").write_text(policy, encoding="utf-8")
    cases = cases.partition("cases:")[0] + "cases:\n  one: {expect: {outputs: {word: yes}}}\n"
    helps = {one["help"] for one in found(run, "--kind", "rules", cases=cases)["survivors"]}
    assert helps == {"no case comes to this place: write one that does"}


def test_counts_agree_with_each_other_and_with_the_text(run):
    document = found(run)
    assert document["counted"] == document["noticed"] + len(document["survivors"])
    assert sum(one["counted"] for one in document["kinds"].values()) == document["counted"]
    assert set(document["kinds"]) <= set(MUTATION_KINDS)
    assert document["percent"] == int(1000 * document["noticed"] / document["counted"]) / 10
    last = f"{document['percent']:.1f} %  {document['noticed']} of {document['counted']}"
    assert last in run().stdout


def test_only_the_kinds_that_are_named(run):
    assert set(found(run, "--kind", "exceptions")["kinds"]) == {"exceptions"}


@pytest.mark.parametrize(
    ("options", "cases", "code"),
    [
        ([], CASES, 0),
        (["--fail-under", "50"], CASES, 0),
        (["--fail-under", "95"], CASES, 10),
        (["--fail-under", "x"], CASES, 2),
        (["--kind", "luck"], CASES, 2),
        ([], CASES.replace("verdict: approve, outputs", "verdict: deny, outputs"), 6),
        ([], CASES.replace("rules: late", "rules: lat"), 7),
        ([], CASES.replace("policy: kettles.yaml", "policy: gone.yaml"), 7),
    ],
)
def test_exit_codes(run, options, cases, code):
    result = run(*options, cases=cases)
    assert result.exit_code == code, result.output


def test_what_is_demanded_is_said_where_it_is_not_met(run):
    assert "95 % is demanded" in run("--fail-under", "95").stdout


def test_without_cases_there_is_nothing_to_do(tmp_path):
    assert CliRunner().invoke(cli, ["mutate", str(tmp_path)]).exit_code == 2


def test_several_processes_say_the_same(run):
    assert found(run, "--jobs", "2") == found(run, "--jobs", "1")


def test_a_change_that_makes_no_difference_is_not_counted(run):
    one = found(run)["equivalent"]  # `combine: sum` of the only rule that says a fee
    policy = POLICY.replace(
        "dear: order.lines_total >= 50.00 EUR", "dear: order.lines_total >= 50.00 EUR\n  copy: dear and dear"
    )
    policy = policy.replace("if dear then", "if copy then")
    Path("kettles.yaml").write_text(policy, encoding="utf-8")
    assert found(run)["equivalent"] == one  # leaving out one `dear` is no equal program, though an equal meaning
    unused = POLICY.replace("define:", "define:\n  unused: order.lines_total > 1.00 EUR")
    Path("kettles.yaml").write_text(unused, encoding="utf-8")
    document = found(run)
    assert document["equivalent"] > one and survivors(document) == SURVIVE


def test_what_does_not_check_is_not_counted(run):
    assert found(run, "--kind", "rules")["unchecked"] == 1  # `custom` overrides `in_time`, so that cannot be left out


def test_cases_that_are_not_run_would_not_notice(run):
    """The look before a case is run again must never pass over one that would fail."""
    run()
    (subject,) = open_workshop([Path("cases.yaml")]).subjects
    for number, mutant in enumerate(subject.mutants):
        verdict = subject.try_mutant(number)
        programs = build(mutant.policy, Report())
        assert (not programs) == (verdict.fate == "unchecked")
        if programs:
            results = [run_case(programs, one.case, Report()) for one in subject.traces]
            failed = any(result is None or result.outcome == "failed" for result in results)
            assert failed == (verdict.fate == "noticed"), mutant.says


def test_every_mutant_differs_and_keeps_its_place_in_the_file():
    written = check_written(POLICY.encode(), "kettles.yaml", Report())
    assert written is not None
    found = list(mutants(written[0]))
    assert len({(m.span.start, m.span.end, m.whose, m.says) for m in found}) == len(found)
    assert all(m.policy != written[0] for m in found)
    assert {m.kind for m in found} >= {"amounts", "comparisons", "exceptions", "lists", "otherwise", "units", "windows"}


def test_versions_are_each_changed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kettles").mkdir()
    old = POLICY.replace("version: '1'", "version: '1'\neffective: {until: 2026-01-01, by: request.at}")
    new = POLICY.replace("version: '1'", "version: '2'\neffective: {from: 2026-01-01, by: request.at}")
    Path("kettles/one.yaml").write_text(old, encoding="utf-8")
    Path("kettles/two.yaml").write_text(new, encoding="utf-8")
    Path("cases.yaml").write_text(CASES.replace("kettles.yaml", "kettles"), encoding="utf-8")
    result = CliRunner().invoke(cli, ["mutate", "cases.yaml", "--format", "json", "--kind", "exceptions"])
    one, two = json.loads(result.stdout)["policies"]
    assert (one["policy"], one["noticed"]) == ("kettles/one.yaml", 0)
    assert two["policy"] == "kettles/two.yaml" and two["noticed"] > 0
