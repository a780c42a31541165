"""The command as a whole: help, version, codes, and what happens when the engine itself is wrong."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from cli_support import ROOT, SHOP, case, lines, run

from engine.cli import check_command
from engine.cli.exit_codes import MEANINGS, ExitCode
from engine.cli.main import cli

COMMANDS = ("check", "fmt", "decide", "explain", "test", "compare", "mutate", "cases", "ask", "show", "schema")


def test_help_names_every_command_and_every_exit_code() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"  {command} " in result.output
    for code in ExitCode:
        assert f"  {int(code):<4} " in result.output


def test_the_commands_are_those_listed_here() -> None:
    assert cli.list_commands(click.Context(cli)) == list(COMMANDS)


def test_every_exit_code_has_a_meaning_and_a_number_of_its_own() -> None:
    assert set(MEANINGS) == set(ExitCode)
    assert len({int(code) for code in ExitCode}) == len(ExitCode)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: cli {command}")


def test_the_version_is_shown() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert result.output.startswith("policy-engine ")


def test_a_misspelled_command_is_recognised() -> None:
    result = run("decied", SHOP)
    assert result.exit_code == ExitCode.USAGE
    assert result.stderr.endswith("There is no command 'decied'; did you mean `decide`?\n")


def test_a_word_that_is_like_no_command_gets_the_list() -> None:
    result = run("xyzzy")
    assert result.exit_code == ExitCode.USAGE
    assert "the commands are check, fmt, decide" in result.stderr and result.stderr.endswith("schema.\n")


@pytest.mark.parametrize("module", ["engine.cli", "engine.cli.main"])
def test_python_runs_the_command_as_a_module(module: str) -> None:
    done = subprocess.run([sys.executable, "-m", module, "check", SHOP], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("shop.yaml: ok (2 clauses, 1 decision, 3 rules)\n")


def test_a_mistake_of_the_engine_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str, fix: bool) -> None:
        raise LookupError("nothing\nhere")

    monkeypatch.setattr(check_command, "_check", fails)
    result = run("check", SHOP)
    assert result.exit_code == ExitCode.INTERNAL
    assert result.output == result.stderr
    assert result.stderr.startswith("policy-engine: internal error: LookupError: nothing here (test_cli_main.py, line ")
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_mistake_of_the_engine_in_a_stream_names_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.policy import Policy

    seen: list[str] = []

    def fails(self: Policy, decision: str, *rest: object, **more: object) -> None:
        seen.append(decision)
        raise LookupError("nothing here")

    monkeypatch.setattr(Policy, "decide", fails)
    result = run("decide", SHOP, "return", "--ndjson", stdin=b"\n" + lines(case()))
    assert seen == ["return"]
    assert result.exit_code == ExitCode.INTERNAL
    assert "internal error, line 2: LookupError" in result.stderr


@pytest.mark.parametrize(
    ("args", "absent"),
    [
        (["--help"], ["engine.check", "engine.read", "engine.evaluate", "lark", "jsonschema", "yaml"]),
        (["schema", "facts"], ["engine.check", "engine.read", "engine.evaluate", "lark", "jsonschema", "yaml"]),
        (["check", SHOP], ["engine.evaluate", "engine.facts", "engine.explain"]),
        (["decide", SHOP, "return", "--format", "json"], ["engine.testing", "concurrent.futures.process"]),
    ],
)
def test_a_command_loads_only_what_it_needs(args: list[str], absent: list[str]) -> None:
    code = (
        "import sys\nfrom engine.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    stdin = lines(case())
    done = subprocess.run([sys.executable, "-c", code, *args], cwd=ROOT, input=stdin, capture_output=True, check=True)
    loaded = done.stderr.decode().split()
    assert "engine.cli.main" in loaded
    assert [name for name in absent if name in loaded] == []
