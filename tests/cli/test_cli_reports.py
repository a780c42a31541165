"""The reports for other programs: SARIF, GitHub, JUnit, JSON, of clean and of failing runs, and with odd characters."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from cli_support import SHOP, run
from hypothesis import given
from hypothesis import strategies as st
from report_shapes import commands_of, json_of, junit_of, sarif_of

from engine.base.codes import CODES
from engine.base.diagnostics import Diagnostic, Place
from engine.base.source import SourceText, Span
from engine.cli.diagnostics_github import github
from engine.cli.diagnostics_sarif import sarif
from engine.cli.exit_codes import ExitCode
from engine.cli.junit import junit_of_checks

CASES = """
policy: {policy}
ask: return
facts:
  assume: [nothing_unusual]
  order: {{currency: EUR, placed_at: '2026-03-01T09:00:00+00:00', lines: [{{id: '1', quantity: 1, paid: 12.50}}]}}
  request: {{at: '2026-03-10T12:00:00+00:00', lines: [{{id: '1', asked: 1}}]}}
cases:
  passes: {{facts: {{line.is_gift_card: true}}, expect: {{verdict: deny}}}}
  fails: {{facts: {{line.is_gift_card: true}}, expect: {{verdict: approve}}}}
  waits: {{skip: 'Nobody knows <yet> & "why".', expect: {{verdict: deny}}}}
