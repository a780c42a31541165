"""What changes if a reading is chosen otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kaolate_cases import BACK, BOUNCED, CANCEL, CUSTOM, GONE, HOUR_LATER, LATE, PAID, WISH, WORN


@dataclass(frozen=True)
class Switch:
    """A reading set to another of its options, and the answer before and after (a status if it is not decided)."""

    reading: str
    option: str
    ask: str
    given: dict[str, Any]
    before: str
    after: str
    output: str | None = None
    lines: tuple[dict[str, Any], ...] = ()


DAY_30 = {"request.at": "2026-05-31T12:00:00-06:00", "line.reason_category": "not_as_ordered"}
DAY_29 = {**DAY_30, "request.at": "2026-05-30T12:00:00-06:00"}
MISTAKE = {"line.reason_category": "customer_mistake"}
OWN_DESIGN = {**WISH, "line.exchange.change": "design"}
FINAL = {"line.is_final_sale": True}
NO_BOX = {"line.condition.original_packaging": False}
NOT_FOUND = {**BACK, "line.inspection.fault_found": False}
BEGUN = {**CANCEL, **HOUR_LATER, "line.production.begun": True}
FIVE_HOURS = {**CANCEL, "request.at": "2026-04-20T20:00:00-06:00"}
ONE_CUSTOM = ({"line.is_custom": True},)
GIFT = {"order.is_gift": True, "request.pay_to": "store_credit"}
PART = {**CANCEL, **HOUR_LATER, "request.whole_order": False}
DEARER = {
    **WISH,
    "line.exchange": {"change": "size", "in_stock": True, "same_value": False, "price_difference": "4.50"},
}
UNCLAIMED = {**BOUNCED, "parcel": {"came_back_because": "unclaimed"}}

SWITCHES = [
    Switch("eligible_list", "examples", "return", {"line.reason_category": "change_of_mind"}, "deny", "referred"),
    Switch("wish_exchange", "refused", "return", WISH, "approve", "deny"),
    Switch("mistake_refund", "refuse", "return", MISTAKE, "referred", "deny"),
    Switch("mistake_refund", "accept", "return", MISTAKE, "referred", "approve"),
    Switch("other_design", "refuse", "return", OWN_DESIGN, "referred", "deny"),
    Switch("other_design", "accept", "return", OWN_DESIGN, "referred", "approve"),
    Switch("final_sale_fault", "refuse", "return", FINAL, "referred", "deny"),
    Switch("final_sale_fault", "accept", "return", FINAL, "referred", "approve"),
    Switch("used_and_faulty", "refuse", "return", WORN, "referred", "deny"),
    Switch("used_and_faulty", "accept", "return", WORN, "referred", "approve"),
    Switch("packaging_and_fault", "refuse", "refund", NO_BOX, "referred", "deny"),
    Switch("packaging_and_fault", "waive", "refund", NO_BOX, "referred", "approve"),
    Switch("delivered_day", "day_1", "return", DAY_30, "approve", "deny"),
    Switch("delivered_day", "day_1", "return", DAY_29, "approve", "approve"),
    Switch("late_fault", "accept", "return", LATE, "referred", "approve"),
    Switch("late_fault", "refuse", "return", LATE, "referred", "deny"),
    Switch(
        "late_wrong_item", "accept", "return", {**LATE, "line.reason_category": "not_as_ordered"}, "deny", "approve"
    ),
    Switch("second_exchange", "like_the_first", "return", {"line.origin": "exchange"}, "referred", "approve"),
    Switch(
        "refund_clock", "receipt", "payout", PAID, "2026-05-26..2026-06-04", "2026-05-21..2026-06-02", "paid_between"
    ),
    Switch(
        "refund_clock", "inspection", "payout", PAID, "2026-05-26..2026-06-04", "2026-05-22..2026-06-03", "paid_between"
    ),
    Switch("product_value", "list", "refund", {}, "20.00 USD", "25.00 USD", "goods"),
    Switch("full_refund", "with_postage", "payout", GONE, "20.00 USD", "26.00 USD"),
    Switch("postage_for_some", "by_item", "payout", {}, "26.00 USD", "21.50 USD"),
    Switch("gift_recipient", "credit", "gift_return", GIFT, "deny", "approve"),
    Switch("unconfirmed_fault", "customer", "return_shipping", NOT_FOUND, "referred", "customer"),
    Switch("unconfirmed_fault", "shop", "return_shipping", NOT_FOUND, "referred", "shop"),
    Switch("parcel_not_as_told", "ignore", "refund", {**BACK, "request.authorised": False}, "referred", "approve"),
    Switch("target_gone", "keep_item", "return", GONE, "approve", "deny"),
    Switch("sending_exchange_out", "customer", "exchange", WISH, "referred", "customer", "sent_out_by"),
    Switch("sending_exchange_out", "shop", "exchange", WISH, "referred", "shop", "sent_out_by"),
    Switch("value_difference", "settled", "exchange", DEARER, "referred", "4.50 USD", "price_difference"),
    Switch("part_cancelled", "kept", "cancellation_payout", PART, "referred", "20.00 USD"),
    Switch("part_cancelled", "shared", "cancellation_payout", PART, "referred", "21.50 USD"),
    Switch("unclaimed_fee", "published", "reshipment", UNCLAIMED, "referred", "21.00 USD", "fee"),
    Switch(
        "address_was_right",
        "customer",
        "reshipment",
        {**BOUNCED, "parcel.address_error_by": "shop"},
        "shop",
        "customer",
        "payer",
    ),
    Switch("begun_or_24h", "clock", "cancellation", BEGUN, "deny", "approve"),
    Switch("mixed_orders", "by_line", "cancellation", FIVE_HOURS, "referred", "mixed", lines=ONE_CUSTOM),
    Switch(
        "custom_cancellation", "not_said", "cancellation", {**CUSTOM, **HOUR_LATER}, "20.00 USD", "not_covered", "goods"
    ),
    Switch("bulk_terms", "ordinary", "return", {"order.is_bulk": True}, "referred", "approve"),
    Switch("mistake_refund", "undecided", "return", MISTAKE, "referred", "referred"),
    Switch("delivered_day", "undecided", "return", DAY_30, "approve", "referred"),
]
