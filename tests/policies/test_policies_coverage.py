"""What the worked cases of the stores show of the conditions, so that new rules bring new cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.testing.coverage.counting import Coverage, Recorder
from engine.testing.files import Programs, run_file

CASES = Path(__file__).parents[1] / "cases"
STORES = ("kaolate", "killstar", "ktr")


@pytest.fixture(scope="module", params=STORES)
def covered(request: pytest.FixtureRequest) -> tuple[str, Coverage]:
    """A store, and what its cases cover, as `policy-engine test --coverage` counts it."""
    recorder = Recorder()
    result = run_file(CASES / f"{request.param}.yaml", Programs(), watch=recorder.watch)
    return request.param, recorder.coverage(result.programs)


def test_every_part_of_a_condition_is_true_in_a_case_and_false_in_a_case(covered: tuple[str, Coverage]) -> None:
    _, coverage = covered
    assert [one.message for one in coverage.missing if one.code in ("coverage-rule", "coverage-condition")] == []


def test_nine_parts_of_ten_are_shown_to_decide_alone(covered: tuple[str, Coverage]) -> None:
    _, coverage = covered
    assert coverage.counts["mcdc"].percent >= 90
