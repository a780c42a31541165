"""What a decided answer does not rest on changes nothing in it: every other option of every such reading is tried.

Answers that read other questions' answers rest on what lies behind those as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.evaluate.decisions import Evaluation
from engine.evaluate.judge import judge_in
from engine.language.decision import Decision
from engine.testing.files import Programs, run_file
from engine.testing.model import WorkedCase

CASES = Path(__file__).parents[1] / "cases"
EVERY = 12
"""Each answer is tried under some fifty other options: one case in so many is enough for every run."""


def _answer(decision: Decision) -> object:
    parts = [decision.outputs, *(member.outputs for member in decision.members)]
    return decision.status, [[(name, one.status, one.value) for name, one in part.items()] for part in parts]


def _settled(decision: Decision) -> bool:
    outputs = [one for member in decision.members for one in member.outputs.values()]
    return all(one.status in ("decided", "not_applicable") and not one.by_cases for one in outputs)


def _some(kept: list[tuple[str, str, Evaluation]]) -> Iterator[tuple[str, str, Evaluation]]:
    """Every twelfth case of each question, and its first one."""
    asked: Counter[str] = Counter()
    for one in kept:
        if asked[one[1]] % EVERY == 0:
            yield one
        asked[one[1]] += 1


@pytest.mark.parametrize("store", ["kaolate", "killstar", "ktr"])
def test_a_reading_that_is_not_listed_changes_nothing(store: str) -> None:
    kept: list[tuple[str, str, Evaluation]] = []

    def watch(case: WorkedCase, evaluation: Evaluation) -> None:
        if case.ask in evaluation.program.decisions:
            kept.append((case.name, case.ask, evaluation))

    run_file(CASES / f"{store}.yaml", Programs(), watch=watch)
    tried = 0
    for name, ask, evaluation in _some(kept):
        decision = judge_in(evaluation, ask, ask=False)
        if not _settled(decision):
            continue
        program, settings = evaluation.program, evaluation.settings
        for reading in program.readings.values():
            for option, _ in reading.options if reading.id not in decision.rests_on else ():
                other = replace(settings, readings={**settings.readings, reading.id: option})
                found = judge_in(Evaluation(program, evaluation.case, other), ask, ask=False)
                assert _answer(found) == _answer(decision), (name, reading.id, option)
                tried += 1
    assert tried > 100
