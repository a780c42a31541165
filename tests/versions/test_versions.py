"""Several versions of a policy: picked by the moment they name; holes and overlaps are errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import PolicyError, UnknownDecision, load_policy, load_versions

TEXT = """
policy: shop
title: Shop
version: '{version}'
effective: {effective}
currency: USD
timezone: America/Denver
windows:
  time_to_ask: {{lasts: {days} days, after: line.delivery.at, act: request.at}}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs: {{outcome: {{type: [deny, approve], combine: strictest, roll_up: each}}}}
    rules:
      in_time: {{when: time_to_ask is open, then: {{outcome: approve}}}}
      late: {{when: time_to_ask has passed, then: {{outcome: deny}}}}
"""
BY = "by: order.placed_at"


def folder(path: Path, *versions: tuple[str, str, int]) -> Path:
    for version, effective, days in versions:
        text = TEXT.format(version=version, effective="{" + effective + "}", days=days)
        (path / f"{version}.yaml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def shop(tmp_path):
    return load_versions(
        folder(tmp_path, ("old", f"until: 2026-03-01, {BY}", 30), ("new", f"from: 2026-03-01, {BY}", 14))
    )


def asked(placed: str | None, day: int):
    order = {"lines": [{"id": "1", "delivery": {"at": "2026-03-05"}}]}
    if placed:
        order["placed_at"] = placed
    return {"order": order, "request": {"at": f"2026-03-{day:02}T12:00:00-07:00", "lines": [{"id": "1"}]}}


@pytest.mark.parametrize(
    ("placed", "version", "verdict"),
    [("2026-02-28T23:59:59-07:00", "old", "approve"), ("2026-03-01T00:00:00-07:00", "new", "deny")],
)
def test_the_version_that_held_when_the_order_was_placed_speaks(shop, placed, version, verdict):
    decision = shop.decide("return", asked(placed, 25))
    assert (decision.version, decision.verdict) == (version, verdict)
    assert shop.program_of(decision).version == version


def test_versions_that_agree_answer_together_while_the_date_is_missing(shop):
    decision = shop.decide("return", asked(None, 8))
    assert (decision.version, decision.verdict) == ("old or new", "approve")


def test_versions_that_differ_ask_for_the_date(shop):
    decision = shop.decide("return", asked(None, 25))
    assert decision.status == "needs_facts" and [n.name for n in decision.may_need] == ["order.placed_at"]


def test_one_version_alone_speaks_only_of_its_days(tmp_path):
    path = folder(tmp_path, ("only", f"from: 2026-03-01, {BY}", 14)) / "only.yaml"
    decision = load_policy(path).decide("return", asked("2026-02-01T12:00:00-07:00", 8))
    assert (decision.status, decision.why) == ("not_covered", ("out_of_scope",))


def test_a_day_before_all_versions_is_out_of_scope(tmp_path):
    versions = load_versions(
        folder(
            tmp_path,
            ("a", f"from: 2026-01-01, until: 2026-03-01, {BY}", 30),
            ("b", f"from: 2026-03-01, {BY}", 14),
        )
    )
    decision = versions.decide("return", asked("2025-12-31T12:00:00-07:00", 8))
    assert (decision.status, decision.why) == ("not_covered", ("out_of_scope",))
    with pytest.raises(UnknownDecision):
        versions.decide("retrun", asked("2025-12-31T12:00:00-07:00", 8))


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (f"until: 2026-02-01, {BY}", f"from: 2026-03-01, {BY}", "version-hole"),
        (f"until: 2026-04-01, {BY}", f"from: 2026-03-01, {BY}", "version-overlap"),
        (BY, f"from: 2026-03-01, {BY}", "version-overlap"),
        (f"until: 2026-03-01, {BY}", "from: 2026-03-01", "version-pick"),
        (f"until: 2026-03-01, {BY}", "from: 2026-03-01, by: request.at", "version-pick"),
    ],
)
def test_holes_overlaps_and_versions_picked_otherwise_are_errors(tmp_path, first, second, code):
    with pytest.raises(PolicyError) as caught:
        load_versions(folder(tmp_path, ("a", first, 30), ("b", second, 14)))
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert all(d.help for d in caught.value.diagnostics)


def test_a_folder_of_several_policies_has_no_one_answer(tmp_path):
    folder(tmp_path, ("a", BY, 30))
    other = TEXT.format(version="b", effective="{" + BY + "}", days=3).replace("policy: shop", "policy: other")
    (tmp_path / "b.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_versions(tmp_path)
    assert caught.value.diagnostics[0].code == "version-mixed"


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(PolicyError) as caught:
        load_versions(tmp_path)
    assert caught.value.diagnostics[0].code == "no-policy"
