"""Where a character of a scalar's text stands in the file: exact, or not claimed."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.base.diagnostics import Report
from engine.base.source import ScalarText
from engine.language.located import Scalar
from engine.read import yaml_reader
from engine.read.yaml_reader import read_yaml


def scalar(text: str) -> Scalar:
    report = Report()
    root = read_yaml(text.encode(), "policy.yaml", report)
    assert root is not None, [one.message for one in report]
    node = root.get("key")
    assert isinstance(node, Scalar)
    return node


def assert_exact(node: Scalar, file: str) -> None:
    offsets = node.embedded.offsets
    assert offsets is not None
    assert len(offsets) == len(node.text) + 1
    there = "".join(file[at] for at in offsets[:-1])
    assert there.replace("\r", "\n") == node.text


@pytest.mark.parametrize("parser", [yaml.CLoader, yaml.Loader])
@pytest.mark.parametrize(
    "file",
    [
        "key: line.paid > 5.00 USD\n",
        "é😀: 1\nkey: a 日 b\n",
        "key: 'it''s ''x'''\n",
        "key: ''\n",
        "key: \"line.kind == 'a'\"   # why\n",
        "key: |\n  one\n    two\n\n  three\n",
        "key: |-\n    one\n    two",
        "key: |+\n  one\n\n\nb: 1\n",
        "key: |2\n    one\n  two\n",
        "key: | # comment\n\n  one\n",
        "key: |\r\n  one\r\n  two\r\nb: 1\r\n",
        "other: [1]\nkey: {a: b}['x']\n".replace("{a: b}['x']", "a['x']"),
    ],
)
def test_each_character_has_its_place(file: str, parser: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "_LOADER", parser)
    assert_exact(scalar(file), file)


@pytest.mark.parametrize(
    "file",
    ['key: "a\\u0020b"\n', 'key: "a\n  b"\n', "key: 'a\n  b'\n", "key: a\n  b\n", "key: >\n  a\n  b\n"],
)
def test_where_columns_are_not_certain_none_is_claimed(file: str) -> None:
    node = scalar(file)
    assert node.embedded.offsets is None
    assert node.text.strip() == "a b"
    inside = node.embedded.span(2, 3)
    assert isinstance(inside.source, ScalarText)
    assert (inside.text, inside.source.outer) == ("b", node.span)


def test_a_doubled_quote_is_one_character_in_two_places() -> None:
    node = scalar("key: 'a''b'\n")
    assert [str(node.embedded.span(at, at + 1)) for at in range(3)] == [f"policy.yaml:1:{c}" for c in (7, 8, 10)]


_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n'\" "))


@given(_TEXT)
def test_literal_blocks_of_any_text_are_exact(text: str) -> None:
    lines = [f"   {line}" for line in ("x" + text).split("\n")]
    file = "a: 1\nkey: |\n" + "\n".join(lines) + "\nb: 2\n"
    node = scalar(file)
    assert_exact(node, file)
    assert node.text.rstrip("\n") == ("x" + text).rstrip("\n")


@given(_TEXT.map(lambda text: text.replace("\n", " ")))
def test_single_quoted_text_is_exact(text: str) -> None:
    file = "key: '" + text.replace("'", "''") + "'\n"
    node = scalar(file)
    assert node.text == text
    assert_exact(node, file)
