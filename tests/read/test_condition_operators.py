"""The operator table: complete, with examples that parse, and of one mind with the parser about precedence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import get_args

import pytest
from condition_nodes import PLACE

from engine.language import surface
from engine.language.literal_forms import LITERALS, LiteralForm
from engine.language.operators import OPERATORS, RESERVED, Level, Operator, is_name
from engine.language.surface import Node
from engine.read.condition import ConditionError, parse_text

PLAIN = {"Literal", "Name", "Range", "WordList"}
LETTERS = {"N": "member", "L": "listed", "W": "clock", "Q": "question", "O": "answer"}
ATOMS = ("first", "second", "third", "fourth")


def walk(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, tuple):
        for one in node:
            yield from walk(one)
    elif is_dataclass(node) and type(node).__module__ == surface.__name__:
        for field in fields(node):
            if field.name != "span":
                yield from walk(getattr(node, field.name))


def kinds(node: Node) -> set[str]:
    return {type(one).__name__ for one in walk(node)}


@pytest.mark.parametrize("entry", [*OPERATORS, *LITERALS], ids=lambda entry: entry.key)
def test_every_example_parses_and_shows_its_construct(entry: Operator | LiteralForm) -> None:
    assert entry.node in kinds(parse_text(entry.example))


def test_every_node_has_an_entry_and_every_entry_a_key_of_its_own() -> None:
    classes = {one.__name__ for one in get_args(Node)}
    assert {op.node for op in OPERATORS} == classes - PLAIN
    assert {form.node for form in LITERALS} == PLAIN
    keys = [entry.key for entry in (*OPERATORS, *LITERALS)]
    assert len(keys) == len(set(keys))


def test_every_entry_is_told_in_whole_sentences() -> None:
    for op in OPERATORS:
        assert op.doc.endswith(".") and op.unknown.endswith("."), op.key
        assert op.takes and op.gives and op.group, op.key
    assert all(form.meaning.endswith(".") for form in LITERALS)


def written(op: Operator, operands: tuple[str, ...] = ATOMS) -> str:
    """The form of an operator with its letters replaced."""
    words = dict(zip("ABCD", operands, strict=True)) | LETTERS
    return re.sub(r"\b[A-Z]\b", lambda found: words[found[0]], op.form)


@pytest.mark.parametrize("op", OPERATORS, ids=lambda op: op.key)
def test_the_form_is_how_it_is_written(op: Operator) -> None:
    assert type(parse_text(written(op))).__name__ == op.node
    assert len(op.operands) == len(set(re.findall(r"\b[A-D]\b", op.form)))


def same(text: str, other: str) -> bool:
    try:
        return parse_text(text) == parse_text(other)
    except ConditionError:
        return False


@pytest.mark.parametrize("outer", [op for op in OPERATORS if op.operands], ids=lambda op: op.key)
def test_the_parser_wants_brackets_exactly_where_the_table_says(outer: Operator) -> None:
    for i, least in enumerate(outer.operands):
        for inner in OPERATORS:
            text = written(inner)
            bracketed = written(outer, (*ATOMS[:i], f"({text})", *ATOMS[i + 1 :]))
            plain = written(outer, (*ATOMS[:i], text, *ATOMS[i + 1 :]))
            parse_text(bracketed)
            followed = least > Level.IF and not outer.form.endswith("ABCD"[i])
            if inner.precedence < least:
                assert not same(plain, bracketed), plain
            elif not (inner.greedy and followed):
                assert same(plain, bracketed), plain


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_reserved_word_is_no_name_alone_but_one_after_a_dot(word: str) -> None:
    assert not is_name(word)
    try:
        assert surface.Name((word,), **PLACE) not in list(walk(parse_text(f"{word} > 3")))
    except ConditionError as refused:
        assert all(word in (found.message + (found.help or "")) for found in refused.diagnostics)
    assert parse_text(f"line.{word}.{word} > 3").left.parts == ("line", word, word)  # type: ignore[union-attr]


def test_nothing_else_that_the_forms_are_made_of_is_reserved() -> None:
    used = {word for entry in OPERATORS for word in re.findall(r"\b[a-z]+\b", entry.form)}
    free = used - RESERVED
    assert free == {
        *("happened", "is", "open", "passed", "begun", "later", "than", "at", "least", "sum", "min", "max"),
        *("greater", "lesser", "earlier", "days", "business", "months", "elapsed", "from", "half", "up"),
        *("weekday", "day", "month", "year", "time", "start", "end", "first", "last", "on", "falls"),
        *("among", "by"),
    }
    for word in free:
        assert is_name(word)
        assert isinstance(parse_text(word), surface.Name)


@pytest.mark.parametrize("text", ["", "1a", "a-b", "a.b", "a b", "größe", "and"])
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)
