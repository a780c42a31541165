"""The adapter for Olist's files, on a few rows that are made up in their shape."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from examples_support import EXAMPLES, POLICY, script

from engine import load_policy

ORDERS = """\
order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
aaa,c1,delivered,2018-01-10 10:00:00,2018-01-10 10:05:00,2018-01-12 09:00:00,2018-01-20 22:30:00,2018-02-01 00:00:00
bbb,c2,delivered,2018-06-01 08:00:00,2018-06-01 08:01:00,2018-06-09 09:00:00,2018-06-05 12:00:00,2018-06-20 00:00:00
ccc,c2,delivered,2018-06-01 08:00:00,2018-06-01 08:01:00,2018-06-04 09:00:00,,2018-06-20 00:00:00
ddd,c3,shipped,2018-06-01 08:00:00,2018-06-01 08:01:00,2018-06-04 09:00:00,,2018-06-20 00:00:00
eee,c3,unavailable,2018-06-01 08:00:00,,,,2018-06-20 00:00:00
"""
ITEMS = """\
order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
aaa,2,p2,s1,2018-01-15 10:00:00,10.10,2.05
aaa,1,p1,s1,2018-01-15 10:00:00,20.20,2.05
bbb,1,p1,s1,2018-06-05 10:00:00,30.00,5.00
ccc,1,p3,s2,2018-06-05 10:00:00,30.00,5.00
ddd,1,p3,s2,2018-06-05 10:00:00,30.00,5.00
"""
PAYMENTS = """\
order_id,payment_sequential,payment_type,payment_installments,payment_value
aaa,2,voucher,1,14.40
aaa,1,credit_card,3,20.00
bbb,1,boleto,1,34.00
ccc,1,not_defined,1,35.00
"""
CUSTOMERS = """\
customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state
c1,u1,01000,sao paulo,SP
c2,u2,69000,manaus,AM
c3,u3,78000,cuiaba,MT
"""
PRODUCTS = """\
product_id,product_category_name,product_weight_g
p1,beleza_saude,100
p2,cool_stuff,200
p3,,300
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("olist")
    files = {"orders": ORDERS, "order_items": ITEMS, "order_payments": PAYMENTS}
    for name, text in {**files, "customers": CUSTOMERS, "products": PRODUCTS}.items():
        (place / f"{name}.csv").write_text(text, "utf-8")
    return place


def cases(folder: Path, question: str, *options: str) -> dict[str, dict[str, Any]]:
    command = [sys.executable, str(EXAMPLES / "olist_requests.py"), "--question", question, *options, str(folder)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {case["order"]["id"]: case for case in found}


def test_local_times_get_their_offset_in_summer_and_winter(folder: Path) -> None:
    found = cases(folder, "return")
    assert found["aaa"]["order"]["placed_at"] == "2018-01-10T10:00:00-02:00"
    assert found["bbb"]["order"]["placed_at"] == "2018-06-01T08:00:00-03:00"


def test_lines_and_payments_are_joined_in_their_order_with_exact_sums(folder: Path) -> None:
    order = cases(folder, "return")["aaa"]["order"]
    assert [(line["id"], line["category"], line["paid"]) for line in order["lines"]] == [
        ("1", "beauty", "20.20"),
        ("2", "cool_stuff", "10.10"),
    ]
    assert [(one["kind"], one["captured"]) for one in order["tenders"]] == [("card", "20.00"), ("gift_card", "14.40")]
    assert (order["lines_total"], order["shipping_paid"], order["total_paid"]) == ("30.30", "4.10", "34.40")


def test_the_figures_can_be_passed_on_in_another_currency(folder: Path) -> None:
    real, other = cases(folder, "return")["aaa"], cases(folder, "return", "--currency", "USD")["aaa"]
    assert (real["order"].pop("currency"), other["order"].pop("currency")) == ("BRL", "USD")
    assert real == other


def test_what_the_data_do_not_tell_is_left_out_and_not_guessed(folder: Path) -> None:
    found = cases(folder, "return")
    assert found["bbb"]["order"]["ship_to"] == {"country": "BR", "region": "AM"}
    assert found["ddd"]["order"]["ship_to"]["timezone"] == "America/Cuiaba"
    assert "kind" not in found["ccc"]["order"]["tenders"][0]
    assert "category" not in found["ccc"]["order"]["lines"][0]
    assert not {"total_paid", "tenders"} & set(found["ddd"]["order"])
    assert found["eee"]["order"]["status"] == "unavailable"
    assert found["eee"]["request"]["lines"] == []


def test_dirt_is_passed_on_as_it_is(folder: Path) -> None:
    found = cases(folder, "return")
    early = found["bbb"]["order"]["lines"][0]
    assert early["delivery"]["at"] < early["shipment"]["shipped_at"]
    assert found["bbb"]["order"]["total_paid"] == "34.00"
    assert found["ccc"]["order"]["lines"][0]["delivery"] == {"status": "delivered"}


def test_the_same_order_gives_the_same_request(folder: Path) -> None:
    assert cases(folder, "return") == cases(folder, "return")


def test_nothing_in_a_cancellation_is_known_before_it_happened(folder: Path) -> None:
    for case in cases(folder, "cancellation").values():
        asked = datetime.fromisoformat(case["request"]["at"])
        for line in case["order"]["lines"]:
            for event in (line["shipment"].get("shipped_at"), line["delivery"].get("at")):
                if isinstance(event, dict):
                    assert event == {"not_by": case["request"]["at"]}
                elif event is not None:
                    assert datetime.fromisoformat(event) <= asked


def test_the_policy_takes_the_requests_and_its_checks_name_the_dirt(folder: Path) -> None:
    policy = load_policy(POLICY)
    found = {name: policy.decide("return", case, questions=False) for name, case in cases(folder, "return").items()}
    assert {name: decision.status for name, decision in found.items() if decision.problems} == {
        "bbb": "error",
        "eee": "error",
    }
    said = {name: [problem.diagnostic.message for problem in found[name].problems] for name in ("bbb", "eee")}
    assert any("cannot arrive before" in message for message in said["bbb"])
    assert any("price of the goods and the postage" in message for message in said["bbb"])
    assert any("no lines" in message for message in said["eee"])
    assert "request.lines[0].delivery.at" in {need.name for need in found["ccc"].may_need}


def test_a_folder_without_the_files_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "olist_requests.py"), str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("there is no ") and "Traceback" not in done.stderr


def test_decisions_are_counted_by_status_and_by_verdict_with_its_reasons() -> None:
    counting = script("count_statuses")
    lines = [
        json.dumps({"status": "decided", "verdict": "deny", "why": ["LATE"]}),
        json.dumps({"status": "decided", "verdict": "deny", "why": ["LATE"]}),
        json.dumps({"status": "needs_facts", "verdict": "review", "why": ["missing_facts"]}),
    ]
    statuses, verdicts = counting.count(lines)
    assert statuses == Counter(decided=2, needs_facts=1)
    assert counting.table("verdict", verdicts) == "verdict\n       2  deny LATE\n       1  review missing_facts\n"
