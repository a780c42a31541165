"""`policy-engine schema`: the schemas are there, wherever the command is called."""

from __future__ import annotations

import json

import pytest
from cli_support import run

from engine.cli.exit_codes import ExitCode

NAMES = ("policy", "facts", "decision", "cases", "check", "test", "compare", "mutate")


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_printed_as_json_schema(name: str) -> None:
    result = run("schema", name)
    assert result.exit_code == ExitCode.FINE
    assert json.loads(result.output)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_without_a_name_they_are_listed() -> None:
    result = run("schema")
    assert result.exit_code == ExitCode.FINE
    assert [line.split()[0] for line in result.output.splitlines()] == list(NAMES)


def test_another_name_is_a_usage_error() -> None:
    result = run("schema", "orders")
    assert result.exit_code == ExitCode.USAGE
    assert "'orders' is not one of" in result.stderr
