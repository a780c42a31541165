"""`policy-engine check`: files and folders, text and JSON, and files that are no policies."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli_support import SHOP, run

from engine.cli.exit_codes import ExitCode

WARNS = "        when: not time_to_ask is open\n"


def shop(folder: Path, name: str, old: str = "", new: str = "") -> Path:
    """The shop's policy under another name, with one place changed."""
    text = Path(SHOP).read_text("utf-8")
    assert old in text
    path = folder / name
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_a_clean_file_is_said_to_be_so_with_its_numbers() -> None:
    result = run("check", SHOP)
    assert result.exit_code == ExitCode.FINE
    assert result.output == f"{SHOP}: ok (2 clauses, 1 decision, 3 rules)\n"


def test_an_error_is_shown_with_its_place_and_gives_code_1(tmp_path: Path) -> None:
    path = shop(tmp_path, "wrong.yaml", "time_to_ask is open", "time_to_aks is open")
    result = run("check", str(path))
    assert result.exit_code == ExitCode.POLICY
    assert f"--> {path}:23:" in result.output
    assert "did you mean `time_to_ask`?" in result.output
    assert ": ok (" not in result.output


def test_a_folder_stands_for_its_policies_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "notes.txt"):
        shop(tmp_path, name, "policy: corner-shop", f"policy: corner-shop-{name[0].replace('.', 'h')}")
    (tmp_path / "deeper.yaml").mkdir()
    result = run("check", str(tmp_path))
    assert result.exit_code == ExitCode.FINE
    assert [line.split(":")[0] for line in result.output.splitlines()] == [
        str(tmp_path / "a.yml"),
        str(tmp_path / "b.yaml"),
    ]


def test_a_file_that_is_named_twice_is_checked_once(tmp_path: Path) -> None:
    path = shop(tmp_path, "a.yaml")
    assert len(run("check", str(path), str(tmp_path)).output.splitlines()) == 1


def test_one_wrong_file_does_not_hide_a_clean_one(tmp_path: Path) -> None:
    wrong = shop(tmp_path, "wrong.yaml", "policy: corner-shop", "polcy: corner-shop")
    result = run("check", str(wrong), SHOP)
    assert result.exit_code == ExitCode.POLICY
    assert "error[" in result.output
    assert f"{SHOP}: ok (" in result.output


def test_a_folder_without_policies_is_an_error(tmp_path: Path) -> None:
    result = run("check", str(tmp_path))
    assert result.exit_code == ExitCode.POLICY
    assert "error[no-policy]" in result.output


def test_warnings_are_shown_and_counted_but_do_not_fail_unless_asked(tmp_path: Path) -> None:
    path = shop(tmp_path, "late.yaml", "        when: time_to_ask has passed\n", WARNS)
    result = run("check", str(path))
    assert result.exit_code == ExitCode.FINE
    assert "warning[deny-not-open]" in result.output
    assert result.output.endswith(f"{path}: ok (2 clauses, 1 decision, 3 rules, 1 warning)\n")
    assert run("check", str(path), "--warnings-as-errors").exit_code == ExitCode.POLICY


def test_json_holds_the_clean_files_and_the_findings(tmp_path: Path) -> None:
    wrong = shop(tmp_path, "wrong.yaml", "time_to_ask is open", "time_to_aks is open")
    document = json.loads(run("check", str(wrong), SHOP, "--format", "json").output)
    assert document["ok"] == [
        {"file": SHOP, "policy": "corner-shop", "clauses": 2, "decisions": 1, "rules": 3, "warnings": 0, "silenced": []}
    ]
    assert [(one["code"], one["file"], one["line"]) for one in document["diagnostics"]] == [
        ("name-unknown", str(wrong), 23)
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"policy: caf\xe9\n", "file-not-text"),
        (b"# " + b"x" * 1_000_001, "file-too-large"),
        (b"", "yaml-empty"),
    ],
    ids=["not UTF-8", "too large", "empty"],
)
def test_a_file_that_cannot_be_a_policy_is_a_finding(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    result = run("check", str(path))
    assert result.exit_code == ExitCode.POLICY
    assert f"error[{code}]" in result.output


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "nowhere.yaml"))
    assert result.exit_code == ExitCode.POLICY
    assert "error[file-unreadable]: there is no such file" in result.output


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to the administrator")
def test_a_file_that_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    path = shop(tmp_path, "locked.yaml")
    path.chmod(0)
    result = run("check", str(path))
    assert result.exit_code == ExitCode.POLICY
    assert "the file may not be read" in result.output


def test_no_path_at_all_is_a_usage_error() -> None:
    result = run("check")
    assert result.exit_code == ExitCode.USAGE
    assert "Missing argument 'PATH...'" in result.stderr


def test_there_is_no_colour_where_nobody_sees_it(tmp_path: Path) -> None:
    wrong = shop(tmp_path, "wrong.yaml", "time_to_ask is open", "time_to_aks is open")
    assert "\x1b[" not in run("check", str(wrong)).output


def version(folder: Path, number: str, effective: str) -> Path:
    """A version of the shop's policy, with the days on which it holds."""
    text = Path(SHOP).read_text("utf-8").replace("version: '1'\n", f"version: '{number}'\neffective: {effective}\n")
    path = folder / f"{number}.yaml"
    path.write_text(text, "utf-8")
    return path


def test_policies_of_one_key_in_a_folder_are_checked_as_versions(tmp_path: Path) -> None:
    by = "by: order.placed_at"
    version(tmp_path, "2025", f"{{from: 2025-01-01, until: 2026-01-01, {by}}}")
    second = version(tmp_path, "2026", f"{{from: 2026-01-01, {by}}}")
    assert run("check", str(tmp_path)).exit_code == ExitCode.FINE
    version(tmp_path, "2026", f"{{from: 2026-02-01, {by}}}")
    hole = run("check", str(tmp_path))
    assert hole.exit_code == ExitCode.POLICY
    assert "version-hole" in hole.output and f"{second}: ok" not in hole.output
    assert run("check", *map(str, sorted(tmp_path.glob("*.yaml")))).exit_code == ExitCode.FINE  # no folder is named
    found = json.loads(run("check", str(tmp_path), "--format", "json").output)["diagnostics"]
    assert [one["code"] for one in found] == ["version-hole"]
    version(tmp_path, "2026", f"{{from: 2025-12-01, {by}}}")
    assert "version-overlap" in run("check", str(tmp_path)).output
    shop(tmp_path, "other.yaml", "policy: corner-shop", "policy: another-shop")  # a policy of its own
    shop(tmp_path, "wrong.yaml", "time_to_ask is open", "time_to_aks is open")  # it may be the version in between
    assert "version-" not in run("check", str(tmp_path)).output
