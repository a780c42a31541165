"""Wrong policies, one mistake each, and the whole text that their author gets to read.

Each folder holds `<mistake>.yaml` and, beside it, `<mistake>.expected`: what is printed, without colour. A changed
message is accepted with `python tests/wrong/refresh.py <folder>/<mistake>`, which prints it for reading.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.diagnostics import Diagnostic, Report
from engine.cli.diagnostics_text import render
from engine.read.schema_check import check_schema
from engine.read.yaml_reader import read_yaml

HERE = Path(__file__).resolve().parent
FRONT = ("yaml", "schema")
"""Folders whose mistakes are found before a policy is loaded."""

CASES = sorted(path.relative_to(HERE).with_suffix("").as_posix() for path in HERE.glob("*/*.yaml"))


def diagnose(path: Path) -> list[Diagnostic]:
    """Everything that is found in a policy file, under its bare name."""
    report = Report()
    data = path.read_bytes()
    if path.parent.name in FRONT:
        root = read_yaml(data, path.name, report)
        if root is not None:
            check_schema(root, report)
    else:
        from engine.check.program import check_policy  # the whole way, which the two front folders do not need

        check_policy(data, path.name, report)
    return report.sorted()


def rendered(case: str) -> str:
    """What the author of a wrong policy gets to read."""
    return render(diagnose(HERE / f"{case}.yaml"), color=False)


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_policy_gets_the_expected_text(case: str) -> None:
    expected = HERE / f"{case}.expected"
    assert expected.is_file(), f"run: python tests/wrong/refresh.py {case}"
    assert rendered(case) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_every_finding_says_what_to_do(case: str) -> None:
    found = diagnose(HERE / f"{case}.yaml")
    assert found
    assert [one.message for one in found if not one.help] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.partition("/")[0] in FRONT])
def test_one_mistake_is_told_once(case: str) -> None:
    expected = 4 if "several" in case else 1
    assert len(diagnose(HERE / f"{case}.yaml")) == expected


def test_no_expectation_is_left_without_its_policy() -> None:
    expected = {path.relative_to(HERE).with_suffix("").as_posix() for path in HERE.glob("*/*.expected")}
    assert expected - set(CASES) == set()
