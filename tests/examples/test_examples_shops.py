"""The invented shops of `examples/policies`: each is clean, answers its cases, and every rule and row speaks in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import load_policy
from engine.testing.files import FileResult, Programs, run_file
from engine.testing.run import rule_names

POLICIES = Path(__file__).parents[2] / "examples" / "policies"
SHOPS = sorted(path.stem for path in POLICIES.glob("*.yaml"))
LEAST_RULES = 12
LEAST_CASES = 8


@pytest.fixture(scope="module", params=SHOPS)
def ran(request: pytest.FixtureRequest) -> FileResult:
    """One shop's cases, run once for all tests of this file."""
    return run_file(POLICIES / "cases" / f"{request.param}.yaml", Programs())


def test_every_shop_has_cases_and_a_line_in_the_readme() -> None:
    assert len(SHOPS) == 12
    assert sorted(path.stem for path in (POLICIES / "cases").glob("*.yaml")) == SHOPS
    readme = (POLICIES.parent / "README.md").read_text(encoding="utf-8")
    assert [shop for shop in SHOPS if f"`{shop}.yaml`" not in readme] == []


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_is_clean(shop: str) -> None:
    assert load_policy(POLICIES / f"{shop}.yaml").diagnostics == ()


def test_every_case_is_answered_as_it_expects(ran: FileResult) -> None:
    assert not ran.diagnostics
    assert [r.case.name for r in ran.results if r.outcome != "passed"] == []
    assert len(ran.results) >= LEAST_CASES


def test_every_rule_and_table_row_speaks_in_some_case(ran: FileResult) -> None:
    (program,) = ran.programs
    spoke = {name for result in ran.results for name in result.spoke}
    assert sorted(set(rule_names(program).values()) - spoke) == []
    assert sum(len(decision.rules) for decision in program.decisions.values()) >= LEAST_RULES


def test_some_case_rests_on_every_reading(ran: FileResult) -> None:
    (program,) = ran.programs
    rested_on = {name for result in ran.results for name in result.rests_on}
    assert sorted(set(program.readings) - rested_on) == []
