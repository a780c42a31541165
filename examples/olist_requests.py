"""Turns orders of the Olist data set into requests: one case a line, ready for `policy-engine decide --ndjson`.

    python examples/olist_requests.py --question return ../shared/data/olist > returns.ndjson

The folder holds `orders.csv`, `order_items.csv`, `order_payments.csv`, `customers.csv` and `products.csv` as Olist
publishes them (CC BY-NC-SA 4.0; they are not part of this project).

What is taken from the data
    All times are local times of Brazil without a zone: they get the offset of America/Sao_Paulo. Amounts are in BRL;
    `--currency USD` passes the same figures on as dollars, to see what a shop that sells in dollars would answer. Each
    row of `order_items.csv` is one unit, and so one line. What does not fit together is passed on as it is: delivered
    without a date, delivered before the hand-over to the carrier, payments that are not what goods and freight cost,
    orders without lines. The policy's checks name it.
What is invented, since the data set has no requests
    When it is asked, why, what is wanted instead, photos, the state of the goods. Each follows from a digest of the
    order's id: the same order always gives the same request. Some of it is left out on purpose, as in real life.
    The shop is known to sell from stock: production has not begun, and `nothing_unusual` is assumed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

Row = dict[str, str]

ZONE = ZoneInfo("America/Sao_Paulo")

ORDER_STATUS = {
    "created": "placed",
    "approved": "paid",
    "invoiced": "processing",
    "processing": "processing",
    "shipped": "shipped",
    "delivered": "delivered",
    "canceled": "cancelled",
}
"""Olist's words in the shared vocabulary. `unavailable` has no counterpart and stays as it is."""

TENDERS = {"credit_card": "card", "debit_card": "card", "boleto": "bank", "voucher": "gift_card"}
"""`not_defined` has no counterpart: the kind is left out, since nobody knows it."""

CATEGORIES = {
    "beleza_saude": "beauty",
    "perfumaria": "beauty",
    "cama_mesa_banho": "home",
    "utilidades_domesticas": "home",
    "moveis_decoracao": "furniture",
    "moveis_escritorio": "furniture",
    "moveis_sala": "furniture",
    "brinquedos": "toys",
    "fashion_calcados": "footwear",
    "fashion_bolsas_e_acessorios": "accessories",
    "fashion_roupa_masculina": "clothing",
    "fashion_roupa_feminina": "clothing",
    "fashion_underwear_e_moda_praia": "intimates",
    "informatica_acessorios": "electronics",
    "eletronicos": "electronics",
    "telefonia": "electronics",
    "alimentos": "food",
    "livros_interesse_geral": "books",
    "livros_tecnicos": "books",
}
"""Categories that are plainly the same; all others keep Olist's name."""

ZONES_OF_STATES = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "MA": "America/Fortaleza",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "SE": "America/Maceio",
    "TO": "America/Araguaina",
    **dict.fromkeys(("DF", "ES", "GO", "MG", "PR", "RJ", "RS", "SC", "SP"), "America/Sao_Paulo"),
}
"""Amazonas and Para have two zones each, so a customer's is not known from the state: it is left out."""

REASONS = (
    ("defective", "defect"),
    ("damaged", "transit_damage"),
    ("wrong_item", "not_as_ordered"),
    ("too_small", "customer_mistake"),
    ("colour", "preference"),
    ("unwanted", "change_of_mind"),
    ("other", None),  # a reason that tells nothing about whose fault it is
)
REMEDIES = ("refund", "refund", "exchange", "store_credit", "replacement")


