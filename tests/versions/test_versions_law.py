"""While the moment that picks the version is missing, nothing is settled that the moment could change."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import load_versions
from engine.testing.files import Programs, run_file
from engine.versions import PolicyVersions

TEXT = """
policy: shop
title: Shop
version: '{version}'
effective: {{{effective}, by: order.placed_at}}
currency: USD
timezone: America/Denver
applies_when: {scope}
decisions:
  return:
    asks: May it come back?
    outputs:
      outcome: {{type: [deny, review, approve], combine: strictest}}
      label: {{type: [store, customer], combine: first}}
    rules:
      yes: {{when: {yes}, then: {{outcome: approve}}}}
      no: {{when: order.is_bulk, then: {{outcome: deny}}}}
      label: {{when: {label}, then: {{label: store}}}}
"""
CONDITIONS = ("order.is_gift", "not order.is_gift", "order.terms_accepted", "true")
PLACED = (None, "2025-06-01T12:00:00Z", "2026-01-15T12:00:00Z", "2026-06-01T12:00:00Z")
DAYS = {
    "whole": ("until: 2026-01-01", "from: 2026-01-01, until: 2026-03-01", "from: 2026-03-01"),
    "bounded": ("from: 2025-12-01, until: 2026-01-01", "from: 2026-01-01, until: 2026-03-01", "from: 2026-03-01"),
}
versions = st.tuples(st.sampled_from(CONDITIONS), st.sampled_from(CONDITIONS), st.sampled_from(CONDITIONS))


def shop(folder, days: tuple[str, ...], texts) -> PolicyVersions:
    for number, (effective, (scope, yes, label)) in enumerate(zip(days, texts, strict=True)):
        text = TEXT.format(version=f"v{number}", effective=effective, scope=scope, yes=yes, label=label)
        (folder / f"v{number}.yaml").write_text(text, encoding="utf-8")
    return load_versions(folder)


def ask(policy: PolicyVersions, placed: str | None, told: dict[str, bool]):
    order = {**told, **({} if placed is None else {"placed_at": placed})}
    return policy.decide("return", {"order": order, "request": {"at": "2026-07-01T12:00:00Z"}}, questions=False)


@pytest.mark.parametrize("days", DAYS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_giving_the_moment_changes_nothing_that_was_settled(tmp_path_factory, days, data):
    texts = [data.draw(versions) for _ in DAYS[days]]
    policy = shop(tmp_path_factory.mktemp("shop"), DAYS[days], texts)
    for gift, bulk, accepted in product((None, True), (False, True), (None, True)):
        told = {"is_gift": gift, "is_bulk": bulk, "terms_accepted": accepted}
        told = {name: value for name, value in told.items() if value is not None}
        before = ask(policy, None, told)
        for placed in PLACED[1:]:
            after = ask(policy, placed, told)
            for name, output in before.outputs.items():
                if output.status in ("decided", "not_covered", "conflict"):
                    assert (after.outputs[name].status, after.outputs[name].value) == (output.status, output.value)


def test_what_another_version_covers_is_not_refused_its_cover(tmp_path):
    both = [("true", "order.is_gift", "true"), ("true", "not order.is_gift", "true")]
    policy = shop(tmp_path, ("until: 2026-03-01", "from: 2026-03-01"), both)
    decision = ask(policy, None, {"is_gift": True, "is_bulk": False})
    assert decision.status == "needs_facts"
    assert [need.name for need in decision.may_need] == ["order.placed_at"]
    assert ask(policy, "2025-06-01T12:00:00Z", {"is_gift": True, "is_bulk": False}).verdict == "approve"


def test_worked_cases_ask_for_the_moment_as_decisions_do(tmp_path):
    shop(
        tmp_path,
        ("until: 2026-03-01", "from: 2026-03-01"),
        [("true", "order.is_gift", "true"), ("true", "false", "true")],
    )
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "shop.yaml").write_text(
        """
policy: ..
ask: return
facts: {order: {is_gift: true, is_bulk: false}, request: {at: '2026-07-01T12:00:00Z'}}
cases:
  nobody_said_when: {expect: {status: needs_facts, needs: [order.placed_at]}}
  of_old: {facts: {order.placed_at: '2026-02-01T12:00:00Z'}, expect: {verdict: approve, version: v0}}
  of_now: {facts: {order.placed_at: '2026-03-01T12:00:00Z'}, expect: {status: not_covered, version: v1}}
""",
        encoding="utf-8",
    )
    result = run_file(cases / "shop.yaml", Programs())
    assert not result.diagnostics
    assert [(r.case.name, [str(d) for d in r.differences]) for r in result.results if r.outcome != "passed"] == []
