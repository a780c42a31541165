"""Whole files laid out: only conditions change, nothing else moves, and the digest stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import load_policy
from engine.base.diagnostics import Report
from engine.read import layout
from engine.read.layout import LayoutError, laid_out

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted([*ROOT.glob("policies/*.yaml"), *ROOT.glob("tests/right/*.yaml")])

MESSY = """\
# the first remark
policy: shop   # the second
title: Shop
version: '1'
timezone: America/Denver
currency: USD

define:
  far:   (order.is_gift)   # kept  where it stands
  words: "line.category=='food'"
  spaced: 'line.category == ''a  b'''
  starts: "'food'==line.category"
  long: >
    order.is_gift   and
      line.is_custom
decisions:
  return:
    asks: May  it  come back?
    for_each: line in request.lines
    outputs:
      outcome: {combine: strictest, type: [deny, approve], roll_up: each}
    rules:
      b:
        then: {outcome: deny}   # order of keys stays
        when: [far  and not(words), "greater of(line.paid,5 USD)>4 USD", line.paid>5 USD]
        because: 'Because  of { line.paid }.'
      a: {when: line.paid  <3.00 USD, then: {outcome: approve}}
"""
TIDY = """\
# the first remark
policy: shop   # the second
title: Shop
version: '1'
timezone: America/Denver
currency: USD

define:
  far:   order.is_gift   # kept  where it stands
  words: line.category == 'food'
  spaced: line.category == 'a  b'
  starts: "'food' == line.category"
  long: >
    order.is_gift   and
      line.is_custom
decisions:
  return:
    asks: May  it  come back?
    for_each: line in request.lines
    outputs:
      outcome: {combine: strictest, type: [deny, approve], roll_up: each}
    rules:
      b:
        then: {outcome: deny}   # order of keys stays
        when: [far and not words, "greater of (line.paid, 5 USD) > 4 USD", line.paid > 5 USD]
        because: 'Because  of { line.paid }.'
      a: {when: line.paid < 3.00 USD, then: {outcome: approve}}
"""


def out(text: str) -> str:
    report = Report()
    data = laid_out(text.encode(), "shop.yaml", report)
    assert data is not None, report.sorted()
    return data.decode()


def test_conditions_are_laid_out_and_nothing_else() -> None:
    assert out(MESSY) == TIDY
    assert out(TIDY) == TIDY
    assert load_policy(MESSY.encode()).digest == load_policy(TIDY.encode()).digest


def test_line_ends_stay() -> None:
    assert out(MESSY.replace("\n", "\r\n")) == TIDY.replace("\n", "\r\n")


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_what_is_laid_out_stays_so_and_means_the_same(path: Path) -> None:
    data = path.read_bytes()
    once = laid_out(data, path.name, Report())
    assert once is not None
    assert laid_out(once, path.name, Report()) == once
    assert load_policy(once).digest == load_policy(data).digest


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(POLICIES), st.randoms(use_true_random=False))
def test_spaces_in_conditions_change_neither_the_digest_nor_what_comes_out(path: Path, chance) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text("utf-8")
    signs = re.compile(r"(?<=[a-z_']) (==|and|or|>=|<) (?=[a-z'])")
    keys = re.compile(r"^( +(?:when|unless|[a-z_]+): )([^'\"{\[|>#\n][^\n]*)$", re.MULTILINE)

    def pulled_apart(match: re.Match[str]) -> str:
        return match[1] + signs.sub(lambda sign: f"{' ' * chance.randint(1, 3)}{sign[1]}  ", match[2])

    messy = keys.sub(lambda m: pulled_apart(m) if re.search(r"^ +(when|unless):", m[0]) else m[0], text)
    assert load_policy(messy.encode()).digest == load_policy(text.encode()).digest
    assert out(messy) == out(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [("order.is_gift)", "order.is_gift"), ("currency: USD", "curency: USD"), ("policy:", "\tpolicy:")],
)
def test_a_file_with_an_error_is_told_and_not_laid_out(old: str, new: str) -> None:
    report = Report()
    assert laid_out(MESSY.replace(old, new).encode(), "shop.yaml", report) is None
    assert not report.ok


def test_a_name_that_does_not_exist_yet_is_no_obstacle() -> None:
    assert "when: [nowhere and not words," in out(MESSY.replace("far  and", "nowhere  and"))


def test_a_mistake_of_ours_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "tidy", lambda text: text.replace("not", ""))
    with pytest.raises(LayoutError, match="nothing was written"):
        laid_out(MESSY.encode(), "shop.yaml", Report())