class Draws:
    """Choices that follow from a key: the same key always gives the same ones, on every machine."""

    def __init__(self, key: str) -> None:
        self._key = key

    def below(self, most: int, what: str) -> int:
        """A whole number from 0 up to but not including `most`; `what` tells the choices of a key apart."""
        digest = hashlib.sha256(f"{self._key}/{what}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % most


def instant(text: str) -> str | None:
    """A local time of Olist with its offset; None if the field is empty. A doubled hour is taken as the first one."""
    return at(text).isoformat() if text else None


def at(text: str) -> datetime:
    """A local time of Olist as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def later(moment: datetime, by: timedelta) -> datetime:
    """The moment so much real time later."""
    utc = ZoneInfo("UTC")
    return (moment.astimezone(utc) + by).astimezone(ZONE)


def total(amounts: Iterable[str]) -> str:
    """The exact sum of amounts."""
    return str(sum((Decimal(one) for one in amounts), Decimal("0.00")))


class Orders:
    """The data set's files, joined. Only the orders themselves are read one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.items = self._grouped("order_items.csv", "order_item_id")
        self.payments = self._grouped("order_payments.csv", "payment_sequential")
        self.customers = {row["customer_id"]: row for row in self._rows("customers.csv")}
        self.categories = {row["product_id"]: row["product_category_name"] for row in self._rows("products.csv")}

    def __iter__(self) -> Iterator[Row]:
        return self._rows("orders.csv")

    def _rows(self, name: str) -> Iterator[Row]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)

    def _grouped(self, name: str, number: str) -> dict[str, list[Row]]:
        groups: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._rows(name):
            groups[row["order_id"]].append(row)
        return {order: sorted(rows, key=lambda row: int(row[number])) for order, rows in groups.items()}

    def facts(self, row: Row) -> dict[str, object]:
        """The facts about an order as they stood when the data set was made."""
        items, payments = self.items.get(row["order_id"], []), self.payments.get(row["order_id"], [])
        state = self.customers.get(row["customer_id"], {}).get("customer_state")
        return {
            "id": row["order_id"],
            "placed_at": instant(row["order_purchase_timestamp"]),
            "paid_at": instant(row["order_approved_at"]),
            "channel": "marketplace",
            "status": ORDER_STATUS.get(row["order_status"], row["order_status"]),
            "promised_on": row["order_estimated_delivery_date"][:10] or None,
            "taxes_included": True,
            "ship_to": {"country": "BR", "region": state, "timezone": ZONES_OF_STATES.get(state or "")},
            "lines": [self.line(row, item) for item in items],
            "item_count": len(items),
            "lines_total": total(item["price"] for item in items),
            "shipping_paid": total(item["freight_value"] for item in items),
            "shipping_refunded": "0.00",
            "total_paid": total(payment["payment_value"] for payment in payments) if payments else None,
            "tenders": [tender(payment) for payment in payments] or None,  # no row tells nothing: it is not paid 0.00
        }

    def line(self, row: Row, item: Row) -> dict[str, object]:
        """One unit of an order."""
        category = self.categories.get(item["product_id"], "")
        arrived = row["order_delivered_customer_date"]
        known = row["order_status"] == "delivered" or arrived
        sent = {"shipped": "in_transit"}.get(row["order_status"])
        return {
            "id": item["order_item_id"],
            "sku": item["product_id"],
            "seller": item["seller_id"],
            "category": CATEGORIES.get(category, category) or None,
            "quantity": 1,
            "unit_price": item["price"],
            "paid": item["price"],
            "production": {"begun": False},
            "shipment": {"shipped_at": instant(row["order_delivered_carrier_date"])},
            "delivery": {"status": "delivered" if known else sent, "at": instant(arrived)},
        }


def tender(payment: Row) -> dict[str, object]:
    """One payment of an order."""
    kind = TENDERS.get(payment["payment_type"])
    return {"id": payment["payment_sequential"], "kind": kind, "captured": payment["payment_value"], "refunded": "0.00"}


