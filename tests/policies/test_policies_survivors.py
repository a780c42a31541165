"""The reasons in the policies for what `mutate` may change unnoticed: each stands where there is something to change.

Whether the changes survive is for `make mutate` to say: that takes minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.diagnostics import Report
from engine.check.program import check_written
from engine.read.silences import Lines, silences_of
from engine.read.yaml_reader import read_yaml
from engine.testing.mutation.policies import mutants

POLICIES = sorted((Path(__file__).parents[2] / "policies").glob("*.yaml"))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_reason_stands_where_something_can_be_changed(path: Path) -> None:
    data = path.read_bytes()
    written, root = check_written(data, path.name, Report()), read_yaml(data, path.name, Report())
    assert written is not None and root is not None
    lines, spans = Lines(root), {one.span for one in mutants(written[0])}
    reasons = silences_of(root, "mutant-survived")
    idle = [one.line for one in reasons if not any(lines.speaks_of(one, span) for span in spans)]
    assert reasons and idle == []


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_rule_or_definition_that_a_reason_names_is_there(path: Path) -> None:
    data = path.read_bytes()
    written, root = check_written(data, path.name, Report()), read_yaml(data, path.name, Report())
    assert written is not None and root is not None
    policy = written[0]
    names = {one.id for one in policy.defines}
    for decision in policy.decisions:
        parts = (decision.outputs, decision.rules, decision.requires)
        names |= {one.id for part in parts for one in part}
    for reason in silences_of(root, "mutant-survived"):
        assert set(reason.reason.split("`")[1::2]) <= names, reason.reason
