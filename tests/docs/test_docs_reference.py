"""The pages in `docs/reference` say what the program does, and every link in the pages leads somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from docs_blocks import ROOT, blocks

from engine import load_policy

_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
EVERY_PAGE = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_says_what_the_program_does() -> None:
    stale = _generator().stale()
    assert not stale, f"run: python docs/generate.py (stale: {', '.join(stale)})"


def test_no_page_of_the_reference_is_left_over() -> None:
    generator = _generator()
    assert {path.name for path in generator.REFERENCE.glob("*.md")} == set(generator.PAGES)


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for block in blocks(text):
        text = text.replace(block.text, "")
    for target, anchor in _LINK.findall(text):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{target} is not there"
        if anchor:
            assert anchor in _anchors(path), f"{target} has no heading for #{anchor}"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    listed = {(ROOT / "docs" / target).resolve() for target, _ in _LINK.findall(index)}
    assert {page for page in EVERY_PAGE if page.name != "README.md"} - listed == set()


def test_the_example_policy_is_what_the_tutorial_ends_with(tmp_path: Path) -> None:
    from docs_running import Page

    list(Page(ROOT / "docs" / "tutorial.md", tmp_path).run())
    ends_with = load_policy(tmp_path / "fernbank.yaml")
    assert ends_with.digest == load_policy(ROOT / "docs" / "examples" / "fernbank.yaml").digest


def _anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
