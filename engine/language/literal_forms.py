"""How values, names, lists and ranges are written: the part of the operator table that has no operators."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiteralForm:
    """One way to write a value, a name or a range: a node that has no operator of its own."""

    key: str
    spelling: str
    node: str
    example: str
    meaning: str


LITERALS: tuple[LiteralForm, ...] = (
    LiteralForm("word", "'word'", "Literal", "'swimwear'", "A word or text; a quote inside it is doubled."),
    LiteralForm("integer", "3", "Literal", "3", "A whole number, up to 24 digits, without separators."),
    LiteralForm("decimal", "2.5", "Literal", "2.5", "An exact decimal number with a point."),
    LiteralForm("percent", "20%", "Literal", "20%", "A percentage; 20% is one fifth."),
    LiteralForm("money", "20.00 USD", "Literal", "20.00 USD", "An amount with its ISO 4217 currency code."),
    LiteralForm("elapsed", "24 hours", "Literal", "24 hours", "Absolute time, in hours or minutes."),
    LiteralForm("period", "30 days", "Literal", "30 days",
                "A calendar period: days, weeks (7 days), months, years (12 months), business days."),
    LiteralForm("period_range", "3 to 10 business days", "Literal", "3 to 10 business days",
                "A range of calendar periods, for deadlines."),
    LiteralForm("date", "2026-03-06", "Literal", "2026-03-06", "A local date."),
    LiteralForm("instant", "2026-03-06T09:00:00+01:00", "Literal", "2026-03-06T09:00:00+01:00",
                "A moment with its offset from UTC."),
    LiteralForm("time", "18:00", "Literal", "time of request.at >= 18:00", "A time of day, 00:00 to 23:59."),
    LiteralForm("true", "true", "Literal", "true", "Always so."),
    LiteralForm("false", "false", "Literal", "false", "Never so."),
    LiteralForm("name", "order.total_paid", "Name", "order.total_paid",
                "A fact, define, parameter, part of a window, table result or other output; dots lead inwards."),
    LiteralForm("list", "['a', 'b']", "WordList", "line.category in ['swimwear', 'beauty']",
                "A list of values, after `in`."),
    LiteralForm("range_between", "3 .. 10", "Range", "line.quantity in 3 .. 10", "From 3 to 10, both in."),
    LiteralForm("range_from", "3 ..", "Range", "line.quantity in 3 ..", "3 or more."),
    LiteralForm("range_to", ".. 10", "Range", "line.quantity in .. 10", "10 or less; `to 10` is the same."),
    LiteralForm("range_over", "over 20", "Range", "line.quantity in over 20", "More than 20."),
    LiteralForm("range_under", "under 20", "Range", "line.quantity in under 20", "Less than 20."),
    LiteralForm("range_over_to", "over 10 to 20", "Range", "line.quantity in over 10 to 20", "More than 10, up to 20."),
    LiteralForm("range_to_under", "10 to under 20", "Range", "line.quantity in 10 to under 20",
                "From 10, less than 20."),
    LiteralForm("range_over_to_under", "over 10 to under 20", "Range", "line.quantity in over 10 to under 20",
                "More than 10, less than 20."),
)  # fmt: skip
"""How values, names, lists and ranges are written."""
