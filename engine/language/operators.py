"""The operator table: every construct of a condition, how it is written, what it takes and gives, what unknown does.

The formatter takes its precedences from here, the reference page its text, and the completeness tests of every consumer
their list. Meanings follow the evaluation semantics; nothing here is code that evaluates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How tightly a construct holds its parts together; the higher, the tighter."""

    IF = 1
    OR = 2
    AND = 3
    NOT = 4
    TEST = 5
    AT = 6
    NEAR = 7
    SUM = 8
    PRODUCT = 9
    MINUS = 10
    ATOM = 11


@dataclass(frozen=True, slots=True)
class Operator:
    """One construct.

    In `form` A, B, C, D are operands, N a name that stands for each member of the list L, W a window, Q a decision, O
    one of its outputs; a `where` part may be left out. `operands` gives, for A, B, ... in turn, the least precedence
    that stands there without brackets. `greedy` forms reach to the closing bracket or the end, so what follows one
    needs brackets round it. `node` is the class in `engine/language/surface.py`.
    """

    key: str
    group: str
    spelling: str
    form: str
    precedence: Level
    operands: tuple[Level, ...]
    node: str
    takes: str
    gives: str
    unknown: str
    doc: str
    example: str
    greedy: bool = False


_STRICT = "Unknown if any part is unknown."
_EVENT = "Unknown if any part is; an event that has not happened yet is known to lie later, which may settle it."
_BOOL = "a condition"
_SAME = "two values of one kind"
_ORDERED = "two numbers, percentages, amounts of one currency, lengths of time, dates, moments or ordered words"
_MOMENT = "a moment or date, a length of time, a moment or date"


def _logic(key: str, form: str, level: Level, operand: Level, doc: str, unknown: str, example: str) -> Operator:
    count = 1 if form.startswith("not") else 2
    node = "Not" if count == 1 else "Logic"
    takes = "a condition" if count == 1 else "two conditions or more"
    return Operator(key, "logic", key, form, level, (operand,) * count, node, takes, _BOOL, unknown, doc, example)


_LOGIC = (
    _logic("or", "A or B", Level.OR, Level.AND, "True if at least one part is true.",
           "True as soon as one part is true; otherwise unknown if any part is.",
           "line.is_custom or line.made_to_order"),
    _logic("and", "A and B", Level.AND, Level.NOT, "True if every part is true.",
           "False as soon as one part is false; otherwise unknown if any part is.",
           "not line.is_custom and time_to_ask is open"),
    _logic("not", "not A", Level.NOT, Level.NOT, "True if the part is false.", "Unknown stays unknown.",
           "not line.condition.tags_attached"),
    Operator("if", "logic", "if then else", "if A then B else C", Level.IF, (Level.IF,) * 3, "Conditional",
             "a condition and two values of one kind", "one of the two values",
             "An unknown condition gives unknown, unless both values are known and equal.",
             "The first value if the condition is true, the second if it is false.",
             "if shop_at_fault then order.shipping_paid else 0.00 USD", greedy=True),
)  # fmt: skip


def _test(key: str, spelling: str, takes: str, doc: str, example: str) -> Operator:
    operands = (Level.AT, Level.AT)
    form, unknown = f"A {spelling} B", _STRICT if key in ("equal", "not_equal") else _EVENT
    return Operator(
        key, "comparison", spelling, form, Level.TEST, operands, "Binary", takes, _BOOL, unknown, doc, example
    )


