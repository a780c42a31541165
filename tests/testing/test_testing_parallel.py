"""Files of cases in several processes: the answers are those of one process, in the order of the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.testing.files import FileResult
from engine.testing.parallel import run_files

ROOT = Path(__file__).parents[2]

POLICY = """
policy: shop
title: Shop
version: '1'
currency: USD
timezone: UTC
decisions:
  return:
    asks: May it come back?
    outputs: {outcome: {type: [deny, approve]}}
    rules:
      small: {when: order.total_paid < 20.00 USD, then: {outcome: approve}}
      large: {when: order.total_paid >= 20.00 USD, then: {outcome: deny}}
  payout:
    asks: How much comes back?
    outputs: {amount: {type: money}}
    rules:
      all: {when: return.outcome == 'approve', then: {amount: order.total_paid}}
    otherwise: {amount: not_covered}
  cancellation:
    asks: May the order be cancelled?
    outputs: {outcome: {type: [deny, approve]}}
    rules:
      always: {then: {outcome: approve}}
guarantees:
  little_comes_back: {whenever: order.total_paid > 0.00 USD, then: payout.amount < 15.00 USD}
"""
CASES = """
policy: {policy}
ask: {ask}
facts: {{order: {{currency: USD}}}}
cases:
  paid: {{facts: {{order: {{total_paid: {paid}}}}}, expect: {{verdict: {verdict}}}}}
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    (tmp_path / "shop.yaml").write_text(POLICY, "utf-8")
    made = {
        "passes": CASES.format(policy="shop.yaml", ask="return", paid="9.99", verdict="approve"),
        "fails": CASES.format(policy="shop.yaml", ask="return", paid="20.00", verdict="approve"),
        "broken": CASES.format(policy="no.yaml", ask="return", paid="1.00", verdict="approve"),
    }
    for name, text in made.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return [tmp_path / f"{name}.yaml" for name in made]


def told(found: list[FileResult]) -> list[object]:
    return [
        (
            Path(file.name).name,
            [(one.case.name, one.outcome, [str(d) for d in one.differences], one.deciding) for one in file.results],
            [(one.code, one.message) for one in file.diagnostics],
        )
        for file in found
    ]


def test_several_processes_say_what_one_says_in_the_order_of_the_files(files: list[Path]) -> None:
    one, several = run_files(files, jobs=1), run_files(files, jobs=3)
    assert [Path(file.name).stem for file in several] == ["passes", "fails", "broken"]
    assert [file.failed for file in several] == [False, True, True]
    assert told(one) == told(several)


def test_names_that_fit_a_pattern_are_picked_in_every_process(files: list[Path]) -> None:
    assert [len(file.results) for file in run_files(files, "p*d", jobs=3)] == [1, 1, 0]
    assert [len(file.results) for file in run_files(files, "late_*", jobs=3)] == [0, 0, 0]


@pytest.mark.parametrize(("ask", "outcome"), [("payout", "failed"), ("return", "failed"), ("cancellation", "passed")])
def test_a_guarantee_is_held_against_cases_of_the_questions_it_has_to_do_with(
    files: list[Path], ask: str, outcome: str
) -> None:
    verdict = {"payout": "answer"}.get(ask, "approve")
    files[0].write_text(CASES.format(policy="shop.yaml", ask=ask, paid="18.00", verdict=verdict), "utf-8")
    (file,) = run_files(files[:1])
    (result,) = file.results
    assert (result.outcome, [d.what for d in result.differences]) == (
        outcome,
        ["guarantees"] if outcome == "failed" else [],
    )


def test_the_stores_cases_pass_in_as_many_processes_as_there_are_files() -> None:
    found = run_files(sorted((ROOT / "tests" / "cases").glob("*.yaml")), "cancel*", jobs=3)
    assert sum(len(file.results) for file in found) > 50
    assert not any(file.failed for file in found)
