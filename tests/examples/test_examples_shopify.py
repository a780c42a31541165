"""The case mapped by hand from a Shopify order: its amounts are those of the order, by the rules in examples/README.md."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from examples_support import EXAMPLES


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
    return loaded


def added(amounts: list[Any]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal("0.00"))


def test_lines_hold_the_stored_discounts_and_taxes() -> None:
    order, case = load("shopify_order")["order"], load("shopify_case")["order"]
    for item, line in zip(order["line_items"], case["lines"], strict=True):
        discount = added([one["amount"] for one in item["discount_allocations"]])
        tax = added([one["price"] for one in item["tax_lines"]])
        net = Decimal(item["price"]) * item["quantity"] - discount
        assert (line["id"], line["sku"], line["quantity"]) == (str(item["id"]), item["sku"], item["quantity"])
        assert (line["discount_total"], line["tax_total"]) == (str(discount), str(tax))
        assert (line["paid_net"], line["paid"]) == (str(net), str(net + tax))


def test_the_lines_and_the_postage_are_what_was_paid() -> None:
    order, case = load("shopify_order")["order"], load("shopify_case")["order"]
    goods = added([line["paid"] for line in case["lines"]])
    assert str(goods + Decimal(case["shipping_paid"])) == case["total_paid"] == order["total_price"]
    assert added([line["paid_net"] for line in case["lines"]]) == Decimal(case["lines_total"])
    assert case["tenders"][0]["captured"] == load("shopify_order")["transactions"][0]["amount"]


def test_what_came_back_before_is_counted() -> None:
    order, case = load("shopify_order")["order"], load("shopify_case")["order"]
    refund = order["refunds"][0]
    back = {str(one["line_item_id"]): one["quantity"] for one in refund["refund_line_items"]}
    assert {line["id"]: line["returned_before"] for line in case["lines"]} == {"15890001": 0, **back}
    assert case["total_refunded"] == refund["transactions"][0]["amount"] == case["tenders"][0]["refunded"]
