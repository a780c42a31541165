"""Reading YAML: which text becomes which value, and where everything stands."""

from __future__ import annotations

import pytest
import yaml

from engine.base.diagnostics import Report
from engine.language.located import Mapping, Scalar, Sequence
from engine.read import yaml_reader
from engine.read.yaml_reader import read_yaml


@pytest.fixture(params=["C", "pure"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the test with libyaml's parser and with the one in Python."""
    monkeypatch.setattr(yaml_reader, "_LOADER", yaml.CLoader if request.param == "C" else yaml.Loader)


def read(text: str | bytes) -> Mapping:
    report = Report()
    root = read_yaml(text.encode() if isinstance(text, str) else text, "policy.yaml", report)
    assert [str(one.message) for one in report] == []
    assert root is not None
    return root


def value(text: str) -> Scalar:
    node = read(f"key: {text}\n").get("key")
    assert isinstance(node, Scalar)
    return node


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("12:30", "12:30"),
        ("2026-01-05", "2026-01-05"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        (".inf", ".inf"),
        ("7.00 USD", "7.00 USD"),
        ("30 days", "30 days"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("0x1F", 31),
        ("0o17", 15),
    ],
)
def test_plain_scalars_follow_the_core_schema(written: str, expected: object) -> None:
    node = value(written)
    assert node.value == expected
    assert type(node.value) is type(expected)
    assert not node.number


@pytest.mark.parametrize("written", ["1.10", "0.5", ".5", "1e3", "-2.50", "1.", "9" * 5000])
def test_no_number_becomes_a_binary_float(written: str) -> None:
    node = value(written)
    assert (node.value, node.number) == (written, True)


def test_keys_are_the_words_as_written() -> None:
    root = read("on: 1\nNO: 2\n2.10: 3\n2.1: 4\n'true': 5\n")
    assert [key.text for key, _ in root] == ["on", "NO", "2.10", "2.1", "true"]


@pytest.mark.usefixtures("either_parser")
def test_every_node_covers_its_words() -> None:
    text = "première: 'a''b'\n😀: {b: [x, 1], c: \"d\"}\r\nlist:\r\n  - one\r\n  - two   # comment\r\n\r\nend: z\r\n"
    root = read(text)
    assert [key.span.text for key, _ in root] == ["première", "😀", "list", "end"]
    assert [node.span.text for _, node in root] == [
        "'a''b'",
        '{b: [x, 1], c: "d"}',
        "- one\r\n  - two",
        "z",
    ]
    assert root.span.text == text.rstrip()


def test_a_list_knows_whether_it_was_written_in_brackets() -> None:
    root = read("a: [1]\nb:\n- 1\n")
    nodes = [node for _, node in root]
    assert [node.flow for node in nodes if isinstance(node, Sequence)] == [True, False]


def test_a_block_scalar_ends_with_its_last_words() -> None:
    root = read("a: |\n  one\n  two\n\n\nb: 1\n")
    node = root.get("a")
    assert node is not None
    assert node.span.text == "|\n  one\n  two"


def test_styles_are_kept() -> None:
    root = read("a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >\n  x\n")
    styles = [node.style for _, node in root if isinstance(node, Scalar)]
    assert styles == ["plain", "single", "double", "literal", "folded"]


def test_forty_levels_are_read_and_no_more() -> None:
    read("a: " + "[" * 39 + "]" * 39 + "\n")
    report = Report()
    assert read_yaml(b"a: " + b"[" * 40 + b"]" * 40, "policy.yaml", report) is None
    assert [one.code for one in report] == ["yaml-too-deep"]


def test_sixty_thousand_nodes_are_read_and_no_more() -> None:
    fits = "a: [" + ",".join(["1"] * 59_997) + "]"
    read(fits)
    report = Report()
    assert read_yaml((fits[:-1] + ",1]").encode(), "policy.yaml", report) is None
    assert [one.code for one in report] == ["file-too-large"]


def test_a_megabyte_is_read_and_no_more() -> None:
    fits = b"a: " + b"x" * (1_000_000 - 3)
    read(fits)
    report = Report()
    assert read_yaml(fits + b"x", "policy.yaml", report) is None
    assert [(one.code, one.where) for one in report] == [("file-too-large", "policy.yaml")]
