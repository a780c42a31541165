"""Coverage: a small policy whose gaps are known, in every form, with every exit code."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from engine.base.resources import schema
from engine.cli import coverage_report
from engine.cli.main import cli
from engine.testing.coverage.conditions import Condition, Joined, Part, settle
from engine.testing.coverage.counting import CODE_OF, KINDS

POLICY = """
policy: kettles
title: Kettles
version: '1'
currency: EUR
timezone: Europe/Lisbon
define:
  special: line.is_custom or line.is_final_sale
  cheap: order.lines_total < 20.00 EUR
tables:
  fee:
    looks_at: {country: order.ship_to.country}
    gives: {amount: money EUR}
    rows:
      home: {country: PT, amount: 0.00 EUR}
      abroad: {country: any other, amount: 5.00 EUR}
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
        when: [time_to_ask is open, not special]
        then: {outcome: approve, fee: if cheap then 1.00 EUR else fee.amount}
      late: {when: time_to_ask has passed, then: {outcome: deny}}
      special: {when: special, then: {outcome: deny}}
"""
CASES = """
policy: kettles.yaml
ask: return
facts:
  order:
    currency: EUR
    lines_total: '39.90'
    ship_to: {country: PT}
    lines: [{id: '1', paid: '39.90', is_custom: false, is_final_sale: false, delivery: {at: 2026-03-02}}]
  request: {at: '2026-03-16T20:00:00+00:00', lines: [{id: '1'}]}
cases:
  in_time: {expect: {verdict: approve, outputs: {fee: 0.00 EUR}}}
