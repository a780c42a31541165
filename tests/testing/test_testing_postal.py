"""Cases about parts of postal codes: what is suggested or said to notice a change is written as a code, and can be sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from engine import load_policy
from engine.cli.main import cli

POLICY = """
policy: gorse
title: Gorse delivery
version: '1'
currency: GBP
timezone: Europe/London
define:
  far: order.ship_to.postal.area == 'QX' and order.ship_to.postal.district in 4 .. 9
decisions:
  order_acceptance:
    asks: Is it delivered there?
    outputs:
      outcome: {type: [deny, approve], combine: strictest}
    rules:
      far: {when: far, then: {outcome: deny}}
      near: {unless: far, then: {outcome: approve}}
"""
CASES = """
policy: gorse.yaml
ask: order_acceptance
facts: {order: {ship_to: {country: GB, postal_code: QX2 7AB}}}
cases:
  near: {expect: {verdict: approve}}
  near_too: {facts: {order.ship_to.postal_code: DT4 7AB}, expect: {verdict: approve}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gorse.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def _run(*arguments: str) -> str:
    return CliRunner().invoke(cli, list(arguments)).output


@pytest.mark.parametrize("with_cases", [True, False])
def test_suggested_cases_have_codes_of_a_country_that_has_them_and_pass(folder: Path, with_cases: bool) -> None:
    more = ["--cases", str(folder / "cases.yaml")] if with_cases else []
    written = folder / "suggested.yaml"
    _run("cases", str(folder / "gorse.yaml"), "--suggest", "--output", str(written), *more)
    suggested = yaml.safe_load(written.read_text(encoding="utf-8"))["cases"]
    assert suggested
    for one in suggested.values():
        assert set(one["facts"]["order"]["ship_to"]) == {"country", "postal_code"}
        assert one["facts"]["order"]["ship_to"]["country"] == "GB"
        assert f"`order.ship_to.postal_code: {one['facts']['order']['ship_to']['postal_code']}`" in one["says"]
    assert f"{len(suggested)} passed, 0 failed" in _run("test", str(written))


def test_the_case_that_would_notice_a_change_is_one_that_can_be_right(folder: Path) -> None:
    output = _run("mutate", str(folder / "cases.yaml"), "--jobs", "1")
    told = re.findall(r"this would notice: case `\w+` with `order\.ship_to\.([\w.]+): ([^`]+)`", output)
    assert told and {name for name, _ in told} == {"postal_code"}
    policy = load_policy(folder / "gorse.yaml")
    for _, code in told:
        ship_to = {"country": "GB", "postal_code": None if code == "null" else code}
        answer = policy.decide("order_acceptance", {"order": {"ship_to": ship_to}})
        assert answer.status == ("needs_facts" if code == "null" else "decided")
