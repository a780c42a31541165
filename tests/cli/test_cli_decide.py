"""`policy-engine decide` and `explain` on one case: answers, options, and everything that can be wrong with a case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_support import SHOP, case, run

from engine.cli.exit_codes import ExitCode


def given(folder: Path, facts: object) -> str:
    """A file with a case; text is written as it stands."""
    path = folder / "case.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts), "utf-8")
    return str(path)


# answers --------------------------------------------------------------------------------------------------------------


def test_text_says_the_answer_and_why(tmp_path: Path) -> None:
    result = run("decide", SHOP, "return", given(tmp_path, case()))
    assert result.exit_code == ExitCode.FINE
    assert "You may send it back." in result.output
    assert result.output.endswith("\n") and not result.output.endswith("\n\n")
    assert "\x1b[" not in result.output


def test_json_is_one_line_that_is_the_same_each_time(tmp_path: Path) -> None:
    args = ("decide", SHOP, "return", given(tmp_path, case()), "--format", "json")
    result = run(*args)
    assert result.exit_code == ExitCode.FINE
    assert result.output.count("\n") == 1
    document = json.loads(result.output)
    assert (document["status"], document["verdict"], document["policy"]["key"]) == ("decided", "approve", "corner-shop")
    assert run(*args).output == result.output


@pytest.mark.parametrize("stdin_name", [[], ["-"]], ids=["no name", "-"])
def test_facts_may_come_from_standard_input(stdin_name: list[str]) -> None:
    result = run("decide", SHOP, "return", *stdin_name, "--format", "json", stdin=json.dumps(case()).encode())
    assert result.exit_code == ExitCode.FINE
    assert json.loads(result.output)["verdict"] == "approve"


@pytest.mark.parametrize(
    ("facts", "status", "verdict"),
    [
        (case(asked="2026-04-10T12:00:00+00:00"), "decided", "deny"),
        ({"order": {}, "request": {"lines": [{"id": "1"}]}}, "needs_facts", "review"),
    ],
    ids=["denied", "more facts needed"],
)
def test_every_verdict_is_an_answer_and_gives_code_0(tmp_path: Path, facts: object, status: str, verdict: str) -> None:
    result = run("decide", SHOP, "return", given(tmp_path, facts), "--format", "json")
    document = json.loads(result.output)
    assert (result.exit_code, document["status"], document["verdict"]) == (ExitCode.FINE, status, verdict)


def test_a_standard_question_the_policy_is_silent_about_is_answered(tmp_path: Path) -> None:
    result = run("decide", SHOP, "lost_parcel", given(tmp_path, case()), "--format", "json")
    assert result.exit_code == ExitCode.FINE
    assert json.loads(result.output)["why"] == ["not_spoken_of"]


def test_questions_can_be_left_out(tmp_path: Path) -> None:
    facts = case()
    del facts["order"]["lines"][0]["is_gift_card"]
    args = ("decide", SHOP, "return", given(tmp_path, facts), "--format", "json")
    assert list(json.loads(run(*args).output)["leads_to"]) == ["request.lines[0].is_gift_card"]
    assert json.loads(run(*args, "--no-questions").output)["leads_to"] == {}


def test_explain_shows_the_conditions_and_the_rules_that_do_not_apply(tmp_path: Path) -> None:
    result = run("explain", SHOP, "return", given(tmp_path, case()))
    assert result.exit_code == ExitCode.FINE
    assert "time_to_ask is open" in result.output
    assert "too_late" in result.output


def test_explain_gives_json_too(tmp_path: Path) -> None:
    result = run("explain", SHOP, "return", given(tmp_path, case()), "--format", "json")
    assert result.exit_code == ExitCode.FINE
    assert "in_time" in json.dumps(json.loads(result.output))


# options that go into the case ----------------------------------------------------------------------------------------


def test_options_are_put_into_a_case_that_is_silent_about_them(tmp_path: Path) -> None:
    facts = case()
    del facts["order"]["lines"][0]["is_gift_card"]
    options = ("--assume", "nothing_unusual", "--stage", "sent", "--as-of", "2026-03-11T09:00:00+01:00")
    document = json.loads(run("decide", SHOP, "return", given(tmp_path, facts), "--format", "json", *options).output)
    assert document["verdict"] == "approve"
    assert document["presets"] == ["nothing_unusual"]
    assert document["stage"] == "sent" and "stage" not in document["assumed"]
    assert document["as_of"] == "2026-03-11T08:00:00Z"


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ({"stage": "received"}, ("--stage", "sent")),
        ({"as_of": "2026-03-12T00:00:00Z"}, ("--as-of", "2026-03-11T00:00:00Z")),
        ({"assume": []}, ("--assume", "nothing_unusual")),
    ],
    ids=["stage", "as_of", "assume"],
)
def test_a_case_that_says_otherwise_than_an_option_is_a_usage_error(
    tmp_path: Path, said: dict[str, object], option: tuple[str, str]
) -> None:
    result = run("decide", SHOP, "return", given(tmp_path, case(**said)), *option)
    assert result.exit_code == ExitCode.USAGE
    assert "error[case-option]" in result.stderr
    assert option[0] in result.stderr
    assert result.stdout == ""


def test_a_case_that_says_the_same_as_an_option_is_fine(tmp_path: Path) -> None:
    assert run("decide", SHOP, "return", given(tmp_path, case(stage="sent")), "--stage", "sent").exit_code == 0


@pytest.mark.parametrize(
    ("option", "help"),
    [
        (("--stage", "send"), "did you mean `sent`?"),
        (("--stage", "xyzzy"), "it can be"),
        (("--assume", "nothing_unusal"), "did you mean `nothing_unusual`?"),
        (("--as-of", "2026-03-11"), "'--as-of'"),
        (("--as-of", "2026-03-11T09:00:00"), "'--as-of'"),
    ],
)
def test_an_option_that_no_case_could_hold_is_a_usage_error(tmp_path: Path, option: tuple[str, str], help: str) -> None:
    result = run("decide", SHOP, "return", given(tmp_path, case()), *option)
    assert result.exit_code == ExitCode.USAGE
    assert help in result.stderr


@pytest.mark.parametrize("options", [("--ndjson", "--format", "text"), ("--jobs", "2"), ("--ndjson", "--jobs", "0")])
def test_options_that_do_not_go_together_are_a_usage_error(options: tuple[str, ...]) -> None:
    result = run("decide", SHOP, "return", *options, stdin=b"{}")
    assert result.exit_code == ExitCode.USAGE
    assert result.stdout == ""


# what can be wrong ----------------------------------------------------------------------------------------------------


def test_an_impossible_case_is_answered_with_the_status_error_and_a_code_of_its_own(tmp_path: Path) -> None:
    facts = case(delivered="2026-02-30")
    result = run("decide", SHOP, "return", given(tmp_path, facts), "--format", "json")
    document = json.loads(result.output)
    assert result.exit_code == ExitCode.CASE
    assert (document["status"], document["verdict"], document["why"]) == ("error", "review", ["invalid_input"])
    assert document["problems"][0]["code"] == "fact-bad-date"
    assert run("explain", SHOP, "return", given(tmp_path, facts)).exit_code == ExitCode.CASE


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_an_unknown_question_has_a_code_of_its_own_and_a_suggestion(tmp_path: Path, command: str) -> None:
    result = run(command, SHOP, "retrun", given(tmp_path, case()))
    assert result.exit_code == ExitCode.QUESTION
    assert "did you mean `return`?" in result.stderr
    assert result.stdout == ""


def test_a_question_that_is_like_none_gets_those_the_policy_answers(tmp_path: Path) -> None:
    result = run("decide", SHOP, "xyzzy", given(tmp_path, case()))
    assert result.exit_code == ExitCode.QUESTION
    assert "this policy answers `return`" in result.stderr


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_a_policy_with_errors_is_shown_before_any_case_is_read(tmp_path: Path, command: str) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("policy: x\n", "utf-8")
    result = run(command, str(wrong), "return", "nowhere.json")
    assert result.exit_code == ExitCode.POLICY
    assert "error[schema-missing-key]" in result.stderr
    assert "nowhere.json" not in result.stderr


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ("", "facts-not-json"),
        ("{'order': 1}", "facts-not-json"),
        ('{"a": 1, "a": 2}', "facts-repeated-key"),
        ("[" * 50 + "]" * 50, "facts-too-deep"),
        (" " * 5_000_001, "facts-too-large"),
    ],
    ids=["empty", "single quotes", "repeated key", "too deep", "too large"],
)
def test_facts_that_are_no_json_document_end_with_code_3(tmp_path: Path, facts: str, code: str) -> None:
    path = given(tmp_path, facts)
    result = run("decide", SHOP, "return", path)
    assert result.exit_code == ExitCode.FACTS
    assert f"error[{code}]" in result.stderr
    assert result.stdout == ""
    document = json.loads(run("decide", SHOP, "return", path, "--format", "json").stdout)
    assert (document["status"], document["verdict"], document["why"]) == ("error", "review", ["invalid_input"])
    assert document["facts_digest"] is None
    assert [one["code"] for one in document["problems"]] == [code]


@pytest.mark.parametrize("name", ["nowhere.json", "."], ids=["no file", "a folder"])
def test_facts_that_cannot_be_read_end_with_code_3(name: str) -> None:
    result = run("decide", SHOP, "return", name)
    assert result.exit_code == ExitCode.FACTS
    assert "error[file-unreadable]" in result.stderr


def test_facts_that_are_not_utf_8_end_with_code_3(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b'{"order": {"id": "caf\xe9"}}')
    result = run("decide", SHOP, "return", str(path))
    assert result.exit_code == ExitCode.FACTS
    assert "error[file-not-text]" in result.stderr


def test_json_that_is_no_record_is_answered_as_an_impossible_case(tmp_path: Path) -> None:
    result = run("decide", SHOP, "return", given(tmp_path, "[1, 2]"), "--format", "json")
    assert result.exit_code == ExitCode.CASE
    assert json.loads(result.output)["problems"][0]["code"] == "fact-wrong-kind"


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_a_question_in_the_place_of_the_policy_is_recognised(command: str) -> None:
    result = run(command, "return", SHOP, "case.json")
    assert result.exit_code == ExitCode.POLICY
    assert "there is no such file" in result.stderr
    assert f"help: the policy comes first, then the question: `{SHOP} return`\n" in result.stderr


def test_facts_in_the_place_of_the_question_are_recognised(tmp_path: Path) -> None:
    facts = given(tmp_path, case())
    result = run("decide", SHOP, facts, "return")
    assert result.exit_code == ExitCode.QUESTION
    assert f"help: the question comes before the facts: `return {facts}`\n" in result.stderr
    result = run("decide", SHOP, "nowhere.json", "return")
    assert "help: the question comes before the facts: `return nowhere.json`\n" in result.stderr


def test_a_policy_that_is_nowhere_is_only_that() -> None:
    result = run("decide", "nowhere.yaml", "return", "case.json")
    assert result.exit_code == ExitCode.POLICY
    assert "help: check the name and the folder you are in\n" in result.stderr


def test_a_policy_given_as_the_facts_is_told_once_where(tmp_path: Path) -> None:
    result = run("decide", SHOP, "return", SHOP)
    assert result.exit_code == ExitCode.FACTS
    assert f"--> {SHOP}:1:1\n" in result.stderr
    assert "help: a case is one JSON object: `{...}`\n" in result.stderr


def test_an_unknown_preset_ends_with_one_stop() -> None:
    result = run("decide", SHOP, "return", "--assume", "nothing_unusal", stdin=b"{}")
    assert result.exit_code == ExitCode.USAGE
    assert result.stderr.endswith("did you mean `nothing_unusual`?\n")
