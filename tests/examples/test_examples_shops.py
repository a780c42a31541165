"""The invented shops of `examples/policies`: each is clean, answers its cases, and the cases try all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import load_policy
from engine.testing.coverage.counting import CODE_OF, Recorder
from engine.testing.files import FileResult, Programs, run_file

POLICIES = Path(__file__).parents[2] / "examples" / "policies"
SHOPS = sorted(path.stem for path in POLICIES.glob("*.yaml"))
LEAST_RULES = 12
LEAST_CASES = 8


@pytest.fixture(scope="module", params=SHOPS)
def watched(request: pytest.FixtureRequest) -> tuple[FileResult, Recorder]:
    """One shop's cases, run once for all tests of this file, and what they show of the shop."""
    recorder = Recorder()
    return run_file(POLICIES / "cases" / f"{request.param}.yaml", Programs(), watch=recorder.watch), recorder


@pytest.fixture(scope="module")
def ran(watched: tuple[FileResult, Recorder]) -> FileResult:
    return watched[0]


def test_every_shop_has_cases_and_a_line_in_the_readme() -> None:
    assert len(SHOPS) == 13
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


def test_the_cases_try_every_rule_row_and_condition(watched: tuple[FileResult, Recorder]) -> None:
    """Every rule and table row decides a case, and each part of a condition is shown to decide alone, both ways."""
    result, recorder = watched
    program = result.programs[0]
    coverage = recorder.coverage(result.programs)
    lacking = CODE_OF["unknown"]
    assert [f"{d.span}: {d.message}" for d in coverage.missing if d.code != lacking] == []
    assert coverage.counts["unknown"].shown > 0
    assert sum(len(decision.rules) for decision in program.decisions.values()) >= LEAST_RULES
