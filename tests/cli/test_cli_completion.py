"""Completion in the shell, and the hooks for pre-commit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from cli_support import ROOT, SHOP, run
from click.shell_completion import BashComplete

from engine.cli.main import cli


def offered(*args: str, typed: str = "") -> list[tuple[str, str]]:
    shell = BashComplete(cli, {}, "policy-engine", "_POLICY_ENGINE_COMPLETE")
    return [(item.type, item.value) for item in shell.get_completions(list(args), typed)]


def test_commands_and_options_are_offered() -> None:
    assert ("plain", "fmt") in offered(typed="f")
    assert ("plain", "--fix") in offered("check", typed="--f")
    assert ("plain", "sarif") in offered("check", "--format", typed="s")


@pytest.mark.parametrize("args", [("check",), ("fmt",), ("test",), ("show",), ("decide",), ("decide", SHOP, "return")])
def test_files_are_left_to_the_shell(args: tuple[str, ...]) -> None:
    assert offered(*args, typed="po") == [("file", "po")]


def test_the_questions_of_the_policy_named_are_offered_with_their_wording() -> None:
    shell = BashComplete(cli, {}, "policy-engine", "_POLICY_ENGINE_COMPLETE")
    (item,) = shell.get_completions(["decide", SHOP], "r")
    assert (item.value, item.help) == ("return", "May this line come back?")
    assert offered("explain", SHOP, typed="x") == []


def test_a_folder_of_versions_offers_their_questions(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(Path(SHOP).read_text("utf-8"), "utf-8")
    assert offered("decide", str(tmp_path)) == [("plain", "return")]


@pytest.mark.parametrize("content", [b"policy: [", b"decisions: 3\n", b"\xff", None])
def test_a_policy_that_cannot_be_read_offers_the_standard_questions(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "wrong.yaml"
    if content is not None:
        path.write_bytes(content)
    assert ("plain", "cancellation") in offered("decide", str(path))


def test_stages_and_presets_are_offered() -> None:
    assert ("plain", "received") in offered("decide", SHOP, "return", "--stage", typed="re")
    assert offered("decide", SHOP, "return", "--assume", typed="noth") == [("plain", "nothing_unusual")]


def test_an_unknown_command_offers_no_traceback() -> None:
    assert isinstance(offered("chek", typed="x"), list)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_printed(shell: str) -> None:
    page = (ROOT / "docs" / "how-to" / "check-in-ci.md").read_text("utf-8")
    assert f"_POLICY_ENGINE_COMPLETE={shell}_source policy-engine" in page


def test_the_hooks_run_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["policy-engine-check", "policy-engine-fmt", "policy-engine-test"]
    for hook in hooks:
        program, command = hook["entry"].split()
        assert (program, hook["language"]) == ("policy-engine", "python")
        assert run(command, "--help").exit_code == 0
        assert re.compile(hook.get("files", "")).search("policies/shop.yaml")


def test_the_page_uses_hooks_that_exist() -> None:
    page = (ROOT / "docs" / "how-to" / "check-in-ci.md").read_text("utf-8")
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert set(re.findall(r"- id: (\S+)", page)) == hooks
