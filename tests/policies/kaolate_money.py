"""Worked requests about money, parcels that came back, and what the page does not speak about."""

from __future__ import annotations

from kaolate_cases import (
    BACK,
    BOUNCED,
    CANCEL,
    CUSTOM,
    GONE,
    HOUR_LATER,
    PAID,
    SECOND_TOO_LATE,
    WISH,
    Worked,
    decided,
    needing,
    referred,
)

REFUNDS: list[Worked] = [
    decided(
        "one of two shirts",
        "refund",
        {},
        "approve",
        "follows_the_return",
        outputs={"goods": "20.00 USD", "awaits": ["receipt", "inspection"]},
    ),
    decided(
        "cents that do not divide",
        "refund",
        {"line.paid": "10.00", "line.quantity": 3, "line.returned_before": 1},
        "approve",
        outputs={"goods": "3.34 USD"},
    ),
    decided("inspected", "refund", BACK, "approve", outputs={"goods": "20.00 USD", "awaits": []}),
    decided("wish", "refund", WISH, "deny", outputs={"goods": None}),
    referred(
        "what is open about the return stays open",
        "refund",
        {"line.is_final_sale": True},
        "contradiction",
        outputs={"goods": "20.00 USD"},
    ),
    decided("fault not found", "refund", {**BACK, "line.inspection.fault_found": False}, "deny", "fault_not_found"),
    referred(
        "used, says the inspection, but faulty",
        "refund",
        {**BACK, "line.inspection.customer_damage": True},
        "contradiction",
        "marks_but_faulty",
    ),
    decided(
        "used, says the inspection, and wrong",
        "refund",
        {**BACK, "line.reason_category": "not_as_ordered", "line.inspection.customer_damage": True},
        "deny",
        "marks_of_use",
    ),
    referred(
        "faulty, packaging gone",
        "refund",
        {"line.condition.original_packaging": False},
        "contradiction",
        "packaging_gone_but_faulty",
    ),
    decided(
        "a replacement does not need the packaging",
        "return",
        {"line.condition.original_packaging": False, "line.remedy": "replacement"},
        "approve",
    ),
    decided(
        "wished size is gone, packaging as well",
        "refund",
        {**GONE, "line.condition.original_packaging": False},
        "deny",
        "packaging_gone",
    ),
    needing(
        "packaging unknown",
        "refund",
        {"line.condition.original_packaging": None},
        "request.lines[0].condition.original_packaging",
    ),
    referred(
        "no form in the parcel", "refund", {**BACK, "request.evidence.form_enclosed": False}, "silent", "came_otherwise"
    ),
    referred(
        "parcel without tracking", "refund", {**BACK, "request.evidence.trackable": False}, "silent", "came_otherwise"
    ),
    referred("return not authorised", "refund", {**BACK, "request.authorised": False}, "silent", "came_otherwise"),
]

PAYOUTS: list[Worked] = [
    decided(
        "faulty: goods and postage, the way it was paid",
        "payout",
        PAID,
        "26.00 USD",
        "total",
        verdict="answer",
        outputs={
            "goods": "20.00 USD",
            "shipping": "6.00 USD",
            "payee": "original_payment",
            "paid_between": "2026-05-26..2026-06-04",
            "split": ["card 26.00 USD"],
        },
        rests_on=("postage_for_some", "refund_clock"),
    ),
    decided(
        "not as ordered: postage as well",
        "payout",
        {"line.reason_category": "not_as_ordered"},
        "26.00 USD",
        outputs={"shipping": "6.00 USD"},
    ),
    decided(
        "the day of payment waits for the approval", "payout", {}, "26.00 USD", outputs={"paid_between": "needs_facts"}
    ),
    decided(
        "denied: nothing comes back",
        "payout",
        {"line.reason_category": "change_of_mind"},
        "0.00 USD",
        outputs={"shipping": "0.00 USD"},
    ),
    decided(
        "wished size is gone: no postage",
        "payout",
        GONE,
        "20.00 USD",
        outputs={"shipping": "0.00 USD"},
        rests_on=("full_refund",),
    ),
    decided(
        "wished size is gone: another product is taken",
        "payout",
        {**GONE, "line.exchange.accepts_alternative": True},
        "0.00 USD",
    ),
    decided("exchanged: no money", "payout", WISH, "0.00 USD"),
    decided(
        "postage comes back once",
        "payout",
        {"order.shipping_refunded": "6.00"},
        "20.00 USD",
        outputs={"shipping": "0.00 USD"},
    ),
    decided(
        "two lines",
        "payout",
        {},
        "56.00 USD",
        lines=({"line.quantity": 1, "line.paid": "30.00", "line.reason_category": "not_as_ordered"},),
    ),
    decided("one of two lines", "payout", {}, "26.00 USD", lines=({"line.reason_category": "change_of_mind"},)),
    referred(
        "one line open",
        "payout",
        {},
        "contradiction",
        lines=({"line.is_final_sale": True},),
        outputs={"shipping": "6.00 USD"},
    ),
    decided(
        "gift: to the payer", "payout", {"order.is_gift": True}, "26.00 USD", outputs={"payee": "original_payment"}
    ),
    decided(
        "gift: not to the recipient",
        "gift_return",
        {"order.is_gift": True, "request.pay_to": "gift_recipient"},
        "deny",
        "to_recipient",
    ),
    decided(
        "gift: no credit for the recipient",
        "gift_return",
        {"order.is_gift": True, "request.pay_to": "store_credit"},
        "deny",
        "to_recipient",
    ),
    decided(
        "gift: to the payer",
        "gift_return",
        {"order.is_gift": True, "request.pay_to": "original_payment"},
        "approve",
        "to_payer",
    ),
    decided(
        "two ways of paying",
        "payout",
        {
            "order.tenders": [
                {"kind": "gift_card", "captured": "10.00", "refunded": "0.00"},
                {"kind": "card", "captured": "76.00", "refunded": "0.00"},
            ]
        },
        "26.00 USD",
        outputs={"split": ["gift_card 10.00 USD", "card 16.00 USD"]},
    ),
    needing("what was paid is unknown", "payout", {"line.paid": None}, "request.lines[0].paid"),
    decided(
        "cancelled: all of it, and the postage",
        "cancellation_payout",
        {**CANCEL, **HOUR_LATER, "line.asked": 2, "request.whole_order": True},
        "46.00 USD",
    ),
    decided(
        "custom, cancelled: all of it as well",
        "cancellation_payout",
        {**CUSTOM, **HOUR_LATER, "line.asked": 2, "request.whole_order": True},
        "46.00 USD",
    ),
    referred(
        "a part cancelled: the postage is not spoken of",
        "cancellation_payout",
        {**CANCEL, **HOUR_LATER, "request.whole_order": False},
        "silent",
        outputs={"goods": "20.00 USD"},
    ),
    decided(
        "not cancelled: nothing",
        "cancellation_payout",
        {**CANCEL, **SECOND_TOO_LATE, "request.whole_order": True},
        "0.00 USD",
    ),
]

