"""`policy-engine check --fix`: what is mended without asking, what is only suggested, and that nothing else is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli_support import SHOP, run
from report_shapes import json_of, sarif_of

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_policy
from engine.cli import fixing
from engine.cli.exit_codes import ExitCode
from engine.cli.fixing import fixed

WRONG = sorted((Path(__file__).resolve().parents[1] / "wrong").glob("*/*.yaml"))
TEXT = Path(SHOP).read_text("utf-8")

MENDED = {
    "schema/one_clause_instead_of_list",
    "schema/several_mistakes",
    "schema/version_without_quotes",
    "types/postal_area_in_small_letters",
    "warnings/silence_of_nothing",
    "yaml/apostrophe_in_single_quotes",
    "yaml/byte_order_mark",
    "yaml/colon_in_message",
    "yaml/comma_in_braces",
    "yaml/comma_in_list_of_conditions",
    "yaml/condition_begins_with_quote",
    "yaml/hash_in_quoted_word",
    "yaml/no_space_after_colon",
    "yaml/no_space_after_colon_in_braces",
    "yaml/quoted_word_begins_list_item",
}
"""The wrong policies in which something is mended. Nothing whose meaning would change by it may ever stand here."""


def found(data: bytes) -> list[Diagnostic]:
    report = Report()
    check_policy(data, "shop.yaml", report)
    return report.sorted()


def test_just_what_is_safe_is_mended_in_the_wrong_policies() -> None:
    mended = {path.parent.name + "/" + path.stem for path in WRONG if fixed(path.read_bytes(), path.name)[1]}
    assert mended == MENDED


@pytest.mark.parametrize("name", sorted(MENDED))
def test_what_is_mended_is_gone_and_stays_so(name: str) -> None:
    data = next(path for path in WRONG if str(path).endswith(f"{name}.yaml")).read_bytes()
    after, made = fixed(data, "shop.yaml")
    left = {(one.code, one.message) for one in found(after)}
    assert made and not left & {(one.code, one.message) for one in made}
    assert fixed(after, "shop.yaml") == (after, [])


@pytest.mark.parametrize(
    ("old", "wrong", "right"),
    [
        ("when: line.is_gift_card", "when: line.quantity = 1", "when: line.quantity == 1"),
        ("when: line.is_gift_card", "when: a&&line.is_gift_card", "when: a and line.is_gift_card"),
        ("when: line.is_gift_card", "when: line.is_gift_card || !line.is_custom", "when: line.is_gift_card or not line.is_custom"),
        ("when: line.is_gift_card", "when: line.quantity > = 1", "when: line.quantity >= 1"),
        ("when: line.is_gift_card", 'when: line.category == "food" or line.is_custom', "when: line.category == 'food' or line.is_custom"),
        ("when: line.is_gift_card", "when: 'line.category == \"food\"'", "when: 'line.category == ''food'''"),
        ("version: '1'", "version: 1", 'version: "1"'),
        ("version: '1'", "version: 2026-01", "version: 2026-01"),
        ("cites: [cor-2]", "cites: 'cor-2'", "cites: ['cor-2']"),
        ("cites: [cor-2]", "cites: cor-2  # a remark", "cites: [cor-2]  # a remark"),
        ("because: You may send it back.", "because: Note: you may.", 'because: "Note: you may."'),
        ("because: You may send it back.", 'because: Note: "you" may.', "because: 'Note: \"you\" may.'"),
        ("then: {outcome: approve}", "then: {outcome:approve}", "then: {outcome: approve}"),
        ("policy: corner-shop", "# policy-engine: allow unused because of spring\npolicy: corner-shop", "policy: corner-shop"),
        ("policy: corner-shop", "policy: corner-shop # policy-engine: allow unused because of spring", "policy: corner-shop"),
    ],
)  # fmt: skip
def test_a_slip_with_one_right_form_is_mended(old: str, wrong: str, right: str) -> None:
    text = TEXT.replace(old, wrong, 1)
    assert text != TEXT
    assert fixed(text.encode(), "shop.yaml")[0].decode() == TEXT.replace(old, right, 1)


@pytest.mark.parametrize(
    ("old", "wrong"),
    [
        ("time_to_ask has passed", "not time_to_ask is open"),
        ("time_to_ask has passed", "time_to_aks has passed"),
        ("outcome: deny}", "outcome: deni}"),
        ("lasts: 14 days", "lasts: 14"),
        ("because: You may send it back.", "because: Note: see order #5"),
        ("because: You may send it back.", "because: Note: you may  # not settled"),
        ("because: You may send it back.", "because: Note: you may\n          send it back."),
        ("when: line.is_gift_card", 'when: line.category == "food"'),
        ("title: Returns at the corner shop", "titel: Returns at the corner shop"),
        ("title: Returns at the corner shop", "title: true"),
    ],
)
def test_what_could_mean_something_else_is_left_to_its_author(old: str, wrong: str) -> None:
    data = TEXT.replace(old, wrong, 1).encode()
    assert data != TEXT.encode()
    assert found(data)
    assert fixed(data, "shop.yaml") == (data, [])


def test_line_ends_stay_and_several_slips_are_mended_at_once() -> None:
    wrong = TEXT.replace("version: '1'", "version: 1").replace("cites: [cor-2]", "cites: cor-2").replace("== 1", "= 1")
    data, made = fixed(wrong.replace("\n", "\r\n").encode(), "shop.yaml")
    assert data.decode() == TEXT.replace("version: '1'", 'version: "1"').replace("\n", "\r\n")
    assert [one.code for one in made] == ["schema-wrong-kind", "schema-wrong-kind"]


def test_a_fix_that_mends_nothing_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    real = fixing.edited
    monkeypatch.setattr(fixing, "edited", lambda text, edits: real(text, edits) if not list(edits) else text)
    data = TEXT.replace("version: '1'", "version: 1").encode()
    assert fixed(data, "shop.yaml") == (data, [])


def test_the_command_writes_says_what_it_did_and_checks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(TEXT.replace("version: '1'", "version: 1"), "utf-8")
    result = run("check", "--fix", "shop.yaml")
    assert result.output.splitlines() == [
        "shop.yaml:3:10: fixed[schema-wrong-kind] put it in quotes",
        "shop.yaml: ok (2 clauses, 1 decision, 3 rules)",
    ]
    assert (result.exit_code, sorted(os.listdir())) == (ExitCode.FINE, ["shop.yaml"])
    assert 'version: "1"' in Path("shop.yaml").read_text("utf-8")
    before = os.stat("shop.yaml").st_mtime_ns
    assert run("check", "--fix", "shop.yaml").output == "shop.yaml: ok (2 clauses, 1 decision, 3 rules)\n"
    assert os.stat("shop.yaml").st_mtime_ns == before


def test_what_is_left_still_fails(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(TEXT.replace("version: '1'", "version: 1").replace("time_to_ask is", "time_to_aks is"), "utf-8")
    document = json_of(run("check", "--fix", str(path), "--format", "json").output, "check")
    assert [one["code"] for one in document["fixed"]] == ["schema-wrong-kind"]
    (left,) = document["diagnostics"]
    assert (left["fix"]["text"], left["fix"]["safe"]) == ("time_to_ask", False)
    assert run("check", "--fix", str(path)).exit_code == ExitCode.POLICY


def test_a_suggestion_is_offered_to_editors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(TEXT.replace("line.is_gift_card", "line.category == 'foood'"), "utf-8")
    Path("more.yaml").write_text(TEXT.replace("cor-2]", "cor-22]"), "utf-8")
    results = sarif_of(run("check", "shop.yaml", "more.yaml", "--format", "sarif").output)["results"]
    told = [
        one["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]
        for one in results
        if "fixes" in one
    ]
    assert "cor-2" in told


def test_standard_input_cannot_be_mended() -> None:
    assert run("check", "--fix", "-", stdin=TEXT.encode()).exit_code == ExitCode.USAGE
