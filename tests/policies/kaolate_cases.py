"""Worked requests for Kaolate: what is changed in an ordinary case, and what the answer must be.

The ordinary case: two shirts for 40.00 USD in all (tax in), 6.00 USD postage, delivered in Denver on 1 May 2026 at 18:30.
On 11 May the customer asks for a refund of one of them, which is faulty.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

Facts = dict[str, Any]

BASE: Facts = {
    "assume": ["nothing_unusual"],
    "order": {
        "id": "o-1",
        "currency": "USD",
        "placed_at": "2026-04-20T15:00:00-06:00",
        "item_count": 4,
        "shipping_paid": "6.00",
        "shipping_refunded": "0.00",
        "ship_to": {"country": "US", "timezone": "America/Denver"},
        "tenders": [{"kind": "card", "captured": "86.00", "refunded": "0.00"}],
    },
    "request": {
        "at": "2026-05-11T12:00:00-06:00",
        "evidence": {"order_number": True, "photos": True},
        "lines": [
            {
                "id": "l-1",
                "category": "clothing",
                "quantity": 2,
                "asked": 1,
                "paid": "40.00",
                "list_price": "25.00",
                "remedy": "refund",
                "reason_category": "defect",
                "production": {"begun": False},
                "shipment": {"shipped_at": "2026-04-24T09:00:00-06:00"},
                "delivery": {"status": "delivered", "at": "2026-05-01T18:30:00-06:00"},
                "condition": {"unworn": True, "unwashed": True, "undamaged": True, "original_packaging": True},
            }
        ],
    },
}


@dataclass(frozen=True)
class Worked:
    """A request and its answer. `given` changes facts by path (`line.` is the first line; None takes a fact away);
    `lines` adds lines that differ from the first one in this. `by` are rules that must speak for the headline."""

    name: str
    ask: str
    given: Facts
    status: str
    value: Any = None
    by: tuple[str, ...] = ()
    verdict: str | None = None
    kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    outputs: Facts = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    rests_on: tuple[str, ...] = ()
    lines: tuple[Facts, ...] = ()


def document(given: Facts, lines: tuple[Facts, ...] = ()) -> Facts:
    """The ordinary case with facts changed, and more lines like its first one."""
    case = copy.deepcopy(BASE)
    for path, value in given.items():
        _set(case, path, value)
    for number, changed in enumerate(lines, start=2):
        line = copy.deepcopy(case["request"]["lines"][0])
        line["id"] = f"l-{number}"
        case["request"]["lines"].append(line)
        for path, value in changed.items():
            _set({"request": {"lines": [line]}}, path, value)
    return case


def _set(case: Facts, path: str, value: Any) -> None:
    names = path.split(".")
    here = case
    if names[0] == "line":
        here, names = case["request"]["lines"][0], names[1:]
    for name in names[:-1]:
        here = here.setdefault(name, {})
    if value is None:
        here.pop(names[-1], None)
    else:
        here[names[-1]] = copy.deepcopy(value)


def decided(name: str, ask: str, given: Facts, value: Any, *by: str, **more: Any) -> Worked:
    """A request whose answer is settled."""
    return Worked(name, ask, given, "decided", value, by, **more)


def referred(name: str, ask: str, given: Facts, kind: str, *by: str, **more: Any) -> Worked:
    """A request that a person decides."""
    return Worked(name, ask, given, "referred", by=by, kinds=(kind,), verdict="review", **more)


def needing(name: str, ask: str, given: Facts, *needs: str, **more: Any) -> Worked:
    """A request that waits for facts."""
    return Worked(name, ask, given, "needs_facts", needs=needs, verdict="review", **more)


WORN = {"line.condition.unworn": False}
LATE = {"request.at": "2026-06-01T00:00:00-06:00"}
WISH = {
    "line.reason_category": "preference",
    "line.remedy": "exchange",
    "line.exchange": {"change": "size", "in_stock": True},
}
GONE = {**WISH, "line.exchange": {"change": "size", "in_stock": False, "accepts_alternative": False}}
BACK = {
    "stage": "inspected",
    "as_of": "2026-05-22T12:00:00-06:00",
    "request.authorised": True,
    "request.evidence.form_enclosed": True,
    "request.evidence.trackable": True,
    "line.sent_back_at": "2026-05-13T12:00:00-06:00",
    "line.received_at": "2026-05-18T12:00:00-06:00",
    "line.inspected_at": "2026-05-19T12:00:00-06:00",
    "line.inspection": {"fault_found": True, "customer_damage": False},
}
PAID = {**BACK, "stage": "concluded", "refund.approved_at": "2026-05-20T09:00:00-06:00", "refund.arrived": False}
CANCEL = {
    "line.remedy": None,
    "line.reason_category": None,
    "line.delivery": {"status": "in_transit"},
    "line.shipment": None,
    "line.condition": None,
}
CUSTOM = {**CANCEL, "line.is_custom": True}
HOUR_LATER = {"request.at": "2026-04-20T16:00:00-06:00"}
DAY_LATER = {"request.at": "2026-04-21T15:00:00-06:00"}
SECOND_TOO_LATE = {"request.at": "2026-04-21T15:00:01-06:00"}
BOUNCED = {
    "parcel": {"came_back_because": "incorrect_address", "address_error_by": "customer"},
    "request.kind": "reshipment",
    "request.reship_item_count": 3,
}
