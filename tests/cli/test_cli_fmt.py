"""`policy-engine fmt`: files written anew at once, or only looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli_support import SHOP, run

from engine.cli import rewriting
from engine.cli.exit_codes import ExitCode

MESSY = Path(SHOP).read_text("utf-8").replace("when: time_to_ask is open", "when:   (time_to_ask  is open)  # a remark")
TIDY = MESSY.replace("(time_to_ask  is open)", "time_to_ask is open")


@pytest.fixture
def messy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_text(MESSY, "utf-8")
    return path


def test_a_file_is_laid_out_and_named(messy: Path) -> None:
    messy.chmod(0o640)
    result = run("fmt", "shop.yaml")
    assert (result.exit_code, result.output) == (ExitCode.FINE, "shop.yaml: laid out\n")
    assert messy.read_text("utf-8") == TIDY
    assert messy.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir()) == ["shop.yaml"]
    again = run("fmt", "shop.yaml")
    assert (again.exit_code, again.output) == (ExitCode.FINE, "")


def test_check_writes_nothing_and_ends_with_9(messy: Path) -> None:
    result = run("fmt", "--check", ".")
    assert (result.exit_code, result.output) == (ExitCode.LAYOUT, "shop.yaml: would be laid out anew\n")
    assert messy.read_text("utf-8") == MESSY
    run("fmt", ".")
    assert run("fmt", "--check", ".").exit_code == ExitCode.FINE


def test_a_link_stays_a_link(messy: Path) -> None:
    Path("link.yaml").symlink_to("shop.yaml")
    run("fmt", "link.yaml")
    assert Path("link.yaml").is_symlink()
    assert messy.read_text("utf-8") == TIDY


def test_standard_input_goes_to_standard_output(messy: Path) -> None:
    assert run("fmt", "-", stdin=MESSY.encode()).output == TIDY
    assert run("fmt", "-", "--check", stdin=MESSY.encode()).exit_code == ExitCode.LAYOUT
    wrong = run("fmt", "-", stdin=b"policy: [")
    assert (wrong.exit_code, wrong.stdout) == (ExitCode.POLICY, "policy: [")


def test_a_file_with_an_error_is_left_alone_and_the_others_are_not(messy: Path) -> None:
    Path("wrong.yaml").write_text(MESSY.replace("is open)", "is open"), "utf-8")
    result = run("fmt", ".", "nowhere.yaml")
    assert result.exit_code == ExitCode.POLICY
    assert "error[condition-syntax]" in result.stderr and "error[file-unreadable]" in result.stderr
    assert messy.read_text("utf-8") == TIDY
    assert "(time_to_ask" in Path("wrong.yaml").read_text("utf-8")


def test_a_disk_that_breaks_off_leaves_the_old_file(messy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rewriting.os, "replace", full)
    assert run("fmt", "shop.yaml").exit_code == ExitCode.OUTPUT
    assert messy.read_text("utf-8") == MESSY
    assert sorted(os.listdir()) == ["shop.yaml"]
