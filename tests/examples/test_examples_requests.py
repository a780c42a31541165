"""The requests in examples/: each is answered as its README says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from examples_support import EXAMPLES, POLICY

from engine import Policy, load_policy
from engine.explain.document import document

ANSWERS: dict[str, tuple[str, str, tuple[str, ...], Any]] = {
    "defective_in_time": ("return", "approve", ("faulty_goods",), "approve"),
    "late": ("return", "deny", ("RETURN_WINDOW_EXPIRED",), "deny"),
    "final_sale": ("return", "deny", ("FINAL_SALE", "NOT_ELIGIBLE"), "deny"),
    "cancellation": ("cancellation", "approve", ("in_time",), "approve"),
    "missing_facts": ("return", "review", ("missing_facts",), None),
    "reshipment": ("reshipment", "approve", ("customers_address",), "approve"),
    "inspected": ("payout", "answer", ("total",), {"amount": "33.00", "currency": "USD"}),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY)


def facts(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("name", ANSWERS)
def test_each_request_is_answered_as_it_should_be(policy: Policy, name: str) -> None:
    question, verdict, why, value = ANSWERS[name]
    found = document(policy.decide(question, facts(f"requests/{name}")))
    assert found["problems"] == []
    assert (found["verdict"], tuple(found["why"])) == (verdict, why)
    assert found["outputs"][found["headline"]]["value"] == value


def test_mixed_lines_are_each_decided_on_their_own(policy: Policy) -> None:
    found = policy.decide("return", facts("requests/mixed_lines"))
    assert [member.verdict for member in found.members] == ["approve", "approve", "deny"]
    assert found.partial


def test_the_order_of_the_lines_makes_no_difference_to_the_whole(policy: Policy) -> None:
    case = facts("requests/mixed_lines")
    turned = {**case, "request": {**case["request"], "lines": case["request"]["lines"][::-1]}}
    one, other = policy.decide("return", case), policy.decide("return", turned)
    assert (one.verdict, one.why, one.status, one.partial) == (other.verdict, other.why, other.status, other.partial)
    assert [member.why for member in one.members] == [member.why for member in other.members][::-1]


def test_the_readme_lists_every_request_with_its_question() -> None:
    listed = re.findall(r"^\| `(\w+)\.json` \| `(\w+)` \|", (EXAMPLES / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(name for name, _ in listed) == sorted(path.stem for path in (EXAMPLES / "requests").glob("*.json"))
    assert {name: question for name, question in listed if name in ANSWERS} == {
        name: answer[0] for name, answer in ANSWERS.items()
    }


def test_the_mapped_shop_order_is_decided_with_the_stored_shares(policy: Policy) -> None:
    found = document(policy.decide("payout", facts("shopify_case")))
    assert found["problems"] == []
    amounts = {name: found["outputs"][name]["value"]["amount"] for name in ("goods", "shipping", "total")}
    assert amounts == {"goods": "29.16", "shipping": "6.95", "total": "36.11"}