_COMPARISON = (
    _test("equal", "==", _SAME, "True if both are the same.", "line.category == 'swimwear'"),
    _test("not_equal", "!=", _SAME, "True if they differ.", "line.origin != 'exchange'"),
    _test("less", "<", _ORDERED, "True if the first is smaller or earlier.", "line.quantity < 3"),
    _test("less_or_equal", "<=", _ORDERED, "True if the first is not greater and not later.",
          "order.lines_total <= 750.00 USD"),
    _test("greater", ">", _ORDERED, "True if the first is greater or later.", "customer.return_rate > 40%"),
    _test("greater_or_equal", ">=", _ORDERED, "True if the first is not smaller and not earlier.",
          "order.total_paid >= 50.00 USD"),
    Operator("in_list", "comparison", "in", "A in [B, C]", Level.TEST, (Level.AT,) * 3, "Member",
             "a value and a list of values of its kind", _BOOL, "Unknown if the value is.",
             "True if the value is one of the list.", "line.category in ['swimwear', 'intimates']"),
    Operator("not_in_list", "comparison", "not in", "A not in [B, C]", Level.TEST, (Level.AT,) * 3, "Member",
             "a value and a list of values of its kind", _BOOL, "Unknown if the value is.",
             "True if the value is none of the list.", "order.ship_to.country not in ['US', 'CA']"),
    Operator("in_range", "comparison", "in ..", "A in B .. C", Level.TEST, (Level.AT,) * 3, "Member",
             "a value and a range of its kind", _BOOL, _EVENT,
             "True if the value lies in the range; the two dots include both ends. Also with `not in`.",
             "line.quantity in 2 .. 5"),
    Operator("in_named_list", "comparison", "in", "A in L", Level.TEST, (Level.AT,), "Member",
             "a value and the name of a list", _BOOL, "Unknown if the value or the list is.",
             "True if the value is one of a list that has a name.", "line.category in hygiene_goods"),
)  # fmt: skip


def _event(key: str, spelling: str, doc: str, unknown: str, example: str) -> Operator:
    happened = key.startswith(("happened", "not_happened"))
    return Operator(
        key,
        "events and windows",
        spelling,
        f"A {spelling}" if happened else f"W {spelling}",
        Level.TEST,
        (Level.AT,) if happened else (),
        "Happened" if happened else "WindowTest",
        "an event" if happened else "the name of a window",
        _BOOL,
        unknown,
        doc,
        example,
    )


_WINDOW = "Unknown as long as a missing fact could change the window's state."
_HAPPENED = "Unknown if nobody said; an event that has not happened yet is not unknown."
_EVENTS = (
    _event("happened", "has happened", "True if the event has happened by the time the facts were true.", _HAPPENED,
           "line.inspected_at has happened"),
    _event("not_happened", "has not happened", "True if the event had not happened yet.", _HAPPENED,
           "line.delivery.at has not happened"),
    _event("window_open", "is open", "True from the window's start to its last moment.", _WINDOW,
           "time_to_ask is open"),
    _event("window_not_open", "is not open", "True before the window begins and after it has passed.", _WINDOW,
           "time_to_ask is not open"),
    _event("window_passed", "has passed", "True once the window's last moment is over.", _WINDOW,
           "time_to_ask has passed"),
    _event("window_not_passed", "has not passed", "True before the window's last moment is over.", _WINDOW,
           "time_to_ask has not passed"),
    _event("window_begun", "has begun", "True from the window's start on, also after its end.", _WINDOW,
           "time_to_ask has begun"),
    _event("window_not_begun", "has not begun", "True before the window's start.", _WINDOW,
           "time_to_ask has not begun"),
)  # fmt: skip


def _timing(key: str, spelling: str, form: str, doc: str, example: str) -> Operator:
    return Operator(
        key, "timing", spelling, form, Level.TEST, (Level.AT,) * 3, "Timing", _MOMENT, _BOOL, _EVENT, doc, example
    )


_TIMING = (
    _timing("within_after", "within after", "A within B after C",
            "True from C on until B has gone by; both ends are in.",
            "request.at within 30 days after line.delivery.at"),
    _timing("within_before", "within before", "A within B before C",
            "True from B before C until C; both ends are in.", "request.at within 2 days before booking.on"),
    _timing("later_than_after", "later than after", "A later than B after C",
            "True once B after C has gone by.", "request.at later than 23 days after line.delivery.at"),
    _timing("at_least_after", "at least after", "A at least B after C",
            "True from B after C on.", "request.at at least 11 days after line.delivery.at"),
    _timing("at_least_before", "at least before", "A at least B before C",
            "True until B before C.", "request.at at least 5 days before booking.on"),
)  # fmt: skip


