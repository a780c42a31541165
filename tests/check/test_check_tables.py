"""Tables: cells that fit their columns, rows that disagree, results that are words, amounts or formulas."""

from __future__ import annotations

import pytest
from check_support import codes, decision, found, messages, policy, program

from engine.language import core as c
from engine.language.walk import below, rule_parts


def _table(column: str, *cells: str, gives: str = "decimal", results: tuple[str, ...] = ()) -> str:
    """A policy with a table of one column; each row gives another number, unless `results` says what."""
    values = results or tuple(str(i) for i in range(len(cells)))
    rows = ", ".join(
        f"r{i}: {{k: {cell}, v: {value}}}" for i, (cell, value) in enumerate(zip(cells, values, strict=True))
    )
    top = f"tables: {{t: {{looks_at: {{k: {column}}}, gives: {{v: {gives}}}, rows: {{{rows}}}}}}}"
    rules = "{one: {then: {outcome: approve, value: t.v}}}"
    roll_up = "each, combine: all" if "list_of" in gives else "each"
    return policy(decision(rules, f"value: {{type: {gives}, roll_up: {roll_up}}}"), top=top)


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("line.quantity", ("1", "2")),
        ("line.quantity", ("to 10", "over 10")),
        ("line.quantity", ("under 10", "10 ..")),
        ("line.quantity", ("over 9 to under 11", "11 ..", "to 9")),
        ("line.hours_used", ("over 10 to under 11", "10", "11")),
        ("line.hours_used", ("to 10", "over 10")),
        ("line.hours_used", ("1 .. 2", "over 2 to 3")),
        ("line.paid", ("to 28.00 EUR", "over 28.00 EUR")),
        ("line.discount_depth", ("to 20%", "over 20%")),
        ("line.warranty_until", ("to 2026-01-01", "2026-01-02 ..")),
        ("line.is_custom", ("true", "false")),
        ("line.origin", ("sale", "exchange", "any other")),
        ("line.category", ("[shoes, bags]", "clothing", "any other")),
        ("line.production.status", ("not_started", "materials_ordered .. done")),
        ("line.sku", ("A-1", "B-2")),
        ("elapsed from order.placed_at to request.at", ("to 24 hours", "over 24 hours")),
    ],
)
def test_rows_that_do_not_meet(column: str, cells: tuple[str, ...]) -> None:
    assert codes(_table(column, *cells)) == []


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("line.quantity", ("1", "any")),
        ("line.quantity", ("1", "[3, 2, 1]")),
        ("line.quantity", ("to 10", "10 ..")),
        ("line.quantity", ("over 9 to under 11", "10")),
        ("line.quantity", ("5", "3 .. 7")),
        ("line.hours_used", ("over 10 to under 11", "over 10.4 to 10.6")),
        ("line.hours_used", ("1 .. 2", "2 .. 3")),
        ("line.paid", ("to 28.00 EUR", "28.00 EUR ..")),
        ("line.warranty_until", ("to 2026-01-01", "2026-01-01 ..")),
        ("line.is_custom", ("true", "true")),
        ("line.category", ("[shoes, bags]", "[clothing, bags]")),
        ("line.production.status", ("not_started .. started", "started .. done")),
        ("line.sku", ("A-1", "[B-2, A-1]")),
        ("elapsed from order.placed_at to request.at", ("to 48 hours", "over 24 hours")),
    ],
)
def test_rows_that_meet_and_disagree(column: str, cells: tuple[str, ...]) -> None:
    assert codes(_table(column, *cells)) == ["table-overlap"]


def test_rows_that_meet_may_agree() -> None:
    assert codes(_table("line.quantity", "to 10", "10 ..", results=("5", "5"))) == []


def test_rows_that_meet_in_one_column_may_part_in_another() -> None:
    rows = "{a: {k: to 10, c: true, v: 1}, b: {k: any, c: false, v: 2}}"
    top = f"tables: {{t: {{looks_at: {{k: line.quantity, c: line.is_custom}}, gives: {{v: integer}}, rows: {rows}}}}}"
    rules = "{one: {then: {outcome: approve, value: t.v}}}"
    text = policy(decision(rules, "value: {type: integer, roll_up: each}"), top=top)
    assert codes(text) == []
    assert codes(text.replace("c: false", "c: any")) == ["table-overlap"]


def test_what_is_worked_out_is_not_compared() -> None:
    assert codes(_table("line.quantity", "to 10", "any", results=("line.hours_used", "2"))) == []


