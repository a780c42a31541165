"""The examples of diagnostic codes in `docs/findings.yaml`: the wrong ones are wrong in that way, the right ones are not."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from docs_blocks import ROOT

from engine import load_policy
from engine.base.codes import CODES
from engine.base.diagnostics import Report
from engine.check.program import check_policy
from engine.cli.main import cli
from engine.facts.json_reader import read_json
from engine.policy import Policy
from engine.testing.coverage.counting import CODE_OF

FINDINGS: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "findings.yaml").read_text("utf-8"))
SHOP = (ROOT / "tests" / "cli" / "shop.yaml").read_text("utf-8")


def _of(kind: str) -> list[str]:
    return [code for code, example in FINDINGS.items() if kind in example]


def _codes_of_condition(condition: str) -> set[str]:
    quoted = condition.replace("'", "''")
    report = Report()
    check_policy(SHOP.replace("when: line.is_gift_card", f"when: '{quoted}'").encode(), "shop.yaml", report)
    return {one.code for one in report}


def _codes_of_facts(policy: Policy, text: str) -> set[str]:
    report = Report()
    document = read_json(text, "case.json", report)
    if not isinstance(document, dict):
        return {one.code for one in report}
    lines = [{"id": "1"}]
    asked = {**document, "request": {"lines": lines, **document.get("request", {})}}
    asked = asked if "order" not in document or "lines" in document["order"] else document
    return {one.diagnostic.code for one in policy.decide("return", asked).problems}


@pytest.mark.parametrize("code", _of("when"))
def test_conditions(code: str) -> None:
    assert code in _codes_of_condition(FINDINGS[code]["when"]["wrong"])
    assert _codes_of_condition(FINDINGS[code]["when"]["right"]) <= {"unused"}


@pytest.mark.parametrize("code", _of("facts"))
def test_facts(code: str) -> None:
    # codes are looked at where a policy reads their parts
    text = SHOP.replace("You may send it back.", "You may send it back from {order.ship_to.postal.area}.")
    policy = load_policy((text if code.startswith("fact-postal") else SHOP).encode())
    assert _codes_of_facts(policy, FINDINGS[code]["facts"]["wrong"]) == {code}
    assert _codes_of_facts(policy, FINDINGS[code]["facts"]["right"]) == set()


CASES = """policy: shop.yaml
ask: return
facts:
  order:
    currency: EUR
    lines:
      - {id: '1', is_gift_card: false, delivery: {status: delivered, at: '2026-03-01T09:00:00+00:00'}}
  request: {at: '2026-03-10T12:00:00+00:00', lines: [{id: '1', asked: 1}]}
cases:
"""


@pytest.mark.parametrize("code", _of("cases"))
def test_cases(code: str, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    (kind,) = [kind for kind, its_code in CODE_OF.items() if its_code == code]
    found = {}
    for word in ("wrong", "right"):
        (tmp_path / "cases.yaml").write_text(CASES + indent(FINDINGS[code]["cases"][word], "  ") + "\n", "utf-8")
        arguments = ["test", "--coverage", "--missing", kind, "--format", "json"]
        result = CliRunner().invoke(cli, [*arguments, str(tmp_path / "cases.yaml")])
        assert result.exit_code == 0, result.output
        found[word] = {one["code"] for one in json.loads(result.stdout)["coverage"][0]["missing"]}
    assert found == {"wrong": {code}, "right": set()}


def test_every_example_is_of_a_code_that_exists_and_has_one_kind() -> None:
    assert set(FINDINGS) <= set(CODES)
    for example in FINDINGS.values():
        ((kind, texts),) = example.items()
        assert kind in ("when", "facts", "cases", "shell", "text")
        assert set(texts) == {"wrong", "right"} and texts["wrong"] != texts["right"]


def test_every_code_about_a_case_has_an_example() -> None:
    assert {
        code for code in CODES if code.startswith(("fact-", "case-", "coverage-")) and code not in FINDINGS
    } == set()