def _arithmetic(key: str, spelling: str, level: Level, takes: str, gives: str, doc: str, example: str) -> Operator:
    operands = (level, Level(level + 1))
    form = f"A {spelling} B"
    return Operator(key, "arithmetic", spelling, form, level, operands, "Binary", takes, gives, _STRICT, doc, example)


_ARITHMETIC = (
    _arithmetic("add", "+", Level.SUM,
                "numbers, percentages, amounts of one currency, lengths of time; a moment and a length",
                "the same kind; a moment or date", "The sum; a moment moved later.",
                "order.lines_total + order.shipping_paid"),
    _arithmetic("subtract", "-", Level.SUM,
                "numbers, percentages, amounts of one currency, lengths of time; a moment and a length",
                "the same kind; a moment or date", "The difference; a moment moved earlier.",
                "line.paid - restocking_fee"),
    _arithmetic("multiply", "*", Level.PRODUCT, "numbers; an amount, percentage or elapsed time and a number",
                "the kind that is no plain number", "The product.", "4.00 EUR * line.asked"),
    _arithmetic("divide", "/", Level.PRODUCT,
                "two numbers or two amounts of one currency; an amount or percentage and a number; not by zero",
                "a number, or the kind that was divided", "The quotient, exact; wrap it in `round(...)`.",
                "round(line.paid / 3, to 0.01 USD, half up)"),
    _arithmetic("percent_of", "of", Level.PRODUCT, "a percentage, and a number or amount",
                "a number or amount", "That share of the value.", "20% of order.total_paid"),
    Operator("negative", "arithmetic", "-", "-A", Level.MINUS, (Level.MINUS,), "Negative",
             "a number, percentage, amount or elapsed time", "the same kind", _STRICT, "The value with its sign turned.",
             "-5.00 EUR"),
)  # fmt: skip


def _list(key: str, form: str, takes: str, gives: str, unknown: str, doc: str, example: str) -> Operator:
    quantifier = key in ("any", "all")
    spelling = {"any": "any in has", "all": "all in has", "count": "count in"}.get(key, f"{key} of for in")
    return Operator(
        key=key,
        group="lists",
        spelling=spelling,
        form=form,
        precedence=Level.NOT if quantifier else Level.ATOM,
        operands=(Level.IF,) if key == "count" else (Level.IF, Level.IF),
        node="Quantifier" if quantifier else "Aggregate",
        takes=takes,
        gives=gives,
        unknown=unknown,
        doc=doc,
        example=example,
        greedy=True,
    )


_OVER = "a list of records and a condition on each"
_LIST_UNKNOWN = "Unknown if the list, a `where`, or a value that is not left out is unknown."
_LISTS = (
    _list("any", "any N in L where A has B", _OVER, _BOOL,
          "True as soon as one member is; otherwise unknown if any member is, or the list.",
          "True if at least one member has it; false for an empty list.",
          "any line in order.lines has line.is_preorder"),
    _list("all", "all N in L where A has B", _OVER, _BOOL,
          "False as soon as one member is; otherwise unknown if any member is, or the list.",
          "True if every member has it; true for an empty list.",
          "all line in request.lines where line.asked > 0 has line.condition.unworn"),
    _list("count", "count N in L where A", _OVER, "a whole number", _LIST_UNKNOWN,
          "How many members there are, or how many pass `where`.", "count line in order.lines where line.is_custom"),
    _list("sum", "sum of A for N in L where B", "a number, amount or elapsed time for each member", "the same kind",
          _LIST_UNKNOWN, "The sum over the members; zero for an empty list.",
          "sum of line.paid for line in request.lines where line.reason_category == 'defect'"),
    _list("min", "min of A for N in L where B", "an ordered value for each member", "the same kind",
          _LIST_UNKNOWN + " An error for an empty list.", "The smallest or earliest value.",
          "min of line.paid for line in order.lines"),
    _list("max", "max of A for N in L where B", "an ordered value for each member", "the same kind",
          _LIST_UNKNOWN + " An error for an empty list.", "The greatest or latest value.",
          "max of box.delivered_at for box in order.parcels"),
)  # fmt: skip