def return_request(row: Row, order: dict[str, object]) -> dict[str, object]:
    """A return is asked for up to 44 days after delivery, or after the day it was promised for, or after the purchase."""
    draws = Draws(row["order_id"])
    known = (
        row["order_delivered_customer_date"] or row["order_estimated_delivery_date"] or row["order_purchase_timestamp"]
    )
    start = max(at(known), at(row["order_delivered_carrier_date"] or known))
    asked = later(start, timedelta(days=draws.below(45, "days"), minutes=draws.below(1440, "minutes")))
    lines = [return_line(line, Draws(f"{row['order_id']}/{line['id']}")) for line in lines_of(order)]
    evidence = {"order_number": True, "reason": True, "photos": (True, True, False, None)[draws.below(4, "photos")]}
    return {"kind": "return", "at": asked.isoformat(), "channel": "portal", "evidence": evidence, "lines": lines}


def return_line(line: dict[str, object], draws: Draws) -> dict[str, object]:
    """What is asked of one line of a return."""
    reason, category = REASONS[draws.below(len(REASONS), "reason")]
    remedy = REMEDIES[draws.below(len(REMEDIES), "remedy")]
    asked: dict[str, object] = {"id": line["id"], "asked": 1, "remedy": remedy, "reason": reason}
    asked["reason_category"] = category
    if draws.below(5, "condition"):  # one in five does not say
        parts = ("unworn", "unwashed", "undamaged", "original_packaging")
        asked["condition"] = {"source": "claimed"} | {part: draws.below(12, part) > 0 for part in parts}
    if remedy == "exchange":
        change = ("size", "colour", "other_product")[draws.below(3, "change")]
        asked["exchange"] = {"change": change, "in_stock": draws.below(4, "stock") > 0, "same_value": True}
    return asked


def cancellation_request(row: Row, order: dict[str, object]) -> dict[str, object]:
    """A cancellation of the whole order is asked for within two days of the purchase."""
    asked = later(at(row["order_purchase_timestamp"]), timedelta(minutes=Draws(row["order_id"]).below(2880, "minutes")))
    lines = [{"id": line["id"], "asked": 1} for line in lines_of(order)]
    return {"kind": "cancellation", "at": asked.isoformat(), "channel": "portal", "whole_order": True, "lines": lines}


def lines_of(order: dict[str, object]) -> list[dict[str, object]]:
    lines = order["lines"]
    assert isinstance(lines, list)
    return lines


def as_of(facts: object, moment: datetime) -> object:
    """Facts as they stood at a moment: an event that came later has not happened by then; empty fields are left out."""
    if isinstance(facts, list):
        return [as_of(one, moment) for one in facts]
    if not isinstance(facts, dict):
        return facts
    known: dict[str, object] = {}
    for key, value in facts.items():
        if (key == "at" or key.endswith("_at")) and isinstance(value, str) and datetime.fromisoformat(value) > moment:
            known[key] = {"not_by": moment.isoformat()}
        elif value is not None:
            known[key] = as_of(value, moment)
    return known


def case(orders: Orders, row: Row, question: str, currency: str = "BRL") -> dict[str, object]:
    """The case of one order: what was known when the request was made."""
    order = orders.facts(row) | {"currency": currency}
    request = (return_request if question == "return" else cancellation_request)(row, order)
    moment = datetime.fromisoformat(str(request["at"]))
    if question == "cancellation":
        del order["status"]  # it is the one of a later day
        for line in lines_of(order):
            line["delivery"] = {"at": instant(row["order_delivered_customer_date"])}
    return {
        "assume": ["nothing_unusual"],
        "order": as_of(order, moment),
        "request": as_of(request, moment),
    }


def main() -> None:
    """Write the requests to standard output."""
    parser = argparse.ArgumentParser(description="Olist orders as requests, one JSON object a line.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/olist"))
    parser.add_argument("--question", choices=["return", "cancellation"], default="return")
    parser.add_argument("--currency", default="BRL", help="pass the figures on in this currency, unconverted")
    options = parser.parse_args()
    try:
        orders = Orders(options.folder)
        for row in orders:
            sys.stdout.write(
                json.dumps(case(orders, row, options.question, options.currency), ensure_ascii=False) + "\n"
            )
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read this has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except FileNotFoundError as error:
        sys.exit(f"there is no {error.filename}: name the folder with Olist's files")


if __name__ == "__main__":
    main()