"""
LATE = "  late: {facts: {request.at: '2026-03-17T00:00:00+00:00'}, expect: {verdict: deny}}\n"
CUSTOM = "  custom: {facts: {line.is_custom: true}, expect: {verdict: deny}}\n"
FINAL = "  final: {facts: {line.is_final_sale: true}, expect: {verdict: deny}}\n"
CHEAP = "  cheap: {facts: {order.lines_total: '19.99'}, expect: {outputs: {fee: 1.00 EUR}}}\n"
ABROAD = "  abroad: {facts: {order.ship_to.country: ES}, expect: {outputs: {fee: 5.00 EUR}}}\n"
ALL = LATE + CUSTOM + FINAL + CHEAP + ABROAD


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kettles.yaml").write_text(POLICY, encoding="utf-8")

    def with_cases(cases: str, *options: str, paths: tuple[str, ...] = ("cases.yaml",)):
        Path("cases.yaml").write_text(CASES + cases, encoding="utf-8")
        return CliRunner().invoke(cli, ["test", *paths, "--coverage", *options])

    return with_cases


def found(run, cases: str, *options: str) -> dict:
    (one,) = json.loads(run(cases, "--format", "json", *options).stdout)["coverage"]
    return one


def counts(document: dict) -> dict[str, tuple[int, int]]:
    return {kind: (one["shown"], one["total"]) for kind, one in document["kinds"].items()}


def test_what_one_case_shows_of_the_policy(run):
    assert counts(found(run, "")) == {
        "rules": (1, 3),
        "rows": (1, 2),
        "conditions": (8, 16),
        "unknown": (0, 8),
        "mcdc": (0, 8),
    }


def test_a_full_set_of_cases_misses_only_what_is_unknown(run):
    document = found(run, ALL)
    shares = {kind: one["percent"] for kind, one in document["kinds"].items()}
    assert shares == {"rules": 100, "rows": 100, "conditions": 100, "unknown": 0, "mcdc": 100}
    assert document["missing"] == []


def test_each_missing_thing_is_a_message_of_its_own_at_its_place(run):
    missing = found(run, LATE + CUSTOM + CHEAP)["missing"]
    assert [(one["code"], one["message"], one["line"]) for one in missing] == [
        ("coverage-condition", "`line.is_final_sale` is true in no case (`special`)", 8),
        ("coverage-mcdc", "no two cases show that `line.is_final_sale` decides alone (`special`)", 8),
        ("coverage-row", "row `fee.abroad` gives its result in no case", 16),
    ]


def test_the_help_says_which_half_of_a_pair_is_missing(run):
    missing = found(run, LATE + CUSTOM + CHEAP, "--missing", "mcdc")["missing"]
    assert [one["help"] for one in missing] == [
        "where it is false it decides; write a case in which it is true and the whole is true by it alone"
    ]


def test_the_text_underlines_what_was_never_decided(run):
    result = run(CUSTOM + FINAL + CHEAP + ABROAD)
    assert "warning[coverage-rule]: rule `return.late` decides in no case\n  --> kettles.yaml:30:7" in result.stdout
    assert "      late: {when: time_to_ask has passed, then: {outcome: deny}}\n" in result.stdout
    assert "coverage of kettles.yaml\n  rules that spoke                      66.6 %  2 of 3\n" in result.stdout
    assert result.exit_code == 0


def test_unknown_is_counted_and_listed_only_on_demand(run):
    assert found(run, ALL)["kinds"]["unknown"] == {"shown": 0, "total": 8, "percent": 0.0}
    listed = found(run, ALL, "--missing", "unknown")["missing"]
    assert len(listed) == 8 and {one["code"] for one in listed} == {"coverage-unknown"}
    unsaid = ALL + "  unsaid: {facts: {line.is_custom: null}, expect: {status: needs_facts}}\n"
    assert found(run, unsaid)["kinds"]["unknown"]["shown"] == 3  # the fact, and `special` in both rules


def test_nothing_is_listed_with_missing_none(run):
    assert found(run, "", "--missing", "none")["missing"] == []
    assert "warning" not in run("", "--missing", "none").stdout


@pytest.mark.parametrize(
    ("cases", "options", "code"),
    [
        (ALL, ["--fail-under", "100"], 0),
        (ALL, ["--fail-under", "unknown=1"], 8),
        (LATE, ["--fail-under", "rules=66"], 0),
        (LATE, ["--fail-under", "rules=67"], 8),
        (LATE, ["--fail-under", "90", "--fail-under", "rules=10"], 8),
        (LATE, ["--fail-under", "0"], 0),
        ("  wrong: {expect: {verdict: deny}}\n", ["--fail-under", "100"], 6),
        ("  typo: {expect: {rules: lat}}\n", ["--fail-under", "100"], 7),
        ("", ["--fail-under", "101"], 2),
        ("", ["--fail-under", "much"], 2),
        ("", ["--fail-under", "lines=90"], 2),
    ],
)
def test_exit_codes(run, cases, options, code):
    assert run(cases, *options).exit_code == code


def test_what_is_demanded_is_said_where_it_is_not_met(run):
    out = run(LATE, "--fail-under", "rules=67").stdout
    assert "66.6 %  2 of 3, 67 % is demanded" in out
    assert found(run, LATE, "--fail-under", "rules=67")["below"] == ["rules"]


def test_thresholds_go_with_coverage(run):
    run("")
    result = CliRunner().invoke(cli, ["test", "cases.yaml", "--fail-under", "90"])
    assert result.exit_code == 2 and "go with --coverage" in result.stderr


def test_junit_has_a_suite_with_a_check_for_each_kind(run):
    root = ElementTree.fromstring(run(LATE, "--format", "junit", "--fail-under", "rules=100").stdout)
    suite = root.findall("testsuite")[-1]
    assert suite.get("name") == "coverage of kettles.yaml"
    failed = {case.get("name"): case.find("failure") for case in suite}
    assert list(failed) == list(KINDS)
    assert [name for name, failure in failed.items() if failure is not None] == ["rules"]
    assert "rule `return.special` decides in no case" in (failed["rules"].text or "")
    assert root.get("failures") == "1"


def test_the_json_has_the_shape_that_is_promised(run):
    document = json.loads(run(LATE, "--format", "json", "--fail-under", "100").stdout)
    jsonschema.validate(document, schema("test"))


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_other_forms_carry_the_missing_things_too(run, form):
    out = run(LATE, "--format", form).stdout
    assert "coverage-rule" in out and "rule `return.special` decides in no case" in out


def test_files_about_one_policy_are_counted_together(run):
    Path("more.yaml").write_text(CASES.replace("in_time:", "again:") + ALL, encoding="utf-8")
    (one,) = json.loads(run("", "--format", "json", paths=("cases.yaml", "more.yaml")).stdout)["coverage"]
    assert one["kinds"]["mcdc"]["percent"] == 100


def test_versions_of_a_policy_are_counted_each(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kettles").mkdir()
    old = POLICY.replace("version: '1'", "version: '1'\neffective: {until: 2026-01-01, by: request.at}")
    new = POLICY.replace("version: '1'", "version: '2'\neffective: {from: 2026-01-01, by: request.at}")
    Path("kettles/one.yaml").write_text(old, encoding="utf-8")
    Path("kettles/two.yaml").write_text(new, encoding="utf-8")
    Path("cases.yaml").write_text(CASES.replace("kettles.yaml", "kettles") + ALL, encoding="utf-8")
    result = CliRunner().invoke(cli, ["test", "cases.yaml", "--coverage", "--format", "json"])
    (one,) = json.loads(result.stdout)["coverage"]
    assert one["policy"] == "kettles"
    assert one["kinds"]["rules"] == {"shown": 3, "total": 6, "percent": 50.0}
    assert {m["file"] for m in one["missing"]} == {"kettles/one.yaml"}


def test_the_branch_of_a_formula_that_was_not_taken_shows_nothing(run):
    policy = POLICY.replace("if cheap then 1.00 EUR", "if cheap then (if line.is_preorder then 2.00 EUR else 1.00 EUR)")
    Path("kettles.yaml").write_text(policy, encoding="utf-8")
    messages = [one["message"] for one in found(run, LATE, "--missing", "conditions")["missing"]]
    assert "`line.is_preorder` is true in no case (rule `return.in_time`)" in messages
    assert "`line.is_preorder` is false in no case (rule `return.in_time`)" in messages


def test_what_bounds_an_amount_and_what_a_sum_is_made_of_count(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outputs = """      goods: {type: money, flow: refund, up_to: if line.is_custom then 0.00 EUR else line.paid, roll_up: sum}
      kept: {type: money, flow: charge, roll_up: sum}
      net: {type: money, net_of: [goods, kept], below_zero: nothing, roll_up: sum}