def test_a_parameter_in_a_cell_is_only_a_word() -> None:
    text = _table("line.quantity", "to most", "10 ..")
    top = "parameters: {most: {type: integer, value: 20}}\ntables:"
    assert found(text.replace("tables:", top)) == [("type-mismatch", "most")]
    assert "compare with `most` under `looks_at`" in messages(text.replace("tables:", top))


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("line.quantity", "many", "type-mismatch"),
        ("line.quantity", "2.5", "type-mismatch"),
        ("line.quantity", "10 .. 3", "bad-value"),
        ("line.quantity", "over 3 to 3", "bad-value"),
        ("line.paid", "5", "type-mismatch"),
        ("line.paid", "to 5.00 USD", "type-currency"),
        ("line.reason_category", "defekt", "type-unknown-word"),
        ("line.reason_category", "defect .. preference", "type-mismatch"),
        ("line.is_custom", "maybe", "type-mismatch"),
        ("line.category", "any other", "bad-value"),
        ("time", "30 days", "type-mismatch"),
        ("line.tags", "summer", "type-mismatch"),
    ],
)
def test_cells_that_do_not_fit_their_column(column: str, cell: str, code: str) -> None:
    text = _table(column, cell)
    if column == "time":
        text = text.replace("tables:", "parameters: {time: {type: period, value: 30 days}}\ntables:")
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("gives", "result", "code"),
    [
        ("[shop, customer]", "shop", None),
        ("[shop, customer]", "shopp", "type-unknown-word"),
        ("{list_of: [a, b]}", "[a, b]", None),
        ("money", "4.00", "type-mismatch"),
        ("money", "10% of line.paid", "type-rounding"),
        ("boolean", "line.is_custom", None),
        ("date", "request.at + 3 days", None),
        ("integer", "not stated", None),
    ],
)
def test_what_rows_give(gives: str, result: str, code: str | None) -> None:
    text = _table("line.quantity", "any", gives=gives, results=(result,))
    if gives == "{list_of: [a, b]}":
        text = text.replace("value: t.v", "value: [a]")
        assert [one for one in codes(text) if one != "unused"] == []
    else:
        assert codes(text) == ([] if code is None else [code])


def test_text_of_a_table_is_told_in_messages() -> None:
    top = "tables: {t: {looks_at: {k: line.quantity}, gives: {v: text}, rows: {r: {k: any, v: by post}}}}"
    told = "{one: {then: {outcome: approve}, because: 'It comes {t.v}.'}}"
    assert codes(policy(decision(told), top=top)) == []
    concluded = decision("{one: {then: {outcome: approve, value: t.v}}}", "value: {type: text, roll_up: each}")
    assert "type-mismatch" in codes(policy(concluded, top=top))


def test_every_row_becomes_a_rule_in_the_order_written() -> None:
    made = program(_table("line.quantity", "1", "2", "3"))
    reads = [e for e in below(rule_parts(made.decisions["return"].rules)) if isinstance(e, c.TableRead)]
    assert [(rule.id, rule.order) for rule in reads[0].output.rules] == [("r0", 0), ("r1", 1), ("r2", 2)]


def test_a_column_has_a_name_of_its_own() -> None:
    rows = "{a: {v: 1}}"
    both = f"tables: {{t: {{looks_at: {{v: line.quantity}}, gives: {{v: integer}}, rows: {rows}}}}}"
    assert found(policy(top=both)) == [("name-twice", "v")]
    cites = "tables: {t: {looks_at: {cites: line.quantity}, gives: {v: integer}, rows: {a: {cites: [x], v: 1}}}}"
    assert "name-twice" in codes(policy(top=cites))


def test_tables_that_read_each_other_in_a_circle_are_all_named() -> None:
    def table(name: str, other: str) -> str:
        columns = "looks_at: {k: line.quantity}, gives: {v: integer}"
        return f"  {name}: {{{columns}, rows: {{r: {{k: any, v: {other}.v}}}}}}\n"

    assert codes(policy(top="tables:\n" + table("a", "b") + table("b", "c") + table("c", "a"))) == ["cycle"]


def test_a_table_may_read_another() -> None:
    top = (
        "tables:\n"
        "  a: {looks_at: {k: line.quantity}, gives: {v: integer}, rows: {r: {k: any, v: 3}}}\n"
        "  b: {looks_at: {k: a.v}, gives: {v: integer}, rows: {r: {k: to 3, v: a.v + 1}, s: {k: over 3, v: 0}}}\n"
    )
    rules = "{one: {then: {outcome: approve, value: b.v}}}"
    assert codes(policy(decision(rules, "value: {type: integer, roll_up: each}"), top=top)) == []