def _extreme(word: str, takes: str, doc: str, example: str) -> Operator:
    unknown = "Unknown if any part is; compared with something, it is settled as soon as the parts known settle it."
    operands = (Level.IF, Level.IF)
    form = f"{word} of (A, B)"
    key = f"{word}_of"
    return Operator(
        key,
        "choosing",
        f"{word} of",
        form,
        Level.ATOM,
        operands,
        "Extreme",
        takes,
        "the same kind",
        unknown,
        doc,
        example,
    )


_NUMBERS = "two or more numbers, percentages, elapsed times, or amounts of one currency"
_DAYS = "two or more dates or moments"
_CHOOSING = (
    _extreme("greater", _NUMBERS, "The greatest of them.", "greater of (5.00 USD, 10% of line.paid)"),
    _extreme("lesser", _NUMBERS, "The smallest of them.", "lesser of (order.shipping_paid, 20.00 USD)"),
    _extreme("later", _DAYS, "The latest of them.", "later of (order.placed_at, line.shipment.shipped_at)"),
    _extreme("earlier", _DAYS, "The earliest of them.", "earlier of (booking.returned_at, request.at)"),
)


def _between(unit: str, takes: str, gives: str, doc: str, example: str) -> Operator:
    return Operator(
        unit.replace(" ", "_") + "_from",
        "dates",
        f"{unit} from to",
        f"{unit} from A to B",
        Level.ATOM,
        (Level.AT, Level.MINUS),
        "Between",
        takes,
        gives,
        _STRICT,
        doc,
        example,
    )


_TWO = "two dates or moments"
_DATES = (
    _between("days", _TWO, "a whole number", "Local days from the first to the second; negative if it comes before.",
             "days from booking.due_back_on to booking.returned_at"),
    _between("business days", _TWO, "a whole number", "Business days of the policy's calendar between the two.",
             "business days from order.placed_at to line.shipment.shipped_at"),
    _between("months", _TWO, "a whole number", "Whole months between the two; month ends clamp.",
             "months from subscription.started_at to request.at"),
    _between("elapsed", "two moments", "elapsed time", "Absolute time between the two.",
             "elapsed from order.placed_at to request.at"),
    Operator("date_of", "dates", "date", "date(A)", Level.ATOM, (Level.IF,), "DateOf", "a moment", "a date", _STRICT,
             "The local date of a moment, in the policy's zone.", "date(order.placed_at) == 2026-03-06"),
)  # fmt: skip


def _part(word: str, gives: str, doc: str, example: str) -> Operator:
    takes = "a moment" if word == "time" else _DAY
    key, spelling = f"{word.replace(' ', '_')}_of", f"{word} of"
    level = Level.MINUS
    return Operator(
        key, "calendar", spelling, f"{spelling} A", level, (level,), "PartOf", takes, gives, _STRICT, doc, example
    )


def _at(key: str, zone: str, doc: str, example: str) -> Operator:
    form, level = f"A at 18:00{zone}", Level.AT
    return Operator(
        key, "calendar", "at", form, level, (Level.NEAR,), "AtTime", _DAY, "a moment", _STRICT, doc, example
    )


def _near(side: str, where: str, pattern: str, doc: str, example: str) -> Operator:
    form, level = f"{side} {pattern} {where} A", Level.NEAR
    spelling = f"{side} {where}"
    return Operator(
        f"{side}_day", "calendar", spelling, form, level, (level,), "NearDay", _DAY, "a date", _STRICT, doc, example
    )


