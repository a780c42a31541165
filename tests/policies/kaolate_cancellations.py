"""Worked requests about cancelling."""

from __future__ import annotations

from kaolate_cases import CANCEL, CUSTOM, DAY_LATER, HOUR_LATER, SECOND_TOO_LATE, Worked, decided, needing, referred

CANCELLATIONS: list[Worked] = [
    decided(
        "custom, at 1 h sharp",
        "cancellation",
        {**CUSTOM, **HOUR_LATER},
        "approve",
        "in_time",
        rests_on=("last_moment",),
    ),
    decided(
        "custom, 1 s after the hour",
        "cancellation",
        {**CUSTOM, "request.at": "2026-04-20T16:00:01-06:00"},
        "deny",
        "too_late",
    ),
    decided(
        "others, at 24 h sharp",
        "cancellation",
        {**CANCEL, **DAY_LATER},
        "approve",
        "in_time",
        outputs={"goods": "20.00 USD"},
    ),
    decided(
        "others, 1 s after 24 h",
        "cancellation",
        {**CANCEL, **SECOND_TOO_LATE},
        "deny",
        "too_late",
        outputs={"goods": None},
    ),
    decided(
        "24 hours really pass although the clocks change",
        "cancellation",
        {**CANCEL, "order.placed_at": "2026-03-07T12:00:00-07:00", "request.at": "2026-03-08T13:00:00-06:00"},
        "approve",
    ),
    decided(
        "a second more than 24 hours on the night of the change",
        "cancellation",
        {**CANCEL, "order.placed_at": "2026-03-07T12:00:00-07:00", "request.at": "2026-03-08T13:00:01-06:00"},
        "deny",
    ),
    decided(
        "custom, production begun within the hour",
        "cancellation",
        {**CUSTOM, "request.at": "2026-04-20T15:30:00-06:00", "line.production.begun": True},
        "deny",
        "production_begun",
    ),
    decided(
        "others, production begun within 24 h",
        "cancellation",
        {**CANCEL, **HOUR_LATER, "line.production.begun": True},
        "deny",
        "production_begun",
        rests_on=("begun_or_24h",),
    ),
    needing(
        "in time, but nobody said whether production has begun",
        "cancellation",
        {**CANCEL, **HOUR_LATER, "line.production": None},
        "request.lines[0].production.begun",
    ),
    decided(
        "too late, whatever the production",
        "cancellation",
        {**CANCEL, **SECOND_TOO_LATE, "line.production": None},
        "deny",
    ),
    decided(
        "in the first hour nobody need know whether it is custom",
        "cancellation",
        {**CANCEL, **HOUR_LATER, "assume": None, "order.is_bulk": False, "line.returned_before": 0},
        "approve",
    ),
    needing(
        "later it matters whether it is custom",
        "cancellation",
        {**CANCEL, **DAY_LATER, "assume": None, "order.is_bulk": False, "line.returned_before": 0},
        "request.lines[0].is_custom",
    ),
    needing("no time of purchase", "cancellation", {**CANCEL, "order.placed_at": None}, "order.placed_at"),
    referred(
        "custom and other goods after 5 h",
        "cancellation",
        {**CANCEL, "request.at": "2026-04-20T20:00:00-06:00"},
        "silent",
        "mixed_request",
        lines=({"line.is_custom": True},),
    ),
    decided(
        "custom and other goods within the hour",
        "cancellation",
        {**CANCEL, **HOUR_LATER},
        "approve",
        lines=({"line.is_custom": True},),
    ),
    decided(
        "custom and other goods after 24 h",
        "cancellation",
        {**CANCEL, **SECOND_TOO_LATE},
        "deny",
        lines=({"line.is_custom": True},),
    ),
    referred(
        "bulk order", "cancellation", {**CANCEL, **HOUR_LATER, "order.is_bulk": True}, "external_terms", "bulk_order"
    ),
    Worked(
        "ordered after the request: impossible",
        "cancellation",
        {**CANCEL, "order.placed_at": "2026-05-11T12:00:01-06:00"},
        "error",
        verdict="review",
    ),
]
