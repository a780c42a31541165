"""The plan of the house (docs/architecture.md), read from the imports themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine"

LAYERS = (
    ("base",),
    ("values",),
    ("language",),
    ("read", "vocabulary"),
    ("check", "facts"),
    ("evaluate",),
    ("explain", "testing"),
    ("policy",),
    ("versions",),
    ("__init__",),
    ("cli",),
)
"""From the bottom up. A part imports from lower layers and from itself; parts of one layer do not import one another."""

STORES = re.compile(r"\b(ktr|kaolate|killstar)\b", re.IGNORECASE)
MOST_LINES = 500
MOST_FUNCTION_LINES = 80


def modules() -> list[Path]:
    return sorted(path for path in ENGINE.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part(dotted: str) -> str:
    """The part of the engine that a module belongs to: `engine.read.load` -> `read`, `engine` -> `__init__`."""
    pieces = dotted.split(".")
    return pieces[1] if len(pieces) > 1 else "__init__"


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import from the engine, those inside functions and for type checkers included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno}: imports are absolute"
            if node.module == "engine":
                yield from ((node.lineno, f"engine.{alias.name}") for alias in node.names)
            elif node.module is not None and node.module.startswith("engine."):
                yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.split(".")[0] == "engine")
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            for given in node.args[:1]:
                text = ast.unparse(given).lstrip("f").strip("'\"")
                if text.startswith("engine."):
                    yield node.lineno, text


def level(one: str) -> int:
    for number, layer in enumerate(LAYERS):
        if one in layer:
            return number
    raise AssertionError(f"engine/{one} has no layer: give it one in LAYERS and in docs/architecture.md")


def own_part(path: Path) -> str:
    inside = path.relative_to(ENGINE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def test_every_part_of_the_engine_has_a_layer() -> None:
    parts = {own_part(path) for path in modules()}
    assert parts == {one for layer in LAYERS for one in layer}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_imports_point_down_and_not_across(path: Path) -> None:
    own = own_part(path)
    wrong = [
        f"{name(path)}:{line} imports {imported}"
        for line, imported in imports(path)
        if part(imported) != own and level(part(imported)) >= level(own) and not _facade(own, imported)
    ]
    assert wrong == []


def _facade(own: str, imported: str) -> bool:
    """`engine/__init__.py` shows what `engine/policy.py` has: the two are one part."""
    return own == "__init__" and part(imported) == "policy"


def test_the_reader_of_imports_sees_every_kind_of_them(tmp_path: Path) -> None:
    file = tmp_path / "sample.py"
    file.write_text(
        "import engine.read.load\nfrom engine.check.program import x\nfrom engine import policy\n"
        "def f():\n    from engine.cli import main\n    import_module(f'engine.facts.{y}')\nimport json\n",
        "utf-8",
    )
    assert [part(found) for _, found in imports(file)] == ["read", "check", "policy", "cli", "facts"]


@pytest.mark.parametrize("path", modules(), ids=name)
def test_modules_are_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", modules(), ids=name)
def test_functions_are_short_enough_to_read(path: Path) -> None:
    long = [
        f"{name(path)}:{node.lineno}: {node.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize("path", [path for path in modules() if path.stat().st_size], ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


def test_no_store_is_known_to_the_engine() -> None:
    texts = [path for path in ENGINE.rglob("*") if path.is_file() and path.suffix in (".py", ".lark", ".json", ".md")]
    named = [name(path) for path in texts if STORES.search(path.read_text("utf-8"))]
    assert texts and named == []


def test_only_the_command_line_imports_click() -> None:
    users = {
        own_part(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import) and any(alias.name == "click" for alias in node.names)
    }
    assert users == {"cli"}
