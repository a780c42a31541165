"""Values that made conditions hold: ordinary ones, and those at the edges of ranges and past them."""

DATES = (
    *("2026-03-08", "2026-11-01", "2026-03-29", "2026-10-25", "2024-02-29", "2026-02-28", "2026-05-01", "2026-12-31"),
    *("2026-01-31", "1970-01-01", "1899-12-31", "1900-01-01", "1999-12-31", "2000-01-01", "2100-01-01", "2099-12-31"),
    *("2199-12-31", "2200-01-01", "0001-01-01", "9999-12-31", "1582-10-15", "2011-12-30", "2026-04-05", "2015-01-01"),
)
"""Days at clock changes, month ends, and the edges of ranges (Samoa left out 30 December 2011)."""

INSTANTS = (
    *("2026-03-08T02:30:00-07:00", "2026-03-08T09:00:00Z", "2026-11-01T01:30:00-06:00", "2026-11-01T01:30:00-07:00"),
    *("2026-05-01T10:00:00-06:00", "2026-06-01T05:59:59Z", "2026-06-01T06:00:00Z", "2026-03-29T02:30:00+01:00"),
    *("1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00", "2099-12-31T23:59:59.999999Z", "2026-05-31T12:00:00Z"),
    *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2011-12-30T12:00:00Z", "2026-02-29T00:00:00Z"),
)
NUMBERS = (
    *("0", "1", "2", "3", "7", "10", "30", "100", "-1", "0.5", "2.5", "0.005", "0.333333333333333333333333"),
    *("999999999999", "1000000000000000", "999999999999999999999999", "0.000000000000000000000001", "12.34"),
)
CURRENCIES = ("USD", "USD", "USD", "EUR", "JPY", "KWD", "CLF", "XAU", "ZZZ")
PLAIN_DATES = ("2026-03-08", "2026-11-01", "2024-02-29", "2026-05-01", "2026-12-31", "2000-01-01", "2099-12-31")
PLAIN_INSTANTS = (
    "2026-03-08T02:30:00-07:00",
    "2026-11-01T01:30:00-06:00",
    "2026-06-01T05:59:59Z",
    "2026-05-20T09:00:00Z",
)
PLAIN_NUMBERS = ("0", "1", "2", "3", "10", "100", "0.5", "2.5")
PLAIN_PERIODS = ("30 days", "0 days", "1 day", "2 weeks", "1 month", "18 months", "1 year")
PLAIN_ELAPSED = ("24 hours", "1 hour", "0 hours", "90 minutes", "1000 hours")
PERIODS = (
    *("30 days", "0 days", "1 day", "2 weeks", "1 month", "18 months", "1 year", "100 years", "3 business days"),
    *("0 business days", "100000 days", "9999 months", "999999999999 days", "1000 business days", "5 business days"),
)
ELAPSED = ("24 hours", "1 hour", "0 hours", "90 minutes", "1 minute", "1000000 hours", "99999999999999 hours")
CLOCKS = ("00:00", "02:30", "08:30", "18:00", "23:59:59", "24:00", "8:30", "25:61", "12:00:60")
PATTERNS = (
    "day 8",
    "day 31",
    "day 32",
    "Friday",
    "friday",
    "29 February",
    "31 February",
    "business day",
    "last day",
    "x",
)
YEAR_DAYS = ("1 January", "29 February", "10 November", "31 December", "31 April", "0 May", "99 June")
LISTS: dict[str, dict[str, tuple[str, ...]]] = {
    "request.lines": {
        "boolean": ("is_custom", "condition.unworn", "is_final_sale"),
        "money": ("paid", "unit_price"),
        "number": ("quantity", "asked"),
        "percent": ("discount_depth",),
        "moment": ("delivery.at", "sent_back_at"),
        "date": ("delivery.promised_on",),
    },
    "order.lines": {"boolean": ("is_custom", "is_preorder"), "money": ("paid", "tax_total"), "number": ("quantity",)},
    "order.tenders": {"boolean": ("usable",), "money": ("captured", "refunded"), "moment": ("captured_at",)},
    "order.parcels": {
        "boolean": ("tracked", "signed"),
        "money": ("insured_value",),
        "number": ("weight_kg", "item_count"),
        "moment": ("delivered_at", "shipped_at"),
    },
    "customer.orders": {"boolean": ("returned",), "money": ("total",)},
}
EXOTIC = ("Ω", "a b", "it''s", "", "x" * 300, "😀", "\u202e", "deny", "DE", "America/Denver", "review", "not stated")