"""
    text = POLICY.replace("    rules:\n", outputs + "    rules:\n").replace(
        "fee: if cheap then 1.00 EUR else fee.amount}",
        "fee: 1.00 EUR, goods: line.paid, kept: 0.00 EUR}\n        cites: [ke-1]",
    )
    clause = "{kind: rule, says: A fee may be kept.}"
    sources = f"sources:\n  page: {{title: Page, sections: {{All: {{ke-1: {clause}}}}}}}\ntables:\n"
    Path("kettles.yaml").write_text(text.replace("tables:\n", sources), encoding="utf-8")
    Path("cases.yaml").write_text(CASES + "  net: {expect: {verdict: approve, outputs: {net: 39.90 EUR}}}\n", "utf-8")
    result = CliRunner().invoke(
        cli, ["test", "cases.yaml", "--coverage", "--missing", "conditions", "--format", "json"]
    )
    missing = [one["message"] for one in json.loads(result.stdout)["coverage"][0]["missing"]]
    assert "`line.is_custom` is true in no case (output `return.goods`)" in missing


def test_what_a_table_looks_at_and_gives_counts_where_it_is_read(run):
    policy = POLICY.replace("looks_at: {country: order.ship_to.country}", "looks_at: {far: far}")
    policy = policy.replace("country: PT, amount: 0.00 EUR", "far: false, amount: if cheap then 2.00 EUR else 0.00 EUR")
    policy = policy.replace("country: any other,", "far: true,")
    policy = policy.replace("define:", "define:\n  far: order.ship_to.country != 'PT' or order.ship_to.region == '20'")
    Path("kettles.yaml").write_text(policy.replace("if cheap then 1.00 EUR else fee.amount", "fee.amount"), "utf-8")
    messages = [one["message"] for one in found(run, "", "--missing", "mcdc")["missing"]]
    assert "no two cases show that `order.ship_to.region == '20'` decides alone (`far`)" in messages
    places = [("azores", "PT", "20", "5.00"), ("lisbon", "PT", "11", "0.00"), ("spain", "ES", "28", "5.00")]
    cases = "".join(
        f"  {name}: {{facts: {{order.ship_to: {{country: {country}, region: '{region}'}}}}, "
        f"expect: {{outputs: {{fee: {fee} EUR}}}}}}\n"
        for name, country, region, fee in places
    )
    cheap = (
        "  cheap: {facts: {order.lines_total: '5', order.ship_to.region: '11'}, expect: {outputs: {fee: 2.00 EUR}}}\n"
    )
    assert found(run, LATE + CUSTOM + FINAL + cases + cheap, "--missing", "mcdc")["missing"] == []


@pytest.mark.parametrize(
    ("words", "now"),
    [
        ("order.ship_to.country not in ['ES']", "true"),
        ("line.delivery.at has not happened", "false"),
    ],
)
def test_not_inside_of_a_phrase_belongs_to_its_part(run, words, now):
    """`x not in [...]` is true where `x in [...]` is false, and the part is the whole phrase."""
    when = "[time_to_ask is open, not special]"
    policy = POLICY.replace(when, f"{when}\n        unless: {words}")
    Path("kettles.yaml").write_text(policy, encoding="utf-8")
    messages = [one["message"] for one in found(run, "", "--missing", "conditions")["missing"]]
    lacking = {"true": "false", "false": "true"}[now]
    assert f"`{words}` is {lacking} in no case (rule `return.in_time`)" in messages
    assert f"`{words}` is {now} in no case (rule `return.in_time`)" not in messages


# MC/DC by itself ------------------------------------------------------------------------------------------------------

TRUTHS = st.sampled_from([True, False, None])


def joints(parts: int):
    leaves = st.integers(0, parts - 1)
    return st.recursive(
        leaves,
        lambda below: st.one_of(
            st.builds(lambda p: Joined("not", (p,)), below),
            st.builds(lambda a, b: Joined("and", (a, b)), below, below),
            st.builds(lambda a, b: Joined("or", (a, b)), below, below),
            st.builds(lambda a, b, c: Joined("if", (a, b, c)), below, below, below),
        ),
        max_leaves=6,
    )


def condition(joint, size: int) -> Condition:
    return Condition("test", None, joint, tuple(Part(None, True) for _ in range(size)))  # type: ignore[arg-type]


@given(joints(3), st.lists(st.tuples(TRUTHS, TRUTHS, TRUTHS), max_size=8))
def test_a_part_decides_alone_exactly_if_two_evaluations_show_it(joint, evaluations):
    one = condition(joint, 3)
    for values in evaluations:
        one.saw(values)

    def turned(values, i):
        changed = list(values)
        changed[i] = not changed[i]
        return settle(joint, changed)

    for i, part in enumerate(one.parts):
        pairs = [
            (a, b)
            for a, b in product(evaluations, repeat=2)
            if a[i] is True and b[i] is False
            and settle(joint, a) is not None and settle(joint, b) is (not settle(joint, a))
            and turned(a, i) is settle(joint, b) and turned(b, i) is settle(joint, a)
        ]  # fmt: skip
        assert part.decides == bool(pairs)


@given(joints(3), st.tuples(TRUTHS, TRUTHS, TRUTHS))
def test_settling_keeps_the_law(joint, values):
    whole = settle(joint, values)
    if whole is not None:
        free = [[True, False] if value is None else [value] for value in values]
        assert all(settle(joint, tuple(full)) is whole for full in product(*free))


def test_masked_parts_may_differ():
    one = condition(Joined("or", (Joined("and", (0, 1)), 2)), 3)
    one.saw((True, True, False))
    one.saw((False, None, False))  # the second part is masked where the first is false
    assert [part.decides for part in one.parts] == [False, False, False]
    one.saw((False, True, False))
    assert [part.decides for part in one.parts] == [True, False, False]


def test_unknown_shows_nothing():
    one = condition(Joined("and", (0, 1)), 2)
    one.saw((None, True))
    one.saw((True, None))
    one.saw((False, None))
    assert [part.decided_as for part in one.parts] == [set(), set()]


def test_the_names_of_kinds_are_those_of_the_engine():
    assert coverage_report.KINDS == KINDS == tuple(CODE_OF)