LATE_REFUNDS: list[Worked] = [
    decided("last business day", "late_refund", {**PAID, "as_of": "2026-06-04T23:00:00-06:00"}, "wait", "not_due_yet"),
    decided(
        "the day after",
        "late_refund",
        {**PAID, "as_of": "2026-06-05T00:00:00-06:00", "refund.account_checked": False},
        "check_account",
        "look_first",
    ),
    decided(
        "account looked at",
        "late_refund",
        {**PAID, "as_of": "2026-06-05T09:00:00-06:00", "refund.account_checked": True, "refund.provider_asked": False},
        "ask_provider",
        "then_ask",
    ),
    decided(
        "provider asked",
        "late_refund",
        {**PAID, "as_of": "2026-06-05T09:00:00-06:00", "refund.account_checked": True, "refund.provider_asked": True},
        "contact_store",
        "then_write",
    ),
    decided("arrived", "late_refund", {**PAID, "refund.arrived": True}, "nothing", "arrived"),
]

PARCELS: list[Worked] = [
    decided(
        "wrong address at home",
        "reshipment",
        BOUNCED,
        "approve",
        "customers_address",
        outputs={"payer": "customer", "fee": "21.00 USD"},
    ),
    decided(
        "wrong address abroad",
        "reshipment",
        {**BOUNCED, "order.ship_to.country": "CA"},
        "approve",
        outputs={"fee": "30.00 USD"},
    ),
    decided(
        "in dollars whatever the order was charged in",
        "reshipment",
        {**BOUNCED, "order.currency": "CAD", "order.ship_to.country": "CA"},
        "approve",
        outputs={"fee": "30.00 USD"},
    ),
    decided(
        "the store got the address wrong",
        "reshipment",
        {**BOUNCED, "parcel.address_error_by": "shop"},
        "approve",
        "stores_address",
        outputs={"payer": "shop", "fee": "0.00 USD"},
        rests_on=("address_was_right",),
    ),
    decided(
        "nobody claimed it",
        "reshipment",
        {**BOUNCED, "parcel": {"came_back_because": "unclaimed"}},
        "approve",
        "not_delivered",
        outputs={"payer": "customer", "fee": "referred"},
    ),
    decided(
        "refused at customs",
        "reshipment",
        {**BOUNCED, "parcel": {"came_back_because": "customs_refusal"}},
        "approve",
        "not_delivered",
        outputs={"payer": "customer", "fee": "referred"},
    ),
    referred(
        "came back damaged",
        "reshipment",
        {**BOUNCED, "parcel": {"came_back_because": "damaged"}},
        "silent",
        "came_back_otherwise",
    ),
    referred(
        "not to be sent again",
        "reshipment",
        {**BOUNCED, "request.kind": "return", "request.reship_requested": False},
        "silent",
        "nothing_asked",
    ),
    decided(
        "whose mistake decides who pays, not whether",
        "reshipment",
        {**BOUNCED, "parcel.address_error_by": None},
        "approve",
        outputs={"payer": "needs_facts", "fee": "needs_facts"},
    ),
    needing("why it came back is unknown", "reshipment", {**BOUNCED, "parcel": None}, "parcel.came_back_because"),
]

OTHERS: list[Worked] = [
    referred("bulk order", "bulk_order", {"order.is_bulk": True}, "external_terms", "terms_apart"),
    decided("no bulk order", "bulk_order", {}, "ordinary", "ordinary_terms"),
    *(
        Worked("not spoken of", ask, {}, "not_covered", verdict="review")
        for ask in (
            "lost_parcel",
            "shipping_quote",
            "taxes_and_duties",
            "delivery_estimate",
            "payment_method",
            "price_match",
        )
    ),
]