"""

PROGRAMS = ("json", "sarif", "github", "junit")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shop(name: str, old: str = "", new: str = "") -> str:
    text = Path(SHOP).read_text("utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new, 1), "utf-8")
    return name


def wrong(name: str = "wrong.yaml") -> str:
    return shop(name, "time_to_ask is open", "time_to_aks is open")


def warns(name: str = "warns.yaml") -> str:
    return shop(name, "        when: time_to_ask has passed\n", "        when: not time_to_ask is open\n")


def cases(policy: str, name: str = "cases.yaml") -> str:
    Path(name).write_text(CASES.format(policy=policy), "utf-8")
    return name


# check ---------------------------------------------------------------------------------------------------------------


def test_a_clean_run_is_a_report_without_findings(place: Path) -> None:
    name = shop("shop.yaml")
    assert sarif_of(run("check", name, "--format", "sarif").output)["results"] == []
    assert run("check", name, "--format", "github").output == ""
    (test,) = junit_of(run("check", name, "--format", "junit").output).iter("testcase")
    assert (test.get("classname"), len(test)) == (name, 0)
    assert json_of(run("check", name, "--format", "json").output, "check")["diagnostics"] == []


@pytest.mark.parametrize("form", PROGRAMS)
def test_the_exit_code_does_not_depend_on_the_format(place: Path, form: str) -> None:
    assert run("check", wrong(), "--format", form).exit_code == ExitCode.POLICY
    assert run("check", warns(), "--format", form).exit_code == ExitCode.FINE
    assert run("check", warns(), "--format", form, "--warnings-as-errors").exit_code == ExitCode.POLICY
    assert run("test", cases(shop("shop.yaml")), "--format", form).exit_code == ExitCode.FAILED
    assert run("test", cases("wrong.yaml"), "--format", form).exit_code == ExitCode.CASES


def test_sarif_tells_the_rule_the_place_and_the_remedy(place: Path) -> None:
    found = sarif_of(run("check", wrong(), warns(), "--format", "sarif").output)
    error, warning = found["results"]
    assert (error["ruleId"], error["level"], warning["level"]) == ("name-unknown", "error", "warning")
    assert error["message"]["text"] == "there is no window `time_to_aks`\nhelp: did you mean `time_to_ask`?"
    where = error["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "wrong.yaml"
    assert where["region"] == {"startLine": 23, "startColumn": 15, "endLine": 23, "endColumn": 26}


def test_sarif_names_files_from_the_folder_one_stands_in(place: Path) -> None:
    wrong()
    (place / "deeper").mkdir()
    for named, shown in (
        (str(place / "wrong.yaml"), "wrong.yaml"),
        ("./wrong.yaml", "wrong.yaml"),
        ("/no/where.yaml", "file:///no/where.yaml"),
    ):
        (result,) = sarif_of(run("check", named, "--format", "sarif").output)["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == shown


def test_github_gets_one_command_for_each_finding(place: Path) -> None:
    found = commands_of(run("check", wrong(), warns(), "nowhere.yaml", "--format", "github").output)
    assert [(name, told["file"], told["title"]) for name, told, _ in found] == [
        ("error", "wrong.yaml", "name-unknown"),
        ("warning", "warns.yaml", "deny-not-open"),
        ("error", "nowhere.yaml", "file-unreadable"),
    ]
    assert (found[0][1]["line"], found[0][1]["col"], found[0][1]["endColumn"]) == ("23", "15", "26")
    assert found[0][2] == "there is no window `time_to_aks`\nhelp: did you mean `time_to_ask`?"


def test_junit_fails_a_test_for_each_error_and_for_warnings_if_they_fail(place: Path) -> None:
    root = junit_of(run("check", wrong(), warns(), "--format", "junit").output)
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    (kept,) = root.iter("system-out")
    assert "warning[deny-not-open]" in (kept.text or "")
    root = junit_of(run("check", "wrong.yaml", "warns.yaml", "--format", "junit", "--warnings-as-errors").output)
    assert [one.get("type") for one in root.iter("failure")] == ["error", "warning"]


def test_json_has_the_shape_of_its_schema(place: Path) -> None:
    (place / "empty").mkdir()
    document = json_of(
        run("check", wrong(), warns(), "nowhere.yaml", "empty", SHOP, "--format", "json").output, "check"
    )
    assert [one["file"] for one in document["ok"]] == ["warns.yaml", SHOP]
    assert {one["code"] for one in document["diagnostics"]} == {
        "no-policy", "name-unknown", "deny-not-open", "file-unreadable",
    }  # fmt: skip


# test ----------------------------------------------------------------------------------------------------------------


def test_a_failed_case_is_a_finding_at_its_place(place: Path) -> None:
    name = cases(shop("shop.yaml"))
    (result,) = sarif_of(run("test", name, "--format", "sarif").output)["results"]
    assert result["ruleId"] == "case-failed"
    assert result["message"]["text"].startswith("case `fails` came out otherwise: verdict: expected approve, got deny")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 10
    (kind, told, message), figures = commands_of(run("test", name, "--format", "github").output)
    assert (kind, told["file"], told["line"]) == ("error", "cases.yaml", "10")
    assert "decided by `gift_card`" in message
    assert figures == ("notice", {"title": "worked cases"}, "1 passed, 1 failed, 1 skipped")


def test_github_gets_one_notice_with_the_figures(place: Path) -> None:
    name = cases(shop("shop%0A,::x.yaml"))
    found = commands_of(run("test", name, "--coverage", "--format", "github").output)
    ((title, said),) = [(told["title"], message) for kind, told, message in found if kind == "notice"]
    passed, coverage = said.split("\n")
    assert (title, passed) == ("worked cases", "1 passed, 1 failed, 1 skipped")
    (shown,) = json.loads(run("test", name, "--coverage", "--format", "json").output)["coverage"]
    figures = [f"{kind} {one['percent']} % ({one['shown']} of {one['total']})" for kind, one in shown["kinds"].items()]
    assert coverage == f"coverage of shop%0A,::x.yaml: {', '.join(figures)}"


def test_github_gets_the_score_of_the_changes(place: Path) -> None:
    name = cases(shop("shop.yaml"))
    Path(name).write_text("".join(one for one in Path(name).read_text("utf-8").splitlines(True) if "fails:" not in one))
    (kind, told, said) = commands_of(run("mutate", name, "--kind", "rules", "--format", "github").output)[-1]
    (score,) = json.loads(run("mutate", name, "--kind", "rules", "--format", "json").output)["policies"]
    assert (kind, told) == ("notice", {"title": "changes that the cases notice"})
    assert said == f"shop.yaml: {score['percent']} % ({score['noticed']} of {score['counted']})"


def test_a_file_that_cannot_be_run_is_counted_for_github(place: Path) -> None:
    found = commands_of(run("test", cases(wrong()), "--format", "github").output)
    assert found[-1] == ("notice", {"title": "worked cases"}, "0 passed, 0 failed, 1 file could not be run")


def test_junit_of_cases_has_one_test_for_each(place: Path) -> None:
    root = junit_of(run("test", cases(shop("shop.yaml")), "--format", "junit").output)
    assert [(one.get("name"), [child.tag for child in one]) for one in root.iter("testcase")] == [
        ("passes", []),
        ("fails", ["failure"]),
        ("waits", ["skipped"]),
    ]
    assert [one.get("message") for one in root.iter("skipped")] == ['Nobody knows <yet> & "why".']


def test_a_wrong_policy_is_told_once_for_all_its_files_of_cases(place: Path) -> None:
    files = [cases(wrong()), cases("wrong.yaml", "more.yaml")]
    told = [one["ruleId"] for one in sarif_of(run("test", *files, "--format", "sarif").output)["results"]]
    assert told == ["name-unknown", "case-policy", "case-policy"] or sorted(told) == [
        "case-policy", "case-policy", "name-unknown",
    ]  # fmt: skip
    root = junit_of(run("test", *files, "--format", "junit").output)
    assert (root.get("tests"), root.get("errors")) == ("2", "2")


def test_json_of_cases_has_the_shape_of_its_schema(place: Path) -> None:
    files = [cases(wrong()), cases(shop("shop.yaml"), "good.yaml"), "nowhere.yaml"]
    document = json_of(run("test", *files, "--format", "json").output, "test")
    assert [one["outcome"] for file in document["files"] for one in file["cases"]] == ["passed", "failed", "skipped"]
    assert [one["policy"] for one in document["files"]] == ["wrong.yaml", "shop.yaml", None]


# odd characters ------------------------------------------------------------------------------------------------------

ODD_NAMES = [
    "a b.yaml",
    "50%.yaml",
    "a,b:c.yaml",
    "Wörter.yaml",
    "::error::x.yaml",
    "two\nlines.yaml",
    "esc\x1b[31m.yaml",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_files_come_through(place: Path, name: str) -> None:
    wrong(name)
    (result,) = sarif_of(run("check", name, "--format", "sarif").output)["results"]
    assert unquote(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == name
    ((_, told, _),) = commands_of(run("check", name, "--format", "github").output)
    assert told["file"] == name
    assert len(list(junit_of(run("check", name, "--format", "junit").output).iter("failure"))) == 1
    assert json_of(run("check", name, "--format", "json").output, "check")["diagnostics"][0]["file"] == name


def test_a_name_that_is_not_text_comes_through(place: Path) -> None:
    name = "caf\udce9.yaml"  # how Python shows the byte E9 in a file's name
    wrong(name)
    (result,) = sarif_of(run("check", name, "--format", "sarif").output)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "caf%E9.yaml"
    for form in ("github", "junit", "json", "text"):
        assert run("check", name, "--format", form).exit_code == ExitCode.POLICY


def test_words_of_a_policy_cannot_give_a_workflow_command(place: Path) -> None:
    name = shop("evil.yaml", "cites: [cor-2]", 'cites: ["x\\n::set-output name=a::b%0A"]')
    found = commands_of(run("check", name, "--format", "github").output)
    assert [kind for kind, _, _ in found if kind not in ("error", "warning")] == []


WORDS = st.text(min_size=1, max_size=60)
NASTY = st.one_of(
    WORDS, st.sampled_from(["{0}", "[a](http://b)", "%0A", "::error::", "\n::warning::x", "]]>", "\x00\x1b\ud800"])
)


@given(NASTY, NASTY, st.none() | NASTY, st.sampled_from(sorted(CODES)))
def test_any_words_make_a_report_that_can_be_read(file: str, words: str, help: str | None, code: str) -> None:
    source = SourceText(file, words)
    span = Span(source, 0, len(words))
    one = Diagnostic(code, words, span, help, None, (Place(span, words),))
    (result,) = sarif_of(sarif([one]))["results"]
    assert result["ruleId"] == code
    ((kind, told, _),) = commands_of(github([one]).encode("utf-8", "replace").decode())
    assert (kind, told["title"]) == (CODES[code].severity, code)
    junit_of(junit_of_checks([(file, [one])], lambda _: True).encode("utf-8", "replace").decode())


def test_braces_and_links_of_an_author_mean_nothing_in_sarif() -> None:
    text = json.loads(sarif([Diagnostic("unused", "write `{0}` or [here](http://x)", None)]))
    message = text["runs"][0]["results"][0]["message"]["text"]
    assert message == "write `{{0}}` or [here] (http://x)"


# silenced warnings ---------------------------------------------------------------------------------------------------


def test_silenced_warnings_are_counted_and_kept_with_their_reasons(place: Path) -> None:
    line = (
        "        when: not time_to_ask is open  # policy-engine: allow deny-not-open because the {box} is never early\n"
    )
    name = shop("quiet.yaml", "        when: time_to_ask has passed\n", line)
    result = run("check", name, "--warnings-as-errors")
    assert (result.exit_code, result.output) == (0, f"{name}: ok (2 clauses, 1 decision, 3 rules, 1 silenced)\n")
    (told,) = sarif_of(run("check", name, "--format", "sarif").output)["results"]
    assert told["suppressions"] == [{"kind": "inSource", "justification": "the {box} is never early"}]
    document = json_of(run("check", name, "--format", "json").output, "check")
    assert document["diagnostics"] == []
    ((one,),) = [file["silenced"] for file in document["ok"]]
    assert (one["code"], one["because"]) == ("deny-not-open", "the {box} is never early")
    assert run("check", name, "--format", "github").output == ""