_DAY = "a date or moment"
_CHANGED = (
    "A time that a clock change skips is read with the offset before it; of one that occurs twice it is the first."
)
_PATTERNS = (
    "The pattern is `day 8`, `Friday`, `5 March`, `business day` or `last day of the month`; a day that the month "
)
_CALENDAR = (
    _part("weekday", "a word: `'Monday'` to `'Sunday'`", "The day of the week.",
          "weekday of request.at in ['Saturday', 'Sunday']"),
    _part("day of month", "a whole number", "The day of the month, 1 to 31.", "day of month of booking.on <= 15"),
    _part("month", "a whole number", "The month, 1 to 12.", "month of order.placed_at == 12"),
    _part("year", "a whole number", "The year.", "year of booking.on > year of order.placed_at"),
    _part("time", "a time of day", "What clocks in the policy's zone show; unknown where only the day is known.",
          "time of request.at < 08:30"),
    _part("start", "a moment", "The first moment of the day, in the policy's zone.", "request.at < start of booking.on"),
    _part("end", "a moment", "The first moment of the next day, in the policy's zone.",
          "request.at < end of booking.on"),
    _at("at", "", "That time of the day, in the policy's zone. " + _CHANGED, "request.at <= booking.on at 18:00"),
    _at("at_zone", " Europe/Lisbon", "That time of the day, in the zone that is named.",
        "request.at <= booking.on at 18:00 Europe/Lisbon"),
    _near("first", "on or after", "business day", "The nearest such day, not before it. " + _PATTERNS +
          "lacks is its last one.", "first business day on or after order.placed_at + 30 days"),
    _near("last", "on or before", "day 8", "The nearest such day, not after it, with the same patterns.",
          "last Friday on or before booking.on"),
    Operator("falls_in", "calendar", "falls in", "A falls in 10 November .. 20 December", Level.TEST, (Level.AT,),
             "FallsIn", _DAY, _BOOL, _STRICT,
             "True from the first of the two days to the last, both in, in every year; it may run over the new year.",
             "order.placed_at falls in 10 November .. 6 January"),
)  # fmt: skip

_MONEY = (
    Operator("round", "rounding", "round to", "round(A, to B, half up)", Level.ATOM, (Level.IF, Level.AT), "Round",
             "a number or amount, and the step to round to", "the same kind", _STRICT,
             "The nearest multiple of the step: `half up`, `half even`, `up` (from zero) or `down` (to zero).",
             "round(15% of line.paid, to 0.01 USD, half up)"),
    Operator("share", "rounding", "share", "share(A, B, C, D)", Level.ATOM, (Level.IF,) * 4, "Share",
             "an amount, the units meant, all units, the units dealt with before", "an amount", _STRICT,
             "The part of an amount that belongs to these units; the parts of all units add up to the amount.",
             "share(line.paid, line.asked, line.quantity, line.returned_before)"),
)  # fmt: skip

_SPREAD = (
    Operator("share_of", "rounding", "share of for among by", "share of A for N among L by B", Level.ATOM,
             (Level.IF, Level.IF), "ShareOf",
             "an amount, a member, a list it belongs to, and a number or amount for each of the list", "an amount",
             "Unknown if the amount or any of the weights is, or which member it is.",
             "This member's part of the amount, in proportion to the weights; the parts of all members add up to it.",
             "share of order.shipping_paid for line among order.lines by line.paid", greedy=True),
)  # fmt: skip

_READS = (
    Operator("output_read", "decisions", "( ).", "Q(N).O", Level.ATOM, (), "OutputRead",
             "a member of a list, an option, or both", "the output's kind",
             "Unknown, with its causes, until that output is settled.",
             "Another decision's output, for a member of a list or for an option.",
             "return(refund).outcome == 'approve'"),
)  # fmt: skip

OPERATORS: tuple[Operator, ...] = (
    *_LOGIC, *_COMPARISON, *_EVENTS, *_TIMING, *_ARITHMETIC, *_LISTS, *_CHOOSING, *_DATES, *_CALENDAR, *_MONEY,
    *_SPREAD, *_READS,
)  # fmt: skip

RESERVED: frozenset[str] = frozenset(
    [
        "after",
        "all",
        "and",
        "any",
        "before",
        "count",
        "date",
        "else",
        "false",
        "for",
        "has",
        "if",
        "in",
        "not",
        "null",
        "of",
        "or",
        "over",
        "round",
        "share",
        "then",
        "to",
        "true",
        "under",
        "where",
        "within",
    ]
)
"""Words that are no names when they stand alone; after a dot they stay usable."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_name(text: str) -> bool:
    """Whether a text can be the name of something: letters, digits and underscores, no digit first, not reserved."""
    return _NAME.fullmatch(text) is not None and text not in RESERVED
