"""A sample of what the fuzzer does for longer: every seed as it is, and some hundreds of made inputs."""

from __future__ import annotations

from collections import Counter

import pytest
from fuzz_inputs import Input, make, whole_corpus
from fuzz_pool import examine

SEED = 20_260
COUNT = 800
PARTS = 8
PATIENCE = 10.0
"""The tests may run under a tracer, on a machine with other work: only what really hangs fails here."""


def failures(inputs: list[Input]) -> list[str]:
    """What went wrong, in full."""
    outcomes = [examine(one, PATIENCE) for one in inputs]
    return [f"{o.kind}, {o.origin}, input {o.number}: {o.failure.text}" for o in outcomes if o.failure is not None]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_seed_of_the_corpus_is_taken_well(part: int) -> None:
    assert failures(whole_corpus()[part::PARTS]) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_a_sample_of_made_inputs_is_taken_well(part: int) -> None:
    assert failures([make(SEED, number) for number in range(part, COUNT, PARTS)]) == []


def test_an_input_is_the_same_whenever_it_is_made() -> None:
    for number in range(50):
        assert make(3, number) == make(3, number)


def test_the_sample_reaches_the_evaluator() -> None:
    counts = sum((examine(make(SEED, number), PATIENCE).counts for number in range(100)), start=Counter[str]())
    assert counts["policies right"] > 10
    assert counts["policies refused"] > 50
    assert sum(times for name, times in counts.items() if name.startswith("decisions ")) > 50
