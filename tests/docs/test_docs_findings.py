"""The examples of diagnostic codes in `docs/findings.yaml`: the wrong ones are wrong in that way, the right ones are not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from docs_blocks import ROOT

from engine import load_policy
from engine.base.codes import CODES
from engine.base.diagnostics import Report
from engine.check.program import check_policy
from engine.facts.json_reader import read_json
from engine.policy import Policy

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
    policy = load_policy(SHOP.encode())
    assert _codes_of_facts(policy, FINDINGS[code]["facts"]["wrong"]) == {code}
    assert _codes_of_facts(policy, FINDINGS[code]["facts"]["right"]) == set()


def test_every_example_is_of_a_code_that_exists_and_has_one_kind() -> None:
    assert set(FINDINGS) <= set(CODES)
    for example in FINDINGS.values():
        ((kind, texts),) = example.items()
        assert kind in ("when", "facts", "shell", "text")
        assert set(texts) == {"wrong", "right"} and texts["wrong"] != texts["right"]


def test_every_code_about_a_case_has_an_example() -> None:
    without = {code for code in CODES if code.startswith("fact-") and code not in FINDINGS}
    assert without == {"fact-check"}  # what a policy's own check says is different in every policy
