"""Every question of every policy there is, asked with next to nothing: an answer, and nothing decided by silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import load_policy

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted([*(ROOT / "tests" / "right").glob("*.yaml"), *(ROOT / "examples" / "policies").glob("*.yaml")])
LITTLE = {
    "nothing": {},
    "a_line": {"order": {"lines": [{"id": "1"}]}, "request": {"at": "2026-03-10T12:00:00Z", "lines": [{"id": "1"}]}},
    "two_lines": {"order": {"lines": [{"id": "1"}, {}]}, "request": {"lines": [{"id": "1", "remedy": "refund"}, {}]}},
    "no_lines": {"order": {"lines": []}, "request": {"lines": []}},
}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_question_is_answered_however_little_is_said(path: Path) -> None:
    policy = load_policy(path.read_bytes())
    for question in policy.program.decisions:
        for name, facts in LITTLE.items():
            decision = policy.decide(question, facts)
            assert set(decision.rests_on) <= set(policy.program.readings), (question, name)
