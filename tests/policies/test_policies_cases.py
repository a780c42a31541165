"""The worked cases of each store reach everything its policy says: every rule, table row and reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.testing.files import FileResult, Programs, run_file
from engine.testing.run import rule_names

CASES = Path(__file__).parents[1] / "cases"
STORES = ("kaolate", "killstar", "ktr")


@pytest.fixture(scope="module", params=STORES)
def ran(request: pytest.FixtureRequest) -> FileResult:
    """One store's cases, run once for all tests of this file."""
    return run_file(CASES / f"{request.param}.yaml", Programs(), whole=True)


def test_every_case_is_answered_as_it_expects(ran: FileResult) -> None:
    assert not ran.diagnostics
    assert [r.case.name for r in ran.results if r.outcome != "passed"] == []


def test_there_are_at_least_60_cases(ran: FileResult) -> None:
    assert len(ran.results) >= 60


def test_every_rule_and_table_row_speaks_in_some_case(ran: FileResult) -> None:
    (program,) = ran.programs
    spoke = {name for result in ran.results for name in result.spoke}
    assert sorted(set(rule_names(program).values()) - spoke) == []


def test_some_case_rests_on_every_reading(ran: FileResult) -> None:
    (program,) = ran.programs
    rested_on = {name for result in ran.results for name in result.rests_on}
    assert sorted(set(program.readings) - rested_on) == []
