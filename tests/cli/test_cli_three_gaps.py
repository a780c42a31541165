"""A rule that can decide in no case, cases that are missing, changes that survive: each told by its own message, and
ended with by its own code, in every format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_support import SHOP, run
from click.testing import Result
from report_shapes import commands_of, json_of, junit_of, sarif_of

from engine.cli.exit_codes import ExitCode

FORMS = ("text", "json", "sarif", "github", "junit")

CASES = """
policy: shop.yaml
ask: return
facts:
  assume: [nothing_unusual]
  order: {currency: EUR, placed_at: '2026-03-01T09:00:00+00:00', lines: [{id: '1', quantity: 1, paid: 12.50}]}
  request: {at: '2026-03-10T12:00:00+00:00', lines: [{id: '1', asked: 1}]}
cases:
  gift: {facts: {line.is_gift_card: true}, expect: {verdict: deny}}
"""

GAPS = {
    "rule": (["check", "dead.yaml"], "rule-unreachable", ExitCode.UNREACHABLE),
    "case": (
        ["test", "--coverage", "--fail-under", "rules=90", "cases.yaml"],
        "coverage-rule",
        ExitCode.COVERAGE,
    ),
    "mutant": (
        ["mutate", "--jobs", "1", "--fail-under", "90", "cases.yaml"],
        "mutant-survived",
        ExitCode.SURVIVORS,
    ),
}
BELOW = {"case": "coverage-below", "mutant": "mutation-below"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    text = Path(SHOP).read_text("utf-8")
    Path("shop.yaml").write_text(text, "utf-8")
    old = "        when: time_to_ask has passed\n"
    assert old in text
    dead = text.replace(old, "        when: time_to_ask has passed and time_to_ask is open\n")
    Path("dead.yaml").write_text(dead, "utf-8")
    Path("cases.yaml").write_text(CASES, "utf-8")
    return tmp_path


def told(form: str, result: Result) -> list[tuple[str, str]]:
    """The code and the words of each finding in a report."""
    if form == "text":
        lines = [line for line in result.stdout.splitlines() if line.startswith(("warning[", "error["))]
        return [(line.partition("[")[2].partition("]")[0], line.partition(": ")[2]) for line in lines]
    if form == "sarif":
        return [(one["ruleId"], one["message"]["text"]) for one in sarif_of(result.stdout)["results"]]
    if form == "github":
        return [(properties["title"], words) for _, properties, words in commands_of(result.stdout)]
    if form == "junit":
        return [(one.get("message") or "", one.text or "") for one in junit_of(result.stdout).iter("failure")]
    document = json.loads(result.stdout)
    found = [*document.get("diagnostics", ())]
    found += [one for covered in document.get("coverage", ()) for one in covered["missing"]]
    found += [one for policy in document.get("policies", ()) for one in policy["survivors"]]
    return [(one["code"], one["message"]) for one in found]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gap", GAPS)
def test_each_gap_has_its_message_and_its_code_in_every_format(gap: str, form: str) -> None:
    arguments, code, exit_code = GAPS[gap]
    result = run(*arguments, "--format", form)
    assert result.exit_code == exit_code, result.output
    found = told(form, result)
    if form == "junit":
        assert any(f"[{code}]" in text for _, text in found), found
    else:
        assert code in {name for name, _ in found}, found


@pytest.mark.parametrize("form", ["sarif", "github"])
@pytest.mark.parametrize("gap", BELOW)
def test_what_is_demanded_is_a_finding_of_its_own(gap: str, form: str) -> None:
    arguments, _, _ = GAPS[gap]
    (said,) = [words for name, words in told(form, run(*arguments, "--format", form)) if name == BELOW[gap]]
    assert "90 % is demanded" in said
    fine = [*arguments[:-1], "--fail-under", "0"] if gap == "mutant" else [*arguments[:-1], "--fail-under", "rules=0"]
    enough = run(*fine, arguments[-1], "--format", form)
    assert (enough.exit_code, [name for name, _ in told(form, enough) if name == BELOW[gap]]) == (ExitCode.FINE, [])


def test_the_json_of_a_mutation_run_has_the_shape_of_its_schema() -> None:
    (policy,) = json_of(run("mutate", "--jobs", "1", "cases.yaml", "--format", "json").stdout, "mutate")["policies"]
    assert policy["counted"] == policy["noticed"] + len(policy["survivors"])
    assert policy["below"] is False


@pytest.mark.parametrize("form", FORMS)
def test_a_mutation_run_that_cannot_begin_says_why_in_every_format(form: str) -> None:
    Path("cases.yaml").write_text(CASES.replace("verdict: deny", "verdict: approve"), "utf-8")
    result = run("mutate", "cases.yaml", "--format", form)
    assert result.exit_code == ExitCode.FAILED
    if form == "text":
        assert "the policy is not changed before its own cases pass" in result.stdout
    else:
        assert any("gift" in code + words or "case-failed" in code for code, words in told(form, result))
    if form == "json":
        json_of(result.stdout, "mutate")
    Path("shop.yaml").write_text("policy: x\n", "utf-8")
    broken = run("mutate", "cases.yaml", "--format", form)
    assert broken.exit_code == ExitCode.CASES
    if form == "junit":
        assert list(junit_of(broken.stdout).iter("error"))
    else:
        assert "schema-missing-key" in {code for code, _ in told(form, broken)}


def test_another_warning_that_fails_goes_before_a_rule_that_decides_nothing() -> None:
    text = (
        Path("dead.yaml")
        .read_text("utf-8")
        .replace("windows:\n", "parameters:\n  spare: {type: money, value: 1.00 EUR}\nwindows:\n")
    )
    Path("dead.yaml").write_text(text, "utf-8")
    assert run("check", "dead.yaml").exit_code == ExitCode.UNREACHABLE
    assert run("check", "dead.yaml", "--warnings-as-errors").exit_code == ExitCode.POLICY


def test_a_dead_rule_with_a_reason_is_fine() -> None:
    text = Path("dead.yaml").read_text("utf-8")
    line = "        when: time_to_ask has passed and time_to_ask is open\n"
    reason = "  # policy-engine: allow rule-unreachable because the lawyers want to see it"
    Path("dead.yaml").write_text(text.replace(line, line.rstrip("\n") + reason + "\n"), "utf-8")
    result = run("check", "dead.yaml")
    assert (result.exit_code, "1 silenced" in result.stdout) == (ExitCode.FINE, True)


def test_a_file_of_another_kind_is_told_in_one_finding() -> None:
    for arguments in (["check", "cases.yaml"], ["fmt", "cases.yaml"], ["decide", "cases.yaml", "return", "x.json"]):
        result = run(*arguments)
        assert result.exit_code == ExitCode.POLICY
        assert result.output.count("error[") == 1
        assert "this is a file of worked cases, not a policy" in result.output
    result = run("test", "shop.yaml")
    assert (result.exit_code, result.output.count("error[")) == (ExitCode.CASES, 1)
    assert "this is a policy, not a file of worked cases" in result.output
