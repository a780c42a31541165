"""The law on the policies of real and invented shops: worked cases, one fact taken away at a time and given back."""

from pathlib import Path

import pytest
from laws_checks import broken, problems
from laws_facts import paths, without
from laws_settings import SCALE

from engine import load_policy
from engine.base.diagnostics import Report
from engine.language.case import path_text
from engine.testing.load import load_cases

ROOT = Path(__file__).resolve().parents[2]
POLICIES = {
    cases.relative_to(ROOT).as_posix(): policies / cases.name
    for folder, policies in (
        ("tests/cases", ROOT / "policies"),
        ("examples/policies/cases", ROOT / "examples/policies"),
    )
    for cases in sorted((ROOT / folder).glob("*.yaml"))
}
CASES = 12 * SCALE
"""How many cases of each store are tried, spread over its file."""
FACTS = 6 * SCALE
"""How many facts of each are taken away."""


def documents(name):
    """The facts of some worked cases, with what presets assume written out: an assumed fact is a given one."""
    report = Report()
    cases = load_cases((ROOT / name).read_bytes(), name, report)
    assert cases is not None, list(report)
    every = max(1, len(cases.cases) // CASES)
    for case in cases.cases[::every]:
        yield case.name, dict(case.document)


@pytest.mark.parametrize("cases", POLICIES)
def test_taking_a_fact_away_never_turns_an_answer_into_another(cases):
    policy = load_policy(POLICIES[cases])
    tried = 0
    for name, document in documents(cases):
        document.setdefault("as_of", document.get("request", {}).get("at"))
        if problems(policy, document):
            continue  # the law speaks of cases that can be
        # an amount that a person sets is no fact: without it the answer is that person's
        there = [path for path in paths(document) if "answers" not in path]
        for path in there[len(name) % 3 :: max(1, len(there) // FACTS)]:
            less = without(document, [path])
            filled = policy.case(less).assumed - policy.case(document).assumed
            if filled or problems(policy, less):
                continue  # the preset fills the gap with its own answer: not the same facts any more
            assert broken(policy, less, document) == [], (name, path_text(path))
            tried += 1
    assert tried >= CASES
